// The librdkafka in use.
#ifndef NYMSTREAM_KAFKA_LIBRARY_VERSION_H_
#define NYMSTREAM_KAFKA_LIBRARY_VERSION_H_

#include <string>

namespace nymstream {

// Of the library that is loaded, which may be newer than its headers: "2.0.2".
std::string LibraryVersion();

// False before 2.6.1: its SCRAM repeats the client's nonce, which brokers have
// refused since Kafka 4.0 as wrong credentials (librdkafka's issue 4895).
bool LibraryKnowsScramOfKafka4();

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_LIBRARY_VERSION_H_
