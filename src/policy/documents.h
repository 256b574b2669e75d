// From text to policy, log schema and pipeline, and what documents them.
#ifndef NYMSTREAM_POLICY_DOCUMENTS_H_
#define NYMSTREAM_POLICY_DOCUMENTS_H_

#include <optional>
#include <string>
#include <string_view>

#include "nymstream/diagnostic.h"
#include "nymstream/log_schema.h"
#include "nymstream/pipeline.h"
#include "nymstream/policy.h"

namespace nymstream {

// Each appends all mistakes of the document to `findings`, placed by
// `file_name`, and returns nullopt if any of them is an error. Pure; thread
// safe. A document larger than 1 MiB is refused.
std::optional<Policy> ParsePolicy(std::string_view text,
                                  std::string_view file_name,
                                  Diagnostics* findings);
std::optional<LogSchema> ParseLogSchema(std::string_view text,
                                        std::string_view file_name,
                                        Diagnostics* findings);
std::optional<Pipeline> ParsePipeline(std::string_view text,
                                      std::string_view file_name,
                                      Diagnostics* findings);

enum class DocumentKind { kPolicy, kLogSchema, kPipeline };
// JSON Schema (draft 2020-12) of a document, from the same table as the parser.
std::string DocumentJsonSchema(DocumentKind kind);
// Reference page in Markdown, from the same table.
std::string DocumentReference(DocumentKind kind);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_DOCUMENTS_H_
