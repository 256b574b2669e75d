#include "replay/ordered_pool.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace nymstream {
namespace {

// A ring of slots. Counts of chunks read, taken by workers and written chase
// each other round it; each slot says whether its worker is done.
class Ring {
 public:
  explicit Ring(size_t slots) : slots_(slots), done_(slots, false) {}

  // Null once the pool has been stopped.
  ChunkSlot* ToFill() {
    std::unique_lock lock(mutex_);
    changed_.wait(
        lock, [&] { return stopped_ || filled_ - written_ < slots_.size(); });
    return stopped_ ? nullptr : &At(filled_);
  }
  void Filled() {
    const std::lock_guard lock(mutex_);
    done_[filled_ % slots_.size()] = false;
    ++filled_;
    changed_.notify_all();
  }
  void EndOfInput(absl::Status status) {
    const std::lock_guard lock(mutex_);
    read_status_ = std::move(status);
    ended_ = true;
    changed_.notify_all();
  }

  // Null when no chunk will come.
  ChunkSlot* ToProcess(uint64_t* number) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopped_ || taken_ < filled_ || ended_; });
    if (stopped_ || taken_ == filled_) return nullptr;
    *number = taken_++;
    return &At(*number);
  }
  void Processed(uint64_t number) {
    const std::lock_guard lock(mutex_);
    done_[number % slots_.size()] = true;
    changed_.notify_all();
  }

  // Null when all is written.
  ChunkSlot* ToWrite() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      return written_ < filled_ ? done_[written_ % slots_.size()] : ended_;
    });
    return written_ < filled_ ? &At(written_) : nullptr;
  }
  void Written() {
    const std::lock_guard lock(mutex_);
    ++written_;
    changed_.notify_all();
  }

  void Stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  // After the end of all threads.
  absl::Status read_status() const { return read_status_; }

 private:
  ChunkSlot& At(uint64_t number) { return slots_[number % slots_.size()]; }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<ChunkSlot> slots_;
  std::vector<bool> done_;
  uint64_t filled_ = 0;
  uint64_t taken_ = 0;
  uint64_t written_ = 0;
  bool ended_ = false;
  bool stopped_ = false;
  absl::Status read_status_;
};

void ReadAll(const PoolOptions& options, Ring& ring) {
  while (ChunkSlot* slot = ring.ToFill()) {
    const absl::StatusOr<bool> more = options.read(*slot);
    if (!more.ok() || !*more) {
      ring.EndOfInput(more.status());
      return;
    }
    ring.Filled();
  }
}

void ProcessAll(const std::function<void(ChunkSlot&)>& worker, Ring& ring) {
  uint64_t number = 0;
  while (ChunkSlot* slot = ring.ToProcess(&number)) {
    worker(*slot);
    ring.Processed(number);
  }
}

absl::Status WriteAllChunks(const PoolOptions& options, Ring& ring) {
  while (ChunkSlot* slot = ring.ToWrite()) {
    absl::Status written = options.write(*slot);
    if (!written.ok()) return written;
    ring.Written();
  }
  return absl::OkStatus();
}

// std::thread's constructor throws; our code does not.
absl::Status StartThreads(const PoolOptions& options, Ring& ring,
                          std::vector<std::thread>* threads) {
  try {
    for (const auto& worker : options.workers) {
      threads->emplace_back([&worker, &ring] { ProcessAll(worker, ring); });
    }
    threads->emplace_back([&options, &ring] { ReadAll(options, ring); });
  } catch (const std::system_error&) {
    return absl::ResourceExhaustedError(
        "can't start a thread; ask for fewer --jobs");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RunOrdered(const PoolOptions& options) {
  Ring ring(options.slots);
  std::vector<std::thread> threads;
  threads.reserve(options.workers.size() + 1);
  absl::Status written = StartThreads(options, ring, &threads);
  if (written.ok()) written = WriteAllChunks(options, ring);
  ring.Stop();
  for (std::thread& thread : threads) thread.join();
  if (!written.ok()) return written;
  return ring.read_status();
}

}  // namespace nymstream
