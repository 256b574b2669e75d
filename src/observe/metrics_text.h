// Values of metrics, and their text for a scrape.
#ifndef NYMSTREAM_OBSERVE_METRICS_TEXT_H_
#define NYMSTREAM_OBSERVE_METRICS_TEXT_H_

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "observe/histogram.h"
#include "observe/metric_table.h"

namespace nymstream {

// One scrape. One thread at a time.
class MetricsText {
 public:
  // `label_values`: as many as the metric has labels, in their order.
  void Add(Metric metric, std::initializer_list<std::string_view> label_values,
           double value);
  void Add(Metric metric, const Histogram& histogram);

  // Prometheus text format 0.0.4, families in the order of the table; those
  // without a value are left out.
  std::string Text() const;

 private:
  struct Sample {
    std::vector<std::string> label_values;
    double value = 0;
  };
  struct Family {
    std::vector<Sample> samples;
    std::vector<Histogram> histograms;
  };
  std::array<Family, kMetricCount> families_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_METRICS_TEXT_H_
