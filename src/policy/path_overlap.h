// Fields of one document that mean the same bytes of a record.
#ifndef NYMSTREAM_POLICY_PATH_OVERLAP_H_
#define NYMSTREAM_POLICY_PATH_OVERLAP_H_

#include <string>
#include <vector>

#include "document/document_findings.h"
#include "nymstream/log_schema.h"

namespace nymstream {

struct PlacedPath {
  FieldPath path;
  TextPosition position;
  std::string key;  // fields.client.ip
};

// Adds a finding for every path that is another one of `paths` or lies within
// it (`request` and `request.headers[*]`), at the later of the two. Cost: a
// sort.
void RefuseOverlaps(const std::vector<PlacedPath>& paths,
                    DocumentFindings* findings);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_PATH_OVERLAP_H_
