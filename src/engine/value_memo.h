// Treated values that come again, within a bound of memory.
#ifndef NYMSTREAM_ENGINE_VALUE_MEMO_H_
#define NYMSTREAM_ENGINE_VALUE_MEMO_H_

#include <emmintrin.h>

#include <array>
#include <bit>
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

  // Bytes that must be readable from where a raw value of `size` begins, and
  // can be where an entry does.
  static constexpr size_t kReadAhead = kTextBlock;

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
  // Where an entry is, or may be.
  using Index = uint32_t;
  static constexpr Index kNowhere = ~Index{0};
  // Brings memory near that Locate(hash) will read. A record's lookups are
  // hashed and prefetched together, since each alone would wait for memory.
  void PrefetchSet(uint64_t hash) const;
  // Where Find() should look first; brings near what it will read there, or
  // what Admit() will, if there is none.
  Index Locate(uint64_t hash) const;
  // Where an entry is, as long as it is there.
  struct Place {
    Index index = 0;
    uint64_t version = 0;  // no entry has 0
  };
  // `located` is from Locate(hash), however long ago.
  const Entry* Find(const Key& key, uint64_t hash, Index located, Place* place);
  // What Find() found at `place`, if it is still there.
  const Entry* Again(const Place& place);
  // Of a value that Find() did not find: where Insert() may put it, whose
  // memory is brought near; kNowhere if it is not kept. Nothing else may be
  // asked before Insert().
  Index Admit(uint64_t hash);
  // Copies all that is given, if it fits, and makes the marks of the
  // candidates.
  void Insert(Index index, const Key& key, uint64_t hash,
              std::span<const Result> results,
              std::span<const Candidate> candidates, ReleaseMask rights);

 private:
  static uint32_t TagOf(uint64_t hash) {
    return static_cast<uint32_t>(hash >> 32) | 1;  // 0: no entry
  }
  bool Holds(Index index, const Key& key) const;

  struct Slot {
    uint64_t epoch_set = 0;
    uint32_t raw_size = 0;
    int32_t memo_class = 0;
    uint64_t version = 0;
    Entry entry;
  };
  // Of kWays entries.
  struct alignas(32) Set {
    // Upper half of each one's hash: tells most strangers without a look at
    // the entry. 0: empty.
    std::array<uint32_t, kWays> tags{};
    // When each was used last.
    std::array<uint32_t, kWays> rounds{};
  };

  // The newest values, one bit each, in two generations.
  class Doorkeeper {
   public:
    // Remembers at least the last `values` new ones.
    explicit Doorkeeper(size_t values);
    void Prefetch(uint64_t hash) const { FetchLine(&bits_[WordOf(hash)]); }
    // True if `hash` was seen in this generation or the last.
    bool SeenBefore(uint64_t hash);

   private:
    size_t WordOf(uint64_t hash) const {
      return (hash >> 22) & (bits_.size() - 1);
    }

    size_t per_generation_;
    // By generation; a power of two of words.
    std::vector<std::array<uint64_t, 2>> bits_;
    size_t current_ = 0;
    size_t added_ = 0;
  };

  // The lower half of the hash as a share of the sets.
  size_t SetOf(uint64_t hash) const {
    return (hash & 0xFFFFFFFFU) * sets_.size() / (uint64_t{1} << 32);
  }
  // Bit n: way n of `set` has `tag`.
  static uint32_t WaysWith(const Set& set, uint32_t tag);
  void PrefetchEntry(Index index) const;
  void Touch(Index index) {
    sets_[index / kWays].rounds[index % kWays] = round_;
  }
  Slot& SlotAt(Index index) const;
  char* StorageAt(Index index) const;

  size_t entry_bytes_;
  std::vector<Set> sets_;
  LargeMemory entries_;
  Doorkeeper doorkeeper_;
  uint32_t round_ = 1;
  uint64_t versions_ = 0;
};

inline uint64_t ValueMemo::Hash(const Key& key) {
  return HashBytes(key.raw.data(), key.raw.size(),
                   key.epoch_set * 64 + static_cast<uint64_t>(key.memo_class));
}

inline char* ValueMemo::StorageAt(Index index) const {
  return entries_.data() + index * entry_bytes_;
}

inline ValueMemo::Slot& ValueMemo::SlotAt(Index index) const {
  return *std::launder(reinterpret_cast<Slot*>(StorageAt(index)));
}

inline void ValueMemo::PrefetchSet(uint64_t hash) const {
  FetchLine(&sets_[SetOf(hash)]);
}

inline uint32_t ValueMemo::WaysWith(const Set& set, uint32_t tag) {
  static_assert(kWays * sizeof(uint32_t) == sizeof(__m128i));
  const __m128i same = _mm_cmpeq_epi32(
      _mm_load_si128(reinterpret_cast<const __m128i*>(set.tags.data())),
      _mm_set1_epi32(static_cast<int>(tag)));
  return static_cast<uint32_t>(_mm_movemask_ps(_mm_castsi128_ps(same)));
}

inline void ValueMemo::PrefetchEntry(Index index) const {
  constexpr size_t kLineBytes = 64;
  constexpr size_t kBytesMax = 512;
  const char* const entry = StorageAt(index);
  const size_t bytes = std::min(entry_bytes_, kBytesMax);
  for (size_t at = 0; at < bytes; at += kLineBytes) FetchLine(entry + at);
}

inline ValueMemo::Index ValueMemo::Locate(uint64_t hash) const {
  const size_t set = SetOf(hash);
  const uint32_t ways = WaysWith(sets_[set], TagOf(hash));
  if (ways == 0) {
    doorkeeper_.Prefetch(hash);
    return kNowhere;
  }
  const auto index = static_cast<Index>(
      set * kWays + static_cast<size_t>(std::countr_zero(ways)));
  PrefetchEntry(index);
  return index;
}

inline bool ValueMemo::Holds(Index index, const Key& key) const {
  const Slot& slot = SlotAt(index);
  return slot.raw_size == key.raw.size() && slot.epoch_set == key.epoch_set &&
         slot.memo_class == key.memo_class &&
         EqualBytes(StorageAt(index) + sizeof(Slot), key.raw.data(),
                    key.raw.size());
}

inline const ValueMemo::Entry* ValueMemo::Find(const Key& key, uint64_t hash,
                                               Index located, Place* place) {
  const auto found = [&](Index index) {
    Touch(index);
    const Slot& slot = SlotAt(index);
    *place = {index, slot.version};
    return &slot.entry;
  };
  const auto set = static_cast<Index>(SetOf(hash));
  uint32_t ways = WaysWith(sets_[set], TagOf(hash));
  if (located != kNowhere && (ways >> located % kWays & 1) != 0 &&
      Holds(located, key)) [[likely]] {
    return found(located);
  }
  for (; ways != 0; ways &= ways - 1) {
    const Index index =
        set * Index{kWays} + static_cast<Index>(std::countr_zero(ways));
    if (Holds(index, key)) return found(index);
  }
  return nullptr;
}

inline const ValueMemo::Entry* ValueMemo::Again(const Place& place) {
  if (sets_[place.index / kWays].tags[place.index % kWays] == 0) return nullptr;
  const Slot& slot = SlotAt(place.index);
  if (slot.version != place.version) return nullptr;
  Touch(place.index);
  return &slot.entry;
}

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_VALUE_MEMO_H_
