// Prints the JSON Schema of a document, for json_schema_test.py.
#include <cstdio>
#include <string>
#include <string_view>

#include "policy/documents.h"

int main(int argc, char** argv) {
  using nymstream::DocumentKind;
  const std::string_view name = argc == 2 ? argv[1] : "";
  DocumentKind kind = DocumentKind::kPolicy;
  if (name == "log-schema") {
    kind = DocumentKind::kLogSchema;
  } else if (name == "pipeline") {
    kind = DocumentKind::kPipeline;
  } else if (name != "policy") {
    return 2;
  }
  const std::string schema = nymstream::DocumentJsonSchema(kind);
  return std::fputs(schema.c_str(), stdout) < 0 ? 1 : 0;
}
