#include "engine/leak_guard.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/edit_list.h"

namespace nymstream {
namespace {

constexpr size_t kGramBytes = 4;
// A pattern of at least this many bytes holds a gram at a multiple of
// kStrideMax wherever it lies.
constexpr size_t kStrideMax = 4;
constexpr size_t kStridedBytesMin = kGramBytes + kStrideMax - 1;
constexpr size_t kHeadsMin = 4096;
constexpr uint32_t kCaseBits = 0x20202020;

// Steps that a record may cost beyond a constant, per byte. Normal records take
// fewer than one.
constexpr size_t kBudgetPerByte = 64;
constexpr size_t kBudgetBase = 64 * 1024;

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kHex = "0123456789abcdef";

uint32_t LoadFolded(const char* bytes) {
  uint32_t word = 0;
  std::memcpy(&word, bytes, kGramBytes);
  return word | kCaseBits;
}

size_t HeadOf(uint32_t gram, size_t heads) {
  return (gram * 0x9E3779B1U) >> (32 - std::countr_zero(heads));
}

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

int HexDigit(char c) {
  const size_t found = kHex.find(LowerAscii(c));
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

// Percent-decodes; invalid triplets stay.
std::string_view PercentDecode(std::string_view text, Arena* arena) {
  char* const begin = arena->Allocate(text.size());
  char* out = begin;
  for (size_t at = 0; at < text.size(); ++at) {
    const int high =
        text[at] == '%' && at + 2 < text.size() ? HexDigit(text[at + 1]) : -1;
    const int low = high >= 0 ? HexDigit(text[at + 2]) : -1;
    if (low >= 0) {
      *out++ = static_cast<char>(high * 16 + low);
      at += 2;
    } else {
      *out++ = text[at];
    }
  }
  return {begin, static_cast<size_t>(out - begin)};
}

}  // namespace

LeakGuard::LeakGuard(LogFormat format)
    : decode_(DecoderOf(format)), heads_(kHeadsMin, 0) {
  grams_.emplace_back();
}

void LeakGuard::Clear() {
  if (grams_.size() > heads_.size() / 4) {
    std::fill(heads_.begin(), heads_.end(), 0);
  } else {
    for (const Gram& gram : grams_) {
      heads_[HeadOf(gram.bytes, heads_.size())] = 0;
    }
  }
  grams_.resize(1);
  words_.clear();
}

void LeakGuard::Begin(std::span<const Candidate> candidates,
                      size_t record_bytes) {
  Clear();
  candidates_ = candidates;
  candidate_releases_ = 0;
  stride_ = kStrideMax;
  budget_ = kBudgetBase + record_bytes * kBudgetPerByte;
  // At most 4 grams for each of 1 plain, 1 hex and 6 base64 patterns.
  constexpr size_t kGramsPerCandidate = 32;
  const size_t heads = std::bit_ceil(
      std::max(kHeadsMin, candidates.size() * kGramsPerCandidate));
  if (heads_.size() < heads) heads_.assign(heads, 0);
  for (uint32_t i = 0; i < candidates.size(); ++i) {
    candidate_releases_ |= candidates[i].releases;
    AddPatterns(i);
  }
}

void LeakGuard::AddGram(uint32_t bytes, const Gram& gram) {
  uint32_t& head = heads_[HeadOf(bytes, heads_.size())];
  Gram added = gram;
  added.bytes = bytes;
  added.next = head;
  head = static_cast<uint32_t>(grams_.size());
  grams_.push_back(added);
}

void LeakGuard::AddGrams(const char* pattern, size_t grams, uint32_t candidate,
                         Form form, uint8_t alignment) {
  Gram gram{0, 0, candidate, form, alignment, 0};
  for (size_t i = 0; i < grams; ++i) {
    gram.offset = static_cast<uint8_t>(i);
    AddGram(LoadFolded(pattern + i), gram);
  }
}

void LeakGuard::AddPatterns(uint32_t index) {
  const std::string_view value = candidates_[index].value;
  if (value.size() < kGramBytes) {
    words_.push_back(index);
    return;
  }
  if (value.size() < kStridedBytesMin) {
    stride_ = 1;
    AddGrams(value.data(), 1, index, Form::kPlain, 0);
  } else {
    AddGrams(value.data(), kStrideMax, index, Form::kPlain, 0);
  }
  if (value.size() < kEncodedBytesMin) return;
  std::array<char, kStridedBytesMin> pattern;
  for (size_t i = 0; i < pattern.size(); ++i) {
    pattern[i] = HexCharacter(value, i);
  }
  AddGrams(pattern.data(), kStrideMax, index, Form::kHex, 0);
  for (uint8_t alignment = 0; alignment < 3; ++alignment) {
    const size_t first = Base64Of(value.size(), alignment).first_bit;
    bool differs = false;
    for (size_t i = 0; i < pattern.size(); ++i) {
      pattern[i] = Base64Character(value, first + i * 6);
      differs |= pattern[i] == '+' || pattern[i] == '/';
    }
    AddGrams(pattern.data(), kStrideMax, index, Form::kBase64, alignment);
    if (!differs) continue;
    for (char& c : pattern) c = c == '+' ? '-' : c == '/' ? '_' : c;
    AddGrams(pattern.data(), kStrideMax, index, Form::kBase64, alignment);
  }
}

bool LeakGuard::Verify(std::string_view text, size_t at, const Gram& gram,
                       Span* span) {
  if (at < gram.offset) return false;
  const size_t begin = at - gram.offset;
  const std::string_view value = candidates_[gram.candidate].value;
  const std::string_view rest = text.substr(begin);
  size_t matched = 0;
  size_t size = value.size();
  switch (gram.form) {
    case Form::kPlain:
      if (rest.size() < size) return false;
      while (matched < size &&
             LowerAscii(rest[matched]) == LowerAscii(value[matched])) {
        ++matched;
      }
      break;
    case Form::kHex:
      size = value.size() * 2;
      if (rest.size() < size) return false;
      while (matched < size &&
             LowerAscii(rest[matched]) == HexCharacter(value, matched)) {
        ++matched;
      }
      break;
    case Form::kBase64: {
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
  if (gram.form != Form::kPlain) {
    // What surrounds an encoded value encodes its surroundings.
    while (span->begin > 0 && IsBase64(text[span->begin - 1])) --span->begin;
    while (span->end < text.size() && IsBase64(text[span->end])) ++span->end;
    Spend(span->end - span->begin);
  }
  return true;
}

template <typename Found>
void LeakGuard::Search(std::string_view text, Found found) {
  const size_t shift =
      static_cast<size_t>(32 - std::countr_zero(heads_.size()));
  const uint32_t* heads = heads_.data();
  for (size_t at = 0; at + kGramBytes <= text.size(); at += stride_) {
    const uint32_t bytes = LoadFolded(text.data() + at);
    uint32_t index = heads[(bytes * 0x9E3779B1U) >> shift];
    if (index == 0) [[likely]]
      continue;
    for (; index != 0 && budget_ > 0; index = grams_[index].next) {
      Spend(1);
      const Gram& gram = grams_[index];
      Span span{};
      if (gram.bytes == bytes && Verify(text, at, gram, &span)) {
        found(candidates_[gram.candidate], span);
      }
    }
    if (budget_ == 0) return;
  }
  SearchWords(text, found);
}

template <typename Found>
void LeakGuard::SearchWords(std::string_view text, Found found) {
  for (const uint32_t index : words_) {
    const std::string_view word = candidates_[index].value;
    Spend(text.size() / 16 + 1);
    if (budget_ == 0) return;
    for (size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
      const size_t end = at + word.size();
      Spend(1);
      if ((at == 0 || !IsAlnum(text[at - 1])) &&
          (end == text.size() || !IsAlnum(text[end]))) {
        found(candidates_[index], Span{at, end});
      }
    }
  }
}

template <typename Use>
void LeakGuard::ForEachDecoded(std::string_view piece, bool escaped, Use use) {
  arena_.Reset();
  std::string_view view = piece;
  if (escaped) {
    view = decode_(piece, &arena_, nullptr);
    use(view);
  }
  constexpr int kPercentLayers = 2;
  for (int i = 0; i < kPercentLayers; ++i) {
    if (view.empty() || std::memchr(view.data(), '%', view.size()) == nullptr) {
      return;
    }
    view = PercentDecode(view, &arena_);
    use(view);
  }
}

ReleaseMask LeakGuard::Scan(std::string_view piece, bool escaped, bool whole,
                            ReleaseMask releases) {
  if ((releases & candidate_releases_) == 0) return 0;
  ReleaseMask hits = 0;
  if (whole) {
    for (const Candidate& candidate : candidates_) {
      if (EqualFolded(candidate.value, piece)) hits |= candidate.releases;
    }
    Spend(candidates_.size());
    return hits & releases;
  }
  const auto note = [&](const Candidate& candidate, const Span&) {
    hits |= candidate.releases;
  };
  Search(piece, note);
  ForEachDecoded(piece, escaped,
                 [&](std::string_view view) { Search(view, note); });
  return hits & releases;
}

std::string_view LeakGuard::Redact(std::string_view piece, bool escaped,
                                   bool whole, ReleaseMask release,
                                   Arena* arena) {
  // A span may cut an escape in two, and what is hidden has no span.
  if (whole || escaped) return kRedacted;
  spans_.clear();
  bool hidden = false;
  ForEachDecoded(piece, escaped, [&](std::string_view view) {
    Search(view, [&](const Candidate& candidate, const Span&) {
      hidden |= (candidate.releases & release) != 0;
    });
  });
  if (hidden || exhausted()) return kRedacted;
  Search(piece, [&](const Candidate& candidate, const Span& span) {
    if ((candidate.releases & release) != 0) spans_.push_back(span);
  });
  if (exhausted()) return kRedacted;
  std::sort(spans_.begin(), spans_.end(),
            [](const Span& a, const Span& b) { return a.begin < b.begin; });
  char* const begin =
      arena->Allocate(piece.size() + spans_.size() * kRedacted.size());
  char* out = begin;
  size_t done = 0;
  for (const Span& span : spans_) {
    if (span.begin >= done) {
      out = std::copy_n(piece.data() + done, span.begin - done, out);
      out = std::copy_n(kRedacted.data(), kRedacted.size(), out);
    }
    done = std::max(done, span.end);
  }
  out = std::copy_n(piece.data() + done, piece.size() - done, out);
  return {begin, static_cast<size_t>(out - begin)};
}

}  // namespace nymstream
