#include "support/log_generator.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace nymstream {
namespace {

constexpr size_t kAddresses = 60000;
constexpr size_t kAgents = 800;
constexpr size_t kPages = 3000;
constexpr size_t kDevicesPerAddress = 2;
constexpr size_t kDevices = kAddresses * kDevicesPerAddress;

constexpr std::array kPlatforms = {
    "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7",
    "X11; Linux x86_64",           "Linux; Android 14; Pixel 8",
    "Linux; Android 13; SM-S911B",
};
constexpr std::array kSections = {"products",   "articles",     "accounts",
                                  "search",     "api/v2/items", "static/js",
                                  "help/topics"};
constexpr std::array kMethods = {"GET", "GET", "GET", "GET", "POST", "HEAD"};
constexpr std::array kStatuses = {200, 200, 200, 200, 200, 200,
                                  204, 301, 304, 404, 500};

// SplitMix64 (Steele, Lea, Flood 2014): one step of the state, well mixed.
uint64_t Mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

std::string MakeAgent(size_t index) {
  const char* platform = kPlatforms[index % kPlatforms.size()];
  const size_t version = 90 + index / kPlatforms.size() % 45;
  if (index % 3 == 0) {
    return absl::StrCat("Mozilla/5.0 (", platform, "; rv:", version,
                        ".0) Gecko/20100101 Firefox/", version, ".0");
  }
  return absl::StrCat("Mozilla/5.0 (", platform,
                      ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/",
                      version, ".0.", index % 7, ".0 Safari/537.36");
}

std::string MakePage(size_t index) {
  return absl::StrCat("/", kSections[index % kSections.size()], "/",
                      Mix(index) % 90000 + 10000, "/overview");
}

// Every 25th address is IPv6; the rest count through 198.18.0.0/15.
std::string MakeAddress(size_t rank) {
  if (rank % 25 == 24) {
    return absl::StrFormat("2001:db8:%x:%x::%x", Mix(rank) & 0xffff,
                           Mix(rank) >> 48, rank);
  }
  // An odd factor permutes the 2^17 hosts, so that ranks don't collide.
  const uint64_t host = rank * 40503 & 0x1ffff;
  return absl::StrCat("198.", 18 + (host >> 16), ".", (host >> 8) & 0xff, ".",
                      host & 0xff);
}

std::string MakeDevice(size_t index) {
  const uint64_t a = Mix(index + 1000000);
  const uint64_t b = Mix(index + 2000000);
  return absl::StrFormat("%08x-%04x-4%03x-a%03x-%012x", a >> 32,
                         (a >> 16) & 0xffff, a & 0xfff, b & 0xfff, b >> 16);
}

std::tm CivilTime(int64_t seconds) {
  const time_t time = seconds;
  std::tm civil{};
  gmtime_r(&time, &civil);
  return civil;
}

}  // namespace

struct LogGenerator::Request {
  int64_t time_ms = 0;
  std::string address;
  std::string forwarded_for;
  std::string device;
  std::string user;
  std::string request_id;
  std::string method;
  std::string uri;
  std::string referer;
  std::string agent;
  std::string cookie;
  int status = 0;
  uint64_t bytes = 0;
  uint64_t duration_us = 0;
};

LogGenerator::Zipf::Zipf(size_t size) : cumulative_(size) {
  double sum = 0;
  for (size_t k = 0; k < size; ++k) {
    sum += 1.0 / static_cast<double>(k + 1);
    cumulative_[k] = sum;
  }
}

size_t LogGenerator::Zipf::Rank(double uniform) const {
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(),
                                      uniform * cumulative_.back());
  const auto rank = static_cast<size_t>(found - cumulative_.begin());
  return std::min(rank, cumulative_.size() - 1);
}

LogGenerator::LogGenerator(const LogGeneratorOptions& options)
    : options_(options),
      state_(Mix(options.seed)),
      address_ranks_(kAddresses),
      agent_ranks_(kAgents),
      page_ranks_(kPages) {
  for (size_t i = 0; i < kAgents; ++i) agents_.push_back(MakeAgent(i));
  for (size_t i = 0; i < kPages; ++i) pages_.push_back(MakePage(i));
}

uint64_t LogGenerator::NextRandom() {
  state_ += 0x9e3779b97f4a7c15;
  return Mix(state_);
}

double LogGenerator::Uniform() {
  return static_cast<double>(NextRandom() >> 11) * 0x1.0p-53;
}

void LogGenerator::AppendHex(size_t digits, std::string* out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  uint64_t bits = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (i % 16 == 0) bits = NextRandom();
    out->push_back(kDigits[bits & 15]);
    bits >>= 4;
  }
}

void LogGenerator::AppendQuery(std::string* out) {
  absl::StrAppend(out, "?page=", Below(40) + 1, "&utm_source=newsletter");
  if (OneIn(4)) {
    out->append("&token=");
    AppendHex(24, out);
  }
  if (OneIn(10)) {
    absl::StrAppend(out, "&email=user", Below(kDevices), "%40example.org");
  }
}

