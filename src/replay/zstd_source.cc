#include "replay/zstd_source.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "base/check.h"
#include "base/status_macros.h"

namespace nymstream {
namespace {

class ZstdSource : public ByteSource {
 public:
  ZstdSource(RawInput* raw, std::string_view name)
      : raw_(raw),
        name_(name),
        block_(ZSTD_DStreamInSize()),
        stream_(ZSTD_createDStream()) {
    NYM_CHECK(stream_ != nullptr);
    NYM_CHECK(ZSTD_isError(ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax,
                                                  kZstdWindowLogMax)) == 0);
  }
  ~ZstdSource() override { ZSTD_freeDStream(stream_); }
  ZstdSource(const ZstdSource&) = delete;
  ZstdSource& operator=(const ZstdSource&) = delete;

  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    ZSTD_outBuffer output{to, size, 0};
    while (output.pos == 0 && !ended_) {
      const size_t before = input_.pos;
      const size_t result = ZSTD_decompressStream(stream_, &output, &input_);
      if (ZSTD_isError(result) != 0) return Corrupt(result);
      // Without progress the call may have begun a frame that never comes.
      if (input_.pos != before || output.pos > 0) in_frame_ = result != 0;
      if (output.pos == 0 && input_.pos == input_.size) {
        NYM_RETURN_IF_ERROR(Refill());
      }
    }
    return output.pos;
  }

 private:
  absl::Status Refill() {
    NYM_ASSIGN_OR_RETURN(const size_t got,
                         raw_->Read(block_.data(), block_.size()));
    input_ = {block_.data(), got, 0};
    ended_ = got == 0;
    if (ended_ && in_frame_) return Error("ends inside compressed data", "");
    return absl::OkStatus();
  }

  absl::Status Corrupt(size_t result) const {
    if (ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge) {
      return Error("needs a window larger than 128 MiB",
                   "; decompress it with zstd -d --long=31 and pipe it in");
    }
    return Error("is no valid zstd data", "");
  }

  absl::Status Error(std::string_view what, std::string_view remedy) const {
    if (remedy.empty()) {
      remedy = "; copy the file again from its source, or leave it out";
    }
    return absl::DataLossError(absl::StrCat(
        ToAbsl(name_), ": ", ToAbsl(what), " at byte ",
        raw_->bytes() - (input_.size - input_.pos), ToAbsl(remedy)));
  }

  RawInput* raw_;
  std::string_view name_;
  std::vector<char> block_;
  ZSTD_DStream* stream_;
  ZSTD_inBuffer input_{nullptr, 0, 0};
  bool in_frame_ = false;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> MakeZstdSource(RawInput* raw,
                                           std::string_view name) {
  return std::make_unique<ZstdSource>(raw, name);
}

}  // namespace nymstream
