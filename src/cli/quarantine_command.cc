// nymstream quarantine: keys of the sealed quarantine, and opening it.
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/key_error.h"
#include "cli/key_options.h"
#include "cli/quarantine_feed.h"
#include "cli/quarantine_open.h"
#include "cli/report.h"
#include "files/quarantine_key_file.h"

namespace nymstream {
namespace {

struct KeygenFlags {
  std::string private_key;
  std::string public_key;  // empty: private_key + ".pub"
};

ExitCode RunKeygen(const KeygenFlags& flags) {
  const absl::StatusOr<QuarantinePrivateKey> key = GenerateQuarantineKey();
  if (!key.ok()) return SayKeyError(key.status());
  const std::string public_path =
      flags.public_key.empty() ? flags.private_key + ".pub" : flags.public_key;
  const absl::Status made =
      CreateQuarantineKeyFiles(*key, flags.private_key, public_path);
  if (!made.ok()) return SayKeyError(made);
  Say(absl::StrFormat("key %s: seals with %s, opens with %s",
                      QuarantineKeyIdText(key->public_key.id), public_path,
                      flags.private_key));
  return ExitCode::kDone;
}

}  // namespace

void AddQuarantineCommand(CLI::App& app, ExitCode* exit_code) {
  CLI::App* quarantine =
      app.add_subcommand("quarantine", "Keys of the sealed quarantine");
  quarantine->require_subcommand(1);

  CLI::App* keygen = quarantine->add_subcommand(
      "keygen", "Make a key pair; existing files are left as they are");
  const auto keygen_flags = std::make_shared<KeygenFlags>();
  keygen
      ->add_option("PRIVATE_KEY", keygen_flags->private_key,
                   "Path of the private key to make (mode 0600)")
      ->type_name("FILE")
      ->required();
  keygen
      ->add_option("--public", keygen_flags->public_key,
                   "Path of the public key (default: PRIVATE_KEY.pub)")
      ->type_name("FILE");
  keygen->callback([=] { *exit_code = RunKeygen(*keygen_flags); });

  CLI::App* open = quarantine->add_subcommand(
      "open", "Open sealed records, so that they can be fed back");
  const auto request = std::make_shared<QuarantineOpenRequest>();
  open->add_option("INPUT", request->input,
                   "File of sealed records, - for stdin, or a pipeline "
                   "(.yaml), whose quarantine topic is read")
      ->type_name("FILE")
      ->required();
  open->add_option("--key", request->key, "Path of the private key")
      ->type_name("FILE")
      ->required();
  open->add_option("--out", request->out,
                   "New file for the raw records (mode 0600), or - for stdout")
      ->type_name("FILE")
      ->required();
  open->callback([=] { *exit_code = OpenQuarantine(*request); });

  CLI::App* feed = quarantine->add_subcommand(
      "feed", "Write mended records to the topic that `run` reads");
  const auto feed_request = std::make_shared<QuarantineFeedRequest>();
  AddPipelineArgument(*feed, &feed_request->pipeline);
  feed->add_option("INPUT", feed_request->input,
                   "File of records, one a line, or - for stdin")
      ->type_name("FILE")
      ->required();
  feed->footer("All of them are written in one transaction, or none.");
  feed->callback([=] { *exit_code = FeedQuarantine(*feed_request); });
}

}  // namespace nymstream
