// Goal: every document that ships is without a mistake. Method: parse all of
// config/.
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "document_support.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/reference.h"
#include "policy/reference_page.h"

namespace nymstream {
namespace {

using ::testing::IsEmpty;

template <typename Parse>
int ParseFolder(const std::string& folder, Parse parse) {
  int count = 0;
  const std::string path = "config/" + folder;
  for (const auto& entry :
       std::filesystem::directory_iterator(NYMSTREAM_SOURCE_DIR "/" + path)) {
    const std::string name = entry.path().filename().string();
    SCOPED_TRACE(name);
    if (entry.path().extension() != ".yaml") continue;
    const auto parsed = ParseWith(parse, ReadSourceFile(path + "/" + name));
    EXPECT_THAT(parsed.messages, IsEmpty());
    if (parsed.document.has_value()) {
      EXPECT_EQ(parsed.document->name + ".yaml", name);
    }
    ++count;
  }
  return count;
}

// `schema` and `policy` of a pipeline are names of files.
TEST(ShippedDocumentsTest, AllParseAndBearTheNameOfTheirFile) {
  EXPECT_GE(ParseFolder("policies", ParsePolicy), 5);
  EXPECT_GE(ParseFolder("schemas", ParseLogSchema), 6);
  EXPECT_GE(ParseFolder("pipelines", ParsePipeline), 6);
}

TEST(ShippedDocumentsTest, ThePageOfTheirGrantsIsCurrent) {
  std::vector<Policy> policies;
  for (const char* name :
       {"no-ip-2013", "no-ip-2024", "anyip", "hosting", "ngrok-2018"}) {
    const std::string text =
        ReadSourceFile("config/policies/" + std::string(name) + ".yaml");
    auto parsed = ParseWith(ParsePolicy, text);
    ASSERT_TRUE(parsed.document.has_value()) << name;
    policies.push_back(*std::move(parsed.document));
  }
  ExpectPageIsCurrent("docs/reference/grants.md", GrantReference(policies));
}

}  // namespace
}  // namespace nymstream
