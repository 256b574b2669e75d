#include "measure/svg_chart.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/absl_view.h"

namespace nymstream {
namespace {

constexpr double kWidth = 860;
constexpr double kNameWidth = 330;
constexpr double kLabelWidth = 150;
constexpr double kRowHeight = 26;
constexpr double kPlotHeight = 260;
constexpr double kMarginLeft = 64;
constexpr double kMarginBottom = 44;
constexpr double kMarginTop = 12;
constexpr double kMarginRight = 16;
constexpr int kTicks = 5;
constexpr size_t kNameBytesMax = 46;  // what kNameWidth has room for

std::string Open(std::string_view title, double height) {
  return absl::StrFormat(
      "<svg viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"%s\">\n", kWidth,
      height, EscapeHtml(title));
}

std::string Text(double x, double y, std::string_view anchor,
                 std::string_view text) {
  return absl::StrFormat(
      "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y,
      anchor, EscapeHtml(text));
}

std::string Line(std::string_view kind, double x1, double y1, double x2,
                 double y2) {
  return absl::StrFormat(
      "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
      kind, x1, y1, x2, y2);
}

std::string Shortened(const std::string& name) {
  if (name.size() <= kNameBytesMax) return name;
  return absl::StrCat(name.substr(0, kNameBytesMax - 3), "...");
}

// 1, 2 or 5 times a power of ten: the distance of ticks that reach `largest`.
double TickStep(double largest) {
  const double rough = largest / kTicks;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string BarChart(std::string_view title,
                     const std::vector<ChartBar>& bars) {
  double largest = 0;
  double smallest = 0;
  for (const ChartBar& bar : bars) {
    largest = std::max(largest, bar.value.max);
    smallest = std::min(smallest, bar.value.min);
  }
  if (largest == smallest) return "";
  const double scale =
      (kWidth - kNameWidth - kLabelWidth) / (largest - smallest);
  const auto at = [&](double value) {
    return kNameWidth + (value - smallest) * scale;
  };
  const double height = kRowHeight * static_cast<double>(bars.size());
  std::string svg = Open(title, height);
  double top = 0;
  for (const ChartBar& bar : bars) {
    const double middle = top + kRowHeight / 2;
    const double from = std::min(at(0), at(bar.value.median));
    const double to = std::max(at(0), at(bar.value.median));
    svg += Text(kNameWidth - 10, middle + 4, "end", Shortened(bar.name));
    absl::StrAppendFormat(
        &svg,
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
        "height=\"%.1f\"/>\n",
        bar.is_reference ? "reference" : "bar", from, top + 5, to - from,
        kRowHeight - 10);
    svg +=
        Line("whisker", at(bar.value.min), middle, at(bar.value.max), middle);
    for (const double end : {bar.value.min, bar.value.max}) {
      svg += Line("whisker", at(end), middle - 4, at(end), middle + 4);
    }
    svg += Text(std::max(to, at(bar.value.max)) + 8, middle + 4, "start",
                bar.label);
    top += kRowHeight;
  }
  svg += Line("axis", at(0), 0, at(0), height);
  return svg + "</svg>\n";
}

std::string LineChart(std::string_view title, std::string_view x_title,
                      std::string_view y_title,
                      const std::vector<ChartPoint>& points) {
  double x_largest = 0;
  double y_largest = 0;
  for (const ChartPoint& point : points) {
    x_largest = std::max(x_largest, point.x);
    y_largest = std::max(y_largest, point.y.max);
  }
  if (points.size() < 2 || y_largest <= 0 || x_largest <= 0) return "";
  const double bottom = kMarginTop + kPlotHeight;
  const double right = kWidth - kMarginRight;
  const auto x_at = [&](double x) {
    return kMarginLeft + x / x_largest * (right - kMarginLeft);
  };
  const auto y_at = [&](double y) {
    return bottom - y / y_largest * kPlotHeight;
  };
  std::string svg = Open(title, bottom + kMarginBottom);
  const double y_step = TickStep(y_largest);
  for (int i = 0; i * y_step <= y_largest; ++i) {
    const double y = y_at(i * y_step);
    svg += Line("grid", kMarginLeft, y, right, y);
    svg +=
        Text(kMarginLeft - 8, y + 4, "end", absl::StrFormat("%g", i * y_step));
  }
  const double x_step = TickStep(x_largest);
  for (int i = 0; i * x_step <= x_largest; ++i) {
    svg += Text(x_at(i * x_step), bottom + 18, "middle",
                absl::StrFormat("%g", i * x_step));
  }
  std::string line;
  std::string upper;
  std::string lower;
  for (const ChartPoint& point : points) {
    const double x = x_at(point.x);
    absl::StrAppendFormat(&line, "%.1f,%.1f ", x, y_at(point.y.median));
    absl::StrAppendFormat(&upper, "%.1f,%.1f ", x, y_at(point.y.max));
    lower = absl::StrCat(absl::StrFormat("%.1f,%.1f ", x, y_at(point.y.min)),
                         lower);
  }
  absl::StrAppend(&svg, "<polygon class=\"band\" points=\"", upper, lower,
                  "\"/>\n<polyline class=\"line\" points=\"", line, "\"/>\n");
  svg += Line("axis", kMarginLeft, bottom, right, bottom);
  svg += Text(right, bottom + 38, "end", x_title);
  svg += Text(kMarginLeft + 6, kMarginTop + 4, "start", y_title);
  return svg + "</svg>\n";
}

}  // namespace nymstream