void LogGenerator::Draw(Request* request) {
  request->time_ms =
      options_.start * 1000 +
      static_cast<int64_t>(count_ * 1000 / options_.records_per_second);
  const size_t client = address_ranks_.Rank(Uniform());
  request->address = MakeAddress(client);
  if (OneIn(33)) {
    request->forwarded_for =
        absl::StrCat(MakeAddress(Below(kAddresses)), ", ", request->address);
  }
  const size_t device = client * kDevicesPerAddress + Below(kDevicesPerAddress);
  request->device = MakeDevice(device);
  if (OneIn(8)) request->user = absl::StrCat("user", device);
  AppendHex(32, &request->request_id);
  request->method = kMethods[Below(kMethods.size())];
  request->uri = pages_[page_ranks_.Rank(Uniform())];
  if (Below(10) < 3) AppendQuery(&request->uri);
  if (Below(10) < 4) {
    request->referer = absl::StrCat("https://www.example.com",
                                    pages_[page_ranks_.Rank(Uniform())]);
  }
  request->agent = agents_[agent_ranks_.Rank(Uniform())];
  request->cookie = "sid=";
  AppendHex(32, &request->cookie);
  absl::StrAppend(&request->cookie,
                  "; theme=dark; consent=", OneIn(3) ? "none" : "all",
                  "; visit=", NextRandom() >> 20);
  request->status = kStatuses[Below(kStatuses.size())];
  request->bytes = Below(60000);
  request->duration_us = Below(900000);
}

void LogGenerator::AppendRecord(std::string* out) {
  Request request;
  Draw(&request);
  switch (options_.format) {
    case GeneratedFormat::kNginxJson:
      AppendNginx(request, out);
      break;
    case GeneratedFormat::kCaddy:
      AppendCaddy(request, out);
      break;
    case GeneratedFormat::kCombined:
      AppendCombined(request, out);
      break;
  }
  out->push_back('\n');
  ++count_;
}

void LogGenerator::AppendNginx(const Request& request, std::string* out) const {
  std::array<char, 32> time;
  const std::tm civil = CivilTime(request.time_ms / 1000);
  const size_t length = std::strftime(time.data(), time.size(),
                                      "%Y-%m-%dT%H:%M:%S+00:00", &civil);
  const std::string seconds =
      absl::StrFormat("%d.%03d", request.duration_us / 1000000,
                      request.duration_us / 1000 % 1000);
  absl::StrAppend(
      out, R"({"time_iso8601":")", absl::string_view(time.data(), length),
      R"(","remote_addr":")", request.address, R"(","http_x_forwarded_for":")",
      request.forwarded_for.empty() ? "-" : request.forwarded_for,
      R"(","remote_user":")", request.user.empty() ? "-" : request.user,
      R"(","device_id":")", request.device, R"(","request_id":")",
      request.request_id, R"(","request_method":")", request.method);
  absl::StrAppend(out, R"(","host":"www.example.com","request_uri":")",
                  request.uri, R"(","server_protocol":"HTTP/2.0","status":)",
                  request.status, R"(,"body_bytes_sent":)", request.bytes,
                  R"(,"request_length":)", 300 + request.uri.size(),
                  R"(,"request_time":)", seconds,
                  R"(,"upstream_addr":"198.51.100.7:8080","http_referer":")",
                  request.referer.empty() ? "-" : request.referer);
  absl::StrAppend(out, R"(","http_user_agent":")", request.agent,
                  R"(","http_cookie":")", request.cookie,
                  R"(","ssl_protocol":"TLSv1.3","geoip_country_code":"NL"})");
}

void LogGenerator::AppendCaddy(const Request& request, std::string* out) const {
  absl::StrAppend(
      out, R"({"level":"info","ts":)",
      absl::StrFormat("%d.%03d", request.time_ms / 1000,
                      request.time_ms % 1000),
      R"(,"logger":"http.log.access.log0","msg":"handled request","request":)",
      R"({"remote_ip":")", request.address,
      R"(","remote_port":"50123","client_ip":")", request.address,
      R"(","proto":"HTTP/2.0","method":")", request.method,
      R"(","host":"www.example.com","uri":")", request.uri, R"(","headers":{)");
  if (!request.forwarded_for.empty()) {
    absl::StrAppend(out, R"("X-Forwarded-For":[")", request.forwarded_for,
                    R"("],)");
  }
  if (!request.referer.empty()) {
    absl::StrAppend(out, R"("Referer":[")", request.referer, R"("],)");
  }
  absl::StrAppend(out, R"("User-Agent":[")", request.agent,
                  R"("],"X-Request-Id":[")", request.request_id,
                  R"("],"Cookie":[")", request.cookie,
                  R"("]},"tls":{"resumed":false,"version":772,)",
                  R"("cipher_suite":4865,"proto":"h2",)",
                  R"("server_name":"www.example.com"}})");
  absl::StrAppend(
      out, R"(,"bytes_read":0,"user_id":")", request.user, R"(","duration":)",
      absl::StrFormat("%d.%06d", request.duration_us / 1000000,
                      request.duration_us % 1000000),
      R"(,"size":)", request.bytes, R"(,"status":)", request.status,
      R"(,"resp_headers":{"Content-Type":["text/html; charset=utf-8"]}})");
}

void LogGenerator::AppendCombined(const Request& request,
                                  std::string* out) const {
  std::array<char, 40> time;
  const std::tm civil = CivilTime(request.time_ms / 1000);
  const size_t length = std::strftime(time.data(), time.size(),
                                      "%d/%b/%Y:%H:%M:%S +0000", &civil);
  absl::StrAppend(
      out, request.address, " - ", request.user.empty() ? "-" : request.user,
      " [", absl::string_view(time.data(), length), "] \"", request.method, " ",
      request.uri, " HTTP/1.1\" ", request.status, " ", request.bytes);
  absl::StrAppend(out, " \"", request.referer.empty() ? "-" : request.referer,
                  "\" \"", request.agent, "\"");
}

}  // namespace nymstream
