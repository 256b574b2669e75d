#include "engine/field_rules.h"

#include <algorithm>

namespace nymstream {
namespace {

bool IsMemoised(ValueType type) {
  switch (type) {
    case ValueType::kIp:
    case ValueType::kIpList:
    case ValueType::kIpPort:
    case ValueType::kId:
    case ValueType::kMac:
    case ValueType::kEmail:
    case ValueType::kUrl:
    case ValueType::kUserAgent:
    case ValueType::kText:
    case ValueType::kEnum:
    case ValueType::kGeo:
    case ValueType::kTimestamp:
      return true;
    default:
      return false;
  }
}

bool Repeats(ValueType type) {
  return type == ValueType::kEnum || type == ValueType::kGeo ||
         type == ValueType::kTimestamp;
}

// Nothing but its text is looked for where it is withheld, and it says nothing
// of its subject that a rule wants to know.
bool IsPlainWhenWithheld(ValueType type) {
  return type == ValueType::kText || type == ValueType::kUrl ||
         type == ValueType::kUserAgent || Repeats(type) ||
         type == ValueType::kNumber;
}

Lookup LookupOf(const FieldRule& rule) {
  const ValueType type = rule.field->type;
  if (rule.leaving == 0) {
    return IsPlainWhenWithheld(type) ? Lookup::kWithheld : Lookup::kNone;
  }
  if (!IsMemoised(type)) return Lookup::kNone;
  return Repeats(type) && rule.keyed == 0 ? Lookup::kRecent : Lookup::kMemo;
}

bool ShareMemo(const FieldRule& a, const FieldRule& b) {
  if (a.field->type != b.field->type || a.domain != b.domain ||
      a.variants.size() != b.variants.size() ||
      a.field->keep_parameters != b.field->keep_parameters ||
      a.field->enum_values != b.field->enum_values ||
      a.field->granularity != b.field->granularity) {
    return false;
  }
  return std::equal(a.variants.begin(), a.variants.end(), b.variants.begin(),
                    [](const Variant& x, const Variant& y) {
                      return x.spec == y.spec && x.releases == y.releases;
                    });
}

// The index of the variant that `release` gets.
uint8_t AddVariant(const TreatmentSpec& spec, size_t release, FieldRule* rule) {
  const bool keyed = IsKeyed(spec.treatment);
  const ReleaseMask bit = ReleaseMask{1} << release;
  if (spec.treatment != Treatment::kSuppress) rule->leaving |= bit;
  if (keyed) rule->keyed |= bit;
  for (size_t i = 0; i < rule->variants.size(); ++i) {
    Variant& variant = rule->variants[i];
    if (keyed || variant.keyed_release >= 0 || !(variant.spec == spec))
      continue;
    variant.releases |= bit;
    return static_cast<uint8_t>(i);
  }
  Variant& variant = rule->variants.emplace_back();
  variant.spec = spec;
  variant.releases = bit;
  variant.keyed_release = keyed ? static_cast<int>(release) : -1;
  return static_cast<uint8_t>(rule->variants.size() - 1);
}

// A placeholder says nothing, so it stays where the field leaves at all.
Result PlaceholderResult(Treatment treatment) {
  Result result;
  if (treatment == Treatment::kSuppress) return result;
  result.kind = ResultKind::kRaw;
  result.action = FieldAction::kKept;
  return result;
}

int DomainIndex(const std::string& domain, std::vector<std::string>* domains) {
  if (domain.empty()) return -1;
  const auto found = std::find(domains->begin(), domains->end(), domain);
  const auto index = found - domains->begin();
  if (found == domains->end()) domains->push_back(domain);
  return static_cast<int>(index);
}

}  // namespace

FieldRules FieldRules::From(const Plan& plan) {
  FieldRules rules;
  rules.variants.resize(plan.releases.size() * plan.fields.size());
  for (size_t i = 0; i < plan.fields.size(); ++i) {
    FieldRule rule;
    rule.field = &plan.fields[i];
    rule.domain = DomainIndex(plan.fields[i].domain, &rules.domains);
    for (size_t release = 0; release < plan.releases.size(); ++release) {
      rules.variants[release * plan.fields.size() + i] =
          AddVariant(plan.releases[release].fields[i].spec, release, &rule);
    }
    for (const Variant& variant : rule.variants) {
      rule.placeholders.push_back(PlaceholderResult(variant.spec.treatment));
    }
    if (rule.field->personal) rule.personal = rule.leaving;
    rule.withheld.resize(rule.variants.size());
    rule.lookup = LookupOf(rule);
    if (rule.lookup == Lookup::kRecent) rule.recent = rules.recent_fields++;
    if (rule.lookup == Lookup::kMemo || rule.lookup == Lookup::kRecent) {
      const auto twin = std::find_if(
          rules.fields.begin(), rules.fields.end(),
          [&](const FieldRule& other) { return ShareMemo(rule, other); });
      rule.memo_class = static_cast<int>(twin - rules.fields.begin());
    }
    rule.keeps_numbers =
        rule.field->type == ValueType::kNumber && rule.variants.size() == 1 &&
        rule.variants.front().spec.treatment == Treatment::kKeep;
    rules.fields.push_back(std::move(rule));
  }
  FieldWay unclassified;
  unclassified.lookup = Lookup::kUnclassified;
  rules.ways.assign(kFieldWays, unclassified);
  for (const FieldRule& rule : rules.fields) {
    rules.ways.push_back({rule.placeholders.data(), rule.withheld.data(),
                          rule.personal, rule.keyed, rule.memo_class,
                          rule.recent, rule.lookup, rule.keeps_numbers});
  }
  const size_t releases = plan.releases.size();
  rules.all_releases = releases == kReleasesMax
                           ? ~ReleaseMask{0}
                           : (ReleaseMask{1} << releases) - 1;
  return rules;
}

}  // namespace nymstream
