// Goal: a log schema document becomes the LogSchema it states, and fields that
// contradict each other are refused. Method: hand-made documents.
#include <algorithm>
#include <iterator>
#include <string>

#include "document_support.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nymstream/log_schema.h"
#include "policy/vocabulary.h"
#include "record/combined_parser.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Parsed<LogSchema> Parse(const std::string& text) {
  return ParseWith<LogSchema>(ParseLogSchema, text);
}

constexpr char kSmall[] = R"(schema: small
format: json
event_time: time
fields:
  time: {category: system.operations, type: timestamp}
)";

// kSmall with more fields.
Parsed<LogSchema> ParseFields(const std::string& lines) {
  return Parse(std::string(kSmall) + lines);
}

TEST(LogSchemaDocumentTest, EveryFieldArrivesWithItsOptions) {
  const Parsed<LogSchema> parsed = ParseFields(R"(
  request.headers.X-Forwarded-For[*]: {category: user.device.ip_address, type: ip_list}
  '["id.orig_h"]': {category: user.device.ip_address, type: ip}
  place: {category: user.location, type: geo, granularity: city}
  method: {category: system.operations, type: enum, values: [GET, "NO"]}
  uri:
    category: user.behavior.browsing_history
    type: url
    keep_parameters: [page]
)");
  EXPECT_THAT(parsed.messages, IsEmpty());
  ASSERT_TRUE(parsed.document.has_value());
  const LogSchema& schema = *parsed.document;
  EXPECT_EQ(schema.name, "small");
  EXPECT_EQ(schema.format, LogFormat::kJson);
  EXPECT_EQ(FieldPathText(schema.event_time), "time");
  EXPECT_EQ(schema.event_time_position.line, 3);
  EXPECT_EQ(schema.event_time_position.column, 13);
  ASSERT_THAT(schema.fields, SizeIs(6));
  EXPECT_EQ(FieldPathText(schema.fields[1].path),
            "request.headers.X-Forwarded-For[*]");
  EXPECT_EQ(schema.fields[1].type, ValueType::kIpList);
  EXPECT_EQ(schema.fields[1].position.line, 7);
  EXPECT_EQ(schema.fields[1].position.column, 3);
  EXPECT_THAT(schema.fields[2].path, ElementsAre(PathStep{false, "id.orig_h"}));
  EXPECT_EQ(schema.fields[2].category, "user.device.ip_address");
  EXPECT_EQ(schema.fields[3].granularity, GeoGranularity::kCity);
  EXPECT_EQ(schema.fields[1].granularity, GeoGranularity::kCoordinates);
  EXPECT_THAT(schema.fields[4].values, ElementsAre("GET", "NO"));
  EXPECT_THAT(schema.fields[5].keep_parameters, ElementsAre("page"));
}

TEST(LogSchemaDocumentTest, FieldsDoNotOverlap) {
  const Parsed<LogSchema> parsed = ParseFields(R"(
  b.c: {category: user.name, type: text}
  '["time"]': {category: user.name, type: text}
  a: {category: user.name, type: text}
  a[*].b: {category: user.name, type: text}
  b: {category: user.name, type: text}
  ab: {category: user.name, type: text}
)");
  EXPECT_THAT(
      parsed.messages,
      ElementsAre(
          "x.yaml:8:3: error: fields.[\"time\"]: the same field as time in "
          "line 5; keep one of them",
          "x.yaml:10:3: error: fields.a[*].b: overlaps with a in line 9: one "
          "holds the other; keep one of them",
          "x.yaml:11:3: error: fields.b: overlaps with b.c in line 7: one "
          "holds the other; keep one of them"));
}

TEST(LogSchemaDocumentTest, TheEventTimeIsAFieldOfTypeTimestamp) {
  EXPECT_THAT(
      Parse(With(kSmall, "event_time: time", "event_time: tiem")).messages,
      ElementsAre("x.yaml:3:13: error: event_time: must name a field of type "
                  "timestamp, got 'tiem'; did you mean 'time'?"));
  EXPECT_THAT(Parse(With(kSmall, "timestamp", "number")).messages,
              ElementsAre("x.yaml:3:13: error: event_time: must name a field "
                          "of type timestamp, got 'time'; classify a field as "
                          "type timestamp"));
  // One mistake gives one finding.
  EXPECT_THAT(Parse(With(kSmall, "timestamp", "timestmp")).messages,
              ElementsAre("x.yaml:5:45: error: fields.time.type: must be a "
                          "type, got 'timestmp'; did you mean 'timestamp'?"));
}

TEST(LogSchemaDocumentTest, AnOptionIsForItsTypeOnly) {
  EXPECT_THAT(
      ParseFields("  a: {category: user.name, type: id, granularity: city, "
                  "values: [b], keep_parameters: [c]}\n")
          .messages,
      ElementsAre("x.yaml:6:51: error: fields.a.granularity: is for type geo, "
                  "got type id; remove it",
                  "x.yaml:6:65: error: fields.a.values: is for type enum, got "
                  "type id; remove it",
                  "x.yaml:6:87: error: fields.a.keep_parameters: is for type "
                  "url, got type id; remove it"));
}

