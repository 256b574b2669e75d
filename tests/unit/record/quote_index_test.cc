// Goal: every kind of CPU finds the same quotes and the same end of a line.
// Method: a plain loop as the oracle, over random lines in which what counts is
// frequent.
#include "record/quote_index.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace nymstream {
namespace {

constexpr uint32_t kQuotesMax = 40;

struct Line {
  bool plain = true;
  uint32_t end = 0;
  std::vector<uint32_t> quotes;
};

Line IndexByLoop(std::string_view text) {
  Line line;
  for (; line.end < text.size(); ++line.end) {
    const auto byte = static_cast<unsigned char>(text[line.end]);
    if (byte < 0x20) break;
    if (byte >= 0x80 || byte == '\\') {
      line.plain = false;
      return line;
    }
    if (byte == '"') line.quotes.push_back(line.end);
  }
  line.plain = line.quotes.size() <= kQuotesMax;
  return line;
}

void ExpectAlike(const QuoteIndexer& indexer, const std::string& text,
                 uint32_t limit) {
  const Line expected = IndexByLoop(std::string_view(text).substr(0, limit));
  std::vector<uint32_t> quotes(kQuotesMax + kQuoteIndexBlock, 77);
  const QuoteIndex index =
      indexer.function(text.data(), limit, kQuotesMax, quotes.data());
  ASSERT_EQ(index.plain, expected.plain)
      << indexer.instructions << " limit " << limit << ": " << text;
  if (!expected.plain) return;
  ASSERT_EQ(index.end, expected.end) << indexer.instructions << ": " << text;
  ASSERT_EQ(index.quotes, expected.quotes.size());
  quotes.resize(index.quotes);
  ASSERT_EQ(quotes, expected.quotes) << indexer.instructions << ": " << text;
}

TEST(QuoteIndexTest, EveryCpuFindsWhatALoopFinds) {
  std::mt19937 random(5);
  const std::vector<QuoteIndexer> indexers = QuoteIndexers();
  ASSERT_FALSE(indexers.empty());
  EXPECT_EQ(indexers.back().instructions, "sse2");
  for (int i = 0; i < 20000; ++i) {
    const auto limit = static_cast<uint32_t>(random() % 300);
    std::string text(limit + kQuoteIndexBlock, 'x');
    for (char& c : text) {
      const auto draw = random() % 1000;
      if (draw < 90) c = '"';
      if (draw >= 90 && draw < 92) c = '\n';
      if (draw == 92 && i % 4 == 0) c = '\\';
      if (draw == 93 && i % 4 == 1) c = '\x80';
      if (draw == 94 && i % 4 == 2) c = '\x1F';
      if (draw == 95) c = '\x7F';
    }
    for (const QuoteIndexer& indexer : indexers) {
      ExpectAlike(indexer, text, limit);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(QuoteIndexTest, OneQuoteMoreThanTheyMayBeIsTooMany) {
  for (const QuoteIndexer& indexer : QuoteIndexers()) {
    for (uint32_t count = kQuotesMax - 1; count <= kQuotesMax + 1; ++count) {
      const std::string text =
          std::string(count, '"') + std::string(kQuoteIndexBlock, ' ');
      ExpectAlike(indexer, text, count);
    }
    ExpectAlike(indexer, std::string(300 + kQuoteIndexBlock, '"'), 300);
  }
}

}  // namespace
}  // namespace nymstream
