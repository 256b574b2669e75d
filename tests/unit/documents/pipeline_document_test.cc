// Goal: a pipeline document becomes the Pipeline it states, and what
// contradicts itself is refused. Method: hand-made documents.
#include <string>

#include "document_support.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nymstream/pipeline.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Parsed<Pipeline> Parse(const std::string& text) {
  return ParseWith<Pipeline>(ParsePipeline, text);
}

constexpr char kSmall[] = R"(pipeline: small
schema: nginx-json
policy: no-ip-2024
releases:
  - name: inside
    use: analytics.reporting
    audience: internal
    level: pseudonymized
)";

constexpr char kLarge[] = R"(pipeline: edge-logs
schema: my/schema.yaml
policy: no-ip-2024
source:   {kafka: {brokers: ["192.0.2.1:9092", "[2001:db8::1]:9092"], topic: access-raw, group: nymstream}}
releases:
  - name: analytics
    use: analytics.reporting
    audience: internal
    level: pseudonymized
    epoch: P30D
    source_coordinates: true
    output: {kafka: {topic: access-deid}}
  - name: partners
    use: marketing.advertising.third_party
    audience: third_party
    level: unlinked_pseudonymized
    epoch: P1D
    as: json
    recipient: Example Partners
    fields:
      remote_addr: {treatment: truncate, prefix_v4: 12}
      request.size: {treatment: buckets, buckets: [-1.5, 0, 1e3]}
      user: suppress
    output: {kafka: {topic: access-partners}}
keys:       {keyring: /etc/nymstream/keyring}
quarantine: {kafka: {topic: access-quarantine}, seal_to: /etc/nymstream/quarantine.pub}
rights:     [{right: erasure, subjects: erased.txt}]
country_database: country.mmdb
limits:     {record_bytes_max: 64KiB, depth_max: 32, quarantine_ratio_max: 0.01}
leak_guard: false
)";

TEST(PipelineDocumentTest, EveryFieldArrives) {
  const Parsed<Pipeline> parsed = Parse(kLarge);
  EXPECT_THAT(parsed.messages, IsEmpty());
  ASSERT_TRUE(parsed.document.has_value());
  const Pipeline& pipeline = *parsed.document;
  EXPECT_EQ(pipeline.name, "edge-logs");
  EXPECT_EQ(pipeline.schema, "my/schema.yaml");
  EXPECT_EQ(pipeline.schema_position.line, 2);
  EXPECT_EQ(pipeline.schema_position.column, 9);
  EXPECT_EQ(pipeline.policy, "no-ip-2024");
  ASSERT_TRUE(pipeline.source.has_value());
  EXPECT_THAT(pipeline.source->brokers,
              ElementsAre("192.0.2.1:9092", "[2001:db8::1]:9092"));
  EXPECT_EQ(pipeline.source->topic, "access-raw");
  EXPECT_EQ(pipeline.source->group, "nymstream");
  EXPECT_EQ(pipeline.keyring, "/etc/nymstream/keyring");
  EXPECT_EQ(pipeline.keyring_position.line, 25);
  ASSERT_TRUE(pipeline.quarantine.has_value());
  EXPECT_EQ(pipeline.quarantine->topic, "access-quarantine");
  EXPECT_EQ(pipeline.seal_to, "/etc/nymstream/quarantine.pub");
  ASSERT_THAT(pipeline.rights, SizeIs(1));
  EXPECT_EQ(pipeline.rights[0].right, Right::kErasure);
  EXPECT_EQ(pipeline.rights[0].subjects, "erased.txt");
  EXPECT_EQ(pipeline.country_database, "country.mmdb");
  EXPECT_EQ(pipeline.limits.record_bytes_max, 65536U);
  EXPECT_EQ(pipeline.limits.depth_max, 32);
  EXPECT_EQ(pipeline.limits.quarantine_ratio_max, 0.01);
  EXPECT_FALSE(pipeline.leak_guard);
}

TEST(PipelineDocumentTest, EveryReleaseArrives) {
  const Parsed<Pipeline> parsed = Parse(kLarge);
  ASSERT_TRUE(parsed.document.has_value());
  ASSERT_THAT(parsed.document->releases, SizeIs(2));
  const Release& inside = parsed.document->releases[0];
  EXPECT_EQ(inside.name, "analytics");
  EXPECT_EQ(inside.use, "analytics.reporting");
  EXPECT_EQ(inside.audience, Audience::kInternal);
  EXPECT_EQ(inside.level, Identifiability::kPseudonymized);
  EXPECT_EQ(inside.level_position.line, 9);
  EXPECT_EQ(inside.level_position.column, 12);
  EXPECT_EQ(inside.position.line, 6);
  EXPECT_EQ(inside.position.column, 5);
  EXPECT_EQ(inside.epoch, (Period{.days = 30}));
  EXPECT_EQ(inside.format, OutputFormat::kAsInput);
  EXPECT_TRUE(inside.source_coordinates);
  ASSERT_TRUE(inside.output.has_value());
  EXPECT_EQ(inside.output->topic, "access-deid");
  const Release& partners = parsed.document->releases[1];
  EXPECT_EQ(partners.format, OutputFormat::kJson);
  EXPECT_FALSE(partners.source_coordinates);
  EXPECT_EQ(partners.recipient, "Example Partners");
  ASSERT_THAT(partners.fields, SizeIs(3));
  EXPECT_EQ(partners.fields[0].treatment, Treatment::kTruncate);
  EXPECT_EQ(partners.fields[0].prefix_v4, 12);
  EXPECT_EQ(partners.fields[0].prefix_v6, 32);
  EXPECT_EQ(FieldPathText(partners.fields[1].path), "request.size");
  EXPECT_THAT(partners.fields[1].buckets, ElementsAre(-1.5, 0, 1000));
  EXPECT_EQ(partners.fields[2].treatment, Treatment::kSuppress);
  EXPECT_EQ(partners.fields[2].position.line, 23);
  EXPECT_EQ(partners.fields[2].position.column, 7);
}

