#include "cli/value_input.h"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string_view>

#include "absl/status/status.h"

namespace nymstream {
namespace {

constexpr size_t kValuesBytesMax = size_t{64} << 20;

volatile sig_atomic_t interrupting_signal = 0;

void NoteSignal(int number) { interrupting_signal = number; }

// A terminal that does not show what is typed, until destruction. A signal that
// would end the program is held back until the terminal shows again.
class SilentTerminal {
 public:
  explicit SilentTerminal(int terminal) : terminal_(terminal) {
    interrupting_signal = 0;
    struct sigaction note {};
    note.sa_handler = NoteSignal;  // without SA_RESTART: read(2) gives up
    sigaction(SIGINT, &note, &old_interrupt_);
    sigaction(SIGTERM, &note, &old_terminate_);
    silent_ = tcgetattr(terminal_, &shown_) == 0;
    if (!silent_) return;
    termios hidden = shown_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent_ = tcsetattr(terminal_, TCSAFLUSH, &hidden) == 0;
  }
  ~SilentTerminal() {
    if (silent_) tcsetattr(terminal_, TCSAFLUSH, &shown_);
    sigaction(SIGINT, &old_interrupt_, nullptr);
    sigaction(SIGTERM, &old_terminate_, nullptr);
    if (interrupting_signal != 0) raise(interrupting_signal);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  bool is_silent() const { return silent_; }

 private:
  int terminal_;
  bool silent_ = false;
  termios shown_{};
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
};

void Prompt(std::string_view text) {
  // A prompt that nobody can read is not worth an error.
  [[maybe_unused]] const ssize_t written =
      write(STDERR_FILENO, text.data(), text.size());
}

// Reads to the end, or to the first line end if `one_line`.
absl::StatusOr<std::string> ReadInput(bool one_line) {
  std::string values;
  char part[65536];
  while (values.size() <= kValuesBytesMax) {
    const ssize_t got = read(STDIN_FILENO, part, sizeof(part));
    if (got < 0 && errno == EINTR && interrupting_signal == 0) continue;
    if (got < 0) return absl::ErrnoToStatus(errno, "stdin cannot be read");
    values.append(part, static_cast<size_t>(got));
    if (got == 0 || (one_line && values.find('\n') != std::string::npos)) {
      return values;
    }
  }
  return absl::OutOfRangeError("more than 64 MiB of values; give fewer");
}

}  // namespace

absl::StatusOr<std::string> ReadValues() {
  if (isatty(STDIN_FILENO) == 0) return ReadInput(/*one_line=*/false);
  const SilentTerminal terminal(STDIN_FILENO);
  if (!terminal.is_silent()) {
    return absl::UnavailableError("the terminal would show the value");
  }
  Prompt("value (not shown): ");
  absl::StatusOr<std::string> value = ReadInput(/*one_line=*/true);
  Prompt("\n");
  return value;
}

}  // namespace nymstream
