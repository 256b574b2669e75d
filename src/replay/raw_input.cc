#include "replay/raw_input.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "base/status_macros.h"

namespace nymstream {
namespace {

// How long a silent stream can delay a stop.
constexpr int kPollMilliseconds = 100;

absl::Status Changed(std::string_view name, std::string_view what) {
  return absl::AbortedError(
      absl::StrCat(ToAbsl(name), ": ", ToAbsl(what),
                   "; replay a finished copy of it into a new folder"));
}

}  // namespace

RawInput::RawInput(const InputFile& input, FileHandle file,
                   const std::function<bool()>& stopped,
                   std::optional<RawPrefix> expected)
    : input_(input),
      file_(std::move(file)),
      stopped_(stopped),
      expected_(std::move(expected)) {}

absl::StatusOr<std::unique_ptr<RawInput>> RawInput::Open(
    const InputFile& input, const std::function<bool()>& stopped,
    std::optional<RawPrefix> expected) {
  FileHandle file(input.path == kStdinName
                      ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                      : open(input.path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return ErrnoStatus(input.name, errno);
  if (!input.stream) {
    posix_fadvise(file.fd(), 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  auto raw = std::unique_ptr<RawInput>(
      new RawInput(input, std::move(file), stopped, std::move(expected)));
  NYM_RETURN_IF_ERROR(raw->CheckUnchanged());
  return raw;
}

absl::Status RawInput::CheckUnchanged() const {
  if (input_.stream) return absl::OkStatus();
  struct stat status {};
  if (fstat(file_.fd(), &status) != 0) return ErrnoStatus(input_.name, errno);
  if (IdentityOf(status) != input_.identity) {
    return Changed(input_.name, "changed since the replay began");
  }
  return absl::OkStatus();
}

absl::Status RawInput::WaitForBytes() const {
  while (true) {
    if (stopped_()) {
      return absl::CancelledError("stopped");
    }
    if (!input_.stream) return absl::OkStatus();
    pollfd waiting{file_.fd(), POLLIN, 0};
    const int ready = poll(&waiting, 1, kPollMilliseconds);
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return ErrnoStatus(input_.name, errno);
  }
}

absl::Status RawInput::Digest(std::string_view bytes) {
  if (expected_) {
    const size_t before =
        std::min<uint64_t>(bytes.size(), expected_->bytes - bytes_);
    digest_.Update(bytes.substr(0, before));
    bytes_ += before;
    bytes.remove_prefix(before);
    if (bytes_ < expected_->bytes) return absl::OkStatus();
    if (digest_.Hex() != expected_->sha256) {
      return Changed(input_.name, "is not what the stopped replay has read");
    }
    expected_.reset();
  }
  digest_.Update(bytes);
  bytes_ += bytes.size();
  return absl::OkStatus();
}

absl::StatusOr<size_t> RawInput::ReadFile(char* to, size_t size) {
  while (true) {
    NYM_RETURN_IF_ERROR(WaitForBytes());
    const ssize_t got = read(file_.fd(), to, size);
    if (got < 0) {
      if (errno == EINTR || errno == EAGAIN) continue;
      const absl::Status error = ErrnoStatus(input_.name, errno);
      return absl::Status(error.code(),
                          absl::StrCat(error.message(), " at byte ", bytes_));
    }
    const auto bytes = static_cast<size_t>(got);
    if (bytes == 0 && expected_ && bytes_ < expected_->bytes) {
      return Changed(input_.name,
                     "is shorter than what the stopped replay has read");
    }
    NYM_RETURN_IF_ERROR(Digest({to, bytes}));
    return bytes;
  }
}

absl::StatusOr<size_t> RawInput::Read(char* to, size_t size) {
  if (peeked_.empty()) return ReadFile(to, size);
  const size_t bytes = std::min(size, peeked_.size());
  std::memcpy(to, peeked_.data(), bytes);
  peeked_.erase(0, bytes);
  return bytes;
}

absl::StatusOr<std::string_view> RawInput::Peek(size_t size) {
  while (peeked_.size() < size) {
    const size_t before = peeked_.size();
    peeked_.resize(size);
    const auto got = ReadFile(peeked_.data() + before, size - before);
    peeked_.resize(before + (got.ok() ? *got : 0));
    if (!got.ok()) return got.status();
    if (*got == 0) break;
  }
  const std::string_view peeked = peeked_;
  return peeked.substr(0, size);
}

}  // namespace nymstream
