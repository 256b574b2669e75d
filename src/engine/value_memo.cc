#include "engine/value_memo.h"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <memory>
#include <new>

#include "engine/guard_candidates.h"

namespace nymstream {
namespace {

// Lays objects out one after another, and then texts.
class Packer {
 public:
  explicit Packer(char* begin) : next_(begin) {}

  template <typename T>
  T* Copy(std::span<const T> objects) {
    T* const begin = reinterpret_cast<T*>(next_);
    std::uninitialized_copy(objects.begin(), objects.end(), begin);
    next_ += ValueMemo::Entry::RoomOf(objects.size_bytes());
    return begin;
  }
  std::string_view CopyText(std::string_view text) {
    char* const begin = next_;
    next_ = std::copy(text.begin(), text.end(), begin);
    return {begin, text.size()};
  }

 private:
  char* next_;
};

bool LiesIn(std::string_view raw, std::string_view view) {
  return view.data() >= raw.data() &&
         view.data() + view.size() <= raw.data() + raw.size();
}

// Bytes of what results and candidates refer to, beside the raw value.
size_t BytesBeside(std::string_view raw, std::span<const Result> results,
                   std::span<const Candidate> candidates) {
  size_t bytes = 0;
  const PieceFacts* facts = nullptr;
  for (const Result& result : results) {
    bytes += result.text.size() +
             ValueMemo::Entry::RoomOf(result.cuts().size_bytes());
    if (result.facts == nullptr || result.facts == facts) continue;
    facts = result.facts;
    bytes += sizeof(PieceFacts) +
             ValueMemo::Entry::RoomOf(facts->windows().size_bytes());
  }
  for (const Candidate& candidate : candidates) {
    if (!LiesIn(raw, candidate.value)) bytes += candidate.value.size();
  }
  return bytes;
}

// Copies what the results and candidates refer to.
void CopyReferences(std::string_view raw, const char* raw_copy,
                    std::span<Result> results, std::span<Candidate> candidates,
                    Packer* packer) {
  // Variants often share their facts.
  const PieceFacts* facts = nullptr;
  const PieceFacts* facts_copy = nullptr;
  for (Result& result : results) {
    result.SetCuts({packer->Copy(result.cuts()), result.cut_count});
    if (result.facts == nullptr) continue;
    if (result.facts != facts) {
      facts = result.facts;
      PieceFacts* const copy = packer->Copy(std::span(facts, 1));
      copy->SetWindows({packer->Copy(facts->windows()), facts->window_count});
      facts_copy = copy;
    }
    result.facts = facts_copy;
  }
  for (Result& result : results) result.text = packer->CopyText(result.text);
  for (Candidate& candidate : candidates) {
    MakeMarks(&candidate);
    candidate.value =
        LiesIn(raw, candidate.value)
            ? std::string_view(raw_copy + (candidate.value.data() - raw.data()),
                               candidate.value.size())
            : packer->CopyText(candidate.value);
  }
}

}  // namespace

ValueMemo::Doorkeeper::Doorkeeper(size_t values) : per_generation_(values) {
  constexpr size_t kBitsPerValue = 8;
  bits_.resize(std::bit_ceil(values * kBitsPerValue / 64 + 1));
}

bool ValueMemo::Doorkeeper::SeenBefore(uint64_t hash) {
  std::array<uint64_t, 2>& word = bits_[WordOf(hash)];
  const uint64_t mask = uint64_t{1} << (hash >> 16 & 63);
  const bool seen = ((word[0] | word[1]) & mask) != 0;
  word[current_] |= mask;
  if (!seen && ++added_ == per_generation_) {
    added_ = 0;
    current_ = 1 - current_;
    for (std::array<uint64_t, 2>& each : bits_) each[current_] = 0;
  }
  return seen;
}

ValueMemo::ValueMemo(size_t bytes)
    : sets_memory_(
          std::max(bytes / (kSetBytes + sizeof(Set) + kWays), size_t{1}) *
          sizeof(Set)),
      sets_(reinterpret_cast<Set*>(sets_memory_.data()),
            sets_memory_.size() / sizeof(Set)),
      lines_(sets_.size()),
      entries_(sets_.size() * kSetBytes + kReadAhead),
      doorkeeper_(sets_.size() * kWays),
      inserts_per_tick_(
          std::max(2 * sets_.size() * kWays / kTicks, size_t{1})) {
  // Sizes and counts of Entry and Set.
  static_assert(kEntryBytesMax <= std::numeric_limits<uint16_t>::max() &&
                kEntryBytesMax / sizeof(Candidate) <=
                    std::numeric_limits<uint8_t>::max() &&
                sizeof(Set) == kLineBytes);
  std::uninitialized_value_construct(sets_.begin(), sets_.end());
}

// Sets that never had an entry are left alone: to wipe them would make the
// kernel find memory for them first.
ValueMemo::~ValueMemo() {
  for (size_t set = 0; set < sets_.size(); ++set) {
    const std::array<uint8_t, kWays>& lines = lines_[set];
    if (std::any_of(lines.begin(), lines.end(),
                    [](uint8_t count) { return count != 0; })) {
      sodium_memzero(entries_.data() + set * kSetBytes, kSetBytes);
    }
  }
}

ValueMemo::Index ValueMemo::MakeRoom(size_t index, size_t lines) {
  Set& set = sets_[index];
  std::array<uint8_t, kWays>& set_lines = lines_[index];
  // In ticks; after kTicks of them a long time is as good as ever.
  using Age = int8_t;
  constexpr Age kFree = std::numeric_limits<Age>::max();
  static_assert(kTicks <= kFree);
  // As many lines more as an entry has at most, so that loops are of one length
  // and go by vectors.
  constexpr size_t kEntryLinesMax = kEntryBytesMax / kLineBytes;
  std::array<Age, kSetLines + kEntryLinesMax> ages;
  ages.fill(kFree);
  const auto fill = [&](size_t way, Age age) {
    std::fill_n(ages.begin() + (set.places[way] & kFirstLine), set_lines[way],
                age);
  };
  size_t free_way = kWays;
  size_t oldest_way = 0;
  Age oldest = 0;
  for (size_t way = 0; way < kWays; ++way) {
    if (set.tags[way] == 0) {
      free_way = way;
      continue;
    }
    const auto age = static_cast<Age>(
        (tick_ - (set.uses[way] >> kFetchedBits) + kTicks) % kTicks);
    fill(way, age);
    if (age >= oldest) {
      oldest = age;
      oldest_way = way;
    }
  }
  if (free_way == kWays) {
    if (oldest == 0) return kNowhere;
    set.tags[oldest_way] = 0;
    fill(oldest_way, kFree);
    free_way = oldest_way;
  }
  // Where an entry may begin: its newest line. The oldest of these is given
  // away.
  std::array<Age, kSetLines> newest;
  std::copy_n(ages.begin(), kSetLines, newest.begin());
  for (size_t line = 1; line < lines; ++line) {
    for (size_t first = 0; first < kSetLines; ++first) {
      newest[first] = std::min(newest[first], ages[first + line]);
    }
  }
  std::fill(newest.end() - static_cast<ptrdiff_t>(lines - 1), newest.end(), 0);
  Age best = 0;
  for (const Age age : newest) best = std::max(best, age);
  if (best == 0) return kNowhere;
  const auto first = static_cast<size_t>(
      std::find(newest.begin(), newest.end(), best) - newest.begin());
  for (size_t way = 0; way < kWays; ++way) {
    const size_t begin = set.places[way] & kFirstLine;
    if (begin < first + lines && first < begin + set_lines[way]) {
      set.tags[way] = 0;
    }
  }
  set.places[free_way] = static_cast<uint8_t>(first);
  set_lines[free_way] = static_cast<uint8_t>(lines);
  set.uses[free_way] = static_cast<uint8_t>(
      std::find_if(kFetchedLines.begin(), kFetchedLines.end() - 1,
                   [&](uint8_t fetched) { return lines <= fetched; }) -
      kFetchedLines.begin());
  return IndexOf(index, free_way);
}

void ValueMemo::Insert(const Key& key, uint64_t hash,
                       std::span<const Result> results,
                       std::span<const Candidate> candidates,
                       ReleaseMask rights) {
  const size_t bytes = sizeof(Entry) + Entry::RoomOf(key.raw.size()) +
                       results.size_bytes() + candidates.size_bytes() +
                       BytesBeside(key.raw, results, candidates);
  if (bytes > kEntryBytesMax || !Entry::CanHold(key)) return;
  ++inserts_;
  const Index index =
      MakeRoom(SetOf(hash), (bytes + kLineBytes - 1) / kLineBytes);
  if (index == kNowhere) return;
  char* const begin = StorageAt(index);
  auto* const entry = new (begin) Entry;
  entry->version_ = ++versions_;
  entry->epoch_set_ = static_cast<uint32_t>(key.epoch_set);
  entry->rights_ = rights;
  entry->memo_class_ = static_cast<uint16_t>(key.memo_class);
  entry->raw_size_ = static_cast<uint16_t>(key.raw.size());
  entry->results_ = static_cast<uint8_t>(results.size());
  entry->candidates_ = static_cast<uint8_t>(candidates.size());
  char* const raw = begin + sizeof(Entry);
  std::copy(key.raw.begin(), key.raw.end(), raw);
  Packer packer(raw + Entry::RoomOf(key.raw.size()));
  Result* const results_copy = packer.Copy(results);
  Candidate* const candidates_copy = packer.Copy(candidates);
  CopyReferences(key.raw, raw, {results_copy, results.size()},
                 {candidates_copy, candidates.size()}, &packer);
  Touch(index);
  Set& set = sets_[SetIn(index)];
  set.tags[WayIn(index)] = TagOf(hash);
  set.places[WayIn(index)] |= MoreOfTag(hash);
}

}  // namespace nymstream
