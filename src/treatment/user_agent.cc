#include "treatment/user_agent.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "treatment/byte_class.h"
#include "treatment/text_scan.h"

namespace nymstream {
namespace {

// The family of the highest rank wins: a bot that calls itself Chrome is a bot,
// and Edge, which calls itself Chrome and Safari, is Edge.
enum Rank : uint8_t {
  kFramework,  // parts of systems and browsers
  kEngine,     // browsers that many others call themselves
  kProduct,    // browsers and HTTP libraries
  kSomeBot,
  kBot,
};

enum VersionPlace : uint8_t {
  kNowhere,
  kOwn,   // Firefox/121.0
  kWord,  // Version/17.2, as Safari writes it
  kRv,    // rv:11.0, as Internet Explorer does
};

struct Family {
  std::string_view word;  // in lower case, as the agent writes it
  std::string_view name;
  Rank rank;
  VersionPlace version;
};

// Sorted by first letter. A word stands alone: no letter or digit before it, no
// letter after it; that of a product at the beginning or before its version.
constexpr std::array kFamilies = {
    Family{"ahrefsbot", "AhrefsBot", kBot, kNowhere},
    Family{"aiohttp", "aiohttp", kProduct, kOwn},
    Family{"amazonbot", "Amazonbot", kBot, kNowhere},
    Family{"apache-httpclient", "Apache-HttpClient", kProduct, kOwn},
    Family{"apachebench", "ApacheBench", kProduct, kOwn},
    Family{"applebot", "Applebot", kBot, kNowhere},
    Family{"axios", "axios", kProduct, kOwn},
    Family{"baiduspider", "Baiduspider", kBot, kNowhere},
    Family{"bingbot", "Bingbot", kBot, kNowhere},
    Family{"bingpreview", "BingPreview", kBot, kNowhere},
    Family{"bytespider", "Bytespider", kBot, kNowhere},
    Family{"ccbot", "CCBot", kBot, kNowhere},
    Family{"cfnetwork", "CFNetwork", kFramework, kNowhere},
    Family{"chatgpt-user", "ChatGPT-User", kBot, kNowhere},
    Family{"chrome", "Chrome", kEngine, kOwn},
    Family{"chromium", "Chromium", kProduct, kOwn},
    Family{"claudebot", "ClaudeBot", kBot, kNowhere},
    Family{"crios", "Chrome", kProduct, kOwn},
    Family{"curl", "curl", kProduct, kOwn},
    Family{"dart", "Dart", kProduct, kOwn},
    Family{"datadog", "Datadog", kBot, kNowhere},
    Family{"discordbot", "Discordbot", kBot, kNowhere},
    Family{"dotbot", "DotBot", kBot, kNowhere},
    Family{"duckduckbot", "DuckDuckBot", kBot, kNowhere},
    Family{"duckduckgo", "DuckDuckGo", kProduct, kOwn},
    Family{"edg", "Edge", kProduct, kOwn},
    Family{"edga", "Edge", kProduct, kOwn},
    Family{"edge", "Edge", kProduct, kOwn},
    Family{"edgios", "Edge", kProduct, kOwn},
    Family{"electron", "Electron", kProduct, kOwn},
    Family{"facebookexternalhit", "FacebookExternalHit", kBot, kNowhere},
    Family{"fban", "Facebook app", kProduct, kOwn},
    Family{"fbav", "Facebook app", kProduct, kOwn},
    Family{"firefox", "Firefox", kEngine, kOwn},
    Family{"focus", "Firefox Focus", kProduct, kOwn},
    Family{"fxios", "Firefox", kProduct, kOwn},
    Family{"go-http-client", "Go-http-client", kProduct, kOwn},
    Family{"googlebot", "Googlebot", kBot, kNowhere},
    Family{"googleother", "GoogleOther", kBot, kNowhere},
    Family{"got", "got", kProduct, kOwn},
    Family{"gptbot", "GPTBot", kBot, kNowhere},
    Family{"grpc-go", "grpc-go", kProduct, kOwn},
    Family{"guzzlehttp", "GuzzleHttp", kProduct, kOwn},
    Family{"headlesschrome", "HeadlessChrome", kProduct, kOwn},
    Family{"httpie", "HTTPie", kProduct, kOwn},
    Family{"huaweibrowser", "Huawei Browser", kProduct, kOwn},
    Family{"instagram", "Instagram app", kProduct, kOwn},
    Family{"java", "Java", kProduct, kOwn},
    Family{"konqueror", "Konqueror", kProduct, kOwn},
    Family{"kube-probe", "kube-probe", kProduct, kOwn},
    Family{"libwww-perl", "libwww-perl", kProduct, kOwn},
    Family{"linkedinbot", "LinkedInBot", kBot, kNowhere},
    Family{"lynx", "Lynx", kProduct, kOwn},
    Family{"maxthon", "Maxthon", kProduct, kOwn},
    Family{"mj12bot", "MJ12bot", kBot, kNowhere},
    Family{"micromessenger", "WeChat", kProduct, kOwn},
    Family{"miuibrowser", "MIUI Browser", kProduct, kOwn},
    Family{"msie", "Internet Explorer", kProduct, kOwn},
    Family{"node-fetch", "node-fetch", kProduct, kOwn},
    Family{"okhttp", "okhttp", kProduct, kOwn},
    Family{"opera", "Opera", kProduct, kOwn},
    Family{"opr", "Opera", kProduct, kOwn},
    Family{"opt", "Opera", kProduct, kOwn},
    Family{"perplexitybot", "PerplexityBot", kBot, kNowhere},
    Family{"petalbot", "PetalBot", kBot, kNowhere},
    Family{"pingdom", "Pingdom", kBot, kNowhere},
    Family{"pinterestbot", "Pinterestbot", kBot, kNowhere},
    Family{"postmanruntime", "PostmanRuntime", kProduct, kOwn},
    Family{"prometheus", "Prometheus", kProduct, kOwn},
    Family{"python", "Python", kProduct, kOwn},
    Family{"python-httpx", "python-httpx", kProduct, kOwn},
    Family{"python-requests", "python-requests", kProduct, kOwn},
    Family{"python-urllib", "Python-urllib", kProduct, kOwn},
    Family{"qqbrowser", "QQ Browser", kProduct, kOwn},
    Family{"reqwest", "reqwest", kProduct, kOwn},
    Family{"ruby", "Ruby", kProduct, kOwn},
    Family{"safari", "Safari", kFramework, kWord},
    Family{"samsungbrowser", "Samsung Internet", kProduct, kOwn},
    Family{"seamonkey", "SeaMonkey", kProduct, kOwn},
    Family{"semrushbot", "SemrushBot", kBot, kNowhere},
    Family{"silk", "Silk", kProduct, kOwn},
    Family{"slackbot", "Slackbot", kBot, kNowhere},
    Family{"telegrambot", "TelegramBot", kBot, kNowhere},
    Family{"trident", "Internet Explorer", kFramework, kRv},
    Family{"twitterbot", "Twitterbot", kBot, kNowhere},
    Family{"ucbrowser", "UC Browser", kProduct, kOwn},
    Family{"undici", "undici", kProduct, kOwn},
    Family{"uptimerobot", "UptimeRobot", kBot, kNowhere},
    Family{"vivaldi", "Vivaldi", kProduct, kOwn},
    Family{"wget", "Wget", kProduct, kOwn},
    Family{"whatsapp", "WhatsApp", kBot, kNowhere},
    Family{"yabrowser", "Yandex Browser", kProduct, kOwn},
    Family{"yandexbot", "YandexBot", kBot, kNowhere},
};

struct System {
  std::string_view word;
  std::string_view name;
  // Android agents name Linux, iPhones name Mac OS X: the higher rank wins.
  uint8_t rank;
};

constexpr std::array kSystems = {
    System{"android", "Android", 2},
    System{"cros", "ChromeOS", 2},
    System{"darwin", "Darwin", 1},
    System{"freebsd", "FreeBSD", 2},
    System{"harmonyos", "HarmonyOS", 3},
    System{"ios", "iOS", 2},
    System{"ipad", "iOS", 3},
    System{"iphone", "iOS", 3},
    System{"ipod", "iOS", 3},
    System{"kaios", "KaiOS", 3},
    System{"linux", "Linux", 1},
    System{"mac", "macOS", 1},
    System{"macintosh", "macOS", 1},
    System{"macos", "macOS", 1},
    System{"netbsd", "NetBSD", 2},
    System{"openbsd", "OpenBSD", 2},
    System{"openharmony", "HarmonyOS", 3},
    System{"playstation", "PlayStation", 3},
    System{"sunos", "SunOS", 2},
    System{"tizen", "Tizen", 3},
    System{"ubuntu", "Linux", 1},
    System{"webos", "webOS", 3},
    System{"windows", "Windows", 2},
    System{"xbox", "Xbox", 3},
};

constexpr size_t kVersionDigitsMax = 4;

constexpr size_t LongestText() {
  size_t family = 0;
  size_t system = 0;
  for (const Family& entry : kFamilies) {
    family = std::max(family, entry.name.size());
  }
  for (const System& entry : kSystems) {
    system = std::max(system, entry.name.size());
  }
  return family + 1 + kVersionDigitsMax + 2 + system;
}
static_assert(LongestText() <= kUserAgentFamilyMax);

template <typename Table>
constexpr bool IsSortedByLetter(const Table& table) {
  return std::is_sorted(
      table.begin(), table.end(),
      [](const auto& a, const auto& b) { return a.word[0] < b.word[0]; });
}
static_assert(IsSortedByLetter(kFamilies) && IsSortedByLetter(kSystems));

// Where the entries of each first letter begin.
template <typename Table>
constexpr std::array<uint8_t, 27> LetterIndex(const Table& table) {
  std::array<uint8_t, 27> index{};
  size_t at = 0;
  for (size_t letter = 0; letter < 27; ++letter) {
    while (at < table.size() &&
           static_cast<size_t>(table[at].word[0] - 'a') < letter) {
      ++at;
    }
    index[letter] = static_cast<uint8_t>(at);
  }
  return index;
}
constexpr auto kFamilyIndex = LetterIndex(kFamilies);
constexpr auto kSystemIndex = LetterIndex(kSystems);

// The longest word of `table` that stands at `at`; null if there is none.
template <typename Table>
auto FindWord(const Table& table, const std::array<uint8_t, 27>& index,
              std::string_view text, size_t at) -> decltype(table.data()) {
  const auto letter = static_cast<size_t>(ToLower(text[at]) - 'a');
  decltype(table.data()) found = nullptr;
  for (size_t i = index[letter]; i < index[letter + 1]; ++i) {
    const std::string_view word = table[i].word;
    if (EqualsIgnoreCase(text.substr(at, word.size()), word) &&
        !IsLetter(ByteAt(text, at + word.size())) &&
        (found == nullptr || word.size() > found->word.size())) {
      found = &table[i];
    }
  }
  return found;
}

// The 1 to 4 digits after `at` and one '/', ' ' or ':'; empty if there are
// none or more.
std::string_view MajorVersion(std::string_view text, size_t at) {
  const char separator = ByteAt(text, at);
  if (separator != '/' && separator != ' ' && separator != ':') return {};
  const size_t begin = at + 1;
  size_t end = begin;
  while (end < text.size() && end - begin <= kVersionDigitsMax &&
         IsDigit(text[end])) {
    ++end;
  }
  return end - begin <= kVersionDigitsMax ? text.substr(begin, end - begin)
                                          : std::string_view();
}

constexpr Family kOtherBot = {"", "Other bot", kSomeBot, kNowhere};
constexpr Family kAndroidBrowser = {"", "Android Browser", kEngine, kWord};

bool EndsAsBot(std::string_view word) {
  constexpr std::array<std::string_view, 3> kEndings = {"bot", "spider",
                                                        "crawler"};
  return std::any_of(kEndings.begin(), kEndings.end(), [&](auto ending) {
    return word.size() >= ending.size() &&
           EqualsIgnoreCase(word.substr(word.size() - ending.size()), ending);
  });
}

class Reading {
 public:
  explicit Reading(std::string_view agent) : agent_(agent) {
    for (size_t at = 0; at < agent.size();) {
      size_t end = at;
      while (end < agent.size() && IsAlnum(agent[end])) ++end;
      if (IsLetter(agent[at])) ReadWord(at, end);
      at = end + 1;
    }
    if (family_ != nullptr && family_->word == "safari" && system_ != nullptr &&
        system_->name == "Android") {
      family_ = &kAndroidBrowser;
    }
  }

