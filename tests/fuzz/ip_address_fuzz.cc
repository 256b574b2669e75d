// Goal: whatever the bytes, an address reads as the C library reads it, its
// canonical text gives it back, spans lie inside the text, and what a list
// leaves standing is made of separators and known words.
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "treatment/ascii.h"
#include "treatment/ip_address.h"
#include "treatment/ip_list.h"

namespace nymstream {
namespace {

void Check(bool condition) {
  if (!condition) std::abort();
}

void CheckParse(std::string_view text) {
  const auto address = ParseIpAddress(text);
  if (text.find('\0') == text.npos && text.find('%') == text.npos) {
    IpAddress expected{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}};
    const std::string copy(text);
    const bool valid =
        inet_pton(AF_INET, copy.c_str(), &expected.bytes[12]) == 1 ||
        inet_pton(AF_INET6, copy.c_str(), expected.bytes.data()) == 1;
    Check(valid == address.has_value());
    Check(!valid || *address == expected);
  }
  if (!address) return;
  char out[kIpTextMax];
  const std::string_view canonical(out, FormatIpAddress(*address, out));
  Check(ParseIpAddress(canonical) == address);
  const IpAddress cut = TruncateIpAddress(*address, 16, 32);
  Check(TruncateIpAddress(cut, 16, 32) == cut);
}

void CheckPort(std::string_view text) {
  size_t begin = 0;
  size_t end = 0;
  const auto address = ParseIpAddressWithPort(text, &begin, &end);
  if (!address) return;
  Check(begin < end && end <= text.size());
  size_t node_begin = 0;
  size_t node_end = 0;
  Check(ParseIpAddressWithPort(text.substr(begin, end - begin), &node_begin,
                               &node_end) == address);
  Check(node_begin == 0 && node_end == end - begin);
}

// Words that a list may keep.
bool IsKnownWord(std::string_view word) {
  constexpr std::array<std::string_view, 12> kWords = {
      "",      "-",      ":",    "unknown", "for=", "by=",
      "host=", "proto=", "http", "https",   "ws",   "wss"};
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view known) {
    return EqualsIgnoreCase(word, known);
  });
}

void CheckList(std::string_view text) {
  static std::vector<IpListElement> elements;
  SplitIpList(text, &elements);
  size_t done = 0;
  const auto check_kept = [&](size_t end) {
    std::string word;
    for (const char c : text.substr(done, end - done)) {
      if (c == ',' || c == ';' || c == ' ' || c == '\t' || c == '"') {
        Check(IsKnownWord(word));
        word.clear();
      } else {
        word += c;
        // A name and its value may both stay.
        if (c == '=') {
          Check(IsKnownWord(word));
          word.clear();
        }
      }
    }
    Check(IsKnownWord(word));
  };
  for (const IpListElement& element : elements) {
    Check(element.begin >= done && element.begin < element.end &&
          element.end <= text.size());
    check_kept(element.begin);
    done = element.end;
  }
  check_kept(text.size());
}

}  // namespace
}  // namespace nymstream

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  nymstream::CheckParse(text);
  nymstream::CheckPort(text);
  nymstream::CheckList(text);
  return 0;
}