TEST(LogSchemaDocumentTest, ACombinedLineHasItsNineFields) {
  EXPECT_TRUE(std::equal(std::begin(kCombinedFieldNames),
                         std::end(kCombinedFieldNames), kCombinedFields.begin(),
                         kCombinedFields.end(),
                         [](std::string_view name, const CombinedField& field) {
                           return name == field.name;
                         }));
  const Parsed<LogSchema> parsed = Parse(R"(schema: apache
format: combined
event_time: time_local
fields:
  time_local: {category: system.operations, type: timestamp}
  http_referrer: {category: user.behavior.browsing_history, type: url}
)");
  EXPECT_THAT(parsed.messages,
              ElementsAre("x.yaml:6:3: error: fields.http_referrer: no field "
                          "of a combined line; did you mean 'http_referer'?"));
}

TEST(LogSchemaDocumentTest, AWrongPathIsExplained) {
  EXPECT_THAT(
      ParseFields("  a..b: {category: user.name, type: id}\n").messages,
      ElementsAre("x.yaml:6:3: error: fields.a..b: a path that has an empty "
                  "name, got 'a..b'; for example request.headers.Referer[*] or "
                  "[\"id.orig_h\"]"));
}

TEST(LogSchemaDocumentTest, KeyAndHeadersFollowTheFieldsOfTheBody) {
  const Parsed<LogSchema> parsed = ParseFields(R"(
kafka:
  key: {category: user.device.device_id, type: id}
  headers:
    client-ip: {category: user.device.ip_address, type: ip}
    Client-IP: {category: user.device.ip_address, type: ip_list}
    method: {category: system.operations, type: enum, values: [GET]}
)");
  EXPECT_THAT(parsed.messages, IsEmpty());
  ASSERT_TRUE(parsed.document.has_value());
  const std::vector<SchemaField>& fields = parsed.document->fields;
  ASSERT_THAT(fields, SizeIs(5));
  EXPECT_EQ(fields[0].carrier, Carrier::kBody);
  EXPECT_EQ(fields[1].carrier, Carrier::kKafkaKey);
  EXPECT_EQ(fields[1].category, "user.device.device_id");
  EXPECT_EQ(fields[1].position.line, 8);
  EXPECT_EQ(fields[1].position.column, 3);
  EXPECT_EQ(fields[2].carrier, Carrier::kKafkaHeader);
  EXPECT_EQ(fields[2].header, "client-ip");
  EXPECT_EQ(fields[2].type, ValueType::kIp);
  EXPECT_THAT(fields[2].path, IsEmpty());
  EXPECT_EQ(fields[3].header, "Client-IP");
  EXPECT_THAT(fields[4].values, ElementsAre("GET"));
}

TEST(LogSchemaDocumentTest, SomeTypesAreOfTheBodyOnly) {
  EXPECT_THAT(
      ParseFields(R"(
kafka:
  key: {category: system.operations, type: timestamp}
  headers:
    age: {category: user.demographic.age_range, type: age}
    more: {category: user, type: json}
    wrong: {category: user, type: ipp, values: [a]}
    place: {category: user.location, type: geo, values: [a]}
)")
          .messages,
      ElementsAre(
          "x.yaml:8:44: error: kafka.key.type: must be a type for a key or a "
          "header: the time of a record is in the record itself, got "
          "'timestamp'; leave it out; the record's Kafka timestamp leaves as "
          "coarse as its event time",
          "x.yaml:10:55: error: kafka.headers.age.type: must be a type for a "
          "key or a header: the rule about minors judges the record itself, "
          "got 'age'; put the age into the record",
          "x.yaml:11:34: error: kafka.headers.more.type: must be a type for a "
          "key or a header: a text that holds JSON may hold anything, got "
          "'json'; leave it out; what is not listed never leaves",
          "x.yaml:12:35: error: kafka.headers.wrong.type: must be a type, got "
          "'ipp'; did you mean 'ip'?",
          "x.yaml:13:57: error: kafka.headers.place.values: is for type enum, "
          "got type geo; remove it"));
}

TEST(LogSchemaDocumentTest, OurOwnHeadersAreNobodysData) {
  EXPECT_THAT(
      ParseFields("kafka: {headers: {nymstream-x: {category: user, type: id}}}")
          .messages,
      ElementsAre("x.yaml:6:19: error: kafka.headers.nymstream-x: must not "
                  "begin with 'nymstream', as our own headers do, got "
                  "'nymstream-x'"));
}

TEST(FieldNameTest, NoPathHasTheNameOfAKeyOrAHeader) {
  FieldPath path;
  std::string error;
  ASSERT_TRUE(ParseFieldPath("request.uri", &path, &error));
  EXPECT_EQ(FieldName(Carrier::kBody, path, ""), "request.uri");
  EXPECT_EQ(FieldName(Carrier::kKafkaKey, {}, ""), "(Kafka key)");
  EXPECT_EQ(FieldName(Carrier::kKafkaHeader, {}, "client-ip"),
            "(Kafka header client-ip)");
  path = {PathStep{false, "(Kafka key)"}};
  EXPECT_EQ(FieldName(Carrier::kBody, path, ""), "[\"(Kafka key)\"]");
}

}  // namespace
}  // namespace nymstream
