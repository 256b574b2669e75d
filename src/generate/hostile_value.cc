#include "generate/hostile_value.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace nymstream {
namespace {

constexpr size_t kNesting = 60;  // below limits.depth_max, 64 by default
constexpr size_t kDefaultBytes = 64 << 10;
// Leaves room for the rest of the record below 1 MiB.
constexpr size_t kLargeFieldBytes = (1 << 20) - 4096;

constexpr std::array<std::string_view, kTrafficCount> kNames = {
    "realistic", "nothing-repeats", "digits-and-dots",
    "at-signs",  "deep-nesting",    "many-keys",
    "large",     "escapes",         "percent-signs"};

constexpr std::array<std::string_view, 8> kWords = {
    "lorem", "ipsum", "dolor", "sit", "amet", "elit", "sed", "magna"};
// Both JSON and combined lines know these.
constexpr std::array<std::string_view, 4> kEscapes = {"\\\"", "\\\\", "\\n",
                                                      "\\t"};

void AppendNested(std::string* out) {
  out->append("[");
  for (size_t depth = 0; depth < kNesting / 2; ++depth) {
    out->append(R"({"a":[)");
  }
  for (size_t depth = 0; depth < kNesting / 2; ++depth) out->append("]}");
  out->append("]");
}

// A piece of a few bytes.
void AppendUnit(Traffic traffic, Random& random, std::string* out) {
  const uint32_t number = random.Below(1000);
  switch (traffic) {
    case Traffic::kDigitsAndDots:
      absl::StrAppend(out, number, random.OneIn(20) ? ".." : ".");
      break;
    case Traffic::kAtSigns:
      out->append(random.OneIn(4) ? "@a" : "a@b.c");
      break;
    case Traffic::kManyKeys:
      absl::StrAppend(out, ",\"k", out->size(), "\":\"", number, "\"");
      break;
    case Traffic::kLargeField:
      absl::StrAppend(out,
                      absl::string_view(kWords[number % 8].data(),
                                        kWords[number % 8].size()),
                      "-");
      break;
    case Traffic::kEscapes:
      out->append(kEscapes[number % kEscapes.size()]);
      break;
    case Traffic::kPercentSigns:
      out->append("%");
      break;
    case Traffic::kDeepNesting:
    case Traffic::kRealistic:
    case Traffic::kNothingRepeats:
      NYM_CHECK(false);
  }
}

}  // namespace

std::string_view TrafficName(Traffic traffic) {
  return kNames[static_cast<size_t>(traffic)];
}

bool IsHostile(Traffic traffic) {
  return traffic != Traffic::kRealistic && traffic != Traffic::kNothingRepeats;
}

size_t HostileBytes(Traffic traffic) {
  return traffic == Traffic::kLargeField ? kLargeFieldBytes : kDefaultBytes;
}

void AppendHostile(Traffic traffic, size_t bytes, Random& random,
                   std::string* out) {
  const size_t begin = out->size();
  if (traffic == Traffic::kDeepNesting) {
    out->append("[");
    while (out->size() - begin < bytes) {
      if (out->size() > begin + 1) out->append(",");
      AppendNested(out);
    }
    out->append("]");
    return;
  }
  while (out->size() - begin < bytes) AppendUnit(traffic, random, out);
}

}  // namespace nymstream
