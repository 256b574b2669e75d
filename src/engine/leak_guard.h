// Looks for withheld values in what is about to leave.
#ifndef NYMSTREAM_ENGINE_LEAK_GUARD_H_
#define NYMSTREAM_ENGINE_LEAK_GUARD_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "engine/encoded_windows.h"
#include "engine/gram_index.h"
#include "engine/size_set.h"
#include "engine/treated_value.h"
#include "engine/value_treater.h"

namespace nymstream {

// A piece of input that leaves, and what was found out about it when it was
// treated.
struct GuardedPiece {
  std::string_view text;
  // As it stood in the record, and the cuts that made it `text`. As in Result.
  std::string_view original{};
  std::span<const Cut> cuts{};
  bool joined = false;
  // It may hold escapes of the record's format.
  bool escaped = false;
  // A number: only a candidate that equals it counts.
  bool whole = false;
  // What was found out about it; null: nothing. Without facts it may hold
  // percent signs only if it is `escaped`.
  const PieceFacts* facts = nullptr;
};

// Finds every candidate of one record in the pieces of input that leave with
// it: plain (ASCII case ignored, '+' for a space), in lower or upper hex, in
// base64 (both alphabets, any alignment), each also behind the record format's
// escapes and up to kPercentLayers of percent-encoding. docs/threat-model.md
// says what it does not see. One thread per object.
//
// Cost: the facts of a piece and the marks of a candidate, both made when the
// values were treated, rule most pairs out in a few instructions. Only if that
// fails, once for many records, an index of four-byte grams of the candidates
// is made and the piece looked up at every fourth byte. Linear, because pairs
// are compared for few candidates only and all else is bounded by a budget,
// after which the record is reported as exhausted and must not leave. No
// allocation once warm.
class LeakGuard {
 public:
  explicit LeakGuard(LogFormat format);

  // Starts a record. Candidates must stay until the next call.
  void Begin(std::span<const Candidate> candidates, size_t record_bytes);

  // The releases of `releases` in which `piece` holds a candidate, unless the
  // budget runs out.
  ReleaseMask Scan(const GuardedPiece& piece, ReleaseMask releases);

  // The piece as it may leave in one release of what Scan returned: the hits'
  // spans replaced by kRedacted; the whole piece where a hit lies in a number,
  // in a string with escapes or partly in a cut, or where one is left after
  // that. Lives in `arena`.
  std::string_view Redact(const GuardedPiece& piece, ReleaseMask release,
                          Arena* arena);

  // The budget ran out: what was not looked at must not leave.
  bool exhausted() const { return budget_ == 0; }

 private:
  struct Span {
    size_t begin;
    size_t end;
  };

  // False if no candidate has as many bytes, so that none is a whole piece.
  bool MayBeWhole(size_t bytes) const { return sizes_.Has(bytes); }
  // Makes plain_ and words_ if the record has not needed them so far.
  void IndexPlain();
  void AddPlain(uint32_t candidate);
  // The grams that a search for `text`, the beginning of a candidate, meets.
  void AddPlainGrams(std::string_view text, uint32_t candidate);
  void AddWindow(const GuardMarks& marks);
  // Makes encoded_ if the record has not needed it so far.
  void IndexEncoded();
  void AddEncoded(uint32_t candidate);
  void Spend(size_t work) { budget_ -= work < budget_ ? work : budget_; }
  // False if no candidate can be in `piece` in clear. Else suspects_ are those
  // that can, if they are few and known.
  bool MayHoldPlain(const GuardedPiece& piece);
  bool MayHoldEncoded(const GuardedPiece& piece) const;
  bool MayHoldWindow(std::span<const uint32_t> windows) const {
    return std::any_of(windows.begin(), windows.end(), [&](uint32_t window) {
      return window_filter_.Has(window) && HasCandidateWindow(window);
    });
  }
  bool HasCandidateWindow(uint32_t window) const;
  ReleaseMask ScanWhole(std::string_view piece);
  // Makes spans_ of `piece.text` for `release`, in order.
  void FindSpans(const GuardedPiece& piece, bool encoded, ReleaseMask release);
  // `text` with spans_ replaced by kRedacted.
  std::string_view Splice(std::string_view text, Arena* arena) const;

  // Calls found(candidate, span) for each hit in `text`.
  template <typename Found>
  void Search(std::string_view text, bool encoded, Found found);
  // Looks for suspects_ one by one.
  template <typename Found>
  void SearchSuspects(std::string_view text, Found found);
  template <typename Found>
  void SearchIndex(const GramIndex& index, size_t stride, std::string_view text,
                   Found found);
  template <typename Found>
  void SearchWords(std::string_view text, Found found);
  static bool IsWord(std::string_view text, const Span& span);
  bool Verify(std::string_view text, size_t at, const GramIndex::Gram& gram,
              Span* span);
  // Calls use(view) for each decoded view of `piece` that differs from it.
  template <typename Use>
  void ForEachDecoded(const GuardedPiece& piece, Use use);
  // Calls use(view, origin) for `text` and each decoded view of it; origin(at)
  // is where in `text` the byte at `at` of the view comes from.
  template <typename Use>
  void ForEachTracked(std::string_view text, Use use);
  // Calls found(candidate, span) for each hit in the original of `piece` (its
  // escapes decoded) that was not cut out as a whole.
  template <typename Found>
  void SearchUncut(const GuardedPiece& piece, bool encoded, Found found);

  DecodeFunction decode_;
  std::span<const Candidate> candidates_;
  ReleaseMask candidate_releases_ = 0;
  // More candidates are not compared with each piece, which would take
  // quadratic time, but indexed.
  static constexpr size_t kComparedMax = 64;
  // The first mark of each candidate, if there are no more than kComparedMax.
  std::array<GramSignature::Bit, kComparedMax> first_grams_;
  bool any_gram_ = false;  // no gram rules out some candidate
  // More are looked for by the index.
  static constexpr size_t kSuspectsMax = 4;
  std::array<uint32_t, kSuspectsMax> suspects_;
  size_t suspect_count_ = 0;  // 0: look for all candidates
  bool plain_indexed_ = false;
  GramIndex plain_;
  GramIndex encoded_;
  bool encoded_indexed_ = false;
  GramIndex words_;  // candidates that count as whole words only
  bool has_words_ = false;
  WindowFilter window_filter_;  // of candidates' windows
  bool any_window_ = false;     // a candidate has no window
  SizeSet sizes_;               // of candidates
  size_t plain_stride_ = 4;
  size_t encoded_stride_ = 4;
  size_t budget_ = 0;
  Arena arena_{4096};
  std::vector<Span> spans_;
  std::vector<uint32_t> origins_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_LEAK_GUARD_H_
