// The shapes of the last records, and which of them a record has.
#ifndef NYMSTREAM_RECORD_KNOWN_SHAPES_H_
#define NYMSTREAM_RECORD_KNOWN_SHAPES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "record/parsed_record.h"
#include "record/quote_index.h"
#include "record/record_shape.h"

namespace nymstream {

// Remembers the shapes of records that were parsed, so that others like them
// need no parse. Bounds what that costs where few records are alike. One thread
// per object. Cost: some forty instructions an element of a record with a known
// shape; no allocation once as many shapes were learnt as are kept.
class KnownShapes {
 public:
  KnownShapes();

  // Makes `record` of the one at the beginning of `text`, if its shape is
  // known. Returns its size, up to a control character or the end of `text`,
  // else 0. kRawPadding bytes after `text` must be readable.
  size_t Match(std::string_view text, ParsedRecord* record);

  // True once if the last Match() was of a plain line at `text` whose shape is
  // not known. Learn() is for such a record only, as soon as it is parsed.
  bool TakeUnknown(std::string_view text);
  void Learn(const ParsedRecord& record);

 private:
  // More shapes take each other's place.
  static constexpr size_t kShapesMax = 8;
  static constexpr uint32_t kQuotesMax = 512;
  static constexpr uint32_t kBytesMax = 16 * 1024;
  // Elements that may be learnt at once, and the share of those that are not
  // alike.
  static constexpr size_t kLearnableMax = 2048;
  static constexpr size_t kLearntShare = 16;

  struct KnownShape {
    RecordShape shape;
    uint64_t name = 0;  // see ParsedRecord::shape
  };

  void AllowToLearn(size_t elements) {
    learnable_ = std::min(learnable_ + elements, kLearnableMax);
  }
  // Where few records are alike, only some are tried.
  void NoteMiss();

  QuoteIndexFunction index_quotes_;
  std::vector<uint32_t> places_;  // see RecordShape
  size_t place_count_ = 0;
  const char* unknown_ = nullptr;  // record of no shape that places_ are of
  std::vector<KnownShape> shapes_;
  uint64_t learnt_ = 0;  // shapes so far
  size_t last_ = 0;      // that a record had
  size_t next_ = 0;      // that is replaced
  uint32_t misses_ = 0;  // in turn
  uint32_t untried_ = 0;
  // Elements that may yet be learnt, which costs more than to parse them: no
  // more than come in records that are alike, and a share of all others.
  size_t learnable_ = kLearnableMax;
};

}  // namespace nymstream

#endif  // NYMSTREAM_RECORD_KNOWN_SHAPES_H_
