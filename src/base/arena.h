// Bump allocation for the bytes of one record.
#ifndef NYMSTREAM_BASE_ARENA_H_
#define NYMSTREAM_BASE_ARENA_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace nymstream {

// Memory lives until Reset() or destruction; pointers stay valid until then.
// One thread per object. Cost: a few instructions; no allocation once the
// first block is as large as the largest record needed.
class Arena {
 public:
  // Bytes that can be read behind any that were allocated.
  static constexpr size_t kReadAhead = 16;

  explicit Arena(size_t block_bytes = 64 * 1024) : block_bytes_(block_bytes) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;

  // `size` bytes with no defined content and no alignment.
  char* Allocate(size_t size) {
    if (size > left_) [[unlikely]]
      AddBlock(size);
    char* begin = next_;
    next_ += size;
    left_ -= size;
    return begin;
  }

  std::string_view Copy(std::string_view bytes) {
    char* begin = Allocate(bytes.size());
    std::memcpy(begin, bytes.data(), bytes.size());
    return {begin, bytes.size()};
  }

  // `count` objects, aligned, with no defined content.
  template <typename T>
  std::span<T> AllocateObjects(size_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    const size_t bytes = count * sizeof(T);
    void* place = Allocate(bytes + alignof(T));
    size_t space = bytes + alignof(T);
    std::align(alignof(T), bytes, place, space);
    T* const begin = static_cast<T*>(place);
    std::uninitialized_default_construct_n(begin, count);
    return {begin, count};
  }

  // A copy of `objects`, aligned for them.
  template <typename T>
  std::span<const T> CopyObjects(std::span<const T> objects) {
    const std::span<T> copy = AllocateObjects<T>(objects.size());
    std::copy(objects.begin(), objects.end(), copy.begin());
    return copy;
  }

  // Gives back the last `unused` bytes of the latest Allocate().
  void Return(size_t unused) {
    next_ -= unused;
    left_ += unused;
  }

  // Forgets everything; joins several blocks into one large block.
  void Reset() {
    if (blocks_.size() == 1) [[likely]] {
      next_ = blocks_.front().get();
      left_ = total_bytes_;
    } else {
      Join();
    }
  }

 private:
  void AddBlock(size_t size);
  void Join();

  size_t block_bytes_;
  size_t total_bytes_ = 0;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  size_t left_ = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_BASE_ARENA_H_
