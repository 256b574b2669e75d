// Network addresses in documents, as host:port.
#ifndef NYMSTREAM_POLICY_HOST_PORT_H_
#define NYMSTREAM_POLICY_HOST_PORT_H_

#include "document/field_table.h"

namespace nymstream {

// What we connect to: a port from 1.
const Shape& BrokerShape();
// What we listen on: port 0 is any free one.
const Shape& ListenShape();

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_HOST_PORT_H_
