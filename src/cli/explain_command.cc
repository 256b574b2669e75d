// nymstream explain: the plan in words.
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "base/absl_view.h"
#include "cli/choice.h"
#include "cli/command.h"
#include "cli/key_options.h"
#include "cli/output.h"
#include "cli/report.h"
#include "files/pipeline_loader.h"
#include "policy/explain.h"

namespace nymstream {
namespace {

struct ExplainArguments {
  std::string pipeline;
  ExplainOptions options;
  bool disclosures = false;
};

ExitCode Explain(const ExplainArguments& arguments) {
  Diagnostics findings;
  const std::optional<LoadedPipeline> loaded =
      LoadPipeline(arguments.pipeline, &findings);
  SayFindings(findings);
  if (!loaded.has_value()) return ExitCode::kWrongDocument;
  const absl::StatusOr<std::string> text =
      arguments.disclosures
          ? ExplainDisclosures(*loaded->plan, arguments.options)
          : ExplainPlan(*loaded->plan, arguments.options);
  if (!text.ok()) {
    Say(std::string("error: --release: ")
            .append(ToStd(text.status().message())));
    return ExitCode::kWrongDocument;
  }
  return WriteOutput(*text);
}

}  // namespace

void AddExplainCommand(CLI::App& app, ExitCode* exit_code) {
  auto arguments = std::make_shared<ExplainArguments>();
  CLI::App* command = app.add_subcommand(
      "explain", "Print what becomes of every field, and by which clause");
  AddPipelineArgument(*command, &arguments->pipeline);
  command
      ->add_option("--release", arguments->options.release,
                   "This release only, by its name in the pipeline")
      ->type_name("NAME");
  AddChoice<ExplainFormat>(*command, "--format", &arguments->options.format,
                           {{"text", ExplainFormat::kText},
                            {"json", ExplainFormat::kJson},
                            {"markdown", ExplainFormat::kMarkdown}},
                           "Form of the table")
      ->default_str("text");
  command->add_flag("--disclosures", arguments->disclosures,
                    "Instead: which categories go to which recipients");
  command->callback(
      [arguments, exit_code] { *exit_code = Explain(*arguments); });
}

}  // namespace nymstream
