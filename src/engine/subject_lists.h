// Suppression lists: subjects who used a right of the policy.
#ifndef NYMSTREAM_ENGINE_SUBJECT_LISTS_H_
#define NYMSTREAM_ENGINE_SUBJECT_LISTS_H_

#include <bit>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "base/arena.h"
#include "base/edit_list.h"
#include "engine/field_rules.h"
#include "engine/treated_value.h"
#include "nymstream/keyring.h"
#include "nymstream/plan.h"
#include "secret/pseudonym_key.h"
#include "treatment/ip_list.h"

namespace nymstream {

// A set of suppression lists, one bit each (kListsMax).
using ListMask = uint64_t;

// Tells which lists the subject of a value is on, and which releases the
// subject of a value may not be in. Const calls are thread safe. Cost: one
// keyed hash per value, or nothing without lists.
class SubjectLists {
 public:
  // `subjects` is parallel to plan.rights. kFailedPrecondition if there are
  // lists but no key to compare with, or a token of another key.
  absl::Status Init(const Plan& plan, const std::vector<std::string>& domains,
                    const std::vector<std::vector<std::string>>& subjects,
                    const Keyring* keyring);

  // Memory to work in.
  struct Scratch {
    std::vector<IpListElement> list;
    EditList found;
  };

  // Lists that the subject of `text` (decoded) is on: the value itself, or, if
  // it is none of its type, every such value that is found in it.
  ListMask Find(const FieldRule& rule, std::string_view text, Arena* arena,
                Scratch* scratch) const;
  // Releases that a subject on `lists` may not be in.
  ReleaseMask ReleasesOf(ListMask lists) const {
    ReleaseMask releases = 0;
    for (; lists != 0; lists &= lists - 1) {
      releases |= releases_[static_cast<size_t>(std::countr_zero(lists))];
    }
    return releases;
  }

 private:
  ListMask FindToken(int domain, std::string_view canonical) const;
  // Of what detectors find in `text`.
  ListMask FindInside(int domain, ValueType type, std::string_view text,
                      Arena* arena, EditList* found) const;

  absl::flat_hash_map<std::string, ListMask> lists_;  // by token
  std::vector<ReleaseMask> releases_;                 // by list
  std::vector<PseudonymKey> keys_;                    // by domain
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_SUBJECT_LISTS_H_
