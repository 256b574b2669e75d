#include "engine/value_memo.h"

#include <emmintrin.h>
#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <new>

#include "engine/guard_candidates.h"

namespace nymstream {
namespace {

uint64_t LoadEight(const char* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

uint64_t Mix(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint32_t LoadFour(const char* bytes) {
  uint32_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// Fewer than eight bytes as a number; their size is not in it.
uint64_t LoadTail(std::string_view bytes) {
  const size_t size = bytes.size();
  if (size >= 4) {
    // Both ends, which may overlap.
    return LoadFour(bytes.data()) | uint64_t{LoadFour(bytes.data() + size - 4)}
                                        << 32;
  }
  if (size == 0) return 0;
  const auto at = [&](size_t i) {
    return uint64_t{static_cast<unsigned char>(bytes[i])};
  };
  return at(0) | at(size / 2) << 8 | at(size - 1) << 16;
}

// Without a call, since most values are short.
bool EqualBytes(const char* a, const char* b, size_t size) {
  constexpr size_t kStep = sizeof(__m128i);
  const auto equal = [&](size_t at) {
    const auto* const from_a = reinterpret_cast<const __m128i*>(a + at);
    const auto* const from_b = reinterpret_cast<const __m128i*>(b + at);
    const __m128i same =
        _mm_cmpeq_epi8(_mm_loadu_si128(from_a), _mm_loadu_si128(from_b));
    return _mm_movemask_epi8(same) == 0xFFFF;
  };
  if (size >= kStep) {
    for (size_t at = 0; at + kStep <= size; at += kStep) {
      if (!equal(at)) return false;
    }
    return equal(size - kStep);
  }
  if (size >= 8) {
    return LoadEight(a) == LoadEight(b) &&
           LoadEight(a + size - 8) == LoadEight(b + size - 8);
  }
  return LoadTail({a, size}) == LoadTail({b, size});
}

// A fast hash; who makes values collide only makes them miss.
uint64_t HashBytes(std::string_view bytes, uint64_t seed) {
  constexpr uint64_t kOdd = 0x9E3779B97F4A7C15U;
  constexpr uint64_t kOther = 0xD6E8FEB86659FD93U;
  uint64_t hash = seed ^ (bytes.size() * kOdd);
  while (bytes.size() > 16) {
    hash = Mix(LoadEight(bytes.data()) ^ hash,
               LoadEight(bytes.data() + 8) ^ kOther);
    bytes.remove_prefix(16);
  }
  if (bytes.size() >= 8) {
    // Both ends, which may overlap.
    return Mix(LoadEight(bytes.data()) ^ hash,
               LoadEight(bytes.data() + bytes.size() - 8) ^ kOther);
  }
  return Mix(hash ^ LoadTail(bytes), kOdd);
}

uint32_t TagOf(uint64_t hash) {
  return static_cast<uint32_t>(hash >> 32) | 1;  // 0: no entry
}

// Lays objects and bytes out in one entry's storage.
class Packer {
 public:
  Packer(char* begin, size_t size) : next_(begin), left_(size) {}

  // A copy of `objects`, or null if they don't fit.
  template <typename T>
  T* Objects(std::span<const T> objects) {
    void* place = next_;
    if (std::align(alignof(T), objects.size_bytes(), place, left_) == nullptr) {
      return nullptr;
    }
    next_ = static_cast<char*>(place) + objects.size_bytes();
    left_ -= objects.size_bytes();
    T* const begin = static_cast<T*>(place);
    std::uninitialized_copy(objects.begin(), objects.end(), begin);
    return begin;
  }

  // A copy of `text`; false if it does not fit.
  bool Copy(std::string_view* text) {
    const char* copy = Objects<char>(*text);
    if (copy == nullptr) return false;
    *text = {copy, text->size()};
    return true;
  }

 private:
  char* next_;
  size_t left_;
};

// Where `view` lies in a copy of `raw`, if it lies in `raw`.
bool Rebase(std::string_view raw, const char* copy, std::string_view* view) {
  if (view->data() < raw.data() ||
      view->data() + view->size() > raw.data() + raw.size()) {
    return false;
  }
  *view = {copy + (view->data() - raw.data()), view->size()};
  return true;
}

// A copy of `facts`, or null if it does not fit.
const PieceFacts* CopyFacts(const PieceFacts& facts, Packer* packer) {
  PieceFacts* const copy = packer->Objects(std::span(&facts, 1));
  if (copy == nullptr) return nullptr;
  const uint32_t* const windows = packer->Objects(facts.windows);
  if (windows == nullptr) return nullptr;
  copy->windows = {windows, facts.windows.size()};
  return copy;
}

// Copies what the results and candidates refer to.
bool CopyReferences(std::string_view raw, const char* raw_copy,
                    std::span<Result> results, std::span<Candidate> candidates,
                    Packer* packer) {
  // Variants often share their facts.
  const PieceFacts* facts = nullptr;
  const PieceFacts* facts_copy = nullptr;
  for (Result& result : results) {
    if (!packer->Copy(&result.text)) return false;
    const Cut* cuts = packer->Objects(result.cuts);
    if (cuts == nullptr) return false;
    result.cuts = {cuts, result.cuts.size()};
    if (result.facts == nullptr) continue;
    if (result.facts != facts) {
      facts = result.facts;
      facts_copy = CopyFacts(*facts, packer);
      if (facts_copy == nullptr) return false;
    }
    result.facts = facts_copy;
  }
  for (Candidate& candidate : candidates) {
    candidate.marks = GuardMarksOf(candidate.value);
    if (!Rebase(raw, raw_copy, &candidate.value) &&
        !packer->Copy(&candidate.value)) {
      return false;
    }
  }
  return true;
}

}  // namespace

ValueMemo::Doorkeeper::Doorkeeper(size_t values) : per_generation_(values) {
  constexpr size_t kBitsPerValue = 8;
  for (std::vector<uint64_t>& bits : bits_) {
    bits.resize(std::bit_ceil(values * kBitsPerValue / 64 + 1), 0);
  }
}

bool ValueMemo::Doorkeeper::SeenBefore(uint64_t hash) {
  const size_t word = (hash >> 22) & (bits_[0].size() - 1);
  const uint64_t mask = uint64_t{1} << (hash >> 16 & 63);
  const bool seen = ((bits_[0][word] | bits_[1][word]) & mask) != 0;
  bits_[current_][word] |= mask;
  if (!seen && ++added_ == per_generation_) {
    added_ = 0;
    current_ = 1 - current_;
    std::fill(bits_[current_].begin(), bits_[current_].end(), 0);
  }
  return seen;
}

ValueMemo::ValueMemo(size_t bytes, size_t entry_bytes)
    : entry_bytes_(entry_bytes),
      sets_(std::max<size_t>(bytes / ((entry_bytes + sizeof(uint32_t)) * kWays),
                             1)),
      tags_(sets_ * kWays, 0),
      entries_(nullptr),
      doorkeeper_(sets_ * kWays) {
  static_assert(alignof(Slot) <= alignof(std::max_align_t));
  const size_t size = sets_ * kWays * entry_bytes_;
  entries_ = storage_.Extend(size);
  std::memset(entries_, 0, size);
}

ValueMemo::~ValueMemo() { sodium_memzero(storage_.data(), storage_.size()); }

uint64_t ValueMemo::Hash(const Key& key) {
  return HashBytes(key.raw,
                   key.epoch_set * 64 + static_cast<uint64_t>(key.memo_class));
}

char* ValueMemo::StorageAt(size_t index) const {
  return entries_ + index * entry_bytes_;
}

ValueMemo::Slot& ValueMemo::SlotAt(size_t index) const {
  return *std::launder(reinterpret_cast<Slot*>(StorageAt(index)));
}

void ValueMemo::PrefetchSet(uint64_t hash) const {
  __builtin_prefetch(&tags_[SetOf(hash)]);
}

void ValueMemo::PrefetchEntry(uint64_t hash) const {
  constexpr size_t kLineBytes = 64;
  constexpr size_t kLines = 4;
  const size_t first = SetOf(hash);
  for (size_t i = first; i < first + kWays; ++i) {
    if (tags_[i] != TagOf(hash)) continue;
    const char* const entry = StorageAt(i);
    for (size_t line = 0; line < kLines; ++line) {
      __builtin_prefetch(entry + line * kLineBytes);
    }
  }
}

bool ValueMemo::Holds(size_t index, const Key& key) const {
  const Slot& slot = SlotAt(index);
  return slot.raw_size == key.raw.size() && slot.epoch_set == key.epoch_set &&
         slot.memo_class == key.memo_class &&
         EqualBytes(StorageAt(index) + sizeof(Slot), key.raw.data(),
                    key.raw.size());
}

const ValueMemo::Entry* ValueMemo::Find(const Key& key, uint64_t hash,
                                        Place* place) {
  const size_t first = SetOf(hash);
  const uint32_t tag = TagOf(hash);
  for (size_t i = first; i < first + kWays; ++i) {
    if (tags_[i] != tag || !Holds(i, key)) continue;
    Slot& slot = SlotAt(i);
    slot.last_record = record_;
    *place = {i, slot.version};
    return &slot.entry;
  }
  return nullptr;
}

const ValueMemo::Entry* ValueMemo::Again(const Place& place) {
  if (tags_[place.index] == 0) return nullptr;
  Slot& slot = SlotAt(place.index);
  if (slot.version != place.version) return nullptr;
  slot.last_record = record_;
  return &slot.entry;
}

void ValueMemo::Insert(const Key& key, uint64_t hash,
                       std::span<const Result> results,
                       std::span<const Candidate> candidates,
                       ReleaseMask rights) {
  if (!doorkeeper_.SeenBefore(hash)) return;
  const size_t first = SetOf(hash);
  size_t index = first;
  uint64_t oldest = record_;
  for (size_t i = first; i < first + kWays; ++i) {
    const uint64_t last = tags_[i] == 0 ? 0 : SlotAt(i).last_record;
    if (last < oldest) {
      oldest = last;
      index = i;
    }
  }
  if (oldest == record_) return;
  tags_[index] = 0;
  Packer packer(StorageAt(index) + sizeof(Slot), entry_bytes_ - sizeof(Slot));
  std::string_view raw = key.raw;
  if (!packer.Copy(&raw)) return;
  Result* const results_copy = packer.Objects(results);
  if (results_copy == nullptr) return;
  Candidate* const candidates_copy = packer.Objects(candidates);
  if (candidates_copy == nullptr) return;
  if (!CopyReferences(key.raw, raw.data(), {results_copy, results.size()},
                      {candidates_copy, candidates.size()}, &packer)) {
    return;
  }
  new (StorageAt(index))
      Slot{key.epoch_set,
           record_,
           static_cast<uint32_t>(key.raw.size()),
           key.memo_class,
           ++versions_,
           {results_copy, candidates_copy,
            static_cast<uint32_t>(candidates.size()), rights}};
  tags_[index] = TagOf(hash);
}

}  // namespace nymstream
