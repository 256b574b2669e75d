#include "replay/replayer.h"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "base/status_macros.h"
#include "engine/key_spans.h"
#include "quarantine/record_sealer.h"
#include "replay/checkpoint.h"
#include "replay/input_list.h"
#include "replay/input_reader.h"
#include "replay/manifest.h"
#include "replay/ordered_pool.h"
#include "replay/output_folder.h"
#include "replay/printable_name.h"
#include "replay/sha256.h"

namespace nymstream {
namespace {

constexpr size_t kMemoBytesAll = 64 << 20;
constexpr size_t kSlotBytesAll = 64 << 20;
constexpr size_t kChunkBytesMax = 1 << 20;
constexpr size_t kChunkBytesMin = 128 << 10;
constexpr size_t kCheckpointBytesMax = 1 << 30;

struct PoolShape {
  size_t chunk_bytes;
  size_t slots;
};

// A slot holds a chunk, with one partial record, and what each release makes of
// it, which may be somewhat longer.
PoolShape ShapeFor(const Plan& plan, int jobs) {
  const size_t wanted = 2 * static_cast<size_t>(jobs) + 2;
  PoolShape shape{kChunkBytesMax, 0};
  while (true) {
    const size_t slot_bytes = plan.limits.record_bytes_max +
                              shape.chunk_bytes * (2 + plan.releases.size() +
                                                   plan.releases.size() / 4);
    shape.slots = std::clamp<size_t>(kSlotBytesAll / slot_bytes, 2, wanted);
    if (shape.slots == wanted || shape.chunk_bytes <= kChunkBytesMin) {
      return shape;
    }
    shape.chunk_bytes /= 2;
  }
}

// Everything about the keyring that decides bytes, without the secrets: which
// epoch holds which time, and which are destroyed.
ReplayDocument KeyEpochsDocument(const Plan& plan, const Keyring& keyring) {
  Sha256 digest;
  for (const KeyEpoch& epoch : keyring.epochs()) {
    const bool used = std::any_of(plan.releases.begin(), plan.releases.end(),
                                  [&](const ReleasePlan& release) {
                                    return release.epoch == epoch.series;
                                  });
    if (!used) continue;
    digest.Update(absl::StrCat(epoch.id, " ", epoch.series, " ", epoch.from,
                               " ", epoch.until, " ",
                               epoch.destroyed ? "destroyed" : "there", "\n"));
  }
  return {"key_epochs", "", digest.Hex()};
}

ReplayDocument SubjectsDocument(const RightsRule& rule,
                                const std::vector<std::string>& subjects) {
  Sha256 digest;
  for (const std::string& subject : subjects) {
    digest.Update(absl::StrCat(subject, "\n"));
  }
  return {"subjects", PrintableName(rule.subjects), digest.Hex()};
}

std::vector<ReplayDocument> AllDocuments(const ReplayOptions& options) {
  std::vector<ReplayDocument> documents = options.documents;
  const auto& subjects = options.deidentifier.subjects;
  for (size_t i = 0; i < subjects.size() && i < options.plan->rights.size();
       ++i) {
    documents.push_back(SubjectsDocument(options.plan->rights[i], subjects[i]));
  }
  if (options.deidentifier.keyring != nullptr) {
    documents.push_back(
        KeyEpochsDocument(*options.plan, *options.deidentifier.keyring));
  }
  return documents;
}

absl::Status CheckOptions(const ReplayOptions& options) {
  if (options.jobs < 1 || options.jobs > kJobsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("--jobs must be 1 to ", kJobsMax, ", got ", options.jobs));
  }
  if (options.out_dir.empty()) {
    return absl::InvalidArgumentError("no folder for the output; give --out");
  }
  return absl::OkStatus();
}

class ReplayRun {
 public:
  explicit ReplayRun(const ReplayOptions& options)
      : options_(options), plan_(*options.plan) {}

  absl::StatusOr<ReplaySummary> Run();

 private:
  absl::Status Prepare();
  absl::Status Resume();
  absl::StatusOr<std::unique_ptr<Deidentifier>> MakeDeidentifier() const;
  absl::Status MakeDeidentifiers();
  absl::Status Work();
  absl::Status Write(ChunkSlot& slot);
  absl::Status SaveCheckpoint();
  absl::Status Finish();
  void RemoveCheckpoint() const;
  void ShowProgress() const;
  ReplaySummary Summary() const;

