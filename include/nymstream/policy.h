// A privacy policy as data: what was promised, clause by clause.
#ifndef NYMSTREAM_POLICY_H_
#define NYMSTREAM_POLICY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nymstream/diagnostic.h"
#include "nymstream/period.h"

namespace nymstream {

// The data de-identification qualifiers of ISO/IEC 19944-1, from most to least
// identifying; a larger value identifies less.
enum class Identifiability : uint8_t {
  kIdentified,
  kPseudonymized,
  kUnlinkedPseudonymized,
  kAnonymized,
  kAggregated,
};
std::string_view IdentifiabilityName(Identifiability level);

enum class Audience : uint8_t {
  kInternal,
  kProcessor,
  kAffiliate,
  kThirdParty,
  kAuthority,
  kPublic,
};
std::string_view AudienceName(Audience audience);

enum class Right : uint8_t {
  kErasure,                       // covers every release
  kOptOutOfThirdPartyDisclosure,  // covers third_party, affiliate, public
  kOptOutOfMarketing,             // covers releases whose use is marketing*
  kDisclosureList,                // answered by explain --disclosures
};
std::string_view RightName(Right right);

// A rule's source: the section heading of the policy document, and a note where
// the text is vague and the stricter reading was taken.
struct Clause {
  std::string heading;
  std::string note;
  SourcePosition position;
};

struct Grant {
  std::string use;  // fideslang data use; covers every use below it
  Audience audience = Audience::kInternal;
  Identifiability at_most = Identifiability::kAggregated;
  Clause clause;
};

// Narrows grants for some categories: a release above the cap must suppress
// them. An empty `audiences` or `uses` means all of them; `uses` are
// hierarchical as in a grant.
struct Cap {
  std::vector<std::string> categories;
  std::vector<Audience> audiences;
  std::vector<std::string> uses;
  Identifiability at_most = Identifiability::kAggregated;
  Clause clause;
};

// Categories that are in no release at all.
struct Never {
  std::vector<std::string> categories;
  Clause clause;
};

struct Minors {
  int under = 0;  // years; a record that states a lower age is suppressed
  Clause clause;
};

enum class RetentionScope : uint8_t { kPersonal, kAll };

struct Retention {
  Period period;
  RetentionScope of = RetentionScope::kPersonal;
  Clause clause;
};

struct RightGranted {
  Right right = Right::kErasure;
  Clause clause;
};

struct Policy {
  std::string name;
  std::string document;  // file name of the policy text
  std::string title;
  std::vector<std::string> personal;  // fideslang categories, hierarchical
  Clause personal_clause;
  bool linked_is_personal = false;
  Clause linked_clause;
  std::optional<Minors> minors;
  std::optional<Retention> retention;
  std::vector<RightGranted> rights;
  std::vector<Grant> grants;
  std::vector<Cap> caps;
  std::vector<Never> never;
  SourcePosition position;
};

// True if `key` is `ancestor` or lies below it ("user.device.ip_address" is
// covered by "user.device"). For categories and for uses.
bool Covers(std::string_view ancestor, std::string_view key);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_H_
