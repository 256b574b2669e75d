// log_generator: writes invented access logs to standard output.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>

#include "generate/log_generator.h"

namespace {

constexpr size_t kWriteBytes = 1 << 20;

bool WriteAll(const std::string& bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size();
}

}  // namespace

int main(int argc, char** argv) {
  using nymstream::GeneratedFormat;
  using nymstream::Traffic;
  CLI::App app("Invented access logs, the same for the same seed.");
  nymstream::LogGeneratorOptions options;
  uint64_t records = 1000;
  const std::map<std::string, GeneratedFormat> formats = {
      {"nginx-json", GeneratedFormat::kNginxJson},
      {"caddy", GeneratedFormat::kCaddy},
      {"combined", GeneratedFormat::kCombined}};
  app.add_option("--format", options.format, "nginx-json, caddy or combined")
      ->transform(CLI::CheckedTransformer(formats));
  std::map<std::string, Traffic> traffics;
  for (int i = 0; i < nymstream::kTrafficCount; ++i) {
    const auto traffic = static_cast<Traffic>(i);
    traffics.emplace(nymstream::TrafficName(traffic), traffic);
  }
  app.add_option("--traffic", options.traffic,
                 "realistic, nothing-repeats or a hostile one")
      ->transform(CLI::CheckedTransformer(traffics));
  app.add_option("--hostile-bytes", options.hostile_bytes,
                 "of the hostile value of each record");
  app.add_option("--records", records, "how many")->capture_default_str();
  app.add_option("--seed", options.seed, "choose another log")
      ->capture_default_str();
  app.add_option("--start", options.start, "event time of the first, unix s")
      ->capture_default_str();
  app.add_option("--records-per-second", options.records_per_second,
                 "of event time")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);

  if (!nymstream::CanGenerate(options.format, options.traffic)) {
    std::fputs("log_generator: --traffic: combined lines can't hold that\n",
               stderr);
    return 2;
  }
  nymstream::LogGenerator generator(options);
  std::string buffer;
  for (uint64_t i = 0; i < records; ++i) {
    generator.AppendRecord(&buffer);
    if (buffer.size() < kWriteBytes) continue;
    if (!WriteAll(buffer)) return 3;
    buffer.clear();
  }
  return WriteAll(buffer) && std::fflush(stdout) == 0 ? 0 : 3;
}
