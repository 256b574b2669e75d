#include "cli/choice.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/absl_view.h"
#include "document/suggestion.h"

namespace nymstream {
namespace {

std::string NotOneOf(const std::vector<std::string>& words,
                     const std::string& word) {
  const std::vector<std::string_view> names(words.begin(), words.end());
  const std::string_view nearest = NearestName(word, names);
  return absl::StrCat("must be one of ", absl::StrJoin(words, ", "),
                      nearest.empty() ? "" : "; did you mean ", ToAbsl(nearest),
                      nearest.empty() ? "" : "?");
}

}  // namespace

CLI::Validator OneOf(std::vector<std::string> words) {
  return CLI::Validator(
      [words = std::move(words)](std::string& word) {
        const bool known =
            std::find(words.begin(), words.end(), word) != words.end();
        return known ? std::string() : NotOneOf(words, word);
      },
      "");
}

CLI::Validator WholeNumber(int min, int max) {
  return CLI::Validator(
      [min, max](std::string& text) {
        int number = 0;
        const char* const end = text.data() + text.size();
        const auto [rest, error] = std::from_chars(text.data(), end, number);
        const bool good = error == std::errc() && rest == end &&
                          number >= min && number <= max;
        return good ? std::string()
                    : absl::StrFormat("must be a whole number from %d to %d",
                                      min, max);
      },
      "");
}

}  // namespace nymstream
