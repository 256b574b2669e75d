#include "secret/keyring_text.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "base/utc_time.h"
#include "nymstream/period.h"

namespace nymstream {
namespace {

constexpr std::string_view kVersionLine = "nymstream-keyring 1";
constexpr std::string_view kDestroyed = "destroyed";
constexpr std::string_view kNoTime = "-";
constexpr std::string_view kHead =
    "# Secret. Whoever has this file can undo the pseudonyms made with it.\n"
    "# Series, id, from, until, secret; see docs/keys.md. Change it with\n"
    "# nymstream keys, never by hand.\n";
constexpr size_t kSecretHexChars = 2 * kEpochSecretBytes;
// 32 random bytes have fewer with a probability below 2^-58.
constexpr size_t kDistinctBytesMin = 16;
constexpr std::string_view kMakeSecrets =
    "let nymstream keys generate make the secrets";

constexpr std::string_view kBlanks = " \t\r";

struct Line {
  int number = 0;
  std::string_view text;
};

// Lines that are neither empty nor comments.
std::vector<Line> ContentLines(std::string_view text) {
  std::vector<Line> lines;
  int number = 0;
  while (!text.empty()) {
    ++number;
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    line = line.substr(0, line.find_last_not_of(kBlanks) + 1);
    if (!line.empty() && line[0] != '#') lines.push_back({number, line});
  }
  return lines;
}

std::vector<std::string_view> Words(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const size_t end = std::min(line.find_first_of(kBlanks), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  }
  return words;
}

// Reads the lines of one file. Messages never quote the line: a secret may
// stand anywhere in a file that is wrong.
class Reader {
 public:
  explicit Reader(std::string_view file_name) : file_name_(file_name) {}

  absl::StatusOr<KeyringContent> Read(std::string_view text);

 private:
  absl::Status Error(int line, std::string_view what,
                     std::string_view hint) const {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s:%d: error: %s; %s", file_name_, line, what, hint));
  }
  absl::Status ReadEpoch(const Line& line, KeyEpoch* epoch,
                         std::span<unsigned char> secret) const;
  absl::Status ReadTimes(int line, std::string_view from,
                         std::string_view until, KeyEpoch* epoch) const;
  absl::Status ReadSecret(int line, std::string_view hex,
                          std::span<unsigned char> secret) const;
  absl::Status CheckIds(const KeyringContent& content) const;
  absl::Status CheckSecrets(const KeyringContent& content) const;
  absl::Status CheckTimes(const KeyringContent& content) const;

