#include "generate/log_generator.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "base/check.h"

namespace nymstream {
namespace {

constexpr std::array<std::string_view, 6> kMethods = {"GET", "GET",  "GET",
                                                      "GET", "POST", "HEAD"};
constexpr std::array<uint32_t, 11> kStatuses = {200, 200, 200, 200, 200, 200,
                                                204, 301, 304, 404, 500};

// Of what a record holds beside its hostile value: more than any has.
constexpr size_t kScratchBytes = 2048;
constexpr size_t kRecordBytes = 4096;

std::string_view OrDash(std::string_view text) {
  return text.empty() ? std::string_view("-") : text;
}

}  // namespace

struct LogGenerator::Request {
  std::string_view address;
  std::string_view forwarded_for;
  std::string_view device;
  std::string_view user;
  std::string_view request_id;
  std::string_view method;
  std::string_view uri;
  std::string_view referer_page;
  std::string_view hostile_referer;
  std::string_view agent;
  std::string_view cookie;
  std::string_view debug;    // a further value that nobody classified
  std::string_view members;  // further members, each with a comma before it
  uint32_t status = 0;
  uint32_t bytes = 0;
  uint32_t duration_us = 0;

  // "https://www.example.com" and the page, or the hostile value.
  void PutReferer(ByteWriter* out) const {
    if (hostile_referer.empty()) out->Put("https://www.example.com");
    out->Put(hostile_referer.empty() ? referer_page : hostile_referer);
  }
  bool has_referer() const {
    return !referer_page.empty() || !hostile_referer.empty();
  }
};

bool CanGenerate(GeneratedFormat format, Traffic traffic) {
  return format != GeneratedFormat::kCombined ||
         (traffic != Traffic::kDeepNesting && traffic != Traffic::kManyKeys);
}

LogGenerator::LogGenerator(const LogGeneratorOptions& options)
    : options_(options), model_(TrafficModel::Get()), random_(options.seed) {
  NYM_CHECK(CanGenerate(options.format, options.traffic));
  if (options_.hostile_bytes == 0) {
    options_.hostile_bytes = HostileBytes(options.traffic);
  }
}

std::string_view LogGenerator::DrawQuery(std::string_view page,
                                         Scratch* scratch) {
  const size_t begin = scratch->size();
  scratch->Put(page);
  scratch->Put("?page=");
  scratch->PutNumber(random_.Below(40) + 1);
  scratch->Put("&utm_source=newsletter");
  if (random_.OneIn(4)) {
    scratch->Put("&token=");
    scratch->PutHex(random_.Next(), 16);
    scratch->PutHex(random_.Next(), 8);
  }
  if (random_.OneIn(10)) {
    scratch->Put("&email=user");
    scratch->PutNumber(random_.Below(TrafficModel::kDevices));
    scratch->Put("%40example.org");
  }
  return scratch->Since(begin);
}

void LogGenerator::DrawRepeating(Scratch* scratch, Request* request) {
  const size_t client = model_.DrawAddress(random_);
  request->address = model_.address(client);
  if (random_.OneIn(33)) {
    const size_t begin = scratch->size();
    scratch->Put(model_.address(random_.Below(TrafficModel::kAddresses)));
    scratch->Put(", ");
    scratch->Put(request->address);
    request->forwarded_for = scratch->Since(begin);
  }
  const size_t device = client * TrafficModel::kDevicesPerAddress +
                        random_.Below(TrafficModel::kDevicesPerAddress);
  request->device = model_.device(device);
  if (random_.OneIn(8)) {
    const size_t begin = scratch->size();
    scratch->Put("user");
    scratch->PutNumber(device);
    request->user = scratch->Since(begin);
  }
  request->uri = model_.page(model_.DrawPage(random_));
  if (random_.Below(10) < 3) request->uri = DrawQuery(request->uri, scratch);
  if (random_.Below(10) < 4) {
    request->referer_page = model_.page(model_.DrawPage(random_));
  }
  request->agent = model_.agent(model_.DrawAgent(random_));
}

// Numbers that count the records make each value new; where a detector would
// take digits for an identifier, letters do.
void LogGenerator::DrawNew(Scratch* scratch, Request* request) {
  size_t begin = scratch->size();
  const auto put_address = [&] {
    scratch->Put("2001:db8:");
    for (int shift = 32; shift >= 0; shift -= 16) {
      scratch->PutHex(0x1000 | count_ >> shift, 4);
      scratch->Put(":");
    }
    const uint64_t host = random_.Next() | 0x1000100010001000;
    for (int shift = 32; shift > 0; shift -= 16) {
      scratch->PutHex(host >> shift, 4);
      scratch->Put(":");
    }
    scratch->PutHex(host, 4);
  };
  const auto taken = [&] {
    const std::string_view text = scratch->Since(begin);
    begin = scratch->size();
    return text;
  };
  put_address();
  request->address = taken();
  if (random_.OneIn(33)) {
    put_address();
    scratch->Put(", ");
    scratch->Put(request->address);
    request->forwarded_for = taken();
  }
  scratch->PutUuid(random_.Next(), random_.Next());
  request->device = taken();
  scratch->Put("user");
  scratch->PutNumber(count_);
  request->user = taken();
  scratch->Put("/products/");
  scratch->PutLetters(count_);
  scratch->Put("/overview");
  request->uri = taken();
  if (random_.Below(10) < 3) {
    request->uri = DrawQuery(request->uri, scratch);
    begin = scratch->size();
  }
  scratch->Put("/articles/");
  scratch->PutLetters(count_);
  request->referer_page = taken();
  scratch->Put("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 ");
  scratch->Put("(KHTML, like Gecko) Chrome/");
  scratch->PutNumber(90 + count_ % 45);
  scratch->Put(".0.");
  scratch->PutNumber(count_ / 45 % 10000);
  scratch->Put(".");
  scratch->PutNumber(count_ / 450000);
  scratch->Put(" Safari/537.36");
  request->agent = taken();
}

void LogGenerator::DrawUnique(Scratch* scratch, Request* request) {
  size_t begin = scratch->size();
  scratch->PutHex(random_.Next(), 16);
  scratch->PutHex(random_.Next(), 16);
  request->request_id = scratch->Since(begin);
  begin = scratch->size();
  scratch->Put("sid=");
  scratch->PutHex(random_.Next(), 16);
  scratch->PutHex(random_.Next(), 16);
  scratch->Put("; theme=dark; consent=");
  scratch->Put(std::string_view(random_.OneIn(3) ? "none" : "all"));
  scratch->Put("; visit=");
  scratch->PutNumber(random_.Next() >> 20);
  request->cookie = scratch->Since(begin);
}

void LogGenerator::Draw(Scratch* scratch, Request* request) {
  if (options_.traffic == Traffic::kNothingRepeats) {
    DrawNew(scratch, request);
  } else {
    DrawRepeating(scratch, request);
  }
  // A combined line has no place for them.
  if (options_.format != GeneratedFormat::kCombined) {
    DrawUnique(scratch, request);
  }
  request->method = kMethods[random_.Below(kMethods.size())];
  request->status = kStatuses[random_.Below(kStatuses.size())];
  request->bytes = random_.Below(60000);
  request->duration_us = random_.Below(900000);
  if (IsHostile(options_.traffic)) PutHostileValue(request);
}

// In another field of the format with each record.
void LogGenerator::PutHostileValue(Request* request) {
  hostile_.clear();
  AppendHostile(options_.traffic, options_.hostile_bytes, random_, &hostile_);
  if (options_.traffic == Traffic::kManyKeys) {
    request->members = hostile_;
    return;
  }
  if (options_.traffic == Traffic::kDeepNesting) {
    request->debug = hostile_;
    return;
  }
  std::array values = {&request->uri,    &request->hostile_referer,
                       &request->agent,  &request->user,
                       &request->cookie, &request->forwarded_for};
  // Combined lines have the first four.
  const size_t fields =
      options_.format == GeneratedFormat::kCombined ? 4 : values.size();
  *values[count_ % fields] = hostile_;
}

void LogGenerator::MoveTime() {
  time_ms_ = options_.start * 1000 +
             static_cast<int64_t>(count_ * 1000 / options_.records_per_second);
  const time_t second = time_ms_ / 1000;
  if (second == civil_second_) return;
  civil_second_ = second;
  std::tm civil{};
  gmtime_r(&second, &civil);
  std::array<char, 40> text;
  const bool combined = options_.format == GeneratedFormat::kCombined;
  const size_t size = std::strftime(
      text.data(), text.size(),
      combined ? "%d/%b/%Y:%H:%M:%S +0000" : "%Y-%m-%dT%H:%M:%S+00:00", &civil);
  civil_time_.assign(text.data(), size);
}

void LogGenerator::AppendRecord(std::string* out) {
  MoveTime();
  std::array<char, kScratchBytes> scratch_bytes;
  Scratch scratch(scratch_bytes.data(), scratch_bytes.size());
  Request request;
  Draw(&scratch, &request);
  buffer_.resize(kRecordBytes + hostile_.size());
  ByteWriter record(buffer_.data(), buffer_.size());
  switch (options_.format) {
    case GeneratedFormat::kNginxJson:
      PutNginx(request, &record);
      break;
    case GeneratedFormat::kCaddy:
      PutCaddy(request, &record);
      break;
    case GeneratedFormat::kCombined:
      PutCombined(request, &record);
      break;
  }
  record.Put("\n");
  out->append(record.Since(0));
  ++count_;
}

void LogGenerator::PutNginx(const Request& request, ByteWriter* out) const {
  out->Put(R"({"time_iso8601":")");
  out->Put(civil_time_);
  out->Put(R"(","remote_addr":")");
  out->Put(request.address);
  out->Put(R"(","http_x_forwarded_for":")");
  out->Put(OrDash(request.forwarded_for));
  out->Put(R"(","remote_user":")");
  out->Put(OrDash(request.user));
  out->Put(R"(","device_id":")");
  out->Put(request.device);
  out->Put(R"(","request_id":")");
  out->Put(request.request_id);
  out->Put(R"(","request_method":")");
  out->Put(request.method);
  out->Put(R"(","host":"www.example.com","request_uri":")");
  out->Put(request.uri);
  out->Put(R"(","server_protocol":"HTTP/2.0","status":)");
  out->PutNumber(request.status);
  out->Put(R"(,"body_bytes_sent":)");
  out->PutNumber(request.bytes);
  out->Put(R"(,"request_length":)");
  out->PutNumber(300 + request.uri.size());
  out->Put(R"(,"request_time":0.)");
  out->PutPadded(request.duration_us / 1000, 3);
  out->Put(R"(,"upstream_addr":"198.51.100.7:8080","http_referer":")");
  if (request.has_referer()) {
    request.PutReferer(out);
  } else {
    out->Put("-");
  }
  out->Put(R"(","http_user_agent":")");
  out->Put(request.agent);
  out->Put(R"(","http_cookie":")");
  out->Put(request.cookie);
  out->Put(R"(","ssl_protocol":"TLSv1.3","geoip_country_code":"NL")");
  if (!request.debug.empty()) out->Put(R"(,"debug":)");
  out->Put(request.debug);
  out->Put(request.members);
  out->Put("}");
}

void LogGenerator::PutCaddy(const Request& request, ByteWriter* out) const {
  out->Put(R"({"level":"info","ts":)");
  out->PutNumber(static_cast<uint64_t>(time_ms_ / 1000));
  out->Put(".");
  out->PutPadded(static_cast<uint64_t>(time_ms_ % 1000), 3);
  out->Put(R"(,"logger":"http.log.access.log0","msg":"handled request",)");
  out->Put(R"("request":{"remote_ip":")");
  out->Put(request.address);
  out->Put(R"(","remote_port":"50123","client_ip":")");
  out->Put(request.address);
  out->Put(R"(","proto":"HTTP/2.0","method":")");
  out->Put(request.method);
  out->Put(R"(","host":"www.example.com","uri":")");
  out->Put(request.uri);
  out->Put(R"(","headers":{)");
  if (!request.forwarded_for.empty()) {
    out->Put(R"("X-Forwarded-For":[")");
    out->Put(request.forwarded_for);
    out->Put(R"("],)");
  }
  if (request.has_referer()) {
    out->Put(R"("Referer":[")");
    request.PutReferer(out);
    out->Put(R"("],)");
  }
  out->Put(R"("User-Agent":[")");
  out->Put(request.agent);
  out->Put(R"("],"X-Request-Id":[")");
  out->Put(request.request_id);
  out->Put(R"("],"Cookie":[")");
  out->Put(request.cookie);
  out->Put(R"("]},"tls":{"resumed":false,"version":772,)");
  out->Put(R"("cipher_suite":4865,"proto":"h2",)");
  out->Put(R"("server_name":"www.example.com"}},"bytes_read":0,"user_id":")");
  out->Put(request.user);
  out->Put(R"(","duration":0.)");
  out->PutPadded(request.duration_us, 6);
  out->Put(R"(,"size":)");
  out->PutNumber(request.bytes);
  out->Put(R"(,"status":)");
  out->PutNumber(request.status);
  out->Put(R"(,"resp_headers":{"Content-Type":["text/html; charset=utf-8"]})");
  if (!request.debug.empty()) out->Put(R"(,"debug":)");
  out->Put(request.debug);
  out->Put(request.members);
  out->Put("}");
}

void LogGenerator::PutCombined(const Request& request, ByteWriter* out) const {
  out->Put(request.address);
  out->Put(" - ");
  out->Put(OrDash(request.user));
  out->Put(" [");
  out->Put(civil_time_);
  out->Put("] \"");
  out->Put(request.method);
  out->Put(" ");
  out->Put(request.uri);
  out->Put(" HTTP/1.1\" ");
  out->PutNumber(request.status);
  out->Put(" ");
  out->PutNumber(request.bytes);
  out->Put(" \"");
  if (request.has_referer()) {
    request.PutReferer(out);
  } else {
    out->Put("-");
  }
  out->Put("\" \"");
  out->Put(request.agent);
  out->Put("\"");
}

}  // namespace nymstream
