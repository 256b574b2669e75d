#include "replay/chunker.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/status_macros.h"

namespace nymstream {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
// More than a byte order mark and a line end.
constexpr size_t kSlack = 8;
constexpr size_t kDropBytes = 64 << 10;

bool IsBlank(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
}

}  // namespace

absl::StatusOr<bool> Chunker::Next(RawBatch* batch) {
  batch->Clear();
  Filling filling{batch};
  // A carry that holds whole records leaves little room, so that it is used up
  // without being copied over and over for a few new bytes.
  Grow(std::max(limits_.chunk_bytes, carry_.size()), &filling);
  if (!carry_.empty()) {
    std::memcpy(filling.data, carry_.data(), carry_.size());
  }
  filling.size = carry_.size();
  carry_.clear();
  while (true) {
    NYM_RETURN_IF_ERROR(Fill(&filling));
    if (offset_ == 0 && filling.mark == 0 &&
        std::string_view(filling.data, filling.size)
            .starts_with(kByteOrderMark)) {
      filling.mark = kByteOrderMark.size();
    }
    const size_t end = RecordsEnd(filling);
    if (end > 0 || ended_) {
      Commit(filling, end > 0 ? end : filling.size);
      return filling.size > 0;
    }
    if (IsOverLong(filling)) {
      NYM_RETURN_IF_ERROR(CutOverLong(filling));
      return true;
    }
    Grow(std::min(filling.capacity * 2,
                  limits_.record_bytes_max + limits_.chunk_bytes + kSlack),
         &filling);
  }
}

void Chunker::Grow(size_t capacity, Filling* filling) const {
  // Extend() points to the bytes it adds; those of an empty batch are all of
  // them, and what was there stays.
  filling->batch->Shrink(0);
  filling->data = filling->batch->Extend(capacity + kRawPadding);
  filling->batch->Shrink(capacity);
  filling->capacity = capacity;
}

absl::Status Chunker::Fill(Filling* filling) {
  while (!ended_ && filling->size < filling->capacity) {
    NYM_ASSIGN_OR_RETURN(const size_t got,
                         source_->Read(filling->data + filling->size,
                                       filling->capacity - filling->size));
    ended_ = got == 0;
    filling->size += got;
  }
  return absl::OkStatus();
}

size_t Chunker::RecordsEnd(const Filling& filling) const {
  const std::string_view bytes(filling.data, filling.size);
  size_t end = filling.mark;
  for (size_t records = 0; records < limits_.records_max; ++records) {
    const size_t found = bytes.find('\n', end);
    if (found == std::string_view::npos) {
      // At the end of the stream, the last record needs no line end.
      if (ended_) end = bytes.size();
      break;
    }
    end = found + 1;
  }
  return end == filling.mark ? 0 : end;
}

bool Chunker::IsOverLong(const Filling& filling) const {
  return filling.size - filling.mark > limits_.record_bytes_max + 1;
}

void Chunker::Commit(const Filling& filling, size_t end) {
  carry_.Append({filling.data + end, filling.size - end});
  filling.batch->Shrink(end);
  if (end > filling.mark) {
    filling.batch->Commit({filling.mark, end, offset_ + filling.mark});
  }
  offset_ += end;
}

absl::Status Chunker::CutOverLong(const Filling& filling) {
  const std::string_view held =
      std::string_view(filling.data, filling.size).substr(filling.mark);
  uint64_t size = held.size();
  bool blank = IsBlank(held);
  char last = held.back();
  bool has_line_end = false;
  char block[kDropBytes];
  while (!has_line_end && !ended_) {
    NYM_ASSIGN_OR_RETURN(const size_t got, source_->Read(block, sizeof(block)));
    ended_ = got == 0;
    const std::string_view bytes(block, got);
    const size_t end = std::min(bytes.find('\n'), bytes.size());
    has_line_end = end < bytes.size();
    size += end;
    blank = blank && IsBlank(bytes.substr(0, end));
    if (end > 0) last = bytes[end - 1];
    if (has_line_end) carry_.Append(bytes.substr(end + 1));
  }
  const uint64_t begin = offset_ + filling.mark;
  offset_ = begin + size + (has_line_end ? 1 : 0);
  if (last == '\r') --size;
  const uint64_t kept = limits_.record_bytes_max;
  filling.batch->Shrink(filling.mark + kept);
  // A blank line is no record, however long.
  filling.batch->Commit(
      {filling.mark, filling.mark + kept, begin, blank ? 0 : size - kept});
  return absl::OkStatus();
}

}  // namespace nymstream
