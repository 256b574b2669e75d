#include "replay/output_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "document/quote.h"
#include "replay/printable_name.h"

namespace nymstream {
namespace {

constexpr mode_t kFolderMode = 0750;
constexpr mode_t kFileMode = 0640;
constexpr size_t kReceiptsFlushBytes = 256 << 10;

bool IsFileName(std::string_view name) {
  return !name.empty() && name.front() != '.' &&
         name.find('/') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos;
}

void AppendReceipt(const Receipt& receipt, std::string_view quoted_source,
                   std::string* out) {
  const ReasonText& text = QuarantineReasonText(receipt.reason);
  absl::StrAppend(out, R"({"source":)", ToAbsl(quoted_source), R"(,"offset":)",
                  receipt.offset, R"(,"bytes":)", receipt.size, R"(,"reason":)",
                  QuoteJson(text.name), R"(,"remedy":)");
  absl::StrAppend(out, QuoteJson(text.remedy), "}\n");
}

}  // namespace

absl::StatusOr<std::vector<std::string>> OutputNames(const Plan& plan,
                                                     bool sealed) {
  std::vector<std::string> names;
  for (const ReleasePlan& release : plan.releases) {
    const bool lines = plan.format == LogFormat::kCombined &&
                       release.format == OutputFormat::kAsInput;
    names.push_back(release.name + (lines ? ".log" : ".ndjson"));
    if (!IsFileName(names.back())) {
      return absl::InvalidArgumentError(
          absl::StrCat("release ", QuoteForMessage(release.name),
                       " can't name a file; use letters, digits, '-' and '_'"));
    }
  }
  names.emplace_back(kReceiptsName);
  if (sealed) names.emplace_back(kSealedName);
  std::vector<std::string> sorted = names;
  std::sort(sorted.begin(), sorted.end());
  const auto same = std::adjacent_find(sorted.begin(), sorted.end());
  if (same != sorted.end()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "two outputs would be named ", *same, "; rename the release"));
  }
  return names;
}

OutputFolder::OutputFolder(std::string path, FileHandle folder,
                           std::vector<std::string> names)
    : path_(std::move(path)),
      folder_(std::move(folder)),
      names_(std::move(names)) {}

absl::StatusOr<std::unique_ptr<OutputFolder>> OutputFolder::Lock(
    const std::string& path, std::vector<std::string> names) {
  if (mkdir(path.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    if (errno != ENOENT) return ErrnoStatus(PrintableName(path), errno);
    return absl::NotFoundError(
        absl::StrCat(PrintableName(path),
                     ": the folder above it is missing; make it first"));
  }
  FileHandle folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) return ErrnoStatus(PrintableName(path), errno);
  if (flock(folder.fd(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    return absl::FailedPreconditionError(
        absl::StrCat(PrintableName(path),
                     ": another replay is writing to this folder; wait for its "
                     "end, or choose another folder"));
  }
  return std::unique_ptr<OutputFolder>(
      new OutputFolder(path, std::move(folder), std::move(names)));
}

bool OutputFolder::Has(std::string_view name) const {
  struct stat status {};
  return lstat(JoinPath(path_, name).c_str(), &status) == 0;
}

std::string OutputFolder::FindLeftover() const {
  for (const std::string_view name : {kManifestName, kCheckpointName}) {
    if (Has(name)) return std::string(name);
  }
  for (const std::string& name : names_) {
    if (Has(name)) return name;
    std::string part = absl::StrCat(name, ToAbsl(kPartSuffix));
    if (Has(part)) return part;
  }
  return "";
}

absl::Status OutputFolder::OpenPart(const std::string& name, uint64_t size) {
  const std::string finished = JoinPath(path_, name);
  Part part;
  part.path = absl::StrCat(finished, ToAbsl(kPartSuffix));
  part.bytes = size;
  if (Has(name) && std::rename(finished.c_str(), part.path.c_str()) != 0) {
    return ErrnoStatus(finished, errno);
  }
  part.file =
      FileHandle(open(part.path.c_str(),
                      O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, kFileMode));
  if (!part.file.valid()) return ErrnoStatus(part.path, errno);
  struct stat status {};
  if (fstat(part.file.fd(), &status) != 0) {
    return ErrnoStatus(part.path, errno);
  }
  if (!S_ISREG(status.st_mode) ||
      static_cast<uint64_t>(status.st_size) < size) {
    return absl::DataLossError(
        absl::StrCat(part.path,
                     ": is shorter than the checkpoint says; remove the folder "
                     "and begin again"));
  }
  const auto end = static_cast<off_t>(size);
  if (ftruncate(part.file.fd(), end) != 0 ||
      lseek(part.file.fd(), end, SEEK_SET) != end) {
    return ErrnoStatus(part.path, errno);
  }
  parts_.push_back(std::move(part));
  return absl::OkStatus();
}

absl::Status OutputFolder::OpenParts(const std::vector<uint64_t>& sizes) {
  NYM_CHECK(sizes.size() == names_.size());
  parts_.clear();
  for (size_t i = 0; i < names_.size(); ++i) {
    NYM_RETURN_IF_ERROR(OpenPart(names_[i], sizes[i]));
  }
  return SyncFolder(path_);
}

absl::Status OutputFolder::Append(size_t part, std::string_view bytes) {
  NYM_RETURN_IF_ERROR(
      WriteAll(parts_[part].file.fd(), bytes, parts_[part].path));
  parts_[part].bytes += bytes.size();
  return absl::OkStatus();
}

absl::Status OutputFolder::Write(const ReleasedBatch& released,
                                 std::string_view source) {
  size_t part = 0;
  for (int release = 0; release < released.releases(); ++release) {
    NYM_RETURN_IF_ERROR(Append(part++, released.bytes(release)));
  }
  NYM_RETURN_IF_ERROR(WriteReceipts(part++, released, source));
  if (part < parts_.size())
    NYM_RETURN_IF_ERROR(Append(part, released.sealed()));
  return absl::OkStatus();
}

absl::Status OutputFolder::WriteReceipts(size_t part,
                                         const ReleasedBatch& released,
                                         std::string_view source) {
  const std::string quoted_source = QuoteJson(source);
  for (const Receipt& receipt : released.receipts()) {
    AppendReceipt(receipt, quoted_source, &receipts_);
    if (receipts_.size() < kReceiptsFlushBytes) continue;
    NYM_RETURN_IF_ERROR(Append(part, receipts_));
    receipts_.clear();
  }
  NYM_RETURN_IF_ERROR(Append(part, receipts_));
  receipts_.clear();
  return absl::OkStatus();
}

absl::Status OutputFolder::Sync() {
  for (const Part& part : parts_) {
    NYM_RETURN_IF_ERROR(SyncFile(part.file.fd(), part.path));
  }
  return absl::OkStatus();
}

absl::Status OutputFolder::Finish() {
  NYM_RETURN_IF_ERROR(Sync());
  for (size_t i = 0; i < parts_.size(); ++i) {
    const std::string finished = JoinPath(path_, names_[i]);
    if (std::rename(parts_[i].path.c_str(), finished.c_str()) != 0) {
      return ErrnoStatus(finished, errno);
    }
  }
  return SyncFolder(path_);
}

std::vector<uint64_t> OutputFolder::sizes() const {
  std::vector<uint64_t> sizes;
  for (const Part& part : parts_) sizes.push_back(part.bytes);
  return sizes;
}

}  // namespace nymstream
