// Bugs that the simulation has to find, each a layer between lane and client.
#ifndef NYMSTREAM_TESTS_UNIT_KAFKA_PLANTED_BUGS_H_
#define NYMSTREAM_TESTS_UNIT_KAFKA_PLANTED_BUGS_H_

#include <cstdint>
#include <memory>

#include "kafka/lane_client.h"

namespace nymstream {

enum class PlantedBug : uint8_t {
  kNone,
  kCommitBeforeOffsets,  // output first, its offsets in a transaction behind
  kNoRewind,             // after an abort: goes on where it was
  kNoSeek,               // after an abort: counts back, but fetches on
  kIgnoreIndefinite,     // begins again after an end sent twice
  kKeepAcrossRebalance,  // uses what a rebalance cut
  kLoseEndsAtRebalance,  // takes ends that a rebalance cut as told
  kEndOfStatistics,      // takes the topic's end for the end of what it saw
  kRejoinUnconfirmed,    // joins anew though another process has our name
  kMetadataOfNow,        // a flaw of the client, see SimClientFlaws
  kUnstableCommitted,    // the same
  kForgetIndefinite,     // the same
};

// A client that behaves as a lane with `bug` would see or use it; forwards to
// `client`, which is borrowed. kNone and the flaws of the client: forwards
// only.
std::unique_ptr<LaneClient> PlantBug(PlantedBug bug, LaneClient* client);

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_KAFKA_PLANTED_BUGS_H_
