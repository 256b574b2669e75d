#include "secret/prefix_cipher.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "base/check.h"

namespace nymstream {
namespace {

constexpr size_t kAddressBytes = 16;
constexpr size_t kAddressBits = 8 * kAddressBytes;
constexpr size_t kAesKeyBytes = 16;
constexpr std::array<unsigned char, 12> kIpv4Prefix = {0, 0, 0, 0, 0,    0,
                                                       0, 0, 0, 0, 0xff, 0xff};

using Block = std::array<unsigned char, kAddressBytes>;
using Blocks = std::array<Block, kAddressBits>;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const {
    EVP_CIPHER_CTX_free(context);
  }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

Context MakeAes(const unsigned char* key) {
  Context context(EVP_CIPHER_CTX_new());
  if (context == nullptr ||
      EVP_EncryptInit_ex(context.get(), EVP_aes_128_ecb(), nullptr, key,
                         nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1) {
    return nullptr;
  }
  return context;
}

void EncryptBlocks(EVP_CIPHER_CTX* context, const Block* in, size_t count,
                   Block* out) {
  const int size = static_cast<int>(count * kAddressBytes);
  int written = 0;
  NYM_CHECK(EVP_EncryptUpdate(context, out->data(), &written, in->data(),
                              size) == 1 &&
            written == size);
}

unsigned BitAt(const unsigned char* bytes, size_t index) {
  return unsigned{bytes[index / 8]} >> (7 - index % 8) & 1U;
}

// The first `prefix_bits` of `address`, with a one bit before them, as the low
// bits of a block.
Block PaddedPrefix(const unsigned char* address, size_t prefix_bits) {
  Block block{};
  const size_t begin = kAddressBits - prefix_bits;  // bit where they now begin
  for (size_t i = 0; i < prefix_bits; ++i) {
    const size_t at = begin + i;
    block[at / 8] = static_cast<unsigned char>(
        block[at / 8] | BitAt(address, i) << (7 - at % 8));
  }
  block[(begin - 1) / 8] = static_cast<unsigned char>(
      block[(begin - 1) / 8] | 1U << (7 - (begin - 1) % 8));
  return block;
}

// `block` for a prefix that is one bit longer.
Block Longer(const Block& block, unsigned bit) {
  Block longer;
  for (size_t i = 0; i < kAddressBytes; ++i) {
    const unsigned next = i + 1 < kAddressBytes ? block[i + 1] >> 7 : bit;
    longer[i] = static_cast<unsigned char>(unsigned{block[i]} << 1 | next);
  }
  return longer;
}

}  // namespace

struct PrefixCipher::Ciphers {
  Context first;
  Context second;
};

PrefixCipher::PrefixCipher(std::unique_ptr<Ciphers> ciphers)
    : ciphers_(std::move(ciphers)) {}
PrefixCipher::PrefixCipher(PrefixCipher&&) noexcept = default;
PrefixCipher& PrefixCipher::operator=(PrefixCipher&&) noexcept = default;
PrefixCipher::~PrefixCipher() = default;

absl::StatusOr<PrefixCipher> PrefixCipher::Create(
    std::span<const unsigned char, 32> key) {
  if (sodium_memcmp(key.data(), key.data() + kAesKeyBytes, kAesKeyBytes) == 0) {
    return absl::InvalidArgumentError(
        "the two halves of an ipcrypt-pfx key must differ");
  }
  auto ciphers = std::make_unique<Ciphers>();
  ciphers->first = MakeAes(key.data());
  ciphers->second = MakeAes(key.data() + kAesKeyBytes);
  if (ciphers->first == nullptr || ciphers->second == nullptr) {
    return absl::ResourceExhaustedError("OpenSSL can't prepare AES-128");
  }
  return PrefixCipher(std::move(ciphers));
}

void PrefixCipher::Encrypt(std::span<const unsigned char, 16> address,
                           std::span<unsigned char, 16> out) const {
  const bool ipv4 =
      std::equal(kIpv4Prefix.begin(), kIpv4Prefix.end(), address.begin());
  const size_t begin = ipv4 ? 8 * kIpv4Prefix.size() : 0;
  const size_t count = kAddressBits - begin;
  // Every prefix is known beforehand, so that AES runs over all of them at
  // once.
  Blocks prefixes;
  prefixes[0] = PaddedPrefix(address.data(), begin);
  for (size_t i = 1; i < count; ++i) {
    prefixes[i] = Longer(prefixes[i - 1], BitAt(address.data(), begin + i - 1));
  }
  Blocks first;
  Blocks second;
  EncryptBlocks(ciphers_->first.get(), prefixes.data(), count, first.data());
  EncryptBlocks(ciphers_->second.get(), prefixes.data(), count, second.data());

  Block result{};
  if (ipv4) std::copy(kIpv4Prefix.begin(), kIpv4Prefix.end(), result.begin());
  for (size_t i = 0; i < count; ++i) {
    const size_t at = begin + i;
    const unsigned pad = (first[i].back() ^ second[i].back()) & 1U;
    result[at / 8] = static_cast<unsigned char>(
        result[at / 8] | (BitAt(address.data(), at) ^ pad) << (7 - at % 8));
  }
  std::copy(result.begin(), result.end(), out.begin());
}

}  // namespace nymstream
