#include "policy/vocabulary.h"

#include <cstddef>

#include "nymstream/plan.h"
#include "nymstream/policy.h"

namespace nymstream {

std::string_view IdentifiabilityName(Identifiability level) {
  return kIdentifiabilityNames[static_cast<size_t>(level)];
}
std::string_view AudienceName(Audience audience) {
  return kAudienceNames[static_cast<size_t>(audience)];
}
std::string_view RightName(Right right) {
  return kRightNames[static_cast<size_t>(right)];
}
std::string_view LogFormatName(LogFormat format) {
  return kLogFormatNames[static_cast<size_t>(format)];
}
std::string_view ValueTypeName(ValueType type) {
  return kValueTypeNames[static_cast<size_t>(type)];
}
std::string_view TreatmentName(Treatment treatment) {
  return kTreatmentNames[static_cast<size_t>(treatment)];
}

std::string_view CompressionName(Compression compression) {
  return kCompressionNames[static_cast<size_t>(compression)];
}

bool IsKeyed(Treatment treatment) {
  return treatment == Treatment::kPseudonymize ||
         treatment == Treatment::kPseudonymizeAsAddress ||
         treatment == Treatment::kPrefixPreserving;
}

}  // namespace nymstream
