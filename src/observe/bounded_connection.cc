#include "observe/bounded_connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace nymstream {
namespace {

constexpr std::chrono::milliseconds kFinishTimeMax{200};

bool Passing(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

BoundedConnection::BoundedConnection(Descriptor socket, int stop_fd)
    : socket_(std::move(socket)),
      stop_fd_(stop_fd),
      deadline_(Clock::now() + kConnectionTimeMax) {}

ssize_t BoundedConnection::Read(char* to, size_t size) {
  while (begin_ == end_) {
    if (end_ == received_.size()) return -1;
    const ssize_t got = recv(socket_.number(), received_.data() + end_,
                             received_.size() - end_, 0);
    if (got == 0) return 0;
    if (got > 0) {
      end_ += static_cast<size_t>(got);
    } else if (!Passing(errno) || !Wait(POLLIN)) {
      return -1;
    }
  }
  const size_t taken = std::min(size, end_ - begin_);
  std::copy_n(received_.data() + begin_, taken, to);
  begin_ += taken;
  return static_cast<ssize_t>(taken);
}

bool BoundedConnection::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent =
        send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (!Passing(errno) || !Wait(POLLOUT)) {
      return false;
    }
  }
  return true;
}

void BoundedConnection::Finish() {
  if (shutdown(socket_.number(), SHUT_WR) != 0) return;
  deadline_ = std::min(deadline_, Clock::now() + kFinishTimeMax);
  for (;;) {
    const ssize_t got =
        recv(socket_.number(), received_.data(), received_.size(), 0);
    if (got == 0 || Clock::now() >= deadline_) return;
    if (got < 0 && (!Passing(errno) || !Wait(POLLIN))) return;
  }
}

bool BoundedConnection::Wait(short events) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline_ - Clock::now());
  if (left.count() <= 0) return false;
  pollfd waits[] = {{socket_.number(), events, 0}, {stop_fd_, POLLIN, 0}};
  const int ready = poll(waits, 2, static_cast<int>(left.count()));
  if (ready < 0) return errno == EINTR;
  return ready > 0 && waits[1].revents == 0;
}

}  // namespace nymstream
