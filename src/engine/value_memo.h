// Treated values that come again, within a bound of memory.
#ifndef NYMSTREAM_ENGINE_VALUE_MEMO_H_
#define NYMSTREAM_ENGINE_VALUE_MEMO_H_

#include <emmintrin.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <span>
#include <string_view>
#include <vector>

#include "base/byte_scan.h"
#include "base/fetch_line.h"
#include "base/large_memory.h"
#include "base/short_bytes.h"
#include "engine/treated_value.h"

namespace nymstream {

// A set-associative cache from (raw bytes, memo class, epoch set) to results
// and candidates. Access logs repeat addresses, agents, URLs and devices, and a
// hit costs a fraction of a keyed hash. A value is kept when it is seen for the
// second time of late: most of what is unique is never copied here. An entry
// takes as many lines of its set as it needs, so that many short ones and some
// long ones fit; what would take more than half of it is not kept. Entries
// that were used lately are not evicted, so what Find returns lives until
// Release().
// Holds raw identifiers and pseudonyms: wiped when destroyed. Results of one
// release are only ever read back for it, since an entry keeps one result per
// variant. One thread per object; no allocation after construction.
class ValueMemo {
 public:
  // Large, since few entries in a set would fill it unevenly.
  static constexpr size_t kSetLines = 64;
  static constexpr size_t kSetBytes = kSetLines * kLineBytes;
  static constexpr size_t kEntryBytesMax = kSetBytes / 2;
  // Entries of a set: as many as one line can say all about.
  static constexpr size_t kWays = 21;

  struct Key {
    std::string_view raw;
    uint64_t epoch_set;
    int memo_class;
  };

  // What was found about a value. The raw value, the results, the candidates
  // and what they refer to follow it in memory.
  class Entry {
   public:
    // One per variant.
    const Result* results() const {
      return std::launder(
          reinterpret_cast<const Result*>(raw() + RoomOf(raw_size_)));
    }
    std::span<const Candidate> candidates() const {
      return {std::launder(
                  reinterpret_cast<const Candidate*>(results() + results_)),
              candidates_};
    }
    bool has_candidates() const { return candidates_ != 0; }
    // Releases that a suppression list keeps it from.
    ReleaseMask rights() const { return rights_; }

    // As many bytes as an object of any kind can follow.
    static constexpr size_t RoomOf(size_t bytes) {
      constexpr size_t kAlignment = 8;
      static_assert(alignof(Result) <= kAlignment &&
                    alignof(Candidate) <= kAlignment &&
                    alignof(PieceFacts) <= kAlignment);
      return (bytes + kAlignment - 1) / kAlignment * kAlignment;
    }

   private:
    friend class ValueMemo;

    const char* raw() const { return reinterpret_cast<const char*>(this + 1); }

    static bool CanHold(const Key& key) {
      return key.epoch_set <= std::numeric_limits<uint32_t>::max() &&
             key.memo_class <= std::numeric_limits<uint16_t>::max();
    }

    uint64_t version_ = 0;
    uint32_t epoch_set_ = 0;
    ReleaseMask rights_ = 0;
    uint16_t memo_class_ = 0;
    uint16_t raw_size_ = 0;
    uint8_t results_ = 0;
    uint8_t candidates_ = 0;
  };

  // Bytes that must be readable from where a raw value begins, and can be where
  // an entry's does.
  static constexpr size_t kReadAhead = kTextBlock;

  // `bytes` in all, at most.
  explicit ValueMemo(size_t bytes);
  ~ValueMemo();
  ValueMemo(const ValueMemo&) = delete;
  ValueMemo& operator=(const ValueMemo&) = delete;

  // What was found may be evicted from now on, if it is old enough.
  void Release() {
    if (inserts_ < inserts_per_tick_) [[likely]]
      return;
    inserts_ = 0;
    tick_ = static_cast<uint8_t>((tick_ + 1) % kTicks);
  }

