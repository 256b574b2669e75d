#include "record/json_parser.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/check.h"
#include "record/json_text.h"

namespace nymstream {
namespace {

bool IsJsonSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

JsonParser::JsonParser(PathMatcher* matcher, int depth_max)
    : matcher_(matcher), depth_max_(static_cast<size_t>(depth_max)) {
  stack_.reserve(depth_max_ + 1);
}

std::optional<QuarantineReason> JsonParser::Parse(std::string_view text,
                                                  ParsedRecord* record) {
  record->text = text;
  record->elements.clear();
  text_ = text;
  if (auto reason = Index(text)) return reason;
  has_escapes_ = std::memchr(text.data(), '\\', text.size()) != nullptr;
  return Walk(record);
}

std::optional<QuarantineReason> JsonParser::Index(std::string_view text) {
  if (stage1_ == nullptr || stage1_->capacity() < text.size()) {
    const size_t capacity =
        std::bit_ceil(std::max(text.size(), size_t{16 * 1024}));
    const auto error =
        simdjson::get_active_implementation()->create_dom_parser_implementation(
            capacity, 1, stage1_);
    NYM_CHECK(error == simdjson::SUCCESS);
  }
  const auto error =
      stage1_->stage1(reinterpret_cast<const uint8_t*>(text.data()),
                      text.size(), simdjson::stage1_mode::regular);
  if (error == simdjson::UTF8_ERROR) return QuarantineReason::kNotUtf8;
  if (error != simdjson::SUCCESS) return QuarantineReason::kNotJson;
  structurals_ = stage1_->structural_indexes.get();
  structural_count_ = stage1_->n_structural_indexes;
  return std::nullopt;
}

uint32_t JsonParser::TokenEnd(uint32_t token) const {
  uint32_t end = token + 1 < structural_count_
                     ? structurals_[token + 1]
                     : static_cast<uint32_t>(text_.size());
  while (IsJsonSpace(text_[end - 1])) --end;
  return end;
}

bool JsonParser::ParseString(uint32_t token, uint32_t* content_end,
                             bool* escaped) {
  const uint32_t begin = structurals_[token] + 1;
  const uint32_t end = TokenEnd(token) - 1;
  // Stage 1 has closed every string and has indexed whatever follows a closing
  // quote, so the token's last byte is that quote.
  if (end < begin || text_[end] != '"') return false;
  *content_end = end;
  *escaped = false;
  if (!has_escapes_) [[likely]]
    return true;
  const std::string_view content = text_.substr(begin, end - begin);
  *escaped = content.find('\\') != std::string_view::npos;
  return !*escaped || AreEscapesValid(content);
}

bool JsonParser::ParseScalar(uint32_t token, Element* element) {
  const uint32_t begin = structurals_[token];
  element->begin = begin;
  if (text_[begin] == '"') {
    element->kind = ElementKind::kString;
    element->begin = begin + 1;
    return ParseString(token, &element->end, &element->escaped);
  }
  element->end = TokenEnd(token);
  const std::string_view value = text_.substr(begin, element->end - begin);
  switch (value[0]) {
    case 't':
      element->kind = ElementKind::kBoolean;
      return value == "true";
    case 'f':
      element->kind = ElementKind::kBoolean;
      return value == "false";
    case 'n':
      element->kind = ElementKind::kNull;
      return value == "null";
    default:
      element->kind = ElementKind::kNumber;
      return IsJsonNumber(value);
  }
}

// Parses the member name at `token` and the colon after it.
bool JsonParser::ParseKey(uint32_t token, Element* element, int32_t* child) {
  if (token + 2 >= structural_count_) return false;
  const uint32_t begin = structurals_[token];
  if (text_[begin] != '"' || text_[structurals_[token + 1]] != ':') {
    return false;
  }
  Frame& frame = stack_.back();
  element->key_begin = begin;
  size_t length = 0;
  if (frame.node != PathMatcher::kNoNode &&
      matcher_->MatchGuess(frame.node, text_.data() + begin + 1,
                           text_.size() - begin - 1, &frame.cursor, &length,
                           child)) [[likely]] {
    element->key_end = begin + static_cast<uint32_t>(length) + 2;
    // Nothing but white space may stand between name and colon, and stage 1
    // indexes everything else, so the colon's index proves it.
    return true;
  }
  uint32_t content_end = 0;
  bool escaped = false;
  if (!ParseString(token, &content_end, &escaped)) return false;
  element->key_end = content_end + 1;
  *child = PathMatcher::kNoNode;
  if (frame.node == PathMatcher::kNoNode) return true;
  std::string_view name = text_.substr(begin + 1, content_end - begin - 1);
  if (escaped) {
    key_arena_.Reset();
    name = DecodeJsonString(name, &key_arena_, nullptr);
  }
  *child = matcher_->Find(frame.node, name, &frame.cursor);
  return true;
}

std::optional<QuarantineReason> JsonParser::Walk(ParsedRecord* record) {
  constexpr auto kNotJson = QuarantineReason::kNotJson;
  std::vector<Element>& elements = record->elements;
  stack_.clear();
  uint32_t token = 0;
  if (structural_count_ == 0) return kNotJson;
  const bool is_object = text_[structurals_[0]] == '{';
  // A root that is no object is validated all the same, so that the reason it
  // is quarantined for is true.
  Element next;
  int32_t node = matcher_->root();

  while (true) {
    // One value, at `token`, with its key in `next` and its node in `node`.
    if (token >= structural_count_) return kNotJson;
    const char first = text_[structurals_[token]];
    if (first == '{' || first == '[') {
      if (stack_.size() >= depth_max_) return QuarantineReason::kTooDeep;
      const bool is_array = first == '[';
      next.kind =
          is_array ? ElementKind::kArrayBegin : ElementKind::kObjectBegin;
      next.begin = structurals_[token];
      next.field = matcher_->FieldAt(node);
      next.escaped = false;
      stack_.push_back({static_cast<uint32_t>(elements.size()),
                        // Below a classified path lies nothing classified.
                        next.field == kOnPath ? node : PathMatcher::kNoNode, 0,
                        is_array});
      elements.push_back(next);
      ++token;
      if (token >= structural_count_) return kNotJson;
      if (text_[structurals_[token]] != (is_array ? ']' : '}')) {
        next = Element();
        if (is_array) {
          node = matcher_->ElementNode(stack_.back().node);
        } else {
          if (!ParseKey(token, &next, &node)) return kNotJson;
          token += 2;
        }
        continue;
      }
    } else {
      if (!ParseScalar(token, &next)) return kNotJson;
      next.field = matcher_->FieldAt(node);
      elements.push_back(next);
      ++token;
    }

    // After a value: a comma, or the end of one or more containers.
    while (true) {
      if (stack_.empty()) {
        if (token != structural_count_) return kNotJson;
        if (!is_object) return QuarantineReason::kNotObject;
        return std::nullopt;
      }
      if (token >= structural_count_) return kNotJson;
      const Frame& frame = stack_.back();
      const char after = text_[structurals_[token]];
      if (after == ',') {
        ++token;
        next = Element();
        if (frame.is_array) {
          node = matcher_->ElementNode(frame.node);
        } else {
          if (!ParseKey(token, &next, &node)) return kNotJson;
          token += 2;
        }
        break;
      }
      if (after != (frame.is_array ? ']' : '}')) return kNotJson;
      Element& begin = elements[frame.begin_element];
      Element end;
      end.kind =
          frame.is_array ? ElementKind::kArrayEnd : ElementKind::kObjectEnd;
      end.begin = structurals_[token];
      end.end = end.begin + 1;
      end.field = begin.field;
      end.partner = frame.begin_element;
      begin.end = end.end;
      begin.partner = static_cast<uint32_t>(elements.size());
      elements.push_back(end);
      stack_.pop_back();
      ++token;
    }
  }
}

}  // namespace nymstream
