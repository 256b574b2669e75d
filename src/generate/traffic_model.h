// Who visits, with what and which pages: what generated logs repeat.
#ifndef NYMSTREAM_GENERATE_TRAFFIC_MODEL_H_
#define NYMSTREAM_GENERATE_TRAFFIC_MODEL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "generate/random.h"

namespace nymstream {

// Ranks 0 to size-1, the k-th with weight 1/(k+1) (Zipf's law), by Walker's
// alias method. Cost of a draw: one random number, one look into a table.
class ZipfRanks {
 public:
  explicit ZipfRanks(size_t size);
  size_t Draw(Random& random) const;

 private:
  struct Slot {
    uint32_t share;  // of 2^32: the slot's own rank; else its alias
    uint32_t alias;
  };
  std::vector<Slot> slots_;
};

// 75,000 addresses with two devices each, 800 user agents, 3,000 pages.
// Addresses are from 198.18.0.0/15 (RFC 2544) and, one in 25, 2001:db8::/32
// (RFC 3849): nobody's.
class TrafficModel {
 public:
  static constexpr size_t kAddresses = 75000;
  static constexpr size_t kDevicesPerAddress = 2;
  static constexpr size_t kDevices = kAddresses * kDevicesPerAddress;
  static constexpr size_t kAgents = 800;
  static constexpr size_t kPages = 3000;
  static constexpr size_t kDeviceBytes = 36;

  // The same for all, made at the first call in about 20 ms; 9 MB.
  static const TrafficModel& Get();

  std::string_view address(size_t rank) const {
    return {addresses_[rank].text, addresses_[rank].size};
  }
  std::string_view device(size_t index) const {
    return {devices_.data() + index * kDeviceBytes, kDeviceBytes};
  }
  std::string_view agent(size_t rank) const { return agents_[rank]; }
  std::string_view page(size_t rank) const { return pages_[rank]; }

  size_t DrawAddress(Random& random) const { return by_address_.Draw(random); }
  size_t DrawAgent(Random& random) const { return by_agent_.Draw(random); }
  size_t DrawPage(Random& random) const { return by_page_.Draw(random); }

 private:
  TrafficModel();
  struct Address {
    char text[31];
    uint8_t size;
  };

  std::vector<Address> addresses_;
  std::string devices_;  // kDeviceBytes each
  std::vector<std::string> agents_;
  std::vector<std::string> pages_;
  ZipfRanks by_address_;
  ZipfRanks by_agent_;
  ZipfRanks by_page_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_GENERATE_TRAFFIC_MODEL_H_
