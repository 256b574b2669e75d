// What a pipeline must satisfy to be run on Kafka.
#ifndef NYMSTREAM_POLICY_TOPIC_RULES_H_
#define NYMSTREAM_POLICY_TOPIC_RULES_H_

#include <cstdint>

#include "nymstream/diagnostic.h"
#include "nymstream/period.h"
#include "nymstream/pipeline.h"
#include "nymstream/plan.h"

namespace nymstream {

// A pipeline with a source gives every release and the quarantine a topic; no
// topic has two uses; no topic is made to keep records longer than the policy
// does. Warns of a password that can be read on its way.
void CheckKafka(const Pipeline& pipeline, const Plan& plan,
                Diagnostics* findings);

// The rule that limits how long a topic may keep the records of `release`; null
// if they hold nothing that the rule is about. Lives as long as `release`.
const Retention* RetentionOfTopic(const Plan& plan, const ReleasePlan& release);

// The same for the quarantine's topic: a sealed record is a raw one. Null if
// the plan has no release.
const Retention* RetentionOfQuarantine(const Plan& plan, bool sealed);

// The shortest time that `period` can mean, for a topic's retention.ms: years
// and months of the calendar are not all of one length.
int64_t PeriodMillisecondsMin(const Period& period);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_TOPIC_RULES_H_
