#include "unit/kafka/fiber.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "base/check.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

namespace nymstream {
namespace {

constexpr size_t kStackBytes = 256 << 10;

// Stacks are used again: a simulation starts thousands of fibers.
std::vector<std::unique_ptr<char[]>>& FreeStacks() {
  static std::vector<std::unique_ptr<char[]>> stacks;
  return stacks;
}

std::unique_ptr<char[]> TakeStack() {
  std::vector<std::unique_ptr<char[]>>& stacks = FreeStacks();
  if (stacks.empty())
    return std::make_unique_for_overwrite<char[]>(kStackBytes);
  std::unique_ptr<char[]> stack = std::move(stacks.back());
  stacks.pop_back();
  return stack;
}

#ifdef __SANITIZE_ADDRESS__
void StartSwitch(void** fake, const void* stack, size_t size) {
  __sanitizer_start_switch_fiber(fake, stack, size);
}
void FinishSwitch(void* fake, const void** stack, size_t* size) {
  __sanitizer_finish_switch_fiber(fake, stack, size);
}
#else
void StartSwitch(void** /*fake*/, const void* /*stack*/, size_t /*size*/) {}
void FinishSwitch(void* /*fake*/, const void** /*stack*/, size_t* /*size*/) {}
#endif

}  // namespace

Fiber::Fiber(std::function<void()> body)
    : body_(std::move(body)), stack_(TakeStack()) {
  NYM_CHECK(getcontext(&own_) == 0);
  own_.uc_stack.ss_sp = stack_.get();
  own_.uc_stack.ss_size = kStackBytes;
  own_.uc_link = nullptr;
  const auto self = reinterpret_cast<uintptr_t>(this);
  makecontext(&own_, reinterpret_cast<void (*)()>(&Fiber::Enter), 2,
              static_cast<unsigned>(self >> 32), static_cast<unsigned>(self));
}

Fiber::~Fiber() {
  NYM_CHECK(done_);
  FreeStacks().push_back(std::move(stack_));
}

void Fiber::Resume() {
  NYM_CHECK(!done_);
  StartSwitch(&resumer_fake_stack_, stack_.get(), kStackBytes);
  swapcontext(&resumer_, &own_);
  FinishSwitch(resumer_fake_stack_, nullptr, nullptr);
}

void Fiber::Suspend() {
  // The sanitizer lets go of the stack of a fiber that has come to its end.
  StartSwitch(done_ ? nullptr : &own_fake_stack_, resumer_stack_,
              resumer_stack_size_);
  swapcontext(&own_, &resumer_);
  FinishSwitch(own_fake_stack_, &resumer_stack_, &resumer_stack_size_);
}

void Fiber::Enter(unsigned high, unsigned low) {
  const uintptr_t self = (static_cast<uintptr_t>(high) << 32) | low;
  reinterpret_cast<Fiber*>(self)->RunBody();
}

void Fiber::RunBody() {
  FinishSwitch(nullptr, &resumer_stack_, &resumer_stack_size_);
  body_();
  done_ = true;
  Suspend();
}

}  // namespace nymstream
