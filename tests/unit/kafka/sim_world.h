// One simulation from its seed: lanes that come and go, an input that grows,
// a storm of faults, calm, and the judgement.
#ifndef NYMSTREAM_TESTS_UNIT_KAFKA_SIM_WORLD_H_
#define NYMSTREAM_TESTS_UNIT_KAFKA_SIM_WORLD_H_

#include <cstdint>
#include <string>

#include "unit/kafka/planted_bugs.h"

namespace nymstream {

struct SimOutcome {
  std::string violation;  // empty: everything held
  // What happened, to show that something did.
  uint64_t committed_transactions = 0;
  uint64_t processes = 0;
  uint64_t deaths = 0;
  uint64_t rejoins = 0;
  uint64_t ends[8] = {};  // by LaneEnd
  uint64_t records = 0;   // committed ones of the input
  int64_t drain_ms = 0;   // from the last fault to rest
};

// With `trace` every call is told on stderr.
SimOutcome RunSimulation(uint64_t seed, PlantedBug bug, bool trace);

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_KAFKA_SIM_WORLD_H_
