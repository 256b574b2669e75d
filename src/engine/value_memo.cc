#include "engine/value_memo.h"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <new>

#include "engine/guard_candidates.h"

namespace nymstream {
namespace {

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
      entries_(sets_ * kWays * entry_bytes),
      doorkeeper_(sets_ * kWays) {
  static_assert(alignof(Slot) <= alignof(std::max_align_t));
}

ValueMemo::~ValueMemo() { sodium_memzero(entries_.data(), entries_.size()); }

void ValueMemo::Insert(const Key& key, uint64_t hash,
                       std::span<const Result> results,
                       std::span<const Candidate> candidates,
                       ReleaseMask rights) {
  if (!doorkeeper_.SeenBefore(hash)) return;
  const size_t first = SetOf(hash);
  size_t index = first;
  uint64_t oldest = round_;
  for (size_t i = first; i < first + kWays; ++i) {
    const uint64_t last = tags_[i] == 0 ? 0 : SlotAt(i).last_round;
    if (last < oldest) {
      oldest = last;
      index = i;
    }
  }
  if (oldest == round_) return;
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
           round_,
           static_cast<uint32_t>(key.raw.size()),
           key.memo_class,
           ++versions_,
           {results_copy, candidates_copy,
            static_cast<uint32_t>(candidates.size()), rights}};
  tags_[index] = TagOf(hash);
}

}  // namespace nymstream
