// The flags of `nymstream keys lookup`.
#ifndef NYMSTREAM_CLI_LOOKUP_FLAGS_H_
#define NYMSTREAM_CLI_LOOKUP_FLAGS_H_

#include <optional>
#include <string>

#include "cli/command.h"
#include "cli/key_lookup.h"

namespace nymstream {

struct LookupFlags {
  std::string pipeline;
  std::string release;
  std::string period;
  std::string category;
  std::string type;
  std::string at;
  std::string form;
  bool subject = false;
};

void AddLookupFlags(CLI::App& command, LookupFlags* flags);

// What `flags` ask. Where they name a pipeline document, the rest is taken from
// it or checked against it: a pseudonym of coordinates that no release has
// looks like any other. nullopt, and said, if they are wrong.
std::optional<LookupRequest> ReadLookup(const LookupFlags& flags);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_LOOKUP_FLAGS_H_
