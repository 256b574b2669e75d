// The last values of a field whose values are few: a method, a host, a second.
#ifndef NYMSTREAM_ENGINE_RECENT_VALUES_H_
#define NYMSTREAM_ENGINE_RECENT_VALUES_H_

#include <emmintrin.h>
#include <sodium.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "engine/value_memo.h"

namespace nymstream {

// Says where a ValueMemo has a short value, for less than a lookup there.
// Values must not depend on keys. Holds raw values: wiped when destroyed. One
// thread per object. Cost: about twenty instructions.
class RecentValues {
 public:
  RecentValues() = default;
  ~RecentValues() { sodium_memzero(slots_.data(), sizeof slots_); }
  RecentValues(const RecentValues&) = delete;
  RecentValues& operator=(const RecentValues&) = delete;

  // Bytes that can be read from where a value begins, whatever its size.
  static constexpr size_t kReadAhead = 32;
  static bool Takes(size_t size) { return size - 1 < kReadAhead; }

  // The place of the value of `size` bytes at `text`, which Takes(size); null
  // if it is not one of the last.
  const ValueMemo::Place* Find(const char* text, size_t size) const {
    const Slot& slot = slots_[SlotOf(text, size)];
    const uint32_t same = EqualBytes(text, slot.bytes.data()) |
                          EqualBytes(text + 16, slot.bytes.data() + 16) << 16;
    if (slot.size != size || (same & slot.wanted) != slot.wanted) {
      return nullptr;
    }
    return &slot.place;
  }

  void Note(const char* text, size_t size, const ValueMemo::Place& place) {
    Slot& slot = slots_[SlotOf(text, size)];
    slot.bytes.fill(0);
    std::memcpy(slot.bytes.data(), text, size);
    slot.wanted = ~uint32_t{0} >> (kReadAhead - size);
    slot.size = size;
    slot.place = place;
  }

 private:
  static constexpr int kSlotsLog = 3;
  struct Slot {
    std::array<char, kReadAhead> bytes{};
    uint32_t wanted = 0;  // a bit for each byte of the value
    size_t size = 0;      // 0: empty
    ValueMemo::Place place;
  };

  static uint32_t EqualBytes(const char* a, const char* b) {
    return static_cast<uint32_t>(_mm_movemask_epi8(
        _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(a)),
                       _mm_loadu_si128(reinterpret_cast<const __m128i*>(b)))));
  }
  static size_t SlotOf(const char* text, size_t size) {
    const auto first = static_cast<unsigned char>(text[0]);
    const auto last = static_cast<unsigned char>(text[size - 1]);
    const auto mixed = static_cast<uint32_t>(first | last << 8 | size << 16);
    return (mixed * 0x9E3779B1U) >> (32 - kSlotsLog);
  }

  std::array<Slot, size_t{1} << kSlotsLog> slots_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_RECENT_VALUES_H_
