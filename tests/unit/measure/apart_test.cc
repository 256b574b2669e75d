// Goal: work in a process of its own tells what it found, however it ends.
#include "measure/apart.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace nymstream {
namespace {

TEST(ApartTest, WhatWasToldArrives) {
  const std::string large(1 << 20, 'x');
  const ApartResult result = RunApart(
      [&](Teller* teller) {
        teller->Tell("");
        teller->Tell(large);
        return absl::NotFoundError("nothing there");
      },
      nullptr);
  EXPECT_EQ(result.told, (std::vector<std::string>{"", large}));
  EXPECT_EQ(result.status, absl::NotFoundError("nothing there"));
}

TEST(ApartTest, AChildThatDiesLosesNothingThatItTold) {
  const ApartResult result = RunApart(
      [](Teller* teller) {
        teller->Tell("made");
        raise(SIGKILL);
        return absl::OkStatus();
      },
      nullptr);
  EXPECT_EQ(result.told, std::vector<std::string>{"made"});
  EXPECT_TRUE(absl::IsInternal(result.status));
}

TEST(ApartTest, AStopEndsTheChild) {
  const std::atomic<bool> stop{true};
  const auto begin = std::chrono::steady_clock::now();
  const ApartResult result = RunApart(
      [](Teller*) {
        std::this_thread::sleep_for(std::chrono::minutes(1));
        return absl::OkStatus();
      },
      &stop);
  EXPECT_TRUE(absl::IsInternal(result.status));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

}  // namespace
}  // namespace nymstream
