// Percent-encoding is taken off layer by layer, with the place of each byte.
#include <algorithm>
#include <cstring>
#include <vector>

#include "treatment/byte_class.h"
#include "treatment/text_scan.h"
#include "treatment/whole_characters.h"

namespace nymstream {
namespace {

// %40, %2540, %252540.
constexpr int kLayersMax = 3;

// Memory of one thread, kept between texts.
struct Scratch {
  std::vector<char> bytes;
  std::vector<uint32_t> origins;  // of each byte, and of the end
  EditList found;
  EditList merged;
};

Scratch& ThreadScratch() {
  thread_local Scratch scratch;
  return scratch;
}

bool IsEscape(const char* bytes, size_t left) {
  return left >= 3 && bytes[0] == '%' && IsHex(bytes[1]) && IsHex(bytes[2]);
}

// Takes one layer off `scratch`, in place. False if there was none.
bool DecodeLayer(Scratch* scratch) {
  std::vector<char>& bytes = scratch->bytes;
  const size_t size = bytes.size();
  size_t out = 0;
  for (size_t at = 0; at < size; ++out) {
    scratch->origins[out] = scratch->origins[at];
    if (IsEscape(bytes.data() + at, size - at)) {
      bytes[out] = static_cast<char>(HexValue(bytes[at + 1]) * 16 +
                                     HexValue(bytes[at + 2]));
      at += 3;
    } else {
      bytes[out] = bytes[at++];
    }
  }
  scratch->origins[out] = scratch->origins[size];
  bytes.resize(out);
  return out < size;
}

bool HoldsEscape(std::string_view text) {
  for (size_t at = text.find('%'); at != std::string_view::npos;
       at = text.find('%', at + 1)) {
    if (IsEscape(text.data() + at, text.size() - at)) return true;
  }
  return false;
}

// Widens the edits from `first` on so that none cuts a triplet or a character
// of `text`, joining what then overlaps.
void WidenEdits(std::string_view text, size_t first, EditList* edits) {
  size_t kept = first;
  for (size_t i = first; i < edits->size(); ++i) {
    Edit edit = (*edits)[i];
    size_t begin = edit.begin;
    size_t end = edit.end;
    WidenToCharacters(text, &begin, &end);
    edit.begin = static_cast<uint32_t>(begin);
    edit.end = static_cast<uint32_t>(end);
    if (kept > first && edit.begin < (*edits)[kept - 1].end) {
      Edit& last = (*edits)[kept - 1];
      last.begin = std::min(last.begin, edit.begin);
      last.end = std::max(last.end, edit.end);
    } else {
      (*edits)[kept++] = edit;
    }
  }
  edits->resize(kept);
}

// Adds `found` to the edits from `first` on, joining what overlaps.
void Merge(Scratch* scratch, size_t first, EditList* edits) {
  const EditList& found = scratch->found;
  EditList& merged = scratch->merged;
  merged.clear();
  size_t next = 0;
  const auto add = [&](const Edit& edit) {
    if (!merged.empty() && edit.begin < merged.back().end) {
      if (edit.end > merged.back().end) merged.back().end = edit.end;
    } else {
      merged.push_back(edit);
    }
  };
  for (size_t i = first; i < edits->size(); ++i) {
    const Edit& edit = (*edits)[i];
    for (; next < found.size() && found[next].begin < edit.begin; ++next) {
      add(found[next]);
    }
    add(edit);
  }
  for (; next < found.size(); ++next) add(found[next]);
  edits->resize(first);
  edits->insert(edits->end(), merged.begin(), merged.end());
}

}  // namespace

void ScanEncodedText(std::string_view text, TextKind kind, EditList* edits) {
  const size_t first = edits->size();
  ScanText(text, kind, edits);
  if (!HoldsEscape(text)) return;
  WidenEdits(text, first, edits);
  Scratch& scratch = ThreadScratch();
  scratch.bytes.assign(text.begin(), text.end());
  scratch.origins.resize(text.size() + 1);
  for (size_t i = 0; i <= text.size(); ++i) {
    scratch.origins[i] = static_cast<uint32_t>(i);
  }
  for (int layer = 0; layer < kLayersMax && DecodeLayer(&scratch); ++layer) {
    scratch.found.clear();
    const std::string_view layer_text(scratch.bytes.data(),
                                      scratch.bytes.size());
    ScanText(layer_text, kind, &scratch.found);
    if (scratch.found.empty()) continue;
    WidenEdits(layer_text, 0, &scratch.found);
    for (Edit& edit : scratch.found) {
      edit.begin = scratch.origins[edit.begin];
      edit.end = scratch.origins[edit.end];
    }
    Merge(&scratch, first, edits);
  }
}

}  // namespace nymstream