  static uint64_t Hash(const Key& key);
  // Where an entry is, or may be.
  using Index = uint32_t;
  static constexpr Index kNowhere = ~Index{0};
  // Brings memory near that Locate(hash) will read. A record's lookups are
  // hashed and prefetched together, since each alone would wait for memory.
  void PrefetchSet(uint64_t hash) const;
  // Where Find() should look first; brings near what it will read there, or
  // what Admits() will, if there is none.
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
  // True if a value that Find() did not find was seen before and so is to be
  // kept.
  bool Admits(uint64_t hash) { return doorkeeper_.SeenBefore(hash); }
  // Copies all that is given, if there is room, and makes the marks of the
  // candidates. A value may leave nothing that is used in this round.
  void Insert(const Key& key, uint64_t hash, std::span<const Result> results,
              std::span<const Candidate> candidates, ReleaseMask rights);

 private:
  // Time goes by ticks of so many values that were to be kept that all of them
  // are some two times what the memo holds.
  static constexpr uint8_t kTicks = 64;

  // Where the entries of kSetLines lines are: one line, since each lookup waits
  // for it.
  struct alignas(kLineBytes) Set {
    // Of each way: a part of its hash, which tells most strangers without a
    // look at the entry. 0: empty.
    std::array<uint8_t, kWays> tags{};
    // Its first line, and in the two bits above more of the hash.
    std::array<uint8_t, kWays> places{};
    // How many of its lines are fetched (see kFetchedLines), and in the bits
    // above the tick in which it was used last.
    std::array<uint8_t, kWays> uses{};
  };
  static constexpr uint8_t kFirstLine = kSetLines - 1;  // bits of a place
  static constexpr int kFetchedBits = 2;
  static constexpr std::array<uint8_t, 1 << kFetchedBits> kFetchedLines = {
      3, 5, 8, 16};

  static uint8_t TagOf(uint64_t hash) {
    const auto tag = static_cast<uint8_t>(hash >> 56);
    return tag == 0 ? 1 : tag;
  }
  static uint8_t MoreOfTag(uint64_t hash) {
    return static_cast<uint8_t>(hash >> 48 & ~uint64_t{kFirstLine});
  }

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
  // An index has its way in the lowest bits.
  static constexpr int kWayBits = 5;
  static Index IndexOf(size_t set, size_t way) {
    return static_cast<Index>(set << kWayBits | way);
  }
  static size_t SetIn(Index index) { return index >> kWayBits; }
  static size_t WayIn(Index index) { return index % (1U << kWayBits); }
  // Bit n: way n of `set` may have the value of `hash`.
  static uint32_t WaysWith(const Set& set, uint64_t hash);
  bool Holds(Index index, const Key& key) const;
  char* StorageAt(Index index) const;
  const Entry& EntryAt(Index index) const;
  void Touch(Index index) {
    uint8_t& use = sets_[SetIn(index)].uses[WayIn(index)];
    use = static_cast<uint8_t>(use % (1U << kFetchedBits) |
                               uint32_t{tick_} << kFetchedBits);
  }
  // Evicts what was not used for the longest time, so that `lines` lines in
  // `set` are free, and gives them to a way. kNowhere if too much is in use.
  Index MakeRoom(size_t set, size_t lines);

