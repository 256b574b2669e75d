// What a replay must know to go on after it was stopped or killed.
#ifndef NYMSTREAM_REPLAY_CHECKPOINT_H_
#define NYMSTREAM_REPLAY_CHECKPOINT_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nymstream/plan.h"
#include "nymstream/verdict.h"
#include "replay/input_list.h"
#include "replay/input_position.h"
#include "replay/replay_document.h"

namespace nymstream {

struct CheckpointInput {
  std::string name;
  bool stream = false;
  FileIdentity identity;
  std::optional<RawPrefix> finished;  // all of it, once it was read to its end
};

struct CheckpointOutput {
  std::string name;
  uint64_t bytes = 0;
};

// Everything that has been written to the outputs, and nothing else, is
// counted in it.
struct Checkpoint {
  std::string version;  // of the program
  int64_t as_of = 0;
  std::vector<ReplayDocument> documents;
  std::vector<CheckpointInput> inputs;
  InputPosition position;
  std::vector<CheckpointOutput> outputs;
  Counters counters;
  std::set<std::string> key_epochs;  // ids of those whose keys were used
  int64_t started = 0;               // unix seconds
  int64_t elapsed_ns = 0;            // over all sessions
};

std::string CheckpointText(const Plan& plan, const Checkpoint& checkpoint);

// kDataLoss if `text` is no checkpoint of `plan`; `path` is for the message.
absl::StatusOr<Checkpoint> ParseCheckpoint(const Plan& plan,
                                           std::string_view text,
                                           std::string_view path);

// kFailedPrecondition, naming what differs, unless a replay that would begin
// as `fresh` can go on from `found`: the same program, documents, inputs and
// outputs.
absl::Status CheckResumable(const Checkpoint& found, const Checkpoint& fresh);

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_CHECKPOINT_H_
