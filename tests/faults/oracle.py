"""Decides, from what Kafka's own clients see, whether a run kept its promises.

I1 exactly once   each record of the input is in every release once, or in the
                  quarantine once; nothing else is
I2 order          records of an input partition keep their order
I3 determinism    whatever was written twice (and aborted once) is the same bytes
I4 no identifier  no canary in outputs, aborted records, the log on disk, messages,
                  events, metrics, files
I5 offsets        what the group commits never goes back, and at the end is the end
I6 liveness       the end is reached; no transaction hangs
I7 honesty        counters say what happened, and the exit code does
"""

import collections
import json
import sys

sys.set_int_max_str_digits(0)  # a number of a poisoned record may have more

COMPLETE = ("CompleteCommit", "CompleteAbort", "Empty", "Dead")
OUTPUTS = ("inside", "partners", "quarantine")


def source_of(record):
    """(partition, offset) of the raw record, by the header."""
    _, partition, offset = record.header("nymstream-source").decode().rsplit("/", 2)
    return int(partition), int(offset)


class Oracle:
    """One judgement. `violations` is empty if all is well; `facts` are for the row."""

    def __init__(self, run):
        self._run = run
        self._see = run.see
        self.violations = []
        self.facts = {}

    def judge(self, again=(), lost=(), refused=(), gone=(), known=(), dump=True):
        """Raw places that an operator had processed a second time (`again`), or had
        skipped or deleted (`lost`); those of records that are sound and too large
        (`refused`). gone: {topic: places} that were in a topic when it was deleted.
        known: {place: number} of records that the input may not hold any more."""
        raw = self._see.consume("raw")
        # Tombstones and empty values are no log records.
        raw = [each for each in raw if each.value]
        self._expected = {(each.partition, each.offset): number_of(each.value) for each in raw}
        self._by_number = {number: place for place, number in self._expected.items()
                           if number is not None}
        self._by_number |= {number: place for place, number in dict(known).items()}
        self._again, self._lost = set(again), set(lost)
        self._refused, self._gone = set(refused), dict(gone)
        committed = self._placed("read_committed")
        everything = self._placed("read_uncommitted")
        self.facts |= {"in": len(raw), "inside": len(committed["inside"]),
                       "quarantined": len(committed["quarantine"]),
                       "aborted": sum(len(everything[topic]) - len(committed[topic])
                                      for topic in OUTPUTS)}
        self._once(committed)
        self._order(committed)
        self._same(everything)
        self._canaries(everything, dump)
        self._offsets()
        self._transactions()
        return self

    def counters(self, metrics):
        """I7, for a process that did all of the work itself."""
        def total(name):
            return int(sum(value for series, value in metrics.items()
                           if series.split("{")[0] == f"nymstream_{name}_total"))

        def release(name):
            return int(metrics[f'nymstream_released_records_total{{release="{name}"}}'])
        for name, told, seen in (
                ("received", total("received_records"), self.facts["in"]),
                ("released inside", release("inside"), self.facts["inside"]),
                ("released partners", release("partners"), self.facts["inside"]),
                ("quarantined", total("quarantined_records"), self.facts["quarantined"])):
            if told != seen:
                self._broken("I7", f"{name}: counter {told}, witness {seen}")
        return self

    def _broken(self, which, text):
        self.violations.append(f"{which}: {text}")

    def _placed(self, isolation):
        """{topic: [(record, place of its raw record)]}"""
        records = collections.defaultdict(list)
        for each in self._see.consume(*OUTPUTS, isolation=isolation):
            records[each.topic].append((each, self._place(each)))
        return records

    def _place(self, each):
        """Partners tell only the number."""
        number = None if each.topic == "quarantine" else json.loads(each.value)["seq"]
        place = self._by_number.get(number) if each.topic == "partners" else source_of(each)
        expected = None if place in self._refused else self._expected.get(place)
        if place in self._expected and expected != number:
            self._broken("I1", f"{each.topic}@{each.offset}: {place} is not {number}")
        return place

    def _once(self, committed):
        good = {place for place, number in self._expected.items()
                if number is not None} - self._refused
        bad = set(self._expected) - good
        for topic in OUTPUTS:
            count = collections.Counter(place for _, place in committed[topic])
            wanted = (bad if topic == "quarantine" else good) - self._gone.get(topic, set())
            for what, places in (
                    ("lost", wanted - set(count) - self._lost),
                    ("twice", {place for place, times in count.items()
                               if times > (2 if place in self._again else 1)}),
                    ("alien", set(count) - wanted - self._lost)):
                if places:
                    self._broken("I1", f"{topic}: {len(places)} {what}, among them "
                                       f"{sorted(map(str, places))[:5]}")

    def _order(self, committed):
        for topic in OUTPUTS:
            last = {}
            for each, place in committed[topic]:
                if place is None or place in self._again:
                    continue
                key = each.partition, place[0]
                if place[1] <= last.get(key, -1):
                    self._broken("I2", f"{topic}: {place} after {last[key]}")
                last[key] = max(place[1], last.get(key, -1))

    def _same(self, everything):
        for topic in ("inside", "partners"):
            values, different = {}, set()
            for each, place in everything[topic]:
                if values.setdefault(place, each.value) != each.value:
                    different.add(str(place))
            if different:
                self._broken("I3", f"{topic}: {len(different)} have two values, among them "
                                   f"{sorted(different)[:5]}")

    def _canaries(self, everything, dump):
        pattern = self._run.workload.canaries()

        def search(where, data):
            if found := pattern.search(data):
                self._broken("I4", f"{where}: {found.group()!r} at {found.start()}")
        for topic, records in everything.items():
            for each, _ in records:
                search(f"{topic}/{each.partition}@{each.offset}", b"\n".join(
                    [each.key or b"", each.value or b""] +
                    [name.encode() + b"=" + (value or b"") for name, value in each.headers]))
        if dump:
            for topic in OUTPUTS:
                # A deleted topic's lie there for a minute under another name.
                for folder in sorted(self._run.broker.folder.glob(f"data/{topic}-[0-9]*")):
                    if not folder.name.removeprefix(f"{topic}-").isdigit():
                        continue
                    number = int(folder.name.rsplit("-", 1)[1])
                    search(f"log of {folder.name}", self._run.broker.dump(
                        topic, number).encode())
        for path in sorted(self._run.setup.folder.rglob("*")):
            if path.is_file():
                search(path.name, path.read_bytes())
        for text in self._run.texts:
            search("metrics", text.encode())

    def _offsets(self):
        group = self._run.setup.group
        ends = self._see.end_offsets("raw")
        committed = self._see.committed(group)
        for place, end in ends.items():
            if end and committed.get(place) != end:
                self._broken("I5", f"{place}: committed {committed.get(place)}, end {end}")
        self.violations += [f"I5: {text}" for text in self._run.went_back]

    def _transactions(self):
        for name, one in self._see.transactions().items():
            if one["state"] not in COMPLETE:
                self._broken("I6", f"transaction {name} is {one['state']}")
        lines = self._run.broker.tool(
            "org.apache.kafka.tools.TransactionsCommand", "--bootstrap-server",
            self._run.broker.env["INTERNAL"], "find-hanging", "--broker-id", 1).splitlines()
        hanging = [line for line in lines if line.strip() and not line.startswith(
            ("Topic", "Picked up"))]
        if hanging:
            self._broken("I6", f"hanging: {hanging[:3]}")


def number_of(value):
    """`seq` of a good record, None of one that belongs into the quarantine."""
    try:
        parsed = json.loads(value)
        return parsed["seq"] if str(parsed["time"]).startswith("2026") else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
