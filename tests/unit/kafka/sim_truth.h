// What every input record of the simulation becomes: known to the work that
// makes it and to the broker that judges it.
#ifndef NYMSTREAM_TESTS_UNIT_KAFKA_SIM_TRUTH_H_
#define NYMSTREAM_TESTS_UNIT_KAFKA_SIM_TRUTH_H_

#include <cstdint>

#include "unit/kafka/sim_random.h"

namespace nymstream {

inline constexpr int kSimTopics = 2;
inline constexpr int kSimTopicPartitions = 2;

// One output record: the `index`-th of its input record. Travels as the bytes
// of the record's value.
struct SimOutput {
  int32_t source_partition = 0;
  int32_t index = 0;
  int64_t source_offset = 0;
  bool operator==(const SimOutput&) const = default;
};

// Some records have several outputs, some have none.
inline int OutputsOf(int32_t partition, int64_t offset) {
  constexpr int kOutputs[] = {0, 1, 1, 1, 1, 1, 2, 3};
  return kOutputs[SimRandom::Mix(
                      static_cast<uint64_t>(offset * 64 + partition)) %
                  8];
}

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_KAFKA_SIM_TRUTH_H_
