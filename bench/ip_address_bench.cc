// Addresses as access logs write them. Counter `of_c_library`: time that the C
// library needs for the same addresses, as a share of ours; over 1 is faster.
#include <arpa/inet.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "baseline.h"
#include "benchmark/benchmark.h"
#include "support/allocation_counter.h"
#include "treatment/ip_address.h"
#include "treatment/ip_list.h"

namespace nymstream {
namespace {

constexpr size_t kCount = 10000;
constexpr int kRounds = 20;

std::string Format(const IpAddress& address) {
  char text[kIpTextMax];
  return std::string(text, FormatIpAddress(address, text));
}

// Seven of ten are IPv4, the others are in 2001:db8::/32.
const std::vector<IpAddress>& Addresses() {
  static const auto* const addresses = [] {
    std::mt19937 random(1);
    auto* made = new std::vector<IpAddress>(kCount);
    for (IpAddress& address : *made) {
      for (unsigned char& byte : address.bytes) {
        byte = static_cast<unsigned char>(random());
      }
      const std::array<unsigned char, 12> v4 = {0, 0, 0, 0, 0,    0,
                                                0, 0, 0, 0, 0xff, 0xff};
      const std::array<unsigned char, 8> v6 = {0x20, 0x01, 0x0d, 0xb8};
      if (random() % 10 < 7) {
        std::copy(v4.begin(), v4.end(), address.bytes.begin());
      } else {
        std::copy(v6.begin(), v6.end(), address.bytes.begin());
      }
    }
    return made;
  }();
  return *addresses;
}

const std::vector<std::string>& Texts() {
  static const auto* const texts = [] {
    auto* made = new std::vector<std::string>;
    for (const IpAddress& address : Addresses())
      made->push_back(Format(address));
    return made;
  }();
  return *texts;
}

bool ParseByCLibrary(const std::string& text, IpAddress* address) {
  address->bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return inet_pton(AF_INET, text.c_str(), &address->bytes[12]) == 1 ||
         inet_pton(AF_INET6, text.c_str(), address->bytes.data()) == 1;
}

double ParseSecondsOfCLibrary() {
  static const double seconds = BestSeconds(kRounds, [] {
    for (const std::string& text : Texts()) {
      IpAddress address;
      benchmark::DoNotOptimize(ParseByCLibrary(text, &address));
      benchmark::DoNotOptimize(address);
    }
  });
  return seconds;
}

double FormatSecondsOfCLibrary() {
  static const double seconds = BestSeconds(kRounds, [] {
    for (const IpAddress& address : Addresses()) {
      char text[INET6_ADDRSTRLEN];
      benchmark::DoNotOptimize(
          address.IsV4()
              ? inet_ntop(AF_INET, &address.bytes[12], text, sizeof(text))
              : inet_ntop(AF_INET6, address.bytes.data(), text, sizeof(text)));
      benchmark::DoNotOptimize(text);
    }
  });
  return seconds;
}

// Times `work` on all addresses.
template <typename Function>
void Time(benchmark::State& state, double seconds_of_c_library,
          const Function& work) {
  for (auto _ : state) work();
  state.counters["of_c_library"] =
      seconds_of_c_library / BestSeconds(kRounds, work);
  state.counters["allocs_per_item"] = AllocationsPerItem(kCount, work);
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kCount));
}

void BM_Parse(benchmark::State& state) {
  for (const std::string& text : Texts()) {
    IpAddress expected;
    if (!ParseByCLibrary(text, &expected) || ParseIpAddress(text) != expected) {
      state.SkipWithError("wrong address");
      return;
    }
  }
  Time(state, ParseSecondsOfCLibrary(), [] {
    for (const std::string& text : Texts()) {
      benchmark::DoNotOptimize(ParseIpAddress(text));
    }
  });
}
BENCHMARK(BM_Parse);

void BM_ParseWithPort(benchmark::State& state) {
  std::vector<std::string> texts;
  for (size_t i = 0; i < kCount; ++i) {
    texts.push_back(Addresses()[i].IsV4() ? Texts()[i] + ":443"
                                          : "[" + Texts()[i] + "]:443");
    size_t begin = 0;
    size_t end = 0;
    if (ParseIpAddressWithPort(texts[i], &begin, &end) != Addresses()[i]) {
      state.SkipWithError("wrong address");
      return;
    }
  }
  Time(state, ParseSecondsOfCLibrary(), [&] {
    for (const std::string& text : texts) {
      size_t begin = 0;
      size_t end = 0;
      benchmark::DoNotOptimize(ParseIpAddressWithPort(text, &begin, &end));
    }
  });
}
BENCHMARK(BM_ParseWithPort);

void BM_Format(benchmark::State& state) {
  for (size_t i = 0; i < kCount; ++i) {
    IpAddress again;
    if (!ParseByCLibrary(Texts()[i], &again) || again != Addresses()[i]) {
      state.SkipWithError("wrong text");
      return;
    }
  }
  Time(state, FormatSecondsOfCLibrary(), [] {
    for (const IpAddress& address : Addresses()) {
      char text[kIpTextMax];
      benchmark::DoNotOptimize(FormatIpAddress(address, text));
      benchmark::DoNotOptimize(text);
    }
  });
}
BENCHMARK(BM_Format);

// Lists of four.
void BM_SplitList(benchmark::State& state) {
  constexpr size_t kListSize = 4;
  std::vector<std::string> lists;
  std::vector<IpListElement> elements;
  for (size_t i = 0; i < kCount; i += kListSize) {
    std::string list;
    for (size_t j = i; j < i + kListSize; ++j) {
      if (j > i) list += ", ";
      list += Texts()[j];
    }
    SplitIpList(list, &elements);
    for (size_t j = 0; j < kListSize; ++j) {
      if (elements.size() != kListSize ||
          elements[j].address != Addresses()[i + j]) {
        state.SkipWithError("wrong elements");
        return;
      }
    }
    lists.push_back(list);
  }
  Time(state, ParseSecondsOfCLibrary(), [&] {
    for (const std::string& list : lists) {
      SplitIpList(list, &elements);
      benchmark::DoNotOptimize(elements.data());
    }
  });
}
BENCHMARK(BM_SplitList);

}  // namespace
}  // namespace nymstream
