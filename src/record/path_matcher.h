// Finds the plan's field for a member name, guessing by the last record.
#ifndef NYMSTREAM_RECORD_PATH_MATCHER_H_
#define NYMSTREAM_RECORD_PATH_MATCHER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/short_bytes.h"
#include "nymstream/plan.h"
#include "record/parsed_record.h"

namespace nymstream {

// A tree of the plan's paths. Access logs repeat the order of their members, so
// each name remembers which name followed it last time, and a name is first
// compared with that guess; only then is it looked up. Names that nobody
// classified are remembered too, up to kUnknownNamesMax per node, because they
// repeat as well. One thread per object. Cost: a comparison when the guess is
// right, else a hash lookup.
class PathMatcher {
 public:
  static constexpr int32_t kNoNode = -1;
  static constexpr size_t kUnknownNamesMax = 512;
  // Longer names are never guessed.
  static constexpr size_t kReadAhead = ShortText::kReadAhead;
  static constexpr size_t kGuessableBytesMax = kReadAhead - 2;

  explicit PathMatcher(const std::vector<PlanField>& fields);

  int32_t root() const { return 0; }
  // What Element::field is for a value at `node`: an index into the plan's
  // fields, kOnPath, or kUnclassified for kNoNode.
  int32_t FieldAt(int32_t node) const {
    return node == kNoNode ? -1 : nodes_[static_cast<size_t>(node)].field;
  }
  // The node of the elements of an array at `node`.
  int32_t ElementNode(int32_t node) const {
    return node == kNoNode ? kNoNode
                           : nodes_[static_cast<size_t>(node)].element_child;
  }

  // Where in the order of a node's names a parse is; starts at 0 for each
  // object.
  using Cursor = uint32_t;

  struct alignas(64) Name {
    // With its quotes. A name that is never guessed stands nowhere.
    ShortText text;
    uint32_t next = 0;  // index of the name that came next last time
    int32_t child = kNoNode;
    // A string with this name at 0; where its content lies is not known.
    Element member;

    uint32_t size() const { return member.key_end; }  // its quotes included
  };

  // The names of `node`, until the next call of Find.
  const Name* NamesOf(int32_t node) const {
    return nodes_[static_cast<size_t>(node)].names.data();
  }
  // The name that is guessed to come after `cursor` in `names`, if it stands at
  // `text` with its quotes (kReadAhead bytes can be read), else null. The
  // cursor moves on.
  static const Name* MatchGuess(const Name* names, const char* text,
                                Cursor* cursor) {
    const uint32_t guess = names[*cursor].next;
    const Name& name = names[guess];
    if (!name.text.StandsAt(text)) return nullptr;
    *cursor = guess;
    return &name;
  }

  // Looks `name` (decoded) up and moves the cursor. Returns the child's node or
  // kNoNode.
  int32_t Find(int32_t node, std::string_view name, Cursor* cursor);

 private:
  struct Node {
    int32_t field = -2;
    int32_t element_child = kNoNode;
    std::vector<Name> names;  // names[0] stands before the first
    absl::flat_hash_map<std::string, uint32_t> index;
    size_t unknown_names = 0;
  };

  int32_t AddNode();
  int32_t ChildNamed(int32_t node, const std::string& name);
  uint32_t AddName(int32_t node, std::string_view name, int32_t child);

  std::vector<Node> nodes_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_RECORD_PATH_MATCHER_H_