  LargeMemory sets_memory_;
  std::span<Set> sets_;
  std::vector<std::array<uint8_t, kWays>> lines_;  // of each entry, by set
  LargeMemory entries_;
  Doorkeeper doorkeeper_;
  uint8_t tick_ = 1;
  size_t inserts_ = 0;  // in this tick
  size_t inserts_per_tick_;
  uint64_t versions_ = 0;
};

inline uint64_t ValueMemo::Hash(const Key& key) {
  return HashBytes(key.raw.data(), key.raw.size(),
                   key.epoch_set * 64 + static_cast<uint64_t>(key.memo_class));
}

inline char* ValueMemo::StorageAt(Index index) const {
  const size_t set = SetIn(index);
  const size_t first = sets_[set].places[WayIn(index)] & kFirstLine;
  return entries_.data() + set * kSetBytes + first * kLineBytes;
}

inline const ValueMemo::Entry& ValueMemo::EntryAt(Index index) const {
  return *std::launder(reinterpret_cast<const Entry*>(StorageAt(index)));
}

inline void ValueMemo::PrefetchSet(uint64_t hash) const {
  FetchLine(&sets_[SetOf(hash)]);
}

inline uint32_t ValueMemo::WaysWith(const Set& set, uint64_t hash) {
  constexpr size_t kHalf = byte_scan::kBlock;
  static_assert(kWays <= 2 * kHalf && offsetof(Set, tags) == 0 &&
                offsetof(Set, places) == kWays &&
                kWays + 2 * kHalf <= sizeof(Set));
  const __m128i tag = _mm_set1_epi8(static_cast<char>(TagOf(hash)));
  const __m128i more = _mm_set1_epi8(static_cast<char>(MoreOfTag(hash)));
  const __m128i mask = _mm_set1_epi8(static_cast<char>(~kFirstLine));
  const char* const tags = reinterpret_cast<const char*>(&set);
  const auto half = [&](size_t way) {
    const __m128i same = _mm_cmpeq_epi8(byte_scan::Load(tags + way), tag);
    const __m128i places = byte_scan::Load(tags + kWays + way);
    return static_cast<uint32_t>(_mm_movemask_epi8(_mm_and_si128(
        same, _mm_cmpeq_epi8(_mm_and_si128(places, mask), more))));
  };
  return (half(0) | half(kHalf) << kHalf) & ((1U << kWays) - 1);
}

inline ValueMemo::Index ValueMemo::Locate(uint64_t hash) const {
  const size_t set = SetOf(hash);
  const uint32_t ways = WaysWith(sets_[set], hash);
  if (ways == 0) {
    doorkeeper_.Prefetch(hash);
    return kNowhere;
  }
  const auto way = static_cast<size_t>(std::countr_zero(ways));
  const Index index = IndexOf(set, way);
  const char* const entry = StorageAt(index);
  const size_t lines =
      kFetchedLines[sets_[set].uses[way] % (1U << kFetchedBits)];
  FetchLines(entry, entry + lines * kLineBytes);
  return index;
}

inline bool ValueMemo::Holds(Index index, const Key& key) const {
  const Entry& entry = EntryAt(index);
  return entry.raw_size_ == key.raw.size() &&
         entry.epoch_set_ == key.epoch_set &&
         entry.memo_class_ == key.memo_class &&
         EqualBytes(entry.raw(), key.raw.data(), key.raw.size());
}

inline const ValueMemo::Entry* ValueMemo::Find(const Key& key, uint64_t hash,
                                               Index located, Place* place) {
  const auto found = [&](Index index) {
    Touch(index);
    const Entry& entry = EntryAt(index);
    *place = {index, entry.version_};
    return &entry;
  };
  const size_t set = SetOf(hash);
  uint32_t ways = WaysWith(sets_[set], hash);
  if (located != kNowhere && (ways >> WayIn(located) & 1) != 0 &&
      Holds(located, key)) [[likely]] {
    return found(located);
  }
  for (; ways != 0; ways &= ways - 1) {
    const Index index =
        IndexOf(set, static_cast<size_t>(std::countr_zero(ways)));
    if (Holds(index, key)) return found(index);
  }
  return nullptr;
}

inline const ValueMemo::Entry* ValueMemo::Again(const Place& place) {
  if (sets_[SetIn(place.index)].tags[WayIn(place.index)] == 0) return nullptr;
  const Entry& entry = EntryAt(place.index);
  if (entry.version_ != place.version) return nullptr;
  Touch(place.index);
  return &entry;
}

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_VALUE_MEMO_H_
