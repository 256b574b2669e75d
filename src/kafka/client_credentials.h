// What lets a client in: certificates, passwords and tokens, from files.
#ifndef NYMSTREAM_KAFKA_CLIENT_CREDENTIALS_H_
#define NYMSTREAM_KAFKA_CLIENT_CREDENTIALS_H_

#include <librdkafka/rdkafka.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "nymstream/pipeline.h"
#include "secret/secret_bytes.h"

namespace nymstream {

// Read once; shared by all clients of a process.
class ClientCredentials {
 public:
  // `security` as in the pipeline, `resolve` makes its paths absolute. Errors
  // name key and file: kNotFound, kPermissionDenied (a secret that others may
  // read), kInvalidArgument (empty, or more than a line).
  static absl::StatusOr<std::shared_ptr<const ClientCredentials>> Read(
      const KafkaSecurity& security,
      const std::function<std::string(const std::string&)>& resolve);

  // Sets what belongs to `security` in `conf`. kInvalidArgument with
  // librdkafka's words, in which there is no secret.
  absl::Status Apply(rd_kafka_conf_t* conf) const;

  // Gives `client` the token that its file holds now (OAUTHBEARER, RFC 7628).
  // The token is a JWT; its `exp` says until when, its `sub` for whom.
  void RefreshToken(rd_kafka_t* client) const;

 private:
  KafkaSecurity security_;  // with absolute paths
  SecretBytes password_;
  SecretBytes key_password_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_CLIENT_CREDENTIALS_H_
