#include "kafka/library_version.h"

#include <librdkafka/rdkafka.h>

namespace nymstream {

std::string LibraryVersion() { return rd_kafka_version_str(); }

bool LibraryKnowsScramOfKafka4() {
  constexpr int kMended = 0x020601ff;  // as rd_kafka_version() writes 2.6.1
  return rd_kafka_version() >= kMended;
}

}  // namespace nymstream
