// What an event may say: numbers, yes or no, words of the program's source,
// and names of the configuration. Nothing that could be bytes of a record.
#ifndef NYMSTREAM_OBSERVE_EVENT_VALUE_H_
#define NYMSTREAM_OBSERVE_EVENT_VALUE_H_

#include <concepts>
#include <cstdint>
#include <string_view>
#include <variant>

#include "observe/word.h"

namespace nymstream {

class EventLog;

// A name that stands in a validated document or flag: a topic, a group, a
// release, a broker's address, an instance. EventLog::Name() gives it, out of
// the list that the log was made with; nothing else does. Lives as long as
// that log.
class ConfigName {
 public:
  std::string_view text() const { return text_; }

 private:
  friend class EventLog;
  explicit ConfigName(std::string_view text) : text_(text) {}
  std::string_view text_;
};

template <typename T>
concept EventInteger =
    std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> &&
    !std::same_as<T, char32_t> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, signed char> && !std::same_as<T, unsigned char>;

// Implicit, so that a call reads as a list of facts. A string literal is a
// Word. std::string, std::string_view, char pointers and single characters are
// no values.
class EventValue {
 public:
  using Variant =
      std::variant<int64_t, uint64_t, double, bool, std::string_view>;

  // NOLINTBEGIN(google-explicit-constructor)
  template <std::same_as<bool> T>
  constexpr EventValue(T value) : value_(value) {}
  template <EventInteger T>
  requires std::signed_integral<T>
  constexpr EventValue(T value) : value_(static_cast<int64_t>(value)) {}
  template <EventInteger T>
  requires std::unsigned_integral<T>
  constexpr EventValue(T value) : value_(static_cast<uint64_t>(value)) {}
  // No plain double: a character would convert to it.
  template <std::floating_point T>
  constexpr EventValue(T value) : value_(static_cast<double>(value)) {}
  constexpr EventValue(Word word) : value_(word.text()) {}
  template <size_t N>
  consteval EventValue(const char (&literal)[N])
      : value_(Word(literal).text()) {}
  EventValue(ConfigName name) : value_(name.text()) {}
  // NOLINTEND(google-explicit-constructor)

  const Variant& value() const { return value_; }

 private:
  Variant value_;
};

struct EventField {
  Word key;
  EventValue value;
};

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_EVENT_VALUE_H_
