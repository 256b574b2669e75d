// A pipeline with the documents it names, compiled.
#ifndef NYMSTREAM_FILES_PIPELINE_LOADER_H_
#define NYMSTREAM_FILES_PIPELINE_LOADER_H_

#include <memory>
#include <optional>
#include <string>

#include "nymstream/diagnostic.h"
#include "nymstream/pipeline.h"
#include "nymstream/plan.h"

namespace nymstream {

// A document as it was read.
struct DocumentSource {
  std::string name;    // "no-ip-2024"
  std::string file;    // path, or the name of a shipped document
  std::string sha256;  // of its bytes, lower-case hex
};

struct LoadedPipeline {
  Pipeline pipeline;  // its paths are as written; see ResolvePath
  std::shared_ptr<const Plan> plan;
  DocumentSource pipeline_source;
  DocumentSource policy_source;
  DocumentSource schema_source;
};

// Reads the pipeline at `path`, which must end in .yaml or .yml (anything else
// may be a log), its policy and its log schema, and compiles them. Appends
// every finding of all three; nullopt if any is an error. A schema or policy is
// a shipped one, by name, or a path that ends in .yaml or .yml, taken from the
// folder of the pipeline.
std::optional<LoadedPipeline> LoadPipeline(const std::string& path,
                                           Diagnostics* findings);

// `path` as seen from the folder of `document`, if it is relative.
std::string ResolvePath(const std::string& document, const std::string& path);

}  // namespace nymstream

#endif  // NYMSTREAM_FILES_PIPELINE_LOADER_H_
