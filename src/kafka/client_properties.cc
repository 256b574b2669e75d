#include "kafka/client_properties.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policy/vocabulary.h"

namespace nymstream {
namespace {

void Set(std::string name, std::string value, Properties* properties) {
  properties->emplace_back(std::move(name), std::move(value));
}

void SetSecurity(const KafkaSecurity& security, Properties* to) {
  Set("security.protocol",
      std::string(
          kSecurityProtocolNames[static_cast<size_t>(security.protocol)]),
      to);
  if (!security.mechanism) return;
  Set("sasl.mechanism",
      std::string(
          kSaslMechanismNames[static_cast<size_t>(*security.mechanism)]),
      to);
}

Properties Common(const LaneIdentity& identity) {
  Properties properties;
  Set("client.id", absl::StrCat("nymstream-", identity.instance_id()),
      &properties);
  // librdkafka 2.0.2 leaves Nagle on (its issue 4986).
  Set("socket.nagle.disable", "true", &properties);
  Set("retry.backoff.ms", absl::StrCat(kRetryBackoffMs), &properties);
  Set("log.connection.close", "false", &properties);
  return properties;
}

void SetLast(const KafkaSource& source, Properties* to) {
  for (const auto& [name, value] : source.librdkafka) Set(name, value, to);
  Set("bootstrap.servers", absl::StrJoin(source.brokers, ","), to);
  SetSecurity(source.security, to);
}

}  // namespace

std::string LaneIdentity::transactional_id() const {
  return absl::StrCat(group, "-", instance, "-", lane);
}

std::string LaneIdentity::instance_id() const {
  return absl::StrCat(instance, "-", lane);
}

Properties ConsumerProperties(const KafkaSource& source,
                              const LaneIdentity& identity) {
  Properties properties = Common(identity);
  // Part of the memory of the process: what is fetched ahead.
  Set("queued.max.messages.kbytes", "32768", &properties);
  Set("queued.min.messages", "20000", &properties);
  Set("fetch.message.max.bytes", "4194304", &properties);
  Set("fetch.wait.max.ms", "100", &properties);
  Set("fetch.min.bytes", "65536", &properties);
  Set("session.timeout.ms", absl::StrCat(kSessionTimeoutMs), &properties);
  // While a call waits for brokers that are away nobody serves the group. Once
  // the session has ended, librdkafka forgets its member id, but would go on
  // with heartbeats, and the broker takes a static member without an id for a
  // second one of that name. Past this time it sends none.
  Set("max.poll.interval.ms", absl::StrCat(kSessionTimeoutMs), &properties);
  Set("statistics.interval.ms", "5000", &properties);
  SetLast(source, &properties);
  Set("group.id", identity.group, &properties);
  if (source.membership == Membership::kStatic) {
    Set("group.instance.id", identity.instance_id(), &properties);
  }
  Set("enable.auto.commit", "false", &properties);
  Set("enable.auto.offset.store", "false", &properties);
  // Also makes OffsetFetch wait for transactions that are about to end.
  Set("isolation.level", "read_committed", &properties);
  // So that offsets behind the last record are seen, too.
  Set("enable.partition.eof", "true", &properties);
  // Never skip in silence: an offset that is gone stops the lane.
  Set("auto.offset.reset", "error", &properties);
  Set("partition.assignment.strategy", "range", &properties);
  Set("check.crcs", "true", &properties);
  return properties;
}

Properties ProducerProperties(const KafkaSource& source,
                              const LaneIdentity& identity,
                              uint64_t message_bytes_max) {
  Properties properties = Common(identity);
  // A commit's flush ends it.
  Set("linger.ms", "50", &properties);
  Set("queue.buffering.max.messages", "500000", &properties);
  Set("queue.buffering.max.kbytes", "65536", &properties);
  SetLast(source, &properties);
  Set("message.max.bytes", absl::StrCat(message_bytes_max), &properties);
  Set("batch.size",
      absl::StrCat(std::min<uint64_t>(message_bytes_max, 1000000)),
      &properties);
  // Implies idempotence and acks=all.
  Set("transactional.id", identity.transactional_id(), &properties);
  Set("transaction.timeout.ms", absl::StrCat(kTransactionTimeoutMs),
      &properties);
  return properties;
}

Properties AdminProperties(const KafkaSource& source,
                           const LaneIdentity& identity) {
  Properties properties = Common(identity);
  SetLast(source, &properties);
  return properties;
}

}  // namespace nymstream
