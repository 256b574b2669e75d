// A Deidentifier with what it needs, made from YAML, for tests and benches.
#ifndef NYMSTREAM_TESTS_SUPPORT_ENGINE_HARNESS_H_
#define NYMSTREAM_TESTS_SUPPORT_ENGINE_HARNESS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nymstream/batch.h"
#include "nymstream/deidentifier.h"
#include "nymstream/keyring.h"
#include "nymstream/plan.h"

namespace nymstream {

// The text of a shipped policy or schema ("policies/no-ip-2024").
std::string ShippedText(std::string_view name);

// Compiles; a finding that is an error is printed and aborts.
std::shared_ptr<const Plan> MakePlan(std::string_view pipeline,
                                     std::string_view policy,
                                     std::string_view schema);

// Series P1D for every day of `first_day` to `first_day + days`, P7D, P30D and
// "subjects", with fixed secrets made from `seed`. With `destroyed`, the first
// day's secret is gone.
std::shared_ptr<const Keyring> MakeKeyring(int64_t first_day, int days,
                                           int seed = 1,
                                           bool destroyed = false);

// Unix seconds of 2026-01-05T00:00:00Z, in the middle of TestKeyring().
inline constexpr int64_t kTestDay = 1767571200;

// Epochs from 2026-01-01 to 2026-02-01.
std::shared_ptr<const Keyring> TestKeyring();

struct Outcome {
  std::vector<std::string> releases;  // bytes of each
  std::vector<Receipt> receipts;
  Counters counters;
};

class EngineHarness {
 public:
  // Fills in keyring (TestKeyring) and as_of (kTestDay + one day) if they are
  // not given.
  explicit EngineHarness(std::shared_ptr<const Plan> plan,
                         DeidentifierOptions options = {});

  Deidentifier& deidentifier() { return *deidentifier_; }

  // Processes `input` as one segment of a new batch.
  Outcome Run(std::string_view input);
  // The first release's bytes of one record, without the line end; "" if it
  // did not leave.
  std::string One(std::string_view record);

 private:
  std::unique_ptr<Deidentifier> deidentifier_;
  RawBatch raw_;
  ReleasedBatch released_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_SUPPORT_ENGINE_HARNESS_H_
