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
  // Of what travels beside these records; see RawBatch::AddCarrier.
  uint32_t carriers_begin = 0;
  uint32_t carriers_end = 0;
  // No record at all, but the deletion of a Kafka key, at this time.
  bool tombstone = false;
  int64_t tombstone_unix_seconds = 0;
};

// A value beside the records of a segment: the key of a Kafka record, a header.
struct RawCarrier {
  int32_t field = 0;  // index into Plan::fields; kUnclassifiedCarrier
  size_t begin = 0;
  size_t end = 0;
};
// The key where nobody classified it: it never leaves, and what it holds is
// looked for in the records beside it.
inline constexpr int32_t kUnclassifiedCarrier = -1;

// Raw, personal bytes. Owned by a source, read by a Deidentifier, accepted by
// no sink. Reused: Clear() keeps memory.
class RawBatch {
 public:
  // Adds a value beside the records of the next segment, copying.
  void AddCarrier(int32_t field, std::string_view bytes);
  // Appends `bytes` as one segment, copying, with the carriers added before.
  void Add(std::string_view bytes, uint64_t offset);
  // Appends a tombstone with the carriers added before. The key epoch is that
  // of `unix_seconds`.
  void AddTombstone(int64_t unix_seconds, uint64_t offset);
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
  RawSegment NextSegment(size_t begin, uint64_t offset);

  ByteBuffer bytes_;
  std::vector<RawSegment> segments_;
  std::vector<RawCarrier> carriers_;
  uint32_t carriers_taken_ = 0;  // belong to segments
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
  // End of each record in bytes() (its line end included), the segment of the
  // input it came from, and the end of its values in carriers().
  struct RecordEnd {
    size_t end;
    uint32_t segment;
    uint32_t carriers_end;
    bool tombstone;  // no bytes; leaves only with the key that it deletes
  };
  std::span<const RecordEnd> records(int release) const {
    return outputs_[static_cast<size_t>(release)].records;
  }
  // Records in each segment of the input.
  std::span<const uint32_t> segment_records() const { return segment_records_; }
  // What leaves beside the records of a release: keys and headers, treated.
  struct Carrier {
    int32_t field;  // index into Plan::fields
    size_t begin;
    size_t end;  // in carrier_bytes()
  };
  std::span<const Carrier> carriers(int release) const {
    return outputs_[static_cast<size_t>(release)].carriers;
  }
  std::string_view carrier_bytes(int release) const {
    return outputs_[static_cast<size_t>(release)].carrier_bytes.view();
  }
  // In input order.
  std::span<const Receipt> receipts() const { return receipts_; }
  // Segments of the receipts' records, parallel to them.
  std::span<const uint32_t> receipt_segments() const {
    return receipt_segments_;
  }
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
    ByteBuffer carrier_bytes;
    std::vector<Carrier> carriers;
  };
  std::vector<Output> outputs_;
  std::vector<uint32_t> segment_records_;
  std::vector<Receipt> receipts_;
  std::vector<uint32_t> receipt_segments_;
  ByteBuffer sealed_;
  std::vector<size_t> sealed_ends_;
  std::vector<int> key_epochs_;
  Counters counters_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_BATCH_H_
