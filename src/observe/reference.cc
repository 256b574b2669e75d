#include "observe/reference.h"

#include <string_view>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/absl_view.h"
#include "observe/event.h"
#include "observe/metric_table.h"
#include "policy/table_text.h"

namespace nymstream {
namespace {

constexpr std::string_view kGeneratedNote =
    "<!-- Generated from the code; `scripts/test` fails if it is stale. -->\n";

std::string Code(std::string_view text) {
  return "`" + std::string(text) + "`";
}

// "`a`, `b`", without those that are empty.
template <typename Names>
std::string CodeList(const Names& names) {
  std::string list;
  for (const std::string_view name : names) {
    if (name.empty()) continue;
    if (!list.empty()) list += ", ";
    list += Code(name);
  }
  return list;
}

}  // namespace

std::string MetricReference() {
  TextTable table{{"metric", "type", "labels", "meaning"}, {}};
  for (int i = 0; i < kMetricCount; ++i) {
    const MetricText& text = TextOf(static_cast<Metric>(i));
    table.rows.push_back({Code(text.name),
                          std::string(MetricTypeName(text.type)),
                          CodeList(text.labels), std::string(text.help)});
  }
  return std::string(kGeneratedNote) +
         "# Metrics\n\n"
         "What `/metrics` of the running stage shows "
         "([observability](../observability.md)). A\nhistogram has the series "
         "`_bucket`, `_sum` and `_count`.\n\n" +
         MarkdownTable(table);
}

std::string EventReference() {
  TextTable table{{"event", "level", "fields", "meaning"}, {}};
  for (int i = 0; i < kEventCount; ++i) {
    const EventText& text = TextOf(static_cast<Event>(i));
    std::vector<std::string_view> fields;
    for (const absl::string_view field :
         absl::StrSplit(ToAbsl(text.fields), ' ')) {
      fields.push_back(ToStd(field));
    }
    table.rows.push_back({Code(text.name),
                          std::string(EventLevelName(text.level)),
                          CodeList(fields), std::string(text.meaning)});
  }
  return std::string(kGeneratedNote) +
         "# Events\n\n"
         "What the event log of the running stage tells "
         "([observability](../observability.md)).\nEvery line also has `time`, "
         "`level` and `event`.\n\n" +
         MarkdownTable(table);
}

}  // namespace nymstream
