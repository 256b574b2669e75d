// The last values of fields whose values are few: a method, a host, a second.
#ifndef NYMSTREAM_ENGINE_RECENT_VALUES_H_
#define NYMSTREAM_ENGINE_RECENT_VALUES_H_

#include <sodium.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/short_bytes.h"
#include "engine/outgoing_filter.h"
#include "engine/value_memo.h"

namespace nymstream {

// Says where a ValueMemo has a short value, for less than a lookup there, and
// knows a filter of all that leaves of the values it has, so that none of them
// need be added to a record's. Values must not depend on keys. Holds raw
// values: wiped when destroyed. One thread per object. Cost: about twenty
// instructions.
class RecentValues {
 public:
  // Bytes that can be read from where a value begins, whatever its size.
  static constexpr size_t kReadAhead = ShortText::kReadAhead;
  static bool Takes(size_t size) { return size - 1 < kReadAhead; }

  explicit RecentValues(size_t fields) : slots_(fields << kSlotsLog) {}
  ~RecentValues() {
    sodium_memzero(slots_.data(), slots_.size() * sizeof(Slot));
  }
  RecentValues(const RecentValues&) = delete;
  RecentValues& operator=(const RecentValues&) = delete;

  // The place of the value of `size` bytes at `text`, which Takes(size); null
  // if it is not one of the last of `field`.
  const ValueMemo::Place* Find(size_t field, const char* text,
                               size_t size) const {
    const Slot& slot = slots_[SlotOf(field, text, size)];
    if (slot.size != size || slot.generation != generation_ ||
        !slot.text.StandsAt(text)) {
      return nullptr;
    }
    return &slot.place;
  }

  // Takes a value, in the place of another one. `leaves` is what leaves of it.
  void Note(size_t field, const char* text, size_t size,
            const ValueMemo::Place& place, const OutgoingFilter& leaves) {
    if (leaves.HoldsAny()) {
      outgoing_.Add(leaves);
      // It only grows; one that lets much pass is made anew.
      constexpr int kGramsMax = GramSignature::kBits / 4;
      if (outgoing_.grams() > kGramsMax) {
        ++generation_;
        outgoing_ = leaves;
      }
    }
    Slot& slot = slots_[SlotOf(field, text, size)];
    slot.text = ShortText({text, size});
    slot.size = static_cast<uint32_t>(size);
    slot.generation = generation_;
    slot.place = place;
  }

  // What leaves of all of them.
  const OutgoingFilter& outgoing() const { return outgoing_; }

 private:
  static constexpr int kSlotsLog = 5;  // of each field
  struct Slot {
    ShortText text;
    uint32_t size = 0;  // 0: empty
    uint64_t generation = 0;
    ValueMemo::Place place;
  };

  static size_t SlotOf(size_t field, const char* text, size_t size) {
    const uint32_t first = static_cast<unsigned char>(text[0]);
    const uint32_t last = static_cast<unsigned char>(text[size - 1]);
    const uint32_t mixed =
        first | last << 8 | static_cast<uint32_t>(size) << 16;
    return field << kSlotsLog | (mixed * 0x9E3779B1U) >> (32 - kSlotsLog);
  }

  std::vector<Slot> slots_;
  uint64_t generation_ = 1;
  OutgoingFilter outgoing_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_RECENT_VALUES_H_
