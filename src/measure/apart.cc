#include "measure/apart.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "absl/strings/string_view.h"

namespace nymstream {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kLookMs = 50;
constexpr std::chrono::seconds kStopTime(15);

// A message is its kind, its length and its bytes.
constexpr size_t kHeadBytes = 1 + sizeof(uint32_t);

// Everything that comes through `pipe` until its other end is closed.
std::string ReadAll(const Descriptor& pipe, pid_t child,
                    const std::atomic<bool>* stop) {
  std::string bytes;
  std::array<char, 4096> block{};
  std::optional<Clock::time_point> stopped;
  bool killed = false;
  while (true) {
    if (stop != nullptr && *stop && !stopped) {
      stopped = Clock::now();
      kill(child, SIGTERM);
    }
    if (stopped && !killed && Clock::now() - *stopped > kStopTime) {
      killed = true;
      kill(child, SIGKILL);
    }
    pollfd waiting{pipe.number(), POLLIN, 0};
    if (poll(&waiting, 1, kLookMs) <= 0) continue;
    const ssize_t got = read(pipe.number(), block.data(), block.size());
    if (got > 0) {
      bytes.append(block.data(), static_cast<size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      return bytes;
    }
  }
}

ApartResult Parse(std::string_view bytes) {
  ApartResult result;
  result.status = absl::InternalError(
      "the process that measures ended in the middle; was memory short?");
  while (bytes.size() >= kHeadBytes) {
    uint32_t size = 0;
    std::memcpy(&size, bytes.data() + 1, sizeof(size));
    if (bytes.size() < kHeadBytes + size) break;
    const char kind = bytes.front();
    const std::string text(bytes.substr(kHeadBytes, size));
    bytes.remove_prefix(kHeadBytes + size);
    if (kind == 't') {
      result.told.push_back(text);
    } else {
      result.status = absl::Status(static_cast<absl::StatusCode>(text.front()),
                                   absl::string_view(text).substr(1));
    }
  }
  return result;
}

}  // namespace

void Teller::Send(char kind, std::string_view text) {
  std::string message(1, kind);
  const auto size = static_cast<uint32_t>(text.size());
  message.append(reinterpret_cast<const char*>(&size), sizeof(size));
  message.append(text);
  // Without a parent nobody is left to tell.
  static_cast<void>(WriteFully(
      pipe_, "pipe",
      std::span(reinterpret_cast<const unsigned char*>(message.data()),
                message.size())));
}

void Teller::End(const absl::Status& status) {
  std::string text(1, static_cast<char>(status.code()));
  text.append(status.message().data(), status.message().size());
  Send('s', text);
  std::_Exit(0);
}

ApartResult RunApart(const std::function<absl::Status(Teller*)>& work,
                     const std::atomic<bool>* stop) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return {{}, absl::ErrnoToStatus(errno, "no pipe")};
  }
  const Descriptor read_end(ends[0]);
  Descriptor write_end(ends[1]);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) return {{}, absl::ErrnoToStatus(errno, "no process")};
  if (child == 0) {
    Teller teller(std::move(write_end));
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) std::_Exit(1);
    teller.End(work(&teller));
  }
  write_end = Descriptor();
  ApartResult result = Parse(ReadAll(read_end, child, stop));
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
  return result;
}

}  // namespace nymstream
