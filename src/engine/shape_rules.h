// What the plan says of all records of one shape, whatever their values.
#ifndef NYMSTREAM_ENGINE_SHAPE_RULES_H_
#define NYMSTREAM_ENGINE_SHAPE_RULES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/field_rules.h"
#include "engine/treated_value.h"
#include "record/parsed_record.h"

namespace nymstream {

// What has to be done with an element before its value is known.
enum class ElementWay : uint8_t {
  kNothing,
  kWithhold,    // a string that no release gets
  kKeepNumber,  // every release does
  // A number that nobody classified.
  kWithholdNumber,
  kLookUp,  // a string that may have been seen before
  kTreat,
};

inline ElementWay WayOf(const Element& element, const FieldWay& way) {
  if (element.kind == ElementKind::kString) [[likely]] {
    return way.lookup >= Lookup::kWithheld ? ElementWay::kWithhold
                                           : ElementWay::kLookUp;
  }
  if (element.kind == ElementKind::kNumber && way.keeps_numbers) {
    return ElementWay::kKeepNumber;
  }
  if (way.lookup == Lookup::kUnclassified) {
    return element.kind == ElementKind::kNumber ? ElementWay::kWithholdNumber
                                                : ElementWay::kNothing;
  }
  return IsEnd(element.kind) ? ElementWay::kNothing : ElementWay::kTreat;
}

// Of a JSON number that every release keeps.
inline constexpr Result kKeptNumber = [] {
  Result kept;
  kept.kind = ResultKind::kRaw;
  kept.action = FieldAction::kKept;
  kept.from_input = true;
  return kept;
}();

// Elements are those of ParsedRecord::elements.
struct ShapeRules {
  uint64_t shape = 0;  // ParsedRecord::shape; 0: of none
  // The only element that holds the event time, if there is just one.
  std::optional<uint32_t> event_time;

  // Of each element; null if its value decides, or if it has none.
  std::vector<const Result*> results;
  std::vector<uint32_t> withheld;
  std::vector<uint32_t> kept_numbers;
  // All others that something has to be done with, in their order.
  std::vector<uint32_t> others;
  ReleaseMask personal = 0;  // releases that kept numbers of persons are in

  // How a record is written, in order.
  struct Step {
    enum class Kind : uint8_t {
      kKept,   // elements `first` to `last`, which leave as they are
      kValue,  // as the result of `first` says
      kBegin,  // of a container
      kEnd,
    };
    Kind kind;
    uint32_t first;
    uint32_t last;
  };
  std::vector<Step> steps;
  // Element::field of what is kept and of what is dropped whatever its value.
  std::vector<int32_t> kept_fields;
  std::vector<int32_t> dropped_fields;

  // Keeps memory.
  void Clear() {
    shape = 0;
    event_time.reset();
    personal = 0;
    results.clear();
    for (auto* list : {&withheld, &kept_numbers, &others}) list->clear();
    for (auto* list : {&kept_fields, &dropped_fields}) list->clear();
    steps.clear();
  }
};

// Makes those of the shapes that come. One thread per object. Cost: a
// comparison where records of a shape come in turn.
class ShapeRulesCache {
 public:
  // `rules` must outlive the object.
  ShapeRulesCache(const FieldRules& rules, int32_t event_time_field)
      : rules_(rules), event_time_field_(event_time_field) {}

  // Null if the shape of `record` is not known. Lives at least until kKept
  // others were asked for since it was.
  static constexpr size_t kKept = 16;
  const ShapeRules* Of(const ParsedRecord& record) {
    if (record.shape == 0) return nullptr;
    if (kept_[last_].shape != record.shape) [[unlikely]]
      Find(record);
    return &kept_[last_];
  }

 private:
  void Find(const ParsedRecord& record);
  void Make(const ParsedRecord& record, ShapeRules* made) const;
  void MakeSteps(const ParsedRecord& record, ShapeRules* made) const;

  const FieldRules& rules_;
  int32_t event_time_field_;
  std::array<ShapeRules, kKept> kept_;
  std::array<uint64_t, kKept> found_{};  // when each was, in calls of Find()
  uint64_t finds_ = 0;
  size_t last_ = 0;  // that was found
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_SHAPE_RULES_H_
