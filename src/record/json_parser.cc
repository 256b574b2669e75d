#include "record/json_parser.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/check.h"
#include "nymstream/batch.h"
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
  record->shape = 0;
  text_ = text;
  const bool unknown = shapes_.TakeUnknown(text);
  if (auto reason = Index(text)) return reason;
  has_escapes_ = std::memchr(text.data(), '\\', text.size()) != nullptr;
  // One element per structural byte at the most.
  record->elements.Start(structural_count_);
  auto reason = Walk(&record->elements);
  if (!reason && unknown) shapes_.Learn(*record);
  return reason;
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

inline uint32_t JsonParser::TokenEnd(uint32_t token) const {
  uint32_t end = token + 1 < structural_count_
                     ? structurals_[token + 1]
                     : static_cast<uint32_t>(text_.size());
  while (IsJsonSpace(text_[end - 1])) [[unlikely]]-- end;
  return end;
}

inline bool JsonParser::ParseString(uint32_t token, uint32_t* content_end,
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

inline bool JsonParser::ParseScalar(uint32_t token, Element* element) {
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
inline bool JsonParser::ParseKey(uint32_t token, Element* element,
                                 int32_t* child) {
  if (token + 2 >= structural_count_) return false;
  const uint32_t begin = structurals_[token];
  if (text_[begin] != '"' || At(token + 1) != ':') return false;
  Frame& frame = stack_.back();
  element->key_begin = begin;
  const PathMatcher::Name* name = nullptr;
  if (frame.node != PathMatcher::kNoNode) [[likely]] {
    name = PathMatcher::MatchGuess(matcher_->NamesOf(frame.node),
                                   text_.data() + begin, &frame.cursor);
  }
  if (name != nullptr) [[likely]] {
    // Only white space can stand between the name and the colon, since stage 1
    // indexes everything else.
    element->key_end = begin + name->size();
    *child = name->child;
    return true;
  }
  return ParseUnguessedKey(token, element, child);
}

uint32_t JsonParser::WalkPlainMembers(uint32_t token, ElementList* elements) {
  static_assert(kNumberReadAhead <= kRawPadding);
  Frame& frame = stack_.back();
  if (frame.node == PathMatcher::kNoNode || has_escapes_) return token;
  // Copies, because what is stored in elements might be any of these members.
  const PathMatcher::Name* const names = matcher_->NamesOf(frame.node);
  const char* const text = text_.data();
  const uint32_t* at = structurals_ + token;
  const uint32_t* const last = structurals_ + structural_count_;
  PathMatcher::Cursor cursor = frame.cursor;
  Element* element = elements->Next();
  for (; last - at > 3; at += 4) {
    const size_t key = at[0];
    const size_t value = at[2];
    const size_t comma = at[3];
    PathMatcher::Cursor next = cursor;
    const PathMatcher::Name* const name =
        PathMatcher::MatchGuess(names, text + key, &next);
    if (name == nullptr || text[at[1]] != ':' || text[comma] != ',') break;
    PlaceAt(name->member, static_cast<uint32_t>(key), element);
    // See ParseString.
    if (text[value] == '"' && text[comma - 1] == '"' && comma > value + 1)
        [[likely]] {
      element->begin = static_cast<uint32_t>(value + 1);
      element->end = static_cast<uint32_t>(comma - 1);
    } else {
      size_t end = comma;
      while (IsJsonSpace(text[end - 1])) --end;
      element->end = static_cast<uint32_t>(end);
      if (text[value] == '"') {
        if (end < value + 2 || text[end - 1] != '"') break;
        element->begin = static_cast<uint32_t>(value + 1);
        --element->end;
      } else {
        if (!IsJsonNumberAt(text + value, end - value)) break;
        element->begin = static_cast<uint32_t>(value);
        element->kind = ElementKind::kNumber;
      }
    }
    ++element;
    cursor = next;
  }
  frame.cursor = cursor;
  elements->Grow(element);
  return static_cast<uint32_t>(at - structurals_);
}

bool JsonParser::ParseUnguessedKey(uint32_t token, Element* element,
                                   int32_t* child) {
  const uint32_t begin = structurals_[token] + 1;
  uint32_t end = 0;
  bool escaped = false;
  if (!ParseString(token, &end, &escaped)) return false;
  element->key_end = end + 1;
  *child = PathMatcher::kNoNode;
  Frame& frame = stack_.back();
  if (frame.node == PathMatcher::kNoNode) return true;
  std::string_view name = text_.substr(begin, end - begin);
  if (escaped) {
    key_arena_.Reset();
    name = DecodeJsonString(name, &key_arena_, nullptr);
  }
  *child = matcher_->Find(frame.node, name, &frame.cursor);
  return true;
}

std::optional<QuarantineReason> JsonParser::Walk(ElementList* elements) {
  constexpr auto kNotJson = QuarantineReason::kNotJson;
  if (structural_count_ == 0) return kNotJson;
  stack_.clear();
  uint32_t token = 0;
  bool in_object = false;  // the next value is a member
  int32_t node = matcher_->root();
  // A root that is no object is validated all the same, so that the reason it
  // is quarantined for is true.
  while (true) {
    if (in_object) token = WalkPlainMembers(token, elements);
    if (token >= structural_count_) return kNotJson;
    Element& element = elements->Add();
    if (in_object) {
      if (!ParseKey(token, &element, &node)) return kNotJson;
      token += 2;
    } else {
      element.key_begin = element.key_end = structurals_[token];
      if (!stack_.empty()) node = matcher_->ElementNode(stack_.back().node);
    }
    element.field = matcher_->FieldAt(node);
    element.escaped = false;
    const char first = At(token);
    if (first == '{' || first == '[') {
      if (stack_.size() >= depth_max_) return QuarantineReason::kTooDeep;
      const bool is_array = first == '[';
      element.kind =
          is_array ? ElementKind::kArrayBegin : ElementKind::kObjectBegin;
      element.begin = structurals_[token];
      // Below a classified path lies nothing classified.
      stack_.push_back({static_cast<uint32_t>(elements->size() - 1),
                        element.field == kOnPath ? node : PathMatcher::kNoNode,
                        0, is_array});
      ++token;
      in_object = !is_array;
      if (token >= structural_count_) return kNotJson;
      if (At(token) != (is_array ? ']' : '}')) continue;
    } else {
      if (!ParseScalar(token, &element)) return kNotJson;
      ++token;
    }
    // After a value: the ends of containers, then a comma or the end.
    while (!stack_.empty()) {
      if (token >= structural_count_) return kNotJson;
      const Frame& frame = stack_.back();
      const char after = At(token);
      ++token;
      if (after == ',') {
        in_object = !frame.is_array;
        break;
      }
      if (after != (frame.is_array ? ']' : '}')) return kNotJson;
      Close(frame, structurals_[token - 1], elements);
      stack_.pop_back();
    }
    if (!stack_.empty()) continue;
    if (token != structural_count_) return kNotJson;
    return (*elements)[0].kind == ElementKind::kObjectBegin
               ? std::nullopt
               : std::optional(QuarantineReason::kNotObject);
  }
}

void JsonParser::Close(const Frame& frame, uint32_t at, ElementList* elements) {
  const auto index = static_cast<uint32_t>(elements->size());
  Element& end = elements->Add();
  Element& begin = (*elements)[frame.begin_element];
  end.kind = frame.is_array ? ElementKind::kArrayEnd : ElementKind::kObjectEnd;
  end.key_begin = end.key_end = at;
  end.begin = at;
  end.end = at + 1;
  end.field = begin.field;
  end.partner = frame.begin_element;
  end.escaped = false;
  begin.end = end.end;
  begin.partner = index;
}

}  // namespace nymstream
