// Goal: how a stream is cut changes nothing of what comes out.
// Method: a slow oracle that splits the whole text at once, over random texts,
// chunk sizes and reads; receipts and bytes are compared.
#include "replay/chunker.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "unit/replay/replay_support.h"

namespace nymstream {
namespace {

// Gives a text in pieces of random sizes, and fails at the end if asked to.
class PiecewiseSource : public ByteSource {
 public:
  PiecewiseSource(std::string_view text, uint32_t seed, size_t piece_max)
      : text_(text), random_(seed), piece_max_(piece_max) {}
  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    if (text_.empty() && fails_) return absl::DataLossError("broken");
    const size_t got =
        std::min({size, text_.size(), 1 + random_() % piece_max_});
    text_.copy(to, got);
    text_.remove_prefix(got);
    return got;
  }
  void FailAtEnd() { fails_ = true; }

 private:
  std::string_view text_;
  std::mt19937 random_;
  size_t piece_max_;
  bool fails_ = false;
};

struct Outcome {
  std::vector<std::string> releases;
  std::vector<std::string> receipts;
  uint64_t received = 0;
  uint64_t received_bytes = 0;
  uint64_t empty_lines = 0;
  bool operator==(const Outcome&) const = default;
};

class ChunkerTest : public ::testing::Test {
 protected:
  ChunkerTest() {
    DeidentifierOptions options;
    options.keyring = ReplayKeyring();
    options.as_of = kTestNow;
    options.memo_bytes = 1 << 20;
    auto made = Deidentifier::Create(ReplayPlan(), options);
    EXPECT_TRUE(made.ok());
    deidentifier_ = *std::move(made);
  }

  void Process(RawBatch& raw, Outcome* outcome) {
    ReleasedBatch released;
    deidentifier_->Process(raw, &released);
    outcome->releases.resize(static_cast<size_t>(released.releases()));
    for (int i = 0; i < released.releases(); ++i) {
      outcome->releases[static_cast<size_t>(i)] += released.bytes(i);
    }
    for (const Receipt& receipt : released.receipts()) {
      outcome->receipts.push_back(absl::StrFormat(
          "%d+%d %s", receipt.offset, receipt.size,
          std::string(QuarantineReasonText(receipt.reason).name)));
    }
    outcome->received += released.counters().received;
    outcome->received_bytes += released.counters().received_bytes;
    outcome->empty_lines += released.counters().empty_lines;
  }

  Outcome Whole(std::string_view text) {
    RawBatch raw;
    if (!text.empty()) raw.Add(text, 0);
    Outcome outcome;
    Process(raw, &outcome);
    return outcome;
  }

  Outcome InChunks(ByteSource* source, const ChunkLimits& limits,
                   uint64_t offset = 0) {
    Chunker chunker(source, limits, offset);
    RawBatch raw;
    Outcome outcome;
    outcome.releases.resize(2);
    while (true) {
      const auto more = chunker.Next(&raw);
      EXPECT_TRUE(more.ok());
      if (!more.ok() || !*more) break;
      Process(raw, &outcome);
      offsets_.push_back(chunker.offset());
    }
    return outcome;
  }

  std::unique_ptr<Deidentifier> deidentifier_;
  std::vector<uint64_t> offsets_;  // after each chunk
};

TEST_F(ChunkerTest, AnyCutGivesWhatTheWholeTextGives) {
  std::mt19937 random(5);
  for (uint32_t seed = 0; seed < 150; ++seed) {
    const std::string text =
        TestLines(seed, 1 + static_cast<int>(random() % 60));
    const size_t chunk_bytes = 1 + random() % (seed % 2 == 0 ? 300 : 20'000);
    const size_t piece_max = 1 + random() % 5000;
    const size_t records_max = 1 + random() % 20;
    PiecewiseSource source(text, seed, piece_max);
    EXPECT_TRUE(InChunks(&source, {chunk_bytes, kTestRecordBytesMax,
                                   records_max}) == Whole(text))
        << "seed " << seed << " chunk " << chunk_bytes << " piece " << piece_max
        << " records " << records_max;
  }
}

TEST_F(ChunkerTest, EveryOffsetIsAPlaceToGoOnFrom) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    const std::string text = TestLines(seed, 40);
    const ChunkLimits limits{2000, kTestRecordBytesMax, 5};
    PiecewiseSource source(text, seed, 999);
    offsets_.clear();
    const Outcome all = InChunks(&source, limits);
    const std::vector<uint64_t> offsets = offsets_;
    ASSERT_FALSE(offsets.empty());
    EXPECT_EQ(offsets.back(), text.size());
    for (const uint64_t offset : offsets) {
      PiecewiseSource head(std::string_view(text).substr(0, offset), 1, 77);
      PiecewiseSource tail(std::string_view(text).substr(offset), 2, 777);
      Outcome joined = InChunks(&head, limits);
      const Outcome rest = InChunks(&tail, limits, offset);
      for (size_t i = 0; i < 2; ++i) joined.releases[i] += rest.releases[i];
      joined.receipts.insert(joined.receipts.end(), rest.receipts.begin(),
                             rest.receipts.end());
      EXPECT_EQ(joined.releases, all.releases) << seed << "@" << offset;
      EXPECT_EQ(joined.receipts, all.receipts) << seed << "@" << offset;
    }
  }
}

TEST_F(ChunkerTest, AnOverLongRecordIsCountedWithItsTrueSize) {
  const uint64_t limit = kTestRecordBytesMax;
  for (const std::string end : {"\n", "\r\n", "", "\r"}) {
    const std::string text = "{}\n" + std::string(300'000, 'x') + end;
    PiecewiseSource source(text, 1, 4000);
    const Outcome outcome = InChunks(&source, {1000, limit});
    EXPECT_THAT(
        outcome.receipts,
        ::testing::ElementsAre("0+2 event_time_missing", "3+300000 too_large"));
  }
}

TEST_F(ChunkerTest, AnOverLongBlankLineIsNoRecord) {
  const std::string text = std::string(50'000, ' ') + "\r\n{}\n";
  PiecewiseSource source(text, 1, 4000);
  const Outcome outcome = InChunks(&source, {1000, kTestRecordBytesMax});
  EXPECT_EQ(outcome.empty_lines, 1U);
  EXPECT_THAT(outcome.receipts,
              ::testing::ElementsAre("50002+2 event_time_missing"));
}

TEST_F(ChunkerTest, AnErrorOfTheSourceIsPassedOn) {
  PiecewiseSource source("{}\n{}", 1, 100);
  source.FailAtEnd();
  Chunker chunker(&source, {1000, kTestRecordBytesMax}, 0);
  RawBatch raw;
  EXPECT_EQ(chunker.Next(&raw).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(ChunkerTest, AMarkAloneIsNoRecord) {
  PiecewiseSource source("\xEF\xBB\xBF", 1, 1);
  const Outcome outcome = InChunks(&source, {1, kTestRecordBytesMax});
  EXPECT_EQ(outcome.received + outcome.empty_lines, 0U);
}

}  // namespace
}  // namespace nymstream
