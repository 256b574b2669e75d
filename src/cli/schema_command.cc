// nymstream schema: the JSON Schema of a document.
#include <map>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/output.h"
#include "policy/documents.h"

namespace nymstream {

void AddSchemaCommand(CLI::App& app, ExitCode* exit_code) {
  auto kind = std::make_shared<DocumentKind>(DocumentKind::kPolicy);
  CLI::App* command = app.add_subcommand(
      "schema", "Prints the JSON Schema (draft 2020-12) of a document");
  const std::map<std::string, DocumentKind> kinds = {
      {"policy", DocumentKind::kPolicy},
      {"log-schema", DocumentKind::kLogSchema},
      {"pipeline", DocumentKind::kPipeline}};
  command->add_option("DOCUMENT", *kind, "policy, log-schema or pipeline")
      ->required()
      ->transform(CLI::Transformer(kinds));
  command->callback([kind, exit_code] {
    *exit_code = WriteOutput(DocumentJsonSchema(*kind));
  });
}

}  // namespace nymstream
