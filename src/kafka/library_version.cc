#include "kafka/library_version.h"

#include <librdkafka/rdkafka.h>

namespace nymstream {

std::string LibraryVersion() { return rd_kafka_version_str(); }

}  // namespace nymstream
