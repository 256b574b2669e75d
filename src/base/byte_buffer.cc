#include "base/byte_buffer.h"

#include <algorithm>

namespace nymstream {

void ByteBuffer::Reserve(size_t capacity) {
  if (data_ != nullptr && capacity <= capacity_) return;
  const size_t grown = std::max({capacity, capacity_ * 2, size_t{64}});
  char* data = static_cast<char*>(std::realloc(data_, grown));
  NYM_CHECK(data != nullptr);
  data_ = data;
  capacity_ = grown;
}

}  // namespace nymstream
