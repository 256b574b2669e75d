"""One run of one fault: a broker, a stage, records that come all the while, and what
is seen of it from outside."""

import contextlib
import os
import pathlib
import random
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "kafka"))

from broker import Broker, WitnessError
from oracle import COMPLETE, Oracle
from stage import Setup, Stage
from workload import Producer, Workload

TICK = 0.02
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


class Run:
    """What a fault works with. rounds and records say how long; rng is the seed's."""

    def __init__(self, name, program, version, seed, rounds, records, partitions=2,
                 broker_options=None, producing=True, pace=2):
        self.rng = random.Random(f"{name}/{seed}")
        self.rounds, self.seed = rounds, seed
        self._stack = contextlib.ExitStack()
        # Core files and whatever else a process leaves lie in its folder too.
        self.folder = pathlib.Path(self._stack.enter_context(
            tempfile.TemporaryDirectory(prefix=f"nymstream-{name}-")))
        self.broker = Broker(self.folder / "broker", version=version, **broker_options or {})
        self._stack.callback(self.broker.close)
        self.broker.start()
        self.see = self.broker.witness
        self.setup = Setup(self.folder / "stage", program, self.broker)
        private = self.folder / "quarantine.key"
        self.setup.run("quarantine", "keygen", private)
        self.setup.pipeline["quarantine"]["seal_to"] = f"{private}.pub"
        self.setup.create_topics(partitions)
        self.workload = Workload(seed, partitions)
        self.producer = None
        self._records, self._pace = records, pace
        if producing:
            self.produce(records)
        self.stages = []
        self.texts = []       # of /metrics
        self.facts = {}       # for the row
        self.failures = []
        self.went_back = []
        self._committed = {}
        self.resets = False   # an operator moves offsets: going back is no failure
        self.exits = []       # of stages that ended by themselves: code and words

    def aborts(self):
        """Transactions that stages gave up and began anew, by their events."""
        return sum(1 + each.get("dropped", 0) for stage in self.stages
                   for each in stage.events if each["event"] == "transaction_aborted")

    def close(self):
        for stage in self.stages:
            if stage.process.poll() is None:
                stage.kill()
            stage.process.stdout.close()
        self._stack.close()

    def produce(self, records, rate=None):
        """Begins; default: at a rate that lasts as long as the fault."""
        rate = rate or max(20, int(records / self._pace / self.rounds))
        self.producer = Producer(self.broker, self.workload, self.seed, records, rate)
        self._stack.callback(self.producer.close)

    def fail(self, text):
        self.failures.append(text)

    def expect(self, condition, text):
        if not condition:
            self.fail(text)

    def most(self, name, value):
        """Keeps the largest for the row."""
        self.facts[name] = max(self.facts.get(name, 0), round(value, 2))

    def count(self, name, by=1):
        self.facts[name] = self.facts.get(name, 0) + by

    # -- stages

    def stage(self, instance="node-0", **options):
        stage = Stage(self.setup, instance, **options)
        stage.begun = time.monotonic()
        self.stages.append(stage)
        return stage

    def running(self, stage):
        """The stage, or one in its place if it has ended by itself: a supervisor."""
        if stage.process.poll() is None:
            return stage
        words = str((stage.messages()[-1:] or stage.events[-1:])[0])
        self.exits.append(f"{stage.exit_code}: {words[:120]}")
        self.expect(stage.exit_code != 0, "it gave up with exit code 0")
        time.sleep(0.5)
        return self.stage(stage.instance)

    def stop(self, stage, within=10):
        """SIGTERM, with all that is expected of it."""
        if stage.process.poll() is not None:
            self.fail(f"{stage.instance} had ended with {stage.exit_code}: "
                      f"{stage.messages()[-1:]} {stage.events[-3:]}")
            return
        took = stage.stop(timeout=30)
        self.most("stop s", took)
        self.expect(took < within, f"stop took {took:.1f} s")
        self.expect(stage.exit_code == 0, f"exit code {stage.exit_code} after SIGTERM")

    def usage(self, stage):
        """(CPU seconds, resident MiB)"""
        fields = pathlib.Path(f"/proc/{stage.process.pid}/stat").read_text().rsplit(")", 1)[1]
        fields = fields.split()
        return ((int(fields[11]) + int(fields[12])) / CLOCK_TICKS,
                int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20))

    # -- time

    def committed(self):
        """Looks at the group's offsets; remembers if one went back."""
        try:
            now = self.see.committed(self.setup.group, stable=False)
        except WitnessError:
            return self._committed
        if not self.resets:
            for place, offset in self._committed.items():
                if now.get(place, -1) < offset:
                    self.went_back.append(f"{place} from {offset} to {now.get(place)}")
        self._committed = now
        return now

    def sleep(self, seconds, look=True):
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if look:
                self.committed()
            time.sleep(min(TICK, left))

    def wait(self, what, done, timeout=60, stage=None):
        """Until done(); AssertionError if it does not come. stage: it lives on."""
        begun = time.monotonic()
        while not done():
            if stage is not None and stage.process.poll() is not None:
                raise AssertionError(f"{what}: the stage ended with {stage.exit_code}: "
                                     f"{stage.messages()[-1:]} {stage.events[-3:]}")
            if time.monotonic() - begun > timeout:
                last = self.stages[-1].events[-5:] if self.stages else ""
                raise AssertionError(f"{what} did not come in {timeout} s: {last}")
            time.sleep(TICK)
        return time.monotonic() - begun

    def behind(self):
        """Offsets that wait for the stage, by what a reader may see: records, and the
        markers of transactions."""
        committed = self.committed()
        ends = self.see.end_offsets("raw")
        return sum(max(0, end - committed.get(place, 0)) for place, end in ends.items())

    def wait_commit(self, stage=None, timeout=60):
        """Until the group commits something further; None if there is nothing to do."""
        before = dict(self.committed())
        if self.producer and self.producer.done and self.behind() == 0:
            return None
        return self.wait("a commit", lambda: self.committed() != before, timeout, stage)

    def recover(self, stage, timeout=90):
        """The stage, or its successors, commits again; how long it took is in the row."""
        before, begun = dict(self.committed()), time.monotonic()
        if self.producer and self.producer.done and self.behind() == 0:
            return self.running(stage)
        while self.committed() == before:
            stage = self.running(stage)
            if time.monotonic() - begun > timeout:
                raise AssertionError(f"no commit in {timeout} s: {stage.events[-5:]}")
            time.sleep(TICK)
        self.most("recovery s", time.monotonic() - begun)
        return stage

    def finish(self, stage=None, timeout=120, lived=False, judge=True, **oracle):
        """The rest of the records, the end of the stage, the oracle. lived: the process
        has done all of the work, so its counters can be asked."""
        if self.producer:
            self.producer.hurry()
            self.producer.join()
        stage = stage or self.stage()
        self.most("drain s", self.wait("the end of the input",
                                       lambda: self.behind() == 0, timeout, stage))
        # A marker may be under way yet.
        self.wait("the end of every transaction", lambda: all(
            one["state"] in COMPLETE for one in self.see.transactions().values()), 30, stage)
        self.texts.append(stage.get("/metrics")[1])
        metrics = stage.metrics()
        self.stop(stage)
        for other in self.stages:
            if other.process.poll() is None:
                self.stop(other)
        if not judge:
            return None
        oracle = Oracle(self).judge(**oracle)
        if lived:
            oracle.counters(metrics)
        self.facts = oracle.facts | self.facts
        self.failures += oracle.violations
        return oracle
