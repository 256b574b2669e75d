"""Records go through the stage once and in order, and everything says so: with each
version of the broker.

Goal: I1, I2, I5 and I7 of a stage that nobody disturbs. Method: Kafka's Java client
reads the topics and the offsets; the stage's own numbers must equal what it saw.
Usage: flow_test.py PROGRAM
"""

import json
import signal
import subprocess
import time
import unittest

from broker import VERSIONS
from case import StageCase, main
from stage import record, sequence

RELEASED = 300  # and each tenth as many are quarantined and suppressed


def inputs(begin, count, partitions=2):
    return [{"partition": seq % partitions, "value": record(seq)}
            for seq in range(begin, begin + count)]


def total(metrics, name, **labels):
    """Sum of the series of `name` that have these labels."""
    return sum(value for series, value in metrics.items()
               if series.split("{")[0] == f"nymstream_{name}" and
               all(f'{label}="{text}"' in series for label, text in labels.items()))


class EveryVersion:
    def check_releases(self, setup, expected):
        """expected: sequence numbers of each input partition, in order."""
        for topic in (setup.inside, setup.partners):
            records = self.see.consume(topic)
            for partition, numbers in enumerate(expected):
                got = sequence(each for each in records if each.partition == partition)
                self.assertEqual(got, numbers, f"{topic} {partition}")

    def test_each_record_comes_once_in_order_and_the_counters_agree(self):
        setup = self.make_setup()
        raw = inputs(0, RELEASED)
        for i in range(RELEASED // 10):
            raw.insert(7 * i, {"partition": i % 2, "value": b'{"seq": %d, "time": 3' % i})
            raw.insert(5 * i, {"partition": i % 2, "value": json.dumps(
                {"time": "2024-01-15T10:00:00Z", "seq": i, "ip": "192.0.2.1"}).encode()})
        places = self.see.produce(setup.raw, raw)
        with setup.stage() as stage:
            stage.wait_for_all()
            stage.wait_until("a quiet stage", lambda: stage.get("/readyz")[0] == 200)
            self.assertEqual(stage.get("/livez"), (200, "ok\n"))
            status, text = stage.get("/metrics")
            metrics = stage.metrics()
            seconds = stage.stop()
        self.assertEqual(stage.exit_code, 0, stage.stderr)
        self.assertLess(seconds, 10)
        self.assertEqual(stage.errors(), [])
        self.assertEqual(self.see.committed(setup.group), self.see.end_offsets(setup.raw))

        self.check_releases(setup, [[seq for seq in range(RELEASED) if seq % 2 == half]
                                    for half in range(2)])
        receipts = self.see.consume(setup.quarantine)
        bad = {f"{setup.raw}/{partition}/{offset}" for (partition, offset), each
               in zip(places, raw) if each["value"].endswith(b"3")}
        self.assertEqual(sorted(each.header("nymstream-source").decode() for each in receipts),
                         sorted(bad))

        tenth = RELEASED // 10
        self.assertEqual(total(metrics, "received_records_total"), len(raw))
        for partition in range(2):
            self.assertEqual(total(metrics, "received_records_total", partition=partition),
                             sum(place[0] == partition for place in places))
        self.assertEqual(total(metrics, "quarantined_records_total"), tenth)
        for release, topic in (("inside", setup.inside), ("partners", setup.partners)):
            self.assertEqual(total(metrics, "released_records_total", release=release), RELEASED)
            self.assertEqual(total(metrics, "suppressed_records_total", release=release), tenth)
            size = sum(len(each.key or b"") + len(each.value) +
                       sum(len(name) + len(value) for name, value in each.headers)
                       for each in self.see.consume(topic))
            self.assertEqual(total(metrics, "sent_bytes_total", topic=topic), size)
        self.assertEqual(total(metrics, "received_bytes_total"),
                         sum(len(each["value"]) for each in raw))
        self.assertEqual(total(metrics, "aborted_records_total"), 0)
        self.assertEqual(total(metrics, "offset_gaps_total"), 0)
        self.assertEqual(total(metrics, "assigned_partitions"), 2)
        for (_, partition), end in self.see.end_offsets(setup.raw).items():
            self.assertEqual(total(metrics, "consumer_position", partition=partition), end)
        checked = subprocess.run(["promtool", "check", "metrics"], input=text, text=True,
                                 capture_output=True)
        self.assertEqual((status, checked.returncode, checked.stderr), (200, 0, ""))
        self.assertEqual(self.see.transactions()[f"{setup.group}-node-0-0"]["state"],
                         "CompleteCommit")

    def test_a_second_start_goes_on_where_the_first_one_ended(self):
        setup = self.make_setup()
        self.see.produce(setup.raw, inputs(0, 100))
        self.process_all(setup)
        self.see.produce(setup.raw, inputs(100, 100))
        self.process_all(setup)
        stage = self.process_all(setup)  # and has nothing to do
        self.assertEqual(self.see.committed(setup.group), self.see.end_offsets(setup.raw))
        self.check_releases(setup, [list(range(half, 200, 2)) for half in range(2)])
        self.assertTrue(stage.has_event("stage_stopped"))

    def test_a_stop_in_the_middle_of_the_work_loses_nothing(self):
        setup = self.make_setup()
        setup.pipeline["source"]["kafka"]["lanes"] = 2
        self.see.produce(setup.raw, inputs(0, 20000))
        with setup.stage() as stage:
            stage.wait_until("the first commit", lambda: self.see.end_offsets(
                setup.inside)[setup.inside, 0] > 0)
            seconds = stage.stop()
        self.assertEqual(stage.exit_code, 0, stage.stderr)
        self.assertLess(seconds, 10)
        self.assertTrue(stage.has_event("stage_stopping"))
        # None is open or aborted; a lane that had no partition yet has begun none.
        states = {each["state"] for name, each in self.see.transactions().items()
                  if name.startswith(setup.group)}
        self.assertEqual(states | {"Empty"}, {"CompleteCommit", "Empty"})
        self.process_all(setup)
        self.check_releases(setup, [list(range(half, 20000, 2)) for half in range(2)])

    def test_a_static_member_keeps_its_place_and_a_dynamic_one_leaves_at_once(self):
        setup = self.make_setup()
        self.see.produce(setup.raw, inputs(0, 10))
        self.process_all(setup)
        group = self.see.describe_group(setup.group)
        self.assertEqual([each["instance"] for each in group["members"]], ["node-0-0"])
        begun = time.monotonic()
        self.see.produce(setup.raw, inputs(10, 10))
        self.process_all(setup)
        self.assertLess(time.monotonic() - begun, 10)  # the session lasts 45 s

        dynamic = self.make_setup(name="dynamic")
        dynamic.pipeline["source"]["kafka"]["membership"] = "dynamic"
        self.see.produce(dynamic.raw, inputs(0, 10))
        self.process_all(dynamic)
        self.assertEqual(self.see.describe_group(dynamic.group),
                         {"state": "Empty", "members": []})

    def test_a_second_signal_or_sigint_ends_it_as_well(self):
        setup = self.make_setup()
        self.see.produce(setup.raw, inputs(0, 10))
        with setup.stage() as stage:
            stage.wait_for_all()
            stage.process.send_signal(signal.SIGINT)
            self.assertEqual(stage.wait_exit(10), 0)


for version in VERSIONS:
    name = "Flow" + version.replace(".", "_")
    globals()[name] = type(name, (EveryVersion, StageCase), {"version": version})

if __name__ == "__main__":
    main()
