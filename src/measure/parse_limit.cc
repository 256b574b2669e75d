#include "measure/parse_limit.h"

#include <cstring>

#include "absl/strings/str_cat.h"
#include "simdjson.h"

namespace nymstream {

namespace {

// False where the JSON is wrong. The compiler can't leave out what is added to
// `*sum`.
bool WalkValue(simdjson::ondemand::value value, size_t* sum) {
  const std::string_view token = value.raw_json_token();
  switch (token.front()) {
    case '{': {
      simdjson::ondemand::object object;
      if (value.get_object().get(object)) return false;
      for (auto member : object) {
        simdjson::ondemand::raw_json_string key;
        simdjson::ondemand::value inner;
        if (member.key().get(key) || member.value().get(inner)) return false;
        *sum += key.raw() != nullptr;
        if (!WalkValue(inner, sum)) return false;
      }
      return true;
    }
    case '[': {
      simdjson::ondemand::array array;
      if (value.get_array().get(array)) return false;
      for (auto element : array) {
        simdjson::ondemand::value inner;
        if (element.get(inner) || !WalkValue(inner, sum)) return false;
      }
      return true;
    }
    default:
      *sum += token.size();
      return true;
  }
}

}  // namespace

struct ParseLimit::Walker {
  simdjson::ondemand::parser parser;
  size_t sum = 0;
};

ParseLimit::ParseLimit(LogFormat format, std::string_view records)
    : format_(format), walker_(std::make_unique<Walker>()) {
  records_.reserve(records.size() + simdjson::SIMDJSON_PADDING);
  records_ = records;
}

ParseLimit::~ParseLimit() = default;

std::string ParseLimit::name() const {
  if (format_ == LogFormat::kCombined) return "memchr and copy";
  return absl::StrCat("simdjson On-Demand walk (",
                      simdjson::get_active_implementation()->name(), ")");
}

ParseLimit::Result ParseLimit::Run() {
  return format_ == LogFormat::kCombined ? RunLines() : RunJson();
}

ParseLimit::Result ParseLimit::RunLines() {
  Result result;
  copy_.resize(records_.size());
  char* to = copy_.data();
  const char* at = records_.data();
  const char* const end = at + records_.size();
  while (at < end) {
    const auto left = static_cast<size_t>(end - at);
    const void* found = std::memchr(at, '\n', left);
    const char* const line_end =
        found == nullptr ? end : static_cast<const char*>(found);
    const auto size = static_cast<size_t>(line_end - at);
    if (size > 0) {
      std::memcpy(to, at, size);
      to += size;
      ++result.records;
    }
    at = line_end + 1;
  }
  return result;
}

ParseLimit::Result ParseLimit::RunJson() {
  Result result;
  for (size_t at = 0; at < records_.size();) {
    size_t end = records_.find('\n', at);
    if (end == std::string::npos) end = records_.size();
    if (end > at) {
      ++result.records;
      simdjson::ondemand::document document;
      simdjson::ondemand::value root;
      const bool walked = !walker_->parser
                               .iterate(records_.data() + at, end - at,
                                        records_.capacity() - at)
                               .get(document) &&
                          !document.get_value().get(root) &&
                          WalkValue(root, &walker_->sum);
      result.not_walked += !walked;
    }
    at = end + 1;
  }
  return result;
}

}  // namespace nymstream
