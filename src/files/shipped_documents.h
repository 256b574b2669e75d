// The policies and log schemas that ship inside the program, by name.
#ifndef NYMSTREAM_FILES_SHIPPED_DOCUMENTS_H_
#define NYMSTREAM_FILES_SHIPPED_DOCUMENTS_H_

#include <span>
#include <string_view>

namespace nymstream {

struct ShippedDocument {
  std::string_view name;  // "nginx-json"
  std::string_view file;  // "config/schemas/nginx-json.yaml"
  std::string_view text;
};

// In order of name. Static storage; made by the build from config/.
std::span<const ShippedDocument> ShippedSchemas();
std::span<const ShippedDocument> ShippedPolicies();

}  // namespace nymstream

#endif  // NYMSTREAM_FILES_SHIPPED_DOCUMENTS_H_
