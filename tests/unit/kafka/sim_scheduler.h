// The clock of a simulation and what happens when: fibers that sleep, and
// events. Nothing takes time but sleeping.
#ifndef NYMSTREAM_TESTS_UNIT_KAFKA_SIM_SCHEDULER_H_
#define NYMSTREAM_TESTS_UNIT_KAFKA_SIM_SCHEDULER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "unit/kafka/fiber.h"
#include "unit/kafka/sim_random.h"

namespace nymstream {

// Microseconds since the simulation began.
using SimTime = int64_t;
inline constexpr SimTime kSimMs = 1000;
inline constexpr SimTime kSimSecond = 1000 * kSimMs;

class SimScheduler {
 public:
  // `random` is borrowed: it decides between what is due at the same time.
  // With `trace` every Trace() line goes to stderr.
  SimScheduler(SimRandom* random, bool trace)
      : random_(*random), trace_(trace) {}

  SimTime now() const { return now_; }

  void At(SimTime time, std::function<void()> event);
  // A fiber that begins now.
  void Spawn(std::function<void()> body);
  // From within a fiber.
  void Sleep(SimTime duration);
  // Does what is due next, and sets the clock to it; false, and the clock is
  // at `until`, if nothing is due before that.
  bool Step(SimTime until);

  bool tracing() const { return trace_; }
  void Trace(const std::string& line) const;

 private:
  using Due = std::pair<SimTime, uint64_t>;  // then by luck
  Due DueAt(SimTime time) { return {time, random_.Next()}; }

  SimRandom& random_;
  const bool trace_;
  SimTime now_ = 0;
  std::multimap<Due, std::function<void()>> events_;
  std::multimap<Due, std::unique_ptr<Fiber>> sleepers_;
  Fiber* running_ = nullptr;
  SimTime wake_ = 0;  // when the running fiber wants to go on
};

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_KAFKA_SIM_SCHEDULER_H_
