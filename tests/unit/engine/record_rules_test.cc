// Goal: rules that judge whole records: epochs, retention, minors, rights.
// Method: shipped policies and schema, one record, what leaves and why not.
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "secret/pseudonym_key.h"
#include "support/engine_harness.h"
#include "treatment/ip_address.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kDay = 86400;

std::shared_ptr<const Plan> NginxPlan(const std::string& policy,
                                      const std::string& releases,
                                      const std::string& rest = "") {
  return MakePlan(
      absl::StrCat("pipeline: test\nschema: nginx-json\npolicy: ", policy,
                   "\nreleases:\n", releases, "keys: {keyring: keyring}\n",
                   rest),
      ShippedText("policies/" + policy), ShippedText("schemas/nginx-json"));
}

constexpr char kInside[] =
    "  - {name: inside, use: analytics, audience: internal, level: "
    "pseudonymized, epoch: P30D}\n";
constexpr char kPartners[] =
    "  - {name: partners, use: analytics, audience: third_party, level: "
    "unlinked_pseudonymized, epoch: P1D}\n";
constexpr char kPublished[] =
    "  - {name: published, use: analytics, audience: third_party, level: "
    "anonymized}\n";

// One release under the policy no-ip-2024, of a log with a `time` and `fields`.
std::shared_ptr<const Plan> PlanInside(const std::string& fields) {
  constexpr char kSchema[] = R"yaml(
schema: test
format: json
event_time: time
fields:
  time: {category: system.operations, type: timestamp}
)yaml";
  return MakePlan(absl::StrCat("pipeline: test\nschema: test\npolicy: "
                               "no-ip-2024\nreleases:\n",
                               kInside, "keys: {keyring: keyring}\n"),
                  ShippedText("policies/no-ip-2024"), kSchema + fields);
}

std::string Record(const std::string& time, const std::string& members) {
  return absl::StrCat(R"({"time_iso8601":")", time, "\",", members, "}");
}

std::string TokenOf(const std::string& bytes) {
  const size_t at = bytes.find("nym_");
  return at == std::string::npos ? "" : bytes.substr(at, kTokenChars);
}

uint64_t SuppressedBy(const Outcome& outcome, size_t release,
                      SuppressionReason reason) {
  return outcome.counters.releases[release]
      .suppressed_by[static_cast<size_t>(reason)];
}

TEST(EpochsTest, OneValueHasOneTokenPerReleaseAndEpoch) {
  EngineHarness engine(
      NginxPlan("no-ip-2024", std::string(kInside) + kPartners));
  const std::string ip = R"("remote_addr":"192.0.2.1")";
  const auto tokens = [&](const std::string& time) {
    const Outcome outcome = engine.Run(Record(time, ip));
    return std::pair(TokenOf(outcome.releases[0]),
                     TokenOf(outcome.releases[1]));
  };
  const auto morning = tokens("2026-01-05T00:00:00Z");
  const auto evening = tokens("2026-01-05T23:59:59Z");
  const auto tomorrow = tokens("2026-01-06T00:00:00Z");
  EXPECT_EQ(morning, evening);
  EXPECT_EQ(morning.first, tomorrow.first);    // 30 days
  EXPECT_NE(morning.second, tomorrow.second);  // one day
  EXPECT_NE(morning.first, morning.second);
  // The token names its epoch.
  EXPECT_NE(morning.second.substr(4, 6), tomorrow.second.substr(4, 6));
}

TEST(EpochsTest, FieldsOfOneCategoryShareTokensAndOthersDont) {
  EngineHarness engine(NginxPlan("no-ip-2024", kInside));
  const std::string out = engine.One(
      Record("2026-01-05T00:00:00Z",
             R"("remote_addr":"192.0.2.1","http_x_real_ip":"192.0.2.1",)"
             R"("remote_user":"sameword","device_id":"sameword")"));
  const std::string address = TokenOf(out);
  const size_t second = out.find("nym_", out.find(address) + 1);
  EXPECT_EQ(out.substr(second, kTokenChars), address);
  const size_t user = out.find("\"remote_user\":\"") + 15;
  const size_t device = out.find("\"device_id\":\"") + 13;
  EXPECT_NE(out.substr(user, kTokenChars), out.substr(device, kTokenChars));
}

