// The event log of the running stage: one JSON object a line, for machines.
#ifndef NYMSTREAM_OBSERVE_EVENT_LOG_H_
#define NYMSTREAM_OBSERVE_EVENT_LOG_H_

#include <array>
#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "observe/clock.h"
#include "observe/event.h"
#include "observe/event_value.h"

namespace nymstream {

// Per event name: so many at once, then one a second.
inline constexpr int kEventBurst = 20;
// A longer line loses its fields and says "truncated":true. At most PIPE_BUF.
inline constexpr size_t kEventLineBytesMax = 4096;

struct EventLogOptions {
  int fd = 2;  // borrowed; must outlive the log
  Clock clock = SystemClock();
  // Every name of the configuration that an event may mention: topics, group,
  // releases, brokers, instance. Never made from a record.
  std::vector<std::string> config_names;
};

// {"time":"2026-11-03T09:12:44.017Z","level":"info","event":"lane_started",
//  "lane":0,"group":"nymstream"}
//
// It can't hold bytes of a record: see event_value.h.
//
// Errors: none. A line that can't be written at once (nobody reads the pipe,
//   the disk is full) is dropped and counted; so are events beyond the rate.
//   The next line of the same event says how many: "dropped":1234; what is
//   outstanding at the end is told by events_dropped.
// Threads: any number at a time.
// Cost: one write(2) a line, 6 to 9 us, under one mutex; 0.2 us beyond the
//   rate. The descriptor is asked before whether it takes a line, so that a
//   stuck reader can't stop a lane; only another process that fills the same
//   pipe in between can.
class EventLog {
 public:
  explicit EventLog(EventLogOptions options);
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  //   log.Emit(Event::kPartitionsAssigned,
  //            {{"lane", lane}, {"topic", log.Name(topic)}, {"partitions",
  //            3}});
  // Keys are told in their order and must differ from one another and from
  // time, level, event and dropped.
  void Emit(Event event, std::initializer_list<EventField> fields = {});

  // The name of the configuration that equals `text`, else "unlisted".
  ConfigName Name(std::string_view text) const;

 private:
  struct Allowance {
    int64_t tokens_ns = 0;    // time saved up; one event costs a second
    int64_t refilled_ns = 0;  // when it was last counted
    uint64_t dropped = 0;     // since the last line of this event
  };

  // All under mutex_.
  bool Spend(Allowance* allowance);
  bool Write(std::string_view line) const;
  void Render(Event event, std::span<const EventField> fields,
              uint64_t dropped);

  const int fd_;
  const Clock clock_;
  const std::vector<std::string> names_;  // sorted
  std::mutex mutex_;
  std::array<Allowance, kEventCount> allowances_;
  std::string line_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_EVENT_LOG_H_
