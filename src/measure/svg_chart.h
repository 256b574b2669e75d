// Two kinds of plot as SVG inside a page, coloured by the page's style sheet.
#ifndef NYMSTREAM_MEASURE_SVG_CHART_H_
#define NYMSTREAM_MEASURE_SVG_CHART_H_

#include <string>
#include <string_view>
#include <vector>

#include "measure/rounds.h"

namespace nymstream {

// `text` where a page shows it.
std::string EscapeHtml(std::string_view text);

struct ChartBar {
  std::string name;
  Spread value;
  std::string label;  // beside the bar
  bool is_reference = false;
};

// A bar to the median of each, with a whisker from min to max.
std::string BarChart(std::string_view title, const std::vector<ChartBar>& bars);

struct ChartPoint {
  double x = 0;
  Spread y;
};

// A line through the medians and a band from min to max; both axes begin at 0.
std::string LineChart(std::string_view title, std::string_view x_title,
                      std::string_view y_title,
                      const std::vector<ChartPoint>& points);

}  // namespace nymstream

#endif  // NYMSTREAM_MEASURE_SVG_CHART_H_
