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
  bits_.resize(std::bit_ceil(values * kBitsPerValue / 64 + 1));
}

bool ValueMemo::Doorkeeper::SeenBefore(uint64_t hash) {
  std::array<uint64_t, 2>& word = bits_[WordOf(hash)];
  const uint64_t mask = uint64_t{1} << (hash >> 16 & 63);
  const bool seen = ((word[0] | word[1]) & mask) != 0;
  word[current_] |= mask;
  if (!seen && ++added_ == per_generation_) {
    added_ = 0;
    current_ = 1 - current_;
    for (std::array<uint64_t, 2>& each : bits_) each[current_] = 0;
  }
  return seen;
}

ValueMemo::ValueMemo(size_t bytes, size_t entry_bytes)
    : entry_bytes_(entry_bytes),
      sets_(std::max<size_t>(bytes / (entry_bytes * kWays + sizeof(Set)), 1)),
      entries_(sets_.size() * kWays * entry_bytes),
      doorkeeper_(sets_.size() * kWays) {
  static_assert(alignof(Slot) <= alignof(std::max_align_t));
}

ValueMemo::~ValueMemo() { sodium_memzero(entries_.data(), entries_.size()); }

ValueMemo::Index ValueMemo::Admit(uint64_t hash) {
  if (!doorkeeper_.SeenBefore(hash)) return kNowhere;
  const size_t first = SetOf(hash);
  const Set& set = sets_[first];
  size_t oldest = 0;
  uint32_t oldest_age = 0;
  for (size_t way = 0; way < kWays; ++way) {
    // Rounds begin again after the last one.
    const uint32_t age =
        set.tags[way] == 0 ? ~uint32_t{0} : round_ - set.rounds[way];
    if (age > oldest_age) {
      oldest_age = age;
      oldest = way;
    }
  }
  // All of them were found in this round.
  if (oldest_age == 0) return kNowhere;
  const auto index = static_cast<Index>(first * kWays + oldest);
  PrefetchEntry(index);
  return index;
}

void ValueMemo::Insert(Index index, const Key& key, uint64_t hash,
                       std::span<const Result> results,
                       std::span<const Candidate> candidates,
                       ReleaseMask rights) {
  uint32_t& tag = sets_[index / kWays].tags[index % kWays];
  tag = 0;
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
           static_cast<uint32_t>(key.raw.size()),
           key.memo_class,
           ++versions_,
           {results_copy, candidates_copy,
            static_cast<uint32_t>(candidates.size()), rights}};
  Touch(index);
  tag = TagOf(hash);
}

}  // namespace nymstream
