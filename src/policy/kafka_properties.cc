#include "policy/kafka_properties.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "policy/table_text.h"

namespace nymstream {
namespace {

struct Refusal {
  std::string_view reason;
  std::string_view instead;
};

constexpr Refusal kOffsets = {
    "offsets are committed in the transaction of the output and "
    "nowhere else",
    "remove it"};
constexpr Refusal kStart = {
    "a lost offset must stop the stage, or records would be lost or "
    "repeated unseen",
    "where a new group begins is source.kafka.start"};
constexpr Refusal kIsolation = {
    "only a read_committed reader sees its own offsets right after a "
    "restart (KIP-447)",
    "remove it"};
constexpr Refusal kGroup = {
    "names of transactions and members are made from the group",
    "set source.kafka.group"};
constexpr Refusal kMembership = {
    "a name that two processes share would fence one of them",
    "set source.kafka.membership"};
constexpr Refusal kTransactionalId = {
    "a changing name would leave the transaction of a killed process "
    "open",
    "it follows from source.kafka.group; remove it"};
constexpr Refusal kBrokers = {
    "source, outputs and quarantine are on one cluster",
    "set source.kafka.brokers"};
constexpr Refusal kTransaction = {
    "a transaction needs every record acknowledged, in order and once",
    "remove it"};
constexpr Refusal kTimeouts = {
    "the timeouts of transaction, session and watchdog depend on each "
    "other",
    "remove it"};
constexpr Refusal kAssignment = {
    "the exactly-once loop is tested with range only", "remove it"};
constexpr Refusal kPartitioner = {
    "the partition is chosen so that order is kept", "remove it"};
constexpr Refusal kVersions = {"transactions need the broker's real version",
                               "remove it"};
constexpr Refusal kCompression = {
    "every topic has its own",
    "set compression at the output or the quarantine"};
constexpr Refusal kMessageSize = {"it follows from the largest record",
                                  "set limits.record_bytes_max"};
constexpr Refusal kCrcs = {
    "a record damaged on its way would be taken for a real one", "remove it"};
constexpr Refusal kEof = {
    "the loop commits up to the ends of partitions, and has to be told them",
    "remove it"};
constexpr Refusal kTopics = {
    "which topics there are and how long they keep is checked at the "
    "start",
    "to make a topic, set create at the output or the quarantine"};
constexpr Refusal kProtocol = {
    "it is checked against its certificates and secrets",
    "set source.kafka.security.protocol"};
constexpr Refusal kTlsFiles = {
    "keys and certificates are files in PEM",
    "set source.kafka.security.ca, certificate, key and key_password"};
constexpr Refusal kVerification = {
    "unverified, anybody could pose as the broker and be given "
    "records",
    "remove it; source.kafka.security.ca names whom to trust"};
constexpr Refusal kSasl = {
    "secrets come from files only",
    "set source.kafka.security.mechanism, username and password"};
constexpr Refusal kToken = {"tokens come from a file only",
                            "set source.kafka.security.token"};
constexpr Refusal kUnsecured = {"an unsigned token proves nothing",
                                "set source.kafka.security.token"};
constexpr Refusal kKerberos = {"Kerberos is not supported",
                               "set source.kafka.security.mechanism"};
constexpr Refusal kForeignCode = {
    "it loads foreign code into a process that holds raw records", "remove it"};
constexpr Refusal kLog = {
    "what librdkafka logs goes through nymstream's event log, which "
    "can't hold record bytes",
    "remove it"};
constexpr Refusal kStatistics = {
    "the metrics are made from statistics at an interval of their own",
    "remove it"};
constexpr Refusal kSignal = {"signals are nymstream's", "remove it"};
constexpr Refusal kPointer = {"it is a pointer within the program",
                              "remove it"};
constexpr Refusal kNoEffect = {"it has no effect", "remove it"};

constexpr KafkaProperty Free(std::string_view name) { return {name, "", ""}; }

constexpr KafkaProperty Refused(std::string_view name, const Refusal& refusal) {
  return {name, refusal.reason, refusal.instead};
}

// In order of librdkafka's CONFIGURATION.md.
constexpr KafkaProperty kProperties[] = {
    Refused("builtin.features", kNoEffect),
    Free("client.id"),
    Refused("metadata.broker.list", kBrokers),
    Refused("bootstrap.servers", kBrokers),
    Refused("message.max.bytes", kMessageSize),
    Free("message.copy.max.bytes"),
    Free("receive.message.max.bytes"),
    Refused("max.in.flight.requests.per.connection", kTransaction),
    Refused("max.in.flight", kTransaction),
    Free("topic.metadata.refresh.interval.ms"),
    Free("metadata.max.age.ms"),
    Free("topic.metadata.refresh.fast.interval.ms"),
    Refused("topic.metadata.refresh.fast.cnt", kNoEffect),
    Free("topic.metadata.refresh.sparse"),
    Free("topic.metadata.propagation.max.ms"),
    Refused("topic.blacklist", kTopics),
    Refused("debug", kLog),
    Refused("socket.timeout.ms", kTimeouts),
    Refused("socket.blocking.max.ms", kNoEffect),
    Free("socket.send.buffer.bytes"),
    Free("socket.receive.buffer.bytes"),
    Free("socket.keepalive.enable"),
    Free("socket.nagle.disable"),
    Free("socket.max.fails"),
    Free("broker.address.ttl"),
    Free("broker.address.family"),
    Free("socket.connection.setup.timeout.ms"),
    Free("connections.max.idle.ms"),
    Refused("reconnect.backoff.jitter.ms", kNoEffect),
    Free("reconnect.backoff.ms"),
    Free("reconnect.backoff.max.ms"),
    Refused("statistics.interval.ms", kStatistics),
    Refused("enabled_events", kPointer),
    Refused("error_cb", kPointer),
    Refused("throttle_cb", kPointer),
    Refused("stats_cb", kPointer),
    Refused("log_cb", kPointer),
    Refused("log_level", kLog),
    Refused("log.queue", kLog),
    Refused("log.thread.name", kLog),
    Free("enable.random.seed"),
    Free("log.connection.close"),
    Refused("background_event_cb", kPointer),
    Refused("socket_cb", kPointer),
    Refused("connect_cb", kPointer),
    Refused("closesocket_cb", kPointer),
    Refused("open_cb", kPointer),
    Refused("resolve_cb", kPointer),
    Refused("opaque", kPointer),
    Refused("default_topic_conf", kPointer),
    Refused("internal.termination.signal", kSignal),
    Refused("api.version.request", kVersions),
    Free("api.version.request.timeout.ms"),
    Refused("api.version.fallback.ms", kVersions),
    Refused("broker.version.fallback", kVersions),
    Refused("allow.auto.create.topics", kTopics),
    Refused("security.protocol", kProtocol),
    Free("ssl.cipher.suites"),
    Free("ssl.curves.list"),
    Free("ssl.sigalgs.list"),
    Refused("ssl.key.location", kTlsFiles),
    Refused("ssl.key.password", kTlsFiles),
    Refused("ssl.key.pem", kTlsFiles),
    Refused("ssl_key", kPointer),
    Refused("ssl.certificate.location", kTlsFiles),
    Refused("ssl.certificate.pem", kTlsFiles),
    Refused("ssl_certificate", kPointer),
    Refused("ssl.ca.location", kTlsFiles),
    Refused("ssl.ca.pem", kTlsFiles),
    Refused("ssl_ca", kPointer),
    Refused("ssl.ca.certificate.stores", kTlsFiles),
    Free("ssl.crl.location"),
    Refused("ssl.keystore.location", kTlsFiles),
    Refused("ssl.keystore.password", kTlsFiles),
    Refused("ssl.providers", kForeignCode),
    Refused("ssl.engine.location", kForeignCode),
    Refused("ssl.engine.id", kForeignCode),
    Refused("ssl_engine_callback_data", kPointer),
    Refused("enable.ssl.certificate.verification", kVerification),
    Refused("ssl.endpoint.identification.algorithm", kVerification),
    Refused("ssl.certificate.verify_cb", kPointer),
    Refused("sasl.mechanisms", kSasl),
    Refused("sasl.mechanism", kSasl),
    Refused("sasl.kerberos.service.name", kKerberos),
    Refused("sasl.kerberos.principal", kKerberos),
    Refused("sasl.kerberos.kinit.cmd", kKerberos),
    Refused("sasl.kerberos.keytab", kKerberos),
    Refused("sasl.kerberos.min.time.before.relogin", kKerberos),
    Refused("sasl.username", kSasl),
    Refused("sasl.password", kSasl),
    Refused("sasl.oauthbearer.config", kToken),
    Refused("enable.sasl.oauthbearer.unsecure.jwt", kUnsecured),
    Refused("oauthbearer_token_refresh_cb", kPointer),
    Refused("sasl.oauthbearer.method", kToken),
    Refused("sasl.oauthbearer.client.id", kToken),
    Refused("sasl.oauthbearer.client.secret", kToken),
    Refused("sasl.oauthbearer.scope", kToken),
    Refused("sasl.oauthbearer.extensions", kToken),
    Refused("sasl.oauthbearer.token.endpoint.url", kToken),
    Refused("plugin.library.paths", kForeignCode),
    Refused("interceptors", kPointer),
    Refused("group.id", kGroup),
    Refused("group.instance.id", kMembership),
    Refused("partition.assignment.strategy", kAssignment),
    Refused("session.timeout.ms", kTimeouts),
    Free("heartbeat.interval.ms"),
    Refused("group.protocol.type", kAssignment),
    Free("coordinator.query.interval.ms"),
    Refused("max.poll.interval.ms", kTimeouts),
    Refused("enable.auto.commit", kOffsets),
    Refused("auto.commit.interval.ms", kOffsets),
    Refused("enable.auto.offset.store", kOffsets),
    Free("queued.min.messages"),
    Free("queued.max.messages.kbytes"),
    Free("fetch.wait.max.ms"),
    Free("fetch.message.max.bytes"),
    Free("max.partition.fetch.bytes"),
    Free("fetch.max.bytes"),
    Free("fetch.min.bytes"),
    Free("fetch.error.backoff.ms"),
    Refused("offset.store.method", kOffsets),
    Refused("isolation.level", kIsolation),
    Refused("consume_cb", kPointer),
    Refused("rebalance_cb", kPointer),
    Refused("offset_commit_cb", kPointer),
    Refused("enable.partition.eof", kEof),
    Refused("check.crcs", kCrcs),
    Free("client.rack"),
    Refused("transactional.id", kTransactionalId),
    Refused("transaction.timeout.ms", kTimeouts),
    Refused("enable.idempotence", kTransaction),
    Refused("enable.gapless.guarantee", kTransaction),
    Free("queue.buffering.max.messages"),
    Free("queue.buffering.max.kbytes"),
    Free("queue.buffering.max.ms"),
    Free("linger.ms"),
    Refused("message.send.max.retries", kTransaction),
    Refused("retries", kTransaction),
    Free("retry.backoff.ms"),
    Free("queue.buffering.backpressure.threshold"),
    Refused("compression.codec", kCompression),
    Refused("compression.type", kCompression),
    Free("batch.num.messages"),
    Free("batch.size"),
    Refused("delivery.report.only.error", kTransaction),
    Refused("dr_cb", kPointer),
    Refused("dr_msg_cb", kPointer),
    Refused("sticky.partitioning.linger.ms", kPartitioner),
    Refused("request.required.acks", kTransaction),
    Refused("acks", kTransaction),
    Free("request.timeout.ms"),
    Refused("message.timeout.ms", kTimeouts),
    Refused("delivery.timeout.ms", kTimeouts),
    Refused("queuing.strategy", kTransaction),
    Refused("produce.offset.report", kNoEffect),
    Refused("partitioner", kPartitioner),
    Refused("partitioner_cb", kPointer),
    Refused("msg_order_cmp", kPointer),
    Free("compression.level"),
    Refused("auto.commit.enable", kOffsets),
    Refused("auto.offset.reset", kStart),
    Refused("offset.store.path", kOffsets),
    Refused("offset.store.sync.interval.ms", kOffsets),
    Refused("consume.callback.max.messages", kNoEffect),
};

}  // namespace

std::span<const KafkaProperty> KafkaProperties() { return kProperties; }

std::span<const std::string_view> FreeKafkaProperties() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> free;
    for (const KafkaProperty& property : kProperties) {
      if (property.reason.empty()) free.push_back(property.name);
    }
    return free;
  }();
  return names;
}

