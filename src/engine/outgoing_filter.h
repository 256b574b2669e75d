// What a record releases of its input, in few words: rules withheld values out.
#ifndef NYMSTREAM_ENGINE_OUTGOING_FILTER_H_
#define NYMSTREAM_ENGINE_OUTGOING_FILTER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/branch_free.h"
#include "engine/encoded_windows.h"
#include "engine/gram_signature.h"
#include "engine/size_set.h"
#include "engine/treated_value.h"

namespace nymstream {

// The grams and windows of strings that leave: asks whether they may hold a
// value. A view; `Windows` says which windows there are.
template <typename Windows>
class StringFilter {
 public:
  // `any_window`: a string has too many windows to know them.
  StringFilter(const GramSignature& grams, const Windows& windows,
               bool any_window)
      : grams_(grams), windows_(windows), any_window_(any_window) {}

  // Of a value of at least kGramBytes.
  bool MayHold(std::string_view value) const {
    const bool encoded = MayHoldEncoded(value);
    if (!AnyOf(MayHoldSomeGrams(value), encoded)) [[likely]]
      return false;
    return encoded || MayHoldMoreGrams(value);
  }
  // Of a value whose marks rule something out.
  bool MayHold(const GuardMarks& marks) const {
    return AnyOf(marks.MayBeIn(grams_),
                 AllOf(marks.has_window != 0,
                       AnyOf(any_window_, windows_.Has(marks.window))));
  }

 private:
  // A gram with a space says nothing, since a text may hold '+' there.
  bool MayHoldGram(const char* at) const {
    const uint32_t gram = LoadGram(at);
    return AnyOf(grams_.Has(GramSignature::BitOf(gram)), HasSpace(gram));
  }
  bool MayHoldSomeGrams(std::string_view value) const {
    const size_t last = value.size() - kGramBytes;
    return AllOf(MayHoldGram(value.data() + last / 2),
                 MayHoldGram(value.data()));
  }
  bool MayHoldMoreGrams(std::string_view value) const {
    const char* const first = value.data();
    const size_t last = value.size() - kGramBytes;
    return MayHoldSomeGrams(value) && MayHoldGram(first + last) &&
           MayHoldGram(first + last / 4) &&
           MayHoldGram(first + last - last / 4);
  }
  bool MayHoldEncoded(std::string_view value) const {
    if (value.size() < kEncodedBytesMin) [[unlikely]]
      return false;
    const auto window = WindowOf(value);
    return AnyOf(!window.has_value(), any_window_,
                 windows_.Has(window.value_or(0)));
  }

  const GramSignature& grams_;
  const Windows& windows_;
  bool any_window_;
};

// True if the filters of a value below kGramBytes, or of one without marks, say
// nothing.
inline bool IsUnfiltered(std::string_view value) {
  return value.size() < kGramBytes;
}
inline bool IsUnfiltered(const Candidate& marked) {
  return (marked.marks.any_gram | marked.marks.any_window) != 0;
}
inline std::string_view ValueOf(std::string_view value) { return value; }
inline std::string_view ValueOf(const Candidate& marked) {
  return marked.value;
}
inline std::string_view FilteredBy(std::string_view value) { return value; }
inline const GuardMarks& FilteredBy(const Candidate& marked) {
  return marked.marks;
}

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
    windows_.Clear();
    number_sizes_ = SizeSet();
    unknown_ = strings_ = any_window_ = false;
  }

  // A string leaves that these facts are of.
  void AddString(const PieceFacts& facts) {
    strings_ = true;
    grams_.Add(facts.grams);
    any_window_ |= facts.any_window;
    for (const uint32_t window : facts.windows()) windows_.Add(window);
  }
  // Numbers of these sizes leave.
  void AddNumbers(const SizeSet& sizes) { number_sizes_.Add(sizes); }
  void AddNumber(size_t bytes) { number_sizes_.Add(bytes); }
  // Something leaves of which nothing is known.
  void AddUnknown() { unknown_ = true; }

  // All that leaves by `other`.
  void Add(const OutgoingFilter& other) {
    grams_.Add(other.grams_);
    windows_.Add(other.windows_);
    number_sizes_.Add(other.number_sizes_);
    unknown_ |= other.unknown_;
    strings_ |= other.strings_;
    any_window_ |= other.any_window_;
  }

  // Of grams, that may be in what leaves.
  int grams() const { return grams_.Count(); }

  // False if nothing of the input leaves.
  bool HoldsAny() const {
    return unknown_ || strings_ || !number_sizes_.empty();
  }

  // False if the value, a trimmed text or a candidate with its marks, is in
  // nothing that leaves, in any encoding.
  template <typename Value>
  bool MayHold(const Value& value) const {
    if (IsUnfiltered(value) || unknown_ || MayBeNumber(ValueOf(value)))
        [[unlikely]] {
      return HoldsAny();
    }
    return StringFilter(grams_, windows_, any_window_)
               .MayHold(FilteredBy(value)) &&
           strings_;
  }

 private:
  bool MayBeNumber(std::string_view value) const {
    if (!number_sizes_.Has(value.size())) [[likely]]
      return false;
    return value.front() == '-' ||
           (value.front() >= '0' && value.front() <= '9');
  }

  GramSignature grams_;
  WindowFilter windows_;
  SizeSet number_sizes_;
  bool unknown_ = false;
  bool strings_ = false;
  bool any_window_ = false;  // some string has too many windows to know them
};

// The same of the one string that `facts` are of.
template <typename Value>
bool MayHold(const PieceFacts& facts, const Value& value) {
  struct Windows {
    bool Has(uint32_t window) const {
      return std::find(all.begin(), all.end(), window) != all.end();
    }
    std::span<const uint32_t> all;
  };
  if (IsUnfiltered(value)) return true;
  const Windows windows{facts.windows()};
  return StringFilter(facts.grams, windows, facts.any_window)
      .MayHold(FilteredBy(value));
}

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_OUTGOING_FILTER_H_
