#include "policy/treatment_table.h"

#include <algorithm>
#include <cstddef>

#include "base/check.h"

namespace nymstream {
namespace {

using enum Treatment;

constexpr Treatment kIpLadder[] = {
    kKeep,     kPrefixPreserving, kPseudonymize, kPseudonymizeAsAddress,
    kTruncate, kCountry,          kSuppress};
constexpr Treatment kIdLadder[] = {kKeep, kPseudonymize, kSuppress};
constexpr Treatment kTimestampLadder[] = {kKeep, kMinute, kHour, kSuppress};
constexpr Treatment kUrlLadder[] = {kKeep, kRedactParameters, kPathOnly,
                                    kSuppress};
constexpr Treatment kUserAgentLadder[] = {kKeep, kRedactIdentifiers, kFamily,
                                          kSuppress};
constexpr Treatment kTextLadder[] = {kKeep, kRedactIdentifiers, kSuppress};
constexpr Treatment kNumberLadder[] = {kKeep, kBuckets, kSuppress};
constexpr Treatment kPlainLadder[] = {kKeep, kSuppress};
constexpr Treatment kPlaceLadder[] = {kKeep, kCountry, kSuppress};
constexpr Treatment kAgeLadder[] = {kKeep, kAgeRange, kSuppress};
constexpr Treatment kNothing[] = {kSuppress};

using Levels = std::array<Treatment, kRecordLevelCount>;
constexpr Levels kNowhere = {kSuppress, kSuppress, kSuppress, kSuppress};

// An address may be encrypted with its structure kept at pseudonymized only:
// under unlinked_pseudonymized the same network would be known again by its
// shape in the next epoch.
constexpr Levels kIpStandard = {kKeep, kPseudonymize, kPseudonymize, kSuppress};
constexpr Levels kIpWeakest = {kKeep, kPrefixPreserving, kPseudonymize,
                               kTruncate};
constexpr Levels kIdLevels = {kKeep, kPseudonymize, kPseudonymize, kSuppress};
constexpr Levels kPhoneLevels = {kKeep, kSuppress, kSuppress, kSuppress};
constexpr Levels kTimestampLevels = {kKeep, kKeep, kMinute, kHour};
constexpr Levels kUrlLevels = {kKeep, kRedactParameters, kRedactParameters,
                               kPathOnly};
constexpr Levels kUserAgentLevels = {kKeep, kRedactIdentifiers,
                                     kRedactIdentifiers, kFamily};
constexpr Levels kTextLevels = {kKeep, kRedactIdentifiers, kRedactIdentifiers,
                                kSuppress};
constexpr Levels kPlainLevels = {kKeep, kKeep, kKeep, kKeep};
constexpr Levels kCountryLevels = {kKeep, kKeep, kCountry, kCountry};
constexpr Levels kCityLevels = {kKeep, kKeep, kSuppress, kSuppress};
constexpr Levels kPointLevels = {kKeep, kSuppress, kSuppress, kSuppress};
constexpr Levels kAgeLevels = {kKeep, kAgeRange, kAgeRange, kAgeRange};

constexpr GeoGranularity kAny = GeoGranularity::kCoordinates;

constexpr TreatmentRow kTable[] = {
    {ValueType::kIp, kAny, kIpLadder, kIpStandard, kIpWeakest, ""},
    {ValueType::kIpList, kAny, kIpLadder, kIpStandard, kIpWeakest, ""},
    {ValueType::kIpPort, kAny, kIpLadder, kIpStandard, kIpWeakest, ""},
    {ValueType::kId, kAny, kIdLadder, kIdLevels, kIdLevels, ""},
    {ValueType::kMac, kAny, kIdLadder, kIdLevels, kIdLevels, ""},
    {ValueType::kEmail, kAny, kIdLadder, kIdLevels, kIdLevels, ""},
    {ValueType::kPhone, kAny, kPlainLadder, kPhoneLevels, kPhoneLevels,
     "phone numbers are too few to hide behind a pseudonym"},
    {ValueType::kTimestamp, kAny, kTimestampLadder, kTimestampLevels,
     kTimestampLevels, ""},
    {ValueType::kUrl, kAny, kUrlLadder, kUrlLevels, kUrlLevels, ""},
    {ValueType::kUserAgent, kAny, kUserAgentLadder, kUserAgentLevels,
     kUserAgentLevels, ""},
    {ValueType::kText, kAny, kTextLadder, kTextLevels, kTextLevels, ""},
    {ValueType::kNumber, kAny, kNumberLadder, kPlainLevels, kPlainLevels, ""},
    {ValueType::kEnum, kAny, kPlainLadder, kPlainLevels, kPlainLevels, ""},
    {ValueType::kBoolean, kAny, kPlainLadder, kPlainLevels, kPlainLevels, ""},
    {ValueType::kGeo, GeoGranularity::kCountry, kPlaceLadder, kCountryLevels,
     kCountryLevels, ""},
    {ValueType::kGeo, GeoGranularity::kCity, kPlainLadder, kCityLevels,
     kCityLevels, "a place finer than a country"},
    {ValueType::kGeo, kAny, kPlainLadder, kPointLevels, kPointLevels,
     "a place finer than a city"},
    {ValueType::kAge, kAny, kAgeLadder, kAgeLevels, kAgeLevels, ""},
    {ValueType::kCredential, kAny, kNothing, kNowhere, kNowhere,
     "a credential never leaves"},
    {ValueType::kPayment, kAny, kNothing, kNowhere, kNowhere,
     "payment data never leaves"},
    {ValueType::kJson, kAny, kNothing, kNowhere, kNowhere,
     "a string that holds JSON may hold anything"},
};

constexpr BannedCategory kBans[] = {
    {"user.authorization", "a credential never leaves"},
    {"user.device.cookie", "the contents of a cookie never leave"},
    {"user.financial", "payment data never leaves"},
    {"user.payment", "payment data never leaves"},
};

size_t LevelIndex(Identifiability level) {
  const auto index = static_cast<size_t>(level);
  NYM_CHECK(index < kRecordLevelCount);
  return index;
}

}  // namespace

std::span<const TreatmentRow> TreatmentTable() { return kTable; }

std::span<const BannedCategory> BannedCategories() { return kBans; }

const BannedCategory* FindBan(std::string_view category) {
  const auto* ban = std::find_if(std::begin(kBans), std::end(kBans),
                                 [&](const BannedCategory& candidate) {
                                   return Covers(candidate.category, category);
                                 });
  return ban == std::end(kBans) ? nullptr : ban;
}

const TreatmentRow& FindTreatmentRow(ValueType type,
                                     GeoGranularity granularity) {
  const auto* row = std::find_if(
      std::begin(kTable), std::end(kTable), [&](const TreatmentRow& candidate) {
        return candidate.type == type &&
               (type != ValueType::kGeo || granularity <= candidate.finest);
      });
  NYM_CHECK(row != std::end(kTable));
  return *row;
}

Treatment StandardTreatment(const TreatmentRow& row, Identifiability level) {
  return row.standard[LevelIndex(level)];
}

std::span<const Treatment> AllowedTreatments(const TreatmentRow& row,
                                             Identifiability level) {
  const Treatment weakest = row.weakest[LevelIndex(level)];
  const auto first = std::find(row.ladder.begin(), row.ladder.end(), weakest);
  return {first, row.ladder.end()};
}

bool IsTreatmentAllowed(const TreatmentRow& row, Identifiability level,
                        Treatment treatment) {
  const std::span<const Treatment> allowed = AllowedTreatments(row, level);
  return std::find(allowed.begin(), allowed.end(), treatment) != allowed.end();
}

std::string_view TreatmentMeaning(Treatment treatment) {
  switch (treatment) {
    case kSuppress:
      return "does not leave";
    case kKeep:
      return "leaves as logged";
    case kPseudonymize:
      return "is replaced by a keyed pseudonym";
    case kPseudonymizeAsAddress:
      return "is replaced by a keyed pseudonym in the shape of an address";
    case kPrefixPreserving:
      return "is encrypted, common network prefixes stay common";
    case kTruncate:
      return "is cut to its network";
    case kCountry:
      return "is reduced to its country";
    case kMinute:
      return "is truncated to the minute";
    case kHour:
      return "is truncated to the hour";
    case kRedactIdentifiers:
      return "leaves with the identifiers found in it redacted";
    case kRedactParameters:
      return "keeps its path, query values and identifiers are redacted";
    case kPathOnly:
      return "keeps its path, the query is cut and identifiers are redacted";
    case kFamily:
      return "is reduced to family, major version and system";
    case kAgeRange:
      return "is reduced to an age range";
    case kBuckets:
      return "is reduced to its bucket";
  }
  NYM_CHECK(false);
}

std::string_view DomainKind(ValueType type) {
  return ValueTypeName(IsAddress(type) ? ValueType::kIp : type);
}

}  // namespace nymstream