  const ReplayOptions& options_;
  const Plan& plan_;
  std::vector<InputFile> inputs_;
  std::unique_ptr<OutputFolder> out_;
  size_t key_spans_max_ = 1;
  std::vector<std::unique_ptr<Deidentifier>> deidentifiers_;
  std::optional<PseudonymKey> digest_key_;
  Checkpoint state_;
  std::vector<uint64_t> sizes_;  // of the parts, to begin with
  bool finished_before_ = false;
  int64_t session_start_ns_ = 0;
  int64_t elapsed_before_ns_ = 0;
  uint64_t bytes_since_checkpoint_ = 0;
  std::atomic<bool> failed_{false};  // tells the reader that writing has ended
};

absl::Status ReplayRun::Prepare() {
  NYM_RETURN_IF_ERROR(CheckOptions(options_));
  session_start_ns_ = options_.clock.steady_nanoseconds();
  NYM_ASSIGN_OR_RETURN(inputs_, ListInputs(options_.inputs, options_.out_dir));
  NYM_ASSIGN_OR_RETURN(
      std::vector<std::string> names,
      OutputNames(plan_, static_cast<bool>(options_.make_sealer)));
  sizes_.assign(names.size(), 0);
  state_.version = options_.version;
  state_.started = options_.clock.unix_seconds();
  state_.as_of = options_.as_of.value_or(state_.started);
  state_.documents = AllDocuments(options_);
  for (const InputFile& input : inputs_) {
    state_.inputs.push_back({input.name, input.stream, input.identity, {}});
  }
  for (const std::string& name : names) state_.outputs.push_back({name, 0});
  state_.counters.releases.resize(plan_.releases.size());
  for (ReleaseCounters& release : state_.counters.releases) {
    release.suppressed_by_list.resize(plan_.rights.size());
    release.fields.resize(plan_.fields.size() + 1);
  }
  NYM_ASSIGN_OR_RETURN(out_,
                       OutputFolder::Lock(options_.out_dir, std::move(names)));
  const std::string leftover = out_->FindLeftover();
  if (leftover.empty()) return absl::OkStatus();
  if (options_.resume && out_->Has(kCheckpointName)) return Resume();
  return absl::FailedPreconditionError(absl::StrCat(
      PrintableName(options_.out_dir), ": already holds ", leftover, "; ",
      out_->Has(kCheckpointName)
          ? "go on with --resume, or choose another folder"
          : "choose another folder"));
}

absl::Status ReplayRun::Resume() {
  const std::string path = JoinPath(options_.out_dir, kCheckpointName);
  NYM_ASSIGN_OR_RETURN(const std::string text,
                       ReadWholeFile(path, kCheckpointBytesMax));
  NYM_ASSIGN_OR_RETURN(Checkpoint found, ParseCheckpoint(plan_, text, path));
  if (!options_.as_of) state_.as_of = found.as_of;
  NYM_RETURN_IF_ERROR(CheckResumable(found, state_));
  state_ = std::move(found);
  for (size_t i = 0; i < sizes_.size(); ++i) {
    sizes_[i] = state_.outputs[i].bytes;
  }
  elapsed_before_ns_ = state_.elapsed_ns;
  finished_before_ = out_->Has(kManifestName);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Deidentifier>> ReplayRun::MakeDeidentifier()
    const {
  DeidentifierOptions each = options_.deidentifier;
  each.as_of = state_.as_of;
  each.key_spans_max = std::min(each.key_spans_max, key_spans_max_);
  each.memo_bytes = std::min(
      each.memo_bytes, kMemoBytesAll / static_cast<size_t>(options_.jobs));
  each.sealer = nullptr;
  if (options_.make_sealer) {
    NYM_ASSIGN_OR_RETURN(each.sealer, options_.make_sealer());
  }
  return Deidentifier::Create(options_.plan, std::move(each));
}

absl::Status ReplayRun::MakeDeidentifiers() {
  NYM_ASSIGN_OR_RETURN(
      key_spans_max_,
      KeySpansOfEach(plan_, static_cast<size_t>(options_.jobs)));
  for (int i = 0; i < options_.jobs; ++i) {
    NYM_ASSIGN_OR_RETURN(auto made, MakeDeidentifier());
    deidentifiers_.push_back(std::move(made));
  }
  return absl::OkStatus();
}

absl::Status ReplayRun::Work() {
  const PoolShape shape = ShapeFor(plan_, options_.jobs);
  const std::function<bool()> stopped = [this] {
    return failed_.load(std::memory_order_relaxed) ||
           (options_.stop != nullptr &&
            options_.stop->load(std::memory_order_relaxed));
  };
  InputReader reader(inputs_, state_.position,
                     {shape.chunk_bytes, plan_.limits.record_bytes_max},
                     stopped);
  PoolOptions pool;
  pool.slots = shape.slots;
  for (const auto& deidentifier : deidentifiers_) {
    pool.workers.emplace_back([&worker = *deidentifier](ChunkSlot& slot) {
      worker.Process(slot.raw, &slot.released);
    });
  }
  pool.read = [&reader](ChunkSlot& slot) { return reader.Next(slot); };
  pool.write = [this](ChunkSlot& slot) {
    absl::Status written = Write(slot);
    if (!written.ok()) failed_ = true;
    return written;
  };
  return RunOrdered(pool);
}

absl::Status ReplayRun::Write(ChunkSlot& slot) {
  NYM_RETURN_IF_ERROR(out_->Write(slot.released, slot.raw.source));
  state_.counters.Add(slot.released.counters());
  for (const int epoch : slot.released.key_epochs()) {
    const auto index = static_cast<size_t>(epoch);
    state_.key_epochs.insert(options_.deidentifier.keyring->epochs()[index].id);
  }
  if (slot.finished) {
    state_.inputs[slot.after.input - 1].finished = *slot.finished;
  } else {
    bytes_since_checkpoint_ += slot.after.decoded - state_.position.decoded;
  }
  state_.position = slot.after;
  ShowProgress();
  if (bytes_since_checkpoint_ < options_.checkpoint_bytes) {
    return absl::OkStatus();
  }
  return SaveCheckpoint();
}

absl::Status ReplayRun::SaveCheckpoint() {
  NYM_RETURN_IF_ERROR(out_->Sync());
  const std::vector<uint64_t> sizes = out_->sizes();
  for (size_t i = 0; i < sizes.size(); ++i) state_.outputs[i].bytes = sizes[i];
  state_.elapsed_ns = elapsed_before_ns_ + options_.clock.steady_nanoseconds() -
                      session_start_ns_;
  bytes_since_checkpoint_ = 0;
  return WriteFileAtomically(options_.out_dir, std::string(kCheckpointName),
                             CheckpointText(plan_, state_));
}

// The last checkpoint stands at the end of all inputs, so that a kill in here
// leaves only this step to be done again.
absl::Status ReplayRun::Finish() {
  NYM_RETURN_IF_ERROR(SaveCheckpoint());
  NYM_RETURN_IF_ERROR(out_->Finish());
  NYM_RETURN_IF_ERROR(
      WriteFileAtomically(options_.out_dir, std::string(kManifestName),
                          ManifestText(plan_, state_, digest_key_)));
  RemoveCheckpoint();
  return absl::OkStatus();
}

void ReplayRun::RemoveCheckpoint() const {
  // If it stays, it only says that nothing is left to be done.
  unlink(JoinPath(options_.out_dir, kCheckpointName).c_str());
}

void ReplayRun::ShowProgress() const {
  if (options_.progress == nullptr) return;
  ProgressState progress;
  uint64_t all = 0;
  bool known = true;
  for (size_t i = 0; i < state_.inputs.size(); ++i) {
    const CheckpointInput& input = state_.inputs[i];
    known = known && !input.stream;
    all += input.identity.size;
    if (input.finished) progress.bytes_done += input.finished->bytes;
  }
  progress.bytes_done += state_.position.raw.bytes;
  if (known) progress.bytes_all = all;
  progress.records = state_.counters.received;
  options_.progress->Show(progress);
}

ReplaySummary ReplayRun::Summary() const {
  ReplaySummary summary;
  summary.counters = state_.counters;
  uint64_t quarantined = 0;
  for (const uint64_t count : state_.counters.quarantined_by) {
    quarantined += count;
  }
  if (state_.counters.received > 0) {
    summary.quarantine_ratio = static_cast<double>(quarantined) /
                               static_cast<double>(state_.counters.received);
  }
  summary.quarantine_ratio_exceeded =
      summary.quarantine_ratio > plan_.limits.quarantine_ratio_max;
  summary.as_of = state_.as_of;
  summary.duration_ns = state_.elapsed_ns;
  return summary;
}

absl::StatusOr<ReplaySummary> ReplayRun::Run() {
  NYM_RETURN_IF_ERROR(Prepare());
  if (finished_before_) {
    RemoveCheckpoint();
    return Summary();
  }
  NYM_RETURN_IF_ERROR(MakeDeidentifiers());
  NYM_ASSIGN_OR_RETURN(digest_key_,
                       InputDigestKey(options_.deidentifier.keyring.get()));
  if (!out_->Has(kCheckpointName)) {
    NYM_RETURN_IF_ERROR(WriteFileAtomically(options_.out_dir,
                                            std::string(kCheckpointName),
                                            CheckpointText(plan_, state_)));
  }
  NYM_RETURN_IF_ERROR(out_->OpenParts(sizes_));
  const absl::Status worked = Work();
  if (worked.ok()) {
    NYM_RETURN_IF_ERROR(Finish());
    return Summary();
  }
  // What was written is whole unless writing itself failed; the checkpoint
  // before is good in any case.
  absl::Status saved;
  if (!failed_) saved = SaveCheckpoint();
  if (worked.code() != absl::StatusCode::kCancelled) return worked;
  NYM_RETURN_IF_ERROR(saved);
  return absl::CancelledError(
      absl::StrCat("stopped after ", state_.counters.received,
                   " records; run the same command with --resume to go on"));
}

}  // namespace

absl::StatusOr<ReplaySummary> Replay(const ReplayOptions& options) {
  return ReplayRun(options).Run();
}

}  // namespace nymstream
