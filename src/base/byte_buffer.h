// A growable run of bytes that keeps its memory when cleared.
#ifndef NYMSTREAM_BASE_BYTE_BUFFER_H_
#define NYMSTREAM_BASE_BYTE_BUFFER_H_

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace nymstream {

// Views from view() and pointers from Extend() die at the next call that adds
// bytes. One thread per object. Cost: amortised; no allocation once the
// capacity has been reached. New bytes are not zeroed.
class ByteBuffer {
 public:
  ByteBuffer() = default;
  explicit ByteBuffer(size_t capacity) { Reserve(capacity); }
  ~ByteBuffer() { std::free(data_); }
  ByteBuffer(const ByteBuffer&) = delete;
  ByteBuffer& operator=(const ByteBuffer&) = delete;
  ByteBuffer(ByteBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  ByteBuffer& operator=(ByteBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }

  // Appends; `bytes` must not point into this buffer.
  void Append(std::string_view bytes) {
    std::memcpy(Extend(bytes.size()), bytes.data(), bytes.size());
  }
  void Append(char byte) { *Extend(1) = byte; }

  // Adds `size` bytes with no defined content and returns where they begin.
  char* Extend(size_t size) {
    if (capacity_ - size_ < size || data_ == nullptr) [[unlikely]] {
      Reserve(size_ + size);
    }
    char* begin = data_ + size_;
    size_ += size;
    return begin;
  }

  // Makes room for `capacity` bytes in all. Aborts when memory is exhausted.
  void Reserve(size_t capacity);

  void Truncate(size_t size) {
    NYM_CHECK(size <= size_);
    size_ = size;
  }
  void clear() { size_ = 0; }

  char* data() { return data_; }
  const char* data() const { return data_; }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }
  std::string_view view() const { return {data_, size_}; }

 private:
  char* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_BASE_BYTE_BUFFER_H_
