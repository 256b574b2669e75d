// Goal: what a pipeline says about Kafka arrives as stated, and what
// contradicts itself, exactly-once or privacy is refused. Method: hand-made
// documents.
#include <string>

#include "absl/strings/str_cat.h"
#include "document_support.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nymstream/pipeline.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

Parsed<Pipeline> Parse(const std::string& text) {
  return ParseWith<Pipeline>(ParsePipeline, text);
}

constexpr char kLarge[] = R"(pipeline: edge-logs
schema: nginx-json
policy: no-ip-2024
source:
  kafka:
    brokers: [broker:9092]
    topic: access-raw
    group: nymstream
    start: latest
    membership: dynamic
    lanes: 4
    commit_interval_ms: 100
    security:
      protocol: sasl_ssl
      ca: ca.pem
      certificate: client.pem
      key: client.key
      key_password: key.password
      mechanism: SCRAM-SHA-512
      username: edge
      password: sasl.password
    librdkafka: {client.rack: rack-1, queued.min.messages: "1000"}
releases:
  - name: inside
    use: analytics.reporting
    audience: internal
    level: pseudonymized
    fields: {remote_addr: suppress}
    output:
      kafka:
        topic: access-deid
        compression: zstd
        create: {partitions: 12, replication_factor: 3, retention: P30D}
        key: pseudonymize
        headers:
          client-ip: {treatment: truncate, prefix_v4: 8}
          Client-IP: suppress
quarantine:
  kafka: {topic: access-quarantine, create: {partitions: 1}}
monitoring: {listen: "[::1]:0"}
)";

TEST(KafkaDocumentTest, TheSourceArrives) {
  const Parsed<Pipeline> parsed = Parse(kLarge);
  EXPECT_THAT(parsed.messages, IsEmpty());
  ASSERT_TRUE(parsed.document.has_value());
  ASSERT_TRUE(parsed.document->source.has_value());
  const KafkaSource& source = *parsed.document->source;
  EXPECT_EQ(source.start, KafkaStart::kLatest);
  EXPECT_EQ(source.membership, Membership::kDynamic);
  EXPECT_EQ(source.lanes, 4);
  EXPECT_EQ(source.commit_interval_ms, 100);
  EXPECT_THAT(source.librdkafka,
              ElementsAre(Pair("client.rack", "rack-1"),
                          Pair("queued.min.messages", "1000")));
  EXPECT_EQ(source.position.line, 7);
  EXPECT_EQ(source.position.column, 12);
  const KafkaSecurity& security = source.security;
  EXPECT_EQ(security.protocol, SecurityProtocol::kSaslSsl);
  EXPECT_EQ(security.ca, "ca.pem");
  EXPECT_EQ(security.certificate, "client.pem");
  EXPECT_EQ(security.key, "client.key");
  EXPECT_EQ(security.key_password, "key.password");
  EXPECT_EQ(security.mechanism, SaslMechanism::kScramSha512);
  EXPECT_EQ(security.username, "edge");
  EXPECT_EQ(security.password, "sasl.password");
  EXPECT_EQ(security.token, "");
  EXPECT_EQ(security.position.line, 14);
  EXPECT_EQ(parsed.document->monitoring_listen, "[::1]:0");
}

TEST(KafkaDocumentTest, TopicsArriveAndKeyAndHeadersAreOverrides) {
  const Parsed<Pipeline> parsed = Parse(kLarge);
  ASSERT_TRUE(parsed.document.has_value());
  const Release& release = parsed.document->releases[0];
  ASSERT_TRUE(release.output.has_value());
  EXPECT_EQ(release.output->compression, Compression::kZstd);
  ASSERT_TRUE(release.output->create.has_value());
  EXPECT_EQ(release.output->create->partitions, 12);
  EXPECT_EQ(release.output->create->replication_factor, 3);
  EXPECT_EQ(release.output->create->retention, (Period{.days = 30}));
  ASSERT_THAT(release.fields, SizeIs(4));
  EXPECT_EQ(release.fields[0].carrier, Carrier::kBody);
  EXPECT_EQ(release.fields[1].carrier, Carrier::kKafkaKey);
  EXPECT_EQ(release.fields[1].treatment, Treatment::kPseudonymize);
  EXPECT_EQ(release.fields[1].position.line, 34);
  EXPECT_THAT(release.fields[1].path, IsEmpty());
  EXPECT_EQ(release.fields[2].carrier, Carrier::kKafkaHeader);
  EXPECT_EQ(release.fields[2].header, "client-ip");
  EXPECT_EQ(release.fields[2].treatment, Treatment::kTruncate);
  EXPECT_EQ(release.fields[2].prefix_v4, 8);
  EXPECT_EQ(release.fields[3].header, "Client-IP");
  EXPECT_EQ(release.fields[3].treatment, Treatment::kSuppress);
  ASSERT_TRUE(parsed.document->quarantine.has_value());
  const KafkaSink& quarantine = *parsed.document->quarantine;
  EXPECT_EQ(quarantine.compression, Compression::kLz4);
  ASSERT_TRUE(quarantine.create.has_value());
  EXPECT_EQ(quarantine.create->partitions, 1);
  EXPECT_FALSE(quarantine.create->retention.has_value());
}

