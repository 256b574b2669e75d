#include "quarantine/envelope_layout.h"

namespace nymstream {
namespace {

constexpr size_t kOffsetAt = 0;   // 8
constexpr size_t kIndexAt = 8;    // 4
constexpr size_t kSizeAt = 12;    // 8
constexpr size_t kReasonAt = 20;  // 1
static_assert(kReceiptAt + kReasonAt + 1 == kCiphertextAt);

}  // namespace

void WriteNumber(uint64_t number, size_t bytes, unsigned char* to) {
  for (size_t i = 0; i < bytes; ++i) {
    to[i] = static_cast<unsigned char>(number >> (8 * i));
  }
}

uint64_t ReadNumber(const unsigned char* from, size_t bytes) {
  uint64_t number = 0;
  for (size_t i = bytes; i > 0; --i) number = number << 8 | from[i - 1];
  return number;
}

void WriteReceipt(const Receipt& receipt, unsigned char* to) {
  WriteNumber(receipt.offset, 8, to + kOffsetAt);
  WriteNumber(receipt.index, 4, to + kIndexAt);
  WriteNumber(receipt.size, 8, to + kSizeAt);
  to[kReasonAt] = static_cast<unsigned char>(receipt.reason);
}

bool ReadReceipt(const unsigned char* from, Receipt* receipt) {
  receipt->offset = ReadNumber(from + kOffsetAt, 8);
  receipt->index = static_cast<uint32_t>(ReadNumber(from + kIndexAt, 4));
  receipt->size = ReadNumber(from + kSizeAt, 8);
  if (from[kReasonAt] >= kQuarantineReasonCount) return false;
  receipt->reason = static_cast<QuarantineReason>(from[kReasonAt]);
  return true;
}

}  // namespace nymstream
