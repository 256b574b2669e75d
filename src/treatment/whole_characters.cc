#include "treatment/whole_characters.h"

#include "treatment/byte_class.h"

namespace nymstream {
namespace {

constexpr int kContinuationsMax = 3;
constexpr size_t kTripletBytes = 3;

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

bool IsTriplet(std::string_view text, size_t at) {
  return text[at] == '%' && IsHex(ByteAt(text, at + 1)) &&
         IsHex(ByteAt(text, at + 2));
}

// First byte of the triplet that `at` stands inside; `at` if there is none.
size_t TripletAround(std::string_view text, size_t at) {
  for (size_t back = 1; back < kTripletBytes && back <= at; ++back) {
    if (IsTriplet(text, at - back)) return at - back;
  }
  return at;
}

}  // namespace

void WidenToCharacters(std::string_view text, size_t* begin, size_t* end) {
  *begin = TripletAround(text, *begin);
  for (int i = 0; i<kContinuationsMax&& * begin> 0 && *begin < text.size() &&
                  IsContinuation(text[*begin]);
       ++i) {
    --*begin;
  }
  const size_t triplet = TripletAround(text, *end);
  if (triplet < *end) *end = triplet + kTripletBytes;
  for (int i = 0; i < kContinuationsMax && *end < text.size() &&
                  IsContinuation(text[*end]);
       ++i) {
    ++*end;
  }
}

}  // namespace nymstream
