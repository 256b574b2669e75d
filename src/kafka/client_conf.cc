#include "kafka/client_conf.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "kafka/error_class.h"

namespace nymstream {
namespace {

ClientContext& ContextOf(void* opaque) {
  return *static_cast<ClientContext*>(opaque);
}

void OnError(rd_kafka_t*, int code, const char*, void* opaque) {
  ClientContext& context = ContextOf(opaque);
  const auto error = static_cast<rd_kafka_resp_err_t>(code);
  context.connection_errors.fetch_add(1, std::memory_order_relaxed);
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
    context.listener->OnAllBrokersDown();
  } else {
    context.listener->OnConnectionError(ConsumerError(error));
  }
}

// The text may hold names of hosts, never of records; still it is not logged,
// since nobody can promise it for every version.
void OnLog(const rd_kafka_t* client, int level, const char*, const char*) {
  ClientContext& context = ContextOf(rd_kafka_opaque(client));
  context.listener->OnClientMessage(level);
}

void OnTokenRefresh(rd_kafka_t* client, const char*, void* opaque) {
  ContextOf(opaque).credentials->RefreshToken(client);
}

}  // namespace

absl::StatusOr<KafkaConf> MakeConf(const Properties& properties,
                                   ClientContext* context) {
  KafkaConf conf(rd_kafka_conf_new());
  for (const auto& [name, value] : properties) {
    std::array<char, 512> message{};
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(),
                          message.data(), message.size()) != RD_KAFKA_CONF_OK) {
      return absl::InvalidArgumentError(
          absl::StrCat("source.kafka.librdkafka: ", message.data()));
    }
  }
  NYM_RETURN_IF_ERROR(context->credentials->Apply(conf.get()));
  rd_kafka_conf_set_opaque(conf.get(), context);
  rd_kafka_conf_set_error_cb(conf.get(), OnError);
  rd_kafka_conf_set_log_cb(conf.get(), OnLog);
  rd_kafka_conf_set_oauthbearer_token_refresh_cb(conf.get(), OnTokenRefresh);
  rd_kafka_conf_enable_sasl_queue(conf.get(), 1);
  return conf;
}

absl::StatusOr<KafkaHandle> MakeClient(rd_kafka_type_t type, KafkaConf conf) {
  std::array<char, 512> message{};
  KafkaHandle client(
      rd_kafka_new(type, conf.get(), message.data(), message.size()));
  if (client == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("librdkafka: ", message.data()));
  }
  static_cast<void>(conf.release());  // the client's now
  // Without OAUTHBEARER there is no such queue, which is no error of ours.
  const KafkaErrorHandle ignored(
      rd_kafka_sasl_background_callbacks_enable(client.get()));
  return client;
}

KafkaTopic MakeTopic(rd_kafka_t* producer, const std::string& name,
                     Compression compression) {
  rd_kafka_topic_conf_t* conf = rd_kafka_topic_conf_new();
  rd_kafka_topic_conf_set(conf, "compression.codec",
                          std::string(CompressionName(compression)).c_str(),
                          nullptr, 0);
  return KafkaTopic(rd_kafka_topic_new(producer, name.c_str(), conf));
}

}  // namespace nymstream
