#include "kafka/admin.h"

#include <array>
#include <atomic>
#include <charconv>
#include <mutex>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "kafka/error_class.h"

namespace nymstream {
namespace {

using AdminOptions =
    std::unique_ptr<rd_kafka_AdminOptions_t,
                    DestroyWith<rd_kafka_AdminOptions_destroy>>;
using ConfigResource =
    std::unique_ptr<rd_kafka_ConfigResource_t,
                    DestroyWith<rd_kafka_ConfigResource_destroy>>;
using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t,
                                 DestroyWith<rd_kafka_NewTopic_destroy>>;
using DeletedTopic = std::unique_ptr<rd_kafka_DeleteTopic_t,
                                     DestroyWith<rd_kafka_DeleteTopic_destroy>>;

constexpr std::string_view kVersionLine = "ApiKey TxnOffsetCommit (28)";

absl::Status StatusOf(rd_kafka_resp_err_t code) {
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  const char* const name = rd_kafka_err2name(code);
  switch (code) {
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
      return absl::NotFoundError(name);
    case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS:
      return absl::AlreadyExistsError(name);
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
      return absl::PermissionDeniedError(name);
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
    case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
      return absl::InvalidArgumentError(name);
    default:
      return absl::UnavailableError(name);
  }
}

AdminOptions TopicOptions(rd_kafka_t* client, rd_kafka_admin_op_t operation) {
  AdminOptions options(rd_kafka_AdminOptions_new(client, operation));
  rd_kafka_AdminOptions_set_operation_timeout(
      options.get(), Admin::kAdminTimeoutMs, nullptr, 0);
  return options;
}

// What the operation on one topic came to whose answer comes to `queue`;
// `results_of` finds the topics in it.
template <typename ResultsOf>
absl::Status TopicResult(rd_kafka_queue_t* queue, ResultsOf results_of) {
  const KafkaEvent event(
      rd_kafka_queue_poll(queue, 2 * Admin::kAdminTimeoutMs));
  if (event == nullptr) return absl::UnavailableError("_TIMED_OUT");
  NYM_RETURN_IF_ERROR(StatusOf(rd_kafka_event_error(event.get())));
  size_t count = 0;
  const rd_kafka_topic_result_t** const results =
      results_of(event.get(), &count);
  if (count != 1) return absl::UnavailableError("no answer for the topic");
  return StatusOf(rd_kafka_topic_result_error(results[0]));
}

// "... ApiKey TxnOffsetCommit (28) Versions 0..3"
int ParseVersion(std::string_view line) {
  const size_t found = line.find(kVersionLine);
  if (found == std::string_view::npos) return -1;
  const size_t dots = line.find("..", found);
  if (dots == std::string_view::npos) return -1;
  int version = -1;
  std::from_chars(line.data() + dots + 2, line.data() + line.size(), version);
  return version;
}

}  // namespace

// What the client tells while it connects.
class Admin::Connection final : public ConnectionListener {
 public:
  void OnConnectionError(const KafkaError& error) override {
    const std::lock_guard lock(mutex_);
    if (last_error_.empty() || !IsConsequence(error.name)) {
      last_error_ = error.name;
    }
  }
  void OnAllBrokersDown() override {}
  void OnClientMessage(int) override {}

  static void OnLog(const rd_kafka_t* client, int, const char*,
                    const char* line) {
    const int version = ParseVersion(line);
    if (version < 0) return;
    auto* context = static_cast<ClientContext*>(rd_kafka_opaque(client));
    static_cast<Connection*>(context->owner)->version_ = version;
  }

  int version() const { return version_; }
  std::string last_error() const {
    const std::lock_guard lock(mutex_);
    return last_error_;
  }

 private:
  // Says less than what came before it.
  static bool IsConsequence(std::string_view name) {
    return name == "_TRANSPORT" || name == "_TIMED_OUT";
  }

  std::atomic<int> version_{-1};
  mutable std::mutex mutex_;
  std::string last_error_;
};

Admin::~Admin() { client_.reset(); }

absl::StatusOr<std::unique_ptr<Admin>> Admin::Create(
    const KafkaSource& source, const LaneIdentity& identity,
    std::shared_ptr<const ClientCredentials> credentials) {
  std::unique_ptr<Admin> admin(new Admin);
  admin->connection_ = std::make_unique<Connection>();
  admin->context_.credentials = std::move(credentials);
  admin->context_.listener = admin->connection_.get();
  admin->context_.owner = admin->connection_.get();
  Properties properties = AdminProperties(source, identity);
  // MayWrite(); and the versions that the broker offers show in the log only.
  properties.emplace_back("acks", "2");
  properties.emplace_back("debug", "feature");
  properties.emplace_back("message.timeout.ms", absl::StrCat(kAdminTimeoutMs));
  NYM_ASSIGN_OR_RETURN(KafkaConf conf, MakeConf(properties, &admin->context_));
  rd_kafka_conf_set_log_cb(conf.get(), Connection::OnLog);
  rd_kafka_conf_set_dr_msg_cb(
      conf.get(), [](rd_kafka_t*, const rd_kafka_message_t* message, void*) {
        *static_cast<rd_kafka_resp_err_t*>(message->_private) = message->err;
      });
  NYM_ASSIGN_OR_RETURN(admin->client_,
                       MakeClient(RD_KAFKA_PRODUCER, std::move(conf)));
  return admin;
}

absl::Status Admin::Connect() {
  const rd_kafka_metadata_t* raw = nullptr;
  const rd_kafka_resp_err_t code =
      rd_kafka_metadata(client_.get(), 0, nullptr, &raw, kAdminTimeoutMs);
  const KafkaMetadata metadata(raw);
  rd_kafka_poll(client_.get(), 0);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  const std::string last = connection_->last_error();
  return absl::UnavailableError(last.empty() ? rd_kafka_err2name(code) : last);
}

absl::StatusOr<int> Admin::TxnOffsetCommitVersion() const {
  if (connection_->version() >= 0) return connection_->version();
  return absl::UnavailableError("the broker does not say what it can do");
}

absl::StatusOr<int> Admin::Partitions(const std::string& topic) {
  const KafkaTopic handle(
      rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr));
  const rd_kafka_metadata_t* raw = nullptr;
  const rd_kafka_resp_err_t code =
      rd_kafka_metadata(client_.get(), 0, handle.get(), &raw, kAdminTimeoutMs);
  const KafkaMetadata metadata(raw);
  NYM_RETURN_IF_ERROR(StatusOf(code));
  if (metadata->topic_cnt != 1) return absl::NotFoundError("no metadata");
  NYM_RETURN_IF_ERROR(StatusOf(metadata->topics[0].err));
  return metadata->topics[0].partition_cnt;
}

