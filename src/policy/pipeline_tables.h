// The tables of the pipeline document.
#ifndef NYMSTREAM_POLICY_PIPELINE_TABLES_H_
#define NYMSTREAM_POLICY_PIPELINE_TABLES_H_

#include "document/field_table.h"

namespace nymstream {

const FieldTable& PipelineTable();
const FieldTable& ReleaseTable();
const FieldTable& OverrideTable();    // one of releases[].fields, long form
const FieldTable& RightsRuleTable();  // one of rights

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_PIPELINE_TABLES_H_
