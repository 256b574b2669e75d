#include "files/quarantine_key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "base/status_macros.h"
#include "files/descriptor.h"
#include "files/secret_file.h"

namespace nymstream {
namespace {

constexpr size_t kKeyFileBytesMax = 4096;
constexpr unsigned kPublicMode = 0644;

std::span<const unsigned char> Bytes(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

std::string_view TextOf(const SecretBytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.ExposeSecret().data()),
          bytes.size()};
}

}  // namespace

absl::StatusOr<QuarantinePublicKey> ReadQuarantinePublicKey(
    const std::string& path) {
  NYM_ASSIGN_OR_RETURN(const Descriptor file, OpenFile(path, O_RDONLY));
  struct stat status {};
  if (fstat(file.number(), &status) != 0) {
    return FileError(path, "cannot be opened", errno);
  }
  NYM_RETURN_IF_ERROR(CheckFileSafety(path, status, /*secret=*/false));
  std::array<unsigned char, kKeyFileBytesMax> bytes;
  NYM_ASSIGN_OR_RETURN(const size_t size, ReadFully(file, path, bytes));
  return ParseQuarantinePublicKey(
      {reinterpret_cast<const char*>(bytes.data()), size}, path);
}

absl::StatusOr<QuarantinePrivateKey> ReadQuarantinePrivateKey(
    const std::string& path) {
  const absl::StatusOr<SecretBytes> bytes =
      ReadSecretFile(path, kKeyFileBytesMax);
  if (absl::IsPermissionDenied(bytes.status())) {
    // What is no private key, as the public one, needs no other mode.
    const auto unsafe = ReadUnsafeFile(path, kKeyFileBytesMax);
    if (unsafe.ok()) {
      NYM_RETURN_IF_ERROR(
          ParseQuarantinePrivateKey(TextOf(*unsafe), path).status());
    }
  }
  NYM_RETURN_IF_ERROR(bytes.status());
  return ParseQuarantinePrivateKey(TextOf(*bytes), path);
}

absl::Status CreateQuarantineKeyFiles(const QuarantinePrivateKey& key,
                                      const std::string& private_path,
                                      const std::string& public_path) {
  NYM_ASSIGN_OR_RETURN(
      const Descriptor public_file,
      OpenFile(public_path, O_WRONLY | O_CREAT | O_EXCL, kPublicMode));
  NYM_ASSIGN_OR_RETURN(const SecretBytes text, FormatQuarantinePrivateKey(key));
  absl::Status status =
      WriteFully(public_file, public_path,
                 Bytes(FormatQuarantinePublicKey(key.public_key)));
  if (status.ok() && fsync(public_file.number()) != 0) {
    status = FileError(public_path, "cannot be written", errno);
  }
  if (status.ok()) status = CreateSecretFile(private_path, text.ExposeSecret());
  if (!status.ok()) unlink(public_path.c_str());
  return status;
}

}  // namespace nymstream