TEST(EpochsTest, RecordsOfManyDaysMayComeInAnyOrder) {
  EngineHarness engine(
      NginxPlan("no-ip-2024", std::string(kInside) + kPartners));
  std::string log;
  for (int i = 0; i < 3000; ++i) {
    absl::StrAppend(
        &log,
        Record(absl::StrFormat("2026-01-%02dT00:00:00Z", i % 29 + 1),
               R"("remote_addr":"192.0.2.1")"),
        "\n");
  }
  const auto begin = std::chrono::steady_clock::now();
  const Outcome outcome = engine.Run(log);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
  EXPECT_EQ(outcome.counters.releases[1].released, 3000U);
}

std::string TokensOfDays(EngineHarness* engine, int days) {
  std::string joined;
  for (int day = 1; day <= days; ++day) {
    joined += TokenOf(
        engine->One(Record(absl::StrFormat("2026-01-%02dT00:00:00Z", day),
                           R"("remote_addr":"192.0.2.1")")));
  }
  return joined;
}

// Ends the process with 0 if few keys at a time give the same tokens.
[[noreturn]] void MakeTokensInLittleMemory(const std::string& expected) {
  EngineHarness engine(NginxPlan("no-ip-2024", kPartners));
  // Less than the keys of two days and what this process has locked so far.
  const rlimit little{512 << 10, 512 << 10};
  if (setrlimit(RLIMIT_MEMLOCK, &little) != 0) std::_Exit(3);
  // Root may lock beyond any limit.
  if (geteuid() == 0 && setuid(65534) != 0) std::_Exit(4);
  std::_Exit(TokensOfDays(&engine, 28) == expected ? 0 : 5);
}

TEST(EpochsTest, WhenLockedMemoryIsShortKeysAreMadeAnew) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers ignore mlock";
#endif
  EngineHarness engine(NginxPlan("no-ip-2024", kPartners));
  const std::string expected = TokensOfDays(&engine, 28);
  ASSERT_EQ(expected.size(), 28 * kTokenChars);
  EXPECT_EXIT(MakeTokensInLittleMemory(expected), testing::ExitedWithCode(0),
              "");
}

TEST(EpochsTest, ADestroyedEpochSuppressesItsReleaseOnly) {
  DeidentifierOptions options;
  options.keyring = MakeKeyring(1767225600, 31, 1, /*destroyed=*/true);
  EngineHarness engine(
      NginxPlan("no-ip-2024", std::string(kInside) + kPartners),
      std::move(options));
  const Outcome outcome = engine.Run(
      Record("2026-01-01T10:00:00Z", R"("remote_addr":"192.0.2.1")"));
  EXPECT_EQ(outcome.counters.releases[0].released, 1U);
  EXPECT_EQ(SuppressedBy(outcome, 1, SuppressionReason::kKeyEpochDestroyed),
            1U);
  EXPECT_EQ(outcome.releases[1], "");
}

TEST(RetentionTest, AnOldRecordDoesNotLeaveWithAPersonalField) {
  DeidentifierOptions options;
  options.as_of = kTestDay + 3 * 366 * kDay;
  EngineHarness engine(
      NginxPlan("no-ip-2024", std::string(kInside) + kPublished),
      std::move(options));
  const Outcome outcome = engine.Run(Record(
      "2026-01-05T00:00:00Z", R"("remote_addr":"192.0.2.1","status":200)"));
  EXPECT_EQ(SuppressedBy(outcome, 0, SuppressionReason::kRetention), 1U);
  // Nothing personal is left in it.
  EXPECT_EQ(outcome.counters.releases[1].released, 1U);
}

