// Goal: a value typed at a terminal is not shown, and the terminal shows again
// afterwards. Method: a pseudo-terminal.
#include "cli/value_input.h"

#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using testing::HasSubstr;
using testing::Not;

class TerminalTest : public testing::Test {
 protected:
  // Starts a child that reads one value from its terminal and exits with 0 if
  // it is `expected`.
  void Start(const std::string& expected) {
    child_ = forkpty(&terminal_, nullptr, nullptr, nullptr);
    ASSERT_GE(child_, 0);
    if (child_ != 0) return;
    const absl::StatusOr<std::string> value = ReadValues();
    std::_Exit(value.ok() && *value == expected ? 0 : 1);
  }
  std::string ReadUntil(std::string_view end) {
    std::string text;
    char part[256];
    while (text.find(end) == std::string::npos) {
      const ssize_t got = read(terminal_, part, sizeof(part));
      if (got <= 0) break;
      text.append(part, static_cast<size_t>(got));
    }
    return text;
  }
  void Type(const std::string& text) {
    ASSERT_EQ(write(terminal_, text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
  }
  int Wait() {
    int status = 0;
    waitpid(child_, &status, 0);
    termios state{};
    EXPECT_EQ(tcgetattr(terminal_, &state), 0);
    shows_afterwards_ = (state.c_lflag & ECHO) != 0;
    close(terminal_);
    return status;
  }

  pid_t child_ = -1;
  int terminal_ = -1;
  bool shows_afterwards_ = false;
};

TEST_F(TerminalTest, WhatIsTypedIsReadAndNotShown) {
  Start("192.0.2.7\n");
  EXPECT_THAT(ReadUntil(": "), HasSubstr("value (not shown): "));
  Type("192.0.2.7\n");
  EXPECT_THAT(ReadUntil("\n"), Not(HasSubstr("192")));
  EXPECT_EQ(Wait(), 0);
  EXPECT_TRUE(shows_afterwards_);
}

TEST_F(TerminalTest, AnInterruptEndsTheProgramAndTheTerminalShowsAgain) {
  Start("");
  ReadUntil(": ");
  Type("half\x03");  // Ctrl-C
  const int status = Wait();
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGINT);
  EXPECT_TRUE(shows_afterwards_);
}

}  // namespace
}  // namespace nymstream
