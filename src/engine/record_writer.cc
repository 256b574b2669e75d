#include "engine/record_writer.h"

#include <algorithm>
#include <cstring>

#include "record/combined_parser.h"
#include "record/json_text.h"

namespace nymstream {
namespace {

constexpr std::string_view kCoordinatesKey = "\"nymstream_source\":\"";

void Count(int32_t field, FieldAction action, FieldActionCounts counts) {
  const size_t row =
      field >= 0 ? static_cast<size_t>(field) : counts.size() - 1;
  ++counts[row][static_cast<size_t>(action)];
}

// Joins adjacent spans of the record, so that they are copied at once.
class SpanCopier {
 public:
  SpanCopier(std::string_view text, ByteBuffer* out) : text_(text), out_(out) {}
  ~SpanCopier() { Flush(); }
  SpanCopier(const SpanCopier&) = delete;
  SpanCopier& operator=(const SpanCopier&) = delete;

  // Adds text_[begin, end), after a comma if `comma`.
  void Add(size_t begin, size_t end, bool comma) {
    const size_t gap = comma ? 1 : 0;
    if (end_ + gap == begin && end_ > begin_ && (!comma || text_[end_] == ','))
        [[likely]] {
      end_ = end;
      return;
    }
    Flush();
    if (comma) out_->Append(',');
    begin_ = begin;
    end_ = end;
  }

  // The buffer, with all that was added before written to it.
  ByteBuffer* Flushed() {
    Flush();
    return out_;
  }

 private:
  void Flush() {
    if (end_ > begin_) out_->Append(text_.substr(begin_, end_ - begin_));
    begin_ = end_ = 0;
  }

  std::string_view text_;
  ByteBuffer* out_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

void AppendText(const Result& result, bool comma, ByteBuffer* out) {
  const size_t quote = result.quoted ? 1 : 0;
  char* at = out->Extend(result.text.size() + 2 * quote + (comma ? 1 : 0));
  if (comma) *at++ = ',';
  if (result.quoted) *at++ = '"';
  std::memcpy(at, result.text.data(), result.text.size());
  if (result.quoted) at[result.text.size()] = '"';
}

void AppendCoordinates(std::string_view coordinates, bool comma,
                       ByteBuffer* out) {
  if (comma) out->Append(',');
  out->Append(kCoordinatesKey);
  AppendJsonEscaped(coordinates, out);
  out->Append('"');
}

bool IsBegin(ElementKind kind) {
  return kind == ElementKind::kObjectBegin || kind == ElementKind::kArrayBegin;
}

bool IsEnd(ElementKind kind) {
  return kind == ElementKind::kObjectEnd || kind == ElementKind::kArrayEnd;
}

// First byte of a value, its quote included.
size_t ValueBegin(const Element& element) {
  return element.kind == ElementKind::kString ? element.begin - 1
                                              : element.begin;
}

size_t ValueEnd(const Element& element) {
  return element.kind == ElementKind::kString ? element.end + 1 : element.end;
}

}  // namespace

const Result* TreatedRecord::OverrideOf(uint32_t value, int release) const {
  auto override = std::partition_point(
      overrides.begin(), overrides.end(),
      [&](const ResultOverride& other) { return other.element < value; });
  for (; override != overrides.end() && override->element == value;
       ++override) {
    if (override->release == release) return &override->result;
  }
  return nullptr;
}

void WriteJsonRecord(const TreatedRecord& record, int release,
                     std::string_view coordinates, FieldActionCounts counts,
                     ByteBuffer* out) {
  const Element* const elements = record.parsed->elements.begin();
  const auto size = static_cast<uint32_t>(record.parsed->elements.size());
  SpanCopier copier(record.parsed->text, out);
  bool has_member = false;  // of the container in hand
  for (uint32_t i = 0; i < size; ++i) {
    const Element& element = elements[i];
    if (IsEnd(element.kind)) {
      const bool is_root = i + 1 == size;
      if (is_root && !coordinates.empty()) {
        AppendCoordinates(coordinates, has_member, copier.Flushed());
      }
      copier.Add(element.begin, element.end, false);
      // It is a member itself.
      has_member = true;
      continue;
    }
    const bool begins = IsBegin(element.kind);
    const size_t value = ValueBegin(element);
    const size_t begin = element.HasKey() ? element.key_begin : value;
    if (begins ? element.field != kOnPath : element.field < 0) {
      Count(element.field, FieldAction::kSuppressed, counts);
      if (begins) i = element.partner;
      continue;
    }
    if (begins) {
      copier.Add(begin, element.begin + 1, has_member);
      has_member = false;
      continue;
    }
    const Result& result = record.ResultOf(i, element.field, release);
    Count(element.field, result.action, counts);
    if (result.kind == ResultKind::kDrop) continue;
    const bool comma = has_member;
    has_member = true;
    const bool raw = result.kind == ResultKind::kRaw;
    const size_t end = raw ? ValueEnd(element) : value;
    if (end > begin) copier.Add(begin, end, comma);
    if (!raw) AppendText(result, comma && end == begin, copier.Flushed());
  }
}

void WriteCombinedRecord(const TreatedRecord& record, int release,
                         FieldActionCounts counts, ByteBuffer* out) {
  const ElementList& elements = record.parsed->elements;
  for (uint32_t i = 0; i < elements.size(); ++i) {
    const Element& element = elements[i];
    const CombinedStyle style = kCombinedFields[i].style;
    if (i > 0) out->Append(' ');
    std::string_view text = "-";
    FieldAction action = FieldAction::kSuppressed;
    if (element.field >= 0) {
      const Result& result = record.ResultOf(i, release);
      action = result.action;
      if (result.kind == ResultKind::kRaw) {
        text = record.parsed->Content(element);
      } else if (result.kind == ResultKind::kText) {
        text = result.text;
      }
    }
    Count(element.field, action, counts);
    if (style == CombinedStyle::kQuoted) out->Append('"');
    if (style == CombinedStyle::kBracketed) out->Append('[');
    out->Append(text);
    if (style == CombinedStyle::kBracketed) out->Append(']');
    if (style == CombinedStyle::kQuoted) out->Append('"');
  }
}

void WriteCombinedAsJson(const TreatedRecord& record, int release,
                         std::string_view coordinates, FieldActionCounts counts,
                         Arena* arena, ByteBuffer* out) {
  const ElementList& elements = record.parsed->elements;
  out->Append('{');
  bool comma = false;
  for (uint32_t i = 0; i < elements.size(); ++i) {
    const Element& element = elements[i];
    if (element.field < 0) {
      Count(element.field, FieldAction::kSuppressed, counts);
      continue;
    }
    const Result& result = record.ResultOf(i, release);
    Count(element.field, result.action, counts);
    if (result.kind == ResultKind::kDrop) continue;
    const bool raw = result.kind == ResultKind::kRaw;
    const std::string_view text = DecodeCombined(
        raw ? record.parsed->Content(element) : result.text, arena, nullptr);
    if (comma) out->Append(',');
    comma = true;
    out->Append('"');
    out->Append(kCombinedFields[i].name);
    out->Append("\":");
    if (text == "-") {
      out->Append("null");
    } else if (kCombinedFields[i].is_number && IsJsonNumber(text)) {
      out->Append(text);
    } else {
      out->Append('"');
      AppendJsonEscaped(text, out);
      out->Append('"');
    }
  }
  if (!coordinates.empty()) AppendCoordinates(coordinates, comma, out);
  out->Append('}');
}

}  // namespace nymstream
