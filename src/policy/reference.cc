#include "policy/reference.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "policy/table_text.h"
#include "policy/treatment_table.h"

namespace nymstream {
namespace {

constexpr std::string_view kGeneratedNote =
    "<!-- Generated from the code; `scripts/test` fails if it is stale. -->\n";

constexpr Identifiability kRecordLevels[kRecordLevelCount] = {
    Identifiability::kIdentified, Identifiability::kPseudonymized,
    Identifiability::kUnlinkedPseudonymized, Identifiability::kAnonymized};

std::string Code(std::string_view text) {
  return absl::StrFormat("`%s`", text);
}

template <typename Range, typename Name>
std::string Join(const Range& range, Name name) {
  std::string joined;
  for (const auto& element : range) {
    if (!joined.empty()) joined += ", ";
    joined += name(element);
  }
  return joined;
}

std::string TypeCell(const TreatmentRow& row) {
  std::string cell = Code(ValueTypeName(row.type));
  if (row.type != ValueType::kGeo) return cell;
  switch (row.finest) {
    case GeoGranularity::kCountry:
      return cell + ", country";
    case GeoGranularity::kCity:
      return cell + ", region or city";
    default:
      return cell + ", finer";
  }
}

// The standard treatment, and in brackets what else may be chosen.
std::string LevelCell(const TreatmentRow& row, Identifiability level) {
  const Treatment standard = StandardTreatment(row, level);
  std::vector<Treatment> others;
  for (const Treatment treatment : AllowedTreatments(row, level)) {
    if (treatment != standard) others.push_back(treatment);
  }
  std::string cell = "**" + Code(TreatmentName(standard)) + "**";
  if (others.empty()) return cell;
  return cell + " (" +
         Join(others,
              [](Treatment other) { return Code(TreatmentName(other)); }) +
         ")";
}

std::string LevelTable() {
  TextTable table{{"type"}, {}};
  for (const Identifiability level : kRecordLevels)
    table.head.push_back(Code(IdentifiabilityName(level)));
  for (const TreatmentRow& row : TreatmentTable()) {
    std::vector<std::string> cells = {TypeCell(row)};
    for (const Identifiability level : kRecordLevels)
      cells.push_back(LevelCell(row, level));
    table.rows.push_back(std::move(cells));
  }
  return MarkdownTable(table);
}

std::string MeaningTable() {
  TextTable table{{"treatment", "the value"}, {}};
  for (int i = 0; i < kTreatmentCount; ++i) {
    const auto treatment = static_cast<Treatment>(i);
    table.rows.push_back({Code(TreatmentName(treatment)),
                          std::string(TreatmentMeaning(treatment))});
  }
  return MarkdownTable(table);
}

std::string BanTable() {
  TextTable table{{"category", "reason"}, {}};
  for (const BannedCategory& ban : BannedCategories())
    table.rows.push_back({Code(ban.category), std::string(ban.reason)});
  for (const TreatmentRow& row : TreatmentTable()) {
    if (row.ladder.size() > 1) continue;
    table.rows.push_back({"any, of type " + Code(ValueTypeName(row.type)),
                          std::string(row.reason)});
  }
  return MarkdownTable(table);
}

TextTable GrantTable(const Policy& policy) {
  TextTable table{{"use", "audience", "at most", "clause", "how we read it"},
                  {}};
  for (const Grant& grant : policy.grants) {
    table.rows.push_back({Code(grant.use),
                          std::string(AudienceName(grant.audience)),
                          std::string(IdentifiabilityName(grant.at_most)),
                          grant.clause.heading, grant.clause.note});
  }
  return table;
}

std::string CodeList(const std::vector<std::string>& keys) {
  return Join(keys, [](const std::string& key) { return Code(key); });
}

std::string CapScope(const Cap& cap) {
  const std::string uses = cap.uses.empty() ? "any use" : CodeList(cap.uses);
  const std::string audiences =
      cap.audiences.empty() ? "anyone"
                            : Join(cap.audiences, [](Audience audience) {
                                return std::string(AudienceName(audience));
                              });
  return uses + " to " + audiences;
}

// Caps and prohibitions; empty if there are none.
TextTable LimitTable(const Policy& policy) {
  TextTable table{{"category", "where", "at most", "clause", "how we read it"},
                  {}};
  for (const Never& never : policy.never) {
    table.rows.push_back({CodeList(never.categories), "any release", "never",
                          never.clause.heading, never.clause.note});
  }
  for (const Cap& cap : policy.caps) {
    table.rows.push_back({CodeList(cap.categories), CapScope(cap),
                          std::string(IdentifiabilityName(cap.at_most)),
                          cap.clause.heading, cap.clause.note});
  }
  return table;
}

using Request = std::pair<std::string, Audience>;  // use and audience

// All (use, audience) that some policy grants, in order.
std::vector<Request> AllRequests(std::span<const Policy> policies) {
  std::map<Request, bool> requests;
  for (const Policy& policy : policies) {
    for (const Grant& grant : policy.grants)
      requests[{grant.use, grant.audience}] = true;
  }
  std::vector<Request> ordered;
  ordered.reserve(requests.size());
  for (const auto& entry : requests) ordered.push_back(entry.first);
  return ordered;
}

// The most identifying level granted for the request, or "no".
std::string GrantedLevel(const Policy& policy, const Request& request) {
  const Grant* widest = nullptr;
  for (const Grant& grant : policy.grants) {
    if (grant.audience != request.second || !Covers(grant.use, request.first))
      continue;
    if (widest == nullptr || grant.at_most < widest->at_most) widest = &grant;
  }
  return widest == nullptr ? "no"
                           : std::string(IdentifiabilityName(widest->at_most));
}

std::string ComparisonTable(std::span<const Policy> policies) {
  TextTable table{{"use", "audience"}, {}};
  for (const Policy& policy : policies) table.head.push_back(policy.name);
  for (const Request& request : AllRequests(policies)) {
    std::vector<std::string> row = {Code(request.first),
                                    std::string(AudienceName(request.second))};
    for (const Policy& policy : policies)
      row.push_back(GrantedLevel(policy, request));
    table.rows.push_back(std::move(row));
  }
  return MarkdownTable(table);
}

}  // namespace

std::string TreatmentReference() {
  std::string page(kGeneratedNote);
  page +=
      "# Treatments\n\n"
      "What a value of each type becomes at each level of a release. Bold "
      "is what it gets; in\nbrackets is what the release may choose "
      "instead (`fields`). A field that the schema does\nnot classify is "
      "suppressed at every level.\n\n";
  page += LevelTable();
  page += absl::StrFormat(
      "\n`truncate` leaves a network of /%d (IPv4) or /%d (IPv6) at the "
      "finest. `country` of an address\nneeds a MaxMind database. "
      "`prefix_preserving` is not allowed at `unlinked_pseudonymized`:\n"
      "networks stay recognisable by their structure from one key epoch to "
      "the next.\n",
      kPrefixV4Max, kPrefixV6Max);
  page += "\n## What each treatment does\n\n" + MeaningTable();
  page += "\n## What never leaves, under any policy\n\n" + BanTable();
  return page;
}

std::string GrantReference(std::span<const Policy> policies) {
  std::string page(kGeneratedNote);
  page +=
      "# What the shipped policies grant\n\n"
      "The most identifying level at which records may go to an audience "
      "for a use. A grant covers\nthe uses below it; what is not listed "
      "is refused.\n\n";
  page += ComparisonTable(policies);
  for (const Policy& policy : policies) {
    page += absl::StrFormat("\n## %s\n\n%s (`%s`)\n\n", policy.name,
                            policy.title, policy.document);
    page += MarkdownTable(GrantTable(policy));
    const TextTable limits = LimitTable(policy);
    if (!limits.rows.empty()) page += "\nWithheld:\n\n" + MarkdownTable(limits);
  }
  return page;
}

}  // namespace nymstream