// A pipeline with more lines in source.kafka, from line 9 on.
Messages SourceWith(const std::string& lines) {
  return Parse(
             "pipeline: small\nschema: nginx-json\npolicy: hosting\n"
             "source:\n  kafka:\n    brokers: [broker:9092]\n"
             "    topic: raw\n    group: edge\n" +
             lines +
             "releases:\n  - {name: inside, use: analytics, audience: "
             "internal, level: anonymized}\n")
      .messages;
}

TEST(KafkaDocumentTest, WhatIsAbsentHasTheDefaultOfTheStruct) {
  const Parsed<Pipeline> parsed = Parse(
      "pipeline: small\nschema: nginx-json\npolicy: hosting\n"
      "source: {kafka: {brokers: [broker:9092], topic: raw, group: edge}}\n"
      "releases:\n  - {name: inside, use: analytics, audience: internal, "
      "level: anonymized, output: {kafka: {topic: t, create: {partitions: "
      "2}}}}\n");
  ASSERT_TRUE(parsed.document.has_value());
  const KafkaSource& source = *parsed.document->source;
  const KafkaSource fresh;
  EXPECT_FALSE(source.start.has_value());
  EXPECT_EQ(source.membership, fresh.membership);
  EXPECT_EQ(source.lanes, fresh.lanes);
  EXPECT_EQ(source.commit_interval_ms, fresh.commit_interval_ms);
  EXPECT_EQ(source.security.protocol, fresh.security.protocol);
  EXPECT_FALSE(source.security.mechanism.has_value());
  const KafkaSink& sink = *parsed.document->releases[0].output;
  EXPECT_EQ(sink.compression, KafkaSink().compression);
  EXPECT_EQ(sink.create->replication_factor,
            TopicCreation().replication_factor);
}

TEST(KafkaDocumentTest, NumbersHaveLimits) {
  EXPECT_THAT(SourceWith("    lanes: 65\n    commit_interval_ms: 9\n"),
              ElementsAre("x.yaml:9:12: error: source.kafka.lanes: must be 1 "
                          "to 64, got 65",
                          "x.yaml:10:25: error: "
                          "source.kafka.commit_interval_ms: must be 10 to "
                          "10000, got 9"));
}

Messages SecurityWith(const std::string& options) {
  return SourceWith("    security: {" + options + "}\n");
}

TEST(KafkaDocumentTest, SecurityThatFitsTogetherPasses) {
  for (const char* options :
       {"protocol: plaintext", "protocol: ssl", "protocol: ssl, ca: a",
        "protocol: ssl, certificate: a, key: b",
        "protocol: ssl, ca: a, certificate: b, key: c, key_password: d",
        "protocol: sasl_plaintext, mechanism: PLAIN, username: a, password: b",
        "protocol: sasl_ssl, mechanism: SCRAM-SHA-256, username: a, password: "
        "b, certificate: c, key: d",
        "protocol: sasl_ssl, mechanism: OAUTHBEARER, token: a"}) {
    EXPECT_THAT(SecurityWith(options), IsEmpty()) << options;
  }
}

constexpr char kSecurity[] = "source.kafka.security";

TEST(KafkaDocumentTest, AMechanismIsForSaslAndNeededThere) {
  EXPECT_THAT(
      SecurityWith("protocol: ssl, mechanism: PLAIN, username: a, password: b, "
                   "token: c"),
      ElementsAre(absl::StrCat("x.yaml:9:42: error: ", kSecurity,
                               ".mechanism: is for protocols sasl_plaintext "
                               "and sasl_ssl, got protocol ssl; remove it"),
                  absl::StrCat("x.yaml:9:59: error: ", kSecurity,
                               ".username: is for protocols sasl_plaintext and "
                               "sasl_ssl, got protocol ssl; remove it"),
                  absl::StrCat("x.yaml:9:72: error: ", kSecurity,
                               ".password: is for protocols sasl_plaintext and "
                               "sasl_ssl, got protocol ssl; remove it"),
                  absl::StrCat("x.yaml:9:82: error: ", kSecurity,
                               ".token: is for protocols sasl_plaintext and "
                               "sasl_ssl, got protocol ssl; remove it")));
  EXPECT_THAT(
      SecurityWith("protocol: sasl_ssl"),
      ElementsAre(absl::StrCat("x.yaml:9:15: error: ", kSecurity,
                               ".mechanism: is missing, and protocol sasl_ssl "
                               "needs it; add mechanism: PLAIN, SCRAM-SHA-256, "
                               "SCRAM-SHA-512 or OAUTHBEARER")));
}

