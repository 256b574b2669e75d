#include "cli/value_input.h"

#include <poll.h>
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
// would end the program comes while Wait() waits, and is held back until the
// terminal shows again.
class SilentTerminal {
 public:
  explicit SilentTerminal(int terminal) : terminal_(terminal) {
    interrupting_signal = 0;
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigprocmask(SIG_BLOCK, &held, &old_mask_);
    struct sigaction note {};
    note.sa_handler = NoteSignal;
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
    sigprocmask(SIG_SETMASK, &old_mask_, nullptr);
    if (interrupting_signal != 0) raise(interrupting_signal);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  bool is_silent() const { return silent_; }

  // Waits until something was typed; false on a signal, also one that came
  // before. ppoll(2), since one that comes right before a read(2) would wait
  // for the next key.
  bool Wait() const {
    pollfd typed{terminal_, POLLIN, 0};
    while (ppoll(&typed, 1, nullptr, &old_mask_) < 0) {
      if (errno != EINTR || interrupting_signal != 0) return false;
    }
    return true;
  }

 private:
  int terminal_;
  bool silent_ = false;
  termios shown_{};
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
  sigset_t old_mask_{};
};

void Prompt(std::string_view text) {
  // A prompt that nobody can read is not worth an error.
  [[maybe_unused]] const ssize_t written =
      write(STDERR_FILENO, text.data(), text.size());
}

// Reads to the end, or to the first line end if `terminal` is given.
absl::StatusOr<std::string> ReadInput(const SilentTerminal* terminal) {
  std::string values;
  char part[65536];
  while (values.size() <= kValuesBytesMax) {
    const bool ready = terminal == nullptr || terminal->Wait();
    const ssize_t got = ready ? read(STDIN_FILENO, part, sizeof(part)) : -1;
    if (ready && got < 0 && errno == EINTR) continue;
    if (got < 0) return absl::ErrnoToStatus(errno, "stdin cannot be read");
    values.append(part, static_cast<size_t>(got));
    if (got == 0 ||
        (terminal != nullptr && values.find('\n') != std::string::npos)) {
      return values;
    }
  }
  return absl::OutOfRangeError("more than 64 MiB of values; give fewer");
}

}  // namespace

absl::StatusOr<std::string> ReadValues() {
  if (isatty(STDIN_FILENO) == 0) return ReadInput(nullptr);
  const SilentTerminal terminal(STDIN_FILENO);
  if (!terminal.is_silent()) {
    return absl::UnavailableError("the terminal would show the value");
  }
  Prompt("value (not shown): ");
  absl::StatusOr<std::string> value = ReadInput(&terminal);
  Prompt("\n");
  return value;
}

}  // namespace nymstream
