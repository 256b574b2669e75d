#include "engine/percent_decode.h"

#include <cstring>

#include "treatment/ascii.h"

namespace nymstream {
bool HasPercent(std::string_view text) {
  return !text.empty() && std::memchr(text.data(), '%', text.size()) != nullptr;
}

std::string_view PercentDecode(std::string_view text, Arena* arena,
                               std::vector<uint32_t>* origins) {
  char* const begin = arena->Allocate(text.size());
  char* out = begin;
  const auto track = [&](size_t from) {
    if (origins != nullptr) {
      (*origins)[static_cast<size_t>(out - begin)] = (*origins)[from];
    }
  };
  for (size_t at = 0; at < text.size(); ++at) {
    track(at);
    const int high =
        text[at] == '%' && at + 2 < text.size() ? HexValue(text[at + 1]) : -1;
    const int low = high >= 0 ? HexValue(text[at + 2]) : -1;
    if (low >= 0) {
      *out++ = static_cast<char>(high * 16 + low);
      at += 2;
    } else {
      *out++ = text[at];
    }
  }
  track(text.size());
  return {begin, static_cast<size_t>(out - begin)};
}

}  // namespace nymstream
