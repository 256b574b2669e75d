"""What can't be processed goes to the quarantine, can be opened and fed back, and too
much of it stops the stage.

Goal: no record is lost or skipped in silence, and no raw byte lies in the open.
Method: bad records of every reason, found again by their coordinates; sealed ones
opened with the private key; the group's offsets when the circuit breaker opens.
Usage: quarantine_test.py PROGRAM
"""

import json
import time
import unittest

from case import StageCase, main
from stage import record, sequence

SEALED_KEY = slice(13, 93)  # of an envelope (docs/cryptography.md)


class QuarantineTest(StageCase):
    def bad_records(self):
        """{reason: value}; each holds a text that must not show."""
        return {
            "not_json": b'{"seq": 1, "user": "canary-json"',
            "not_utf8": b'{"seq": 2, "user": "canary-\xff"}',
            "not_object": b'["canary-array"]',
            "too_large": json.dumps({"seq": 4, "user": "canary-" + 3000 * "x"}).encode(),
            "too_deep": b'{"seq": 5, "user": ' + 100 * b"[" + b'"canary-deep"' + 100 * b"]" + b"}",
            "event_time_missing": b'{"seq": 6, "user": "canary-none"}',
            "event_time_invalid": b'{"seq": 7, "user": "canary-time", "time": "canary"}',
            "key_epoch_missing": b'{"seq": 8, "user": "canary-key", '
                                 b'"time": "2026-07-01T00:00:00Z"}',
        }

    def sealed_setup(self):
        setup = self.make_setup()
        self.private = setup.folder / "private.key"
        setup.run("quarantine", "keygen", self.private)
        setup.pipeline["quarantine"]["seal_to"] = f"{self.private}.pub"
        setup.pipeline["limits"] = {"record_bytes_max": 2000}
        return setup

    def produce_bad(self, setup):
        """{coordinates: (reason, value)}; a good record before each."""
        bad = self.bad_records()
        places = self.see.produce(setup.raw, [
            {"partition": i % 2, "key": b"canary-of-the-key", "value": value,
             "headers": [("canary-of-a-name", b"canary-of-a-header")]}
            for i, each in enumerate(bad.values()) for value in (record(i), each)])
        return {f"{setup.raw}/{partition}/{offset}": (reason, value)
                for (partition, offset), (reason, value) in zip(places[1::2], bad.items())}

    def check_receipts(self, setup, expected):
        receipts = self.see.consume(setup.quarantine)
        self.assertEqual(len(receipts), len(expected))
        for receipt in receipts:
            reason, value = expected[receipt.header("nymstream-source").decode()]
            self.assertEqual(receipt.headers, [
                ("nymstream-source", receipt.header("nymstream-source")),
                ("nymstream-record", b"0"), ("nymstream-reason", reason.encode()),
                ("nymstream-bytes", str(len(value)).encode())])
            self.assertEqual(receipt.key, None)
        return receipts

    def test_without_a_public_key_there_are_receipts_only(self):
        setup = self.make_setup()
        setup.pipeline["limits"] = {"record_bytes_max": 2000}
        expected = self.produce_bad(setup)
        self.process_all(setup)
        receipts = self.check_receipts(setup, expected)
        self.assertEqual({receipt.value for receipt in receipts}, {b""})
        self.assertEqual(len(self.see.consume(setup.inside)), len(expected))

    def test_sealed_records_open_and_come_back_mended(self):
        setup = self.sealed_setup()
        expected = self.produce_bad(setup)
        self.process_all(setup)
        receipts = self.check_receipts(setup, expected)
        bodies = b"".join(receipt.value for receipt in receipts)
        self.assertNotIn(b"canary", bodies)
        file = setup.folder / "sealed"
        file.write_bytes(bodies)
        whole = {value for reason, value in expected.values() if reason != "too_large"}
        for name, source in (("from-file", file), ("from-topic", setup.write_pipeline())):
            out = setup.folder / name
            said = setup.run("quarantine", "open", source, "--key", self.private, "--out", out)
            self.assertEqual(set(out.read_bytes().splitlines()), whole)
            self.assertRegex(said.stderr, f"{len(whole)} records opened")
            self.assertRegex(said.stderr, "1 record larger than limits.record_bytes_max")
            self.assertEqual(out.stat().st_mode & 0o777, 0o600)

        mended = setup.folder / "mended"
        mended.write_bytes(b"".join(record(seq) + b"\n" for seq in range(50, 57)))
        setup.run("quarantine", "feed", setup.write_pipeline(), mended)
        with setup.stage() as stage:
            # The transaction's marker, at the end of the topic, is no record.
            stage.wait_until("the mended records", lambda: len(
                self.see.consume(setup.partners)) >= len(expected) + 7)
            stage.stop()
        self.assertEqual(sorted(sequence(self.see.consume(setup.partners))),
                         list(range(len(expected))) + list(range(50, 57)))

    def test_a_wrong_private_key_opens_nothing(self):
        setup = self.sealed_setup()
        self.produce_bad(setup)
        self.process_all(setup)
        other = setup.folder / "other.key"
        setup.run("quarantine", "keygen", other)
        out = setup.folder / "opened"
        done = setup.run("quarantine", "open", setup.write_pipeline(), "--key", other,
                         "--out", out, check=False)
        self.assertEqual((done.returncode, out.exists()), (4, False))
        self.assertRegex(done.stderr, "8 records sealed to another key")

    def test_a_transaction_has_one_session_key_and_the_next_another(self):
        setup = self.sealed_setup()
        keys = []
        with setup.stage() as stage:
            for seen in (5, 10):
                self.see.produce(setup.raw, [
                    {"partition": 0, "value": b"\n".join([b"{"] * 5)}])
                stage.wait_for_all()
                receipts = self.see.consume(setup.quarantine)
                self.assertEqual(len(receipts), seen)
                keys.append({each.value[SEALED_KEY] for each in receipts[-5:]})
            stage.stop()
        self.assertEqual([len(each) for each in keys], [1, 1])
        self.assertNotEqual(*keys)

    def test_too_many_refused_records_stop_the_stage_before_it_commits_them(self):
        setup = self.make_setup(partitions=1)
        setup.pipeline["limits"] = {"quarantine_ratio_max": 0.4}
        self.see.produce(setup.raw, [{"value": record(seq)} for seq in range(100)])
        self.process_all(setup)
        self.see.produce(setup.raw, [{"value": value} for seq in range(100, 300)
                                     for value in (record(seq), b"{canary", b"{canary")])
        for _ in range(2):  # and a restart does not help
            with setup.stage() as stage:
                self.assertEqual(stage.wait_exit(), 1)
            self.assertRegex(stage.errors()[0], r"error: more records were quarantined than "
                             r"limits.quarantine_ratio_max \(0.4\) allows")
            self.assertEqual(self.see.committed(setup.group), {(setup.raw, 0): 100})
            self.assertEqual(sequence(self.see.consume(setup.partners)), list(range(100)))
            self.assertEqual(self.see.consume(setup.quarantine), [])
            transaction = self.see.transactions()[f"{setup.group}-node-0-0"]
            self.assertEqual(transaction["state"], "CompleteAbort")
        setup.pipeline["limits"]["quarantine_ratio_max"] = 0.7
        self.process_all(setup)
        self.assertEqual(sequence(self.see.consume(setup.partners)), list(range(300)))
        self.assertEqual(len(self.see.consume(setup.quarantine)), 400)

    def test_a_quarantine_that_takes_nothing_stops_the_stage(self):
        setup = self.make_setup(partitions=1)
        with setup.stage() as stage:
            self.see.produce(setup.raw, [{"value": record(0)}])
            stage.wait_for_all()
            # Enough for a transaction's marker, without which it never ends.
            self.see.alter_topic(setup.quarantine, {"max.message.bytes": "100"})
            time.sleep(1)  # the broker acts on it a moment later
            self.see.produce(setup.raw, [{"value": record(1)}, {"value": b"{canary"}])
            self.assertEqual(stage.wait_exit(), 3)
        self.assertRegex(stage.errors()[0], "MSG_SIZE_TOO_LARGE: a topic takes less than it "
                         "did at the start")
        with setup.stage() as stage:
            self.assertEqual(stage.wait_exit(), 3)
        self.assertRegex(stage.errors()[0], "quarantine.kafka.topic.*takes no more than 100 bytes")
        self.assertEqual(self.see.committed(setup.group), {(setup.raw, 0): 1})
        self.see.alter_topic(setup.quarantine, {"max.message.bytes": None})
        self.process_all(setup)
        self.assertEqual(sequence(self.see.consume(setup.partners)), [0, 1])
        self.assertEqual(len(self.see.consume(setup.quarantine)), 1)


if __name__ == "__main__":
    main()
