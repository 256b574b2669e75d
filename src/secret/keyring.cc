#include "nymstream/keyring.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "secret/keyring_text.h"
#include "secret/pseudonym_key.h"
#include "secret/sodium.h"

namespace nymstream {
namespace {

// docs/cryptography.md. Changing it changes every pseudonym.
constexpr char kKeyPersonal[] = "nymstream-key-v1";

// Appends the length as 8 bytes, little-endian, then the bytes: no two pairs
// of scope and domain make the same message.
void AppendWithLength(std::string_view name, std::string* message) {
  for (size_t i = 0; i < 8; ++i) {
    message->push_back(static_cast<char>(uint64_t{name.size()} >> (8 * i)));
  }
  message->append(name);
}

// A release's scope has one slash: no two pairs of pipeline and release have
// the same, and none is that of the subjects.
bool IsScope(std::string_view scope) {
  return scope == kSubjectsSeries ||
         std::count(scope.begin(), scope.end(), '/') == 1;
}

class ParsedKeyring final : public Keyring {
 public:
  explicit ParsedKeyring(KeyringContent content)
      : content_(std::move(content)) {}

  const std::vector<KeyEpoch>& epochs() const override {
    return content_.epochs;
  }

  int FindEpoch(std::string_view series, int64_t unix_seconds) const override {
    const std::vector<KeyEpoch>& epochs = content_.epochs;
    const auto found = std::partition_point(
        epochs.begin(), epochs.end(), [&](const KeyEpoch& epoch) {
          return epoch.series < series ||
                 (epoch.series == series && epoch.until <= unix_seconds);
        });
    if (found == epochs.end() || found->series != series ||
        unix_seconds < found->from) {
      return -1;
    }
    return static_cast<int>(found - epochs.begin());
  }

  absl::StatusOr<PseudonymKey> Derive(int epoch_index, std::string_view scope,
                                      std::string_view domain) const override {
    const size_t index = static_cast<size_t>(epoch_index);
    NYM_CHECK(epoch_index >= 0 && index < content_.epochs.size());
    NYM_CHECK(IsScope(scope));
    const KeyEpoch& epoch = content_.epochs[index];
    if (epoch.destroyed) {
      return absl::FailedPreconditionError(absl::StrFormat(
          "the key of epoch %s is destroyed; records of its time can't be "
          "pseudonymized",
          epoch.id));
    }
    std::string message;
    AppendWithLength(scope, &message);
    AppendWithLength(domain, &message);
    NYM_ASSIGN_OR_RETURN(SecretBytes key,
                         SecretBytes::Create(kEpochSecretBytes));
    KeyedHash(content_.Secret(index), kKeyPersonal, message,
              key.ExposeSecretForWriting());
    return PseudonymKey::Create(epoch.id, key.ExposeSecret());
  }

 private:
  KeyringContent content_;
};

}  // namespace

std::string KeyScope(std::string_view pipeline, std::string_view release) {
  return absl::StrFormat("%s/%s", pipeline, release);
}

absl::StatusOr<std::shared_ptr<const Keyring>> Keyring::Parse(
    std::string_view text, std::string_view file_name) {
  NYM_ASSIGN_OR_RETURN(KeyringContent content,
                       ParseKeyringText(text, file_name));
  return std::make_shared<const ParsedKeyring>(std::move(content));
}

}  // namespace nymstream
