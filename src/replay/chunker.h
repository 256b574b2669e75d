// Cuts a stream of lines into batches of whole records.
#ifndef NYMSTREAM_REPLAY_CHUNKER_H_
#define NYMSTREAM_REPLAY_CHUNKER_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "base/byte_buffer.h"
#include "nymstream/batch.h"
#include "replay/byte_source.h"

namespace nymstream {

struct ChunkLimits {
  size_t chunk_bytes = 1 << 20;         // read at once
  uint64_t record_bytes_max = 1 << 20;  // limits.record_bytes_max
  // Records in a chunk: each may cost a receipt and an envelope.
  size_t records_max = 16384;
};

// A record ends at '\n' or at the end of the stream. One that is longer than
// record_bytes_max by more than a '\r' becomes a segment of its own: its first
// record_bytes_max bytes and a count of those dropped. A byte order mark at
// offset 0 belongs to no record. What Deidentifiers make of the batches does
// not depend on how the stream was cut.
//
// One thread per object. Cost: a partial record at the end of a chunk is copied
// into the next one; nothing else is. Memory: one chunk and one record.
class Chunker {
 public:
  // `source` is borrowed and stands at byte `offset` of the stream, where a
  // record begins.
  Chunker(ByteSource* source, const ChunkLimits& limits, uint64_t offset)
      : source_(source), limits_(limits), offset_(offset) {}

  // Replaces the content of `batch`, but for its source. False at the end of
  // the stream; then `batch` is empty.
  absl::StatusOr<bool> Next(RawBatch* batch);

  // Where the record after the last batch begins.
  uint64_t offset() const { return offset_; }

 private:
  // The bytes of the batch in hand; `data` moves when it grows.
  struct Filling {
    RawBatch* batch;
    char* data = nullptr;
    size_t size = 0;
    size_t capacity = 0;
    size_t mark = 0;  // bytes of a byte order mark at the start
  };

  absl::Status Fill(Filling* filling);
  void Grow(size_t capacity, Filling* filling) const;
  // End of the last whole record of at most records_max; 0 if there is none.
  size_t RecordsEnd(const Filling& filling) const;
  bool IsOverLong(const Filling& filling) const;
  absl::Status CutOverLong(const Filling& filling);
  void Commit(const Filling& filling, size_t end);

  ByteSource* source_;
  ChunkLimits limits_;
  uint64_t offset_;
  ByteBuffer carry_;  // read, but in no batch yet
  bool ended_ = false;
};

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_CHUNKER_H_
