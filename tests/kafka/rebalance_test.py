"""Members join and leave while records flow; each record is released once, in order.

Goal: I1 and I2 through rebalances, with progress. Method: one producer writes
numbered records all the time; two and three members come and go, by SIGTERM and by
SIGKILL; Java's read_committed reader counts.
Usage: rebalance_test.py PROGRAM
"""

import json
import threading
import time
import unittest

from case import StageCase, main
from stage import record

PARTITIONS = 6


class Writer:
    """Writes until stopped; its witness is its own, as one serves one thread."""

    def __init__(self, broker, topic):
        self.written = 0
        self._stop = threading.Event()
        self._see = broker._start_witness(None, None)
        self._topic = topic
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        while not self._stop.wait(0.02):
            self._see.produce(self._topic, [
                {"partition": seq % PARTITIONS, "value": record(seq)}
                for seq in range(self.written, self.written + 60)])
            self.written += 60

    def stop(self):
        self._stop.set()
        self._thread.join()
        self._see.close()
        return self.written


class RebalanceTest(StageCase):
    def setUp(self):
        self.setup = self.make_setup(partitions=PARTITIONS)
        self.writer = Writer(self.broker, self.setup.raw)
        self.addCleanup(self.writer.stop)
        self.stages = []
        self.addCleanup(lambda: [each.kill() for each in self.stages
                                 if each.exit_code is None])

    def source(self, **options):
        self.setup.pipeline["source"]["kafka"].update(options)

    def join(self, instance, environment=None):
        stage = self.setup.stage(instance, environment=environment)
        self.stages.append(stage)
        return stage

    def wait_assigned(self, stage, count=1):
        stage.wait_until(f"{count} assignments", lambda: sum(
            event["event"] == "partitions_assigned" for event in stage.events) >= count)

    def progress(self, seconds=1.0):
        """What is written from here on comes out."""
        target = self.writer.written
        until = time.monotonic() + 30
        while True:
            committed = self.see.committed(self.setup.group, stable=False)
            if sum(committed.values()) >= target:
                break
            self.assertLess(time.monotonic(), until, "no progress")
            time.sleep(0.1)
        time.sleep(seconds)

    def finish(self, *running):
        """Ends all; every record once, in order, in both releases."""
        written = self.writer.stop()
        running[0].wait_for_all()
        for stage in running:
            stage.stop()
            stage.process.stdout.close()
            self.assertEqual(stage.exit_code, 0, stage.stderr)
        for topic in (self.setup.inside, self.setup.partners):
            records = self.see.consume(topic)
            for partition in range(PARTITIONS):
                numbers = [json.loads(each.value)["seq"] for each in records
                           if each.partition == partition]
                self.assertEqual(numbers, list(range(partition, written, PARTITIONS)))
        self.assertEqual(self.see.committed(self.setup.group),
                         self.see.end_offsets(self.setup.raw))

    def test_two_and_three_static_members_share_the_partitions(self):
        first = self.join("node-0")
        self.progress()
        second = self.join("node-1")
        self.wait_assigned(second)
        self.progress()
        third = self.join("node-2")
        self.wait_assigned(third)
        self.progress()
        members = self.see.describe_group(self.setup.group)["members"]
        self.assertEqual(sorted(each["instance"] for each in members),
                         ["node-0-0", "node-1-0", "node-2-0"])
        self.assertEqual([len(each["partitions"]) for each in members], [2, 2, 2])
        # Killed and started again, a static member moves no partition of others.
        seen = sum(event["event"] == "partitions_assigned" for event in first.events)
        third.kill()
        time.sleep(0.3)
        third = self.join("node-2")
        self.wait_assigned(third)
        self.progress()
        self.assertEqual(seen, sum(event["event"] == "partitions_assigned"
                                   for event in first.events))
        self.finish(first, second, third)

    def test_dynamic_members_come_and_go(self):
        self.source(membership="dynamic")
        first = self.join("node-0")
        self.progress()
        second = self.join("node-1")
        self.source(lanes=2)
        third = self.join("node-2")
        self.source(lanes=1)
        self.wait_assigned(second)
        self.wait_assigned(third, 2)
        self.progress()
        for _ in range(2):
            self.assertLess(second.stop(), 10)
            second.process.stdout.close()
            self.assertEqual(second.exit_code, 0)
            self.progress(0)
            second = self.join("node-1")
            self.wait_assigned(second)
        self.finish(first, second, third)
        self.assertTrue(first.has_event("partitions_revoked"))


if __name__ == "__main__":
    main()
