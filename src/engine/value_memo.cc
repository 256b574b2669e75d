#include "engine/value_memo.h"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

#include "absl/hash/hash.h"
#include "base/absl_view.h"

namespace nymstream {
namespace {

// Lays objects and bytes out in one entry's storage.
class Packer {
 public:
  Packer(char* begin, size_t size) : next_(begin), left_(size) {}

  // `count` objects of T, or null if they don't fit.
  template <typename T>
  T* Objects(size_t count) {
    void* place = next_;
    if (std::align(alignof(T), count * sizeof(T), place, left_) == nullptr) {
      return nullptr;
    }
    next_ = static_cast<char*>(place) + count * sizeof(T);
    left_ -= count * sizeof(T);
    return static_cast<T*>(place);
  }

  // A copy of `text`; false if it does not fit.
  bool Copy(std::string_view* text) {
    if (text->size() > left_) return false;
    text->copy(next_, text->size());
    *text = {next_, text->size()};
    next_ += text->size();
    left_ -= text->size();
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

}  // namespace

ValueMemo::ValueMemo(size_t bytes)
    : sets_(std::bit_floor(
          std::max<size_t>(bytes / (kEntryBytes + sizeof(Slot)) / kWays, 1))),
      slots_(sets_ * kWays) {
  std::memset(storage_.Extend(slots_.size() * kEntryBytes), 0,
              slots_.size() * kEntryBytes);
}

ValueMemo::~ValueMemo() { sodium_memzero(storage_.data(), storage_.size()); }

uint64_t ValueMemo::Hash(const Key& key) {
  return absl::HashOf(ToAbsl(key.raw), key.epoch_set, key.memo_class);
}

std::span<ValueMemo::Slot> ValueMemo::SetOf(uint64_t hash) {
  return {&slots_[(hash & (sets_ - 1)) * kWays], kWays};
}

char* ValueMemo::Storage(const Slot& slot) {
  return storage_.data() +
         static_cast<size_t>(&slot - slots_.data()) * kEntryBytes;
}

const ValueMemo::Entry* ValueMemo::Find(const Key& key) {
  if (key.raw.size() >= kEntryBytes) return nullptr;
  last_hash_ = Hash(key);
  for (Slot& slot : SetOf(last_hash_)) {
    if (slot.hash == last_hash_ && slot.epoch_set == key.epoch_set &&
        slot.memo_class == key.memo_class && slot.raw_size == key.raw.size() &&
        std::memcmp(Storage(slot), key.raw.data(), key.raw.size()) == 0) {
      slot.last_record = record_;
      return &slot.entry;
    }
  }
  return nullptr;
}

void ValueMemo::Insert(const Key& key, const Entry& entry) {
  if (key.raw.size() >= kEntryBytes) return;
  const std::span<Slot> set = SetOf(last_hash_);
  Slot& slot = *std::min_element(set.begin(), set.end(),
                                 [](const Slot& a, const Slot& b) {
                                   return a.last_record < b.last_record;
                                 });
  if (slot.last_record == record_) return;
  slot.epoch_set = 0;
  slot.last_record = 0;
  Packer packer(Storage(slot), kEntryBytes);
  std::string_view raw = key.raw;
  if (!packer.Copy(&raw)) return;
  Result* results = packer.Objects<Result>(entry.results.size());
  if (results == nullptr) return;
  Candidate* candidates = packer.Objects<Candidate>(entry.candidates.size());
  if (candidates == nullptr) return;
  for (size_t i = 0; i < entry.results.size(); ++i) {
    Result* result = new (&results[i]) Result(entry.results[i]);
    if (!packer.Copy(&result->text)) return;
  }
  for (size_t i = 0; i < entry.candidates.size(); ++i) {
    Candidate* candidate = new (&candidates[i]) Candidate(entry.candidates[i]);
    if (!Rebase(key.raw, raw.data(), &candidate->value) &&
        !packer.Copy(&candidate->value)) {
      return;
    }
  }
  slot.entry = {{results, entry.results.size()},
                {candidates, entry.candidates.size()},
                entry.rights};
  slot.hash = last_hash_;
  slot.epoch_set = key.epoch_set;
  slot.memo_class = key.memo_class;
  slot.raw_size = static_cast<uint32_t>(key.raw.size());
  slot.last_record = record_;
}

}  // namespace nymstream
