#include "engine/guard_candidates.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "base/absl_view.h"
#include "engine/encoded_windows.h"

namespace nymstream {
namespace {

constexpr std::array<std::string_view, 26> kProtocolWords = {
    "CONNECT",  "DELETE",  "HEAD",     "HTTP/1.0",   "HTTP/1.1", "HTTP/2",
    "HTTP/2.0", "HTTP/3",  "HTTP/3.0", "OPTIONS",    "PATCH",    "POST",
    "TLSv1.2",  "TLSv1.3", "TRACE",    "deflate",    "false",    "gzip",
    "http",     "https",   "identity", "keep-alive", "null",     "true",
    "unknown",  "upgrade"};

using ByteSet = std::array<bool, 256>;

constexpr ByteSet SetOf(std::string_view bytes) {
  ByteSet set{};
  for (const char c : bytes) set[static_cast<unsigned char>(c)] = true;
  return set;
}

bool Has(const ByteSet& set, char c) {
  return set[static_cast<unsigned char>(c)];
}

bool IsNumeric(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ',' ||
           c == ' ';
  });
}

size_t DigitCount(std::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

bool IsProtocolWord(std::string_view text) {
  // The longest word has 10 characters, and words begin with few letters.
  static constexpr ByteSet kFirstLetters = SetOf("CDHOPTdfghiknu");
  return text.size() <= 10 && Has(kFirstLetters, text.front()) &&
         std::find(kProtocolWords.begin(), kProtocolWords.end(), text) !=
             kProtocolWords.end();
}

using Grams = std::array<GramSignature::Bit, GuardMarks::kGrams>;

// The first grams of `value` without a space; false if there are none.
bool GramsAroundSpaces(std::string_view value, Grams* grams) {
  size_t found = 0;
  for (size_t at = 0; at + kGramBytes <= value.size() && found < grams->size();
       ++at) {
    const uint32_t gram = LoadGram(value.data() + at);
    if (!HasSpace(gram)) (*grams)[found++] = GramSignature::BitOf(gram);
  }
  if (found == 0) return false;
  std::fill(grams->begin() + static_cast<ptrdiff_t>(found), grams->end(),
            grams->front());
  return true;
}

}  // namespace

GuardMarks GuardMarksOf(std::string_view value) {
  GuardMarks marks;
  if (value.size() >= kGramBytes) {
    const size_t last = value.size() - kGramBytes;
    Grams grams;
    bool spaces = false;
    for (size_t i = 0; i < grams.size(); ++i) {
      const size_t at = last * i / (grams.size() - 1);
      const uint32_t gram = LoadGram(value.data() + at);
      spaces |= HasSpace(gram);
      grams[i] = GramSignature::BitOf(gram);
    }
    marks.spaced = spaces;
    marks.any_gram = spaces && !GramsAroundSpaces(value, &grams);
    marks.SetGrams(grams);
  }
  marks.any_window = 0;
  if (value.size() >= kEncodedBytesMin) {
    const auto window = WindowOf(value);
    marks.has_window = window.has_value();
    marks.any_window = !window;
    marks.window = window.value_or(0);
  }
  return marks;
}

void MakeMarks(Candidate* candidate) {
  const uint32_t whole_word = candidate->marks.whole_word;
  candidate->marks = GuardMarksOf(candidate->value);
  candidate->marks.whole_word = whole_word & 1;
}

bool IsWorthGuarding(std::string_view value) {
  return !IsProtocolWord(value) &&
         !(IsNumeric(value) && DigitCount(value) < kGuardedDigitsMin);
}

bool IsAuthenticationScheme(std::string_view word) {
  constexpr std::array<std::string_view, 5> kSchemes = {
      "basic", "bearer", "digest", "negotiate", "token"};
  return std::any_of(
      kSchemes.begin(), kSchemes.end(), [&](std::string_view scheme) {
        return absl::EqualsIgnoreCase(ToAbsl(scheme), ToAbsl(word));
      });
}

namespace {

// Adds what was found worth looking for.
void Add(std::string_view value, ReleaseMask releases, bool whole_word,
         std::vector<Candidate>* candidates) {
  // Variants of one value give the same bytes one after another. The same bytes
  // elsewhere are another value's, which the memo keeps with its own
  // candidates.
  constexpr size_t kLookBack = 8;
  const size_t back = std::min(candidates->size(), kLookBack);
  for (auto earlier = candidates->rbegin();
       earlier != candidates->rbegin() + static_cast<ptrdiff_t>(back);
       ++earlier) {
    if (earlier->value.data() == value.data() &&
        earlier->value.size() == value.size() &&
        (earlier->marks.whole_word != 0) == whole_word) {
      earlier->releases |= releases;
      return;
    }
  }
  Candidate& added = candidates->emplace_back();
  added.value = value;
  added.releases = releases;
  added.marks.whole_word = whole_word;
}

}  // namespace

void AddCandidate(std::string_view value, ReleaseMask releases, bool identifier,
                  std::vector<Candidate>* candidates) {
  value = TrimCandidate(value);
  const size_t shortest = identifier ? kGuardedWordBytesMin : kGuardedBytesMin;
  if (releases == 0 || value.size() < shortest) return;
  if (!identifier && !IsWorthGuarding(value)) return;
  Add(value, releases, false, candidates);
}

void AddCredentialPart(std::string_view part, ReleaseMask releases,
                       std::vector<Candidate>* candidates) {
  part = TrimCandidate(part);
  if (releases == 0 || part.size() < kGuardedWordBytesMin) return;
  Add(part, releases, part.size() < kGuardedPieceBytesMin, candidates);
}

void AddCandidatePieces(std::string_view text, ReleaseMask releases,
                        std::vector<Candidate>* candidates) {
  if (releases == 0) return;
  ForEachPiece(text, [&](std::string_view piece) {
    AddCandidate(piece, releases, false, candidates);
  });
}

}  // namespace nymstream
