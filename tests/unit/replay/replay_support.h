// A pipeline of two releases, its keys, and lines for it.
#ifndef NYMSTREAM_TESTS_UNIT_REPLAY_REPLAY_SUPPORT_H_
#define NYMSTREAM_TESTS_UNIT_REPLAY_REPLAY_SUPPORT_H_

#include <memory>
#include <random>
#include <string>

#include "absl/strings/str_format.h"
#include "generate/log_generator.h"
#include "gtest/gtest.h"
#include "nymstream/keyring.h"
#include "policy/fixtures.h"
#include "quarantine/quarantine_key.h"
#include "quarantine/record_sealer.h"
#include "replay/replayer.h"

namespace nymstream {

inline constexpr int64_t kTestNow = 1767312000;  // 2026-01-02
inline constexpr uint64_t kTestRecordBytesMax = 4096;

// For the nginx lines of LogGenerator.
inline std::shared_ptr<const Plan> ReplayPlan(
    uint64_t record_bytes_max = kTestRecordBytesMax) {
  LogSchema schema = SmallSchema();
  schema.event_time = PathOf("time_iso8601");
  schema.fields = {
      FieldOf("time_iso8601", "system.operations", ValueType::kTimestamp),
      FieldOf("remote_addr", "user.device.ip_address", ValueType::kIp),
      FieldOf("device_id", "user.device.device_id", ValueType::kId),
      FieldOf("request_uri", "user.behavior.browsing_history", ValueType::kUrl),
      FieldOf("http_user_agent", "user.device", ValueType::kUserAgent),
      FieldOf("status", "system.operations", ValueType::kNumber),
  };
  Pipeline pipeline = SmallPipeline({InternalRelease(), PartnerRelease()});
  pipeline.limits.record_bytes_max = record_bytes_max;
  const Compiled compiled = Compile(pipeline, SmallPolicy(), schema);
  for (const std::string& message : compiled.messages) {
    EXPECT_EQ(message.find("error"), std::string::npos) << message;
  }
  return compiled.plan;
}

// Epochs for January 2026, one of 30 days and one for each day, and subjects.
inline std::shared_ptr<const Keyring> ReplayKeyring() {
  std::string text = "nymstream-keyring 1\n";
  const auto secret = [](int number) {
    std::mt19937 random(static_cast<uint32_t>(number));
    std::string hex;
    for (int i = 0; i < 8; ++i) {
      hex += absl::StrFormat("%08x", static_cast<uint32_t>(random()));
    }
    return hex;
  };
  text += "P30D month2 2026-01-01T00:00:00Z 2026-01-31T00:00:00Z " + secret(0) +
          "\n";
  for (int day = 1; day <= 9; ++day) {
    text += absl::StrFormat(
        "P1D day%c22 2026-01-%02dT00:00:00Z 2026-01-%02dT00:00:00Z %s\n",
        'a' + day, day, day + 1, secret(day));
  }
  text += "subjects sub222 - - " + secret(10) + "\n";
  auto keyring = Keyring::Parse(text, "keyring");
  EXPECT_TRUE(keyring.ok()) << keyring.status().message();
  return *keyring;
}

// Lines of every kind that a file may hold: good records, broken ones, blank
// lines, CRLF, too large and much too large ones. With or without a mark at the
// start and a line end at the end, by the seed.
inline std::string TestLines(uint32_t seed, int count) {
  std::mt19937 random(seed);
  LogGenerator generator({.seed = seed, .records_per_second = 1});
  std::string text = random() % 2 == 0 ? "\xEF\xBB\xBF" : "";
  for (int i = 0; i < count; ++i) {
    switch (random() % 12) {
      case 0:
        text += "{\"broken\":\n";
        break;
      case 1:
        text += random() % 2 == 0 ? "\n" : "  \t\r\n";
        break;
      case 2:
        text += std::string(random() % 3 * kTestRecordBytesMax / 2 +
                                random() % 5 + kTestRecordBytesMax - 2,
                            random() % 4 == 0 ? ' ' : 'x');
        text += random() % 2 == 0 ? "\n" : "\r\n";
        break;
      case 3:
        generator.AppendRecord(&text);
        text.insert(text.size() - 1, "\r");
        break;
      default:
        generator.AppendRecord(&text);
    }
  }
  if (random() % 2 == 0) text.resize(text.size() - 1);
  return text;
}

// Options that need no clock.
inline ReplayOptions TestOptions(std::vector<std::string> inputs,
                                 std::string out_dir) {
  ReplayOptions options;
  options.inputs = std::move(inputs);
  options.out_dir = std::move(out_dir);
  options.plan = ReplayPlan();
  options.deidentifier.keyring = ReplayKeyring();
  options.deidentifier.memo_bytes = 1 << 20;
  options.documents = {{"pipeline", "edge", "aa"}, {"policy", "small", "bb"}};
  options.version = "test";
  options.clock = {[] { return kTestNow; }, [] { return int64_t{0}; }};
  return options;
}

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_REPLAY_REPLAY_SUPPORT_H_
