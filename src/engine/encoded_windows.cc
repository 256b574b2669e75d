#include "engine/encoded_windows.h"

#include <array>

namespace nymstream {
namespace {

constexpr uint8_t kNone = 0xFF;

constexpr std::array<uint8_t, 256> MakeSextets() {
  std::array<uint8_t, 256> table{};
  for (uint8_t& value : table) value = kNone;
  for (uint8_t i = 0; i < 26; ++i) {
    table[static_cast<size_t>('A') + i] = i;
    table[static_cast<size_t>('a') + i] = static_cast<uint8_t>(26 + i);
  }
  for (uint8_t i = 0; i < 10; ++i) {
    table[static_cast<size_t>('0') + i] = static_cast<uint8_t>(52 + i);
  }
  table['+'] = table['-'] = 62;
  table['/'] = table['_'] = 63;
  return table;
}

constexpr std::array<uint8_t, 256> MakeHexDigits() {
  std::array<uint8_t, 256> table{};
  for (uint8_t& value : table) value = kNone;
  for (uint8_t i = 0; i < 10; ++i) table[static_cast<size_t>('0') + i] = i;
  for (uint8_t i = 0; i < 6; ++i) {
    table[static_cast<size_t>('a') + i] = static_cast<uint8_t>(10 + i);
    table[static_cast<size_t>('A') + i] = static_cast<uint8_t>(10 + i);
  }
  return table;
}

constexpr std::array<uint8_t, 256> kSextets = MakeSextets();
constexpr std::array<uint8_t, 256> kHexDigits = MakeHexDigits();

// Bits come first byte first; a window has its first byte lowest.
uint32_t Swap(uint32_t bits) { return __builtin_bswap32(bits); }

void AddBase64(std::string_view text, std::vector<uint32_t>* windows) {
  uint64_t bits = 0;
  size_t run = 0;
  for (const char c : text) {
    const uint8_t sextet = kSextets[static_cast<unsigned char>(c)];
    if (sextet == kNone) {
      run = 0;
      continue;
    }
    bits = bits << 6 | sextet;
    // Six characters hold 36 bits: windows that end 4, 2 and 0 bits before the
    // end of the last one begin at or after the first.
    if (++run < 6) continue;
    for (const int shift : {4, 2, 0}) {
      const auto window = static_cast<uint32_t>(bits >> shift);
      // Most have a byte beyond ASCII.
      if ((window & 0x80808080U) != 0) [[likely]]
        continue;
      if (IsPrintableWindow(window)) windows->push_back(Swap(window));
    }
  }
}

void AddHex(std::string_view text, std::vector<uint32_t>* windows) {
  uint32_t bits = 0;
  size_t run = 0;
  for (const char c : text) {
    const uint8_t digit = kHexDigits[static_cast<unsigned char>(c)];
    if (digit == kNone) {
      run = 0;
      continue;
    }
    bits = bits << 4 | digit;
    if (++run >= 8 && IsPrintableWindow(bits)) windows->push_back(Swap(bits));
  }
}

}  // namespace

void AddEncodedWindows(std::string_view text, std::vector<uint32_t>* windows) {
  AddBase64(text, windows);
  AddHex(text, windows);
}

}  // namespace nymstream
