// Goal: whatever the bytes, a keyring reads back as it was written, or is
// refused without a secret in the message.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "secret/keyring_text.h"

namespace nymstream {
namespace {

void Check(bool condition) {
  if (!condition) std::abort();
}

// No run of 12 hex digits of `text` may be in `message`.
void CheckNothingShown(std::string_view text, std::string_view message) {
  constexpr size_t kRun = 12;
  size_t run = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool hex = std::string_view("0123456789abcdefABCDEF").find(text[i]) !=
                     std::string_view::npos;
    run = hex ? run + 1 : 0;
    if (run < kRun) continue;
    Check(message.find(text.substr(i + 1 - kRun, kRun)) ==
          std::string_view::npos);
  }
}

void CheckSame(const KeyringContent& a, const KeyringContent& b) {
  Check(a.epochs.size() == b.epochs.size());
  for (size_t i = 0; i < a.epochs.size(); ++i) {
    Check(a.epochs[i].id == b.epochs[i].id);
    Check(a.epochs[i].series == b.epochs[i].series);
    Check(a.epochs[i].from == b.epochs[i].from);
    Check(a.epochs[i].until == b.epochs[i].until);
    Check(a.epochs[i].destroyed == b.epochs[i].destroyed);
    Check(std::memcmp(a.Secret(i).data(), b.Secret(i).data(),
                      kEpochSecretBytes) == 0);
  }
}

}  // namespace
}  // namespace nymstream

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nymstream;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto content = ParseKeyringText(text, "keyring");
  if (!content.ok()) {
    const std::string message(content.status().message());
    CheckNothingShown(text, message);
    return 0;
  }
  const auto written = FormatKeyringText(*content);
  Check(written.ok());
  const auto again = ParseKeyringText(
      {reinterpret_cast<const char*>(written->ExposeSecret().data()),
       written->size()},
      "keyring");
  Check(again.ok());
  CheckSame(*content, *again);
  return 0;
}
