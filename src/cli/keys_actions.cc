#include "cli/keys_actions.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "base/utc_time.h"
#include "document/quote.h"
#include "files/keyring_file.h"
#include "secret/keyring_change.h"

namespace nymstream {
namespace {

constexpr int64_t kDaySeconds = 86400;
constexpr int64_t kDaysBack = 30;
constexpr int64_t kDaysAhead = 366;

// Series of `content` in its order.
std::vector<std::string> SeriesOf(const KeyringContent& content) {
  std::vector<std::string> series;
  for (const KeyEpoch& epoch : content.epochs) {
    if (series.empty() || series.back() != epoch.series) {
      series.push_back(epoch.series);
    }
  }
  return series;
}

absl::Status CheckOrder(int64_t from, int64_t until) {
  if (from < until) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrFormat("epochs from %s until %s would be none; --from must be "
                      "before --until",
                      UtcTimeText(from), UtcTimeText(until)));
}

// One line for each series: how many epochs are new, and what they cover.
std::string Added(const KeyringContent& before, const KeyringContent& after) {
  std::string text;
  for (const std::string& series : SeriesOf(after)) {
    const auto count = [&](const KeyringContent& content) {
      return std::count_if(
          content.epochs.begin(), content.epochs.end(),
          [&](const KeyEpoch& epoch) { return epoch.series == series; });
    };
    const int64_t added = count(after) - count(before);
    absl::StrAppend(&text, series, ": ", added, " new epoch",
                    added == 1 ? "" : "s");
    if (series != kSubjectsSeries) {
      int64_t until = 0;
      for (const KeyEpoch& epoch : after.epochs) {
        if (epoch.series == series) until = epoch.until;
      }
      absl::StrAppend(&text, ", the last until ", UtcTimeText(until));
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

std::string_view StateOf(const KeyEpoch& epoch, int64_t now) {
  if (epoch.destroyed) return "destroyed";
  if (now >= epoch.until) return "past";
  return now < epoch.from ? "future" : "current";
}

}  // namespace

absl::StatusOr<std::string> GenerateKeys(const EpochRequest& request,
                                         int64_t now) {
  const int64_t from = request.from.value_or(now - kDaysBack * kDaySeconds);
  const int64_t until = request.until.value_or(now + kDaysAhead * kDaySeconds);
  NYM_RETURN_IF_ERROR(CheckOrder(from, until));
  std::vector<EpochSpan> spans = {{std::string(kSubjectsSeries)}};
  for (const std::string& period : request.periods) {
    spans.push_back({period, from, until});
  }
  if (request.periods.empty()) {
    for (const char* period : {"P1D", "P30D"}) {
      spans.push_back({period, from, until});
    }
  }
  NYM_ASSIGN_OR_RETURN(const KeyringContent content, AddEpochs({}, spans));
  const absl::Status made = CreateKeyringFile(request.keyring, content);
  if (absl::IsAlreadyExists(made)) {
    return absl::AlreadyExistsError(absl::StrCat(
        made.message(), "; add epochs to it with nymstream keys rotate ",
        EscapeForMessage(request.keyring)));
  }
  NYM_RETURN_IF_ERROR(made);
  return Added({}, content);
}

absl::StatusOr<std::string> RotateKeys(const EpochRequest& request,
                                       int64_t now) {
  NYM_ASSIGN_OR_RETURN(KeyringFileEditor editor,
                       KeyringFileEditor::Open(request.keyring));
  const KeyringContent& content = editor.content();
  const int64_t until = request.until.value_or(now + kDaysAhead * kDaySeconds);
  if (request.from.has_value()) {
    NYM_RETURN_IF_ERROR(CheckOrder(*request.from, until));
  }
  std::vector<EpochSpan> spans = {{std::string(kSubjectsSeries)}};
  for (const std::string& series :
       request.periods.empty() ? SeriesOf(content) : request.periods) {
    int64_t last = now - kDaysBack * kDaySeconds;
    for (const KeyEpoch& epoch : content.epochs) {
      if (epoch.series == series) last = epoch.until;
    }
    spans.push_back({series, request.from.value_or(last), until});
  }
  NYM_ASSIGN_OR_RETURN(const KeyringContent grown, AddEpochs(content, spans));
  NYM_RETURN_IF_ERROR(editor.Replace(grown, OldBytes::kKeep));
  return Added(content, grown);
}

absl::StatusOr<std::string> ListKeys(const std::string& keyring, int64_t now) {
  NYM_ASSIGN_OR_RETURN(const std::shared_ptr<const Keyring> keys,
                       ReadKeyringFile(keyring));
  using Row = std::array<std::string, 5>;
  std::vector<Row> rows = {{"series", "id", "from", "until", "state"}};
  for (const KeyEpoch& epoch : keys->epochs()) {
    const bool endless = epoch.series == kSubjectsSeries;
    rows.push_back({epoch.series, epoch.id,
                    endless ? "-" : UtcTimeText(epoch.from),
                    endless ? "-" : UtcTimeText(epoch.until),
                    std::string(StateOf(epoch, now))});
  }
  size_t width = 0;
  for (const Row& row : rows) width = std::max(width, row[0].size());
  std::string text;
  for (const Row& row : rows) {
    absl::StrAppendFormat(&text, "%-*s  %-6s  %-20s  %-20s  %s\n",
                          static_cast<int>(width), row[0], row[1], row[2],
                          row[3], row[4]);
  }
  return text;
}

absl::StatusOr<std::string> DestroyKeys(const DestroyRequest& request,
                                        int64_t now) {
  if (request.before.has_value() && *request.before > now) {
    return absl::OutOfRangeError(
        "--before lies in the future; name epochs that are still in use by "
        "--epoch");
  }
  NYM_ASSIGN_OR_RETURN(KeyringFileEditor editor,
                       KeyringFileEditor::Open(request.keyring));
  const std::vector<KeyEpoch>& epochs = editor.content().epochs;
  for (const std::string& id : request.ids) {
    if (std::none_of(epochs.begin(), epochs.end(),
                     [&](const KeyEpoch& epoch) { return epoch.id == id; })) {
      return absl::OutOfRangeError(
          "--epoch names an id that the keyring does not have; see nymstream "
          "keys list");
    }
  }
  std::vector<size_t> chosen;
  std::string text;
  for (size_t i = 0; i < epochs.size(); ++i) {
    const KeyEpoch& epoch = epochs[i];
    const bool named = std::find(request.ids.begin(), request.ids.end(),
                                 epoch.id) != request.ids.end();
    const bool over = request.before && epoch.until <= *request.before;
    if (epoch.destroyed || (!named && !over)) continue;
    chosen.push_back(i);
    absl::StrAppend(&text, epoch.series, " ", epoch.id, ": destroyed\n");
  }
  if (chosen.empty()) return std::string("nothing to destroy\n");
  NYM_ASSIGN_OR_RETURN(const KeyringContent left,
                       DestroyEpochs(editor.content(), chosen));
  NYM_RETURN_IF_ERROR(editor.Replace(left, OldBytes::kOverwrite));
  return text;
}

}  // namespace nymstream
