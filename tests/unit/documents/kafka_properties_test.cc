// Goal: nobody sets a property of librdkafka that was not looked at. Method:
// the table against the properties that the library itself lists.
#include "policy/kafka_properties.h"

#include <librdkafka/rdkafka.h>

#include <cstdio>
#include <cstdlib>
#include <set>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/reference_page.h"

namespace nymstream {
namespace {

constexpr int kTableVersion = 0x02000200;  // 2.0.2

std::set<std::string> PropertiesOfTheLibrary() {
  char* text = nullptr;
  size_t size = 0;
  FILE* file = open_memstream(&text, &size);
  rd_kafka_conf_properties_show(file);
  std::fclose(file);
  std::istringstream lines{std::string(text, size)};
  std::free(text);
  std::set<std::string> names;
  for (std::string line; std::getline(lines, line);) {
    const size_t bar = line.find('|');
    std::string name = line.substr(0, line.find(' '));
    if (bar == std::string::npos || name == "Property" || name[0] == '-')
      continue;
    names.insert(std::move(name));
  }
  return names;
}

std::set<std::string> PropertiesOfTheTable() {
  std::set<std::string> names;
  for (const KafkaProperty& property : KafkaProperties()) {
    EXPECT_TRUE(names.emplace(property.name).second) << property.name;
    EXPECT_EQ(property.reason.empty(), property.instead.empty())
        << property.name;
  }
  return names;
}

TEST(KafkaPropertiesTest, EveryPropertyOfTheLibraryIsDecided) {
  const std::set<std::string> library = PropertiesOfTheLibrary();
  EXPECT_THAT(library, ::testing::Contains("enable.auto.commit"));
  if (rd_kafka_version() >> 8 == kTableVersion >> 8) {
    EXPECT_EQ(PropertiesOfTheTable(), library);
  }
}

TEST(KafkaPropertiesTest, WhatExactlyOnceAndPrivacyDependOnIsRefused) {
  for (const char* name : {"enable.auto.commit",
                           "enable.auto.offset.store",
                           "isolation.level",
                           "auto.offset.reset",
                           "transactional.id",
                           "group.instance.id",
                           "group.id",
                           "enable.idempotence",
                           "acks",
                           "request.required.acks",
                           "max.in.flight",
                           "max.in.flight.requests.per.connection",
                           "transaction.timeout.ms",
                           "partition.assignment.strategy",
                           "bootstrap.servers",
                           "metadata.broker.list",
                           "security.protocol",
                           "sasl.mechanism",
                           "sasl.mechanisms",
                           "sasl.password",
                           "sasl.username",
                           "ssl.key.location",
                           "ssl.key.pem",
                           "ssl.key.password",
                           "enable.ssl.certificate.verification",
                           "ssl.endpoint.identification.algorithm",
                           "debug",
                           "plugin.library.paths",
                           "compression.codec",
                           "compression.type",
                           "message.max.bytes",
                           "enable.partition.eof",
                           "check.crcs",
                           "enable.gapless.guarantee",
                           "dr_msg_cb",
                           "opaque"}) {
    EXPECT_TRUE(WhyKafkaPropertyIsRefused(name).has_value()) << name;
  }
}

// A free name is one that a client takes from text.
TEST(KafkaPropertiesTest, EveryFreePropertyCanBeSet) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const std::string_view view : FreeKafkaProperties()) {
    const std::string name(view);
    EXPECT_FALSE(WhyKafkaPropertyIsRefused(name).has_value()) << name;
    char error[256];
    EXPECT_NE(
        rd_kafka_conf_set(conf, name.c_str(), nullptr, error, sizeof(error)),
        RD_KAFKA_CONF_UNKNOWN)
        << error;
  }
  rd_kafka_conf_destroy(conf);
}

TEST(KafkaPropertiesTest, ThePageIsCurrent) {
  ExpectPageIsCurrent("docs/reference/librdkafka.md", KafkaPropertyReference());
}

}  // namespace
}  // namespace nymstream
