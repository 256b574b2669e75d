// The generator's random numbers: fast, the same on every machine.
#ifndef NYMSTREAM_GENERATE_RANDOM_H_
#define NYMSTREAM_GENERATE_RANDOM_H_

#include <cstdint>

namespace nymstream {

// SplitMix64 (Steele, Lea, Flood 2014): one step of the state, well mixed.
inline uint64_t Mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// No secret may come from here. Cost: 2 ns a number.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(Mix(seed)) {}

  uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15;
    return Mix(state_);
  }
  // 0 to bound - 1; `bound` is far below 2^32, so that all are as likely.
  uint32_t Below(uint32_t bound) {
    return static_cast<uint32_t>((Next() >> 32) * bound >> 32);
  }
  bool OneIn(uint32_t n) { return Below(n) == 0; }

 private:
  uint64_t state_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_GENERATE_RANDOM_H_
