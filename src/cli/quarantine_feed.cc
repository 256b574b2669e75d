#include "cli/quarantine_feed.h"

#include <fstream>
#include <iostream>
#include <istream>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cli/kafka_access.h"
#include "cli/report.h"
#include "kafka/record_feeder.h"

namespace nymstream {
namespace {

absl::Status FeedAll(std::istream& input, uint64_t bytes_max,
                     RecordFeeder* feeder) {
  std::string line;
  while (std::getline(input, line)) {
    if (line.empty()) continue;
    if (line.size() > bytes_max) {
      return absl::InvalidArgumentError(
          "a record is larger than limits.record_bytes_max");
    }
    const absl::Status added = feeder->Add(line);
    if (!added.ok()) return added;
  }
  return input.bad() ? absl::UnavailableError("the input can't be read")
                     : feeder->Finish();
}

}  // namespace

ExitCode FeedQuarantine(const QuarantineFeedRequest& request) {
  std::optional<KafkaAccess> access;
  const ExitCode opened = OpenKafkaAccess(request.pipeline, &access);
  if (opened != ExitCode::kDone) return opened;
  std::ifstream file;
  if (request.input != "-") {
    file.open(request.input, std::ios::binary);
    if (!file) {
      Say("error: INPUT: the file can't be read");
      return ExitCode::kInputOutput;
    }
  }
  absl::StatusOr<std::unique_ptr<RecordFeeder>> feeder =
      RecordFeeder::Create(*access->pipeline.source, access->credentials);
  absl::Status done = feeder.status();
  if (done.ok()) {
    done = FeedAll(request.input == "-" ? std::cin : file,
                   access->pipeline.limits.record_bytes_max, feeder->get());
  }
  if (!done.ok()) {
    Say(absl::StrCat("error: nothing was written: ", done.message()));
    return absl::IsInvalidArgument(done) ? ExitCode::kWrongDocument
                                         : ExitCode::kInputOutput;
  }
  Say(absl::StrCat(Counted((*feeder)->records(), "record"), " written to ",
                   access->pipeline.source->topic));
  return ExitCode::kDone;
}

}  // namespace nymstream
