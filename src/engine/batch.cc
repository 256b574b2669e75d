#include "nymstream/batch.h"

namespace nymstream {

void RawBatch::AddCarrier(int32_t field, std::string_view bytes) {
  const size_t begin = bytes_.size();
  bytes_.Append(bytes);
  carriers_.push_back({field, begin, bytes_.size()});
}

RawSegment RawBatch::NextSegment(size_t begin, uint64_t offset) {
  RawSegment segment;
  segment.begin = begin;
  segment.end = bytes_.size();
  segment.offset = offset;
  segment.carriers_begin = carriers_taken_;
  carriers_taken_ = static_cast<uint32_t>(carriers_.size());
  segment.carriers_end = carriers_taken_;
  return segment;
}

void RawBatch::Add(std::string_view bytes, uint64_t offset) {
  const size_t begin = bytes_.size();
  bytes_.Append(bytes);
  segments_.push_back(NextSegment(begin, offset));
}

void RawBatch::AddTombstone(int64_t unix_seconds, uint64_t offset) {
  segments_.push_back(NextSegment(bytes_.size(), offset));
  segments_.back().tombstone = true;
  segments_.back().tombstone_unix_seconds = unix_seconds;
}

void RawBatch::Clear() {
  bytes_.clear();
  segments_.clear();
  carriers_.clear();
  carriers_taken_ = 0;
}

}  // namespace nymstream