// The second record is like the first, so it is not parsed.
TEST(RetentionTest, AKeptNumberOfAPersonIsPersonalInEveryRecord) {
  DeidentifierOptions options;
  options.as_of = kTestDay + 3 * 366 * kDay;
  EngineHarness engine(
      PlanInside("  visits: {category: user.account, type: number}\n"),
      std::move(options));
  const std::string record = R"({"time":"2026-01-05T00:00:00Z","visits":7})";
  const Outcome outcome = engine.Run(absl::StrCat(record, "\n", record));
  EXPECT_EQ(SuppressedBy(outcome, 0, SuppressionReason::kRetention), 2U);
}

TEST(RetentionTest, ThePeriodEndsOnItsCalendarDay) {
  const auto released = [](int64_t as_of) {
    DeidentifierOptions options;
    options.as_of = as_of;
    EngineHarness engine(NginxPlan("no-ip-2024", kInside), std::move(options));
    return engine
               .Run(Record("2026-01-05T00:00:00Z",
                           R"("remote_addr":"192.0.2.1")"))
               .counters.releases[0]
               .released == 1;
  };
  const int64_t two_years = kTestDay + (365 + 365) * kDay;  // 2028-01-05
  EXPECT_TRUE(released(two_years));
  EXPECT_FALSE(released(two_years + 1));
}

// Hundreds of withheld values that begin alike, and a text that begins like
// them at every byte.
TEST(GuardBudgetTest, ARecordThatCantBeSearchedToTheEndDoesNotLeave) {
  EngineHarness engine(
      PlanInside("  host: {category: system.operations, type: text}\n"
                 "  note: {category: system.operations, type: text}\n"));
  const std::string alike(24, 'a');
  std::string record = absl::StrCat(
      R"({"time":"2026-01-05T00:00:00Z","host":"secretly","x":"secretly","note":")",
      std::string(16000, 'a'));
  absl::StrAppend(&record, " ", alike, "b7\"");
  for (int i = 0; i < 400; ++i) {
    absl::StrAppend(&record, ",\"m", i, "\":\"", alike, "b", i, "\"");
  }
  const Outcome outcome = engine.Run(record + "}");
  EXPECT_EQ(SuppressedBy(outcome, 0, SuppressionReason::kLeakGuard), 1U);
  EXPECT_EQ(outcome.releases[0], "");
  EXPECT_EQ(outcome.counters.releases[0].leak_guard_redactions, 0U);
}

TEST(MinorsTest, AStatedAgeBelowThePolicysKeepsARecordIn) {
  for (const auto& [policy, released] :
       {std::pair("no-ip-2024", false), std::pair("ngrok-2018", false)}) {
    EngineHarness engine(NginxPlan(policy, kInside));
    for (const char* age : {"13", "\"13\"", "\"\\u00313\""}) {
      const Outcome outcome = engine.Run(
          Record("2026-01-05T00:00:00Z", absl::StrCat("\"age\":", age)));
      EXPECT_EQ(outcome.counters.releases[0].released, released ? 1U : 0U)
          << policy << " " << age;
      EXPECT_EQ(SuppressedBy(outcome, 0, SuppressionReason::kMinor), 1U);
    }
  }
  // What can't be read may be a child's age; what is absent is none.
  EngineHarness strict(NginxPlan("no-ip-2024", kInside));
  for (const auto& [age, released] :
       {std::pair("\"17 years\"", 0U), std::pair("\"x\"", 0U),
        std::pair("true", 0U), std::pair("null", 1U), std::pair("\"-\"", 1U),
        std::pair("\"\"", 1U), std::pair("34", 1U), std::pair("[12]", 0U),
        std::pair("[]", 0U), std::pair("{\"x\":12}", 0U)}) {
    EXPECT_EQ(
        strict
            .Run(Record("2026-01-05T00:00:00Z", absl::StrCat("\"age\":", age)))
            .counters.releases[0]
            .released,
        released)
        << age;
  }
  EngineHarness engine(
      NginxPlan("anyip",
                "  - {name: inside, use: analytics, audience: internal, "
                "level: anonymized}\n"));
  const Outcome outcome =
      engine.Run(Record("2026-01-05T00:00:00Z", R"("age":13)"));
  EXPECT_EQ(outcome.counters.releases[0].released, 1U);
}