TEST(PipelineDocumentTest, WhatIsAbsentHasTheDefaultOfTheStruct) {
  const Parsed<Pipeline> parsed = Parse(kSmall);
  ASSERT_TRUE(parsed.document.has_value());
  const Pipeline& pipeline = *parsed.document;
  const Pipeline fresh;
  EXPECT_EQ(pipeline.limits.record_bytes_max, fresh.limits.record_bytes_max);
  EXPECT_EQ(pipeline.limits.depth_max, fresh.limits.depth_max);
  EXPECT_EQ(pipeline.limits.quarantine_ratio_max,
            fresh.limits.quarantine_ratio_max);
  EXPECT_EQ(pipeline.leak_guard, fresh.leak_guard);
  EXPECT_EQ(pipeline.keyring, "");
  EXPECT_FALSE(pipeline.source.has_value());
  EXPECT_FALSE(pipeline.quarantine.has_value());
  EXPECT_EQ(pipeline.monitoring_listen, "");
  const Release fresh_release;
  EXPECT_EQ(pipeline.releases[0].format, fresh_release.format);
  EXPECT_FALSE(pipeline.releases[0].epoch.has_value());
  EXPECT_FALSE(pipeline.releases[0].output.has_value());
}

TEST(PipelineDocumentTest, AReleaseNameStandsOnceAndCanNameAFile) {
  const std::string release =
      "    use: analytics\n    audience: internal\n    level: anonymized\n";
  const Parsed<Pipeline> parsed =
      Parse(std::string(kSmall) + "  - name: inside\n" + release +
            "  - name: ../inside\n" + release + "  - name: quarantine\n" +
            release + "  - name: manifest\n" + release + "  - name: -v\n" +
            release + "  - name: subjects\n" + release);
  EXPECT_THAT(
      parsed.messages,
      ElementsAre(
          "x.yaml:9:11: error: releases[1].name: the release in line 5 has "
          "this name already, got 'inside'; give every release a name of its "
          "own",
          "x.yaml:13:11: error: releases[2].name: must be at most 64 of a-z, "
          "0-9, '_' and '-', and not begin with '-', got '../inside'",
          "x.yaml:17:11: error: releases[3].name: is the name of the "
          "receipts' file, got 'quarantine'; choose another name",
          "x.yaml:21:11: error: releases[4].name: is the name of replay's list "
          "of files, got 'manifest'; choose another name",
          "x.yaml:25:11: error: releases[5].name: must be at most 64 of a-z, "
          "0-9, '_' and '-', and not begin with '-', got '-v'",
          "x.yaml:29:11: error: releases[6].name: is the name behind subject "
          "tokens, got 'subjects'; choose another name"));
}

TEST(PipelineDocumentTest, OverridesDoNotOverlap) {
  EXPECT_THAT(
      Parse(std::string(kSmall) + "    fields: {a.b: suppress, a: keep}\n")
          .messages,
      ElementsAre("x.yaml:9:29: error: releases[0].fields.a: overlaps "
                  "with a.b in line 9: one holds the other; keep one "
                  "of them"));
}

TEST(PipelineDocumentTest, AParameterIsForItsTreatmentOnly) {
  EXPECT_THAT(
      Parse(std::string(kSmall) + R"(    fields:
      a: {treatment: keep, prefix_v4: 8}
      b: {treatment: truncate, prefix_v6: 48, buckets: [1]}
      c: buckets
      d: {prefix_v4: 8}
      e: truncat
)")
          .messages,
      ElementsAre(
          "x.yaml:10:39: error: releases[0].fields.a.prefix_v4: is for "
          "treatment truncate, got treatment keep; remove it",
          "x.yaml:11:43: error: releases[0].fields.b.prefix_v6: must be 1 to "
          "32, got 48",
          "x.yaml:11:56: error: releases[0].fields.b.buckets: is for treatment "
          "buckets, got treatment truncate; remove it",
          "x.yaml:12:10: error: releases[0].fields.c.buckets: is missing; for "
          "example {treatment: buckets, buckets: [0, 100, 1000]}",
          "x.yaml:13:10: error: releases[0].fields.d.treatment: is missing; "
          "add treatment: a treatment",
          "x.yaml:14:10: error: releases[0].fields.e: must be a treatment, got "
          "'truncat'; did you mean 'truncate'?"));
}

TEST(PipelineDocumentTest, LimitsHaveLimits) {
  EXPECT_THAT(
      Parse(std::string(kSmall) +
            "limits: {record_bytes_max: 1TiB, depth_max: 0, "
            "quarantine_ratio_max: 1.5}\n")
          .messages,
      ElementsAre("x.yaml:9:28: error: limits.record_bytes_max: must be a "
                  "number of bytes, or a size like 1MiB, got '1TiB'",
                  "x.yaml:9:45: error: limits.depth_max: must be 1 to 1024, "
                  "got 0",
                  "x.yaml:9:70: error: limits.quarantine_ratio_max: must be 0 "
                  "to 1, got 1.5"));
}

}  // namespace
}  // namespace nymstream
