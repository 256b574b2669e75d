// A connection of a client that may be slow, greedy or silent.
#ifndef NYMSTREAM_OBSERVE_BOUNDED_CONNECTION_H_
#define NYMSTREAM_OBSERVE_BOUNDED_CONNECTION_H_

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "files/descriptor.h"

namespace nymstream {

// Bytes that a client may send.
inline constexpr size_t kRequestBytesMax = 4096;
// From its first read to the last byte written.
inline constexpr std::chrono::seconds kConnectionTimeMax{5};

// Every wait ends at the deadline, and at once when `stop_fd` becomes readable.
// One thread at a time.
class BoundedConnection {
 public:
  // `socket` does not block. `stop_fd` is borrowed and outlives this.
  BoundedConnection(Descriptor socket, int stop_fd);

  // 1 to `size` bytes; 0 at the end; -1 if a bound is reached or it broke.
  ssize_t Read(char* to, size_t size);
  // All of `bytes`, or false.
  bool Write(std::string_view bytes);
  // Ends our side, and waits a little for the client's end: a socket closed
  // with unread bytes would take back what was just sent.
  void Finish();

 private:
  using Clock = std::chrono::steady_clock;

  // True once `events` (POLLIN, POLLOUT) hold.
  bool Wait(short events);

  const Descriptor socket_;
  const int stop_fd_;
  Clock::time_point deadline_;
  std::array<char, kRequestBytesMax> received_;
  size_t begin_ = 0;  // what was received and not yet read
  size_t end_ = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_BOUNDED_CONNECTION_H_
