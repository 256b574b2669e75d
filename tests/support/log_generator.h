// Invented access logs of any length, the same for the same seed: what tests
// and benchmarks read instead of anybody's real traffic.
#ifndef NYMSTREAM_TESTS_SUPPORT_LOG_GENERATOR_H_
#define NYMSTREAM_TESTS_SUPPORT_LOG_GENERATOR_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nymstream {

enum class GeneratedFormat : uint8_t { kNginxJson, kCaddy, kCombined };

struct LogGeneratorOptions {
  GeneratedFormat format = GeneratedFormat::kNginxJson;
  uint64_t seed = 1;
  int64_t start = 1767225600;  // unix seconds of the first record: 2026-01-01
  uint32_t records_per_second = 1000;  // of event time
};

// What the traffic is like: 60,000 addresses, 800 user agents and 3,000 pages,
// each drawn by Zipf's law (the k-th as often as 1/k); two devices and accounts
// at each address; every request id and cookie unique; 4 in 100 clients speak IPv6, 3 in 100 come
// through a proxy (X-Forwarded-For), 30 in 100 requests have a query, some
// with a token or an e-mail address. An nginx record has 700 to 800 bytes on
// average. Addresses are from 198.18.0.0/15 (RFC 2544) and 2001:db8::/32 (RFC
// 3849), names from example.com and example.org: nobody's.
//
// Not thread safe. Cost: about 2 us a record.
class LogGenerator {
 public:
  explicit LogGenerator(const LogGeneratorOptions& options);

  // Appends one record and a line end.
  void AppendRecord(std::string* out);

 private:
  // Ranks 0 to size-1, the k-th with weight 1/(k+1).
  class Zipf {
   public:
    explicit Zipf(size_t size);
    size_t Rank(double uniform) const;

   private:
    std::vector<double> cumulative_;
  };
  struct Request;

  uint64_t NextRandom();
  double Uniform();
  bool OneIn(uint32_t n) { return NextRandom() % n == 0; }
  uint64_t Below(uint64_t bound) { return NextRandom() % bound; }
  void AppendHex(size_t digits, std::string* out);
  void AppendQuery(std::string* out);
  void Draw(Request* request);
  void AppendNginx(const Request& request, std::string* out) const;
  void AppendCaddy(const Request& request, std::string* out) const;
  void AppendCombined(const Request& request, std::string* out) const;

  LogGeneratorOptions options_;
  uint64_t state_;
  uint64_t count_ = 0;
  Zipf address_ranks_;
  Zipf agent_ranks_;
  Zipf page_ranks_;
  std::vector<std::string> agents_;
  std::vector<std::string> pages_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_SUPPORT_LOG_GENERATOR_H_
