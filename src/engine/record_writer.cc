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

// Without a call, since most texts are short.
void CopyText(char* to, const char* from, size_t size) {
  constexpr size_t kStep = 16;
  constexpr size_t kCallBytesMin = 160;
  if (size >= kStep && size < kCallBytesMin) [[likely]] {
    for (size_t at = 0; at + kStep < size; at += kStep) {
      std::memcpy(to + at, from + at, kStep);
    }
    std::memcpy(to + size - kStep, from + size - kStep, kStep);
  } else if (size >= 8 && size < kStep) {
    std::memcpy(to, from, 8);
    std::memcpy(to + size - 8, from + size - 8, 8);
  } else {
    std::memcpy(to, from, size);
  }
}

// Writes members of one record: joins adjacent spans of the record, so that
// they are copied at once.
class MemberWriter {
 public:
  MemberWriter(std::string_view text, ByteBuffer* out)
      : text_(text.data()), out_(out) {
    // Most releases are smaller than their record.
    MakeRoom(text.size());
  }
  ~MemberWriter() {
    Flush();
    out_->Truncate(static_cast<size_t>(next_ - out_->data()));
  }
  MemberWriter(const MemberWriter&) = delete;
  MemberWriter& operator=(const MemberWriter&) = delete;

  // Adds text[begin, end), after a comma if `comma`.
  void Add(uint32_t begin, uint32_t end, bool comma) {
    const uint32_t gap = comma ? 1 : 0;
    if (end_ + gap == begin && end_ > begin_ && (!comma || text_[end_] == ','))
        [[likely]] {
      end_ = end;
      return;
    }
    Flush();
    if (comma) AddByte(',');
    begin_ = begin;
    end_ = end;
  }

  // Adds a result's text, in quotes if it wants them.
  void AddText(const Result& result, bool comma) {
    Flush();
    const size_t size = result.text.size();
    EnsureRoom(size + 3);
    if (comma) *next_++ = ',';
    if (result.quoted) *next_++ = '"';
    CopyText(next_, result.text.data(), size);
    next_ += size;
    if (result.quoted) *next_++ = '"';
  }

  // The buffer, with all that was added before written to it.
  template <typename Append>
  void AddWith(Append append) {
    Flush();
    out_->Truncate(static_cast<size_t>(next_ - out_->data()));
    append(out_);
    MakeRoom(0);
  }

 private:
  void AddByte(char byte) {
    EnsureRoom(1);
    *next_++ = byte;
  }
  void Flush() {
    const size_t size = end_ - begin_;
    if (size == 0) return;
    EnsureRoom(size);
    CopyText(next_, text_ + begin_, size);
    next_ += size;
    begin_ = end_ = 0;
  }
  void EnsureRoom(size_t size) {
    if (static_cast<size_t>(limit_ - next_) >= size) [[likely]]
      return;
    out_->Truncate(static_cast<size_t>(next_ - out_->data()));
    MakeRoom(size);
  }
  // Room for `size` bytes more behind what the buffer has.
  void MakeRoom(size_t size) {
    const size_t used = out_->size();
    out_->Extend(size);
    next_ = out_->data() + used;
    limit_ = out_->data() + out_->size();
  }

  const char* text_;
  ByteBuffer* out_;
  char* next_ = nullptr;
  char* limit_ = nullptr;
  uint32_t begin_ = 0;
  uint32_t end_ = 0;
};

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

bool IsContainer(ElementKind kind) { return kind <= ElementKind::kArrayEnd; }

bool IsEnd(ElementKind kind) {
  return kind == ElementKind::kObjectEnd || kind == ElementKind::kArrayEnd;
}

// Bytes of quotes on either side of a value.
uint32_t QuoteBytes(const Element& element) {
  return element.kind == ElementKind::kString ? 1 : 0;
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
  MemberWriter writer(record.parsed->text, out);
  bool has_member = false;  // of the container in hand
  for (uint32_t i = 0; i < size; ++i) {
    const Element& element = elements[i];
    if (element.field >= 0 && !IsContainer(element.kind)) [[likely]] {
      const Result& result = record.ResultOf(i, element.field, release);
      Count(element.field, result.action, counts);
      if (result.kind == ResultKind::kDrop) continue;
      const uint32_t quote = QuoteBytes(element);
      const uint32_t value = element.begin - quote;
      const uint32_t begin = element.HasKey() ? element.key_begin : value;
      if (result.kind == ResultKind::kRaw) {
        writer.Add(begin, element.end + quote, has_member);
      } else {
        if (value > begin) writer.Add(begin, value, has_member);
        writer.AddText(result, has_member && value == begin);
      }
      has_member = true;
      continue;
    }
    if (IsEnd(element.kind)) {
      const bool is_root = i + 1 == size;
      if (is_root && !coordinates.empty()) {
        writer.AddWith([&](ByteBuffer* buffer) {
          AppendCoordinates(coordinates, has_member, buffer);
        });
      }
      writer.Add(element.begin, element.end, false);
      // It is a member itself.
      has_member = true;
      continue;
    }
    const bool begins = IsBegin(element.kind);
    if (!begins || element.field != kOnPath) {
      Count(element.field, FieldAction::kSuppressed, counts);
      if (begins) i = element.partner;
      continue;
    }
    const uint32_t begin = element.HasKey() ? element.key_begin : element.begin;
    writer.Add(begin, element.begin + 1, has_member);
    has_member = false;
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
