// Goal: JSON records leave as they came, but for what the plan says.
// Method: small plans over one schema; expected bytes written by hand.
#include <string>

#include "gtest/gtest.h"
#include "support/engine_harness.h"

namespace nymstream {
namespace {

constexpr char kPolicy[] = R"yaml(
policy: open
document: open.txt
title: For tests
personal: [user.device.ip_address, user.account]
personal_clause: "What is personal"
grants:
  - {use: analytics, audience: internal, at_most: pseudonymized, clause: "Inside"}
never:
  - {categories: [user.contact], clause: "Never"}
)yaml";

constexpr char kSchema[] = R"yaml(
schema: small
format: json
event_time: t
fields:
  t:              {category: system.operations, type: timestamp}
  ip:             {category: user.device.ip_address, type: ip}
  user:           {category: user.account.username, type: id}
  "n":            {category: system.operations, type: number}
  flag:           {category: system.operations, type: boolean}
  word:           {category: system.operations, type: enum}
  note:           {category: user.content, type: text}
  mail:           {category: user.contact.email, type: email}
  a.b.c:          {category: system.operations, type: number}
  list[*]:        {category: system.operations, type: number}
  deep[*].ip:     {category: user.device.ip_address, type: ip}
  '["dot.ted"]':  {category: system.operations, type: number}
)yaml";

constexpr char kPipeline[] = R"yaml(
pipeline: test
schema: small
policy: open
releases:
  - {name: inside, use: analytics, audience: internal, level: pseudonymized, epoch: P30D}
keys: {keyring: keyring}
limits: {record_bytes_max: 4096, depth_max: 16}
)yaml";

class JsonRecordsTest : public testing::Test {
 protected:
  std::string One(const std::string& record) { return engine_.One(record); }
  // The same with the event time in front, which the result shows too.
  std::string With(const std::string& members) {
    const std::string time = R"({"t":"2026-01-05T10:00:00Z")";
    const std::string out = One(time + "," + members + "}");
    EXPECT_TRUE(out.starts_with(time)) << out;
    return out.empty() ? out : out.substr(time.size());
  }
  Outcome Run(const std::string& input) { return engine_.Run(input); }

  EngineHarness engine_{MakePlan(kPipeline, kPolicy, kSchema)};
};

TEST_F(JsonRecordsTest, KeptValuesKeepTheirBytesAndTheirOrder) {
  EXPECT_EQ(With(R"("n":1.10,"word":"GET","flag":true)"),
            R"(,"n":1.10,"word":"GET","flag":true})");
  EXPECT_EQ(With(R"("flag":false,"n":-0.0e+10,"word":"a\/b")"),
            R"(,"flag":false,"n":-0.0e+10,"word":"a\/b"})");
  EXPECT_EQ(With(R"("n":123456789012345678901234567890)"),
            R"(,"n":123456789012345678901234567890})");
}

TEST_F(JsonRecordsTest, UnclassifiedFieldsDoNotLeave) {
  EXPECT_EQ(With(R"("x":1,"n":2,"y":{"n":3,"ip":"192.0.2.1"},"z":[1,{"n":2}])"),
            R"(,"n":2})");
  EXPECT_EQ(With(R"("dot":{"ted":1},"dot.ted":2,"a.b.c":3)"),
            R"(,"dot.ted":2})");
  EXPECT_EQ(With(R"("n ":1,"N":2,"":3)"), "}");
}

TEST_F(JsonRecordsTest, NestedFieldsAreReached) {
  EXPECT_EQ(With(R"("a":{"x":1,"b":{"c":2,"d":3}})"), R"(,"a":{"b":{"c":2}}})");
  EXPECT_EQ(With(R"("list":[1,2,3])"), R"(,"list":[1,2,3]})");
  EXPECT_EQ(With(R"("list":[])"), R"(,"list":[]})");
  EXPECT_EQ(With(R"("a":{})"), R"(,"a":{}})");
}

TEST_F(JsonRecordsTest, AValueOfAnotherShapeThanThePathDoesNotLeave) {
  EXPECT_EQ(With(R"("n":{"ip":"192.0.2.1"},"list":7,"a":[1])"), R"(,"a":[]})");
  EXPECT_EQ(With(R"("ip":["192.0.2.1"],"user":{"name":"someone"})"), "}");
}

TEST_F(JsonRecordsTest, EscapedNamesMatchTheirPlainForm) {
  const std::string plain = With(R"("ip":"192.0.2.1")");
  ASSERT_NE(plain.find("nym_"), std::string::npos);
  std::string escaped = With(R"("\u0069p":"192.0.2.1")");
  const size_t key = escaped.find(R"(\u0069p)");
  ASSERT_NE(key, std::string::npos) << escaped;
  EXPECT_EQ(escaped.replace(key, 7, "ip"), plain);
}

TEST_F(JsonRecordsTest, EachOfTwoEqualNamesIsTreated) {
  const std::string out =
      With(R"("ip":"192.0.2.1","ip":"192.0.2.2","n":1,"n":2)");
  EXPECT_EQ(out.find("192.0.2"), std::string::npos);
  EXPECT_NE(out.find(R"("n":1,"n":2)"), std::string::npos);
  EXPECT_NE(out.find("nym_"), out.rfind("nym_"));
}

TEST_F(JsonRecordsTest, AWrongValueInATypedFieldDoesNotPass) {
  EXPECT_EQ(With(R"("ip":"not an address")"), "}");
  EXPECT_EQ(With(R"("ip":3232235777)"), "}");
  EXPECT_EQ(With(R"("n":"twelve","flag":"perhaps","word":"two words")"), "}");
  EXPECT_EQ(With(R"("ip":"-","user":"-","n":"-")"),
            R"(,"ip":"-","user":"-","n":"-"})");
  EXPECT_EQ(With(R"("ip":null,"n":null)"), R"(,"ip":null,"n":null})");
}

