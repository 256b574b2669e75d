// Owns a file descriptor; reads and writes through interrupts and short counts.
#ifndef NYMSTREAM_FILES_DESCRIPTOR_H_
#define NYMSTREAM_FILES_DESCRIPTOR_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace nymstream {

// Movable, not copyable. Closes at destruction.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept
      : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

// "PATH: WHAT: text of errno", with the code of absl::ErrnoToStatus, but
// kUnavailable for a full disk or quota.
absl::Status FileError(std::string_view path, std::string_view what, int error);

// open(2) with O_CLOEXEC; never waits for a pipe's other end.
absl::StatusOr<Descriptor> OpenFile(const std::string& path, int flags,
                                    unsigned mode = 0);

// Reads until `to` is full or the file ends; the number of bytes read.
absl::StatusOr<size_t> ReadFully(const Descriptor& file, std::string_view path,
                                 std::span<unsigned char> to);

absl::Status WriteFully(const Descriptor& file, std::string_view path,
                        std::span<const unsigned char> bytes);

}  // namespace nymstream

#endif  // NYMSTREAM_FILES_DESCRIPTOR_H_