std::optional<Complaint> WhyKafkaPropertyIsRefused(std::string_view name) {
  const auto* property = std::find_if(
      std::begin(kProperties), std::end(kProperties),
      [&](const KafkaProperty& each) { return each.name == name; });
  if (property == std::end(kProperties) || property->reason.empty())
    return std::nullopt;
  return Complaint{absl::StrCat("may not be set: ", ToAbsl(property->reason)),
                   std::string(property->instead)};
}

std::string KafkaPropertyReference() {
  TextTable free{{"property"}, {}};
  TextTable refused{{"property", "why not", "what to do"}, {}};
  for (const KafkaProperty& property : kProperties) {
    const std::string name = absl::StrCat("`", ToAbsl(property.name), "`");
    if (property.reason.empty()) {
      free.rows.push_back({name});
    } else {
      refused.rows.push_back(
          {name, std::string(property.reason), std::string(property.instead)});
    }
  }
  return absl::StrCat(
      "<!-- Generated from the code; `scripts/test` fails if it is stale. -->\n"
      "# Properties of librdkafka\n\n"
      "What `source.kafka.librdkafka` of a pipeline may set, for the consumer "
      "and the producer alike.\nValues are texts, so numbers stand in "
      "quotation "
      "marks. librdkafka's own CONFIGURATION.md says\nwhat each one does. A "
      "property that is in neither list, because it came with a version after\n"
      "2.0.2, is refused as well.\n\n",
      MarkdownTable(free), "\n## Refused\n\n", MarkdownTable(refused));
}

}  // namespace nymstream
