// Lookups of values that the memo has, and values that come and go.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_format.h"
#include "benchmark/benchmark.h"
#include "engine/value_memo.h"
#include "support/allocation_counter.h"

namespace nymstream {
namespace {

constexpr size_t kMemoBytes = 32 << 20;
// As many as are in hand at once.
constexpr size_t kGroup = 32;

// Device ids, with what must be readable behind each.
std::vector<std::string> Values(size_t count) {
  std::vector<std::string> values;
  for (size_t i = 0; i < count; ++i) {
    values.push_back(absl::StrFormat("%08x-f16d-40f1-a4e9-f6ae235171eb", i) +
                     std::string(ValueMemo::kReadAhead, ' '));
  }
  return values;
}

ValueMemo::Key KeyOf(const std::string& value) {
  return {
      std::string_view(value).substr(0, value.size() - ValueMemo::kReadAhead),
      1, 0};
}

void Insert(const ValueMemo::Key& key, uint64_t hash, ValueMemo* memo) {
  Result result;
  result.kind = ResultKind::kText;
  result.text = "nym_abcdefghijklmnopqrstuvwxyz";
  Candidate candidate;
  candidate.value = key.raw;
  memo->Insert(key, hash, {&result, 1}, {&candidate, 1}, 0);
}

// Finds all values in turn, as the engine does: hashes and fetches of a group,
// then its lookups.
size_t FindAll(const std::vector<std::string>& values, ValueMemo* memo) {
  std::array<uint64_t, kGroup> hashes;
  std::array<ValueMemo::Index, kGroup> located;
  size_t found = 0;
  for (size_t first = 0; first < values.size(); first += kGroup) {
    for (size_t i = 0; i < kGroup; ++i) {
      hashes[i] = ValueMemo::Hash(KeyOf(values[first + i]));
      memo->PrefetchSet(hashes[i]);
    }
    for (size_t i = 0; i < kGroup; ++i) located[i] = memo->Locate(hashes[i]);
    for (size_t i = 0; i < kGroup; ++i) {
      ValueMemo::Place place;
      found += memo->Find(KeyOf(values[first + i]), hashes[i], located[i],
                          &place) != nullptr;
    }
    memo->Release();
  }
  return found;
}

void BM_Find(benchmark::State& state) {
  const auto values = Values(static_cast<size_t>(state.range(0)));
  ValueMemo memo(kMemoBytes);
  for (const std::string& value : values) {
    Insert(KeyOf(value), ValueMemo::Hash(KeyOf(value)), &memo);
    memo.Release();
  }
  size_t found = FindAll(values, &memo);
  // Sets fill unevenly, so that some are gone.
  if (found < values.size() / 10 * 9) {
    state.SkipWithError("values were not found");
    return;
  }
  for (auto _ : state) found = FindAll(values, &memo);
  state.counters["allocs_per_item"] =
      AllocationsPerItem(values.size(), [&] { FindAll(values, &memo); });
  state.SetItemsProcessed(state.iterations() *
                          static_cast<int64_t>(values.size()));
  state.counters["found"] =
      static_cast<double>(found) / static_cast<double>(values.size());
}
BENCHMARK(BM_Find)->Arg(1 << 10)->Arg(1 << 14)->Arg(1 << 17);

// The memo is full: each value takes the place of older ones.
void BM_Insert(benchmark::State& state) {
  const auto values = Values(1 << 18);
  ValueMemo memo(kMemoBytes);
  size_t next = 0;
  const auto insert = [&] {
    const ValueMemo::Key key = KeyOf(values[next++ % values.size()]);
    Insert(key, ValueMemo::Hash(key), &memo);
    memo.Release();
  };
  for (auto _ : state) insert();
  state.counters["allocs_per_item"] = AllocationsPerItem(1, insert);
  state.SetItemsProcessed(state.iterations());
  const ValueMemo::Key last = KeyOf(values[(next - 1) % values.size()]);
  ValueMemo::Place place;
  if (memo.Find(last, ValueMemo::Hash(last), ValueMemo::kNowhere, &place) ==
      nullptr) {
    state.SkipWithError("the last value was not found");
  }
}
BENCHMARK(BM_Insert);

}  // namespace
}  // namespace nymstream
