// Text that can't come from a record: it stands in the program's source.
#ifndef NYMSTREAM_OBSERVE_WORD_H_
#define NYMSTREAM_OBSERVE_WORD_H_

#include <cstddef>
#include <span>
#include <string_view>

#include "nymstream/verdict.h"
#include "observe/event.h"

namespace nymstream {

// A string literal of letters, digits and _ . - / space, so that it needs no
// escaping anywhere. Made at compile time only:
//   const Word call = "commit_transaction";
//   Word(record.value());  // does not compile
// A value type; the text lives as long as the program.
class Word {
 public:
  template <size_t N>
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is a Word.
  consteval Word(const char (&literal)[N]) : text_(literal, N - 1) {
    for (const char c : text_) {
      // Not a constant expression, hence an error of the compiler.
      if (!Allowed(c)) throw "a Word has letters, digits and _ . - / space";
    }
  }

  // The one of `words` that equals `text`, or `other`: how text that a library
  // gives at run time (the name of an error) becomes a Word.
  static Word Among(std::string_view text, std::span<const Word> words,
                    Word other) {
    for (const Word word : words) {
      if (word.text() == text) return word;
    }
    return other;
  }
  // The name of the reason, or of the event.
  static Word Of(QuarantineReason reason) {
    return Word(QuarantineReasonText(reason).name);
  }
  static Word Of(SuppressionReason reason) {
    return Word(SuppressionReasonText(reason).name);
  }
  static Word Of(Event event) { return Word(TextOf(event).name); }

  constexpr std::string_view text() const { return text_; }

 private:
  explicit Word(std::string_view text) : text_(text) {}

  static constexpr bool Allowed(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' ||
           c == '/' || c == ' ';
  }

  std::string_view text_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_WORD_H_
