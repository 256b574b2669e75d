// Treated values that come again, within a bound of memory.
#ifndef NYMSTREAM_ENGINE_VALUE_MEMO_H_
#define NYMSTREAM_ENGINE_VALUE_MEMO_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string_view>
#include <vector>

#include "base/fetch_line.h"
#include "base/large_memory.h"
#include "base/short_bytes.h"
#include "engine/treated_value.h"

namespace nymstream {

// A set-associative cache from (raw bytes, memo class, epoch set) to results
// and candidates. Access logs repeat addresses, agents, URLs and devices, and a
// hit costs a fraction of a keyed hash. A value is kept when it is seen for the
// second time of late: most of what is unique is never copied here. Values that
// don't fit an entry are not kept. Entries that were found are not evicted, so
// what Find returns lives until Release(). Holds raw identifiers
// and pseudonyms: wiped when destroyed. Results of one release are only ever
// read back for it, since an entry keeps one result per variant. One thread per
// object; no allocation after construction.
class ValueMemo {
 public:
  static constexpr size_t kWays = 4;

  // What was found about a value. Small, since many entries are kept.
  struct Entry {
    const Result* results = nullptr;  // one per variant
    const Candidate* candidates = nullptr;
    uint32_t candidate_count = 0;
    ReleaseMask rights = 0;  // releases that a suppression list keeps it from

    std::span<const Candidate> Candidates() const {
      return {candidates, candidate_count};
    }
  };

  // `bytes` in all, at most; `entry_bytes`, a multiple of 64, for one entry
  // with its head, raw value, results and all.
  ValueMemo(size_t bytes, size_t entry_bytes);
  ~ValueMemo();
  ValueMemo(const ValueMemo&) = delete;
  ValueMemo& operator=(const ValueMemo&) = delete;

  // What was found may be evicted from now on.
  void Release() { ++round_; }

  struct Key {
    std::string_view raw;
    uint64_t epoch_set;
    int memo_class;
  };
  static uint64_t Hash(const Key& key);
  // Both bring memory near that Find(key, hash) will read; the second tells
  // more once the first has done its work. A record's lookups are hashed and
  // prefetched together, since each alone would wait for memory.
  void PrefetchSet(uint64_t hash) const;
  void PrefetchEntry(uint64_t hash) const;
  // Where an entry is, as long as it is there.
  struct Place {
    size_t index = 0;
    uint64_t version = 0;  // no entry has 0
  };
  const Entry* Find(const Key& key, uint64_t hash, Place* place);
  // What Find() found at `place`, if it is still there.
  const Entry* Again(const Place& place);
  // Copies all that is given, if the value was seen before, and makes the marks
  // of the candidates.
  void Insert(const Key& key, uint64_t hash, std::span<const Result> results,
              std::span<const Candidate> candidates, ReleaseMask rights);

 private:
  static uint32_t TagOf(uint64_t hash) {
    return static_cast<uint32_t>(hash >> 32) | 1;  // 0: no entry
  }
  bool Holds(size_t index, const Key& key) const;

  struct Slot {
    uint64_t epoch_set = 0;  // 0: empty
    uint64_t last_round = 0;
    uint32_t raw_size = 0;
    int32_t memo_class = 0;
    uint64_t version = 0;
    Entry entry;
  };

  // The newest values, one bit each, in two generations.
  class Doorkeeper {
   public:
    // Remembers at least the last `values` new ones.
    explicit Doorkeeper(size_t values);
    // True if `hash` was seen in this generation or the last.
    bool SeenBefore(uint64_t hash);

   private:
    size_t per_generation_;
    std::array<std::vector<uint64_t>, 2> bits_;  // of a power of two
    size_t current_ = 0;
    size_t added_ = 0;
  };

  // The lower half of the hash as a share of the sets.
  size_t SetOf(uint64_t hash) const {
    return (hash & 0xFFFFFFFFU) * sets_ / (uint64_t{1} << 32) * kWays;
  }
  Slot& SlotAt(size_t index) const;
  char* StorageAt(size_t index) const;

  size_t entry_bytes_;
  size_t sets_;
  // Upper half of each entry's hash: tells most strangers without a look at the
  // entry.
  std::vector<uint32_t> tags_;
  LargeMemory entries_;
  Doorkeeper doorkeeper_;
  uint64_t round_ = 1;
  uint64_t versions_ = 0;
};

inline uint64_t ValueMemo::Hash(const Key& key) {
  return HashBytes(key.raw,
                   key.epoch_set * 64 + static_cast<uint64_t>(key.memo_class));
}

inline char* ValueMemo::StorageAt(size_t index) const {
  return entries_.data() + index * entry_bytes_;
}

inline ValueMemo::Slot& ValueMemo::SlotAt(size_t index) const {
  return *std::launder(reinterpret_cast<Slot*>(StorageAt(index)));
}

inline void ValueMemo::PrefetchSet(uint64_t hash) const {
  FetchLine(&tags_[SetOf(hash)]);
}

inline void ValueMemo::PrefetchEntry(uint64_t hash) const {
  constexpr size_t kLineBytes = 64;
  constexpr size_t kLines = 4;
  const size_t first = SetOf(hash);
  for (size_t i = first; i < first + kWays; ++i) {
    if (tags_[i] != TagOf(hash)) continue;
    const char* const entry = StorageAt(i);
    for (size_t line = 0; line < kLines; ++line) {
      FetchLine(entry + line * kLineBytes);
    }
  }
}

inline bool ValueMemo::Holds(size_t index, const Key& key) const {
  const Slot& slot = SlotAt(index);
  return slot.raw_size == key.raw.size() && slot.epoch_set == key.epoch_set &&
         slot.memo_class == key.memo_class &&
         EqualBytes(StorageAt(index) + sizeof(Slot), key.raw.data(),
                    key.raw.size());
}

inline const ValueMemo::Entry* ValueMemo::Find(const Key& key, uint64_t hash,
                                               Place* place) {
  const size_t first = SetOf(hash);
  const uint32_t tag = TagOf(hash);
  for (size_t i = first; i < first + kWays; ++i) {
    if (tags_[i] != tag || !Holds(i, key)) continue;
    Slot& slot = SlotAt(i);
    slot.last_round = round_;
    *place = {i, slot.version};
    return &slot.entry;
  }
  return nullptr;
}

inline const ValueMemo::Entry* ValueMemo::Again(const Place& place) {
  if (tags_[place.index] == 0) return nullptr;
  Slot& slot = SlotAt(place.index);
  if (slot.version != place.version) return nullptr;
  slot.last_round = round_;
  return &slot.entry;
}

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_VALUE_MEMO_H_
