// Invented access logs of any length, the same for the same seed: what tests,
// benchmarks and `nymstream bench` read instead of anybody's real traffic.
#ifndef NYMSTREAM_GENERATE_LOG_GENERATOR_H_
#define NYMSTREAM_GENERATE_LOG_GENERATOR_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "generate/byte_writer.h"
#include "generate/hostile_value.h"
#include "generate/random.h"
#include "generate/traffic_model.h"

namespace nymstream {

enum class GeneratedFormat : uint8_t { kNginxJson, kCaddy, kCombined };

struct LogGeneratorOptions {
  GeneratedFormat format = GeneratedFormat::kNginxJson;
  uint64_t seed = 1;
  int64_t start = 1767225600;  // unix seconds of the first record: 2026-01-01
  uint32_t records_per_second = 1000;  // of event time
  Traffic traffic = Traffic::kRealistic;
  size_t hostile_bytes = 0;  // of a hostile value; 0: HostileBytes(traffic)
};

// False for what JSON only can hold, in combined lines.
bool CanGenerate(GeneratedFormat format, Traffic traffic);

// What realistic traffic is like: 75,000 addresses, 800 user agents and 3,000
// pages, each drawn by Zipf's law (the k-th as often as 1/k); 150,000 devices,
// two at each address; every request id and cookie unique; 4 in 100 clients
// speak IPv6, 3 in 100 come through a proxy (X-Forwarded-For), 30 in 100
// requests have a query, some with a token or an e-mail address. An nginx
// record has 700 to 800 bytes on average. All addresses and names are
// reserved for documentation and tests: nobody's.
//
// Not thread safe. Cost: about 0.4 us a record.
class LogGenerator {
 public:
  // CanGenerate(options.format, options.traffic).
  explicit LogGenerator(const LogGeneratorOptions& options);

  // Appends one record and a line end.
  void AppendRecord(std::string* out);

 private:
  struct Request;
  // What only one record holds.
  using Scratch = ByteWriter;

  void Draw(Scratch* scratch, Request* request);
  void DrawRepeating(Scratch* scratch, Request* request);
  void DrawNew(Scratch* scratch, Request* request);
  void DrawUnique(Scratch* scratch, Request* request);
  std::string_view DrawQuery(std::string_view page, Scratch* scratch);
  void PutHostileValue(Request* request);
  void MoveTime();
  void PutNginx(const Request& request, ByteWriter* out) const;
  void PutCaddy(const Request& request, ByteWriter* out) const;
  void PutCombined(const Request& request, ByteWriter* out) const;

  LogGeneratorOptions options_;
  const TrafficModel& model_;
  Random random_;
  uint64_t count_ = 0;
  int64_t time_ms_ = 0;
  int64_t civil_second_ = -1;  // that civil_time_ tells
  std::string civil_time_;
  std::string hostile_;       // of the record in hand
  std::vector<char> buffer_;  // likewise
};

}  // namespace nymstream

#endif  // NYMSTREAM_GENERATE_LOG_GENERATOR_H_
