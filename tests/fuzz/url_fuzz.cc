// Goal: whatever the bytes, edits of a URL are in order inside it, and the
// result has no fragment, no userinfo and no value of a parameter that is not
// allow-listed.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/edit_list.h"
#include "treatment/url.h"

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

void CheckQuery(std::string_view query) {
  query = query.substr(0, query.find(' '));
  while (!query.empty()) {
    const size_t end = query.find_first_of("&;");
    const std::string_view pair = query.substr(0, end);
    const size_t equals = pair.find('=');
    const std::string_view value =
        equals == pair.npos ? pair : pair.substr(equals + 1);
    Check(value.empty() || value == kRedacted);
    if (end == query.npos) return;
    query.remove_prefix(end + 1);
  }
}

void CheckUrl(std::string_view url, UrlTreatment treatment) {
  EditList edits;
  FindUrlEdits(url, treatment, {}, &edits);
  const std::string out = Apply(url, edits);
  Check(out.find('#') == out.npos);
  const size_t query = out.find('?');
  if (query == out.npos) return;
  Check(treatment == UrlTreatment::kRedactParameters);
  CheckQuery(std::string_view(out).substr(query + 1));
}

}  // namespace
}  // namespace nymstream

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using nymstream::UrlTreatment;
  const std::string_view url(reinterpret_cast<const char*>(data), size);
  nymstream::CheckUrl(url, UrlTreatment::kRedactParameters);
  nymstream::CheckUrl(url, UrlTreatment::kPathOnly);
  // Lengths that an allow-listed name compares with.
  const std::vector<std::string> keep = {"a", "page"};
  nymstream::EditList edits;
  nymstream::FindUrlEdits(url, UrlTreatment::kRedactParameters, keep, &edits);
  return 0;
}
