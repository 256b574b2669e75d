// Goal: of a file that is none of our documents, named by mistake, a message
// tells places and kinds and quotes nothing: it may be a log or a keyring.
// Method: such files, and those that resemble documents more and more.
#include <string>

#include "document_support.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// What the three parsers say of `text`, one message a line.
std::string AllMessages(const std::string& text) {
  std::string all;
  for (const Messages& messages :
       {ParseWith<Pipeline>(ParsePipeline, text).messages,
        ParseWith<Policy>(ParsePolicy, text).messages,
        ParseWith<LogSchema>(ParseLogSchema, text).messages}) {
    EXPECT_FALSE(messages.empty()) << text;
    for (const std::string& message : messages) all += message + "\n";
  }
  return all;
}

TEST(ForeignTextTest, NothingOfItIsQuoted) {
  const std::string keyring =
      "nymstream-keyring 1\nP1D maria 2026-01-01T00:00:00Z - 6e2a91c4\n";
  for (const std::string& text : {
           std::string("maria"),
           std::string("203.0.113.77 - maria [01/Jan/2026:00:00:00 +0000] "
                       "\"GET / HTTP/1.1\" 200 1\n"),
           keyring,
           std::string("nymstream-quarantine-private-key: 1 maria 2933eef9\n"),
           std::string("maria: 1\nmaria: 2\n"),
           std::string("*maria\n"),
           std::string("&maria x\n"),
           std::string("!maria x\n"),
           std::string("[maria, maria]\n"),
           std::string(
               "{\"user\":\"maria\",\"maria\":{\"source\":\"maria\"}}\n"),
           std::string("{\"user\":\"maria\"}\n{\"user\":\"maria\"}\n"),
           // One key may be a log's field by chance.
           std::string("{\"policy\":\"maria\",\"maria\":\"maria\"}\n"),
           std::string("{\"schema\":\"maria\",\"maria\":\"maria\"}\n"),
           std::string("{\"releases\":[{\"name\":\"maria\"},"
                       "{\"name\":\"maria\"}],\"source\":\"maria\"}\n"),
           std::string("{\"fields\":{\"maria\":\"maria\"},\"rights\":1}\n"),
       }) {
    const std::string messages = AllMessages(text);
    EXPECT_THAT(messages, Not(HasSubstr("maria"))) << text;
    EXPECT_THAT(messages, Not(HasSubstr("203.0"))) << text;
    EXPECT_THAT(messages, Not(HasSubstr("6e2a"))) << text;
    EXPECT_THAT(messages, Not(HasSubstr("2933"))) << text;
  }
}

TEST(ForeignTextTest, NotEvenACharacterIsQuoted) {
  EXPECT_THAT(AllMessages("a: \"\\q\"\n"), Not(HasSubstr("character: q")));
  EXPECT_THAT(AllMessages("a: \"\\uD8E4\"\n"), Not(HasSubstr("55524")));
  EXPECT_THAT(AllMessages("maria \xE4\n"), Not(HasSubstr("E4")));
  EXPECT_THAT(AllMessages("maria \x07\n"), Not(HasSubstr("07")));
}

TEST(ForeignTextTest, ItIsSaidWhatIsExpected) {
  EXPECT_THAT(
      ParseWith<Pipeline>(ParsePipeline, "{\"user\": \"maria\"}").messages,
      ElementsAre("x.yaml:1:1: error: must be a pipeline, which has the keys "
                  "pipeline, schema, policy, releases; is it another file "
                  "(nothing of it is shown)?"));
  EXPECT_THAT(ParseWith<Policy>(ParsePolicy, "maria").messages,
              ElementsAre("x.yaml:1:1: error: must be a policy, got a text; is "
                          "it another file (nothing of it is shown)?"));
}

// Two keys that it must have make a document, whose mistakes are shown.
TEST(ForeignTextTest, MistakesOfADocumentAreQuoted) {
  EXPECT_THAT(
      ParseWith<Pipeline>(ParsePipeline,
                          "pipelin: edge\nshema: x\npolicy: P\nreleases: x\n")
          .messages,
      SizeIs(6));
  EXPECT_THAT(
      ParseWith<Pipeline>(ParsePipeline, "polcy: x\npipeline: E\nschema: s\n")
          .messages,
      ElementsAre(HasSubstr("polcy: unknown key; did you mean 'policy'?"),
                  HasSubstr("policy: is missing"),
                  HasSubstr("releases: is missing"),
                  HasSubstr("not begin with '-', got 'E'")));
}

}  // namespace
}  // namespace nymstream
