#include "engine/value_memo.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

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

// Fewer than eight bytes as a number.
uint64_t LoadTail(std::string_view bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes.data(), bytes.size());
  return word;
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

// Copies what the results and candidates refer to.
bool CopyReferences(std::string_view raw, const char* raw_copy,
                    std::span<Result> results, std::span<Candidate> candidates,
                    Packer* packer) {
  for (Result& result : results) {
    if (!packer->Copy(&result.text)) return false;
    const uint32_t* windows = packer->Objects(result.windows);
    if (windows == nullptr) return false;
    result.windows = {windows, result.windows.size()};
    const Cut* cuts = packer->Objects(result.cuts);
    if (cuts == nullptr) return false;
    result.cuts = {cuts, result.cuts.size()};
  }
  for (Candidate& candidate : candidates) {
    if (!Rebase(raw, raw_copy, &candidate.value) &&
        !packer->Copy(&candidate.value)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool ValueMemo::Doorkeeper::SeenBefore(uint64_t hash) {
  const size_t bit = (hash >> 16) % kBits;
  const uint64_t mask = uint64_t{1} << (bit % 64);
  const bool seen = ((bits_[0][bit / 64] | bits_[1][bit / 64]) & mask) != 0;
  bits_[current_][bit / 64] |= mask;
  if (!seen && ++added_ == kPerGeneration) {
    added_ = 0;
    current_ = 1 - current_;
    bits_[current_].fill(0);
  }
  return seen;
}

ValueMemo::ValueMemo(size_t bytes, size_t entry_bytes)
    : entry_bytes_(entry_bytes),
      sets_(std::max<size_t>(bytes / ((entry_bytes + sizeof(uint32_t)) * kWays),
                             1)),
      tags_(sets_ * kWays, 0) {
  static_assert(alignof(Slot) <= alignof(std::max_align_t));
  const size_t size = sets_ * kWays * entry_bytes_;
  std::memset(storage_.Extend(size), 0, size);
}

ValueMemo::~ValueMemo() { sodium_memzero(storage_.data(), storage_.size()); }

uint64_t ValueMemo::Hash(const Key& key) {
  return HashBytes(key.raw,
                   key.epoch_set * 64 + static_cast<uint64_t>(key.memo_class));
}

char* ValueMemo::StorageAt(size_t index) {
  return storage_.data() + index * entry_bytes_;
}

ValueMemo::Slot& ValueMemo::SlotAt(size_t index) {
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
    const char* const entry = storage_.data() + i * entry_bytes_;
    for (size_t line = 0; line < kLines; ++line) {
      __builtin_prefetch(entry + line * kLineBytes);
    }
  }
}

const ValueMemo::Entry* ValueMemo::Find(const Key& key, uint64_t hash) {
  const size_t first = SetOf(hash);
  const uint32_t tag = TagOf(hash);
  for (size_t i = first; i < first + kWays; ++i) {
    if (tags_[i] != tag) continue;
    Slot& slot = SlotAt(i);
    if (slot.epoch_set == key.epoch_set && slot.memo_class == key.memo_class &&
        slot.raw_size == key.raw.size() &&
        std::memcmp(StorageAt(i) + sizeof(Slot), key.raw.data(),
                    key.raw.size()) == 0) {
      slot.last_record = record_;
      return &slot.entry;
    }
  }
  return nullptr;
}

void ValueMemo::Insert(const Key& key, uint64_t hash, const Entry& entry) {
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
  Result* results = packer.Objects(entry.results);
  if (results == nullptr) return;
  Candidate* candidates = packer.Objects(entry.candidates);
  if (candidates == nullptr) return;
  if (!CopyReferences(key.raw, raw.data(), {results, entry.results.size()},
                      {candidates, entry.candidates.size()}, &packer)) {
    return;
  }
  new (StorageAt(index)) Slot{key.epoch_set,
                              record_,
                              static_cast<uint32_t>(key.raw.size()),
                              key.memo_class,
                              {{results, entry.results.size()},
                               {candidates, entry.candidates.size()},
                               entry.rights}};
  tags_[index] = TagOf(hash);
}

}  // namespace nymstream
