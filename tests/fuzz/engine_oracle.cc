#include "fuzz/engine_oracle.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "support/engine_harness.h"

namespace nymstream {
namespace {

std::string Folded(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

std::string HexOf(std::string_view value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte / 16];
    hex += kDigits[byte % 16];
  }
  return hex;
}

// The characters that `value` alone decides, with `before` bytes in front.
std::string Base64Of(std::string_view value, size_t before) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bits(before * 8, '0');
  for (const char c : value) {
    for (int bit = 7; bit >= 0; --bit) bits += (c >> bit & 1) != 0 ? '1' : '0';
  }
  std::string out;
  for (size_t at = (before * 8 + 5) / 6 * 6; at + 6 <= bits.size(); at += 6) {
    const std::string_view six = std::string_view(bits).substr(at, 6);
    out += kDigits[std::accumulate(
        six.begin(), six.end(), size_t{0},
        [](size_t sum, char bit) { return sum * 2 + (bit == '1'); })];
  }
  return out;
}

std::string PercentDecoded(std::string_view text) {
  const auto is_hex = [&](size_t at) {
    return at < text.size() &&
           std::isxdigit(static_cast<unsigned char>(text[at])) != 0;
  };
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && is_hex(at + 1) && is_hex(at + 2)) {
      const std::string digits(text.substr(at + 1, 2));
      out += static_cast<char>(std::strtoul(digits.c_str(), nullptr, 16));
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

bool ShowsUndecoded(const std::string& text, std::string_view value) {
  const std::string folded = Folded(text);
  const auto has = [](const std::string& where, const std::string& what) {
    return where.find(what) != std::string::npos;
  };
  if (has(folded, Folded(value)) || has(folded, HexOf(value))) return true;
  std::string standard = text;
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  for (size_t before = 0; before < 3; ++before) {
    if (has(standard, Base64Of(value, before))) return true;
  }
  return false;
}

std::unique_ptr<Deidentifier> Engine(const std::shared_ptr<const Plan>& plan,
                                     size_t memo_bytes) {
  DeidentifierOptions options;
  options.keyring = TestKeyring();
  options.as_of = kTestDay;
  options.memo_bytes = memo_bytes;
  auto engine = Deidentifier::Create(plan, std::move(options));
  Check(engine.ok());
  return *std::move(engine);
}

void CheckCounters(const ReleasedBatch& batch) {
  const Counters& counters = batch.counters();
  const size_t quarantined = batch.receipts().size();
  Check(std::accumulate(counters.quarantined_by.begin(),
                        counters.quarantined_by.end(),
                        uint64_t{0}) == quarantined);
  for (int i = 0; i < batch.releases(); ++i) {
    const ReleaseCounters& release = counters.releases[static_cast<size_t>(i)];
    Check(release.AddUp());
    Check(release.received == counters.received);
    Check(release.quarantined == quarantined);
    Check(std::accumulate(release.suppressed_by.begin(),
                          release.suppressed_by.end(),
                          uint64_t{0}) == release.suppressed);
    Check(release.bytes == batch.bytes(i).size());
    Check(release.released == batch.records(i).size());
    Check(release.released == LinesOf(batch.bytes(i)).size());
  }
}

bool SameReceipt(const Receipt& a, const Receipt& b) {
  return a.offset == b.offset && a.size == b.size && a.reason == b.reason;
}

}  // namespace

void Check(bool condition) {
  if (!condition) std::abort();
}

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1);
    lines.push_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

bool Shows(std::string_view text, std::string_view value) {
  std::string view(text);
  for (int layer = 0; layer < 3; ++layer) {
    if (ShowsUndecoded(view, value)) return true;
    view = PercentDecoded(view);
  }
  return false;
}

EnginePair::EnginePair(const std::shared_ptr<const Plan>& plan)
    : whole_engine_(Engine(plan, 4 << 20)),
      line_engine_(Engine(plan, 16 << 10)) {}

void EnginePair::RunByLines(std::string_view text) {
  joined_.assign(static_cast<size_t>(whole_.releases()), "");
  receipts_.clear();
  uint64_t offset = 0;
  for (const std::string_view line : LinesOf(text)) {
    raw_.Clear();
    raw_.Add(line, offset);
    line_engine_->Process(raw_, &part_);
    for (size_t i = 0; i < joined_.size(); ++i) {
      joined_[i] += part_.bytes(static_cast<int>(i));
    }
    receipts_.insert(receipts_.end(), part_.receipts().begin(),
                     part_.receipts().end());
    offset += line.size();
  }
}

const ReleasedBatch& EnginePair::Run(std::string_view text) {
  raw_.Clear();
  raw_.Add(text, 0);
  whole_engine_->Process(raw_, &whole_);
  CheckCounters(whole_);
  RunByLines(text);
  for (size_t i = 0; i < joined_.size(); ++i) {
    Check(joined_[i] == whole_.bytes(static_cast<int>(i)));
  }
  Check(std::equal(receipts_.begin(), receipts_.end(),
                   whole_.receipts().begin(), whole_.receipts().end(),
                   SameReceipt));
  return whole_;
}

}  // namespace nymstream
