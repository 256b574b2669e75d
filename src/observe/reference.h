// Pages of docs/reference about what the running stage shows.
#ifndef NYMSTREAM_OBSERVE_REFERENCE_H_
#define NYMSTREAM_OBSERVE_REFERENCE_H_

#include <string>

namespace nymstream {

// docs/reference/metrics.md.
std::string MetricReference();

// docs/reference/events.md.
std::string EventReference();

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_REFERENCE_H_
