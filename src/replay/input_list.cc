#include "replay/input_list.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "base/status_macros.h"
#include "replay/posix_file.h"
#include "replay/printable_name.h"

namespace nymstream {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;

absl::Status Wrong(std::string_view path, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(PrintableName(path), ": ", ToAbsl(what)));
}

absl::Status StatPath(const std::string& path, struct stat* status) {
  if (stat(path.c_str(), status) == 0) return absl::OkStatus();
  return ErrnoStatus(PrintableName(path), errno);
}

InputFile MakeInput(const std::string& path, const struct stat& status) {
  InputFile input;
  input.path = path;
  input.name = PrintableName(path);
  input.stream = !S_ISREG(status.st_mode);
  if (!input.stream) input.identity = IdentityOf(status);
  return input;
}

InputFile StdinInput() {
  InputFile input;
  input.path = input.name = kStdinName;
  input.stream = true;
  return input;
}

absl::Status AddFolder(const std::string& folder,
                       std::vector<InputFile>* inputs) {
  std::vector<InputFile> found;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator();
       entry.increment(error)) {
    const std::string path = entry->path().string();
    const bool link = entry->is_symlink(error);
    if (error) break;
    struct stat status {};
    NYM_RETURN_IF_ERROR(StatPath(path, &status));
    if (S_ISREG(status.st_mode)) {
      found.push_back(MakeInput(path, status));
    } else if (!S_ISDIR(status.st_mode)) {
      return Wrong(path,
                   "is no regular file; move it out of the folder, or "
                   "name the files you want one by one");
    } else if (link) {
      return Wrong(path,
                   "is a link to a folder, which is not followed; give "
                   "that folder as an input of its own");
    }
  }
  if (error) return ErrnoStatus(PrintableName(folder), error.value());
  if (found.empty()) return Wrong(folder, "holds no files; nothing to read");
  std::sort(
      found.begin(), found.end(),
      [](const InputFile& a, const InputFile& b) { return a.path < b.path; });
  std::move(found.begin(), found.end(), std::back_inserter(*inputs));
  return absl::OkStatus();
}

// True if `path` is `folder` or lies below it; both canonical.
bool IsWithin(const fs::path& folder, const fs::path& path) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end())
             .first == folder.end();
}

absl::Status CheckApart(const std::string& input, const fs::path& out_dir) {
  std::error_code error;
  const fs::path path = fs::canonical(input, error);
  if (error) return ErrnoStatus(PrintableName(input), error.value());
  if (IsWithin(path, out_dir)) {
    return Wrong(out_dir.string(),
                 "lies inside an input folder, so its files would become "
                 "inputs; choose another folder for the output");
  }
  if (IsWithin(out_dir, path)) {
    return Wrong(input,
                 "lies inside the folder for the output; choose another "
                 "folder for the output");
  }
  return absl::OkStatus();
}

absl::Status CheckDistinct(const std::vector<InputFile>& inputs) {
  std::vector<const InputFile*> order;
  for (const InputFile& input : inputs) {
    if (!input.stream) order.push_back(&input);
  }
  const auto key = [](const InputFile* input) {
    return std::pair(input->identity.device, input->identity.inode);
  };
  std::sort(order.begin(), order.end(),
            [&](const InputFile* a, const InputFile* b) {
              return std::pair(key(a), a) < std::pair(key(b), b);
            });
  const auto same = std::adjacent_find(
      order.begin(), order.end(),
      [&](const InputFile* a, const InputFile* b) { return key(a) == key(b); });
  if (same == order.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat((*same)->name, " and ", (*(same + 1))->name,
                   ": are the same file, whose records would be released "
                   "twice; name it once"));
}

}  // namespace

FileIdentity IdentityOf(const struct stat& status) {
  return {static_cast<uint64_t>(status.st_size),
          static_cast<int64_t>(status.st_mtim.tv_sec) * kNanosecondsPerSecond +
              status.st_mtim.tv_nsec,
          static_cast<uint64_t>(status.st_dev),
          static_cast<uint64_t>(status.st_ino)};
}

absl::StatusOr<InputFile> FindInput(const std::string& path) {
  if (path == kStdinName) return StdinInput();
  struct stat status {};
  NYM_RETURN_IF_ERROR(StatPath(path, &status));
  if (S_ISDIR(status.st_mode)) {
    return Wrong(path, "is a folder; name a file in it, or - for stdin");
  }
  return MakeInput(path, status);
}

absl::StatusOr<std::vector<InputFile>> ListInputs(
    const std::vector<std::string>& inputs, const std::string& out_dir) {
  if (inputs.empty()) {
    return absl::InvalidArgumentError("no input; name files, folders or \"-\"");
  }
  std::error_code error;
  fs::path out = fs::absolute(out_dir, error);
  if (!error) out = fs::weakly_canonical(out, error);
  if (error) return ErrnoStatus(PrintableName(out_dir), error.value());
  std::vector<InputFile> list;
  bool has_stdin = false;
  for (const std::string& path : inputs) {
    if (path == kStdinName) {
      if (std::exchange(has_stdin, true)) {
        return Wrong(path, "stdin can be read once only; name it once");
      }
      list.push_back(StdinInput());
      continue;
    }
    struct stat status {};
    NYM_RETURN_IF_ERROR(StatPath(path, &status));
    if (S_ISDIR(status.st_mode) || S_ISREG(status.st_mode)) {
      NYM_RETURN_IF_ERROR(CheckApart(path, out));
    }
    if (S_ISDIR(status.st_mode)) {
      NYM_RETURN_IF_ERROR(AddFolder(path, &list));
    } else {
      list.push_back(MakeInput(path, status));
    }
  }
  NYM_RETURN_IF_ERROR(CheckDistinct(list));
  return list;
}

}  // namespace nymstream
