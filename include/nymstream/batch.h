// Raw bytes in, de-identified bytes out: two types that can't be confused.
#ifndef NYMSTREAM_BATCH_H_
#define NYMSTREAM_BATCH_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_buffer.h"
#include "nymstream/verdict.h"

namespace nymstream {

// Bytes that a parser may read beyond the end of a RawBatch.
inline constexpr size_t kRawPadding = 64;

// A run of whole records in a RawBatch: a Kafka record's value, or a chunk of
// a file. Records inside are separated by line ends.
struct RawSegment {
  size_t begin = 0;
  size_t end = 0;
  uint64_t offset = 0;  // Kafka offset, or byte offset of `begin` in its file
  // Bytes of a record that was too long to hold: a segment with any is one
  // record, cut short, which is quarantined as too large with its true size.
  uint64_t dropped_bytes = 0;
};

// Raw, personal bytes. Owned by a source, read by a Deidentifier, accepted by
// no sink. Reused: Clear() keeps memory.
class RawBatch {
 public:
  // Appends `bytes` as one segment, copying.
  void Add(std::string_view bytes, uint64_t offset);
  // For readers that fill memory in place: `size` bytes at the end of the
  // current content; then Commit() what was filled.
  char* Extend(size_t size) { return bytes_.Extend(size); }
  void Shrink(size_t size) { bytes_.Truncate(size); }
  void Commit(RawSegment segment) { segments_.push_back(segment); }
  void Clear();

  // Where the bytes come from, for releases with source coordinates: a file's
  // name, or "topic[partition]".
  std::string source;
  // True if offsets count bytes (a file): a record's own offset is then its
  // segment's plus its distance from the segment's begin.
  bool offsets_are_bytes = true;

 private:
  friend class Deidentifier;
  ByteBuffer bytes_;
  std::vector<RawSegment> segments_;
};

// What quarantine may say of a record: where it is, not what it is.
struct Receipt {
  uint64_t offset = 0;  // as RawSegment::offset
  uint32_t index = 0;   // record within a Kafka value; 0 for files
  uint64_t size = 0;    // bytes of the record
  QuarantineReason reason = QuarantineReason::kNotJson;
};

// De-identified records. Only a Deidentifier makes one; sinks take nothing
// else. Views die when the batch is processed anew or destroyed.
class ReleasedBatch {
 public:
  int releases() const { return static_cast<int>(outputs_.size()); }
  // Records of one release in input order, each ended by '\n'.
  std::string_view bytes(int release) const {
    return outputs_[static_cast<size_t>(release)].bytes.view();
  }
  // End of each record in bytes(), and the segment of the input it came from.
  struct RecordEnd {
    size_t end;
    uint32_t segment;
  };
  std::span<const RecordEnd> records(int release) const {
    return outputs_[static_cast<size_t>(release)].records;
  }
  // In input order.
  std::span<const Receipt> receipts() const { return receipts_; }
  // Sealed records, one per receipt and in its order; empty without a key.
  std::string_view sealed() const { return sealed_.view(); }
  std::span<const size_t> sealed_ends() const { return sealed_ends_; }
  // Indices into Keyring::epochs() of those whose keys were used, each once.
  std::span<const int> key_epochs() const { return key_epochs_; }
  // Of this batch alone.
  const Counters& counters() const { return counters_; }

 private:
  friend class Deidentifier;
  struct Output {
    ByteBuffer bytes;
    std::vector<RecordEnd> records;
  };
  std::vector<Output> outputs_;
  std::vector<Receipt> receipts_;
  ByteBuffer sealed_;
  std::vector<size_t> sealed_ends_;
  std::vector<int> key_epochs_;
  Counters counters_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_BATCH_H_
