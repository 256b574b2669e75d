// Where a text may match one of many patterns: an index of four-byte grams.
#ifndef NYMSTREAM_ENGINE_GRAM_INDEX_H_
#define NYMSTREAM_ENGINE_GRAM_INDEX_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/gram_signature.h"

namespace nymstream {

// A chained hash table from grams to Gram, emptied for each record. One thread
// per object; no allocation once warm.
class GramIndex {
 public:
  enum class Form : uint8_t { kPlain, kHex, kBase64 };
  struct Gram {
    uint32_t bytes = 0;  // four bytes, folded
    uint32_t next = 0;   // in the chain of its head; 0 ends it
    uint32_t candidate = 0;
    Form form = Form::kPlain;
    uint8_t alignment = 0;  // base64: bytes before the value, modulo 3
    uint8_t offset = 0;     // of the gram in the pattern
  };

  GramIndex() : heads_(kHeadsMin, 0) { grams_.emplace_back(); }

  // Empties the index and makes it fit for `grams` of them.
  void Start(size_t grams) {
    if (grams_.size() > heads_.size() / 4) {
      std::fill(heads_.begin(), heads_.end(), 0);
    } else {
      for (const Gram& gram : grams_) heads_[Head(gram.bytes)] = 0;
    }
    grams_.resize(1);
    const size_t heads = std::bit_ceil(std::max(kHeadsMin, grams * 4));
    if (heads <= heads_.size()) return;
    heads_.assign(heads, 0);
    shift_ = 32 - std::countr_zero(heads);
  }

  // Adds `gram` under its bytes.
  void Add(const Gram& gram) {
    uint32_t& head = heads_[Head(gram.bytes)];
    grams_.push_back(gram);
    grams_.back().next = head;
    head = static_cast<uint32_t>(grams_.size() - 1);
  }

  // The first of the chain that `bytes` belong to; 0: none. Others by next.
  uint32_t First(uint32_t bytes) const { return heads_[Head(bytes)]; }
  const Gram& operator[](uint32_t index) const { return grams_[index]; }

 private:
  static constexpr size_t kHeadsMin = 1024;

  size_t Head(uint32_t bytes) const { return (bytes * 0x9E3779B1U) >> shift_; }

  std::vector<uint32_t> heads_;
  std::vector<Gram> grams_;  // grams_[0] stands for "none"
  int shift_ = 32 - std::countr_zero(kHeadsMin);
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_GRAM_INDEX_H_
