#include "record/known_shapes.h"

#include <span>
#include <utility>

#include "nymstream/batch.h"

namespace nymstream {

KnownShapes::KnownShapes()
    : index_quotes_(QuoteIndexers().front().function),
      places_(2 + kQuotesMax + kQuoteIndexBlock) {
  static_assert(kQuoteIndexBlock <= kRawPadding);
  shapes_.reserve(kShapesMax);
}

size_t KnownShapes::Match(std::string_view text, ParsedRecord* record) {
  unknown_ = nullptr;
  if (untried_ > 0) {
    --untried_;
    return 0;
  }
  const auto limit =
      static_cast<uint32_t>(std::min<size_t>(text.size(), kBytesMax));
  const QuoteIndex index =
      index_quotes_(text.data(), limit, kQuotesMax, places_.data() + 1);
  const bool whole = index.end < limit || limit == text.size();
  if (index.plain && whole) {
    place_count_ = index.quotes + 2;
    places_[index.quotes + 1] = index.end;
    const std::span<const uint32_t> places(places_.data(), place_count_);
    for (size_t i = 0; i < shapes_.size(); ++i) {
      const size_t at = (last_ + i) % shapes_.size();
      const KnownShape& known = shapes_[at];
      if (!known.shape.Match(text.data(), places, &record->elements)) continue;
      last_ = at;
      misses_ = 0;
      AllowToLearn(record->elements.size());
      record->text = text.substr(0, index.end);
      record->shape = known.name;
      return index.end;
    }
    unknown_ = text.data();
  }
  NoteMiss();
  return 0;
}

void KnownShapes::NoteMiss() {
  constexpr uint32_t kMissesFree = 2 * kShapesMax;
  constexpr uint32_t kUntriedLogMax = 6;
  if (++misses_ > kMissesFree) {
    untried_ = 1U << std::min(misses_ - kMissesFree, kUntriedLogMax);
  }
}

bool KnownShapes::TakeUnknown(std::string_view text) {
  return std::exchange(unknown_, nullptr) == text.data();
}

void KnownShapes::Learn(const ParsedRecord& record) {
  const std::span<const uint32_t> places(places_.data(), place_count_);
  if (places.back() != record.text.size()) return;
  const size_t elements = record.elements.size();
  if (elements > learnable_) {
    AllowToLearn(elements / kLearntShare + 1);
    return;
  }
  learnable_ -= elements;
  if (next_ == shapes_.size()) shapes_.emplace_back();
  KnownShape& known = shapes_[next_];
  known.name = ++learnt_;
  if (!known.shape.Learn(record, places)) return;
  last_ = next_;
  next_ = (next_ + 1) % kShapesMax;
}

}  // namespace nymstream
