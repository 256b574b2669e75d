// The tables of the pipeline document.
#ifndef NYMSTREAM_POLICY_PIPELINE_TABLES_H_
#define NYMSTREAM_POLICY_PIPELINE_TABLES_H_

#include "document/field_table.h"

namespace nymstream {

const FieldTable& PipelineTable();
const FieldTable& ReleaseTable();
const Shape& OverrideShape();         // one of releases[].fields
const FieldTable& OverrideTable();    // its long form
const FieldTable& RightsRuleTable();  // one of rights

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_PIPELINE_TABLES_H_
