// Flags that take one of a few words, or a number of a range.
#ifndef NYMSTREAM_CLI_CHOICE_H_
#define NYMSTREAM_CLI_CHOICE_H_

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"

namespace nymstream {

// Their messages tell what is accepted and never repeat what was given: it may
// be a raw value in the wrong place.
CLI::Validator OneOf(std::vector<std::string> words);
CLI::Validator WholeNumber(int min, int max);

// Adds a flag or positional that sets `*value` to what a word stands for.
// `value` outlives the parse.
template <typename Value>
CLI::Option* AddChoice(
    CLI::App& command, const std::string& name, Value* value,
    const std::vector<std::pair<std::string, Value>>& choices,
    const std::string& help) {
  std::vector<std::string> words;
  words.reserve(choices.size());
  for (const auto& choice : choices) words.push_back(choice.first);
  const auto set = [value, choices](const std::string& word) {
    for (const auto& choice : choices) {
      if (choice.first == word) *value = choice.second;
    }
  };
  return command.add_option_function<std::string>(name, set, help)
      ->check(OneOf(words))
      ->type_name(absl::StrJoin(words, "|"));
}

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_CHOICE_H_