  std::string_view family() const {
    return family_ != nullptr ? family_->name : "Other";
  }
  std::string_view system() const {
    return system_ != nullptr ? system_->name : "Other";
  }
  std::string_view version() const {
    switch (family_ != nullptr ? family_->version : kNowhere) {
      case kNowhere:
        return {};
      case kOwn:
        return own_version_;
      case kWord:
        return word_version_;
      case kRv:
        return rv_version_;
    }
    return {};
  }

 private:
  void ReadWord(size_t begin, size_t end) {
    const Family* family = FindWord(kFamilies, kFamilyIndex, agent_, begin);
    if (family != nullptr) {
      const size_t after = begin + family->word.size();
      const std::string_view version = MajorVersion(agent_, after);
      if (family->rank != kProduct || begin == 0 || !version.empty() ||
          ByteAt(agent_, after) == '/') {
        Take(*family, version);
      }
    } else if (EndsAsBot(agent_.substr(begin, end - begin))) {
      Take(kOtherBot, {});
    }
    const System* system = FindWord(kSystems, kSystemIndex, agent_, begin);
    if (system != nullptr &&
        (system_ == nullptr || system->rank > system_->rank)) {
      system_ = system;
    }
    const std::string_view word = agent_.substr(begin, end - begin);
    if (EqualsIgnoreCase(word, "version")) {
      word_version_ = MajorVersion(agent_, end);
    } else if (EqualsIgnoreCase(word, "rv")) {
      rv_version_ = MajorVersion(agent_, end);
    }
  }

  void Take(const Family& family, std::string_view version) {
    if (family_ != nullptr && family_->rank >= family.rank) return;
    family_ = &family;
    own_version_ = version;
  }

  const std::string_view agent_;
  const Family* family_ = nullptr;
  const System* system_ = nullptr;
  std::string_view own_version_;
  std::string_view word_version_;
  std::string_view rv_version_;
};

}  // namespace

size_t WriteUserAgentFamily(std::string_view user_agent,
                            char out[kUserAgentFamilyMax]) {
  const Reading reading(user_agent);
  char* end = out;
  const auto append = [&](std::string_view text) {
    end = std::copy(text.begin(), text.end(), end);
  };
  append(reading.family());
  if (!reading.version().empty()) {
    append(" ");
    append(reading.version());
  }
  append("; ");
  append(reading.system());
  return static_cast<size_t>(end - out);
}

void FindUserAgentEdits(std::string_view user_agent, EditList* edits) {
  ScanEncodedText(user_agent, TextKind::kUserAgent, edits);
}

}  // namespace nymstream
