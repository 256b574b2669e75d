#include "replay/gzip_source.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "base/check.h"
#include "base/status_macros.h"

namespace nymstream {
namespace {

constexpr size_t kBlockBytes = 256 << 10;
constexpr int kGzipWindowBits = 15 + 16;  // zlib.h: +16 reads gzip only

class GzipSource : public ByteSource {
 public:
  GzipSource(RawInput* raw, std::string_view name)
      : raw_(raw), name_(name), block_(kBlockBytes) {
    NYM_CHECK(inflateInit2(&stream_, kGzipWindowBits) == Z_OK);
  }
  ~GzipSource() override { inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    size = std::min<size_t>(size, std::numeric_limits<uInt>::max());
    stream_.next_out = static_cast<Bytef*>(static_cast<void*>(to));
    stream_.avail_out = static_cast<uInt>(size);
    while (stream_.avail_out == size && !ended_) {
      NYM_RETURN_IF_ERROR(Step());
    }
    return size - stream_.avail_out;
  }

 private:
  absl::Status Step() {
    if (stream_.avail_in == 0) NYM_RETURN_IF_ERROR(Refill());
    if (stream_.avail_in == 0) {
      if (!between_members_) return Corrupt("ends inside compressed data");
      ended_ = true;
      return absl::OkStatus();
    }
    if (between_members_) return BeginMember();
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
      between_members_ = true;
    } else if (result != Z_OK) {
      return Corrupt("is no valid gzip data");
    }
    return absl::OkStatus();
  }

  // Passes padding; a member begins with the next byte that is not zero.
  absl::Status BeginMember() {
    if (members_ > 0 && *stream_.next_in == 0) {
      padded_ = true;
      ++stream_.next_in;
      --stream_.avail_in;
      return absl::OkStatus();
    }
    if (padded_) return Corrupt("has other data after the compressed data");
    NYM_CHECK(inflateReset(&stream_) == Z_OK);
    ++members_;
    between_members_ = false;
    return absl::OkStatus();
  }

  absl::Status Refill() {
    NYM_ASSIGN_OR_RETURN(const size_t got,
                         raw_->Read(block_.data(), block_.size()));
    stream_.next_in = static_cast<Bytef*>(static_cast<void*>(block_.data()));
    stream_.avail_in = static_cast<uInt>(got);
    return absl::OkStatus();
  }

  absl::Status Corrupt(std::string_view what) const {
    return absl::DataLossError(
        absl::StrCat(ToAbsl(name_), ": ", ToAbsl(what), " at byte ",
                     raw_->bytes() - stream_.avail_in,
                     "; copy the file again from its source, or leave it out"));
  }

  RawInput* raw_;
  std::string_view name_;
  std::vector<char> block_;
  z_stream stream_{};
  int members_ = 0;
  bool between_members_ = true;
  bool padded_ = false;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> MakeGzipSource(RawInput* raw,
                                           std::string_view name) {
  return std::make_unique<GzipSource>(raw, name);
}

}  // namespace nymstream