TEST(RightsTest, WhoIsOnAListLeavesOnlyTheReleasesTheRightDoesNotCover) {
  const std::string releases = std::string(kInside) + kPartners;
  const auto plan = NginxPlan(
      "no-ip-2024", releases,
      "rights:\n"
      "  - {right: opt_out_of_third_party_disclosure, subjects: list.txt}\n");
  const auto keyring = TestKeyring();
  const int epoch = keyring->FindEpoch("subjects", kTestDay);
  ASSERT_GE(epoch, 0);
  auto key = keyring->Derive(epoch, "subjects", "user.account.username/id");
  ASSERT_TRUE(key.ok());
  std::array<char, kTokenChars> token;
  key->Token("someone", token.data());
  DeidentifierOptions options;
  options.subjects = {{std::string(token.data(), token.size())}};
  EngineHarness engine(plan, std::move(options));
  const Outcome listed =
      engine.Run(Record("2026-01-05T00:00:00Z", R"("remote_user":"someone")"));
  EXPECT_EQ(listed.counters.releases[0].released, 1U);
  EXPECT_EQ(SuppressedBy(listed, 1, SuppressionReason::kRight), 1U);
  const Outcome other =
      engine.Run(Record("2026-01-05T00:00:00Z", R"("remote_user":"another")"));
  EXPECT_EQ(other.counters.releases[1].released, 1U);
  // The memo remembers the list as well.
  const Outcome again =
      engine.Run(Record("2026-01-05T00:00:00Z", R"("remote_user":"someone")"));
  EXPECT_EQ(SuppressedBy(again, 1, SuppressionReason::kRight), 1U);
}

// An address counts wherever it stands in a field of an address.
TEST(RightsTest, ASubjectIsFoundInWhatIsNoValueOfItsType) {
  const auto plan = NginxPlan(
      "no-ip-2024", std::string(kInside) + kPartners,
      "rights:\n"
      "  - {right: opt_out_of_third_party_disclosure, subjects: list.txt}\n");
  const auto keyring = TestKeyring();
  auto key = keyring->Derive(keyring->FindEpoch("subjects", kTestDay),
                             "subjects", "user.device.ip_address/ip");
  ASSERT_TRUE(key.ok());
  std::array<char, kTokenChars> token;
  key->Token(ParseIpAddress("203.0.113.77")->Canonical(), token.data());
  DeidentifierOptions options;
  options.subjects = {{std::string(token.data(), token.size())}};
  EngineHarness engine(plan, std::move(options));
  for (const auto& [member, suppressed] :
       {std::pair(R"("remote_addr":"203.0.113.77")", 1U),
        std::pair(R"("remote_addr":["203.0.113.77"])", 1U),
        std::pair(R"("remote_addr":{"a":[{"b":"203.0.113.77:80"}]})", 1U),
        std::pair(R"("remote_addr":{"203.0.113.77":1})", 1U),
        std::pair(R"("remote_addr":{"203.0.113\u002e77":1})", 1U),
        std::pair(R"("remote_addr":"203.0.113.77, 10.0.0.1")", 1U),
        std::pair(R"("remote_addr":"203.0.113.77|1")", 1U),
        std::pair(R"("remote_addr":"for 203\u002e0.113.77 x")", 1U),
        std::pair(R"("http_x_forwarded_for":"203.0.113.77, 10.0.0.1")", 1U),
        std::pair(R"("http_x_forwarded_for":"host=203.0.113.77")", 1U),
        std::pair(R"("http_x_forwarded_for":"203.0.113.77|1")", 1U),
        std::pair(R"("http_x_forwarded_for":["203.0.113.77"])", 1U),
        std::pair(R"("remote_addr":["203.0.113.78"])", 0U),
        std::pair(R"("remote_addr":"203.0.113.78|1")", 0U)}) {
    for (int round = 0; round < 3; ++round) {  // the memo remembers it
      const Outcome outcome =
          engine.Run(Record("2026-01-05T00:00:00Z", member));
      EXPECT_EQ(outcome.counters.releases[0].released, 1U) << member;
      EXPECT_EQ(SuppressedBy(outcome, 1, SuppressionReason::kRight), suppressed)
          << member;
      EXPECT_THAT(outcome.counters.releases[1].suppressed_by_list,
                  ElementsAre(suppressed))
          << member;
    }
  }
}

