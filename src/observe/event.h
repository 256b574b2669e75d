// Every event that the event log can tell of: name, level, fields, meaning.
// docs/reference/events.md is made of this table.
#ifndef NYMSTREAM_OBSERVE_EVENT_H_
#define NYMSTREAM_OBSERVE_EVENT_H_

#include <cstdint>
#include <string_view>

namespace nymstream {

enum class EventLevel : uint8_t { kInfo, kWarning, kError };
std::string_view EventLevelName(EventLevel level);

// A new event is a row here and one in event.cc.
enum class Event : uint8_t {
  // The stage.
  kStageStarted,
  kStageStopping,
  kStageStopped,
  kStartRefused,
  kKeysLoaded,
  kKeysRefused,
  kTopicCreated,
  kQuarantineLimitPassed,
  // A lane.
  kLaneStarted,
  kLaneStopped,
  kLaneFailed,
  kWatchdogExpired,
  // Its consumer.
  kPartitionsAssigned,
  kPartitionsRevoked,
  kPartitionsLost,
  kGroupRejoined,
  kPositionMissing,
  // Its producer.
  kTransactionAborted,
  kTransactionOutcomeUnknown,
  kProducerRestarted,
  kProducerFenced,
  kTopicMissing,
  kCallRetried,
  // Its connection.
  kBrokersDown,
  kBrokersBack,
  kClientError,
  kClientMessage,
  // The log itself.
  kEventsDropped,
};
inline constexpr int kEventCount = static_cast<int>(Event::kEventsDropped) + 1;

struct EventText {
  std::string_view name;
  EventLevel level;
  std::string_view fields;   // names, separated by a space
  std::string_view meaning;  // and what to do
};
const EventText& TextOf(Event event);

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_EVENT_H_
