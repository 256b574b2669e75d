// How often what goes wrong in a simulation.
#ifndef NYMSTREAM_TESTS_UNIT_KAFKA_SIM_FAULTS_H_
#define NYMSTREAM_TESTS_UNIT_KAFKA_SIM_FAULTS_H_

#include "unit/kafka/sim_scheduler.h"

namespace nymstream {

// Probabilities, per call if not said otherwise. All zero: a good day.
struct SimFaults {
  double error = 0;             // instead of the call, or after its effect
  double final_error = 0;       // of those errors: fenced or refused
  bool retriable_only = false;  // all of them are retriable
  double slow = 0;              // the call takes long; heartbeats go on
  double pause = 0;             // the process stands still, heartbeats too
  double death = 0;             // of the process, before or after the effect
  double lost = 0;              // the member is thrown out, per Poll()
  double double_join = 0;       // a second copy of a join is under way
  double indefinite = 0;        // a second copy of an EndTxn is under way
  double stale = 0;             // records of before a Seek() come after it
  double seek_blocked = 0;      // Seek() fails until the next Poll()
  double queue_full = 0;        // per Produce()
  double delivery_failure = 0;  // per Produce()
  SimTime latency_max = kSimMs;
  SimTime slow_max = 2 * kSimSecond;
  SimTime pause_max = 5 * kSimSecond;
  SimTime duplicate_delay_max = 4 * kSimSecond;
  SimTime join_delay_max = 500 * kSimMs;
};

// Promises that the client library might not keep.
struct SimClientFlaws {
  // SendOffsets() names the group's metadata of this very moment: none at all
  // once the library has noticed that the member is out.
  bool metadata_of_now = false;
  // Committed() does not wait for pending offsets (no RequireStable).
  bool unstable_committed = false;
  // EndWasIndefinite() tells of the last end only.
  bool forgets_indefinite = false;
};

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_KAFKA_SIM_FAULTS_H_
