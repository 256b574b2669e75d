#include "kafka/lane_end_text.h"

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "kafka/refusal_text.h"
#include "kafka/stage_info.h"

namespace nymstream {
namespace {

// "topic 'x': ", if the error is known to be about one.
std::string TopicOf(const KafkaError& error, const Pipeline& pipeline) {
  if (!error.topic) return "";
  return absl::StrCat("topic '",
                      OutputTopics(pipeline)[static_cast<size_t>(*error.topic)],
                      "': ");
}

}  // namespace

std::string LaneEndText(const LaneResult& result, const Pipeline& pipeline) {
  const auto error = ToAbsl(result.error.name);
  switch (result.end) {
    case LaneEnd::kStopped:
      break;
    case LaneEnd::kCutShort:
      return "stopped, but the last transaction could not be ended; it is "
             "aborted at the next start, and its records are read again";
    case LaneEnd::kQuarantineRatio:
      return absl::StrCat(
          "more records were quarantined than limits.quarantine_ratio_max (",
          pipeline.limits.quarantine_ratio_max,
          ") allows; nothing of the last transaction is committed; mend the "
          "input, the schema or the limit");
    case LaneEnd::kNoStart:
      return "the group has committed no offset yet; say where to begin with "
             "source.kafka.start: earliest or latest";
    case LaneEnd::kFenced:
      return absl::StrCat("another process has taken our place (", error,
                          "); give every process an --instance of its own");
    case LaneEnd::kRefused:
      return absl::StrCat(TopicOf(result.error, pipeline),
                          RefusalText(result.error));
    case LaneEnd::kGaveUp:
      return absl::StrCat("no transaction could be committed (", error,
                          "); nothing is lost, start again once the brokers "
                          "are well");
  }
  return "";
}

}  // namespace nymstream
