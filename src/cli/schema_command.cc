// nymstream schema: the JSON Schema of a document.
#include <memory>

#include "cli/choice.h"
#include "cli/command.h"
#include "cli/output.h"
#include "policy/documents.h"

namespace nymstream {

void AddSchemaCommand(CLI::App& app, ExitCode* exit_code) {
  auto kind = std::make_shared<DocumentKind>(DocumentKind::kPolicy);
  CLI::App* command = app.add_subcommand(
      "schema",
      "Print the JSON Schema of a document, for editors and validators");
  AddChoice<DocumentKind>(*command, "DOCUMENT", kind.get(),
                          {{"policy", DocumentKind::kPolicy},
                           {"log-schema", DocumentKind::kLogSchema},
                           {"pipeline", DocumentKind::kPipeline}},
                          "Which document")
      ->required();
  command->callback([kind, exit_code] {
    *exit_code = WriteOutput(DocumentJsonSchema(*kind));
  });
}

}  // namespace nymstream
