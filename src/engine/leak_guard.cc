#include "engine/leak_guard.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <optional>

#include "base/edit_list.h"
#include "engine/gram_search.h"
#include "engine/percent_decode.h"
#include "treatment/whole_characters.h"

namespace nymstream {
namespace {

// A pattern of at least this many bytes holds a gram at a multiple of
// kStrideMax wherever it lies.
constexpr size_t kStrideMax = 4;
constexpr size_t kStridedBytesMin = kGramBytes + kStrideMax - 1;

// Steps that a record may cost beyond a constant, per byte. Normal records take
// fewer than one.
constexpr size_t kBudgetPerByte = 64;
constexpr size_t kBudgetBase = 64 * 1024;

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kHex = "0123456789abcdef";

char LowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool IsAlnum(char c) {
  const char lower = LowerAscii(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool EqualFolded(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return LowerAscii(x) == LowerAscii(y);
         });
}

// '+' in a text may stand for a space (forms).
bool EqualPlain(char text, char value) {
  return LowerAscii(text) == LowerAscii(value) || (text == '+' && value == ' ');
}

// The base64 characters that `value` decides wholly when `alignment` bytes
// (0 to 2) stand before it in the encoded text. Alignment 0 starts at bit 0;
// 1 skips 4 bits, 2 skips 2 bits, to the next character.
struct Base64Pattern {
  size_t first_bit;  // of the value, of the first whole character
  size_t characters;
};
Base64Pattern Base64Of(size_t value_bytes, uint8_t alignment) {
  constexpr std::array<size_t, 3> kSkippedBits = {0, 4, 2};
  const size_t first = kSkippedBits[alignment];
  return {first, (value_bytes * 8 - first) / 6};
}

char Base64Character(std::string_view value, size_t bit) {
  const size_t byte = bit / 8;
  const auto at = [&](size_t i) {
    return i < value.size() ? static_cast<unsigned char>(value[i]) : 0U;
  };
  const uint32_t window = at(byte) << 8 | at(byte + 1);
  return kBase64[window >> (10 - bit % 8) & 63];
}

char StandardBase64(char c) { return c == '-' ? '+' : c == '_' ? '/' : c; }

bool IsBase64(char c) {
  return (IsAlnum(c) && static_cast<unsigned char>(c) < 0x80) || c == '+' ||
         c == '/' || c == '-' || c == '_' || c == '=';
}

char HexCharacter(std::string_view value, size_t index) {
  const auto byte = static_cast<unsigned char>(value[index / 2]);
  return kHex[index % 2 == 0 ? byte >> 4 : byte & 15];
}

constexpr size_t kWordBytesMin = 2;

// Two or three bytes, folded, with their number on top.
uint32_t WordGram(std::string_view word) {
  uint32_t bytes = static_cast<uint32_t>(word.size()) << 24;
  for (size_t i = 0; i < word.size(); ++i) {
    bytes |=
        static_cast<uint32_t>(static_cast<unsigned char>(LowerAscii(word[i])))
        << (8 * i);
  }
  return bytes;
}

// The first of `cuts` that ends after `begin`.
std::span<const Cut>::iterator CutAfter(size_t begin,
                                        std::span<const Cut> cuts) {
  return std::partition_point(
      cuts.begin(), cuts.end(),
      [&](const Cut& earlier) { return earlier.end <= begin; });
}

// True if `cuts` take a part of [begin, end) or all of it.
bool IsCut(size_t begin, size_t end, std::span<const Cut> cuts) {
  const auto cut = CutAfter(begin, cuts);
  return cut != cuts.end() && cut->begin < end;
}

// True if `cuts` take all of [begin, end).
bool IsCutOut(size_t begin, size_t end, std::span<const Cut> cuts) {
  for (auto cut = CutAfter(begin, cuts);
       begin < end && cut != cuts.end() && cut->begin <= begin; ++cut) {
    begin = cut->end;
  }
  return begin >= end;
}

}  // namespace

LeakGuard::LeakGuard(LogFormat format) : decode_(DecoderOf(format)) {}

void LeakGuard::Begin(std::span<const Candidate> candidates,
                      size_t record_bytes) {
  plain_indexed_ = encoded_indexed_ = false;
  window_filter_.Clear();
  any_window_ = any_gram_ = false;
  sizes_ = SizeSet();
  candidates_ = candidates;
  candidate_releases_ = 0;
  budget_ = kBudgetBase + record_bytes * kBudgetPerByte;
  const bool compared = candidates.size() <= kComparedMax;
  for (size_t i = 0; i < candidates.size(); ++i) {
    const Candidate& candidate = candidates[i];
    any_gram_ |= candidate.marks.any_gram != 0;
    if (compared) first_grams_[i] = candidate.marks.first_gram;
    candidate_releases_ |= candidate.releases;
    sizes_.Add(candidate.value.size());
    AddWindow(candidate.marks);
  }
}

void LeakGuard::AddWindow(const GuardMarks& marks) {
  any_window_ |= marks.any_window != 0;
  if (marks.has_window != 0) window_filter_.Add(marks.window);
}

void LeakGuard::IndexPlain() {
  if (plain_indexed_) return;
  plain_indexed_ = true;
  plain_.Start(candidates_.size() * kStrideMax);
  words_.Start(candidates_.size());
  has_words_ = false;
  plain_stride_ = kStrideMax;
  for (uint32_t i = 0; i < candidates_.size(); ++i) AddPlain(i);
}

void LeakGuard::AddPlain(uint32_t index) {
  const std::string_view value = candidates_[index].value;
  if (value.size() < kGramBytes) {
    words_.Add({.bytes = WordGram(value), .candidate = index});
    has_words_ = true;
    return;
  }
  AddPlainGrams(value, index);
  std::array<char, kStridedBytesMin> head;
  const auto size = static_cast<ptrdiff_t>(std::min(value.size(), head.size()));
  if (std::find(value.begin(), value.begin() + size, ' ') ==
      value.begin() + size) [[likely]] {
    return;
  }
  std::replace_copy(value.begin(), value.begin() + size, head.begin(), ' ',
                    '+');
  AddPlainGrams({head.data(), static_cast<size_t>(size)}, index);
}

void LeakGuard::AddPlainGrams(std::string_view text, uint32_t index) {
  const bool strided = text.size() >= kStridedBytesMin;
  if (!strided) plain_stride_ = 1;
  const auto grams = static_cast<uint8_t>(strided ? kStrideMax : 1);
  for (uint8_t offset = 0; offset < grams; ++offset) {
    plain_.Add({.bytes = LoadGram(text.data() + offset),
                .candidate = index,
                .form = GramIndex::Form::kPlain,
                .offset = offset});
  }
}

void LeakGuard::IndexEncoded() {
  if (encoded_indexed_) return;
  encoded_indexed_ = true;
  encoded_stride_ = kStrideMax;
  // At most 4 grams for each of 1 hex and 6 base64 patterns.
  constexpr size_t kGramsPerCandidate = 28;
  encoded_.Start(candidates_.size() * kGramsPerCandidate);
  for (uint32_t i = 0; i < candidates_.size(); ++i) {
    if (candidates_[i].value.size() >= kEncodedBytesMin) AddEncoded(i);
  }
}

void LeakGuard::AddEncoded(uint32_t index) {
  const std::string_view value = candidates_[index].value;
  std::array<char, kStridedBytesMin> pattern;
  GramIndex::Gram gram;
  gram.candidate = index;
  // Adds as many grams of the `size` characters as make sure that a search
  // meets one of them.
  const auto add = [&](size_t size) {
    const size_t grams = size - kGramBytes + 1;
    encoded_stride_ = std::min(encoded_stride_, grams);
    Spend(grams);
    for (gram.offset = 0; gram.offset < grams; ++gram.offset) {
      gram.bytes = LoadGram(pattern.data() + gram.offset);
      encoded_.Add(gram);
    }
  };
  gram.form = GramIndex::Form::kHex;
  for (size_t i = 0; i < pattern.size(); ++i) {
    pattern[i] = HexCharacter(value, i);
  }
  add(pattern.size());
  gram.form = GramIndex::Form::kBase64;
  for (gram.alignment = 0; gram.alignment < 3; ++gram.alignment) {
    const Base64Pattern shape = Base64Of(value.size(), gram.alignment);
    const size_t size = std::min(pattern.size(), shape.characters);
    bool differs = false;
    for (size_t i = 0; i < size; ++i) {
      pattern[i] = Base64Character(value, shape.first_bit + i * 6);
      differs |= pattern[i] == '+' || pattern[i] == '/';
    }
    add(size);
    if (!differs) continue;
    for (char& c : pattern) c = c == '+' ? '-' : c == '/' ? '_' : c;
    add(size);
  }
}

bool LeakGuard::MayHoldPlain(const GuardedPiece& piece) {
  suspect_count_ = 0;
  const size_t count = candidates_.size();
  if (piece.facts == nullptr || any_gram_ || count > kComparedMax) return true;
  const GramSignature& grams = piece.facts->grams;
  for (uint32_t i = 0; i < count; ++i) {
    if (!grams.Has(first_grams_[i])) [[likely]]
      continue;
    if (!candidates_[i].marks.MayBeIn(grams)) continue;
    if (suspect_count_ == kSuspectsMax || candidates_[i].marks.spaced != 0) {
      suspect_count_ = 0;
      return true;
    }
    suspects_[suspect_count_++] = i;
  }
  return suspect_count_ > 0;
}

bool LeakGuard::MayHoldEncoded(const GuardedPiece& piece) const {
  if (any_window_ || piece.facts == nullptr || piece.facts->any_window) {
    return true;
  }
  return MayHoldWindow(piece.facts->windows());
}

bool LeakGuard::HasCandidateWindow(uint32_t window) const {
  return candidates_.size() > kComparedMax ||
         std::any_of(candidates_.begin(), candidates_.end(),
                     [&](const Candidate& candidate) {
                       return candidate.marks.has_window != 0 &&
                              candidate.marks.window == window;
                     });
}

bool LeakGuard::Verify(std::string_view text, size_t at,
                       const GramIndex::Gram& gram, Span* span) {
  if (at < gram.offset) return false;
  const size_t begin = at - gram.offset;
  const std::string_view value = candidates_[gram.candidate].value;
  const std::string_view rest = text.substr(begin);
  size_t matched = 0;
  size_t size = value.size();
  switch (gram.form) {
    case GramIndex::Form::kPlain:
      if (rest.size() < size) return false;
      while (matched < size && EqualPlain(rest[matched], value[matched])) {
        ++matched;
      }
      break;
    case GramIndex::Form::kHex:
      size = value.size() * 2;
      if (rest.size() < size) return false;
      while (matched < size &&
             LowerAscii(rest[matched]) == HexCharacter(value, matched)) {
        ++matched;
      }
      break;
    case GramIndex::Form::kBase64: {
      const Base64Pattern shape = Base64Of(value.size(), gram.alignment);
      size = shape.characters;
      if (rest.size() < size) return false;
      while (matched < size &&
             StandardBase64(rest[matched]) ==
                 Base64Character(value, shape.first_bit + matched * 6)) {
        ++matched;
      }
      break;
    }
  }
  Spend(matched + 1);
  if (matched < size) return false;
  *span = {begin, begin + size};
  if (gram.form == GramIndex::Form::kPlain &&
      candidates_[gram.candidate].marks.whole_word != 0 &&
      !IsWord(text, *span)) {
    return false;
  }
  if (gram.form != GramIndex::Form::kPlain) {
    // What surrounds an encoded value encodes its surroundings.
    while (span->begin > 0 && IsBase64(text[span->begin - 1])) --span->begin;
    while (span->end < text.size() && IsBase64(text[span->end])) ++span->end;
    Spend(span->end - span->begin);
  }
  return true;
}

bool LeakGuard::IsWord(std::string_view text, const Span& span) {
  return (span.begin == 0 || !IsAlnum(text[span.begin - 1])) &&
         (span.end == text.size() || !IsAlnum(text[span.end]));
}

template <typename Found>
void LeakGuard::SearchIndex(const GramIndex& index, size_t stride,
                            std::string_view text, Found found) {
  for (size_t at = 0; at + kGramBytes <= text.size(); at += stride) {
    const uint32_t bytes = LoadGram(text.data() + at);
    uint32_t next = index.First(bytes);
    if (next == 0) [[likely]]
      continue;
    for (; next != 0 && budget_ > 0; next = index[next].next) {
      Spend(1);
      const GramIndex::Gram& gram = index[next];
      Span span{};
      if (gram.bytes == bytes && Verify(text, at, gram, &span)) {
        found(candidates_[gram.candidate], span);
      }
    }
    if (budget_ == 0) return;
  }
}

template <typename Found>
void LeakGuard::SearchSuspects(std::string_view text, Found found) {
  Spend(suspect_count_ * text.size() / kGramBytes);
  for (size_t i = 0; i < suspect_count_; ++i) {
    const Candidate& candidate = candidates_[suspects_[i]];
    const uint32_t head = LoadGram(candidate.value.data());
    GramIndex::Gram gram;
    gram.candidate = suspects_[i];
    ForEachGramAt(text, head, [&](size_t at) {
      Span span{};
      if (Verify(text, at, gram, &span)) found(candidate, span);
    });
  }
}

template <typename Found>
void LeakGuard::Search(std::string_view text, bool encoded, Found found) {
  if (suspect_count_ > 0) {
    SearchSuspects(text, found);
    return;
  }
  SearchIndex(plain_, plain_stride_, text, found);
  if (encoded) SearchIndex(encoded_, encoded_stride_, text, found);
  if (has_words_) SearchWords(text, found);
}

template <typename Found>
void LeakGuard::SearchWords(std::string_view text, Found found) {
  Spend(text.size());
  bool inside = false;
  for (size_t at = 0; at + kWordBytesMin <= text.size() && budget_ > 0; ++at) {
    const bool starts = !inside;
    inside = IsAlnum(text[at]);
    if (!starts) continue;
    for (size_t size = kWordBytesMin; size < kGramBytes; ++size) {
      const size_t end = at + size;
      if (end > text.size()) break;
      if (end < text.size() && IsAlnum(text[end])) continue;
      const std::string_view word = text.substr(at, size);
      const uint32_t bytes = WordGram(word);
      for (uint32_t next = words_.First(bytes); next != 0;
           next = words_[next].next) {
        Spend(1);
        const Candidate& candidate = candidates_[words_[next].candidate];
        if (EqualFolded(candidate.value, word)) found(candidate, Span{at, end});
      }
    }
  }
}

template <typename Use>
void LeakGuard::ForEachDecoded(const GuardedPiece& piece, Use use) {
  const bool percent = piece.facts != nullptr && piece.facts->percent;
  if (!piece.escaped && !percent) return;
  arena_.Reset();
  std::string_view view = piece.text;
  if (piece.escaped) {
    view = decode_(piece.text, &arena_, nullptr);
    use(view);
  }
  ForEachPercentLayer(view, &arena_, nullptr, use);
}

ReleaseMask LeakGuard::ScanWhole(std::string_view piece) {
  if (!MayBeWhole(piece.size())) return 0;
  ReleaseMask hits = 0;
  if (candidates_.size() <= kComparedMax) {
    for (const Candidate& candidate : candidates_) {
      const std::string_view value = candidate.value;
      if (value.size() == piece.size() &&
          std::equal(piece.begin(), piece.end(), value.begin(), EqualPlain)) {
        hits |= candidate.releases;
      }
    }
    return hits;
  }
  suspect_count_ = 0;
  IndexPlain();
  Search(piece, false, [&](const Candidate& candidate, const Span& span) {
    if (span.end - span.begin == piece.size()) hits |= candidate.releases;
  });
  return hits;
}

template <typename Use>
void LeakGuard::ForEachTracked(std::string_view text, Use use) {
  use(text, [](size_t at) { return at; });
  if (!HasPercent(text)) return;
  origins_.resize(text.size() + 1);
  std::iota(origins_.begin(), origins_.end(), 0U);
  ForEachPercentLayer(text, &arena_, &origins_, [&](std::string_view view) {
    use(view, [&](size_t at) -> size_t { return origins_[at]; });
  });
}

template <typename Found>
void LeakGuard::SearchUncut(const GuardedPiece& piece, bool encoded,
                            Found found) {
  arena_.Reset();
  const std::string_view text = piece.escaped
                                    ? decode_(piece.original, &arena_, nullptr)
                                    : piece.original;
  ForEachTracked(text, [&](std::string_view view, auto origin) {
    Search(view, encoded, [&](const Candidate& candidate, const Span& span) {
      const Span place{origin(span.begin), origin(span.end)};
      if (!IsCutOut(place.begin, place.end, piece.cuts)) {
        found(candidate, place);
      }
    });
  });
}

ReleaseMask LeakGuard::Scan(const GuardedPiece& piece, ReleaseMask releases) {
  if ((releases & candidate_releases_) == 0 || exhausted()) return 0;
  if (piece.whole) return ScanWhole(piece.text) & releases;
  const bool encoded = MayHoldEncoded(piece);
  if (!MayHoldPlain(piece) && !encoded) [[likely]]
    return 0;
  if (encoded) suspect_count_ = 0;
  if (suspect_count_ == 0) IndexPlain();
  if (encoded) IndexEncoded();
  ReleaseMask hits = 0;
  const auto note = [&](const Candidate& candidate, const Span&) {
    hits |= candidate.releases;
  };
  if (!piece.cuts.empty()) SearchUncut(piece, encoded, note);
  if (piece.cuts.empty() || piece.joined) {
    Search(piece.text, encoded, note);
    ForEachDecoded(piece,
                   [&](std::string_view view) { Search(view, encoded, note); });
  }
  return hits & releases;
}

void LeakGuard::FindSpans(const GuardedPiece& piece, bool encoded,
                          ReleaseMask release) {
  spans_.clear();
  arena_.Reset();
  ForEachTracked(piece.text, [&](std::string_view view, auto origin) {
    Search(view, encoded, [&](const Candidate& candidate, const Span& span) {
      if ((candidate.releases & release) == 0) return;
      Span place{origin(span.begin), origin(span.end)};
      WidenToCharacters(piece.text, &place.begin, &place.end);
      spans_.push_back(place);
    });
  });
  std::sort(spans_.begin(), spans_.end(),
            [](const Span& a, const Span& b) { return a.begin < b.begin; });
}

std::string_view LeakGuard::Splice(std::string_view text, Arena* arena) const {
  char* const begin =
      arena->Allocate(text.size() + spans_.size() * kRedacted.size());
  char* out = begin;
  size_t done = 0;
  for (const Span& span : spans_) {
    if (span.begin >= done) {
      out = std::copy_n(text.data() + done, span.begin - done, out);
      out = std::copy_n(kRedacted.data(), kRedacted.size(), out);
    }
    done = std::max(done, span.end);
  }
  out = std::copy_n(text.data() + done, text.size() - done, out);
  return {begin, static_cast<size_t>(out - begin)};
}

std::string_view LeakGuard::Redact(const GuardedPiece& piece,
                                   ReleaseMask release, Arena* arena) {
  // A span may cut an escape in two.
  if (piece.whole || piece.escaped) return kRedacted;
  const bool encoded = MayHoldEncoded(piece);
  suspect_count_ = 0;
  IndexPlain();
  if (encoded) IndexEncoded();
  bool rest_of_cut = false;
  SearchUncut(piece, encoded, [&](const Candidate& candidate, const Span& at) {
    rest_of_cut |= (candidate.releases & release) != 0 &&
                   IsCut(at.begin, at.end, piece.cuts);
  });
  if (rest_of_cut) return kRedacted;
  FindSpans(piece, encoded, release);
  GuardedPiece rest = piece;
  rest.text = Splice(piece.text, arena);
  rest.cuts = {};
  PieceFacts facts;
  if (piece.facts != nullptr) {
    // It has grams where the spans were.
    facts = *piece.facts;
    facts.grams.AddAll();
    rest.facts = &facts;
  }
  return Scan(rest, release) != 0 || exhausted() ? kRedacted : rest.text;
}

}  // namespace nymstream
