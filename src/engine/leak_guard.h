// Looks for withheld values in what is about to leave.
#ifndef NYMSTREAM_ENGINE_LEAK_GUARD_H_
#define NYMSTREAM_ENGINE_LEAK_GUARD_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "engine/treated_value.h"
#include "engine/value_treater.h"

namespace nymstream {

// Finds every candidate of one record in the pieces of input that leave with
// it: plain (ASCII case ignored), in lower or upper hex, in base64 (both
// alphabets, any alignment), each also behind the record format's escapes and
// up to two layers of percent-encoding. One thread per object. Cost: an index
// of four-byte grams is made per record, and each piece is looked up at every
// fourth byte; linear, because work is bounded by a budget, after which the
// record is reported as exhausted and must not leave. No allocation once warm.
//
// Hex and base64 are looked for from kEncodedBytesMin bytes on; shorter values
// occur in them by chance.
class LeakGuard {
 public:
  static constexpr size_t kEncodedBytesMin = 6;

  explicit LeakGuard(LogFormat format);

  // Starts a record. Candidates must stay until the next call.
  void Begin(std::span<const Candidate> candidates, size_t record_bytes);

  // One piece of input that leaves in `releases`. `whole` (numbers): only a
  // candidate that equals the piece counts. `escaped`: the piece may hold the
  // format's escapes. Returns the releases in which it holds a candidate.
  ReleaseMask Scan(std::string_view piece, bool escaped, bool whole,
                   ReleaseMask releases);

  // `piece` as it may leave in one release of what Scan returned: the hits'
  // spans replaced by kRedacted; the whole piece where a hit shows behind an
  // encoding, in a number, or in a string with escapes. Lives in `arena`.
  std::string_view Redact(std::string_view piece, bool escaped, bool whole,
                          ReleaseMask release, Arena* arena);

  // The budget ran out: what was not looked at must not leave.
  bool exhausted() const { return budget_ == 0; }

 private:
  enum class Form : uint8_t { kPlain, kHex, kBase64 };
  struct Gram {
    uint32_t bytes;  // four bytes, folded
    uint32_t next;   // in the chain of its head; 0 ends it
    uint32_t candidate;
    Form form;
    uint8_t alignment;  // base64: bytes before the value, modulo 3
    uint8_t offset;     // of the gram in the pattern
  };
  struct Span {
    size_t begin;
    size_t end;
  };

  void AddPatterns(uint32_t candidate);
  void AddGrams(const char* pattern, size_t grams, uint32_t candidate,
                Form form, uint8_t alignment);
  void AddGram(uint32_t bytes, const Gram& gram);
  void Clear();
  void Spend(size_t work) { budget_ -= work < budget_ ? work : budget_; }

  // Calls found(gram's candidate, span) for each hit in `text`.
  template <typename Found>
  void Search(std::string_view text, Found found);
  template <typename Found>
  void SearchWords(std::string_view text, Found found);
  bool Verify(std::string_view text, size_t at, const Gram& gram, Span* span);
  // Calls use(view) for each decoded view of `piece` that differs from it.
  template <typename Use>
  void ForEachDecoded(std::string_view piece, bool escaped, Use use);

  DecodeFunction decode_;
  std::span<const Candidate> candidates_;
  ReleaseMask candidate_releases_ = 0;
  std::vector<uint32_t> heads_;
  std::vector<Gram> grams_;      // grams_[0] stands for "none"
  std::vector<uint32_t> words_;  // candidates that count as whole words only
  size_t stride_ = 4;
  size_t budget_ = 0;
  Arena arena_{4096};
  std::vector<Span> spans_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_LEAK_GUARD_H_
