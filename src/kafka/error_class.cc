#include "kafka/error_class.h"

namespace nymstream {
namespace {

KafkaError Named(ErrorClass kind, rd_kafka_resp_err_t code) {
  return {kind, rd_kafka_err2name(code)};
}

}  // namespace

ErrorClass FixedClass(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    // With auto.offset.reset=error.
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT:
    case RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT:
      return ErrorClass::kRefused;
    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
      return ErrorClass::kFenced;
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
      return ErrorClass::kReplaced;
    default:
      return ErrorClass::kNone;
  }
}

KafkaError TransactionError(const rd_kafka_error_t* error) {
  if (error == nullptr) return {};
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
  if (const ErrorClass fixed = FixedClass(code); fixed != ErrorClass::kNone) {
    return Named(fixed, code);
  }
  if (rd_kafka_error_is_fatal(error) != 0) {
    return Named(ErrorClass::kFatal, code);
  }
  if (rd_kafka_error_txn_requires_abort(error) != 0) {
    return Named(ErrorClass::kAbortable, code);
  }
  if (rd_kafka_error_is_retriable(error) != 0) {
    return Named(ErrorClass::kRetriable, code);
  }
  return Named(ErrorClass::kFatal, code);
}

KafkaError ConsumerError(rd_kafka_resp_err_t code) {
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  const ErrorClass fixed = FixedClass(code);
  return Named(fixed == ErrorClass::kNone ? ErrorClass::kRetriable : fixed,
               code);
}

KafkaError ProduceError(rd_kafka_resp_err_t code) {
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
    return Named(ErrorClass::kRetriable, code);
  }
  if (code == RD_KAFKA_RESP_ERR__FATAL) return Named(ErrorClass::kFatal, code);
  const ErrorClass fixed = FixedClass(code);
  return Named(fixed == ErrorClass::kNone ? ErrorClass::kAbortable : fixed,
               code);
}

}  // namespace nymstream