TEST(KafkaDocumentTest, AMechanismHasItsOwnSecrets) {
  EXPECT_THAT(
      SecurityWith("protocol: sasl_ssl, mechanism: SCRAM-SHA-256, token: a"),
      ElementsAre(
          absl::StrCat("x.yaml:9:15: error: ", kSecurity,
                       ".username: is missing, and mechanism SCRAM-SHA-256 "
                       "needs it; add username: the name itself"),
          absl::StrCat("x.yaml:9:15: error: ", kSecurity,
                       ".password: is missing, and mechanism SCRAM-SHA-256 "
                       "needs it; add password: the path of a file that holds "
                       "it"),
          absl::StrCat("x.yaml:9:69: error: ", kSecurity,
                       ".token: is for OAUTHBEARER, got mechanism "
                       "SCRAM-SHA-256; remove it")));
  EXPECT_THAT(
      SecurityWith("protocol: sasl_ssl, mechanism: OAUTHBEARER, username: a, "
                   "password: b"),
      ElementsAre(
          absl::StrCat("x.yaml:9:15: error: ", kSecurity,
                       ".token: is missing, and mechanism OAUTHBEARER needs "
                       "it; add token: the path of a file that holds a JWT"),
          absl::StrCat("x.yaml:9:70: error: ", kSecurity,
                       ".username: is for PLAIN and SCRAM, got mechanism "
                       "OAUTHBEARER; remove it"),
          absl::StrCat("x.yaml:9:83: error: ", kSecurity,
                       ".password: is for PLAIN and SCRAM, got mechanism "
                       "OAUTHBEARER; remove it")));
}

TEST(KafkaDocumentTest, FilesOfTlsAreForTlsAndComeInPairs) {
  EXPECT_THAT(
      SecurityWith("protocol: plaintext, ca: a"),
      ElementsAre(absl::StrCat("x.yaml:9:41: error: ", kSecurity,
                               ".ca: is for protocols ssl and sasl_ssl, got "
                               "protocol plaintext; remove it")));
  EXPECT_THAT(
      SecurityWith("protocol: ssl, certificate: a, key_password: b"),
      ElementsAre(
          absl::StrCat("x.yaml:9:15: error: ", kSecurity,
                       ".key: is missing, and a certificate needs it; add key: "
                       "the path of its private key's file"),
          absl::StrCat("x.yaml:9:61: error: ", kSecurity,
                       ".key_password: is for a key, got no key; remove it")));
  EXPECT_THAT(
      SecurityWith("protocol: ssl, key: a"),
      ElementsAre(absl::StrCat("x.yaml:9:15: error: ", kSecurity,
                               ".certificate: is missing, and a key needs it; "
                               "add certificate: the path of its file")));
}

// One mistake gives one finding.
TEST(KafkaDocumentTest, AMistypedProtocolOrMechanismIsNotCheckedFurther) {
  EXPECT_THAT(SecurityWith("protocol: sasl_sl, mechanism: PLAIN"),
              ElementsAre(absl::StrCat(
                  "x.yaml:9:26: error: ", kSecurity,
                  ".protocol: must be a protocol, got 'sasl_sl'; did you mean "
                  "'sasl_ssl'?")));
  EXPECT_THAT(SecurityWith("protocol: sasl_ssl, mechanism: PLAN"),
              ElementsAre(absl::StrCat(
                  "x.yaml:9:47: error: ", kSecurity,
                  ".mechanism: must be a mechanism, got 'PLAN'; did you mean "
                  "'PLAIN'?")));
}

