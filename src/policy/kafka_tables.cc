#include "policy/kafka_tables.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "policy/document_shapes.h"
#include "policy/host_port.h"
#include "policy/kafka_properties.h"
#include "policy/pipeline_tables.h"
#include "policy/vocabulary.h"

namespace nymstream {
namespace {

constexpr size_t kTopicBytesMax = 249;  // Kafka's own limit

// Each lane is two clients of librdkafka with threads and buffers of their own.
constexpr double kLanesMax = 64;
// Below it a transaction's own round trips cost more than its records; above
// it, and the transaction timeout comes near.
constexpr double kCommitIntervalMsMin = 10;
constexpr double kCommitIntervalMsMax = 10000;
// Far above any sensible topic; a broker refuses what it can't hold.
constexpr double kPartitionsMax = 10000;
constexpr double kReplicationFactorMax = 100;

std::optional<Complaint> CheckTopic(std::string_view name) {
  const std::string_view letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  if (name.size() <= kTopicBytesMax && name != "." && name != ".." &&
      name.find_first_not_of(letters) == std::string_view::npos) {
    return std::nullopt;
  }
  return Complaint{
      "must be a topic's name: at most 249 of A-Z, a-z, 0-9, '.', '_' and '-'",
      ""};
}

const Shape& TopicShape() {
  static const Shape shape = {.kind = ShapeKind::kText,
                              .name = "a topic",
                              .check = CheckTopic,
                              .pattern = "^[A-Za-z0-9._-]{1,249}$"};
  return shape;
}

const FieldTable& SecurityTable() {
  static const Shape protocol = {.kind = ShapeKind::kText,
                                 .name = "a protocol",
                                 .words = kSecurityProtocolNames};
  static const Shape mechanism = {.kind = ShapeKind::kText,
                                  .name = "a mechanism",
                                  .words = kSaslMechanismNames};
  static const FieldRow rows[] = {
      {.key = "protocol",
       .shape = &protocol,
       .required = true,
       .help = "How to speak to the brokers; without `security` it is "
               "`plaintext`."},
      {.key = "ca",
       .shape = &kPathOfFileShape,
       .help = "`ssl` and `sasl_ssl`: PEM file of the authorities that may "
               "vouch for a broker; absent: the system's."},
      {.key = "certificate",
       .shape = &kPathOfFileShape,
       .help = "`ssl` and `sasl_ssl`: PEM file of our own certificate, for "
               "brokers that ask for one."},
      {.key = "key",
       .shape = &kPathOfFileShape,
       .help = "PEM file of the certificate's private key."},
      {.key = "key_password",
       .shape = &kPathOfFileShape,
       .help = "File that holds the password of `key`."},
      {.key = "mechanism",
       .shape = &mechanism,
       .help = "`sasl_plaintext` and `sasl_ssl`, and needed there: how to "
               "log in."},
      {.key = "username",
       .shape = &kLineShape,
       .help = "`PLAIN` and `SCRAM-*`, and needed there: the name itself."},
      {.key = "password",
       .shape = &kPathOfFileShape,
       .help = "`PLAIN` and `SCRAM-*`, and needed there: file that holds the "
               "password."},
      {.key = "token",
       .shape = &kPathOfFileShape,
       .help = "`OAUTHBEARER`, and needed there: file that holds a JWT; read "
               "anew before it expires."},
  };
  static const FieldTable table = {rows};
  return table;
}

const Shape& PropertiesShape() {
  static const Shape name = {.kind = ShapeKind::kText,
                             .name = "a property that may be set",
                             .words = FreeKafkaProperties(),
                             .check = WhyKafkaPropertyIsRefused,
                             .words_page = "docs/reference/librdkafka.md"};
  static const Shape shape = {.kind = ShapeKind::kKeyed,
                              .name = "a map from properties to values",
                              .item = &kLineShape,
                              .key = &name};
  return shape;
}

const FieldTable& SourceTable() {
  static const Shape brokers = {.kind = ShapeKind::kList,
                                .name = "a list of brokers as host:port",
                                .item = &BrokerShape(),
                                .items_min = 1};
  static const Shape start = {
      .kind = ShapeKind::kText, .name = "a start", .words = kKafkaStartNames};
  static const Shape membership = {.kind = ShapeKind::kText,
                                   .name = "a membership",
                                   .words = kMembershipNames};
  static const Shape lanes = {.kind = ShapeKind::kWhole,
                              .name = "a whole number",
                              .min = 1,
                              .max = kLanesMax};
  static const Shape interval = {.kind = ShapeKind::kWhole,
                                 .name = "a number of milliseconds",
                                 .min = kCommitIntervalMsMin,
                                 .max = kCommitIntervalMsMax};
  static const Shape security = {.kind = ShapeKind::kTable,
                                 .name = "how to speak to the brokers",
                                 .table = &SecurityTable()};
  static const FieldRow rows[] = {
      {.key = "brokers",
       .shape = &brokers,
       .required = true,
       .help = "Addresses to begin with. Outputs and quarantine are on the "
               "same cluster: one transaction can't span two."},
      {.key = "topic",
       .shape = &TopicShape(),
       .required = true,
       .help = "Topic of the raw records."},
      {.key = "group",
       .shape = &kLineShape,
       .required = true,
       .help = "Consumer group; `transactional.id` begins with it too."},
      {.key = "start",
       .shape = &start,
       .help = "Where a group begins that has committed nothing yet, and "
               "needed then."},
      {.key = "membership",
       .shape = &membership,
       .fallback = "static",
       .help = "`static`: a stopped process keeps its partitions until its "
               "session times out, so a restart moves none; `dynamic`: they go "
               "to others at once."},
      {.key = "lanes",
       .shape = &lanes,
       .fallback = "1",
       .help = "Pairs of consumer and producer in one process; more than "
               "partitions are of no use."},
      {.key = "commit_interval_ms",
       .shape = &interval,
       .fallback = "250",
       .help = "How long a transaction stays open; readers wait for its end."},
      {.key = "security",
       .shape = &security,
       .help = "Encryption and login; absent: none."},
      {.key = "librdkafka",
       .shape = &PropertiesShape(),
       .help = "Further properties of the client, as texts; "
               "docs/reference/librdkafka.md lists those that may be set."},
  };
  static const FieldTable table = {rows};
  return table;
}

const FieldTable& CreationTable() {
  static const Shape partitions = {.kind = ShapeKind::kWhole,
                                   .name = "a whole number",
                                   .min = 1,
                                   .max = kPartitionsMax};
  static const Shape replicas = {.kind = ShapeKind::kWhole,
                                 .name = "a whole number",
                                 .min = 1,
                                 .max = kReplicationFactorMax};
  static const FieldRow rows[] = {
      {.key = "partitions",
       .shape = &partitions,
       .required = true,
       .help = "How many; as many as the source has is a good choice."},
      {.key = "replication_factor",
       .shape = &replicas,
       .help = "Copies of each partition; absent: the broker's "
               "`default.replication.factor`."},
      {.key = "retention",
       .shape = &PeriodShape(),
       .help = "How long records stay; absent, or at most: what the policy "
               "allows."},
  };
  static const FieldTable table = {rows};
  return table;
}

FieldRow TopicRow() {
  return {.key = "topic",
          .shape = &TopicShape(),
          .required = true,
          .help = "Topic to write to; nothing else of the pipeline uses it."};
}

FieldRow CompressionRow() {
  static const Shape compression = {.kind = ShapeKind::kText,
                                    .name = "a compression",
                                    .words = kCompressionNames};
  return {.key = "compression",
          .shape = &compression,
          .fallback = "lz4",
          .help = "Of the batches written."};
}

FieldRow CreateRow() {
  static const Shape create = {.kind = ShapeKind::kTable,
                               .name = "what a new topic is like",
                               .table = &CreationTable()};
  return {.key = "create",
          .shape = &create,
          .help =
              "Makes the topic if it is not there; absent: then `run` "
              "does not start."};
}

constexpr AbsentKey kNotOfASink[] = {
    {"brokers",
     "remove it: outputs and quarantine are on the cluster of the source, as "
     "one transaction can't span two"},
    {"security", "remove it: it is that of the source"},
};

}  // namespace

const Shape& KafkaSourceShape() {
  static const Shape shape = {.kind = ShapeKind::kTable,
                              .name = "brokers, topic and group",
                              .table = &SourceTable()};
  return shape;
}

const Shape& KafkaQuarantineShape() {
  static const FieldRow rows[] = {TopicRow(), CompressionRow(), CreateRow()};
  static const FieldTable table = {rows, kNotOfASink};
  static const Shape shape = {
      .kind = ShapeKind::kTable, .name = "a topic to write", .table = &table};
  return shape;
}

const Shape& KafkaOutputShape() {
  static const Shape headers = {.kind = ShapeKind::kKeyed,
                                .name = "a map from names to treatments",
                                .item = &OverrideShape(),
                                .key = &HeaderNameShape()};
  static const FieldRow rows[] = {
      TopicRow(),
      CompressionRow(),
      CreateRow(),
      {.key = "key",
       .shape = &OverrideShape(),
       .help = "What becomes of the record's key, which the schema must "
               "classify; absent: it does not leave."},
      {.key = "headers",
       .shape = &headers,
       .help = "What becomes of headers, which the schema must classify; what "
               "is not listed does not leave."},
  };
  static const FieldTable table = {rows, kNotOfASink};
  static const Shape shape = {
      .kind = ShapeKind::kTable, .name = "a topic to write", .table = &table};
  return shape;
}

}  // namespace nymstream
