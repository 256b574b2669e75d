#include "generate/traffic_model.h"

#include <array>
#include <cstring>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/check.h"
#include "generate/byte_writer.h"

namespace nymstream {
namespace {

constexpr std::array kPlatforms = {
    "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7",
    "X11; Linux x86_64",           "Linux; Android 14; Pixel 8",
    "Linux; Android 13; SM-S911B",
};
constexpr std::array kSections = {"products",   "articles",     "accounts",
                                  "search",     "api/v2/items", "static/js",
                                  "help/topics"};

std::string MakeAgent(size_t index) {
  const char* platform = kPlatforms[index % kPlatforms.size()];
  const size_t version = 90 + index / kPlatforms.size() % 45;
  if (index % 3 == 0) {
    return absl::StrCat("Mozilla/5.0 (", platform, "; rv:", version,
                        ".0) Gecko/20100101 Firefox/", version, ".0");
  }
  return absl::StrCat("Mozilla/5.0 (", platform,
                      ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/",
                      version, ".0.", index % 7, ".0 Safari/537.36");
}

std::string MakePage(size_t index) {
  return absl::StrCat("/", kSections[index % kSections.size()], "/",
                      Mix(index) % 90000 + 10000, "/overview");
}

std::string MakeAddress(size_t rank) {
  constexpr size_t kIpv6Share = 25;
  if (rank % kIpv6Share == kIpv6Share - 1) {
    // The last group tells them apart; it has 16 bits.
    return absl::StrFormat("2001:db8:%x:%x::%x", Mix(rank) & 0xffff,
                           Mix(rank) >> 48, rank / kIpv6Share);
  }
  // An odd factor permutes the 2^17 hosts, so that ranks don't collide.
  const uint64_t host = rank * 40503 & 0x1ffff;
  return absl::StrCat("198.", 18 + (host >> 16), ".", (host >> 8) & 0xff, ".",
                      host & 0xff);
}

}  // namespace

ZipfRanks::ZipfRanks(size_t size) : slots_(size) {
  double sum = 0;
  for (size_t k = 0; k < size; ++k) sum += 1.0 / static_cast<double>(k + 1);
  // What each rank has, of what a slot holds on average.
  std::vector<double> weights(size);
  std::vector<uint32_t> poor;
  std::vector<uint32_t> rich;
  for (size_t k = 0; k < size; ++k) {
    weights[k] = static_cast<double>(size) / (static_cast<double>(k + 1) * sum);
    (weights[k] < 1 ? poor : rich).push_back(static_cast<uint32_t>(k));
  }
  // A poor rank's slot is filled up by a rich one, until that is poor itself.
  while (!poor.empty() && !rich.empty()) {
    const uint32_t small = poor.back();
    const uint32_t large = rich.back();
    poor.pop_back();
    slots_[small] = {static_cast<uint32_t>(weights[small] * 0x1p32), large};
    weights[large] -= 1 - weights[small];
    if (weights[large] >= 1) continue;
    rich.pop_back();
    poor.push_back(large);
  }
  // What is left is full but for rounding.
  for (const auto& rest : {poor, rich}) {
    for (const uint32_t rank : rest) slots_[rank] = {~uint32_t{0}, rank};
  }
}

size_t ZipfRanks::Draw(Random& random) const {
  const uint64_t bits = random.Next();
  const size_t slot = (bits >> 32) * slots_.size() >> 32;
  return static_cast<uint32_t>(bits) < slots_[slot].share ? slot
                                                          : slots_[slot].alias;
}

const TrafficModel& TrafficModel::Get() {
  static const TrafficModel* const model = new TrafficModel;
  return *model;
}

TrafficModel::TrafficModel()
    : addresses_(kAddresses),
      devices_(kDevices * kDeviceBytes, '\0'),
      by_address_(kAddresses),
      by_agent_(kAgents),
      by_page_(kPages) {
  for (size_t i = 0; i < kAddresses; ++i) {
    const std::string text = MakeAddress(i);
    Address& address = addresses_[i];
    NYM_CHECK(text.size() <= sizeof(address.text));
    std::memcpy(address.text, text.data(), text.size());
    address.size = static_cast<uint8_t>(text.size());
  }
  ByteWriter devices(devices_.data(), devices_.size());
  for (size_t i = 0; i < kDevices; ++i) {
    devices.PutUuid(Mix(i + 1000000), Mix(i + 2000000));
  }
  for (size_t i = 0; i < kAgents; ++i) agents_.push_back(MakeAgent(i));
  for (size_t i = 0; i < kPages; ++i) pages_.push_back(MakePage(i));
}

}  // namespace nymstream
