// Treated values that come again, within a bound of memory.
#ifndef NYMSTREAM_ENGINE_VALUE_MEMO_H_
#define NYMSTREAM_ENGINE_VALUE_MEMO_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/byte_buffer.h"
#include "engine/treated_value.h"

namespace nymstream {

// A set-associative cache from (raw bytes, memo class, epoch set) to results
// and candidates. Access logs repeat addresses, agents, URLs and devices, and a
// hit costs a fraction of a keyed hash. Values that don't fit an entry are not
// kept. Entries used by the record in hand are never evicted, so what Find
// returns lives until NextRecord(). Holds raw identifiers and pseudonyms: wiped
// when destroyed. Results of one release are only ever read back for it, since
// an entry keeps one result per variant. One thread per object; no allocation
// after construction.
class ValueMemo {
 public:
  // Bytes of one entry, raw value, results and all.
  static constexpr size_t kEntryBytes = 512;
  static constexpr size_t kWays = 4;

  struct Entry {
    std::span<const Result> results;
    std::span<const Candidate> candidates;
    ReleaseMask rights = 0;  // releases that a suppression list keeps it from
  };

  explicit ValueMemo(size_t bytes);
  ~ValueMemo();
  ValueMemo(const ValueMemo&) = delete;
  ValueMemo& operator=(const ValueMemo&) = delete;

  void NextRecord() { ++record_; }

  struct Key {
    std::string_view raw;
    uint64_t epoch_set;
    int memo_class;
  };
  const Entry* Find(const Key& key);
  // Copies everything that `entry` refers to.
  void Insert(const Key& key, const Entry& entry);

 private:
  struct Slot {
    uint64_t hash = 0;
    uint64_t epoch_set = 0;  // 0: empty
    uint64_t last_record = 0;
    uint32_t raw_size = 0;
    int32_t memo_class = 0;
    Entry entry;
  };

  static uint64_t Hash(const Key& key);
  std::span<Slot> SetOf(uint64_t hash);
  char* Storage(const Slot& slot);

  size_t sets_;
  std::vector<Slot> slots_;
  ByteBuffer storage_;
  uint64_t record_ = 1;
  uint64_t last_hash_ = 0;  // of the last Find, for the Insert that follows
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_VALUE_MEMO_H_
