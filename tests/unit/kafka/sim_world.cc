#include "unit/kafka/sim_world.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/str_format.h"
#include "kafka/lane.h"
#include "unit/kafka/sim_broker.h"
#include "unit/kafka/sim_client.h"
#include "unit/kafka/sim_faults.h"
#include "unit/kafka/sim_scheduler.h"
#include "unit/kafka/sim_work.h"

namespace nymstream {
namespace {

// Everything must be committed so long after the last fault, and a lane has to
// stop so long after it was told to.
constexpr SimTime kDrainMax = 60 * kSimSecond;
constexpr SimTime kStopMax = 5 * kSimSecond;

// One run of a lane, from start to end or death.
struct Process {
  Process(const SimClientOptions& client_options, const SimFaults* faults,
          SimScheduler* scheduler, SimBroker* broker, SimRandom* random,
          PlantedBug bug)
      : number(client_options.process),
        slot(client_options.transactional_id),
        client(client_options, faults, scheduler, broker, random),
        planted(PlantBug(bug, &client)),
        work(&client, broker) {}

  const int number;
  const int slot;
  SimClient client;
  std::unique_ptr<LaneClient> planted;
  SimWork work;
  std::atomic<bool> stop = false;
  bool alive = true;
  bool died = false;
  LaneResult result;
};

class World {
 public:
  World(uint64_t seed, PlantedBug bug, bool trace)
      : random_(SimRandom::Mix(seed)),
        scheduler_(&random_, trace),
        bug_(bug),
        gentle_(random_.Chance(0.1)),
        broker_options_(DrawBrokerOptions()),
        broker_(broker_options_, &scheduler_, &random_) {}

  SimOutcome Run();

 private:
  SimBrokerOptions DrawBrokerOptions();
  void DrawLaneOptions();
  void DrawFaults();
  double Rate(double rate_max);
  int32_t AnyPartition() {
    return static_cast<int32_t>(random_.Below(broker_options_.partitions));
  }

  void Storm();
  void Calm();
  void StopAll();
  void KillAll();
  void Judge();

  void GrowInput();
  void Meddle();
  void Start(int slot);
  void StartIfNone(int slot);
  void RunLane(Process* process);
  int CountAlive(int slot) const;
  bool Ok() const { return broker_.violation().empty(); }

