// Goal: an address that works listens there; one that does not says what to do.
#include "observe/listen_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using ::testing::HasSubstr;

sa_family_t FamilyOf(const Descriptor& socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  EXPECT_EQ(getsockname(socket.number(), reinterpret_cast<sockaddr*>(&address),
                        &size),
            0);
  return address.ss_family;
}

TEST(ListenSocketTest, ListensOnIpv4Ipv6NamesAndEveryInterface) {
  for (const char* address :
       {"127.0.0.1:0", "localhost:0", "0.0.0.0:0", ":0", "[::1]:0", "[::]:0"}) {
    const auto socket = Listen(address);
    ASSERT_TRUE(socket.ok()) << socket.status();
    EXPECT_GT(LocalPort(*socket), 0) << address;
  }
  EXPECT_EQ(FamilyOf(*Listen("127.0.0.1:0")), AF_INET);
  EXPECT_EQ(FamilyOf(*Listen("[::1]:0")), AF_INET6);
}

TEST(ListenSocketTest, AMalformedAddressIsRefusedWithTheFormThatIsWanted) {
  for (const char* address :
       {"", "localhost", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x",
        "127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1:65536", "127.0.0.1: 80",
        "::1:9464", "[::1]", "[::1:9464", "[]:9464"}) {
    const auto socket = Listen(address);
    EXPECT_EQ(socket.status().code(), absl::StatusCode::kInvalidArgument)
        << address;
    EXPECT_THAT(std::string(socket.status().message()),
                HasSubstr("want host:port"))
        << address;
  }
}

TEST(ListenSocketTest, AnAddressInUseIsNamed) {
  const auto first = Listen("127.0.0.1:0");
  ASSERT_TRUE(first.ok()) << first.status();
  const std::string address = "127.0.0.1:" + std::to_string(LocalPort(*first));
  const auto second = Listen(address);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr("'" + address + "': in use; stop the process"));
}

TEST(ListenSocketTest, AnAddressOfAnotherMachineIsRefused) {
  const auto socket = Listen("192.0.2.1:9464");  // for documentation, RFC 5737
  EXPECT_EQ(socket.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(socket.status().message()),
              HasSubstr("no address of this machine"));
}

TEST(ListenSocketTest, AHostThatDoesNotExistIsRefused) {
  const auto socket = Listen("no-such-host.invalid:9464");
  EXPECT_EQ(socket.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(socket.status().message()),
              HasSubstr("host not found"));
}

}  // namespace
}  // namespace nymstream
