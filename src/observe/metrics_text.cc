#include "observe/metrics_text.h"

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/metric_type.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include "base/check.h"

namespace nymstream {
namespace {

prometheus::MetricType TypeOf(MetricType type) {
  switch (type) {
    case MetricType::kCounter:
      return prometheus::MetricType::Counter;
    case MetricType::kGauge:
      return prometheus::MetricType::Gauge;
    case MetricType::kHistogram:
      return prometheus::MetricType::Histogram;
  }
  CheckFailed(__FILE_NAME__, __LINE__);
}

size_t LabelCount(const MetricText& text) {
  return static_cast<size_t>(
      std::count_if(text.labels.begin(), text.labels.end(),
                    [](std::string_view name) { return !name.empty(); }));
}

prometheus::ClientMetric HistogramMetric(const Histogram& histogram) {
  prometheus::ClientMetric metric;
  uint64_t count = 0;
  for (size_t i = 0; i < histogram.counts().size(); ++i) {
    count += histogram.counts()[i];
    const double bound = i < histogram.bounds().size()
                             ? histogram.bounds()[i]
                             : std::numeric_limits<double>::infinity();
    metric.histogram.bucket.push_back({count, bound});
  }
  metric.histogram.sample_count = count;
  metric.histogram.sample_sum = histogram.sum();
  return metric;
}

}  // namespace

void MetricsText::Add(Metric metric,
                      std::initializer_list<std::string_view> label_values,
                      double value) {
  NYM_CHECK(label_values.size() == LabelCount(TextOf(metric)));
  Sample sample;
  sample.label_values.assign(label_values.begin(), label_values.end());
  sample.value = value;
  families_[static_cast<size_t>(metric)].samples.push_back(std::move(sample));
}

void MetricsText::Add(Metric metric, const Histogram& histogram) {
  NYM_CHECK(TextOf(metric).type == MetricType::kHistogram);
  families_[static_cast<size_t>(metric)].histograms.push_back(histogram);
}

std::string MetricsText::Text() const {
  std::vector<prometheus::MetricFamily> families;
  for (size_t i = 0; i < families_.size(); ++i) {
    const MetricText& text = TextOf(static_cast<Metric>(i));
    prometheus::MetricFamily family;
    family.name = text.name;
    family.help = text.help;
    family.type = TypeOf(text.type);
    for (const Sample& sample : families_[i].samples) {
      prometheus::ClientMetric metric;
      for (size_t label = 0; label < sample.label_values.size(); ++label) {
        metric.label.push_back(
            {std::string(text.labels[label]), sample.label_values[label]});
      }
      metric.counter.value = sample.value;  // the serializer reads the one
      metric.gauge.value = sample.value;    // that fits the type
      family.metric.push_back(std::move(metric));
    }
    for (const Histogram& histogram : families_[i].histograms) {
      family.metric.push_back(HistogramMetric(histogram));
    }
    if (!family.metric.empty()) families.push_back(std::move(family));
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace nymstream
