#include "engine/record_writer.h"

#include <algorithm>
#include <cstring>

#include "nymstream/batch.h"
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

constexpr size_t kCopyBlock = 64;

// Where the next byte of a release goes. A value, so that a loop keeps it in
// registers.
struct Cursor {
  char* next;
  char* limit;
};

// Room for `size` bytes more behind what was written up to `next`.
Cursor MakeRoom(const char* next, size_t size, ByteBuffer* out) {
  const auto used = static_cast<size_t>(next - out->data());
  out->Truncate(used);
  char* const begin = out->Extend(size);
  return {begin, begin + size};
}

inline Cursor EnsureRoom(Cursor at, size_t size, ByteBuffer* out) {
  if (static_cast<size_t>(at.limit - at.next) >= size) [[likely]]
    return at;
  return MakeRoom(at.next, size, out);
}

// Copies `size` bytes of the record, behind which kRawPadding bytes can be
// read, to where as many more can be written. In whole blocks, since sizes
// can't be predicted.
inline char* CopyOfRecord(char* to, const char* from, size_t size) {
  static_assert(kCopyBlock <= kRawPadding);
  for (size_t done = 0; done < size; done += kCopyBlock) {
    std::memcpy(to + done, from + done, kCopyBlock);
  }
  return to + size;
}

void AppendCoordinates(std::string_view coordinates, bool comma,
                       ByteBuffer* out) {
  if (comma) out->Append(',');
  out->Append(kCoordinatesKey);
  AppendJsonEscaped(coordinates, out);
  out->Append('"');
}

// Results of elements in one release.
class ReleaseResults {
 public:
  ReleaseResults(const TreatedRecord& record, int release)
      : record_(record),
        release_(release),
        elements_(record.parsed->elements.begin()),
        results_(record.results.data()),
        variants_(record.rules->VariantsOf(release)),
        overridden_(!record.overrides.empty()) {}

  // Of a classified scalar.
  const Result& operator[](uint32_t element) const {
    if (overridden_) [[unlikely]]
      return record_.ResultOf(element, release_);
    return results_[element]
                   [variants_[static_cast<size_t>(elements_[element].field)]];
  }

 private:
  const TreatedRecord& record_;
  int release_;
  const Element* elements_;
  const Result* const* results_;
  const uint8_t* variants_;
  bool overridden_;
};

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

namespace {

// Writes one record as JSON, an element at a time.
class JsonWriter {
 public:
  // Most releases are smaller than their record.
  JsonWriter(const ParsedRecord& record, ByteBuffer* out)
      : elements_(record.elements.begin()),
        text_(record.text.data()),
        out_(out),
        at_(MakeRoom(out->data() + out->size(), record.text.size() + kCopyBlock,
                     out)) {}

  // Elements `first` to `last`, as they are.
  void Keep(uint32_t first, uint32_t last) {
    const Element& element = elements_[last];
    const uint32_t quote = element.kind == ElementKind::kString ? 1 : 0;
    Add(elements_[first].key_begin, element.end + quote, 1);
    comma_ = true;
  }
  // A value as `result` says.
  void Write(uint32_t index, const Result& result) {
    if (result.kind == ResultKind::kDrop) return;
    if (result.kind == ResultKind::kRaw) {
      Keep(index, index);
      return;
    }
    const Element& element = elements_[index];
    const uint32_t quote = element.kind == ElementKind::kString ? 1 : 0;
    const size_t bytes = result.text.size();
    Add(element.key_begin, element.begin - quote, bytes + 3);
    const size_t quotes = result.quoted ? 1 : 0;
    *at_.next = '"';
    at_.next += quotes;
    CopyText(at_.next, result.text.data(), bytes);
    at_.next += bytes;
    *at_.next = '"';
    at_.next += quotes;
    comma_ = true;
  }
  void Begin(uint32_t index) {
    Add(elements_[index].key_begin, elements_[index].begin + 1, 1);
    comma_ = false;
  }
  void End(uint32_t index) {
    comma_ = false;
    Add(elements_[index].begin, elements_[index].end, 1);
    // It is a member itself.
    comma_ = true;
  }
  void WriteCoordinates(std::string_view coordinates) {
    Finish();
    AppendCoordinates(coordinates, comma_, out_);
    at_ = MakeRoom(out_->data() + out_->size(), kCopyBlock, out_);
  }
  void Finish() {
    out_->Truncate(static_cast<size_t>(at_.next - out_->data()));
  }

 private:
  // Adds text_[begin, end), after a comma where one must be; `more` bytes will
  // follow.
  void Add(size_t begin, size_t end, size_t more) {
    at_ = EnsureRoom(at_, end - begin + kCopyBlock + more, out_);
    *at_.next = ',';
    at_.next =
        CopyOfRecord(at_.next + (comma_ ? 1 : 0), text_ + begin, end - begin);
  }

  const Element* elements_;
  const char* text_;
  ByteBuffer* out_;
  Cursor at_;
  bool comma_ = false;  // before the next member of the container in hand
};

void WriteShaped(const ShapeRules& shape, const ReleaseResults& results,
                 std::string_view coordinates, FieldActionCounts counts,
                 const Element* elements, JsonWriter writer) {
  for (const int32_t field : shape.kept_fields) {
    Count(field, FieldAction::kKept, counts);
  }
  for (const int32_t field : shape.dropped_fields) {
    Count(field, FieldAction::kSuppressed, counts);
  }
  using Kind = ShapeRules::Step::Kind;
  const ShapeRules::Step* const last = &shape.steps.back();
  for (const ShapeRules::Step& step : shape.steps) {
    switch (step.kind) {
      case Kind::kValue: {
        const Result& result = results[step.first];
        Count(elements[step.first].field, result.action, counts);
        writer.Write(step.first, result);
        break;
      }
      case Kind::kKept:
        writer.Keep(step.first, step.last);
        break;
      case Kind::kBegin:
        writer.Begin(step.first);
        break;
      case Kind::kEnd:
        if (&step == last && !coordinates.empty()) {
          writer.WriteCoordinates(coordinates);
        }
        writer.End(step.first);
        break;
    }
  }
  writer.Finish();
}

}  // namespace

void WriteJsonRecord(const TreatedRecord& record, int release,
                     std::string_view coordinates, FieldActionCounts counts,
                     ByteBuffer* out) {
  const Element* const elements = record.parsed->elements.begin();
  const auto size = static_cast<uint32_t>(record.parsed->elements.size());
  const ReleaseResults results(record, release);
  JsonWriter writer(*record.parsed, out);
  if (record.shape != nullptr && record.overrides.empty()) [[likely]] {
    WriteShaped(*record.shape, results, coordinates, counts, elements, writer);
    return;
  }
  for (uint32_t i = 0; i < size; ++i) {
    const Element& element = elements[i];
    if (element.field >= 0 && IsScalar(element.kind)) [[likely]] {
      const Result& result = results[i];
      Count(element.field, result.action, counts);
      writer.Write(i, result);
    } else if (IsEnd(element.kind)) {
      if (i + 1 == size && !coordinates.empty()) {
        writer.WriteCoordinates(coordinates);
      }
      writer.End(i);
    } else if (IsBegin(element.kind) && element.field == kOnPath) {
      writer.Begin(i);
    } else {
      Count(element.field, FieldAction::kSuppressed, counts);
      if (IsBegin(element.kind)) i = element.partner;
    }
  }
  writer.Finish();
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
