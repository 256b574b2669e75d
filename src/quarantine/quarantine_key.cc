#include "quarantine/quarantine_key.h"

#include <sodium.h>

#include <algorithm>
#include <span>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "secret/sodium.h"

namespace nymstream {
namespace {

constexpr char kIdPersonal[] = "nymstream-qid-v1";
constexpr std::string_view kPublicHead = "nymstream-quarantine-public-key: 1 ";
constexpr std::string_view kPrivateHead =
    "nymstream-quarantine-private-key: 1 ";
constexpr std::string_view kPublicComment =
    "# Records are sealed to this key. It is no secret.\n";
constexpr std::string_view kPrivateComment =
    "# Secret. Opens every record that was sealed to the public key.\n";
constexpr size_t kIdHexChars = 2 * kQuarantineKeyIdBytes;
constexpr size_t kKeyHexChars = 2 * kQuarantineKeyBytes;

static_assert(kQuarantineKeyBytes == crypto_box_PUBLICKEYBYTES);
static_assert(kQuarantineKeyBytes == crypto_box_SECRETKEYBYTES);

// First bytes of BLAKE2b-128 of the public key.
QuarantineKeyId IdOf(std::span<const unsigned char> public_key) {
  StartSodium();
  std::array<unsigned char, 16> hash;
  NYM_CHECK(crypto_generichash_blake2b_salt_personal(
                hash.data(), hash.size(), public_key.data(), public_key.size(),
                nullptr, 0, nullptr,
                reinterpret_cast<const unsigned char*>(kIdPersonal)) == 0);
  QuarantineKeyId id;
  std::copy_n(hash.begin(), id.size(), id.begin());
  return id;
}

absl::Status Error(std::string_view file_name, std::string_view what,
                   std::string_view hint) {
  return absl::InvalidArgumentError(
      absl::StrFormat("%s: error: %s; %s", file_name, what, hint));
}

// The only line that is neither empty nor a comment; empty if there are more.
std::string_view OnlyLine(std::string_view text) {
  std::string_view only;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    if (line.empty() || line[0] == '#') continue;
    if (!only.empty()) return {};
    only = line;
  }
  return only;
}

bool ReadHex(std::string_view hex, std::span<unsigned char> out) {
  size_t size = 0;
  return hex.size() == 2 * out.size() &&
         sodium_hex2bin(out.data(), out.size(), hex.data(), hex.size(), nullptr,
                        &size, nullptr) == 0 &&
         size == out.size();
}

// Reads "HEAD ID KEY".
absl::Status ReadKey(std::string_view text, std::string_view file_name,
                     std::string_view head, std::string_view other_head,
                     QuarantineKeyId* id, std::span<unsigned char> key) {
  std::string_view line = OnlyLine(text);
  if (line.substr(0, other_head.size()) == other_head) {
    return Error(file_name,
                 absl::StrFormat("this is the %s key",
                                 head == kPublicHead ? "private" : "public"),
                 absl::StrFormat("name the file of the %s key",
                                 head == kPublicHead ? "public" : "private"));
  }
  const bool form =
      line.size() == head.size() + kIdHexChars + 1 + kKeyHexChars &&
      line.substr(0, head.size()) == head &&
      line[head.size() + kIdHexChars] == ' ';
  if (!form || !ReadHex(line.substr(head.size(), kIdHexChars), *id) ||
      !ReadHex(line.substr(head.size() + kIdHexChars + 1), key)) {
    return Error(file_name,
                 absl::StrFormat("this is no %s key of the quarantine",
                                 head == kPublicHead ? "public" : "private"),
                 "make keys with nymstream quarantine keygen");
  }
  return absl::OkStatus();
}

absl::Status CheckId(std::string_view file_name, const QuarantineKeyId& stated,
                     const QuarantineKeyId& id) {
  if (stated == id) return absl::OkStatus();
  return Error(file_name, "the key does not fit its id",
               "a digit was changed; copy the file anew");
}

}  // namespace

absl::StatusOr<QuarantinePrivateKey> GenerateQuarantineKey() {
  QuarantinePrivateKey key;
  NYM_ASSIGN_OR_RETURN(key.bytes, SecretBytes::Create(kQuarantineKeyBytes));
  NYM_CHECK(crypto_box_keypair(key.public_key.bytes.data(),
                               key.bytes.ExposeSecretForWriting().data()) == 0);
  key.bytes.Freeze();
  key.public_key.id = IdOf(key.public_key.bytes);
  return key;
}

absl::StatusOr<QuarantinePublicKey> ParseQuarantinePublicKey(
    std::string_view text, std::string_view file_name) {
  QuarantinePublicKey key;
  NYM_RETURN_IF_ERROR(
      ReadKey(text, file_name, kPublicHead, kPrivateHead, &key.id, key.bytes));
  NYM_RETURN_IF_ERROR(CheckId(file_name, key.id, IdOf(key.bytes)));
  return key;
}

absl::StatusOr<QuarantinePrivateKey> ParseQuarantinePrivateKey(
    std::string_view text, std::string_view file_name) {
  QuarantinePrivateKey key;
  NYM_ASSIGN_OR_RETURN(key.bytes, SecretBytes::Create(kQuarantineKeyBytes));
  NYM_RETURN_IF_ERROR(ReadKey(text, file_name, kPrivateHead, kPublicHead,
                              &key.public_key.id,
                              key.bytes.ExposeSecretForWriting()));
  key.bytes.Freeze();
  NYM_CHECK(crypto_scalarmult_base(key.public_key.bytes.data(),
                                   key.bytes.ExposeSecret().data()) == 0);
  NYM_RETURN_IF_ERROR(
      CheckId(file_name, key.public_key.id, IdOf(key.public_key.bytes)));
  return key;
}

std::string FormatQuarantinePublicKey(const QuarantinePublicKey& key) {
  std::array<char, kKeyHexChars + 1> hex;
  sodium_bin2hex(hex.data(), hex.size(), key.bytes.data(), key.bytes.size());
  return absl::StrFormat("%s%s%s %s\n", kPublicComment, kPublicHead,
                         QuarantineKeyIdText(key.id),
                         std::string_view(hex.data(), kKeyHexChars));
}

absl::StatusOr<SecretBytes> FormatQuarantinePrivateKey(
    const QuarantinePrivateKey& key) {
  const std::string head =
      absl::StrFormat("%s%s%s ", kPrivateComment, kPrivateHead,
                      QuarantineKeyIdText(key.public_key.id));
  NYM_ASSIGN_OR_RETURN(SecretBytes text,
                       SecretBytes::Create(head.size() + kKeyHexChars + 1));
  char* out = reinterpret_cast<char*>(text.ExposeSecretForWriting().data());
  out = std::copy(head.begin(), head.end(), out);
  sodium_bin2hex(out, kKeyHexChars + 1, key.bytes.ExposeSecret().data(),
                 kQuarantineKeyBytes);
  out[kKeyHexChars] = '\n';
  return text;
}

std::string QuarantineKeyIdText(const QuarantineKeyId& id) {
  std::array<char, kIdHexChars + 1> hex;
  sodium_bin2hex(hex.data(), hex.size(), id.data(), id.size());
  return {hex.data(), kIdHexChars};
}

}  // namespace nymstream
