// The folder a replay writes: parts first, finished files at the end.
#ifndef NYMSTREAM_REPLAY_OUTPUT_FOLDER_H_
#define NYMSTREAM_REPLAY_OUTPUT_FOLDER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nymstream/batch.h"
#include "nymstream/plan.h"
#include "replay/posix_file.h"

namespace nymstream {

inline constexpr std::string_view kManifestName = "manifest.json";
inline constexpr std::string_view kCheckpointName =
    ".nymstream-checkpoint.json";
inline constexpr std::string_view kReceiptsName = "quarantine.ndjson";
inline constexpr std::string_view kSealedName = "quarantine.sealed";
inline constexpr std::string_view kPartSuffix = ".part";

// Names of the files for `plan`: one for each release, in order, then the
// receipts, then the sealed records if `sealed`. kInvalidArgument if two would
// be the same, or one is no file name.
absl::StatusOr<std::vector<std::string>> OutputNames(const Plan& plan,
                                                     bool sealed);

// A folder that this process alone writes to, until destruction.
class OutputFolder {
 public:
  // Makes `path` if needed and locks it: kFailedPrecondition if another replay
  // is at work in it.
  static absl::StatusOr<std::unique_ptr<OutputFolder>> Lock(
      const std::string& path, std::vector<std::string> names);

  const std::string& path() const { return path_; }
  // Which of the files, finished or as parts, the manifest and the checkpoint
  // is there; empty if none is.
  std::string FindLeftover() const;
  bool Has(std::string_view name) const;

  // Opens the parts, `sizes` bytes of each kept and all after them cut off.
  // Files that were finished become parts again. kDataLoss if a part is shorter
  // than that.
  absl::Status OpenParts(const std::vector<uint64_t>& sizes);

  // Appends what a Deidentifier made of a piece of `source`. Takes nothing
  // else: raw records have no way into this folder.
  absl::Status Write(const ReleasedBatch& released, std::string_view source);

  // Waits until all that was written is on the disk.
  absl::Status Sync();
  // Turns parts into finished files, on the disk.
  absl::Status Finish();

  const std::vector<std::string>& names() const { return names_; }
  std::vector<uint64_t> sizes() const;

 private:
  struct Part {
    std::string path;
    FileHandle file;
    uint64_t bytes = 0;
  };

  OutputFolder(std::string path, FileHandle folder,
               std::vector<std::string> names);
  absl::Status OpenPart(const std::string& name, uint64_t size);
  absl::Status Append(size_t part, std::string_view bytes);
  absl::Status WriteReceipts(size_t part, const ReleasedBatch& released,
                             std::string_view source);

  std::string path_;
  FileHandle folder_;  // holds the lock
  std::vector<std::string> names_;
  std::vector<Part> parts_;
  std::string receipts_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_OUTPUT_FOLDER_H_
