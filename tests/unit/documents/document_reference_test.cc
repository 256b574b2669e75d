// Goal: the reference pages of the documents are those of the code.
#include "gtest/gtest.h"
#include "policy/documents.h"
#include "policy/reference_page.h"

namespace nymstream {
namespace {

TEST(DocumentReferenceTest, ThePagesAreCurrent) {
  ExpectPageIsCurrent("docs/reference/policy.md",
                      DocumentReference(DocumentKind::kPolicy));
  ExpectPageIsCurrent("docs/reference/log-schema.md",
                      DocumentReference(DocumentKind::kLogSchema));
  ExpectPageIsCurrent("docs/reference/pipeline.md",
                      DocumentReference(DocumentKind::kPipeline));
}

}  // namespace
}  // namespace nymstream
