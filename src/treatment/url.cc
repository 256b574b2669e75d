#include "treatment/url.h"

#include <algorithm>
#include <array>

#include "treatment/byte_class.h"
#include "treatment/text_scan.h"

namespace nymstream {
namespace {

constexpr size_t kNone = std::string_view::npos;

// RFC 9110, RFC 5789, WebDAV (RFC 4918, 3253, 5323), HTTP/2's preface.
constexpr std::array<std::string_view, 20> kMethods = {
    "GET",       "HEAD",  "POST", "PUT",   "DELETE", "CONNECT", "OPTIONS",
    "TRACE",     "PATCH", "COPY", "LOCK",  "MKCOL",  "MOVE",    "PROPFIND",
    "PROPPATCH", "PURGE", "PRI",  "QUERY", "REPORT", "SEARCH"};

// A path segment after one that holds such a word is a token.
constexpr std::array<std::string_view, 12> kTokenWords = {
    "reset",  "token",   "verify",   "invite",   "confirm",     "session",
    "tokens", "invites", "sessions", "activate", "unsubscribe", "magic"};

// After one that holds such a word, a segment with a digit is a token, unless
// it is a version (/auth/v2).
constexpr std::array<std::string_view, 9> kWeakTokenWords = {
    "apikey", "auth",     "oauth", "otp",   "passcode",
    "passwd", "password", "pin",   "secret"};

// Over this many characters, letters mixed with digits make a token.
constexpr size_t kPlainSegmentMax = 20;

// What a byte means in a URL, one bit each.
constexpr uint8_t kNever = 1;  // no URL holds it
constexpr uint8_t kPercent = 2;
constexpr uint8_t kPathEnd = 4;     // ? #
constexpr uint8_t kSegmentEnd = 8;  // /
constexpr uint8_t kMatrix = 16;     // ;
constexpr uint8_t kAnd = 32;        // &
constexpr uint8_t kEquals = 64;
constexpr uint8_t kColon = 128;

// Letters beyond ASCII pass (IRIs, RFC 3987).
constexpr std::array<uint8_t, 256> kUrlBytes = [] {
  std::array<uint8_t, 256> table{};
  for (size_t c = 0; c <= ' '; ++c) table[c] = kNever;
  table['"'] = table['\\'] = table['<'] = table['>'] = table[0x7F] = kNever;
  table['%'] = kPercent;
  table['?'] = table['#'] = kPathEnd;
  table['/'] = kSegmentEnd;
  table[';'] = kMatrix;
  table['&'] = kAnd;
  table['='] = kEquals;
  table[':'] = kColon;
  return table;
}();

uint8_t MeaningOf(char c) { return kUrlBytes[static_cast<unsigned char>(c)]; }

bool IsUrl(std::string_view text) {
  for (size_t at = 0; at < text.size(); ++at) {
    const uint8_t meaning = MeaningOf(text[at]) & (kNever | kPercent);
    if (meaning == 0) continue;
    if (meaning == kNever || !IsHex(ByteAt(text, at + 1)) ||
        !IsHex(ByteAt(text, at + 2))) {
      return false;
    }
  }
  return true;
}

// Reads percent-decoded bytes one by one.
class DecodedBytes {
 public:
  explicit DecodedBytes(std::string_view text) : text_(text) {}
  bool done() const { return at_ >= text_.size(); }
  char Next() {
    if (text_[at_] == '%' && at_ + 2 < text_.size() && IsHex(text_[at_ + 1]) &&
        IsHex(text_[at_ + 2])) {
      at_ += 3;
      return static_cast<char>(HexValue(text_[at_ - 2]) * 16 +
                               HexValue(text_[at_ - 1]));
    }
    return text_[at_++];
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

bool EqualsDecoded(std::string_view encoded, std::string_view name) {
  DecodedBytes bytes(encoded);
  size_t at = 0;
  while (!bytes.done() && at < name.size()) {
    if (ToLower(bytes.Next()) != ToLower(name[at++])) return false;
  }
  return bytes.done() && at == name.size();
}

// What a segment says of the next one.
enum class Announces : uint8_t { kNothing, kMaybeToken, kToken };

Announces AnnouncedBy(std::string_view word) {
  const auto is_in = [&](std::span<const std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (is_in(kTokenWords)) return Announces::kToken;
  return is_in(kWeakTokenWords) ? Announces::kMaybeToken : Announces::kNothing;
}

// Words are letters of one case, or a capital and small ones.
Announces AnnouncedBySegment(std::string_view segment) {
  constexpr size_t kWordMin = 3;
  constexpr size_t kWordMax = 11;
  auto announced = Announces::kNothing;
  std::array<char, kWordMax> word;
  size_t size = 0;
  const auto end_word = [&] {
    if (size >= kWordMin && size <= kWordMax) {
      announced = std::max(announced, AnnouncedBy({word.data(), size}));
    }
    size = 0;
  };
  bool small_before = false;
  for (DecodedBytes bytes(segment); !bytes.done();) {
    const char c = bytes.Next();
    const char small = ToLower(c);
    if (!IsLetter(c) || (c != small && small_before)) end_word();
    small_before = IsLetter(c) && c == small;
    if (!IsLetter(c)) continue;
    if (size < kWordMax) word[size] = small;
    ++size;
  }
  end_word();
  return announced;
}

bool IsVersionSegment(std::string_view segment) {
  return segment.size() > 1 && ToLower(segment[0]) == 'v' &&
         std::all_of(segment.begin() + 1, segment.end(),
                     [](char c) { return IsDigit(c) || c == '.'; });
}

bool IsAnnouncedToken(Announces announced, std::string_view segment) {
  if (announced != Announces::kMaybeToken) {
    return announced == Announces::kToken;
  }
  return std::any_of(segment.begin(), segment.end(), IsDigit) &&
         !IsVersionSegment(segment);
}

// Holds %2F, in however many layers: it is several segments.
bool HoldsEncodedSlash(std::string_view segment) {
  for (size_t at = segment.find('%'); at != kNone;
       at = segment.find('%', at + 1)) {
    size_t code = at + 1;
    while (segment.substr(code, 2) == "25") code += 2;
    if (EqualsIgnoreCase(segment.substr(code, 2), "2f")) return true;
  }
  return false;
}

// An empty segment, as in reset//abc, or one of dots hides nothing.
bool IsTransparent(std::string_view segment) {
  return segment.empty() || EqualsDecoded(segment, ".") ||
         EqualsDecoded(segment, "..");
}

// Letters mixed with digits over more than kPlainSegmentMax characters, unless
// it is a slug: words in lower case and numbers of up to four digits, joined by
// hyphens, dots and underscores (10-things-to-see-in-2026.html).
bool IsTokenLike(std::string_view segment) {
  constexpr size_t kSlugDigitsMax = 4;
  if (segment.size() <= kPlainSegmentMax) return false;
  size_t size = 0;
  size_t word_digits = 0;
  bool word_letters = false;
  bool letters = false;
  bool digits = false;
  bool slug = true;
  for (DecodedBytes bytes(segment); !bytes.done(); ++size) {
    const char c = bytes.Next();
    if (IsDigit(c)) {
      digits = true;
      ++word_digits;
      slug = slug && !word_letters && word_digits <= kSlugDigitsMax;
    } else if ((ClassOf(c) & (kLetterByte | kHighByte)) != 0) {
      letters = word_letters = true;
      slug = slug && ToLower(c) == c && word_digits == 0;
    } else {
      slug = slug && (c == '-' || c == '.' || c == '_');
      word_digits = 0;
      word_letters = false;
    }
  }
  return size > kPlainSegmentMax && letters && digits && !slug;
}

// False if `part` is too short, or has too few digits, for any detector: most
// parts of most URLs.
bool MayIdentify(std::string_view part) {
  constexpr size_t kPlainMax = 6;        // an IPv4 address has 7
  constexpr size_t kPlainWordsMax = 11;  // a MAC address has 12
  constexpr size_t kOctets = 4;
  if (part.size() > kPlainWordsMax) return true;
  size_t digits = 0;
  for (const char c : part) {
    if (c == '@' || c == '%' || c == ':' || c == '=') return true;
    if (IsDigit(c)) ++digits;
  }
  return part.size() > kPlainMax && digits >= kOctets;
}

class UrlEditor {
 public:
  UrlEditor(std::string_view url, UrlTreatment treatment,
            std::span<const std::string> keep_parameters, EditList* edits)
      : url_(url),
        treatment_(treatment),
        keep_(keep_parameters),
        edits_(*edits) {}

  // False if [begin, end) of the URL cannot be read.
  bool Run(size_t begin, size_t end) {
    if (!IsUrl(url_.substr(begin, end - begin))) return false;
    const size_t query = Find(kPathEnd, begin, end);
    const size_t fragment = std::min(end, url_.find('#', query));
    size_t path = begin;
    if (!EditAuthority(begin, query, &path)) return false;
    EditPath(path, query);
    if (treatment_ == UrlTreatment::kPathOnly) {
      Cut(query, end);
      return true;
    }
    if (query < fragment) EditParameters(query + 1, fragment, kAnd | kMatrix);
    Cut(fragment, end);
    return true;
  }

 private:
  // The first byte of one of `meanings` in [begin, end), or `end`.
  size_t Find(uint8_t meanings, size_t begin, size_t end) const {
    while (begin < end && (MeaningOf(url_[begin]) & meanings) == 0) ++begin;
    return begin;
  }

  void Cut(size_t begin, size_t end) {
    if (begin < end) Add(begin, end, "", Detector::kUrlParameter);
  }
  void Redact(size_t begin, size_t end, Detector detector) {
    if (begin < end) Add(begin, end, kRedacted, detector);
  }
  void Add(size_t begin, size_t end, std::string_view text, Detector detector) {
    edits_.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end),
                      text, detector});
  }

