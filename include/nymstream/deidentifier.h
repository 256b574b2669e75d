// The engine: raw records in, what the plan allows of them out.
#ifndef NYMSTREAM_DEIDENTIFIER_H_
#define NYMSTREAM_DEIDENTIFIER_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "nymstream/batch.h"
#include "nymstream/keyring.h"
#include "nymstream/plan.h"

namespace nymstream {

class CountryLookup;
class RecordSealer;

struct DeidentifierOptions {
  // Required when any release has a keyed treatment or a suppression list.
  std::shared_ptr<const Keyring> keyring;
  // Required when any treatment is kCountry on an address.
  std::shared_ptr<const CountryLookup> countries;
  // Subject tokens of each suppression list, parallel to Plan::rights.
  std::vector<std::vector<std::string>> subjects;
  // Now, or --as-of: decides retention. Unix seconds.
  int64_t as_of = 0;
  // Seals quarantined records; null: receipts only.
  std::shared_ptr<RecordSealer> sealer;
  // Of a quarantined record so much is sealed; the receipt has its true size.
  uint64_t sealed_bytes_max = std::numeric_limits<uint64_t>::max();
  // A record that is larger than this in any release is quarantined: what
  // takes it would not. Its line end does not count.
  uint64_t released_bytes_max = std::numeric_limits<uint64_t>::max();
  // Whether releases with source coordinates hold them in the records. The
  // Kafka stage puts them into a header.
  bool coordinates_in_records = true;
  // Bound of the memo of treated values, in bytes.
  size_t memo_bytes = 48 << 20;
  // Spans of time whose keys stay in locked memory, at most; fewer if no more
  // can be locked. Several objects should divide what there is.
  size_t key_spans_max = 64;
};

// One per thread; shares plan and keyring. Process() can't fail: what can't be
// processed comes back as a receipt. Output depends on each record alone, never
// on its neighbours, so that any split into batches gives the same bytes.
// Cost: one parse for all releases; no allocation per record once warm.
class Deidentifier {
 public:
  // kInvalidArgument or kFailedPrecondition if `options` lack what `plan`
  // needs.
  static absl::StatusOr<std::unique_ptr<Deidentifier>> Create(
      std::shared_ptr<const Plan> plan, DeidentifierOptions options);
  ~Deidentifier();

  // Replaces the content of `released`.
  void Process(RawBatch& raw, ReleasedBatch* released);

  // From now on retention is judged as of this time.
  void SetAsOf(int64_t unix_seconds);

  // Envelopes after this call are sealed with a session key of their own.
  void SetSealer(std::shared_ptr<RecordSealer> sealer);

 private:
  class Impl;
  explicit Deidentifier(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_DEIDENTIFIER_H_
