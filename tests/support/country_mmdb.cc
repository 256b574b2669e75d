#include "support/country_mmdb.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace nymstream {
namespace {

// Types of the MaxMind DB file format, version 2.0.
constexpr int kString = 2;
constexpr int kUint16 = 5;
constexpr int kUint32 = 6;
constexpr int kMap = 7;
constexpr int kUint64 = 9;
constexpr int kArray = 11;

std::string Control(int type, size_t size) {
  if (size > 28) std::abort();  // the longer forms are not needed
  if (type <= 7) return {static_cast<char>(type << 5 | static_cast<int>(size))};
  return {static_cast<char>(size), static_cast<char>(type - 7)};
}

std::string Text(const std::string& text) {
  return Control(kString, text.size()) + text;
}

std::string Number(int type, uint64_t value) {
  std::string bytes;
  for (; value != 0; value >>= 8) {
    bytes.insert(bytes.begin(), static_cast<char>(value & 0xff));
  }
  return Control(type, bytes.size()) + bytes;
}

// `country` or `registered_country` with its code.
std::string Record(const std::string& country) {
  return Control(kMap, 1) +
         Text(country.empty() ? "registered_country" : "country") +
         Control(kMap, 1) + Text("iso_code") +
         Text(country.empty() ? "ZZ" : country);
}

// What a record of a node says: nothing, another node, or a place in the data.
struct Target {
  enum Kind { kNothing, kNode, kData } kind = kNothing;
  size_t value = 0;
};

class Tree {
 public:
  void Insert(const std::array<unsigned char, 16>& bits, int prefix,
              size_t data) {
    if (prefix < 1 || prefix > 128) std::abort();
    size_t node = 0;
    for (int bit = 0;; ++bit) {
      const auto byte = static_cast<size_t>(bit / 8);
      const auto side = static_cast<size_t>(bits[byte] >> (7 - bit % 8) & 1);
      if (bit == prefix - 1) {
        nodes_[node][side] = {Target::kData, data};
        return;
      }
      if (nodes_[node][side].kind != Target::kNode) {
        // The network around it holds on both sides of the new node.
        const Target around = nodes_[node][side];
        nodes_.push_back({around, around});
        nodes_[node][side] = {Target::kNode, nodes_.size() - 1};
      }
      node = nodes_[node][side].value;
    }
  }

  size_t size() const { return nodes_.size(); }

  std::string Bytes() const {
    constexpr size_t kSeparator = 16;
    std::string bytes;
    for (const auto& node : nodes_) {
      for (const Target& target : node) {
        size_t value = nodes_.size();
        if (target.kind == Target::kNode) value = target.value;
        if (target.kind == Target::kData) value += kSeparator + target.value;
        for (const int shift : {16, 8, 0}) {
          bytes += static_cast<char>(value >> shift & 0xff);
        }
      }
    }
    return bytes + std::string(kSeparator, '\0');
  }

 private:
  std::vector<std::array<Target, 2>> nodes_{1};
};

std::string Metadata(size_t node_count, const std::string& type) {
  return "\xab\xcd\xefMaxMind.com" + Control(kMap, 9) +
         Text("binary_format_major_version") + Number(kUint16, 2) +
         Text("binary_format_minor_version") + Number(kUint16, 0) +
         Text("build_epoch") + Number(kUint64, 1763978400) +
         Text("database_type") + Text(type) + Text("description") +
         Control(kMap, 1) + Text("en") + Text("invented") + Text("ip_version") +
         Number(kUint16, 6) + Text("languages") + Control(kArray, 1) +
         Text("en") + Text("node_count") + Number(kUint32, node_count) +
         Text("record_size") + Number(kUint16, 24);
}

}  // namespace

std::string MakeCountryMmdb(std::vector<CountryNetwork> networks,
                            const std::string& type) {
  Tree tree;
  std::string data;
  // The tree holds IPv4 in ::/96.
  for (CountryNetwork& network : networks) {
    if (network.address.find(':') != std::string::npos) continue;
    network.address = "::" + network.address;
    network.prefix += 96;
  }
  std::stable_sort(networks.begin(), networks.end(),
                   [](const CountryNetwork& a, const CountryNetwork& b) {
                     return a.prefix < b.prefix;
                   });
  for (const CountryNetwork& network : networks) {
    std::array<unsigned char, 16> bits;
    if (inet_pton(AF_INET6, network.address.c_str(), bits.data()) != 1) {
      std::abort();
    }
    tree.Insert(bits, network.prefix, data.size());
    data += Record(network.country);
  }
  return tree.Bytes() + data + Metadata(tree.size(), type);
}

}  // namespace nymstream
