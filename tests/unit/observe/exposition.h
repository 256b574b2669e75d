// Reads the Prometheus text format, as far as our metrics use it.
#ifndef NYMSTREAM_TESTS_UNIT_OBSERVE_EXPOSITION_H_
#define NYMSTREAM_TESTS_UNIT_OBSERVE_EXPOSITION_H_

#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace nymstream {

class Exposition {
 public:
  explicit Exposition(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (line.empty() || line[0] == '#') continue;
      const size_t space = line.rfind(' ');
      const bool fresh =
          values_
              .emplace(line.substr(0, space),
                       std::strtod(line.c_str() + space + 1, nullptr))
              .second;
      EXPECT_TRUE(fresh) << "twice: " << line;
    }
  }

  bool Has(const std::string& series) const { return values_.contains(series); }

  // `series` as it is written: name{label="value",...}.
  double At(const std::string& series) const {
    const auto found = values_.find(series);
    EXPECT_NE(found, values_.end()) << series;
    return found == values_.end() ? 0 : found->second;
  }

  // Of all series of `name` that have the label pair `with`, or of all.
  double Sum(std::string_view name, std::string_view with = "") const {
    double sum = 0;
    for (const auto& [series, value] : values_) {
      const std::string_view view = series;
      if (view.substr(0, view.find('{')) != name) continue;
      if (view.find(with) != std::string_view::npos) sum += value;
    }
    return sum;
  }

  size_t size() const { return values_.size(); }

 private:
  std::map<std::string, double> values_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_OBSERVE_EXPOSITION_H_
