"""The keyring changes while the stage runs.

Goal: rotation and destruction are taken up without a lost record, and a keyring
that can't be used never replaces one that can. Method: records flow all the time;
pseudonyms before and after are compared, and every record is accounted for.
Usage: keyring_test.py PROGRAM
"""

import json
import os
import re
import unittest

from case import StageCase, main
from stage import record, sequence


def later(seq):
    """A record of March, for which the first keyring has no epoch."""
    return record(seq).replace(b"2026-01-15", b"2026-03-15")


class KeyringTest(StageCase):
    def setUp(self):
        self.setup = self.make_setup(partitions=1)
        self.stage = self.setup.stage()
        self.addCleanup(self.stage.__exit__, None)
        self.sent = 0
        self.stage.wait_for_event("partitions_assigned")

    def send(self, values):
        self.see.produce(self.setup.raw, [{"value": value} for value in values])
        self.sent += len(values)

    def send_while(self, what):
        """Calls `what` with records on their way; then until all are committed."""
        self.send([record(self.sent + i) for i in range(300)])
        what()
        self.send([record(self.sent + i) for i in range(300)])
        self.stage.wait_for_all()

    def events(self, name):
        return [event for event in self.stage.events if event["event"] == name]

    def wait_loaded(self, count):
        self.stage.wait_until("the keyring", lambda: len(self.events("keys_loaded")) == count)

    def users(self, topic):
        return {json.loads(each.value)["seq"]: json.loads(each.value)["user"]
                for each in self.see.consume(topic)}

    def stop(self):
        self.stage.stop()
        self.assertEqual(self.stage.exit_code, 0, self.stage.stderr)
        self.assertEqual(self.see.committed(self.setup.group),
                         {(self.setup.raw, 0): self.sent})

    def test_a_rotated_keyring_is_taken_up_and_changes_no_pseudonym(self):
        self.send([later(0)])
        self.stage.wait_for_all()
        first, = self.see.consume(self.setup.quarantine)
        self.assertEqual(first.header("nymstream-reason"), b"key_epoch_missing")
        self.send([record(1, user="someone")])
        before = self.events("keys_loaded")[0]["epochs"]
        self.send_while(lambda: self.setup.run(
            "keys", "rotate", self.setup.keyring, "--until", "2026-04-01"))
        self.wait_loaded(2)
        self.assertGreater(self.events("keys_loaded")[1]["epochs"], before)
        last = self.sent
        self.send([later(last), record(last + 1, user="someone")])
        self.stage.wait_for_all()
        self.stop()
        for topic in (self.setup.inside, self.setup.partners):
            users = self.users(topic)
            self.assertEqual(list(users), list(range(1, self.sent)))
            self.assertEqual(users[1], users[last + 1])
        self.assertEqual(len(self.see.consume(self.setup.quarantine)), 1)

    def test_records_of_a_destroyed_epoch_do_not_leave_any_more(self):
        self.send([record(0)])
        self.stage.wait_for_all()
        # That of partners, of one day; the 30 days of inside stay.
        listed = self.setup.run("keys", "list", self.setup.keyring).stdout
        epoch = re.search(r"P1D +(\w+) +2026-01-15", listed)[1]
        self.setup.run("keys", "destroy", self.setup.keyring, "--epoch", epoch)
        self.wait_loaded(2)
        self.send([record(1), record(2).replace(b"01-15", b"01-16")])
        self.stage.wait_for_all()
        metrics = self.stage.metrics()
        self.stop()
        self.assertEqual(sequence(self.see.consume(self.setup.partners)), [0, 2])
        self.assertEqual(sequence(self.see.consume(self.setup.inside)), [0, 1, 2])
        self.assertEqual(self.see.consume(self.setup.quarantine), [])
        self.assertEqual([value for series, value in metrics.items() if "suppressed" in series
                          and "partners" in series and "key_epoch_destroyed" in series], [1])

    def test_a_keyring_that_can_not_be_used_is_refused_and_the_old_one_stays(self):
        self.send([record(0, user="someone")])
        self.stage.wait_for_all()
        keyring = self.setup.keyring
        good, refused = keyring.read_bytes(), 0

        def put(content, mode=0o600):
            new = keyring.with_name("new")
            new.write_bytes(content)
            new.chmod(mode)
            os.rename(new, keyring)
        # Garbage, a torn write, an unsafe mode, none of our periods, nothing at all.
        other = self.setup.folder / "other"
        self.setup.run("keys", "generate", other, "--period", "P7D",
                       "--from", "2026-01-01", "--until", "2026-03-01")
        for what in (lambda: put(b"canary"), lambda: put(good[:len(good) // 2]),
                     lambda: put(good, 0o644), lambda: put(other.read_bytes()),
                     lambda: keyring.unlink()):
            self.send_while(what)
            refused += 1
            self.stage.wait_until("a refusal", lambda: len(
                self.events("keys_refused")) == refused)
        self.assertEqual(len(self.events("keys_loaded")), 1)
        self.send([record(self.sent, user="someone")])
        put(good)
        self.wait_loaded(2)
        self.send([record(self.sent, user="someone")])
        self.stage.wait_for_all()
        self.stop()
        self.assertNotIn("canary", self.stage.stderr)
        for topic in (self.setup.inside, self.setup.partners):
            users = self.users(topic)
            self.assertEqual(list(users), list(range(self.sent)))
            self.assertEqual(users[0], users[self.sent - 1])
        self.assertEqual(self.see.consume(self.setup.quarantine), [])


if __name__ == "__main__":
    main()
