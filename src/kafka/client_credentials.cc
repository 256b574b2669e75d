#include "kafka/client_credentials.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>

#include <array>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "base/status_macros.h"
#include "files/descriptor.h"
#include "files/secret_file.h"
#include "nlohmann/json.hpp"

namespace nymstream {
namespace {

constexpr size_t kPasswordBytesMax = 4096;
constexpr size_t kTokenBytesMax = 64 << 10;
constexpr int64_t kMillisecondsPerSecond = 1000;

std::string_view View(const SecretBytes& bytes) {
  const auto span = bytes.ExposeSecret();
  return {reinterpret_cast<const char*>(span.data()), span.size()};
}

// Without the line end that an editor leaves.
std::string_view Line(const SecretBytes& bytes) {
  std::string_view line = View(bytes);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

absl::Status At(std::string_view key, const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat("source.kafka.security.", ToAbsl(key), ": ",
                                   status.message()));
}

absl::StatusOr<SecretBytes> ReadLine(std::string_view key,
                                     const std::string& path) {
  absl::StatusOr<SecretBytes> bytes = ReadSecretFile(path, kPasswordBytesMax);
  if (!bytes.ok()) return At(key, bytes.status());
  const std::string_view line = Line(*bytes);
  if (line.empty() || line.find_first_of(std::string_view("\n\0", 2)) !=
                          std::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat("source.kafka.security.",
                                                   ToAbsl(key), ": ", path,
                                                   ": must hold one line"));
  }
  return bytes;
}

absl::Status CheckFile(std::string_view key, const std::string& path,
                       bool secret) {
  if (path.empty()) return absl::OkStatus();
  const absl::StatusOr<Descriptor> file = OpenFile(path, O_RDONLY);
  if (!file.ok()) return At(key, file.status());
  struct stat status {};
  if (fstat(file->number(), &status) != 0) {
    return absl::UnavailableError(absl::StrCat(path, ": cannot be read"));
  }
  const absl::Status safe = CheckFileSafety(path, status, secret);
  return safe.ok() ? safe : At(key, safe);
}

absl::Status Set(rd_kafka_conf_t* conf, const char* name,
                 const std::string& value) {
  if (value.empty()) return absl::OkStatus();
  std::array<char, 512> message{};
  if (rd_kafka_conf_set(conf, name, value.c_str(), message.data(),
                        message.size()) == RD_KAFKA_CONF_OK) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(message.data());
}

absl::Status SetSecret(rd_kafka_conf_t* conf, const char* name,
                       std::string_view value) {
  if (value.empty()) return absl::OkStatus();
  std::string copy(value);
  // No message of librdkafka: it may repeat the value.
  const bool good = rd_kafka_conf_set(conf, name, copy.c_str(), nullptr, 0) ==
                    RD_KAFKA_CONF_OK;
  sodium_memzero(copy.data(), copy.size());
  return good ? absl::OkStatus()
              : absl::InvalidArgumentError(
                    absl::StrCat(name, ": librdkafka refuses the value"));
}

// What a JWT says of itself; its signature is the broker's to check.
struct TokenClaims {
  std::string subject;
  int64_t expires_ms = 0;
};

std::optional<TokenClaims> ReadClaims(std::string_view token) {
  const size_t begin = token.find('.');
  const size_t end = token.find('.', begin + 1);
  if (begin == std::string_view::npos || end == std::string_view::npos) {
    return std::nullopt;
  }
  std::string text;
  if (!absl::WebSafeBase64Unescape(
          ToAbsl(token.substr(begin + 1, end - begin - 1)), &text)) {
    return std::nullopt;
  }
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("exp") || !json["exp"].is_number()) {
    return std::nullopt;
  }
  TokenClaims claims;
  claims.expires_ms =
      static_cast<int64_t>(json["exp"].get<double>()) * kMillisecondsPerSecond;
  if (json.contains("sub") && json["sub"].is_string()) {
    claims.subject = json["sub"].get<std::string>();
  }
  return claims;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const ClientCredentials>>
ClientCredentials::Read(
    const KafkaSecurity& security,
    const std::function<std::string(const std::string&)>& resolve) {
  auto made = std::make_shared<ClientCredentials>();
  made->security_ = security;
  for (std::string* path :
       {&made->security_.ca, &made->security_.certificate, &made->security_.key,
        &made->security_.key_password, &made->security_.password,
        &made->security_.token}) {
    if (!path->empty()) *path = resolve(*path);
  }
  const KafkaSecurity& own = made->security_;
  NYM_RETURN_IF_ERROR(CheckFile("ca", own.ca, false));
  NYM_RETURN_IF_ERROR(CheckFile("certificate", own.certificate, false));
  NYM_RETURN_IF_ERROR(CheckFile("key", own.key, true));
  NYM_RETURN_IF_ERROR(CheckFile("token", own.token, true));
  if (!own.password.empty()) {
    NYM_ASSIGN_OR_RETURN(made->password_, ReadLine("password", own.password));
  }
  if (!own.key_password.empty()) {
    NYM_ASSIGN_OR_RETURN(made->key_password_,
                         ReadLine("key_password", own.key_password));
  }
  return std::shared_ptr<const ClientCredentials>(std::move(made));
}

absl::Status ClientCredentials::Apply(rd_kafka_conf_t* conf) const {
  NYM_RETURN_IF_ERROR(Set(conf, "ssl.ca.location", security_.ca));
  NYM_RETURN_IF_ERROR(
      Set(conf, "ssl.certificate.location", security_.certificate));
  NYM_RETURN_IF_ERROR(Set(conf, "ssl.key.location", security_.key));
  NYM_RETURN_IF_ERROR(Set(conf, "sasl.username", security_.username));
  NYM_RETURN_IF_ERROR(SetSecret(conf, "ssl.key.password", Line(key_password_)));
  return SetSecret(conf, "sasl.password", Line(password_));
}

void ClientCredentials::RefreshToken(rd_kafka_t* client) const {
  const absl::StatusOr<SecretBytes> bytes =
      ReadSecretFile(security_.token, kTokenBytesMax);
  if (!bytes.ok()) {
    rd_kafka_oauthbearer_set_token_failure(client,
                                           "the token file can't be read");
    return;
  }
  std::string token(Line(*bytes));
  const std::optional<TokenClaims> claims = ReadClaims(token);
  if (!claims) {
    rd_kafka_oauthbearer_set_token_failure(
        client, "the token file holds no JWT with an exp claim");
  } else {
    std::array<char, 256> message{};
    if (rd_kafka_oauthbearer_set_token(
            client, token.c_str(), claims->expires_ms, claims->subject.c_str(),
            nullptr, 0, message.data(),
            message.size()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
      rd_kafka_oauthbearer_set_token_failure(client,
                                             "the token is not acceptable");
    }
  }
  sodium_memzero(token.data(), token.size());
}

}  // namespace nymstream
