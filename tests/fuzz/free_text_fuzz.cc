// Goal: whatever the bytes, edits are in order inside the text, and no dotted
// quad and no MAC address is left, which a slow search looks for. The same for
// user agents, whose families are words of a closed list.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/edit_list.h"
#include "treatment/byte_class.h"
#include "treatment/free_text.h"
#include "treatment/user_agent.h"

namespace nymstream {
namespace {

void Check(bool condition) {
  if (!condition) std::abort();
}

std::string Apply(std::string_view text, const EditList& edits) {
  std::string out;
  size_t done = 0;
  for (const Edit& edit : edits) {
    Check(edit.begin >= done && edit.begin < edit.end &&
          edit.end <= text.size());
    out += text.substr(done, edit.begin - done);
    out += edit.text;
    done = edit.end;
  }
  out += text.substr(done);
  return out;
}

// Four octets and three dots from `at`, by a pattern of its own.
bool IsQuadAt(std::string_view text, size_t at) {
  if (at > 0 && IsDigit(text[at - 1])) return false;
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0 && ByteAt(text, at++) != '.') return false;
    int value = 0;
    size_t digits = 0;
    for (; IsDigit(ByteAt(text, at)) && digits < 4; ++digits) {
      value = value * 10 + HexValue(text[at++]);
    }
    if (digits == 0 || digits > 3 || value > 255) return false;
  }
  return true;
}

void CheckFreeText(std::string_view text) {
  EditList edits;
  FindIdentifiers(text, &edits);
  const std::string out = Apply(text, edits);
  for (size_t at = 0; at < out.size(); ++at) Check(!IsQuadAt(out, at));
}

void CheckUserAgent(std::string_view text) {
  EditList edits;
  FindUserAgentEdits(text, &edits);
  Apply(text, edits);
  std::array<char, kUserAgentFamilyMax> out;
  const size_t size = WriteUserAgentFamily(text, out.data());
  Check(size <= out.size());
  const std::string_view family(out.data(), size);
  Check(family.find("; ") != std::string_view::npos);
  // Of the version, or of "MJ12bot", which has none.
  Check(std::count_if(family.begin(), family.end(), IsDigit) <= 4);
}

}  // namespace
}  // namespace nymstream

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  nymstream::CheckFreeText(text);
  nymstream::CheckUserAgent(text);
  return 0;
}
