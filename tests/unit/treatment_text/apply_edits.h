// What a value reads after its edits; and that they are as promised.
#ifndef NYMSTREAM_TESTS_UNIT_TREATMENT_TEXT_APPLY_EDITS_H_
#define NYMSTREAM_TESTS_UNIT_TREATMENT_TEXT_APPLY_EDITS_H_

#include <string>
#include <string_view>

#include "base/edit_list.h"
#include "gtest/gtest.h"

namespace nymstream {

inline std::string ApplyEdits(std::string_view text, const EditList& edits) {
  std::string out;
  size_t done = 0;
  for (const Edit& edit : edits) {
    EXPECT_LE(done, edit.begin) << "edits overlap or are out of order";
    EXPECT_LT(edit.begin, edit.end);
    EXPECT_LE(edit.end, text.size());
    if (edit.begin < done || edit.end > text.size()) return "broken edits";
    out += text.substr(done, edit.begin - done);
    out += edit.text;
    done = edit.end;
  }
  out += text.substr(done);
  return out;
}

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_TREATMENT_TEXT_APPLY_EDITS_H_
