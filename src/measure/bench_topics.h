// The topics that a bench makes on a user's cluster, and deletes again.
#ifndef NYMSTREAM_MEASURE_BENCH_TOPICS_H_
#define NYMSTREAM_MEASURE_BENCH_TOPICS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "kafka/admin.h"
#include "kafka/client_credentials.h"
#include "measure/apart.h"
#include "nymstream/pipeline.h"

namespace nymstream {

// What a topic of a bench keeps if nobody deletes it.
inline constexpr int64_t kBenchRetentionMs = 2 * 3600 * 1000;

struct BenchTopics {
  std::string name;   // begins all others
  std::string probe;  // made and deleted at once; nothing is written to it
  std::string input;  // raw
  std::string passthrough;            // raw
  std::vector<std::string> releases;  // as in the pipeline
  std::string quarantine;
};

// kInvalidArgument if one of them is a topic of `pipeline`.
absl::StatusOr<BenchTopics> NameBenchTopics(const Pipeline& pipeline,
                                            std::string name);

// `pipeline` over these topics, from their beginning, for a group whose members
// leave it when they end.
Pipeline PipelineOver(const BenchTopics& topics, std::string_view group,
                      Pipeline pipeline);

// A client for administration. kInvalidArgument if a setting is refused,
// kUnavailable if no broker answers.
absl::StatusOr<std::unique_ptr<Admin>> ConnectAdmin(
    const KafkaSource& source,
    std::shared_ptr<const ClientCredentials> credentials);

// Makes all of them, once it has seen that it may delete what it made. Tells
// `teller` the name of each topic that is there because of us, or may be. A
// topic that is there already is an error and stays as it is.
absl::Status MakeBenchTopics(const BenchTopics& topics, int partitions,
                             const Limits& limits, Admin* admin,
                             Teller* teller);

// Deletes `names`; one that is gone is no error. The error names those that are
// left.
absl::Status DeleteBenchTopics(const std::vector<std::string>& names,
                               Admin* admin);

}  // namespace nymstream

#endif  // NYMSTREAM_MEASURE_BENCH_TOPICS_H_