  std::string_view file_name_;
  std::vector<int> numbers_;  // line of each epoch, in the order of the file
};

absl::Status Reader::ReadTimes(int line, std::string_view from,
                               std::string_view until, KeyEpoch* epoch) const {
  if (epoch->series == kSubjectsSeries) {
    if (from != kNoTime || until != kNoTime) {
      return Error(line, "the epoch of subjects has no times",
                   "write - for from and until");
    }
    epoch->from = std::numeric_limits<int64_t>::min();
    epoch->until = std::numeric_limits<int64_t>::max();
    return absl::OkStatus();
  }
  const std::optional<int64_t> begin = ParseUtcTime(from);
  const std::optional<int64_t> end = ParseUtcTime(until);
  if (!begin || !end) {
    return Error(line, begin ? "until is not a time" : "from is not a time",
                 "write it as 2025-01-31T00:00:00Z");
  }
  if (*begin >= *end) {
    return Error(line, "from is not before until", "exchange them");
  }
  epoch->from = *begin;
  epoch->until = *end;
  return absl::OkStatus();
}

absl::Status Reader::ReadSecret(int line, std::string_view hex,
                                std::span<unsigned char> secret) const {
  size_t size = 0;
  const char* end = nullptr;
  if (hex.size() != kSecretHexChars ||
      sodium_hex2bin(secret.data(), secret.size(), hex.data(), hex.size(),
                     nullptr, &size, &end) != 0 ||
      size != kEpochSecretBytes) {
    return Error(line,
                 absl::StrFormat("the secret is not %d hex digits, nor the "
                                 "word destroyed",
                                 kSecretHexChars),
                 kMakeSecrets);
  }
  std::bitset<256> seen;
  for (const unsigned char byte : secret) seen.set(byte);
  if (seen.count() < kDistinctBytesMin) {
    return Error(line, "the secret is not random", kMakeSecrets);
  }
  return absl::OkStatus();
}

absl::Status Reader::ReadEpoch(const Line& line, KeyEpoch* epoch,
                               std::span<unsigned char> secret) const {
  const std::vector<std::string_view> words = Words(line.text);
  if (words.size() != 5) {
    return Error(line.number, "an epoch has five words",
                 "write series, id, from, until, secret");
  }
  if (!IsSeries(words[0])) {
    return Error(line.number, "the series is no period, nor subjects",
                 "write a period as P1D, P30D or P1Y6M");
  }
  if (!IsEpochId(words[1])) {
    return Error(line.number, "the id is not 6 characters of a-z and 2-7",
                 "let nymstream keys generate choose the ids");
  }
  epoch->series = words[0];
  epoch->id = words[1];
  NYM_RETURN_IF_ERROR(ReadTimes(line.number, words[2], words[3], epoch));
  epoch->destroyed = words[4] == kDestroyed;
  if (epoch->destroyed) return absl::OkStatus();
  return ReadSecret(line.number, words[4], secret);
}

std::vector<size_t> Indexes(const KeyringContent& content) {
  std::vector<size_t> order(content.epochs.size());
  std::iota(order.begin(), order.end(), size_t{0});
  return order;
}

std::vector<size_t> OrderOfTime(const KeyringContent& content) {
  std::vector<size_t> order = Indexes(content);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const KeyEpoch& left = content.epochs[a];
    const KeyEpoch& right = content.epochs[b];
    return left.series != right.series ? left.series < right.series
                                       : left.from < right.from;
  });
  return order;
}

absl::Status Reader::CheckIds(const KeyringContent& content) const {
  std::vector<size_t> order = Indexes(content);
  const auto id = [&](size_t i) -> const std::string& {
    return content.epochs[i].id;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return id(a) < id(b); });
  for (size_t i = 1; i < order.size(); ++i) {
    if (id(order[i - 1]) != id(order[i])) continue;
    return Error(numbers_[order[i]],
                 absl::StrFormat("id %s is that of line %d too", id(order[i]),
                                 numbers_[order[i - 1]]),
                 "a pseudonym must name one epoch only");
  }
  return absl::OkStatus();
}

absl::Status Reader::CheckSecrets(const KeyringContent& content) const {
  std::vector<size_t> order = Indexes(content);
  const auto compare = [&](size_t a, size_t b) {
    return std::memcmp(content.Secret(a).data(), content.Secret(b).data(),
                       kEpochSecretBytes);
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return compare(a, b) < 0; });
  for (size_t i = 1; i < order.size(); ++i) {
    if (content.epochs[order[i]].destroyed ||
        compare(order[i - 1], order[i]) != 0) {
      continue;
    }
    return Error(numbers_[order[i]],
                 absl::StrFormat("the secret is that of line %d too",
                                 numbers_[order[i - 1]]),
                 kMakeSecrets);
  }
  return absl::OkStatus();
}

absl::Status Reader::CheckTimes(const KeyringContent& content) const {
  const std::vector<size_t> order = OrderOfTime(content);
  for (size_t i = 1; i < order.size(); ++i) {
    const KeyEpoch& before = content.epochs[order[i - 1]];
    const KeyEpoch& after = content.epochs[order[i]];
    if (before.series != after.series || before.until <= after.from) continue;
    return Error(numbers_[order[i]],
                 absl::StrFormat("epochs %s and %s of %s overlap", before.id,
                                 after.id, after.series),
                 after.series == kSubjectsSeries
                     ? "the series subjects has one epoch"
                     : "a record's time must fall into one epoch");
  }
  return absl::OkStatus();
}

