#include "policy/release_name.h"

#include "nymstream/keyring.h"

namespace nymstream {

std::string_view WhyNameIsTaken(std::string_view name) {
  if (name == "quarantine") return "is the name of the receipts' file";
  if (name == "manifest") return "is the name of replay's list of files";
  if (name == kSubjectsSeries) return "is the name behind subject tokens";
  return {};
}

}  // namespace nymstream
