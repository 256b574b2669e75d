// What a bench found, as data. It holds counts, times and the names that the
// documents give; never a value of a record.
#ifndef NYMSTREAM_MEASURE_BENCH_REPORT_H_
#define NYMSTREAM_MEASURE_BENCH_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "measure/machine.h"
#include "measure/rounds.h"

namespace nymstream {

// One thing that was run over the records, all rounds together.
struct BenchStage {
  std::string name;
  Spread megabytes_per_second{};  // of CPU time; 10^6 bytes
  Spread nanoseconds_per_record{};
  Spread of_limit{};  // bytes per second as a share of the parse limit's
};

// What a part of the plan costs: how much faster the engine is without it, as
// a share of its time in the same round. It can be below 0: a value that is
// suppressed must be looked for by the leak guard, one that is kept need not.
struct BenchCost {
  std::string name;
  std::string detail{};
  bool measured = true;  // false: it can't be left out
  Spread share{};
  double nanoseconds_per_record = 0;  // of the median

  // Whether the rounds disagree on which of both is faster.
  bool within_noise() const { return share.min <= 0 && share.max >= 0; }
};

struct BenchRelease {
  std::string name;
  uint64_t released = 0;
  uint64_t suppressed = 0;
  uint64_t quarantined = 0;
  uint64_t bytes = 0;
};

// What was measured, where and when.
struct BenchFacts {
  std::string version;  // of the program
  std::string when;     // RFC 3339
  Machine machine;
  Versions versions;
  std::string pipeline;
  std::string policy;
  std::string schema;
  std::string input;  // "a file", "stdin" or "generated nginx JSON"
  bool leak_guard = true;
  int rounds = 0;
  std::vector<BenchRelease> releases;
};

struct BenchReport : BenchFacts {
  int passes = 0;
  uint64_t warm_up_bytes = 0;
  uint64_t timed_bytes = 0;
  uint64_t timed_records = 0;
  bool seen_before = false;
  uint64_t not_walked = 0;

  std::vector<BenchStage> stages;  // the limit first, then the engine
  std::vector<BenchCost> guard;    // none or one
  std::vector<BenchCost> treatments;
  std::vector<BenchCost> fields;
  uint64_t fields_absent = 0;  // of the schema, not in these records

  // The engine's throughput in each batch of one run, warm-up first.
  struct Moment {
    double seconds = 0;  // of CPU, since the run began; at the batch's end
    Spread megabytes_per_second;
  };
  std::vector<Moment> over_time;
};

// One thing that moved all records from topic to topic, all rounds together.
struct KafkaMover {
  std::string name;
  Spread seconds;               // from the first record to the last commit
  Spread megabytes_per_second;  // of the input's values; 10^6 bytes
  Spread records_per_second;
  Spread cpu_seconds_per_gigabyte;  // of the whole process; 10^9 bytes
  Spread peak_mebibytes;            // resident

  struct Moment {
    double seconds = 0;
    Spread megabytes_per_second;
  };
  std::vector<Moment> over_time;
};

// What a bench on a cluster found.
struct KafkaBenchReport : BenchFacts {
  std::string librdkafka;
  int partitions = 0;
  int lanes = 0;
  uint64_t records = 0;
  uint64_t bytes = 0;
  KafkaMover passthrough;
  KafkaMover stage;
  // The stage's as a share of the passthrough's in the same round.
  Spread of_passthrough_speed;
  Spread of_passthrough_cpu;
};

// What a reader must know to judge the figures: a sentence each.
std::vector<std::string> Caveats(const BenchReport& report);
std::vector<std::string> Caveats(const KafkaBenchReport& report);

// The report in words and columns.
std::string ReportAsText(const BenchReport& report);
std::string ReportAsText(const KafkaBenchReport& report);
std::string ReportAsJson(const BenchReport& report);
std::string ReportAsJson(const KafkaBenchReport& report);
// One page that needs nothing else: no script, no link, no font.
std::string ReportAsHtml(const BenchReport& report);
std::string ReportAsHtml(const KafkaBenchReport& report);

}  // namespace nymstream

#endif  // NYMSTREAM_MEASURE_BENCH_REPORT_H_
