// gzip members and zstd frames for tests.
#ifndef NYMSTREAM_TESTS_UNIT_REPLAY_COMPRESS_H_
#define NYMSTREAM_TESTS_UNIT_REPLAY_COMPRESS_H_

#include <zlib.h>
#include <zstd.h>

#include <string>
#include <string_view>

namespace nymstream {

// One gzip member.
inline std::string Gzip(std::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = static_cast<Bytef*>(
      const_cast<void*>(static_cast<const void*>(bytes.data())));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = static_cast<Bytef*>(static_cast<void*>(out.data()));
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// One zstd frame with a checksum.
inline std::string Zstd(std::string_view bytes, int window_log = 0) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  if (window_log > 0) {
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    // Without a known size, or the window would be cut to it.
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  }
  std::string out(ZSTD_compressBound(bytes.size()) + 64, '\0');
  ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
  ZSTD_outBuffer output{out.data(), out.size(), 0};
  if (window_log > 0) {
    ZSTD_compressStream2(context, &output, &input, ZSTD_e_continue);
  }
  ZSTD_compressStream2(context, &output, &input, ZSTD_e_end);
  out.resize(output.pos);
  ZSTD_freeCCtx(context);
  return out;
}

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_REPLAY_COMPRESS_H_
