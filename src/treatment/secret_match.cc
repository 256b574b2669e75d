#include "treatment/secret_match.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "treatment/byte_class.h"

namespace nymstream {
namespace {

constexpr size_t kNameMax = 64;

// A name whose letters and digits end so, whatever separates its words:
// X-Api-Key, access_token, JSESSIONID, userPassword.
constexpr std::array<std::string_view, 24> kSecretEndings = {
    "accesskey", "apikey",     "authkey",   "credential", "credentials",
    "csrf",      "encryptkey", "jwt",       "passphrase", "passwd",
    "password",  "privatekey", "pwd",       "secret",     "secretkey",
    "sessid",    "sessionid",  "signature", "signingkey", "token",
    "xsrf",      "bearer",     "authcode",  "passcode"};
// Words too common to be an ending: the whole name, and only before '='.
constexpr std::array<std::string_view, 9> kSecretNames = {
    "auth", "key", "otp", "pass", "pin", "session", "sid", "sig", "pw"};
// Their values hold spaces.
constexpr std::array<std::string_view, 2> kLineEndings = {"authorization",
                                                          "cookie"};
constexpr std::array<std::string_view, 26> kDeviceNames = {
    "aaid",  "adid",      "androidid", "cid",    "clientid", "deviceid", "did",
    "email", "gaid",      "id",        "idfa",   "idfv",     "iid",      "imei",
    "imsi",  "installid", "mac",       "msisdn", "openudid", "serial",   "sn",
    "udid",  "uid",       "user",      "userid", "uuid"};
// Those that a longer name may end with: X-Device-Id, phone_imei.
constexpr std::array<std::string_view, 17> kDeviceWords = {
    "aaid",     "adid",   "androidid", "clientid", "deviceid",  "gaid",
    "idfa",     "idfv",   "imei",      "imsi",     "installid", "msisdn",
    "openudid", "serial", "udid",      "userid",   "uuid"};

// Which two letters can end a name of a table: most names are told apart by
// them, without a closer look.
class LastLetters {
 public:
  constexpr explicit LastLetters(std::span<const std::string_view> names) {
    for (const std::string_view name : names) Add(name);
  }
  constexpr void Add(std::string_view name) {
    pairs_[Index(name[name.size() - 1])] |= 1U << Index(name[name.size() - 2]);
  }
  constexpr bool MayEnd(std::string_view text, size_t end) const {
    return end >= 2 &&
           (pairs_[Index(text[end - 1])] >> Index(text[end - 2]) & 1U) != 0;
  }

 private:
  static constexpr size_t Index(char c) {
    return static_cast<unsigned char>(c) & 31U;
  }
  std::array<uint32_t, 32> pairs_{};
};

constexpr LastLetters kSecretLetters = [] {
  LastLetters letters(kSecretEndings);
  for (const std::string_view name : kSecretNames) letters.Add(name);
  for (const std::string_view name : kLineEndings) letters.Add(name);
  return letters;
}();
constexpr LastLetters kDeviceLetters{kDeviceNames};

bool IsNameByte(char c) {
  return IsAlnum(c) || c == '_' || c == '-' || c == '.';
}
bool IsQuote(char c) { return c == '"' || c == '\''; }
bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsBase64Url(char c) { return IsAlnum(c) || c == '-' || c == '_'; }
bool IsTokenByte(char c) {
  constexpr std::string_view kMarks = "-._~+/=%";
  return IsAlnum(c) || kMarks.find(c) != std::string_view::npos;
}
bool EndsValue(char c) {
  constexpr std::string_view kMarks = "&;,<>|()[]{}\\";
  return IsSpace(c) || IsQuote(c) || kMarks.find(c) != std::string_view::npos;
}

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// Where the name before the separator at `at` ends: "name" =, user[name]=
size_t NameEnd(std::string_view text, size_t at) {
  while (IsBlank(ByteBefore(text, at)) || IsQuote(ByteBefore(text, at)) ||
         ByteBefore(text, at) == ']') {
    --at;
  }
  return at;
}

// The letters and digits, in lower case, of the name that ends at `end`.
class Name {
 public:
  Name(std::string_view text, size_t end) {
    const size_t limit = end > kNameMax ? end - kNameMax : 0;
    size_t begin = end;
    while (begin > limit && IsNameByte(text[begin - 1])) --begin;
    char before = '\0';
    for (size_t i = begin; i < end; before = text[i++]) {
      if (!IsAlnum(text[i])) continue;
      // X-Device-Id, myDeviceId
      const bool hump = IsUpper(text[i]) && !IsUpper(before);
      begins_word_[size_] = !IsAlnum(before) || hump;
      bytes_[size_++] = ToLower(text[i]);
    }
  }