TEST(RightsTest, RecordsAreCountedForEachListOfARelease) {
  const auto plan = NginxPlan(
      "no-ip-2024", std::string(kInside) + kPartners,
      "rights:\n"
      "  - {right: erasure, subjects: a.txt}\n"
      "  - {right: opt_out_of_third_party_disclosure, subjects: b.txt}\n"
      "  - {right: erasure, subjects: c.txt}\n");
  const auto keyring = TestKeyring();
  auto key = keyring->Derive(keyring->FindEpoch("subjects", kTestDay),
                             "subjects", "user.account.username/id");
  ASSERT_TRUE(key.ok());
  const auto token = [&](std::string_view subject) {
    std::string text(kTokenChars, 0);
    key->Token(subject, text.data());
    return text;
  };
  DeidentifierOptions options;
  options.subjects = {
      {token("ann"), token("bob")}, {token("bob"), token("eve")}, {}};
  EngineHarness engine(plan, std::move(options));
  std::string input;
  for (const char* user : {"ann", "bob", "bob", "eve", "another"}) {
    input += Record("2026-01-05T00:00:00Z",
                    absl::StrCat(R"("remote_user":")", user, "\"")) +
             "\n";
  }
  // Another reason counts before.
  input += Record("2026-01-05T00:00:00Z", R"("age":12,"remote_user":"ann")");
  for (int round = 0; round < 3; ++round) {  // the memo remembers them
    const Outcome outcome = engine.Run(input);
    EXPECT_EQ(SuppressedBy(outcome, 0, SuppressionReason::kRight), 3U);
    EXPECT_THAT(outcome.counters.releases[0].suppressed_by_list,
                ElementsAre(3, 0, 0));
    EXPECT_EQ(SuppressedBy(outcome, 1, SuppressionReason::kRight), 4U);
    EXPECT_THAT(outcome.counters.releases[1].suppressed_by_list,
                ElementsAre(3, 3, 0));
  }
}

