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

void WriteJsonRecord(const TreatedRecord& record, int release,
                     std::string_view coordinates, FieldActionCounts counts,
                     ByteBuffer* out) {
  const Element* const elements = record.parsed->elements.begin();
  const auto size = static_cast<uint32_t>(record.parsed->elements.size());
  const char* const text = record.parsed->text.data();
  const ReleaseResults results(record, release);
  // Most releases are smaller than their record.
  Cursor at = MakeRoom(out->data() + out->size(),
                       record.parsed->text.size() + kCopyBlock, out);
  bool comma = false;  // before the next member of the container in hand
  // Adds text[begin, end), after a comma where one must be; `more` bytes will
  // follow.
  const auto add = [&](size_t begin, size_t end, size_t more) {
    at = EnsureRoom(at, end - begin + kCopyBlock + more, out);
    *at.next = ',';
    at.next =
        CopyOfRecord(at.next + (comma ? 1 : 0), text + begin, end - begin);
  };
  for (uint32_t i = 0; i < size; ++i) {
    const Element& element = elements[i];
    if (element.field >= 0 && element.kind >= ElementKind::kString) [[likely]] {
      const Result& result = results[i];
      Count(element.field, result.action, counts);
      if (result.kind == ResultKind::kDrop) continue;
      const uint32_t quote = element.kind == ElementKind::kString ? 1 : 0;
      if (result.kind == ResultKind::kRaw) {
        add(element.key_begin, element.end + quote, 1);
        comma = true;
        continue;
      }
      const size_t bytes = result.text.size();
      add(element.key_begin, element.begin - quote, bytes + 3);
      const size_t quotes = result.quoted ? 1 : 0;
      *at.next = '"';
      at.next += quotes;
      CopyText(at.next, result.text.data(), bytes);
      at.next += bytes;
      *at.next = '"';
      at.next += quotes;
      comma = true;
      continue;
    }
    if (IsEnd(element.kind)) {
      if (i + 1 == size && !coordinates.empty()) {
        out->Truncate(static_cast<size_t>(at.next - out->data()));
        AppendCoordinates(coordinates, comma, out);
        at = MakeRoom(out->data() + out->size(), kCopyBlock, out);
      }
      comma = false;
      add(element.begin, element.end, 1);
      // It is a member itself.
      comma = true;
      continue;
    }
    const bool begins = IsBegin(element.kind);
    if (!begins || element.field != kOnPath) {
      Count(element.field, FieldAction::kSuppressed, counts);
      if (begins) i = element.partner;
      continue;
    }
    add(element.key_begin, element.begin + 1, 1);
    comma = false;
  }
  out->Truncate(static_cast<size_t>(at.next - out->data()));
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