  void RedactIdentifiers(size_t begin, size_t end) {
    if (!MayIdentify(url_.substr(begin, end - begin))) return;
    const size_t first = edits_.size();
    ScanEncodedText(url_.substr(begin, end - begin), TextKind::kFree, &edits_);
    for (size_t i = first; i < edits_.size(); ++i) {
      edits_[i].begin += static_cast<uint32_t>(begin);
      edits_[i].end += static_cast<uint32_t>(begin);
    }
  }

  // As RedactIdentifiers; a user before a password and '@' goes with them.
  void RedactSegment(size_t begin, size_t end) {
    const size_t first = edits_.size();
    RedactIdentifiers(begin, end);
    for (size_t i = first; i < edits_.size(); ++i) {
      Edit& edit = edits_[i];
      if (edit.detector != Detector::kEmail) continue;
      const std::string_view found =
          url_.substr(edit.begin, edit.end - edit.begin);
      if ((edit.begin > begin && url_[edit.begin - 1] == ':') ||
          EqualsIgnoreCase(found.substr(0, 3), "%3a")) {
        edit.begin =
            i == first ? static_cast<uint32_t>(begin) : edits_[i - 1].end;
      }
    }
  }

  // Where the authority begins: after "scheme://" or "//", or at once in
  // "host:port" and "host/path". kNone in origin-form, and *opaque is set for a
  // scheme without authority.
  size_t AuthorityBegin(size_t begin, size_t end, bool* opaque) const {
    *opaque = false;
    if (url_.substr(begin, 2) == "//") return begin + 2;
    if (begin == end || url_[begin] == '/' || url_[begin] == '*') return kNone;
    const size_t colon = Find(kColon | kSegmentEnd, begin, end);
    if (colon == end || url_[colon] == '/') return begin;
    if (url_.substr(colon, 3) == "://") {
      const bool scheme =
          std::all_of(url_.begin() + static_cast<ptrdiff_t>(begin),
                      url_.begin() + static_cast<ptrdiff_t>(colon), [](char c) {
                        return IsAlnum(c) || c == '+' || c == '-' || c == '.';
                      });
      *opaque = !scheme;
      return colon + 3;
    }
    // host:port, user:password@host, [v6]:port; else mailto:, data:, tel:
    const size_t slash = Find(kSegmentEnd, begin, end);
    const bool authority = IsDigit(ByteAt(url_, colon + 1)) ||
                           url_[begin] == '[' ||
                           url_.substr(begin, slash - begin).find('@') != kNone;
    *opaque = !authority ||
              EqualsDecoded(url_.substr(begin, colon - begin), "mailto");
    return begin;
  }

