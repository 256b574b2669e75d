#include "policy/kafka_document.h"

#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "document/shape_check.h"
#include "policy/vocabulary.h"

namespace nymstream {
namespace {

constexpr std::string_view kSecurityKey = "source.kafka.security";

// Finds options of `security` that are missing or of no use.
class SecurityCheck {
 public:
  SecurityCheck(const MapReader& map, DocumentFindings* findings)
      : map_(map), findings_(findings) {}

  void Check() {
    const std::string protocol = map_.Text("protocol");
    if (!IsWord(kSecurityProtocolNames, protocol)) return;
    const std::string got = "protocol " + protocol;
    const bool tls = protocol == "ssl" || protocol == "sasl_ssl";
    for (const char* option : {"ca", "certificate", "key"}) {
      if (!tls) Refuse(option, "protocols ssl and sasl_ssl", got);
    }
    CheckCertificate();
    const bool sasl = protocol == "sasl_plaintext" || protocol == "sasl_ssl";
    if (!sasl) {
      for (const char* option : {"mechanism", "username", "password", "token"})
        Refuse(option, "protocols sasl_plaintext and sasl_ssl", got);
    } else if (!map_.Has("mechanism")) {
      Require("mechanism", got,
              "add mechanism: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or "
              "OAUTHBEARER");
    } else {
      CheckMechanism();
    }
  }

 private:
  void CheckCertificate() {
    if (map_.Has("certificate")) {
      Require("key", "a certificate",
              "add key: the path of its private key's file");
    } else if (map_.Has("key")) {
      Require("certificate", "a key", "add certificate: the path of its file");
    }
    if (!map_.Has("key")) Refuse("key_password", "a key", "no key");
  }

  void CheckMechanism() {
    const std::string mechanism = map_.Text("mechanism");
    if (!IsWord(kSaslMechanismNames, mechanism)) return;
    const std::string got = "mechanism " + mechanism;
    if (mechanism == "OAUTHBEARER") {
      Require("token", got, "add token: the path of a file that holds a JWT");
      Refuse("username", "PLAIN and SCRAM", got);
      Refuse("password", "PLAIN and SCRAM", got);
    } else {
      Require("username", got, "add username: the name itself");
      Require("password", got,
              "add password: the path of a file that holds it");
      Refuse("token", "OAUTHBEARER", got);
    }
  }

  static std::string KeyOf(std::string_view option) {
    return KeyOfMember(std::string(kSecurityKey), option);
  }

  void Refuse(std::string_view option, std::string_view wanted,
              const std::string& got) {
    if (!map_.Has(option)) return;
    findings_->AddError(map_.PositionOf(option), KeyOf(option),
                        absl::StrCat("is for ", ToAbsl(wanted), ", got ", got),
                        "remove it");
  }

  void Require(std::string_view option, const std::string& by,
               std::string hint) {
    if (map_.Has(option)) return;
    findings_->AddError(map_.PositionOf(option), KeyOf(option),
                        absl::StrCat("is missing, and ", by, " needs it"),
                        std::move(hint));
  }

  const MapReader& map_;
  DocumentFindings* findings_;
};

KafkaSecurity ReadSecurity(const MapReader& map, DocumentFindings* findings) {
  KafkaSecurity security;
  security.protocol =
      WordOf<SecurityProtocol>(kSecurityProtocolNames, map.Text("protocol"));
  security.ca = map.Text("ca");
  security.certificate = map.Text("certificate");
  security.key = map.Text("key");
  security.key_password = map.Text("key_password");
  if (map.Has("mechanism")) {
    security.mechanism =
        WordOf<SaslMechanism>(kSaslMechanismNames, map.Text("mechanism"));
  }
  security.username = map.Text("username");
  security.password = map.Text("password");
  security.token = map.Text("token");
  security.position = findings->PositionOf(map.PositionOf("protocol"));
  SecurityCheck(map, findings).Check();
  return security;
}

TopicCreation ReadCreation(const MapReader& map) {
  TopicCreation creation;
  creation.partitions = map.Whole("partitions");
  if (map.Has("replication_factor"))
    creation.replication_factor = map.Whole("replication_factor");
  creation.retention = ParsePeriod(map.Text("retention"));
  return creation;
}

}  // namespace

KafkaSource ReadKafkaSource(const MapReader& map, DocumentFindings* findings) {
  KafkaSource source;
  source.brokers = map.Texts("brokers");
  source.topic = map.Text("topic");
  source.group = map.Text("group");
  if (map.Has("start"))
    source.start = WordOf<KafkaStart>(kKafkaStartNames, map.Text("start"));
  source.membership =
      WordOf<Membership>(kMembershipNames, map.Text("membership"));
  source.lanes = map.Whole("lanes");
  source.commit_interval_ms = map.Whole("commit_interval_ms");
  if (map.Has("security"))
    source.security = ReadSecurity(map.Map("security"), findings);
  for (const YamlNode& node : map.Children("librdkafka"))
    source.librdkafka.emplace_back(node.key, node.text);
  source.position = findings->PositionOf(map.PositionOf("topic"));
  return source;
}

KafkaSink ReadKafkaSink(const MapReader& map,
                        const DocumentFindings& findings) {
  KafkaSink sink;
  sink.topic = map.Text("topic");
  sink.compression =
      WordOf<Compression>(kCompressionNames, map.Text("compression"));
  if (map.Has("create")) sink.create = ReadCreation(map.Map("create"));
  sink.position = findings.PositionOf(map.PositionOf("topic"));
  return sink;
}

}  // namespace nymstream
