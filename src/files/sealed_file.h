// A file of sealed records, one envelope after another.
#ifndef NYMSTREAM_FILES_SEALED_FILE_H_
#define NYMSTREAM_FILES_SEALED_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/byte_buffer.h"
#include "files/descriptor.h"
#include "quarantine/envelope_source.h"

namespace nymstream {

// Memory: one envelope.
class SealedFile final : public EnvelopeSource {
 public:
  // `path` is a file, or "-" for stdin.
  static absl::StatusOr<SealedFile> Open(const std::string& path);

  // kDataLoss (cut short, or no size that can be), kInvalidArgument (no
  // envelope begins there), or the system's.
  absl::StatusOr<std::string_view> Next() override;
  std::string Place() const override;

 private:
  SealedFile(std::string name, Descriptor file);

  std::string name_;
  Descriptor file_;
  ByteBuffer envelope_;
  uint64_t begin_ = 0;  // of envelope_ in the file
  uint64_t end_ = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_FILES_SEALED_FILE_H_
