// The librdkafka in use.
#ifndef NYMSTREAM_KAFKA_LIBRARY_VERSION_H_
#define NYMSTREAM_KAFKA_LIBRARY_VERSION_H_

#include <string>

namespace nymstream {

// Of the library that is loaded, which may be newer than its headers: "2.0.2".
std::string LibraryVersion();

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_LIBRARY_VERSION_H_
