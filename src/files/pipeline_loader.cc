#include "files/pipeline_loader.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "document/quote.h"
#include "document/suggestion.h"
#include "files/read_file.h"
#include "files/sha256_hex.h"
#include "files/shipped_documents.h"
#include "policy/compiler.h"
#include "policy/document_shapes.h"
#include "policy/documents.h"

namespace nymstream {
namespace {

constexpr size_t kDocumentBytesMax = size_t{1} << 20;

struct DocumentText {
  DocumentSource source;
  std::string text;
};

std::optional<DocumentText> ReadDocument(const std::string& file,
                                         const SourcePosition& named_at,
                                         const std::string& key,
                                         Diagnostics* findings) {
  absl::StatusOr<std::string> text = ReadFile(file, kDocumentBytesMax);
  if (text.ok()) {
    DocumentSource source{"", file, Sha256Hex(*text)};
    return DocumentText{std::move(source), *std::move(text)};
  }
  const std::string why(ToStd(text.status().message()));
  if (key.empty()) {
    findings->push_back({Severity::kError,
                         {file, 0, 0},
                         "",
                         why,
                         absl::IsInvalidArgument(text.status())
                             ? "give the path of a YAML document"
                             : ""});
  } else {
    findings->push_back({Severity::kError, named_at, key,
                         absl::StrCat(why, ": ", EscapeForMessage(file)),
                         "paths are taken from the folder of the pipeline"});
  }
  return std::nullopt;
}

// The document that the pipeline names under `key`.
std::optional<DocumentText> FindDocument(
    std::span<const ShippedDocument> shipped, const std::string& reference,
    const SourcePosition& named_at, const std::string& key,
    const std::string& pipeline_file, Diagnostics* findings) {
  if (IsDocumentPath(reference)) {
    return ReadDocument(ResolvePath(pipeline_file, reference), named_at, key,
                        findings);
  }
  std::vector<std::string_view> names;
  for (const ShippedDocument& document : shipped) {
    if (document.name == reference) {
      return DocumentText{
          {"", std::string(document.file), Sha256Hex(document.text)},
          std::string(document.text)};
    }
    names.push_back(document.name);
  }
  const std::string_view nearest = NearestName(reference, names);
  std::string hint;
  if (nearest.empty()) {
    hint = "shipped are ";
    for (const std::string_view name : names) {
      absl::StrAppend(&hint, name == names.front() ? "" : ", ", ToAbsl(name));
    }
    hint += "; a file's name ends in .yaml or .yml";
  } else {
    hint = absl::StrCat("did you mean ", ToAbsl(nearest), "?");
  }
  findings->push_back({Severity::kError, named_at, key,
                       absl::StrCat("no shipped ", key, " has this name, got ",
                                    QuoteForMessage(reference)),
                       hint});
  return std::nullopt;
}

}  // namespace

std::string ResolvePath(const std::string& document, const std::string& path) {
  const std::filesystem::path target(path);
  if (path.empty() || target.is_absolute()) return path;
  return (std::filesystem::path(document).parent_path() / target).string();
}

std::optional<LoadedPipeline> LoadPipeline(const std::string& path,
                                           Diagnostics* findings) {
  if (!IsDocumentPath(path)) {
    findings->push_back(
        {Severity::kError,
         {path, 0, 0},
         "",
         "not read: a pipeline document's name ends in .yaml or "
         ".yml",
         "are the arguments swapped? PIPELINE comes first"});
    return std::nullopt;
  }
  LoadedPipeline loaded;
  std::optional<DocumentText> pipeline_text =
      ReadDocument(path, {}, "", findings);
  if (!pipeline_text.has_value()) return std::nullopt;
  std::optional<Pipeline> pipeline =
      ParsePipeline(pipeline_text->text, path, findings);
  if (!pipeline.has_value()) return std::nullopt;

  std::optional<DocumentText> policy_text =
      FindDocument(ShippedPolicies(), pipeline->policy,
                   pipeline->policy_position, "policy", path, findings);
  std::optional<DocumentText> schema_text =
      FindDocument(ShippedSchemas(), pipeline->schema,
                   pipeline->schema_position, "schema", path, findings);
  std::optional<Policy> policy;
  std::optional<LogSchema> schema;
  if (policy_text.has_value()) {
    policy = ParsePolicy(policy_text->text, policy_text->source.file, findings);
  }
  if (schema_text.has_value()) {
    schema =
        ParseLogSchema(schema_text->text, schema_text->source.file, findings);
  }
  if (!policy.has_value() || !schema.has_value()) return std::nullopt;

  loaded.plan = CompilePlan(*pipeline, *policy, *schema, findings);
  if (loaded.plan == nullptr) return std::nullopt;
  loaded.pipeline_source = std::move(pipeline_text->source);
  loaded.pipeline_source.name = pipeline->name;
  loaded.policy_source = std::move(policy_text->source);
  loaded.policy_source.name = policy->name;
  loaded.schema_source = std::move(schema_text->source);
  loaded.schema_source.name = schema->name;
  loaded.pipeline = *std::move(pipeline);
  return loaded;
}

}  // namespace nymstream
