#include "base/arena.h"

#include <algorithm>

namespace nymstream {

void Arena::AddBlock(size_t size) {
  const size_t bytes = std::max(size, block_bytes_);
  blocks_.push_back(std::make_unique_for_overwrite<char[]>(bytes + kReadAhead));
  total_bytes_ += bytes;
  next_ = blocks_.back().get();
  left_ = bytes;
}

void Arena::Join() {
  const size_t bytes = total_bytes_;
  blocks_.clear();
  total_bytes_ = 0;
  next_ = nullptr;
  left_ = 0;
  if (bytes > 0) AddBlock(bytes);
}

}  // namespace nymstream
