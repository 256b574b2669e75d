// Goal: whatever the bytes, a record that is taken for one like another gives
// the elements that a parse gives, no record is taken that a parse refuses, and
// no byte is read beyond the padding.
// Method: a parser that knows shapes, beside one that parses each record. The
// first byte says what comes: lines as they are, each twice, or edits of a
// template, with the template between them to keep its shape known.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nymstream/batch.h"
#include "nymstream/plan.h"
#include "record/json_parser.h"
#include "record/path_matcher.h"
#include "support/same_element.h"

namespace nymstream {
namespace {

constexpr int kDepthMax = 8;

constexpr std::array kPaths = {
    "a", "b", "time", "inner.x", "inner.list[*]", "headers.To[*]", "whole"};

// Runs with and without quotes, long ones, every kind of value, containers that
// are empty, on a path, classified and neither.
constexpr std::array<std::string_view, 8> kTemplates = {
    R"({"time":"2026-01-05","a":1,"b":"x"})",
    R"({"a":-1.5e+3,"b":null,"time":true,"c":false})",
    R"( { "a" : "" , "inner" : { "x" : 12 } , "b" : "y" } )",
    R"({"inner":{"list":["p","q"],"x":"z"},"headers":{"To":["u"]},"n":{}})",
    R"({"whole":{"k":["v",{}]},"other":[[],{"a":0}],"b":[true,"t",null]})",
    R"({"a_name_that_is_longer_than_any_block_of_bytes_compared":"v","a":7})",
    R"({"a":10                                             ,"b":20})",
    R"({"a":"x","a":"y","":"","b":[]})",
};

void Check(bool condition) {
  if (!condition) std::abort();
}

std::vector<PlanField> Fields() {
  std::vector<PlanField> fields;
  for (const std::string_view path : kPaths) {
    std::string error;
    Check(ParseFieldPath(path, &fields.emplace_back().path, &error));
  }
  return fields;
}

class ParserPair {
 public:
  // Processes all lines of `text`, which has kRawPadding bytes behind it.
  void Run(std::string_view text) {
    for (size_t at = 0; at < text.size();) {
      const std::string_view rest = text.substr(at);
      const std::string_view line = rest.substr(0, rest.find('\n'));
      RunLine(line, rest);
      at += line.size() + 1;
    }
  }

 private:
  // `rest` begins with `line`.
  void RunLine(std::string_view line, std::string_view rest) {
    const size_t taken = parser_.ParseAlike(rest, &record_);
    if (taken == 0) {
      const auto reason = parser_.Parse(line, &record_);
      Check(reason == oracle_.Parse(line, &parsed_));
      if (reason) return;
    } else {
      Check(taken <= line.size() && record_.shape != 0);
      Check(record_.text.data() == line.data() && record_.text.size() == taken);
      Check(taken == line.size() ||
            static_cast<unsigned char>(line[taken]) < 0x20);
      Check(!oracle_.Parse(line.substr(0, taken), &parsed_));
    }
    Check(HaveSameElements(record_, parsed_));
  }

  PathMatcher matcher_{Fields()};
  PathMatcher oracle_matcher_{Fields()};
  JsonParser parser_{&matcher_, kDepthMax};
  JsonParser oracle_{&oracle_matcher_, kDepthMax};
  ParsedRecord record_;
  ParsedRecord parsed_;
};

std::string LinesTwice(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const std::string_view line =
        bytes.substr(0, std::min(bytes.find('\n'), bytes.size() - 1) + 1);
    for (int i = 0; i < 2; ++i) {
      text += line;
      if (i == 0 && !line.ends_with('\n')) text += '\n';
    }
    bytes.remove_prefix(line.size());
  }
  return text;
}

// Three bytes an edit: what, where, and a byte. An edit may also begin a new
// line, clean again.
std::string Edited(std::string_view clean, std::string_view edits) {
  std::string text = std::string(clean) + "\n" + std::string(clean) + "\n";
  std::string line(clean);
  const auto end_line = [&] {
    text += line + "\n" + std::string(clean) + "\n";
    line = clean;
  };
  for (; edits.size() >= 3; edits.remove_prefix(3)) {
    const size_t at = static_cast<unsigned char>(edits[1]) % (line.size() + 1);
    const auto count = static_cast<unsigned char>(edits[2]);
    switch (static_cast<unsigned char>(edits[0]) % 6) {
      case 0:
        if (at < line.size()) line[at] = edits[2];
        break;
      case 1:
        line.insert(at, 1, edits[2]);
        break;
      case 2:
        line.erase(at, count % 8U + 1);
        break;
      case 3:  // a part of it once more
        line.insert(at, line.substr(count % (line.size() + 1), 12));
        break;
      case 4:  // the end of all
        line.resize(at);
        return text + line;
      default:
        end_line();
    }
  }
  return text + line;
}

}  // namespace
}  // namespace nymstream

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nymstream;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  const size_t kind = data[0] % (kTemplates.size() + 1);
  const std::string text = kind == kTemplates.size()
                               ? LinesTwice(bytes)
                               : Edited(kTemplates[kind], bytes);
  // Not a byte more, and what is missing at the end of a record behind it.
  const std::unique_ptr<char[]> padded(new char[text.size() + kRawPadding]);
  std::memcpy(padded.get(), text.data(), text.size());
  for (size_t i = 0; i < kRawPadding; ++i) {
    padded[text.size() + i] = R"("}]:1,)"[i % 6];
  }
  // One parser of its own, since inputs must be found again.
  ParserPair().Run({padded.get(), text.size()});
  return 0;
}
