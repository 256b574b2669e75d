#include "replay/open_input.h"

#include <cstdint>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "base/status_macros.h"
#include "replay/gzip_source.h"
#include "replay/zstd_source.h"

namespace nymstream {
namespace {

constexpr size_t kMagicBytesMax = 6;
constexpr std::string_view kGzip = "\x1F\x8B\x08";
constexpr std::string_view kZstd = "\x28\xB5\x2F\xFD";

struct Unread {
  std::string_view magic;
  std::string_view name;
};
constexpr Unread kUnread[] = {{"BZh", "bzip2"},
                              {"\xFD\x37\x7A\x58\x5A", "xz"},
                              {"\x04\x22\x4D\x18", "lz4"},
                              {"PK\x03\x04", "zip"}};

// RFC 8878, 3.1.2: 0x184D2A50 to 0x184D2A5F, little-endian.
bool IsSkippableFrame(std::string_view head) {
  return head.size() >= 4 && (head[0] & 0xF0) == 0x50 &&
         head.substr(1, 3) == "\x2A\x4D\x18";
}

absl::Status Refused(const InputFile& input, std::string_view what) {
  return absl::DataLossError(absl::StrCat(input.name, ": ", ToAbsl(what)));
}

}  // namespace

absl::StatusOr<OpenedInput> OpenInput(const InputFile& input,
                                      const std::function<bool()>& stopped,
                                      std::optional<RawPrefix> expected) {
  OpenedInput opened;
  NYM_ASSIGN_OR_RETURN(opened.raw,
                       RawInput::Open(input, stopped, std::move(expected)));
  NYM_ASSIGN_OR_RETURN(const std::string_view head,
                       opened.raw->Peek(kMagicBytesMax));
  const std::string_view path = input.path;
  const bool gzip = head.starts_with(kGzip);
  const bool zstd = head.starts_with(kZstd) || IsSkippableFrame(head);
  if (gzip) {
    opened.decoder = MakeGzipSource(opened.raw.get(), input.name);
  } else if (zstd) {
    opened.decoder = MakeZstdSource(opened.raw.get(), input.name);
  } else if (path.ends_with(".gz") || path.ends_with(".zst")) {
    return Refused(input,
                   "is named as compressed data, and is none at byte 0; copy "
                   "it again from its source, or rename it if it is plain");
  }
  for (const Unread& unread : kUnread) {
    if (!head.starts_with(unread.magic)) continue;
    return Refused(input,
                   absl::StrCat("is compressed with ", ToAbsl(unread.name),
                                ", which is not read; decompress it, or "
                                "pipe it into stdin"));
  }
  return opened;
}

}  // namespace nymstream
