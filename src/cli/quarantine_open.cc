#include "cli/quarantine_open.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "base/absl_view.h"
#include "base/byte_buffer.h"
#include "base/status_macros.h"
#include "cli/kafka_access.h"
#include "cli/key_error.h"
#include "cli/output.h"
#include "cli/report.h"
#include "files/new_file.h"
#include "files/quarantine_key_file.h"
#include "files/sealed_file.h"
#include "kafka/sealed_topic.h"
#include "policy/document_shapes.h"
#include "quarantine/envelope_opener.h"

namespace nymstream {
namespace {

constexpr size_t kWriteBytes = size_t{1} << 20;

// Where opened records go.
class RecordOutput {
 public:
  explicit RecordOutput(const std::string& path) : path_(path) {}

  absl::Status Append(std::string_view record) {
    buffer_.Append(record);
    buffer_.Append('\n');
    return buffer_.size() < kWriteBytes ? absl::OkStatus() : Flush();
  }

  // Gives the file its name, unless a write has failed.
  absl::Status Finish() {
    NYM_RETURN_IF_ERROR(Flush());
    return file_.has_value() ? file_->Finish(NewFile::Existing::kRefuse)
                             : absl::OkStatus();
  }

 private:
  absl::Status Flush() {
    if (failure_.ok() && !buffer_.empty()) failure_ = Write();
    return failure_;
  }

  absl::Status Write() {
    if (path_ == "-") {
      if (WriteOutput(buffer_.view()) != ExitCode::kDone) {
        return absl::UnavailableError("opening stopped");
      }
    } else {
      if (!file_.has_value()) {
        NYM_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(path_));
        file_.emplace(std::move(file));
      }
      NYM_RETURN_IF_ERROR(file_->Append(
          std::span(reinterpret_cast<const unsigned char*>(buffer_.data()),
                    buffer_.size())));
    }
    buffer_.clear();
    return absl::OkStatus();
  }

  std::string path_;
  ByteBuffer buffer_;
  std::optional<NewFile> file_;
  absl::Status failure_;
};

struct OpenedCounts {
  uint64_t opened = 0;
  uint64_t cut_short = 0;
  uint64_t other_key = 0;
  uint64_t damaged = 0;
};

void SayCounts(const OpenedCounts& counts) {
  Say(Counted(counts.opened, "record") + " opened");
  if (counts.cut_short > 0) {
    Say(absl::StrFormat(
        "%s larger than limits.record_bytes_max: sealed cut short, and "
        "therefore not written",
        Counted(counts.cut_short, "record")));
  }
  if (counts.other_key > 0) {
    Say(Counted(counts.other_key, "record") + " sealed to another key");
  }
  if (counts.damaged > 0) {
    Say(Counted(counts.damaged, "sealed record") + " changed or damaged");
  }
}

void SayAt(const EnvelopeSource& source, const absl::Status& status) {
  Say(absl::StrFormat("%s: error: %s", source.Place(),
                      ToStd(status.message())));
}

// Opens to the end. An error is one after which nothing more can be read.
absl::Status OpenAll(EnvelopeSource* input, EnvelopeOpener* opener,
                     RecordOutput* output, OpenedCounts* counts) {
  while (true) {
    NYM_ASSIGN_OR_RETURN(const std::string_view envelope, input->Next());
    if (envelope.empty()) return absl::OkStatus();
    const absl::StatusOr<OpenedRecord> opened = opener->Open(envelope);
    if (opened.ok()) {
      if (opened->record.size() < opened->receipt.size) {
        ++counts->cut_short;
        continue;
      }
      ++counts->opened;
      NYM_RETURN_IF_ERROR(output->Append(opened->record));
      continue;
    }
    uint64_t& count =
        opened.status().code() == absl::StatusCode::kFailedPrecondition
            ? counts->other_key
            : counts->damaged;
    // Once is enough to find the key or the place.
    if (count++ == 0) SayAt(*input, opened.status());
  }
}

ExitCode OpenTopic(const std::string& path,
                   std::unique_ptr<EnvelopeSource>* input) {
  std::optional<KafkaAccess> access;
  const ExitCode opened = OpenKafkaAccess(path, &access);
  if (opened != ExitCode::kDone) return opened;
  auto topic = SealedTopic::Open(*access->pipeline.source,
                                 access->pipeline.quarantine->topic,
                                 access->credentials);
  if (!topic.ok()) {
    SayKeyError(topic.status());
    return ExitCode::kInputOutput;
  }
  *input = *std::move(topic);
  return ExitCode::kDone;
}

ExitCode OpenInput(const std::string& path,
                   std::unique_ptr<EnvelopeSource>* input) {
  if (IsDocumentPath(path)) return OpenTopic(path, input);
  absl::StatusOr<SealedFile> file = SealedFile::Open(path);
  if (!file.ok()) {
    SayKeyError(file.status());
    return ExitCode::kInputOutput;
  }
  *input = std::make_unique<SealedFile>(*std::move(file));
  return ExitCode::kDone;
}

}  // namespace

ExitCode OpenQuarantine(const QuarantineOpenRequest& request) {
  absl::StatusOr<QuarantinePrivateKey> key =
      ReadQuarantinePrivateKey(request.key);
  if (!key.ok()) return SayKeyError(key.status());
  absl::StatusOr<EnvelopeOpener> opener =
      EnvelopeOpener::Create(*std::move(key));
  if (!opener.ok()) return SayKeyError(opener.status());
  std::unique_ptr<EnvelopeSource> input;
  const ExitCode open = OpenInput(request.input, &input);
  if (open != ExitCode::kDone) return open;
  RecordOutput output(request.out);
  OpenedCounts counts;
  const absl::Status read = OpenAll(input.get(), &*opener, &output, &counts);
  const absl::Status written = output.Finish();
  if (!written.ok()) return SayKeyError(written);
  SayKeyError(read);
  SayCounts(counts);
  if (!read.ok() || counts.damaged > 0) return ExitCode::kInputOutput;
  return counts.other_key > 0 ? ExitCode::kKey : ExitCode::kDone;
}

}  // namespace nymstream
