#include "treatment/user_agent.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "treatment/byte_class.h"
#include "treatment/text_scan.h"

namespace nymstream {
namespace {

// Who is named last in the list of ranks wins: a bot that calls itself Chrome
// is a bot, and Edge, which calls itself Chrome and Safari, is Edge.
enum Rank : uint8_t {
  kNobody,
  kSafari,
  kChromium,  // engines that many others name too
  kBrowser,
  kLibrary,
  kBot,
};

struct Family {
  std::string_view word;  // in lower case, as the agent writes it
  std::string_view name;
  Rank rank;
};

// Sorted by first letter. A word stands alone: no letter or digit before it,
// no letter after it.
constexpr std::array kFamilies = {
    Family{"ahrefsbot", "AhrefsBot", kBot},
    Family{"aiohttp", "aiohttp", kLibrary},
    Family{"amazonbot", "Amazonbot", kBot},
    Family{"apache-httpclient", "Apache-HttpClient", kLibrary},
    Family{"apachebench", "ApacheBench", kLibrary},
    Family{"applebot", "Applebot", kBot},
    Family{"axios", "axios", kLibrary},
    Family{"baiduspider", "Baiduspider", kBot},
    Family{"bingbot", "Bingbot", kBot},
    Family{"bingpreview", "BingPreview", kBot},
    Family{"bot", "Other bot", kLibrary},
    Family{"bytespider", "Bytespider", kBot},
    Family{"ccbot", "CCBot", kBot},
    Family{"cfnetwork", "CFNetwork", kSafari},
    Family{"chatgpt-user", "ChatGPT-User", kBot},
    Family{"chrome", "Chrome", kChromium},
    Family{"chromium", "Chromium", kBrowser},
    Family{"claudebot", "ClaudeBot", kBot},
    Family{"crawler", "Other bot", kLibrary},
    Family{"crios", "Chrome", kBrowser},
    Family{"curl", "curl", kLibrary},
    Family{"dart", "Dart", kLibrary},
    Family{"datadog", "Datadog", kBot},
    Family{"discordbot", "Discordbot", kBot},
    Family{"dotbot", "DotBot", kBot},
    Family{"duckduckbot", "DuckDuckBot", kBot},
    Family{"duckduckgo", "DuckDuckGo", kBrowser},
    Family{"edg", "Edge", kBrowser},
    Family{"edga", "Edge", kBrowser},
    Family{"edge", "Edge", kBrowser},
    Family{"edgios", "Edge", kBrowser},
    Family{"electron", "Electron", kBrowser},
    Family{"facebookexternalhit", "FacebookExternalHit", kBot},
    Family{"fban", "Facebook app", kBrowser},
    Family{"fbav", "Facebook app", kBrowser},
    Family{"firefox", "Firefox", kChromium},
    Family{"focus", "Firefox Focus", kBrowser},
    Family{"fxios", "Firefox", kBrowser},
    Family{"go-http-client", "Go-http-client", kLibrary},
    Family{"googlebot", "Googlebot", kBot},
    Family{"googleother", "GoogleOther", kBot},
    Family{"got", "got", kLibrary},
    Family{"gptbot", "GPTBot", kBot},
    Family{"grpc-go", "grpc-go", kLibrary},
    Family{"guzzlehttp", "GuzzleHttp", kLibrary},
    Family{"headlesschrome", "HeadlessChrome", kBrowser},
    Family{"httpie", "HTTPie", kLibrary},
    Family{"huaweibrowser", "Huawei Browser", kBrowser},
    Family{"instagram", "Instagram app", kBrowser},
    Family{"java", "Java", kLibrary},
    Family{"konqueror", "Konqueror", kBrowser},
    Family{"kube-probe", "kube-probe", kLibrary},
    Family{"libwww-perl", "libwww-perl", kLibrary},
    Family{"linkedinbot", "LinkedInBot", kBot},
    Family{"lynx", "Lynx", kBrowser},
    Family{"maxthon", "Maxthon", kBrowser},
    Family{"mj12bot", "MJ12bot", kBot},
    Family{"micromessenger", "WeChat", kBrowser},
    Family{"miuibrowser", "MIUI Browser", kBrowser},
    Family{"msie", "Internet Explorer", kBrowser},
    Family{"node-fetch", "node-fetch", kLibrary},
    Family{"okhttp", "okhttp", kLibrary},
    Family{"opera", "Opera", kBrowser},
    Family{"opr", "Opera", kBrowser},
    Family{"opt", "Opera", kBrowser},
    Family{"perplexitybot", "PerplexityBot", kBot},
    Family{"petalbot", "PetalBot", kBot},
    Family{"pingdom", "Pingdom", kBot},
    Family{"pinterestbot", "Pinterestbot", kBot},
    Family{"postmanruntime", "PostmanRuntime", kLibrary},
    Family{"prometheus", "Prometheus", kLibrary},
    Family{"python", "Python", kLibrary},
    Family{"python-httpx", "python-httpx", kLibrary},
    Family{"python-requests", "python-requests", kLibrary},
    Family{"python-urllib", "Python-urllib", kLibrary},
    Family{"qqbrowser", "QQ Browser", kBrowser},
    Family{"reqwest", "reqwest", kLibrary},
    Family{"ruby", "Ruby", kLibrary},
    Family{"safari", "Safari", kSafari},
    Family{"samsungbrowser", "Samsung Internet", kBrowser},
    Family{"seamonkey", "SeaMonkey", kBrowser},
    Family{"semrushbot", "SemrushBot", kBot},
    Family{"silk", "Silk", kBrowser},
    Family{"slackbot", "Slackbot", kBot},
    Family{"spider", "Other bot", kLibrary},
    Family{"telegrambot", "TelegramBot", kBot},
    Family{"trident", "Internet Explorer", kSafari},
    Family{"twitterbot", "Twitterbot", kBot},
    Family{"ucbrowser", "UC Browser", kBrowser},
    Family{"undici", "undici", kLibrary},
    Family{"uptimerobot", "UptimeRobot", kBot},
    Family{"vivaldi", "Vivaldi", kBrowser},
    Family{"wget", "Wget", kLibrary},
    Family{"whatsapp", "WhatsApp", kBot},
    Family{"yabrowser", "Yandex Browser", kBrowser},
    Family{"yandexbot", "YandexBot", kBot},
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
    System{"darwin", "macOS", 1},
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

struct Reading {
  const Family* family = nullptr;
  const System* system = nullptr;
  std::string_view version;
  std::string_view safari_version;  // of "Version/17.2"
};

Reading Read(std::string_view agent) {
  Reading reading;
  bool in_word = false;
  for (size_t at = 0; at < agent.size(); ++at) {
    const bool begins_word = !in_word && IsLetter(agent[at]);
    in_word = IsAlnum(agent[at]);
    if (!begins_word) continue;
    const Family* family = FindWord(kFamilies, kFamilyIndex, agent, at);
    if (family != nullptr &&
        (reading.family == nullptr || family->rank > reading.family->rank)) {
      reading.family = family;
      reading.version = MajorVersion(agent, at + family->word.size());
    }
    const System* system = FindWord(kSystems, kSystemIndex, agent, at);
    if (system != nullptr &&
        (reading.system == nullptr || system->rank > reading.system->rank)) {
      reading.system = system;
    }
    constexpr std::string_view kVersion = "version";
    if (EqualsIgnoreCase(agent.substr(at, kVersion.size()), kVersion)) {
      reading.safari_version = MajorVersion(agent, at + kVersion.size());
    }
  }
  return reading;
}

}  // namespace

size_t WriteUserAgentFamily(std::string_view user_agent,
                            char out[kUserAgentFamilyMax]) {
  const Reading reading = Read(user_agent);
  char* end = out;
  const auto append = [&](std::string_view text) {
    end = std::copy(text.begin(), text.end(), end);
  };
  const Family* family = reading.family;
  append(family != nullptr ? family->name : "Other");
  // A bot's version tells nothing that analysts ask for.
  if (family != nullptr && family->rank != kBot &&
      family->name != "Other bot") {
    const std::string_view version =
        family->rank == kSafari ? reading.safari_version : reading.version;
    if (!version.empty()) {
      append(" ");
      append(version);
    }
  }
  append("; ");
  append(reading.system != nullptr ? reading.system->name : "Other");
  return static_cast<size_t>(end - out);
}

void FindUserAgentEdits(std::string_view user_agent, EditList* edits) {
  ScanEncodedText(user_agent, TextKind::kUserAgent, edits);
}

}  // namespace nymstream
