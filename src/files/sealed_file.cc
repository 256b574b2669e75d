#include "files/sealed_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "base/absl_view.h"
#include "base/status_macros.h"
#include "quarantine/envelope_opener.h"

namespace nymstream {
namespace {

// Read at once: a damaged size does not take memory that the file can't fill.
constexpr size_t kStepBytes = size_t{1} << 20;

// Appends up to `size` bytes; how many there were.
absl::StatusOr<size_t> AppendFrom(const Descriptor& file,
                                  const std::string& name, size_t size,
                                  ByteBuffer* buffer) {
  size_t done = 0;
  while (done < size) {
    const size_t step = std::min(size - done, kStepBytes);
    unsigned char* to = reinterpret_cast<unsigned char*>(buffer->Extend(step));
    NYM_ASSIGN_OR_RETURN(const size_t got, ReadFully(file, name, {to, step}));
    done += got;
    if (got == step) continue;
    buffer->Truncate(buffer->size() - (step - got));
    break;
  }
  return done;
}

}  // namespace

SealedFile::SealedFile(std::string name, Descriptor file)
    : name_(std::move(name)), file_(std::move(file)) {}

absl::StatusOr<SealedFile> SealedFile::Open(const std::string& path) {
  if (path != "-") {
    NYM_ASSIGN_OR_RETURN(Descriptor file, OpenFile(path, O_RDONLY));
    return SealedFile(path, std::move(file));
  }
  Descriptor input(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
  if (!input.is_open()) return FileError("stdin", "cannot be read", errno);
  return SealedFile("stdin", std::move(input));
}

std::string SealedFile::Place() const {
  return absl::StrFormat("%s: byte %d", name_, begin_);
}

absl::StatusOr<std::string_view> SealedFile::Next() {
  begin_ = end_;
  envelope_.clear();
  const auto place = [this](const absl::Status& status) {
    return absl::Status(
        status.code(),
        absl::StrFormat("%s: %s", Place(), ToStd(status.message())));
  };
  NYM_ASSIGN_OR_RETURN(
      const size_t head,
      AppendFrom(file_, name_, kEnvelopeHeadBytes, &envelope_));
  if (head == 0) return std::string_view();
  const absl::StatusOr<size_t> size =
      EnvelopeOpener::EnvelopeBytes(envelope_.view());
  if (!size.ok()) return place(size.status());
  NYM_ASSIGN_OR_RETURN(
      const size_t rest,
      AppendFrom(file_, name_, *size - kEnvelopeHeadBytes, &envelope_));
  if (rest != *size - kEnvelopeHeadBytes) {
    return place(absl::DataLossError("the last envelope is cut short"));
  }
  end_ = begin_ + *size;
  return envelope_.view();
}

}  // namespace nymstream
