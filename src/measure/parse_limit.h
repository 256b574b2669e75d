// The least that a program does that looks at every field: what the engine is
// measured against.
#ifndef NYMSTREAM_MEASURE_PARSE_LIMIT_H_
#define NYMSTREAM_MEASURE_PARSE_LIMIT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "nymstream/log_schema.h"

namespace nymstream {

// JSON: a simdjson On-Demand walk, record by record, that visits each key and
// each raw value, nested ones too, and keeps nothing. Combined lines: memchr
// for the line end, and a copy of the line. One thread per object.
class ParseLimit {
 public:
  // Copies `records`, with the padding that simdjson reads beyond them.
  ParseLimit(LogFormat format, std::string_view records);
  ~ParseLimit();

  struct Result {
    uint64_t records = 0;  // empty lines are none
    // Records that could not be walked to their end: they cost less here.
    uint64_t not_walked = 0;
  };
  // Goes over all records once.
  Result Run();

  // "simdjson On-Demand walk (icelake)", "memchr and copy".
  std::string name() const;

 private:
  struct Walker;
  Result RunLines();
  Result RunJson();

  LogFormat format_;
  std::string records_;
  std::string copy_;  // of one line
  std::unique_ptr<Walker> walker_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_MEASURE_PARSE_LIMIT_H_