TEST_F(JsonRecordsTest, WhatIsNeverReleasedIsSuppressed) {
  EXPECT_EQ(With(R"("mail":"someone@example.org","n":1)"), R"(,"n":1})");
}

TEST_F(JsonRecordsTest, OneAddressHasOnePseudonymHoweverItIsWritten) {
  const std::string first = With(R"("ip":"192.0.2.1")");
  for (const char* form :
       {"::ffff:192.0.2.1", "::FFFF:c000:201", "192.0.2.1:8080",
        "[::ffff:192.0.2.1]:443", "0:0:0:0:0:ffff:192.0.2.1", " 192.0.2.1 ",
        "\\u0031\\u00392.0.2.1"}) {
    EXPECT_EQ(With(std::string(R"("ip":")") + form + '"'), first) << form;
  }
  EXPECT_NE(With(R"("ip":"192.0.2.2")"), first);
}

TEST_F(JsonRecordsTest, TheEventTimeMayBeEscaped) {
  EXPECT_EQ(One(R"({"t":"05\/Jan\/2026:10:00:00 +0000","n":1})"),
            R"({"t":"05\/Jan\/2026:10:00:00 +0000","n":1})");
}

TEST_F(JsonRecordsTest, LineEndsMarksAndEmptyLinesAreNoRecords) {
  const std::string record = R"({"t":"2026-01-05T10:00:00Z","n":1})";
  const Outcome outcome =
      Run("\xEF\xBB\xBF" + record + "\r\n\n  \t\r\n" + record + "\n" + record);
  EXPECT_EQ(outcome.counters.received, 3U);
  EXPECT_EQ(outcome.counters.empty_lines, 2U);
  EXPECT_EQ(outcome.releases[0], record + "\n" + record + "\n" + record + "\n");
}

TEST_F(JsonRecordsTest, InnerSpaceStaysOutsideOfDroppedMembers) {
  const std::string out =
      One(R"({ "t" : "2026-01-05T10:00:00Z" , "x" : 1 , "n" : 2 })");
  EXPECT_NE(out.find(R"("n" : 2)"), std::string::npos) << out;
  EXPECT_EQ(out.find("\"x\""), std::string::npos) << out;
}

struct Refusal {
  const char* record;
  QuarantineReason reason;
};

TEST_F(JsonRecordsTest, WhatCannotBeProcessedIsQuarantinedWholeWithItsReason) {
  const std::string time = R"("t":"2026-01-05T10:00:00Z")";
  const std::string deep = "{" + time + R"(,"x":)" + std::string(20, '[') +
                           std::string(20, ']') + "}";
  const std::string large =
      "{" + time + R"(,"x":")" + std::string(5000, 'a') + "\"}";
  const Refusal refusals[] = {
      {R"({"t":"2026-01-05T10:00:00Z","n":1,})", QuarantineReason::kNotJson},
      {R"({"t":"2026-01-05T10:00:00Z","n":01})", QuarantineReason::kNotJson},
      {R"({"t":"2026-01-05T10:00:00Z"} {})", QuarantineReason::kNotJson},
      {R"({"t":"2026-01-05T10:00:00Z","n":tru})", QuarantineReason::kNotJson},
      {R"({"t":"2026-01-05T10:00:00Z")", QuarantineReason::kNotJson},
      {"{\"t\":\"2026-01-05T10:00:00Z\",\"note\":\"\xff\"}",
       QuarantineReason::kNotUtf8},
      {R"(["192.0.2.1"])", QuarantineReason::kNotObject},
      {R"("192.0.2.1")", QuarantineReason::kNotObject},
      {"17", QuarantineReason::kNotObject},
      {deep.c_str(), QuarantineReason::kTooDeep},
      {large.c_str(), QuarantineReason::kTooLarge},
      {R"({"n":1})", QuarantineReason::kEventTimeMissing},
      {R"({"t":"yesterday"})", QuarantineReason::kEventTimeInvalid},
      {R"({"t":["2026-01-05T10:00:00Z"]})",
       QuarantineReason::kEventTimeInvalid},
      {R"({"t":"2026-01-05T10:00:00Z","t":"2026-01-06T10:00:00Z"})",
       QuarantineReason::kEventTimeInvalid},
      {R"({"t":"2036-01-05T10:00:00Z","n":1})",
       QuarantineReason::kKeyEpochMissing},
  };
  for (const Refusal& refusal : refusals) {
    const Outcome outcome = Run(refusal.record);
    EXPECT_EQ(outcome.releases[0], "") << refusal.record;
    ASSERT_EQ(outcome.receipts.size(), 1U) << refusal.record;
    EXPECT_EQ(outcome.receipts[0].reason, refusal.reason)
        << refusal.record << ": "
        << QuarantineReasonText(outcome.receipts[0].reason).name;
    EXPECT_TRUE(outcome.counters.releases[0].AddUp());
  }
}

TEST_F(JsonRecordsTest, AReceiptSaysWhereTheRecordStands) {
  const std::string good = R"({"t":"2026-01-05T10:00:00Z"})";
  const Outcome outcome = Run(good + "\r\n\nnope\n" + good);
  ASSERT_EQ(outcome.receipts.size(), 1U);
  EXPECT_EQ(outcome.receipts[0].offset, good.size() + 3);
  EXPECT_EQ(outcome.receipts[0].size, 4U);
}

}  // namespace
}  // namespace nymstream
