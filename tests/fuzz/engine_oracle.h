// What must hold of a Deidentifier's output, whatever went in; told by slow
// means of its own.
#ifndef NYMSTREAM_TESTS_FUZZ_ENGINE_ORACLE_H_
#define NYMSTREAM_TESTS_FUZZ_ENGINE_ORACLE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nymstream/batch.h"
#include "nymstream/deidentifier.h"
#include "nymstream/plan.h"

namespace nymstream {

// Aborts, which is how a fuzz target reports.
void Check(bool condition);

std::vector<std::string_view> LinesOf(std::string_view text);

// True if `value` shows in `text`: plain with any case, in hex of either case
// or in base64 of either alphabet and any alignment, each behind up to two
// layers of percent-encoding.
bool Shows(std::string_view text, std::string_view value);

// Two engines of one plan that must agree: one takes a text whole and keeps a
// large memo from text to text, the other takes it line by line and has a memo
// that forgets.
class EnginePair {
 public:
  explicit EnginePair(const std::shared_ptr<const Plan>& plan);

  // Processes `text` and checks that counters add up and fit the bytes, and
  // that both engines say the same. The result lives until the next call.
  const ReleasedBatch& Run(std::string_view text);

 private:
  void RunByLines(std::string_view text);

  std::unique_ptr<Deidentifier> whole_engine_;
  std::unique_ptr<Deidentifier> line_engine_;
  RawBatch raw_;
  ReleasedBatch whole_;
  ReleasedBatch part_;
  std::vector<std::string> joined_;
  std::vector<Receipt> receipts_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_FUZZ_ENGINE_ORACLE_H_
