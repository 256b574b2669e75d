#include "engine/shape_rules.h"

#include <algorithm>

namespace nymstream {

void ShapeRulesCache::Find(const ParsedRecord& record) {
  const auto found = std::find_if(
      kept_.begin(), kept_.end(),
      [&](const ShapeRules& rules) { return rules.shape == record.shape; });
  if (found != kept_.end()) {
    last_ = static_cast<size_t>(found - kept_.begin());
  } else {
    // Records in hand use those that were found last.
    last_ = static_cast<size_t>(std::min_element(found_.begin(), found_.end()) -
                                found_.begin());
    kept_[last_].Clear();
    Make(record, &kept_[last_]);
  }
  found_[last_] = ++finds_;
}

void ShapeRulesCache::Make(const ParsedRecord& record, ShapeRules* made) const {
  made->shape = record.shape;
  made->results.resize(record.elements.size());
  size_t event_times = 0;
  for (uint32_t i = 0; i < record.elements.size(); ++i) {
    const Element& element = record.elements[i];
    if (element.field == event_time_field_) {
      made->event_time = i;
      ++event_times;
    }
    const FieldWay& way = rules_.WayOf(element.field);
    switch (WayOf(element, way)) {
      case ElementWay::kNothing:
        break;
      case ElementWay::kWithhold:
        made->results[i] = way.withheld;
        made->withheld.push_back(i);
        break;
      case ElementWay::kWithholdNumber:
        made->withheld.push_back(i);
        break;
      case ElementWay::kKeepNumber:
        made->results[i] = &kKeptNumber;
        made->kept_numbers.push_back(i);
        made->personal |= way.personal;
        break;
      case ElementWay::kLookUp:
      case ElementWay::kTreat:
        made->others.push_back(i);
        break;
    }
  }
  if (event_times != 1) made->event_time.reset();
  MakeSteps(record, made);
}

void ShapeRulesCache::MakeSteps(const ParsedRecord& record,
                                ShapeRules* made) const {
  using Kind = ShapeRules::Step::Kind;
  const auto size = static_cast<uint32_t>(record.elements.size());
  for (uint32_t i = 0; i < size; ++i) {
    const Element& element = record.elements[i];
    const FieldWay& way = rules_.WayOf(element.field);
    const bool begins = IsBegin(element.kind);
    if (IsEnd(element.kind)) {
      made->steps.push_back({Kind::kEnd, i, i});
    } else if (begins && element.field == kOnPath) {
      made->steps.push_back({Kind::kBegin, i, i});
    } else if (element.field < 0 || begins || way.lookup == Lookup::kWithheld) {
      made->dropped_fields.push_back(element.field);
      if (begins) i = element.partner;
    } else if (made->results[i] != &kKeptNumber) {
      made->steps.push_back({Kind::kValue, i, i});
    } else {
      made->kept_fields.push_back(element.field);
      ShapeRules::Step* const before =
          made->steps.empty() ? nullptr : &made->steps.back();
      if (before != nullptr && before->kind == Kind::kKept &&
          element.key_begin == record.elements[before->last].end + 1) {
        before->last = i;
      } else {
        made->steps.push_back({Kind::kKept, i, i});
      }
    }
  }
}

}  // namespace nymstream
