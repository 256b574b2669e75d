// What the records of a log have in common: all but their values.
#ifndef NYMSTREAM_RECORD_RECORD_SHAPE_H_
#define NYMSTREAM_RECORD_RECORD_SHAPE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/short_bytes.h"
#include "record/parsed_record.h"

namespace nymstream {

// The text of one valid JSON record around its values, with what a parse made
// of it. Another record that has the same text there, strings where it has
// strings, and as many quotes in all needs no parse: it is valid too, and its
// elements are the same at other places. Only for plain lines (QuoteIndex), in
// which each quote begins or ends a string. One thread per object. Cost: some
// twenty instructions an element; no allocation once it was learnt.
class RecordShape {
 public:
  // Bytes that must be readable behind a record.
  static constexpr size_t kReadAhead = ShortText::kReadAhead;

  // `places`: 0, where the quotes of the record stand, its size. False if the
  // record can't be a shape: two numbers with no quote between them, say.
  bool Learn(const ParsedRecord& record, std::span<const uint32_t> places);

  // Makes the elements of the record at `text`, if it has this shape. `places`
  // as in Learn.
  bool Match(const char* text, std::span<const uint32_t> places,
             ElementList* elements) const;

 private:
  // A place in a record: so many bytes after, or before, one of its places.
  struct Anchor {
    uint32_t place = 0;
    int32_t offset = 0;

    uint32_t In(const uint32_t* places) const {
      return places[place] + static_cast<uint32_t>(offset);
    }
  };
  // A run of the text between two values, before the first or after the last.
  struct Run {
    ShortText first_piece;
    Anchor begin;
    uint32_t size = 0;
    uint32_t more_pieces = 0;  // of more_pieces_, where they begin
    // Of the value before it.
    ElementKind value = ElementKind::kString;
  };
  // The first half of an element: its positions.
  struct Positions {
    std::array<uint32_t, 4> places{};
    std::array<int32_t, 4> offsets{};
  };
  struct Model {
    // The two positions of the name follow each other in `places`, and so do
    // those of the value: where they begin. Not so: see others_.
    uint32_t name_place = 0;
    uint32_t value_place = 0;
    std::array<int32_t, 4> offsets{};
    std::array<char, 16> rest{};  // the second half
  };
  struct OtherModel {
    uint32_t element = 0;
    Positions positions;
  };

  // Finds an anchor for `at`, which lies in [begin, end] of a run or at its
  // end, among the places in [begin, end).
  static bool AnchorFor(uint32_t at, uint32_t begin, uint32_t end,
                        std::span<const uint32_t> places, Anchor* anchor);
  bool LearnRuns(const ParsedRecord& record, std::span<const uint32_t> places);
  bool LearnElements(const ParsedRecord& record,
                     std::span<const uint32_t> places);
  void AddModel(const Element& element, const Positions& positions);
  bool MatchRuns(const char* text, std::span<const uint32_t> places) const;
  bool MatchMore(const Run& run, const char* text) const;
  void AddRun(const ParsedRecord& record, uint32_t begin, uint32_t end);

  size_t places_ = 0;  // of a record; 0: nothing was learnt
  std::vector<Run> runs_;
  std::vector<ShortText> more_pieces_;
  std::vector<Model> models_;
  std::vector<OtherModel> others_;
  // Of the record that was learnt: where its runs begin, and where the places
  // that belong to them end.
  std::vector<uint32_t> begins_;
  std::vector<uint32_t> ends_;
  std::vector<uint32_t> run_of_;  // each of its elements begins in
};

}  // namespace nymstream

#endif  // NYMSTREAM_RECORD_RECORD_SHAPE_H_