absl::StatusOr<KeyringContent> Reader::Read(std::string_view text) {
  const std::vector<Line> lines = ContentLines(text);
  if (lines.empty()) {
    return Error(1, "the keyring is empty",
                 "make one with nymstream keys generate");
  }
  if (lines[0].text != kVersionLine) {
    return Error(
        lines[0].number, "this is no keyring of version 1",
        absl::StrCat(
            "its first line is \"",
            absl::string_view(kVersionLine.data(), kVersionLine.size()), "\""));
  }
  const size_t count = lines.size() - 1;
  if (count == 0 || count > kEpochsMax) {
    return Error(lines[0].number,
                 absl::StrFormat("the keyring has %d epochs", count),
                 absl::StrFormat("it may have 1 to %d", kEpochsMax));
  }
  KeyringContent content;
  content.epochs.resize(count);
  NYM_ASSIGN_OR_RETURN(content.secrets,
                       SecretBytes::Create(count * kEpochSecretBytes));
  const std::span<unsigned char> secrets =
      content.secrets.ExposeSecretForWriting();
  for (size_t i = 0; i < count; ++i) {
    numbers_.push_back(lines[i + 1].number);
    NYM_RETURN_IF_ERROR(
        ReadEpoch(lines[i + 1], &content.epochs[i],
                  secrets.subspan(i * kEpochSecretBytes, kEpochSecretBytes)));
  }
  NYM_RETURN_IF_ERROR(CheckIds(content));
  NYM_RETURN_IF_ERROR(CheckSecrets(content));
  NYM_RETURN_IF_ERROR(CheckTimes(content));
  return InOrder(content);
}

std::string TimeWord(const KeyEpoch& epoch, int64_t time) {
  return epoch.series == kSubjectsSeries ? std::string(kNoTime)
                                         : UtcTimeText(time);
}

}  // namespace

bool IsSeries(std::string_view series) {
  if (series == kSubjectsSeries) return true;
  const std::optional<Period> period = ParsePeriod(series);
  return period.has_value() && PeriodText(*period) == series;
}

bool IsEpochId(std::string_view id) {
  return id.size() == kEpochIdChars &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
         });
}

absl::StatusOr<KeyringContent> ParseKeyringText(std::string_view text,
                                                std::string_view file_name) {
  return Reader(file_name).Read(text);
}

absl::StatusOr<KeyringContent> InOrder(const KeyringContent& content) {
  const std::vector<size_t> order = OrderOfTime(content);
  KeyringContent sorted;
  NYM_ASSIGN_OR_RETURN(sorted.secrets,
                       SecretBytes::Create(content.secrets.size()));
  unsigned char* out = sorted.secrets.ExposeSecretForWriting().data();
  for (const size_t epoch : order) {
    sorted.epochs.push_back(content.epochs[epoch]);
    const std::span<const unsigned char> secret = content.Secret(epoch);
    out = std::copy(secret.begin(), secret.end(), out);
  }
  sorted.secrets.Freeze();
  return sorted;
}

absl::StatusOr<SecretBytes> FormatKeyringText(const KeyringContent& content) {
  std::vector<std::string> heads;  // of each line, up to the secret
  size_t size = kHead.size() + kVersionLine.size() + 1;
  for (const KeyEpoch& epoch : content.epochs) {
    heads.push_back(absl::StrCat(epoch.series, " ", epoch.id, " ",
                                 TimeWord(epoch, epoch.from), " ",
                                 TimeWord(epoch, epoch.until), " "));
    size += heads.back().size() +
            (epoch.destroyed ? kDestroyed.size() : kSecretHexChars) + 1;
  }
  NYM_ASSIGN_OR_RETURN(SecretBytes text, SecretBytes::Create(size));
  char* out = reinterpret_cast<char*>(text.ExposeSecretForWriting().data());
  out = std::copy(kHead.begin(), kHead.end(), out);
  out = std::copy(kVersionLine.begin(), kVersionLine.end(), out);
  *out++ = '\n';
  for (size_t i = 0; i < heads.size(); ++i) {
    out = std::copy(heads[i].begin(), heads[i].end(), out);
    if (content.epochs[i].destroyed) {
      out = std::copy(kDestroyed.begin(), kDestroyed.end(), out);
    } else {
      // The zero that sodium_bin2hex writes is where the line end goes.
      sodium_bin2hex(out, kSecretHexChars + 1, content.Secret(i).data(),
                     kEpochSecretBytes);
      out += kSecretHexChars;
    }
    *out++ = '\n';
  }
  return text;
}

}  // namespace nymstream
