"""A transaction that was open for too long is done again, unless another process has
taken the name meanwhile.

Goal: I6 when the brokers are away for longer than a transaction may last (15 s), and
the end of a process whose place was taken; to librdkafka both look the same. Method:
the broker is stopped, and in another test the stage, past that time.
Usage: outage_test.py PROGRAM
"""

import signal
import time
import unittest

from case import StageCase, main
from stage import record, sequence

TOO_LONG = 18  # seconds


class OutageTest(StageCase):
    def open_transaction(self, name):
        """A stage that has sent a record and will not commit it soon."""
        setup = self.make_setup(partitions=1, name=name)
        setup.pipeline["source"]["kafka"]["commit_interval_ms"] = 10000
        stage = setup.stage()
        self.addCleanup(stage.__exit__, None)
        stage.wait_until("the start's offset", lambda: self.see.committed(
            setup.group, stable=False) == {(setup.raw, 0): 0})
        self.see.produce(setup.raw, [{"value": record(0)}])
        stage.wait_until("a record that is not committed", lambda: self.see.end_offsets(
            setup.partners, isolation="read_uncommitted")[setup.partners, 0] > 0)
        return setup, stage

    def check(self, setup, count):
        for topic in (setup.inside, setup.partners):
            self.assertEqual(sequence(self.see.consume(topic)), list(range(count)))

    def test_a_broker_that_was_away_too_long_ends_nothing(self):
        setup, stage = self.open_transaction("away")
        self.broker.pause()
        time.sleep(TOO_LONG)
        self.broker.resume()
        stage.wait_for_all()
        self.see.produce(setup.raw, [{"value": record(1)}])
        stage.wait_for_all()
        stage.stop()
        self.assertEqual(stage.exit_code, 0, stage.stderr)
        self.assertFalse(stage.has_event("producer_fenced"))
        self.check(setup, 2)

    def test_a_process_whose_name_was_taken_ends_and_leaves_the_other_alone(self):
        setup, first = self.open_transaction("taken")
        first.process.send_signal(signal.SIGSTOP)
        setup.pipeline["source"]["kafka"]["commit_interval_ms"] = 100
        with setup.stage() as second:
            second.wait_for_all()
            time.sleep(TOO_LONG)
            first.process.send_signal(signal.SIGCONT)
            self.assertEqual(first.wait_exit(30), 3)
            self.assertRegex(first.errors()[0], "another process has taken our place")
            self.see.produce(setup.raw, [{"value": record(1)}])
            second.wait_for_all()
            second.stop()
        self.assertEqual(second.exit_code, 0, second.stderr)
        self.assertFalse(second.has_event("producer_restarted"))
        self.check(setup, 2)


if __name__ == "__main__":
    main()
