// Goal: whatever the bytes, the opener neither reads beyond them nor takes what
// was changed for whole. Method: the bytes as a file of envelopes; then as a
// record that is sealed, changed in one place, and opened.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "quarantine/envelope_opener.h"
#include "quarantine/record_sealer.h"

namespace nymstream {
namespace {

// The pair of docs/cryptography.md, so that seeds can open.
constexpr char kPrivateKey[] =
    "nymstream-quarantine-private-key: 1 444086271a2b4d34 "
    "2933eef946326fd2c7bae0c1fa71db8947d9938c9fcd413e61e8661b92372f32";
constexpr char kPublicKey[] =
    "nymstream-quarantine-public-key: 1 444086271a2b4d34 "
    "b946461e8fc28532584b695d2212460e06dad8c2b80d115d52ada50345830467";

void Check(bool condition) {
  if (!condition) std::abort();
}

void OpenAsFile(std::string_view bytes, EnvelopeOpener* opener) {
  while (!bytes.empty()) {
    const auto size = EnvelopeOpener::EnvelopeBytes(bytes);
    if (!size.ok()) return;
    const auto opened = opener->Open(bytes.substr(0, *size));
    if (*size > bytes.size()) {
      Check(!opened.ok());
      return;
    }
    if (opened.ok()) Check(opened->record.size() < *size);
    bytes.remove_prefix(*size);
  }
}

// The first four bytes say where and how the envelope is changed.
void SealAndChange(std::string_view bytes, RecordSealer* sealer,
                   EnvelopeOpener* opener) {
  if (bytes.size() < 4) return;
  const auto byte = [&](size_t i) {
    return static_cast<unsigned char>(bytes[i]);
  };
  const std::string_view record = bytes.substr(4);
  ByteBuffer sealed;
  sealer->Seal(record,
               {.offset = byte(0),
                .index = byte(1),
                .size = record.size(),
                .reason = static_cast<QuarantineReason>(
                    byte(2) % kQuarantineReasonCount)},
               &sealed);
  const auto opened = opener->Open(sealed.view());
  Check(opened.ok() && opened->record == record &&
        opened->receipt.offset == byte(0));
  if (byte(3) == 0) return;
  const size_t place =
      (size_t{byte(0)} << 16 | size_t{byte(1)} << 8 | byte(2)) % sealed.size();
  sealed.data()[place] = static_cast<char>(sealed.data()[place] ^ bytes[3]);
  Check(!opener->Open(sealed.view()).ok());
}

}  // namespace
}  // namespace nymstream

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nymstream;
  static EnvelopeOpener& opener = *new EnvelopeOpener(
      *EnvelopeOpener::Create(*ParseQuarantinePrivateKey(kPrivateKey, "key")));
  static const auto& sealer = *new std::shared_ptr<RecordSealer>(
      *MakeRecordSealer(*ParseQuarantinePublicKey(kPublicKey, "key")));
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  OpenAsFile(bytes, &opener);
  SealAndChange(bytes, sealer.get(), &opener);
  return 0;
}
