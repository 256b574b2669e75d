// Values that someone writes into a log to make its readers slow.
#ifndef NYMSTREAM_GENERATE_HOSTILE_VALUE_H_
#define NYMSTREAM_GENERATE_HOSTILE_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "generate/random.h"

namespace nymstream {

// What a generated log is like.
enum class Traffic : uint8_t {
  kRealistic,
  // Every address, device, account, agent, page and cookie is new.
  kNothingRepeats,
  // Realistic but for one value of each record, in another field each time:
  kDigitsAndDots,
  kAtSigns,
  kDeepNesting,  // JSON only: arrays and objects, 60 deep, side by side
  kManyKeys,     // JSON only: further members of the record
  kLargeField,   // words, nearly 1 MiB of them
  kEscapes,
  kPercentSigns,
};
inline constexpr int kTrafficCount = 9;
std::string_view TrafficName(Traffic traffic);
bool IsHostile(Traffic traffic);

// Bytes of a hostile value unless said otherwise: 64 KiB, and for kLargeField
// as many as fit a record of 1 MiB.
size_t HostileBytes(Traffic traffic);

// The content of a string (for kDeepNesting a whole value, for kManyKeys
// members, each with a comma before it) of at least `bytes` and few more, as it
// stands in JSON and in combined lines. `traffic` is a hostile one.
void AppendHostile(Traffic traffic, size_t bytes, Random& random,
                   std::string* out);

}  // namespace nymstream

#endif  // NYMSTREAM_GENERATE_HOSTILE_VALUE_H_
