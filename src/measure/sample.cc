#include "measure/sample.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "replay/input_list.h"
#include "replay/open_input.h"

namespace nymstream {
namespace {

constexpr size_t kReadBytes = 1 << 20;

absl::Status CutAtLastRecord(const InputFile& input, std::string* text) {
  const size_t end = text->rfind('\n');
  if (end == std::string::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat(input.name,
                     ": its first record is longer than the "
                     "sample; raise --sample-mib"));
  }
  text->resize(end + 1);
  return absl::OkStatus();
}

}  // namespace

Sample CutSample(std::string text) {
  Sample sample;
  if (text.size() < kSmallSampleBytes) {
    sample.seen_before = true;
    sample.warm_up = text;
    sample.timed = std::move(text);
    return sample;
  }
  const size_t half = text.find('\n', text.size() / 2) + 1;
  sample.timed = text.substr(half);
  text.resize(half);
  sample.warm_up = std::move(text);
  return sample;
}

absl::StatusOr<Sample> ReadSample(const std::string& input, size_t bytes_max) {
  NYM_ASSIGN_OR_RETURN(const InputFile file, FindInput(input));
  const std::function<bool()> never = [] { return false; };
  NYM_ASSIGN_OR_RETURN(OpenedInput opened,
                       OpenInput(file, never, std::nullopt));
  std::string text;
  bool ended = false;
  while (!ended && text.size() < bytes_max) {
    const size_t begin = text.size();
    const size_t wanted = std::min(kReadBytes, bytes_max - begin);
    text.resize(begin + wanted);
    NYM_ASSIGN_OR_RETURN(const size_t got,
                         opened.bytes()->Read(text.data() + begin, wanted));
    text.resize(begin + got);
    ended = got == 0;
  }
  if (text.find_first_not_of("\r\n") == std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        file.name, ": holds no record; give a log of the pipeline's schema"));
  }
  if (ended) {
    if (text.back() != '\n') text.push_back('\n');
  } else {
    NYM_RETURN_IF_ERROR(CutAtLastRecord(file, &text));
  }
  return CutSample(std::move(text));
}

std::optional<GeneratedFormat> GeneratedFormatOf(const Plan& plan) {
  if (plan.format == LogFormat::kCombined) return GeneratedFormat::kCombined;
  if (plan.schema_name == "nginx-json") return GeneratedFormat::kNginxJson;
  if (plan.schema_name == "caddy") return GeneratedFormat::kCaddy;
  return std::nullopt;
}

Sample GenerateSample(GeneratedFormat format, int64_t start, size_t bytes) {
  LogGenerator generator({.format = format, .start = start});
  std::string text;
  while (text.size() < bytes) generator.AppendRecord(&text);
  return CutSample(std::move(text));
}

}  // namespace nymstream