  SimRandom random_;
  SimScheduler scheduler_;
  const PlantedBug bug_;
  // Nothing goes wrong that may end a lane.
  const bool gentle_;
  const SimBrokerOptions broker_options_;
  SimBroker broker_;
  SimFaults faults_;
  LaneOptions lane_options_;
  SimClientOptions client_options_;
  int slots_ = 1;
  bool static_members_ = false;
  double takeover_ = 0;
  SimTime storm_end_ = 0;
  bool closing_ = false;  // nothing is started any more
  SimTime drained_in_ = 0;
  std::vector<std::unique_ptr<Process>> processes_;
};

SimBrokerOptions World::DrawBrokerOptions() {
  SimBrokerOptions options;
  options.partitions = static_cast<int>(random_.Between(1, 4));
  options.start_latest = random_.Chance(0.2);
  if (gentle_) {
    options.transaction_timeout = options.poll_interval =
        options.rebalance_timeout = 60 * kSimSecond;
  }
  return options;
}

void World::DrawLaneOptions() {
  slots_ = static_cast<int>(random_.Between(1, 3));
  static_members_ = random_.Chance(0.5);
  lane_options_.start = broker_options_.start_latest ? KafkaStart::kLatest
                                                     : KafkaStart::kEarliest;
  lane_options_.commit_interval_ms = static_cast<int>(random_.Between(10, 300));
  lane_options_.drain_ms = 2000;
  if (gentle_) lane_options_.rejoins_max = 1000;
  if (random_.Chance(0.3)) {
    lane_options_.transaction_records_max =
        static_cast<uint64_t>(random_.Between(1, 6));
  }
  if (random_.Chance(0.2)) client_options_.queue_max = 2;
  client_options_.background_sends = random_.Chance(0.8);
  client_options_.poll_max = static_cast<size_t>(random_.Between(1, 8));
  client_options_.flaws.metadata_of_now = bug_ == PlantedBug::kMetadataOfNow;
  client_options_.flaws.unstable_committed =
      bug_ == PlantedBug::kUnstableCommitted;
  client_options_.flaws.forgets_indefinite =
      bug_ == PlantedBug::kForgetIndefinite;
}

double World::Rate(double rate_max) {
  if (random_.Chance(0.4)) return 0;
  return rate_max * static_cast<double>(random_.Between(1, 100)) / 100;
}

void World::DrawFaults() {
  if (gentle_) {
    faults_.error = Rate(0.2);
    faults_.retriable_only = true;
    faults_.double_join = Rate(0.5);
    faults_.stale = Rate(1);
    faults_.seek_blocked = Rate(0.5);
    faults_.queue_full = Rate(0.2);
    return;
  }
  faults_.error = Rate(0.08);
  faults_.final_error = Rate(0.1);
  faults_.slow = Rate(0.02);
  faults_.pause = Rate(0.004);
  faults_.death = Rate(0.004);
  faults_.lost = Rate(0.03);
  faults_.double_join = Rate(0.3);
  faults_.indefinite = Rate(0.2);
  faults_.stale = Rate(1);
  faults_.seek_blocked = Rate(0.5);
  faults_.queue_full = Rate(0.2);
  faults_.delivery_failure = Rate(0.02);
  if (random_.Chance(0.3)) faults_.latency_max = 40 * kSimMs;
  takeover_ = Rate(0.05);
}

SimOutcome World::Run() {
  DrawLaneOptions();
  DrawFaults();
  broker_.OnCommitDecided([this](int id, int epoch) {
    for (const auto& process : processes_) {
      if (process->slot == id && process->client.epoch() == epoch) {
        process->work.CountTruth();
      }
    }
  });
  Storm();
  Calm();
  StopAll();
  if (Ok()) Judge();
  KillAll();
  SimOutcome outcome;
  outcome.violation = broker_.violation();
  outcome.drain_ms = drained_in_ / kSimMs;
  outcome.committed_transactions = broker_.committed_transactions();
  for (const auto& process : processes_) {
    ++outcome.processes;
    if (process->died) ++outcome.deaths;
    if (!process->died)
      ++outcome.ends[static_cast<size_t>(process->result.end)];
    outcome.records += process->work.committed();
    outcome.rejoins += process->work.rejoins();
  }
  return outcome;
}

void World::Storm() {
  storm_end_ = random_.Between(2, 12) * kSimSecond;
  for (int slot = 0; slot < slots_; ++slot) {
    scheduler_.At(random_.Below(kSimSecond), [this, slot] { Start(slot); });
  }
  GrowInput();
  Meddle();
  while (Ok() && scheduler_.Step(storm_end_)) {
  }
  scheduler_.Trace("-- calm");
  faults_ = {};
  // There is something to do in every partition, and maybe a marker behind it.
  for (int32_t p = 0; p < broker_options_.partitions; ++p) {
    broker_.AppendRecord(p);
    broker_.AppendGap(p, random_.Below(2));
  }
}

void World::GrowInput() {
  const int32_t partition = AnyPartition();
  if (random_.Chance(0.2)) {
    broker_.AppendGap(partition, random_.Between(1, 3));
  }
  for (int64_t n = random_.Between(1, 6); n > 0; --n) {
    broker_.AppendRecord(partition);
  }
  const SimTime next = scheduler_.now() + random_.Below(400 * kSimMs);
  if (next < storm_end_) scheduler_.At(next, [this] { GrowInput(); });
}

void World::Meddle() {
  if (random_.Chance(0.1)) broker_.AdvanceLow(AnyPartition());
  if (random_.Chance(0.05)) broker_.CompactSomeRecord(AnyPartition());
  if (random_.Chance(0.05)) broker_.ForceRebalance();
  const int slot = static_cast<int>(random_.Below(slots_));
  if (random_.Chance(takeover_)) Start(slot);  // whoever there is: a zombie
  for (const auto& process : processes_) {
    if (!process->alive || process->slot != slot || gentle_) continue;
    if (random_.Chance(0.02)) process->stop = true;
    if (random_.Chance(0.005)) process->work.SetMustStop();
  }
  const SimTime next = scheduler_.now() + random_.Below(200 * kSimMs);
  if (next < storm_end_) scheduler_.At(next, [this] { Meddle(); });
}

void World::Calm() {
  const SimTime until = scheduler_.now() + kDrainMax;
  const SimTime began = scheduler_.now();
  // A rebalance is no fault, nor that it comes while a marker is not passed.
  for (int64_t n = random_.Below(4); n > 0; --n) {
    scheduler_.At(began + random_.Below(1500 * kSimMs), [this] {
      broker_.AppendGap(AnyPartition(), 1);
      broker_.ForceRebalance();
    });
  }
  SimTime look = began;
  while (Ok() && scheduler_.Step(until)) {
    if (scheduler_.now() < look) continue;
    look = scheduler_.now() + 200 * kSimMs;
    if (broker_.Quiet()) break;
  }
  if (Ok() && !broker_.Quiet()) broker_.Violate("does not come to rest");
  drained_in_ = scheduler_.now() - began;
  // What was delayed may still come, and a process that stands still may go on,
  // end, and start again a second later.
  const SimFaults usual;
  const SimTime settle = scheduler_.now() +
                         std::max(usual.duplicate_delay_max, usual.pause_max) +
                         2 * kSimSecond;
  while (Ok() && scheduler_.Step(settle)) {
  }
  if (!static_members_ || !Ok()) return;
  for (int slot = 0; slot < slots_; ++slot) {
    if (CountAlive(slot) != 1) broker_.Violate("not one process of a name");
  }
}

void World::StopAll() {
  if (!Ok()) return;
  scheduler_.Trace("-- stop");
  closing_ = true;
  for (const auto& process : processes_) process->stop = true;
  const SimTime until = scheduler_.now() + kStopMax;
  while (Ok() && scheduler_.Step(until)) {
  }
  bool stopped = false;
  for (const auto& process : processes_) {
    if (process->alive) broker_.Violate("does not stop");
    stopped |= !process->died && process->result.end == LaneEnd::kStopped;
  }
  if (!stopped) broker_.Violate("no lane stopped cleanly");
}

void World::KillAll() {
  closing_ = true;
  for (const auto& process : processes_) process->client.Kill();
  while (scheduler_.Step(scheduler_.now() + 100 * kSimSecond)) {
  }
}

void World::Judge() {
  if (!broker_.Quiet()) broker_.Violate("is not at rest in the end");
  broker_.CheckAll();
  if (gentle_ && processes_.size() != static_cast<size_t>(slots_)) {
    broker_.Violate("retriable errors have ended a lane");
  }
  for (const auto& process : processes_) {
    const SimWork& work = process->work;
    if (work.committed() != work.reported()) {
      broker_.Violate("work and observer were told different numbers");
    }
    if (process->client.commit_unknown()) continue;
    if (work.committed() > work.truth() ||
        (!process->died && work.committed() != work.truth())) {
      broker_.Violate(absl::StrFormat(
          "process %d says %d records are committed, but %d are",
          process->number, work.committed(), work.truth()));
    }
  }
}

void World::Start(int slot) {
  if (closing_) return;
  SimClientOptions options = client_options_;
  options.process = static_cast<int>(processes_.size());
  options.transactional_id = slot;
  options.instance = static_members_ ? slot : kNoInstance;
  processes_.push_back(std::make_unique<Process>(options, &faults_, &scheduler_,
                                                 &broker_, &random_, bug_));
  Process* process = processes_.back().get();
  scheduler_.Spawn([this, process] { RunLane(process); });
}

void World::StartIfNone(int slot) {
  if (CountAlive(slot) == 0) Start(slot);
}

void World::RunLane(Process* process) {
  if (scheduler_.tracing()) {
    scheduler_.Trace(
        absl::StrFormat("%d: starts as %d", process->number, process->slot));
  }
  try {
    LaneOptions options = lane_options_;
    options.steady_nanoseconds = [this] { return scheduler_.now() * 1000; };
    options.sleep = [process](int milliseconds) {
      process->client.Elapse(milliseconds * kSimMs);
    };
    Lane lane(process->planted.get(), &process->work, &process->work, options,
              &process->stop);
    process->result = lane.Run();
  } catch (const ProcessDied&) {
    process->died = true;
    process->client.Die();
  }
  process->alive = false;
  if (scheduler_.tracing()) {
    scheduler_.Trace(absl::StrFormat("%d: %s %d %s", process->number,
                                     process->died ? "died" : "ended",
                                     static_cast<int>(process->result.end),
                                     std::string(process->result.error.name)));
  }
  scheduler_.At(scheduler_.now() + random_.Below(kSimSecond),
                [this, slot = process->slot] { StartIfNone(slot); });
}

int World::CountAlive(int slot) const {
  int alive = 0;
  for (const auto& process : processes_) {
    if (process->alive && process->slot == slot) ++alive;
  }
  return alive;
}

}  // namespace

SimOutcome RunSimulation(uint64_t seed, PlantedBug bug, bool trace) {
  return World(seed, bug, trace).Run();
}

}  // namespace nymstream