  bool EditAuthority(size_t begin, size_t end, size_t* path) {
    bool opaque = false;
    const size_t authority = AuthorityBegin(begin, end, &opaque);
    if (opaque) return false;
    if (authority == kNone) return true;
    *path = Find(kSegmentEnd, authority, end);
    const size_t at = url_.substr(0, *path).rfind('@');
    size_t host = authority;
    if (at != kNone && at >= authority) {
      Redact(authority, at, Detector::kCredential);
      host = at + 1;
    }
    RedactIdentifiers(host, *path);
    return true;
  }

  void EditPath(size_t begin, size_t end) {
    auto announced = Announces::kNothing;
    for (size_t at = begin; at < end;) {
      const size_t segment_end = Find(kSegmentEnd, at, end);
      const size_t matrix = Find(kMatrix, at, segment_end);
      const std::string_view segment = url_.substr(at, matrix - at);
      const bool transparent = IsTransparent(segment);
      const Announces announces = AnnouncedBySegment(segment);
      const bool token =
          !transparent &&
          (IsAnnouncedToken(announced, segment) || IsTokenLike(segment) ||
           (announces != Announces::kNothing && HoldsEncodedSlash(segment)));
      if (token) {
        Redact(at, matrix, Detector::kCredential);
      } else {
        RedactSegment(at, matrix);
      }
      if (matrix < segment_end)
        EditParameters(matrix + 1, segment_end, kMatrix);
      at = segment_end + 1;
      if (!transparent) announced = announces;
    }
  }

