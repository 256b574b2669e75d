#include "files/keyring_file.h"

#include <string_view>
#include <utility>

#include "base/status_macros.h"

namespace nymstream {
namespace {

// About 120 bytes an epoch, and as much again for comments.
constexpr size_t kKeyringBytesMax = 240 * kEpochsMax;

std::string_view TextOf(const SecretBytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.ExposeSecret().data()),
          bytes.size()};
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Keyring>> ReadKeyringFile(
    const std::string& path) {
  const absl::StatusOr<SecretBytes> bytes =
      ReadSecretFile(path, kKeyringBytesMax);
  if (absl::IsPermissionDenied(bytes.status())) {
    // What is no keyring needs no other mode.
    const auto unsafe = ReadUnsafeFile(path, kKeyringBytesMax);
    if (unsafe.ok()) {
      NYM_RETURN_IF_ERROR(ParseKeyringText(TextOf(*unsafe), path).status());
    }
  }
  NYM_RETURN_IF_ERROR(bytes.status());
  return Keyring::Parse(TextOf(*bytes), path);
}

absl::Status CreateKeyringFile(const std::string& path,
                               const KeyringContent& content) {
  NYM_ASSIGN_OR_RETURN(const SecretBytes text, FormatKeyringText(content));
  return CreateSecretFile(path, text.ExposeSecret());
}

absl::StatusOr<KeyringFileEditor> KeyringFileEditor::Open(
    const std::string& path) {
  KeyringFileEditor editor;
  NYM_ASSIGN_OR_RETURN(editor.file_,
                       SecretFileEditor::Open(path, kKeyringBytesMax));
  NYM_ASSIGN_OR_RETURN(editor.content_,
                       ParseKeyringText(TextOf(editor.file_.bytes()), path));
  return editor;
}

absl::Status KeyringFileEditor::Replace(const KeyringContent& content,
                                        OldBytes old) {
  NYM_ASSIGN_OR_RETURN(const SecretBytes text, FormatKeyringText(content));
  return file_.Replace(text.ExposeSecret(), old);
}

}  // namespace nymstream
