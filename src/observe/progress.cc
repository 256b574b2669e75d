#include "observe/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace nymstream {
namespace {

constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr int64_t kRedrawNanoseconds = kNanosecondsPerSecond / 10;
constexpr int kBarColumnsMin = 10;
constexpr int kColumnsFallback = 80;
constexpr std::string_view kEraseLine = "\r\x1b[K";

std::string Size(double bytes) {
  constexpr std::string_view kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < std::size(kUnits)) {
    bytes /= 1024;
    ++unit;
  }
  const int decimals = unit == 0 || bytes >= 100 ? 0 : 1;
  return absl::StrFormat("%.*f %s", decimals, bytes, kUnits[unit]);
}

std::string WithCommas(uint64_t number) {
  std::string text = absl::StrCat(number);
  for (size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string Duration(int64_t seconds) {
  if (seconds >= 3600) {
    return absl::StrFormat("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60,
                           seconds % 60);
  }
  return absl::StrFormat("%d:%02d", seconds / 60, seconds % 60);
}

std::string Bar(double part, int columns) {
  const auto inner = static_cast<size_t>(columns - 2);
  const auto filled = static_cast<size_t>(part * static_cast<double>(inner));
  std::string bar = "[";
  bar.append(filled, '=');
  if (filled < inner) bar += '>';
  bar.append(inner - std::min(inner, filled + 1), ' ');
  return bar + "]";
}

int Columns(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return kColumnsFallback;
  }
  return size.ws_col;
}

void WriteToTerminal(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace

std::string ProgressLine(const ProgressState& state, uint64_t bytes_started,
                         int64_t elapsed_ns, int columns) {
  const double seconds = static_cast<double>(elapsed_ns) /
                         static_cast<double>(kNanosecondsPerSecond);
  const auto fresh = static_cast<double>(
      state.bytes_done - std::min(bytes_started, state.bytes_done));
  const double rate = seconds > 0 ? fresh / seconds : 0;
  const auto done = static_cast<double>(state.bytes_done);
  std::string tail = absl::StrCat(Size(rate), "/s  ", WithCommas(state.records),
                                  state.records == 1 ? " record" : " records");
  if (!state.bytes_all) {
    tail = absl::StrCat(Size(done), "  ", tail);
    return tail.substr(0, static_cast<size_t>(std::max(columns - 1, 0)));
  }
  const auto all = static_cast<double>(*state.bytes_all);
  const double part = all > 0 ? std::min(done / all, 1.0) : 1.0;
  tail = absl::StrCat(Size(done), " of ", Size(all), "  ", tail);
  if (rate > 0) {
    const auto left = static_cast<int64_t>(std::max(all - done, 0.0) / rate);
    absl::StrAppend(&tail, "  ", Duration(left), " left");
  }
  std::string line = absl::StrFormat("%3.0f%% ", 100 * part);
  const int free = columns - 2 - static_cast<int>(line.size()) -
                   static_cast<int>(tail.size());
  if (free >= kBarColumnsMin) {
    absl::StrAppend(&line, Bar(part, std::min(free, 40)), " ");
  }
  line += tail;
  return line.substr(0, static_cast<size_t>(std::max(columns - 1, 0)));
}

Progress::Progress(int fd, Clock clock)
    : fd_(fd), clock_(std::move(clock)), on_terminal_(isatty(fd) == 1) {}

Progress::~Progress() {
  if (shown_) WriteToTerminal(fd_, kEraseLine);
}

void Progress::Show(const ProgressState& state) {
  if (!on_terminal_) return;
  const int64_t now = clock_.steady_nanoseconds();
  if (!started_ns_) {
    started_ns_ = now;
    bytes_started_ = state.bytes_done;
  } else if (now - last_ns_ < kRedrawNanoseconds) {
    return;
  }
  last_ns_ = now;
  shown_ = true;
  WriteToTerminal(
      fd_, absl::StrCat("\r",
                        ProgressLine(state, bytes_started_, now - *started_ns_,
                                     Columns(fd_)),
                        "\x1b[K"));
}

}  // namespace nymstream
