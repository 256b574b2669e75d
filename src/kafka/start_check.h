// What has to be true of the cluster before the first record is read.
#ifndef NYMSTREAM_KAFKA_START_CHECK_H_
#define NYMSTREAM_KAFKA_START_CHECK_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kafka/admin.h"
#include "nymstream/diagnostic.h"
#include "nymstream/pipeline.h"
#include "nymstream/plan.h"

namespace nymstream {

// What the lanes need to know of the topics: the releases' in their order, then
// the quarantine's.
struct TopicFacts {
  std::vector<int32_t> partitions;
  // What every one of them takes as a batch.
  uint64_t message_bytes_max = 0;
};

// Of a batch, what is not key, value or headers of its one record, and our own
// headers.
inline constexpr uint64_t kMessageOverheadBytes = 2048;

// `max.message.bytes` of a topic that is made for a pipeline of these limits.
uint64_t MessageBytesFor(const Limits& limits);

// Connects; makes topics that are missing where `create` allows it, calling
// `created`; checks versions, topics, limits, retention and ACLs. Adds an error
// for each thing that is wrong, all that can be seen at once, with what to do;
// the facts are whole only without one.
TopicFacts CheckCluster(const Pipeline& pipeline, const Plan& plan,
                        const std::function<void(const std::string& topic,
                                                 int partitions)>& created,
                        Admin* admin, Diagnostics* findings);

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_START_CHECK_H_
