// Cooperative threads: several lanes interleave on one thread, in an order
// that a seed decides.
#ifndef NYMSTREAM_TESTS_UNIT_KAFKA_FIBER_H_
#define NYMSTREAM_TESTS_UNIT_KAFKA_FIBER_H_

#include <ucontext.h>

#include <functional>
#include <memory>

namespace nymstream {

// A function with a stack of its own. It has to return before the fiber is
// destroyed: what is on its stack is not unwound otherwise. No exception may
// leave it.
class Fiber {
 public:
  explicit Fiber(std::function<void()> body);
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Goes on with the body until it suspends itself or returns.
  void Resume();
  // From within the body: goes back to Resume().
  void Suspend();
  bool done() const { return done_; }

 private:
  static void Enter(unsigned high, unsigned low);
  void RunBody();

  std::function<void()> body_;
  std::unique_ptr<char[]> stack_;
  ucontext_t own_;
  ucontext_t resumer_;
  bool done_ = false;
  // What AddressSanitizer has to be told at each switch; unused without it.
  void* own_fake_stack_ = nullptr;
  void* resumer_fake_stack_ = nullptr;
  const void* resumer_stack_ = nullptr;
  size_t resumer_stack_size_ = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_KAFKA_FIBER_H_
