// Runs one command in the test's process and keeps what it said.
#ifndef NYMSTREAM_TESTS_UNIT_CLI_COMMAND_HARNESS_H_
#define NYMSTREAM_TESTS_UNIT_CLI_COMMAND_HARNESS_H_

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/command.h"
#include "gtest/gtest.h"

namespace nymstream {

struct CommandResult {
  int exit_code = -1;  // 2 also where CLI11 refused
  std::string out;
  std::string err;
};

// `input` becomes stdin, by way of a file.
inline CommandResult RunCommand(std::vector<std::string> words,
                                const std::string& input = "") {
  std::FILE* file = std::tmpfile();
  std::fwrite(input.data(), 1, input.size(), file);
  std::fflush(file);
  std::rewind(file);
  const int old_stdin = dup(STDIN_FILENO);
  dup2(fileno(file), STDIN_FILENO);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();

  CLI::App app("test", "nymstream");
  ExitCode exit_code = ExitCode::kDone;
  AddKeysCommand(app, &exit_code);
  AddQuarantineCommand(app, &exit_code);
  std::reverse(words.begin(), words.end());  // as CLI11 wants them
  try {
    app.parse(words);
  } catch (const CLI::ParseError&) {
    exit_code = ExitCode::kWrongDocument;
  }

  CommandResult result;
  result.exit_code = static_cast<int>(exit_code);
  result.out = testing::internal::GetCapturedStdout();
  result.err = testing::internal::GetCapturedStderr();
  dup2(old_stdin, STDIN_FILENO);
  close(old_stdin);
  std::fclose(file);
  return result;
}

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_CLI_COMMAND_HARNESS_H_