  // name=value pairs; what has no '=' is a value.
  void EditParameters(size_t begin, size_t end, uint8_t separators) {
    for (size_t at = begin; at < end;) {
      const size_t pair_end = Find(separators, at, end);
      const size_t equals = Find(kEquals, at, pair_end);
      const std::string_view name = url_.substr(at, equals - at);
      const bool kept = IsKept(name);
      if (kept || equals == pair_end) {
        if (!kept) Redact(at, pair_end, Detector::kUrlParameter);
        if (kept) RedactIdentifiers(at, pair_end);
      } else {
        if (IsTokenLike(name)) {
          Redact(at, equals, Detector::kCredential);
        } else {
          RedactIdentifiers(at, equals);
        }
        Redact(equals + 1, pair_end, Detector::kUrlParameter);
      }
      at = pair_end + 1;
    }
  }

  bool IsKept(std::string_view name) const {
    return std::any_of(keep_.begin(), keep_.end(), [&](const auto& kept) {
      return EqualsDecoded(name, kept);
    });
  }

  const std::string_view url_;
  const UrlTreatment treatment_;
  const std::span<const std::string> keep_;
  EditList& edits_;
};

bool IsVersion(std::string_view text) {
  constexpr std::string_view kHttp = "HTTP/";
  if (text.substr(0, kHttp.size()) != kHttp) return false;
  text.remove_prefix(kHttp.size());
  if (text.size() == 1) return IsDigit(text[0]);
  return text.size() == 3 && IsDigit(text[0]) && text[1] == '.' &&
         IsDigit(text[2]);
}

// The target of "METHOD target" or "METHOD target HTTP/1.1"; all of `text` if
// it is no request line.
void FindTarget(std::string_view text, size_t* begin, size_t* end) {
  *begin = 0;
  *end = text.size();
  const size_t space = text.find(' ');
  if (space == kNone || std::find(kMethods.begin(), kMethods.end(),
                                  text.substr(0, space)) == kMethods.end()) {
    return;
  }
  *begin = space + 1;
  const size_t last = text.rfind(' ');
  if (last > space && IsVersion(text.substr(last + 1))) *end = last;
}

}  // namespace

void FindUrlEdits(std::string_view url, UrlTreatment treatment,
                  std::span<const std::string> keep_parameters,
                  EditList* edits) {
  if (url.empty() || url == "-") return;
  size_t begin = 0;
  size_t end = 0;
  FindTarget(url, &begin, &end);
  const size_t first = edits->size();
  UrlEditor editor(url, treatment, keep_parameters, edits);
  if (editor.Run(begin, end)) return;
  edits->resize(first);
  edits->push_back({0, static_cast<uint32_t>(url.size()), kRedacted,
                    Detector::kUrlUnparseable});
}

}  // namespace nymstream