TEST(KafkaDocumentTest, APropertyThatExactlyOnceDependsOnIsRefusedByName) {
  EXPECT_THAT(
      SourceWith("    librdkafka:\n      linger.ms: \"50\"\n"
                 "      acks: \"1\"\n      sasl.password: secret\n"
                 "      lingr.ms: \"50\"\n      group.protocol: consumer\n"),
      ElementsAre(
          "x.yaml:11:7: error: source.kafka.librdkafka.acks: may not be set: "
          "a transaction needs every record acknowledged, in order and once, "
          "got 'acks'; remove it",
          "x.yaml:12:7: error: source.kafka.librdkafka.sasl.password: may not "
          "be set: secrets come from files only, got 'sasl.password'; set "
          "source.kafka.security.mechanism, username and password",
          "x.yaml:13:7: error: source.kafka.librdkafka.lingr.ms: must be a "
          "property that may be set, got 'lingr.ms'; did you mean "
          "'linger.ms'?",
          "x.yaml:14:7: error: source.kafka.librdkafka.group.protocol: must be "
          "a property that may be set, got 'group.protocol'; they are listed "
          "in docs/reference/librdkafka.md"));
}

TEST(KafkaDocumentTest, AddressesAreHostAndPort) {
  const auto brokers = [](const std::string& broker) {
    return Parse(With(kLarge, "[broker:9092]", "[\"" + broker + "\"]"))
        .messages;
  };
  for (const char* good :
       {"b:1", "kafka-0.kafka.svc:65535", "192.0.2.1:9092", "[::1]:9092"})
    EXPECT_THAT(brokers(good), IsEmpty()) << good;
  for (const char* bad :
       {"b", "b:", ":9092", "b:0", "b:65536", "b:09", "b:9092,c:9092",
        "SSL://b:9092", "::1:9092", "[::1]", "[b]:9092", "[]:9092", "b :1"}) {
    EXPECT_THAT(
        brokers(bad),
        ElementsAre(absl::StrCat(
            "x.yaml:6:15: error: source.kafka.brokers[0]: must be host:port "
            "with a port from 1 to 65535, got '",
            bad,
            "'; for example broker:9092 or \"[2001:db8::1]:9092\"; how to "
            "speak to it stands in security")))
        << bad;
  }
  EXPECT_THAT(Parse(With(kLarge, "[::1]:0", ":9464")).messages,
              ElementsAre("x.yaml:40:22: error: monitoring.listen: must be "
                          "host:port with a port from 0 to 65535, got "
                          "':9464'; for example 127.0.0.1:9464, or "
                          "\"[::]:9464\" for all"));
}

TEST(KafkaDocumentTest, ATopicIsOnTheClusterOfTheSource) {
  EXPECT_THAT(
      Parse(With(kLarge, "compression: zstd", "brokers: [b:1]")).messages,
      ElementsAre("x.yaml:32:9: error: releases[0].output.kafka.brokers: "
                  "unknown key; remove it: outputs and quarantine are on the "
                  "cluster of the source, as one transaction can't span two"));
  EXPECT_THAT(
      Parse(With(kLarge, "create: {partitions: 1}", "key: suppress")).messages,
      ElementsAre("x.yaml:39:37: error: quarantine.kafka.key: unknown key; the "
                  "keys here are topic, compression, create"));
}

TEST(KafkaDocumentTest, ANewTopicStatesItsPartitions) {
  EXPECT_THAT(
      Parse(With(kLarge, "{partitions: 1}", "{replication_factor: 0}"))
          .messages,
      ElementsAre("x.yaml:39:45: error: quarantine.kafka.create.partitions: is "
                  "missing; add partitions: a whole number",
                  "x.yaml:39:66: error: "
                  "quarantine.kafka.create.replication_factor: must be 1 to "
                  "100, got 0"));
}

TEST(KafkaDocumentTest, TreatmentsOfKeyAndHeadersAreChecked) {
  EXPECT_THAT(
      Parse(With(kLarge, "key: pseudonymize",
                 "key: {treatment: keep, prefix_v6: 8}"))
          .messages,
      ElementsAre("x.yaml:34:43: error: "
                  "releases[0].output.kafka.key.prefix_v6: is for treatment "
                  "truncate, got treatment keep; remove it"));
  EXPECT_THAT(
      Parse(With(kLarge, "Client-IP: suppress", "nymstream-x: keep")).messages,
      ElementsAre("x.yaml:37:11: error: "
                  "releases[0].output.kafka.headers.nymstream-x: must not "
                  "begin with 'nymstream', as our own headers do, got "
                  "'nymstream-x'"));
  EXPECT_THAT(
      Parse(With(kLarge, "Client-IP: suppress", "Client-IP: buckets")).messages,
      ElementsAre("x.yaml:37:22: error: "
                  "releases[0].output.kafka.headers.Client-IP.buckets: is "
                  "missing; for example {treatment: buckets, buckets: [0, 100, "
                  "1000]}"));
}

}  // namespace
}  // namespace nymstream
