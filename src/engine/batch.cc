#include "nymstream/batch.h"

namespace nymstream {

void RawBatch::Add(std::string_view bytes, uint64_t offset) {
  RawSegment segment;
  segment.begin = bytes_.size();
  bytes_.Append(bytes);
  segment.end = bytes_.size();
  segment.offset = offset;
  segments_.push_back(segment);
}

void RawBatch::Clear() {
  bytes_.clear();
  segments_.clear();
}

}  // namespace nymstream
