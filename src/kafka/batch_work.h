// What a lane does with the records it is given.
#ifndef NYMSTREAM_KAFKA_BATCH_WORK_H_
#define NYMSTREAM_KAFKA_BATCH_WORK_H_

#include <span>

#include "kafka/lane_client.h"

namespace nymstream {

// Turns input records into output records, which go into one transaction with
// the offsets of their input. One thread at a time.
class BatchWork {
 public:
  virtual ~BatchWork() = default;

  // What `records` become, in an order in which, within one input partition,
  // the outputs follow their inputs. Valid until the next call.
  virtual std::span<const OutputRecord> Process(
      std::span<const InputRecord> records) = 0;

  // Asked before a commit: true if what was processed must not be committed
  // and the lane has to stop (too much of it went to the quarantine).
  virtual bool MustStop() = 0;

  // Everything processed since the last of these calls has been committed, or
  // will be processed again.
  virtual void OnCommitted() = 0;
  virtual void OnAborted() = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_BATCH_WORK_H_