TEST(RightsTest, AListMadeWithAnotherKeyringIsRefusedAndNotShown) {
  const auto plan = NginxPlan(
      "no-ip-2024", kPartners,
      "rights:\n"
      "  - {right: opt_out_of_third_party_disclosure, subjects: list.txt}\n");
  DeidentifierOptions options;
  options.keyring = TestKeyring();
  const std::string token = "nym_zzzzzz_aaaaaaaaaaaaaaaaaaaaaaaaaa";
  options.subjects = {{token}};
  const absl::Status status =
      Deidentifier::Create(plan, std::move(options)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(std::string(status.message()).find(token), std::string::npos);
}

TEST(PoliciesTest, OnePolicyAgainstAnotherOnTheSameRecord) {
  const std::string record =
      Record("2026-01-05T10:11:12Z",
             R"("remote_addr":"192.0.2.1","request_uri":"/a?q=secret",)"
             R"("status":200)");
  EngineHarness inside(NginxPlan("no-ip-2024", kInside));
  EngineHarness published(NginxPlan("no-ip-2024", kPublished));
  const std::string pseudonymized = inside.One(record);
  EXPECT_NE(pseudonymized.find("nym_"), std::string::npos);
  EXPECT_NE(pseudonymized.find("10:11:12"), std::string::npos);
  EXPECT_EQ(pseudonymized.find("secret"), std::string::npos);
  EXPECT_EQ(published.One(record),
            R"({"time_iso8601":"2026-01-05T10:00:00Z","request_uri":"/a",)"
            R"("status":200})");
}

TEST(SourceCoordinatesTest, AReleaseThatMayHaveThemNamesFileAndOffset) {
  EngineHarness engine(
      NginxPlan("no-ip-2024",
                "  - {name: inside, use: analytics, audience: internal, level: "
                "pseudonymized, epoch: P30D, source_coordinates: true}\n"));
  EXPECT_EQ(engine.One(Record("2026-01-05T10:11:12Z", R"("status":200)")),
            R"({"time_iso8601":"2026-01-05T10:11:12Z","status":200,)"
            R"("nymstream_source":"test@0"})");
}

TEST(OverridesTest, AddressesMayKeepTheShapeOfAddresses) {
  EngineHarness engine(NginxPlan(
      "no-ip-2024",
      "  - name: inside\n    use: analytics\n    audience: internal\n"
      "    level: pseudonymized\n    epoch: P30D\n    fields:\n"
      "      remote_addr: pseudonymize_as_address\n"
      "      http_x_real_ip: prefix_preserving\n"
      "      http_x_forwarded_for: {treatment: truncate, prefix_v4: 16, "
      "prefix_v6: 32}\n"));
  const std::string out = engine.One(Record(
      "2026-01-05T10:11:12Z",
      R"("remote_addr":"192.0.2.1","http_x_real_ip":"198.51.100.7",)"
      R"("http_x_forwarded_for":"203.0.113.9, 2001:db8:1:2::3, unknown")"));
  EXPECT_NE(out.find(R"("remote_addr":"fc)"), std::string::npos) << out;
  EXPECT_NE(
      out.find(R"("http_x_forwarded_for":"203.0.0.0, 2001:db8::, unknown")"),
      std::string::npos)
      << out;
  EXPECT_EQ(out.find("198.51.100.7"), std::string::npos);
}

constexpr char kSecurity[] =
    "  - {name: security, use: essential.service.security, audience: internal, "
    "level: identified}\n";

TEST(IdentifiedTest, AValueThatIsNotOfItsTypeDoesNotLeaveAsLogged) {
  EngineHarness engine(NginxPlan("no-ip-2024", kSecurity));
  const std::string head = R"({"time_iso8601":"2026-01-05T10:00:00Z")";
  const auto one = [&](const std::string& member) {
    return engine.One(head + "," + member + "}").substr(head.size());
  };
  EXPECT_EQ(one(R"("remote_addr":"192.0.2.1")"),
            R"(,"remote_addr":"192.0.2.1"})");
  EXPECT_EQ(one(R"("remote_addr":"someone@example.org")"), "}");
  EXPECT_EQ(one(R"("http_x_forwarded_for":"192.0.2.1, _hidden, unknown")"),
            R"(,"http_x_forwarded_for":"192.0.2.1, REDACTED, unknown"})");
}

// Goal: an address of a field is guarded in whatever form it stands elsewhere.
TEST(GuardedAddressesTest, APartOfAListOrOfAnAddressWithPortIsFoundElsewhere) {
  EngineHarness engine(NginxPlan("no-ip-2024", kInside));
  for (const auto& [field, elsewhere] :
       {std::pair(R"("http_x_forwarded_for":"192.0.2.1:4711, 192.0.2.2")",
                  "192.0.2.1"),
        std::pair(R"("http_x_forwarded_for":"[2001:0DB8:0::1]:80")",
                  "2001:0db8:0::1"),
        std::pair(R"("remote_addr":"192.0.2.1, 198.51.100.7")",
                  "198.51.100.7")}) {
    const std::string out =
        engine.One(Record("2026-01-05T10:00:00Z",
                          absl::StrCat(field, ",\"http_user_agent\":\"Version/",
                                       elsewhere, "\"")));
    EXPECT_NE(out.find("http_user_agent"), std::string::npos) << out;
    EXPECT_EQ(out.find(elsewhere), std::string::npos) << out;
  }
}

}  // namespace
}  // namespace nymstream
