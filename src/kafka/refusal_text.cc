#include "kafka/refusal_text.h"

#include <string_view>

#include "absl/strings/str_format.h"

namespace nymstream {
namespace {

struct Refusal {
  std::string_view error;
  std::string_view text;
};

constexpr std::string_view kOffsetsGone =
    "the committed offset is not in the input topic any more: its retention "
    "has passed it, or the topic was made anew; records between are lost to "
    "us, so choose where to go on with kafka-consumer-groups --reset-offsets, "
    "then start again";
constexpr std::string_view kTopicGone =
    "a topic of the pipeline is not there any more; make it again, and see "
    "whether the group's offsets still fit";
constexpr std::string_view kTooLarge =
    "a topic takes less than it did at the start (max.message.bytes); nothing "
    "is lost, start again and it is looked at anew";

constexpr Refusal kRefusals[] = {
    {"TOPIC_AUTHORIZATION_FAILED",
     "an ACL is missing: READ and DESCRIBE on the input topic, WRITE and "
     "DESCRIBE on the output topics"},
    {"GROUP_AUTHORIZATION_FAILED", "an ACL is missing: READ on the group"},
    {"TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
     "an ACL is missing: WRITE and DESCRIBE on the transactional id, which is "
     "<group>-<instance>-<lane>"},
    {"CLUSTER_AUTHORIZATION_FAILED",
     "an ACL is missing: IDEMPOTENT_WRITE on the cluster, which brokers before "
     "2.8 ask for"},
    {"_AUTO_OFFSET_RESET", kOffsetsGone},
    {"OFFSET_OUT_OF_RANGE", kOffsetsGone},
    {"UNKNOWN_TOPIC_OR_PART", kTopicGone},
    {"_UNKNOWN_TOPIC", kTopicGone},
    {"_UNKNOWN_PARTITION", kTopicGone},
    {"MSG_SIZE_TOO_LARGE", kTooLarge},
    {"RECORD_LIST_TOO_LARGE", kTooLarge},
    {"INVALID_TRANSACTION_TIMEOUT",
     "the broker allows no transaction of 15 s; raise "
     "transaction.max.timeout.ms"},
    {"INVALID_SESSION_TIMEOUT",
     "the broker allows no session of 45 s; change "
     "group.max.session.timeout.ms"},
};

}  // namespace

std::string RefusalText(const KafkaError& error) {
  for (const Refusal& refusal : kRefusals) {
    if (refusal.error == error.name) {
      return absl::StrFormat("%s: %s", refusal.error, refusal.text);
    }
  }
  return absl::StrFormat("the broker refuses a request (%s); nothing is lost",
                         error.name);
}

}  // namespace nymstream
