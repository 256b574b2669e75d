#include "observe/event.h"

#include <array>
#include <cstddef>

namespace nymstream {
namespace {

using enum EventLevel;

// In the order of Event.
constexpr std::array<EventText, kEventCount> kEventTexts = {{
    {"stage_started", kInfo, "pipeline lanes port",
     "the configuration is sound and the lanes begin"},
    {"stage_stopping", kInfo, "reason",
     "a signal came or a lane failed; what is open is committed"},
    {"stage_stopped", kInfo, "exit_code", "the last line of a run"},
    {"start_refused", kError, "check",
     "a check at the start failed; the message on stderr says what to do"},
    {"keys_loaded", kInfo, "epochs", "the keyring was read"},
    {"keys_refused", kError, "",
     "the keyring was changed and does not serve; the one before stays in "
     "use, mend the file"},
    {"topic_created", kInfo, "topic partitions",
     "an output topic was missing and `create` allows to make it"},
    {"quarantine_limit_passed", kError, "lane",
     "too much is quarantined; the stage stops, as the input or its schema "
     "has changed"},
    {"lane_started", kInfo, "lane", "a lane joins the group"},
    {"lane_stopped", kInfo, "lane", "it has committed and left the group"},
    {"lane_failed", kError, "lane error",
     "a call failed beyond repair; the stage stops and can be started again"},
    {"watchdog_expired", kError, "",
     "a call does not return; the process ends and can be started again"},
    {"partitions_assigned", kInfo, "lane topic partitions", "a rebalance"},
    {"partitions_revoked", kInfo, "lane topic partitions",
     "a rebalance; what was open is committed or aborted first"},
    {"partitions_lost", kWarning, "lane topic partitions",
     "the group went on without this member; the transaction is aborted"},
    {"group_rejoined", kWarning, "lane",
     "after an outage the group took this member for two of one name; it "
     "joined anew, as no other process has its transactional id"},
    {"position_missing", kError, "lane topic",
     "the committed offset is not there any more: records were deleted before "
     "they were read; choose a start for the group"},
    {"transaction_aborted", kWarning, "lane error",
     "its records are read again"},
    {"transaction_outcome_unknown", kWarning, "lane",
     "no clear answer to a commit or an abort; the producer is made anew and "
     "the committed offsets decide"},
    {"producer_restarted", kWarning, "lane reason", "made anew"},
    {"producer_fenced", kError, "lane",
     "another process has the same transactional id; check the ordinals"},
    {"topic_missing", kError, "lane topic",
     "a topic that is written is not there any more; make it again"},
    {"call_retried", kWarning, "lane error",
     "a passing fault; the same call is made again"},
    {"brokers_down", kWarning, "lane",
     "no broker can be reached; the lane waits"},
    {"brokers_back", kInfo, "", "the lane goes on"},
    {"client_error", kWarning, "lane error",
     "librdkafka reports an error and goes on by itself"},
    {"client_message", kWarning, "lane severity",
     "librdkafka has a message; its text is not shown, as it is not ours"},
    {"events_dropped", kWarning, "of dropped",
     "lines of one event that were not written, told at the end"},
}};

}  // namespace

std::string_view EventLevelName(EventLevel level) {
  constexpr std::array<std::string_view, 3> kNames = {"info", "warning",
                                                      "error"};
  return kNames[static_cast<size_t>(level)];
}

const EventText& TextOf(Event event) {
  return kEventTexts[static_cast<size_t>(event)];
}

}  // namespace nymstream
