// What is known of a lane from outside of its thread.
#ifndef NYMSTREAM_KAFKA_LANE_WATCH_H_
#define NYMSTREAM_KAFKA_LANE_WATCH_H_

#include <atomic>
#include <cstdint>

namespace nymstream {

// Written by the lane and by threads of librdkafka, read by the stage's probes
// and its watchdog.
struct LaneWatch {
  std::atomic<int64_t> beat_ns{0};    // when the loop was last seen alive
  std::atomic<bool> joined{false};    // the group has answered us once
  std::atomic<bool> producer{false};  // there is one
  std::atomic<bool> brokers_down{false};
  std::atomic<bool> stuck{false};  // no beat, though the broker answers
  std::atomic<bool> ended{false};
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_LANE_WATCH_H_