  bool Is(std::span<const std::string_view> names) const {
    return std::find(names.begin(), names.end(), view()) != names.end();
  }
  bool EndsWith(std::span<const std::string_view> endings) const {
    return std::any_of(endings.begin(), endings.end(), [&](auto ending) {
      return view().size() >= ending.size() &&
             view().substr(view().size() - ending.size()) == ending;
    });
  }
  // The same, but as a whole word or several.
  bool EndsWithWords(std::span<const std::string_view> words) const {
    return std::any_of(words.begin(), words.end(), [&](auto word) {
      return size_ >= word.size() && begins_word_[size_ - word.size()] &&
             view().substr(size_ - word.size()) == word;
    });
  }

 private:
  static bool IsUpper(char c) { return ToLower(c) != c; }
  std::string_view view() const { return {bytes_.data(), size_}; }

  std::array<char, kNameMax> bytes_;
  std::array<bool, kNameMax> begins_word_;
  size_t size_ = 0;
};

size_t SkipBlanks(std::string_view text, size_t at) {
  while (at < text.size() && IsBlank(text[at])) ++at;
  return at;
}

// Where the value after the separator at `at` begins: "name" => "value" too.
size_t ValueBegin(std::string_view text, size_t at) {
  const bool arrow = text[at] == '=' && ByteAt(text, at + 1) == '>';
  return SkipBlanks(text, at + (arrow ? 2 : 1));
}

// The value at `at`: what a quote encloses, or a word.
Match ValueAt(std::string_view text, size_t at) {
  if (IsQuote(ByteAt(text, at))) {
    const size_t close = text.find(text[at], at + 1);
    const size_t end = close == std::string_view::npos ? text.size() : close;
    return {at + 1, end, Detector::kCredential};
  }
  size_t end = at;
  while (end < text.size() && !EndsValue(text[end])) ++end;
  return {at, end, Detector::kCredential};
}

// The value at `at`, which may hold spaces: what a quote or a bracket encloses,
// or the rest of the line.
Match LineAt(std::string_view text, size_t at) {
  const char open = ByteAt(text, at);
  if (IsQuote(open)) return ValueAt(text, at);
  const std::string_view ends = open == '[' ? "]" : "\r\n\"'";
  const size_t end = std::min(text.size(), text.find_first_of(ends, at));
  return {open == '[' ? at + 1 : at, end, Detector::kCredential};
}

// The parameters of an authentication scheme at `at`: name=value or
// name="value", with commas between them (RFC 9110, 11.2).
Match ParametersAt(std::string_view text, size_t at) {
  size_t end = at;
  for (size_t next = at;;) {
    const size_t name = next;
    while (next < text.size() && IsNameByte(text[next])) ++next;
    if (next == name || ByteAt(text, next) != '=') break;
    const Match value = ValueAt(text, next + 1);
    next = value.end;
    if (IsQuote(ByteAt(text, value.begin - 1)) && next < text.size()) ++next;
    end = next;
    next = SkipBlanks(text, next);
    if (ByteAt(text, next) != ',') break;
    next = SkipBlanks(text, next + 1);
  }
  return {at, end, Detector::kCredential};
}

// A word of prose after "bearer" or "basic" is letters of one case.
bool LooksLikeToken(std::string_view word) {
  constexpr size_t kProseMax = 20;
  constexpr size_t kTokenMin = 4;
  if (word.size() < kTokenMin) return false;
  if (word.size() > kProseMax) return true;
  for (size_t i = 0; i < word.size(); ++i) {
    if (IsDigit(word[i])) return true;
    const bool upper = IsLetter(word[i]) && ToLower(word[i]) != word[i];
    if (i > 0 && upper && ToLower(word[i - 1]) == word[i - 1]) return true;
    if (!IsLetter(word[i]) && word[i] != '.' && word[i] != '-') return true;
  }
  return false;
}

}  // namespace

Match MatchJwt(std::string_view text, size_t at) {
  constexpr size_t kEncodedMin = 16;
  if (at < 2 || text[at - 1] != 'y' || text[at - 2] != 'e') return {};
  size_t end = at;
  while (end < text.size() && IsBase64Url(text[end])) ++end;
  const size_t first_end = end;
  while (end < text.size() && (IsBase64Url(text[end]) || text[end] == '.')) {
    ++end;
  }
  if (end == first_end) {
    while (end < text.size() && (IsBase64Url(text[end]) || text[end] == '+' ||
                                 text[end] == '/' || text[end] == '=')) {
      ++end;
    }
  }
  if (end - at < kEncodedMin) return {};
  return {at - 2, end, Detector::kJwt};
}

Match MatchSchemeToken(std::string_view text, size_t at) {
  constexpr std::array<std::string_view, 5> kSchemes = {
      "bearer", "basic", "digest", "token", "negotiate"};
  constexpr std::string_view kLastLetters = "rctne";
  const char last = ToLower(ByteBefore(text, at));
  if (kLastLetters.find(last) == std::string_view::npos) return {};
  const bool scheme =
      std::any_of(kSchemes.begin(), kSchemes.end(), [&](auto name) {
        return at >= name.size() &&
               EqualsIgnoreCase(text.substr(at - name.size(), name.size()),
                                name) &&
               !IsAlnum(ByteBefore(text, at - name.size()));
      });
  if (!scheme) return {};
  const size_t begin = SkipBlanks(text, at + 1);
  if (const Match parameters = ParametersAt(text, begin)) return parameters;
  size_t end = begin;
  while (end < text.size() && IsTokenByte(text[end])) ++end;
  if (!LooksLikeToken(text.substr(begin, end - begin))) return {};
  return {begin, end, Detector::kCredential};
}

Match MatchNamedSecret(std::string_view text, size_t at) {
  const size_t name_end = NameEnd(text, at);
  if (!kSecretLetters.MayEnd(text, name_end)) return {};
  const Name name(text, name_end);
  const size_t begin = ValueBegin(text, at);
  if (name.EndsWith(kLineEndings)) return LineAt(text, begin);
  if (name.EndsWith(kSecretEndings)) return ValueAt(text, begin);
  if (text[at] == '=' && name.Is(kSecretNames)) return ValueAt(text, begin);
  return {};
}

Match MatchUserinfo(std::string_view text, size_t at) {
  if (text.substr(at, 3) != "://") return {};
  const size_t begin = at + 3;
  constexpr std::string_view kEnds = "/?#<>\\";
  size_t last_at = begin;
  for (size_t i = begin;
       i < text.size() && !IsSpace(text[i]) && !IsQuote(text[i]) &&
       kEnds.find(text[i]) == std::string_view::npos;
       ++i) {
    if (text[i] == '@') last_at = i;
  }
  return {begin, last_at, Detector::kCredential};
}

Match MatchDeviceId(std::string_view text, size_t at) {
  const size_t name_end = NameEnd(text, at);
  if (!kDeviceLetters.MayEnd(text, name_end)) return {};
  const Name name(text, name_end);
  if (!name.Is(kDeviceNames) && !name.EndsWithWords(kDeviceWords)) return {};
  return ValueAt(text, ValueBegin(text, at));
}

}  // namespace nymstream
