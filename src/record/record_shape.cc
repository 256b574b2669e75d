#include "record/record_shape.h"

#include <emmintrin.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "nymstream/batch.h"
#include "record/json_text.h"

namespace nymstream {
namespace {

// True if the `size` bytes at `text` are such a value, no string.
inline bool IsBareValue(ElementKind kind, const char* text, size_t size) {
  switch (kind) {
    case ElementKind::kNumber:
      return IsJsonNumberAt(text, size);
    case ElementKind::kNull:
      return std::string_view(text, size) == "null";
    default:
      return std::string_view(text, size) == "true" ||
             std::string_view(text, size) == "false";
  }
}

}  // namespace

bool RecordShape::AnchorFor(uint32_t at, uint32_t begin, uint32_t end,
                            std::span<const uint32_t> places, Anchor* anchor) {
  // The last one up to `at`, else the first one after it.
  auto place =
      std::upper_bound(places.begin(), places.end(), std::min(at, end - 1));
  if (place != places.begin() && *(place - 1) >= begin) --place;
  if (place == places.end() || *place < begin || *place >= end) return false;
  anchor->place = static_cast<uint32_t>(place - places.begin());
  anchor->offset = static_cast<int32_t>(at - *place);
  return true;
}

void RecordShape::AddRun(const ParsedRecord& record, uint32_t begin,
                         uint32_t end) {
  Run& run = runs_.emplace_back();
  run.size = end - begin;
  run.more_pieces = static_cast<uint32_t>(more_pieces_.size());
  begins_.push_back(begin);
  ends_.push_back(end);
  constexpr uint32_t kPiece = ShortText::kReadAhead;
  const auto piece = [&](uint32_t at) {
    return ShortText(record.text.substr(at, std::min(end - at, kPiece)));
  };
  run.first_piece = piece(begin);
  for (uint32_t at = begin + kPiece; at < end; at += kPiece) {
    more_pieces_.push_back(piece(at));
  }
}

bool RecordShape::LearnRuns(const ParsedRecord& record,
                            std::span<const uint32_t> places) {
  runs_.clear();
  more_pieces_.clear();
  begins_.clear();
  ends_.clear();
  run_of_.clear();
  uint32_t begin = 0;
  ElementKind value = ElementKind::kString;
  const auto add = [&](uint32_t end) {
    AddRun(record, begin, end);
    runs_.back().value = value;
  };
  for (const Element& element : record.elements) {
    run_of_.push_back(static_cast<uint32_t>(runs_.size()));
    if (!IsScalar(element.kind)) continue;
    add(element.begin);
    begin = element.end;
    value = element.kind;
  }
  add(static_cast<uint32_t>(record.text.size()));
  // The end of the record is one of its places.
  ++ends_.back();
  for (size_t i = 0; i < runs_.size(); ++i) {
    if (!AnchorFor(begins_[i], begins_[i], ends_[i], places, &runs_[i].begin)) {
      return false;
    }
  }
  return true;
}

bool RecordShape::LearnElements(const ParsedRecord& record,
                                std::span<const uint32_t> places) {
  models_.clear();
  others_.clear();
  for (size_t index = 0; index < record.elements.size(); ++index) {
    const Element& element = record.elements[index];
    const uint32_t run = run_of_[index];
    uint32_t last_run = run;  // that it ends in
    if (IsScalar(element.kind)) {
      ++last_run;
    } else if (IsBegin(element.kind)) {
      last_run = run_of_[element.partner];
    }
    const std::array<uint32_t, 4> at = {element.key_begin, element.key_end,
                                        element.begin, element.end};
    Positions positions;
    for (size_t i = 0; i < at.size(); ++i) {
      const size_t in = i == 3 ? last_run : run;
      Anchor anchor;
      if (!AnchorFor(at[i], begins_[in], ends_[in], places, &anchor)) {
        return false;
      }
      positions.places[i] = anchor.place;
      positions.offsets[i] = anchor.offset;
    }
    AddModel(element, positions);
  }
  return true;
}

void RecordShape::AddModel(const Element& element, const Positions& positions) {
  const auto& places = positions.places;
  Model& model = models_.emplace_back();
  static_assert(sizeof element == 2 * sizeof model.rest);
  std::memcpy(model.rest.data(),
              reinterpret_cast<const char*>(&element) + sizeof model.rest,
              sizeof model.rest);
  if (places[1] == places[0] + 1 && places[3] == places[2] + 1) {
    model.name_place = places[0];
    model.value_place = places[2];
    model.offsets = positions.offsets;
  } else {
    others_.push_back({static_cast<uint32_t>(models_.size() - 1), positions});
  }
}

bool RecordShape::Learn(const ParsedRecord& record,
                        std::span<const uint32_t> places) {
  const bool learnt =
      LearnRuns(record, places) && LearnElements(record, places);
  places_ = learnt ? places.size() : 0;
  return learnt;
}

bool RecordShape::MatchMore(const Run& run, const char* text) const {
  constexpr uint32_t kPiece = ShortText::kReadAhead;
  const ShortText* piece = more_pieces_.data() + run.more_pieces;
  for (uint32_t at = kPiece; at < run.size; at += kPiece) {
    if (!piece->StandsAt(text + at)) return false;
    ++piece;
  }
  return true;
}

// All quotes of the record are among its places, and as many of them are in the
// runs: so if all runs match, each at its place, nothing is between them but
// values without quotes.
inline bool RecordShape::MatchRuns(const char* text,
                                   std::span<const uint32_t> places) const {
  static_assert(kReadAhead <= kRawPadding && kNumberReadAhead <= kRawPadding);
  const uint32_t size = places.back();
  uint32_t end = 0;  // of the run before
  for (const Run& run : runs_) {
    const uint32_t begin = run.begin.In(places.data());
    if (run.value != ElementKind::kString &&
        (begin <= end || begin > size ||
         !IsBareValue(run.value, text + end, begin - end))) {
      return false;
    }
    if (!run.first_piece.StandsAt(text + begin)) return false;
    end = begin + run.size;
    if (run.size > ShortText::kReadAhead &&
        (end > size || !MatchMore(run, text + begin))) {
      return false;
    }
  }
  return end == size;
}

bool RecordShape::Match(const char* text, std::span<const uint32_t> places,
                        ElementList* elements) const {
  if (places.size() != places_ || !MatchRuns(text, places)) return false;
  const uint32_t* const at = places.data();
  elements->Start(models_.size());
  Element* const first = elements->Next();
  Element* element = first;
  for (const Model& model : models_) {
    const auto load = [](const void* from) {
      return _mm_loadu_si128(static_cast<const __m128i*>(from));
    };
    const auto pair = [&](uint32_t place) {
      return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(at + place));
    };
    const __m128i anchors =
        _mm_unpacklo_epi64(pair(model.name_place), pair(model.value_place));
    auto* const to = reinterpret_cast<__m128i*>(element++);
    _mm_storeu_si128(to, _mm_add_epi32(anchors, load(model.offsets.data())));
    _mm_storeu_si128(to + 1, load(model.rest.data()));
  }
  for (const OtherModel& other : others_) {
    const auto position = [&](size_t i) {
      const Positions& positions = other.positions;
      return Anchor{positions.places[i], positions.offsets[i]}.In(at);
    };
    Element& placed = first[other.element];
    placed.key_begin = position(0);
    placed.key_end = position(1);
    placed.begin = position(2);
    placed.end = position(3);
  }
  elements->Grow(element);
  return true;
}

}  // namespace nymstream