absl::StatusOr<std::map<std::string, std::string>> Admin::Settings(
    const std::string& topic) {
  const ConfigResource resource(
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  const KafkaQueue queue(rd_kafka_queue_new(client_.get()));
  const AdminOptions options(rd_kafka_AdminOptions_new(
      client_.get(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS));
  rd_kafka_AdminOptions_set_request_timeout(options.get(), kAdminTimeoutMs,
                                            nullptr, 0);
  rd_kafka_ConfigResource_t* resources[] = {resource.get()};
  rd_kafka_DescribeConfigs(client_.get(), resources, 1, options.get(),
                           queue.get());
  const KafkaEvent event(rd_kafka_queue_poll(queue.get(), 2 * kAdminTimeoutMs));
  if (event == nullptr) return absl::UnavailableError("_TIMED_OUT");
  NYM_RETURN_IF_ERROR(StatusOf(rd_kafka_event_error(event.get())));
  size_t count = 0;
  const rd_kafka_ConfigResource_t** const found =
      rd_kafka_DescribeConfigs_result_resources(
          rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  if (count != 1) return absl::UnavailableError("no answer for the topic");
  NYM_RETURN_IF_ERROR(StatusOf(rd_kafka_ConfigResource_error(found[0])));
  std::map<std::string, std::string> settings;
  const rd_kafka_ConfigEntry_t** const entries =
      rd_kafka_ConfigResource_configs(found[0], &count);
  for (size_t i = 0; i < count; ++i) {
    const char* const value = rd_kafka_ConfigEntry_value(entries[i]);
    if (value == nullptr) continue;
    settings[rd_kafka_ConfigEntry_name(entries[i])] = value;
  }
  return settings;
}

absl::Status Admin::CreateTopic(const NewKafkaTopic& topic) {
  std::array<char, 256> message{};
  const NewTopic made(rd_kafka_NewTopic_new(
      topic.name.c_str(), topic.partitions, topic.replication_factor,
      message.data(), message.size()));
  if (made == nullptr) return absl::InvalidArgumentError(message.data());
  for (const auto& [name, value] : topic.settings) {
    rd_kafka_NewTopic_set_config(made.get(), name.c_str(), value.c_str());
  }
  const KafkaQueue queue(rd_kafka_queue_new(client_.get()));
  const AdminOptions options =
      TopicOptions(client_.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS);
  rd_kafka_NewTopic_t* topics[] = {made.get()};
  rd_kafka_CreateTopics(client_.get(), topics, 1, options.get(), queue.get());
  return TopicResult(queue.get(), [](rd_kafka_event_t* event, size_t* count) {
    return rd_kafka_CreateTopics_result_topics(
        rd_kafka_event_CreateTopics_result(event), count);
  });
}

absl::Status Admin::DeleteTopic(const std::string& topic) {
  const DeletedTopic deleted(rd_kafka_DeleteTopic_new(topic.c_str()));
  const KafkaQueue queue(rd_kafka_queue_new(client_.get()));
  const AdminOptions options =
      TopicOptions(client_.get(), RD_KAFKA_ADMIN_OP_DELETETOPICS);
  rd_kafka_DeleteTopic_t* topics[] = {deleted.get()};
  rd_kafka_DeleteTopics(client_.get(), topics, 1, options.get(), queue.get());
  return TopicResult(queue.get(), [](rd_kafka_event_t* event, size_t* count) {
    return rd_kafka_DeleteTopics_result_topics(
        rd_kafka_event_DeleteTopics_result(event), count);
  });
}

absl::Status Admin::MayWrite(const std::string& topic) {
  const KafkaTopic handle(
      rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr));
  // Written by the delivery report, which the flush waits for.
  rd_kafka_resp_err_t result = RD_KAFKA_RESP_ERR__TIMED_OUT;
  if (rd_kafka_produce(handle.get(), 0, RD_KAFKA_MSG_F_COPY, nullptr, 0,
                       nullptr, 0, &result) != 0) {
    return StatusOf(rd_kafka_last_error());
  }
  while (rd_kafka_outq_len(client_.get()) > 0) {
    rd_kafka_flush(client_.get(), kAdminTimeoutMs);
  }
  if (result == RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS) {
    return absl::OkStatus();
  }
  return StatusOf(result);
}

}  // namespace nymstream
