#include "observe/process_usage.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "files/read_file.h"

namespace nymstream {
namespace {

constexpr size_t kSelfBytesMax = 4096;          // one line
constexpr size_t kSystemBytesMax = 256 * 1024;  // a line for each CPU

std::vector<std::string> Words(absl::string_view text) {
  return absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty());
}

std::optional<double> NumberAt(const std::vector<std::string>& words,
                               size_t index) {
  double number = 0;
  if (index >= words.size() || !absl::SimpleAtod(words[index], &number)) {
    return std::nullopt;
  }
  return number;
}

std::optional<double> Scaled(std::optional<double> number, double factor) {
  if (!number) return std::nullopt;
  return *number * factor;
}

// Unix time at which the system began.
std::optional<double> BootTime() {
  const auto text = ReadFile("/proc/stat", kSystemBytesMax);
  if (!text.ok()) return std::nullopt;
  const size_t at = text->find("\nbtime ");
  if (at == std::string::npos) return std::nullopt;
  return NumberAt(Words(text->substr(at)), 1);
}

// proc(5), /proc/pid/stat: fields counted from 1, of which the second is a name
// in parentheses that may hold anything.
void ReadStat(ProcessUsage* usage) {
  constexpr size_t kFirstAfterName = 3;
  constexpr size_t kUserTicks = 14 - kFirstAfterName;
  constexpr size_t kSystemTicks = 15 - kFirstAfterName;
  constexpr size_t kStartTicks = 22 - kFirstAfterName;
  const auto text = ReadFile("/proc/self/stat", kSelfBytesMax);
  if (!text.ok()) return;
  const size_t name_end = text->rfind(')');
  if (name_end == std::string::npos) return;
  const std::vector<std::string> words = Words(text->substr(name_end + 1));
  const double tick_seconds = 1.0 / static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto user = NumberAt(words, kUserTicks);
  const auto system = NumberAt(words, kSystemTicks);
  if (user && system) usage->cpu_seconds = (*user + *system) * tick_seconds;
  const auto start = NumberAt(words, kStartTicks);
  const auto boot = BootTime();
  if (start && boot) usage->start_time_seconds = *boot + *start * tick_seconds;
}

void ReadMemory(ProcessUsage* usage) {
  const auto text = ReadFile("/proc/self/statm", kSelfBytesMax);
  if (!text.ok()) return;
  const std::vector<std::string> pages = Words(*text);
  const auto page_bytes = static_cast<double>(sysconf(_SC_PAGESIZE));
  usage->virtual_memory_bytes = Scaled(NumberAt(pages, 0), page_bytes);
  usage->resident_memory_bytes = Scaled(NumberAt(pages, 1), page_bytes);
}

void ReadDescriptors(ProcessUsage* usage) {
  const auto close = [](DIR* folder) { closedir(folder); };
  const std::unique_ptr<DIR, decltype(close)> folder(opendir("/proc/self/fd"),
                                                     close);
  if (folder) {
    double count = -1;  // the folder itself
    // A DIR of our own: no other thread reads it.
    while (const dirent* entry = readdir(folder.get())) {
      if (entry->d_name[0] != '.') ++count;
    }
    usage->open_fds = count;
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    usage->max_fds = static_cast<double>(limit.rlim_cur);
  }
}

}  // namespace

ProcessUsage ReadProcessUsage() {
  ProcessUsage usage;
  ReadStat(&usage);
  ReadMemory(&usage);
  ReadDescriptors(&usage);
  return usage;
}

}  // namespace nymstream
