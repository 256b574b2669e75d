// What a record releases of its input, in few words: rules withheld values out.
#ifndef NYMSTREAM_ENGINE_OUTGOING_FILTER_H_
#define NYMSTREAM_ENGINE_OUTGOING_FILTER_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/encoded_windows.h"
#include "engine/gram_signature.h"
#include "engine/treated_value.h"

namespace nymstream {

// The union of the facts of every string and number that leaves in any release.
// Most withheld values of a record are in none of them, and are ruled out here
// by a gram or two before anything is kept of them; the leak guard looks for
// the rest. No false negatives: a value that is in a piece passes. One thread
// per object. Cost: some twenty instructions for a piece, about ten for a value
// that is ruled out.
class OutgoingFilter {
 public:
  // Nothing leaves.
  void Start() {
    grams_ = GramSignature();
    windows_.fill(0);
    number_sizes_ = 0;
    unknown_ = strings_ = any_window_ = false;
  }

  // A string leaves that these facts are of.
  void AddString(const PieceFacts& facts) {
    strings_ = true;
    grams_.Add(facts.grams);
    any_window_ |= facts.any_window;
    for (const uint32_t window : facts.windows) {
      const size_t bit = WindowBit(window);
      windows_[bit / 64] |= uint64_t{1} << bit % 64;
    }
  }
  // Numbers of these sizes leave; see SizeBit.
  void AddNumbers(uint64_t sizes) { number_sizes_ |= sizes; }
  static uint64_t SizeBit(size_t bytes) {
    return uint64_t{1} << std::min<size_t>(bytes, 63);
  }
  // Something leaves of which nothing is known.
  void AddUnknown() { unknown_ = true; }

  // All that leaves by `other`.
  void Add(const OutgoingFilter& other) {
    grams_.Add(other.grams_);
    for (size_t i = 0; i < windows_.size(); ++i)
      windows_[i] |= other.windows_[i];
    number_sizes_ |= other.number_sizes_;
    unknown_ |= other.unknown_;
    strings_ |= other.strings_;
    any_window_ |= other.any_window_;
  }

  // Of grams, that may be in what leaves.
  int grams() const { return grams_.Count(); }

  // False if nothing of the input leaves.
  bool HoldsAny() const { return unknown_ || strings_ || number_sizes_ != 0; }

  // False if `value`, trimmed, is in nothing that leaves, in any encoding.
  bool MayHold(std::string_view value) const {
    if (value.size() < kGramBytes || unknown_ || MayBeNumber(value))
        [[unlikely]] {
      return HoldsAny();
    }
    return strings_ && (MayHoldPlain(value) || MayHoldEncoded(value));
  }
  // The same of a value whose marks are known.
  bool MayHold(const Candidate& marked) const {
    const GuardMarks& marks = marked.marks;
    if (marks.any_gram || marks.any_window || unknown_ ||
        MayBeNumber(marked.value)) [[unlikely]] {
      return HoldsAny();
    }
    return MayHoldGrams(marks) ||
           (marks.has_window && (any_window_ || HasWindow(marks.window)));
  }

 private:
  static size_t WindowBit(uint32_t window) {
    return (window * 0x9E3779B1U) >> 23;
  }
  bool HasWindow(uint32_t window) const {
    const size_t bit = WindowBit(window);
    return (windows_[bit / 64] >> bit % 64 & 1) != 0;
  }
  bool MayBeNumber(std::string_view value) const {
    if ((number_sizes_ & SizeBit(value.size())) == 0) [[likely]]
      return false;
    return value.front() == '-' ||
           (value.front() >= '0' && value.front() <= '9');
  }
  // A gram with a space says nothing, since a text may hold '+' there.
  bool MayHoldGram(const char* at) const {
    const uint32_t gram = LoadGram(at);
    return grams_.Has(GramSignature::BitOf(gram)) || HasSpace(gram);
  }
  bool MayHoldPlain(std::string_view value) const {
    const size_t middle = (value.size() - kGramBytes) / 2;
    return MayHoldGram(value.data() + middle) && MayHoldMore(value);
  }
  bool MayHoldMore(std::string_view value) const {
    const char* const first = value.data();
    const size_t last = value.size() - kGramBytes;
    return MayHoldGram(first) && MayHoldGram(first + last) &&
           MayHoldGram(first + last / 4) &&
           MayHoldGram(first + last - last / 4);
  }
  bool MayHoldGrams(const GuardMarks& marks) const {
    return std::all_of(marks.grams.begin(), marks.grams.end(),
                       [&](GramSignature::Bit bit) { return grams_.Has(bit); });
  }
  bool MayHoldEncoded(std::string_view value) const {
    if (value.size() < kEncodedBytesMin) return false;
    const auto window = WindowOf(value);
    return !window || any_window_ || HasWindow(*window);
  }

  GramSignature grams_;
  std::array<uint64_t, 8> windows_{};
  uint64_t number_sizes_ = 0;  // bit n: a number of n bytes (63: or more)
  bool unknown_ = false;
  bool strings_ = false;
  bool any_window_ = false;  // some string has too many windows to know them
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_OUTGOING_FILTER_H_
