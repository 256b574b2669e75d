// The keys below are the default data categories and data uses of fideslang
// (https://github.com/ethyca/fideslang, commit
// 40394c46599745a6b8f14d069889fddfa2651409 of 2025-12-17, data_files/), by
// Ethyca and the fideslang contributors, licensed CC BY 4.0
// (https://creativecommons.org/licenses/by/4.0/). Only the keys were taken, and
// sorted.
#include "policy/taxonomy.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "document/suggestion.h"
#include "nymstream/policy.h"

namespace nymstream {
namespace {

constexpr std::string_view kDataCategories[] = {
    "system",
    "system.authentication",
    "system.operations",
    "user",
    "user.account",
    "user.account.settings",
    "user.account.username",
    "user.authorization",
    "user.authorization.biometric",
    "user.authorization.credentials",
    "user.authorization.password",
    "user.behavior",
    "user.behavior.browsing_history",
    "user.behavior.media_consumption",
    "user.behavior.purchase_history",
    "user.behavior.search_history",
    "user.biometric",
    "user.biometric.fingerprint",
    "user.biometric.health",
    "user.biometric.retinal",
    "user.biometric.voice",
    "user.childrens",
    "user.contact",
    "user.contact.address",
    "user.contact.address.city",
    "user.contact.address.country",
    "user.contact.address.postal_code",
    "user.contact.address.state",
    "user.contact.address.street",
    "user.contact.email",
    "user.contact.fax_number",
    "user.contact.organization",
    "user.contact.phone_number",
    "user.contact.url",
    "user.content",
    "user.content.private",
    "user.content.public",
    "user.content.self_image",
    "user.criminal_history",
    "user.demographic",
    "user.demographic.age_range",
    "user.demographic.date_of_birth",
    "user.demographic.gender",
    "user.demographic.language",
    "user.demographic.marital_status",
    "user.demographic.political_opinion",
    "user.demographic.profile",
    "user.demographic.race_ethnicity",
    "user.demographic.religious_belief",
    "user.demographic.sexual_orientation",
    "user.device",
    "user.device.cookie",
    "user.device.cookie_id",
    "user.device.device_id",
    "user.device.ip_address",
    "user.financial",
    "user.financial.bank_account",
    "user.financial.credit_card",
    "user.government_id",
    "user.government_id.birth_certificate",
    "user.government_id.drivers_license_number",
    "user.government_id.immigration",
    "user.government_id.national_identification_number",
    "user.government_id.passport_number",
    "user.government_id.vehicle_registration",
    "user.health_and_medical",
    "user.health_and_medical.genetic",
    "user.health_and_medical.insurance_beneficiary_id",
    "user.health_and_medical.record_id",
    "user.job_title",
    "user.location",
    "user.location.imprecise",
    "user.location.precise",
    "user.name",
    "user.name.first",
    "user.name.last",
    "user.payment",
    "user.privacy_preferences",
    "user.sensor",
    "user.social",
    "user.telemetry",
    "user.unique_id",
    "user.unique_id.pseudonymous",
    "user.user_sensor",
    "user.workplace",
};

constexpr std::string_view kDataUses[] = {
    "analytics",
    "analytics.reporting",
    "analytics.reporting.ad_performance",
    "analytics.reporting.campaign_insights",
    "analytics.reporting.content_performance",
    "analytics.reporting.system",
    "analytics.reporting.system.performance",
    "collect",
    "employment",
    "employment.recruitment",
    "essential",
    "essential.fraud_detection",
    "essential.legal_obligation",
    "essential.service",
    "essential.service.authentication",
    "essential.service.notifications",
    "essential.service.notifications.email",
    "essential.service.notifications.sms",
    "essential.service.operations",
    "essential.service.operations.improve",
    "essential.service.operations.support",
    "essential.service.payment_processing",
    "essential.service.security",
    "essential.service.upgrades",
    "finance",
    "functional",
    "functional.service",
    "functional.service.improve",
    "functional.storage",
    "marketing",
    "marketing.advertising",
    "marketing.advertising.first_party",
    "marketing.advertising.first_party.contextual",
    "marketing.advertising.first_party.targeted",
    "marketing.advertising.frequency_capping",
    "marketing.advertising.negative_targeting",
    "marketing.advertising.profiling",
    "marketing.advertising.serving",
    "marketing.advertising.third_party",
    "marketing.advertising.third_party.targeted",
    "marketing.communications",
    "marketing.communications.email",
    "marketing.communications.sms",
    "operations",
    "personalize",
    "personalize.content",
    "personalize.content.limited",
    "personalize.content.profiled",
    "personalize.content.profiling",
    "personalize.system",
    "sales",
    "third_party_sharing",
    "third_party_sharing.legal_obligation",
    "train_ai_system",
};

static_assert(std::is_sorted(std::begin(kDataCategories),
                             std::end(kDataCategories)));
static_assert(std::is_sorted(std::begin(kDataUses), std::end(kDataUses)));

std::string_view LastPart(std::string_view key) {
  return key.substr(key.rfind('.') + 1);  // npos + 1 == 0
}

// The key that shares the most with the beginning of `text`: more than all the
// levels but its last, and two characters of that; empty if there is none.
std::string_view KeyThatBeginsLike(std::string_view text,
                                   std::span<const std::string_view> keys) {
  constexpr size_t kSharedMin = 2;
  size_t most = text.size() - LastPart(text).size() + kSharedMin - 1;
  std::string_view likest;
  for (const std::string_view key : keys) {
    const auto end =
        std::mismatch(text.begin(), text.end(), key.begin(), key.end()).first;
    const auto shared = static_cast<size_t>(end - text.begin());
    if (shared <= most) continue;
    most = shared;
    likest = key;
  }
  return likest;
}

}  // namespace

std::span<const std::string_view> DataCategories() { return kDataCategories; }
std::span<const std::string_view> DataUses() { return kDataUses; }

bool IsDataCategory(std::string_view key) {
  return std::binary_search(std::begin(kDataCategories),
                            std::end(kDataCategories), key);
}

bool IsDataUse(std::string_view key) {
  return std::binary_search(std::begin(kDataUses), std::end(kDataUses), key);
}

std::string_view NearestTaxonomyKey(std::string_view text,
                                    std::span<const std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (LastPart(key) == LastPart(text)) return key;
  }
  const std::string_view nearest = NearestName(text, keys);
  return Covers(nearest, text) ? KeyThatBeginsLike(text, keys) : nearest;
}

bool Covers(std::string_view ancestor, std::string_view key) {
  if (key.substr(0, ancestor.size()) != ancestor || ancestor.empty()) {
    return false;
  }
  return key.size() == ancestor.size() || key[ancestor.size()] == '.';
}

}  // namespace nymstream
