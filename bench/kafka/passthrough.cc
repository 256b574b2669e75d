// The baseline of measure/passthrough.h as a program, for compare.py. For
// invented records only.
//
// passthrough BROKERS INPUT OUTPUT GROUP PARTITIONS COUNT: ends once COUNT are
// through; 0, or 1 with the name of the error.
#include "measure/passthrough.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "base/status_macros.h"

namespace nymstream {
namespace {

constexpr std::chrono::milliseconds kLook(10);

absl::Status PassAll(const PassthroughOptions& options, uint64_t count) {
  NYM_ASSIGN_OR_RETURN(const std::unique_ptr<Passthrough> lane,
                       Passthrough::Create(options, 0));
  std::atomic<bool> stop{false};
  std::atomic<bool> ended{false};
  absl::Status status;
  std::thread thread([&] {
    status = lane->Run(stop);
    ended = true;
  });
  while (!ended && lane->committed() < count)
    std::this_thread::sleep_for(kLook);
  stop = true;
  thread.join();
  return status;
}

}  // namespace
}  // namespace nymstream

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fputs(
        "usage: passthrough BROKERS INPUT OUTPUT GROUP PARTITIONS COUNT\n",
        stderr);
    return 2;
  }
  nymstream::PassthroughOptions options;
  options.source.brokers = {argv[1]};
  options.source.topic = argv[2];
  options.source.group = argv[4];
  options.output = argv[3];
  options.partitions = std::atoi(argv[5]);
  const auto credentials = nymstream::ClientCredentials::Read(
      options.source.security, [](auto path) { return path; });
  options.credentials = *credentials;  // without security there is none to read
  const absl::Status status =
      nymstream::PassAll(options, std::strtoull(argv[6], nullptr, 10));
  if (status.ok()) return 0;
  std::fprintf(stderr, "passthrough: %s\n",
               std::string{status.message()}.c_str());
  return 1;
}
