// A record as a flat list of elements: what every log format is parsed into.
#ifndef NYMSTREAM_RECORD_PARSED_RECORD_H_
#define NYMSTREAM_RECORD_PARSED_RECORD_H_

#include <emmintrin.h>

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace nymstream {

enum class ElementKind : uint8_t {
  // Ends of containers; all others are scalars.
  kObjectBegin,
  kObjectEnd,
  kArrayBegin,
  kArrayEnd,
  kString,
  kNumber,
  kBoolean,
  kNull,
};

inline bool IsBegin(ElementKind kind) {
  return kind == ElementKind::kObjectBegin || kind == ElementKind::kArrayBegin;
}
inline bool IsEnd(ElementKind kind) {
  return kind == ElementKind::kObjectEnd || kind == ElementKind::kArrayEnd;
}
inline bool IsScalar(ElementKind kind) { return kind >= ElementKind::kString; }

// Values of Element::field beside an index into Plan::fields.
inline constexpr int32_t kUnclassified =
    -1;  // nobody classified it: never leaves
inline constexpr int32_t kOnPath =
    -2;  // a container that holds classified paths

// One scalar, or one end of a container. All positions are byte offsets in the
// record's text.
struct Element {
  // The key's opening quote and one past its closing quote. JSON without a key:
  // both where the value begins, its quote included.
  uint32_t key_begin = 0;
  uint32_t key_end = 0;
  uint32_t begin = 0;    // strings: first byte of the content
  uint32_t end = 0;      // strings: the closing quote; else one past the value
  uint32_t partner = 0;  // containers: index of the other end
  int32_t field = kUnclassified;
  ElementKind kind = ElementKind::kNull;
  bool escaped = false;  // strings: the content holds an escape
  uint32_t unused = 0;   // copied in two moves

  bool HasKey() const { return key_end != key_begin; }
};

// Makes *placed what `model`, whose positions count from 0, is at `at`.
inline void PlaceAt(const Element& model, uint32_t at, Element* placed) {
  static_assert(sizeof(Element) == 2 * sizeof(__m128i));
  const auto* const from = reinterpret_cast<const __m128i*>(&model);
  auto* const to = reinterpret_cast<__m128i*>(placed);
  const __m128i begins = _mm_set1_epi32(static_cast<int>(at));
  _mm_storeu_si128(to, _mm_add_epi32(_mm_loadu_si128(from), begins));
  _mm_storeu_si128(to + 1, _mm_loadu_si128(from + 1));
}

// A list of elements whose capacity is made before a parse, so that adding one
// is a store. Reused, so that its memory is.
class ElementList {
 public:
  // Empties the list and makes room for `count` elements.
  void Start(size_t count) {
    size_ = 0;
    if (count > elements_.size()) elements_.resize(count);
  }
  // There must be room.
  Element& Add() { return elements_[size_++]; }
  // For many: where the next one goes, and one past the last that was stored.
  Element* Next() { return elements_.data() + size_; }
  void Grow(const Element* end) {
    size_ = static_cast<size_t>(end - elements_.data());
  }

  size_t size() const { return size_; }
  Element& operator[](size_t i) { return elements_[i]; }
  const Element& operator[](size_t i) const { return elements_[i]; }
  const Element* begin() const { return elements_.data(); }
  const Element* end() const { return elements_.data() + size_; }

 private:
  std::vector<Element> elements_;
  size_t size_ = 0;
};

// Valid until the next parse into it or until the text goes.
struct ParsedRecord {
  std::string_view text;
  ElementList elements;
  // The same for records that differ in their values only; 0: not known.
  uint64_t shape = 0;

  std::string_view Content(const Element& element) const {
    return text.substr(element.begin, element.end - element.begin);
  }
  // Between its quotes, with its escapes. The element must have one.
  std::string_view Key(const Element& element) const {
    return text.substr(element.key_begin + 1,
                       element.key_end - element.key_begin - 2);
  }
};

}  // namespace nymstream

#endif  // NYMSTREAM_RECORD_PARSED_RECORD_H_
