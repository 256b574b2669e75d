// The vocabulary of categories and uses: fideslang's default taxonomy.
#ifndef NYMSTREAM_POLICY_TAXONOMY_H_
#define NYMSTREAM_POLICY_TAXONOMY_H_

#include <span>
#include <string_view>

namespace nymstream {

// Every data category and every data use, sorted. Both are trees whose levels
// are set apart by dots; every ancestor of a key is a key. Static lifetime.
std::span<const std::string_view> DataCategories();
std::span<const std::string_view> DataUses();

bool IsDataCategory(std::string_view key);
bool IsDataUse(std::string_view key);

// The key of `keys` that `text` most likely stands for: one with the same last
// part ("ip_address"), else the nearest in edits, but for a broader one a
// narrower that begins alike; empty if none is near. The view lives as long as
// `keys`.
std::string_view NearestTaxonomyKey(std::string_view text,
                                    std::span<const std::string_view> keys);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_TAXONOMY_H_
