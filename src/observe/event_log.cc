#include "observe/event_log.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/absl_view.h"
#include "base/utc_time.h"
#include "document/quote.h"
#include "document/utf8.h"

namespace nymstream {
namespace {

constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr int64_t kFullTokens = kEventBurst * kNanosecondsPerSecond;
constexpr std::string_view kUnlisted = "unlisted";

// A name that would make a line invalid JSON is not listed.
std::vector<std::string> Listed(std::vector<std::string> names) {
  std::erase_if(names, [](const std::string& name) {
    return ValidUtf8Bytes(name) != name.size();
  });
  std::sort(names.begin(), names.end());
  return names;
}

struct AppendValue {
  std::string* line;
  void operator()(int64_t value) const { absl::StrAppend(line, value); }
  void operator()(uint64_t value) const { absl::StrAppend(line, value); }
  void operator()(bool value) const { *line += value ? "true" : "false"; }
  void operator()(std::string_view value) const { *line += QuoteJson(value); }
  void operator()(double value) const {
    if (std::isfinite(value)) {
      absl::StrAppend(line, value);
    } else {
      *line += "null";  // JSON has no other word for it
    }
  }
};

void AppendField(std::string_view key, const EventValue& value,
                 std::string* line) {
  absl::StrAppend(line, ",\"", ToAbsl(key), "\":");
  std::visit(AppendValue{line}, value.value());
}

std::string TimeText(int64_t unix_milliseconds) {
  std::string text = UtcTimeText(unix_milliseconds / 1000);
  text.pop_back();  // the Z
  return absl::StrFormat("%s.%03dZ", text, unix_milliseconds % 1000);
}

}  // namespace

EventLog::EventLog(EventLogOptions options)
    : fd_(options.fd),
      clock_(std::move(options.clock)),
      names_(Listed(std::move(options.config_names))) {
  for (Allowance& allowance : allowances_) {
    allowance.tokens_ns = kFullTokens;
    allowance.refilled_ns = clock_.steady_nanoseconds();
  }
}

EventLog::~EventLog() {
  for (int i = 0; i < kEventCount; ++i) {
    const uint64_t dropped = allowances_[static_cast<size_t>(i)].dropped;
    if (dropped == 0) continue;
    const EventField fields[] = {{"of", Word::Of(static_cast<Event>(i))},
                                 {"dropped", dropped}};
    Render(Event::kEventsDropped, fields, 0);
    Write(line_);
  }
}

void EventLog::Emit(Event event, std::initializer_list<EventField> fields) {
  const std::lock_guard lock(mutex_);
  Allowance& allowance = allowances_[static_cast<size_t>(event)];
  if (!Spend(&allowance)) {
    ++allowance.dropped;
    return;
  }
  Render(event, fields, allowance.dropped);
  if (Write(line_)) {
    allowance.dropped = 0;
  } else {
    ++allowance.dropped;
  }
}

ConfigName EventLog::Name(std::string_view text) const {
  const auto found = std::lower_bound(names_.begin(), names_.end(), text);
  if (found == names_.end() || *found != text) return ConfigName(kUnlisted);
  return ConfigName(*found);
}

bool EventLog::Spend(Allowance* allowance) {
  const int64_t now = clock_.steady_nanoseconds();
  allowance->tokens_ns = std::min(
      kFullTokens, allowance->tokens_ns + (now - allowance->refilled_ns));
  allowance->refilled_ns = now;
  if (allowance->tokens_ns < kNanosecondsPerSecond) return false;
  allowance->tokens_ns -= kNanosecondsPerSecond;
  return true;
}

void EventLog::Render(Event event, std::span<const EventField> fields,
                      uint64_t dropped) {
  const EventText& text = TextOf(event);
  line_ = absl::StrCat(R"({"time":")", TimeText(clock_.unix_milliseconds()),
                       R"(","level":")", ToAbsl(EventLevelName(text.level)),
                       R"(","event":")", ToAbsl(text.name), "\"");
  if (dropped > 0) AppendField("dropped", dropped, &line_);
  const size_t without_fields = line_.size();
  for (const EventField& field : fields) {
    AppendField(field.key.text(), field.value, &line_);
  }
  if (line_.size() + 2 > kEventLineBytesMax) {
    line_.resize(without_fields);
    AppendField("truncated", true, &line_);
  }
  line_ += "}\n";
}

bool EventLog::Write(std::string_view line) const {
  pollfd ready{fd_, POLLOUT, 0};
  // A pipe that is ready takes PIPE_BUF bytes at once, a whole line. One whose
  // reader has gone also reports POLLERR, and a write would raise SIGPIPE.
  if (poll(&ready, 1, 0) != 1 || ready.revents != POLLOUT) return false;
  return write(fd_, line.data(), line.size()) ==
         static_cast<ssize_t>(line.size());
}

}  // namespace nymstream
