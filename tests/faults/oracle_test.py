"""The oracle finds what it is there for, and passes what is sound.

Goal: a run that passes was sound. Method: the logs of a sound run as the witness would
read them, with one thing broken at a time; no broker.
"""

import dataclasses
import json
import pathlib
import tempfile
import types
import unittest

import run  # finds tests/kafka
from broker import Record
from oracle import Oracle
from workload import Workload


class FakeWitness:
    """Topics as lists of (Record, whether it is committed)."""

    def __init__(self, topics):
        self.topics = topics
        self.offsets = {("raw", 0): len(topics["raw"])}
        self.state = "CompleteCommit"

    def consume(self, *topics, isolation="read_committed"):
        return [record for topic in topics for record, committed in self.topics[topic]
                if committed or isolation == "read_uncommitted"]

    def end_offsets(self, topic):
        return {(topic, 0): len(self.topics[topic])}

    def committed(self, group):
        return self.offsets

    def transactions(self):
        return {"stage-node-0-0": {"state": self.state}}


def output(topic, offset, number, value=None):
    headers = [("nymstream-source", b"raw/0/%d" % number)] if topic != "partners" else []
    body = value or (b"" if topic == "quarantine" else
                     json.dumps({"seq": number, "user": f"nym_{number}"}).encode())
    return Record(topic, 0, offset, 0, None, body, headers)


class OracleTest(unittest.TestCase):
    COUNT = 10
    BAD = 7

    def setUp(self):
        self.workload = Workload(seed=1, partitions=1, bad=0)
        raw = [self.workload.record() for _ in range(self.COUNT)]
        raw[self.BAD]["value"] = raw[self.BAD]["value"][:-1]
        topics = {"raw": [(Record("raw", 0, at, 0, each["key"], each["value"], []), True)
                          for at, each in enumerate(raw)],
                  "quarantine": [(output("quarantine", 0, self.BAD), True)]}
        for topic in ("inside", "partners"):
            topics[topic] = [(output(topic, at, at), True)
                             for at in range(self.COUNT) if at != self.BAD]
        self.see = FakeWitness(topics)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.hanging = ""
        broker = types.SimpleNamespace(
            folder=self.folder / "broker", env={"INTERNAL": ""},
            tool=lambda *words: "Topic\tPartition\n" + self.hanging)
        self.run_ = types.SimpleNamespace(
            see=self.see, broker=broker, workload=self.workload, texts=[], went_back=[],
            setup=types.SimpleNamespace(folder=self.folder, group="stage"))

    def judge(self, **options):
        return Oracle(self.run_).judge(**options)

    def assert_finds(self, *names):
        found = self.judge().violations
        self.assertEqual({each.split(":")[0] for each in found}, set(names), found)

    def test_a_sound_run_passes(self):
        self.see.topics["inside"].append((output("inside", 99, 3), False))  # aborted
        self.assert_finds()

    def test_a_lost_record_is_found_in_each_topic(self):
        for topic in ("inside", "partners", "quarantine"):
            with self.subTest(topic):
                kept = self.see.topics[topic].pop()
                self.assert_finds("I1")
                self.see.topics[topic].append(kept)

    def test_a_record_that_comes_twice_is_found_in_each_topic(self):
        for topic in ("inside", "partners", "quarantine"):
            with self.subTest(topic):
                self.see.topics[topic].append(self.see.topics[topic][-1])
                self.assertIn("I1", self.judge().violations[0])
                self.see.topics[topic].pop()

    def test_a_bad_record_that_is_released_is_found(self):
        self.see.topics["inside"].insert(self.BAD, (output("inside", 99, self.BAD), True))
        self.assertTrue(any("I1" in each for each in self.judge().violations))

    def test_a_record_under_the_source_of_another_is_found(self):
        record, _ = self.see.topics["inside"][0]
        self.see.topics["inside"][0] = (dataclasses.replace(
            record, value=b'{"seq": 1}'), True)
        self.assert_finds("I1")

    def test_records_out_of_order_are_found(self):
        records = self.see.topics["partners"]
        records[2], records[3] = records[3], records[2]
        self.assert_finds("I2")

    def test_another_value_in_an_aborted_transaction_is_found(self):
        self.see.topics["inside"].append(
            (output("inside", 99, 3, b'{"seq": 3, "user": "other"}'), False))
        self.assert_finds("I3")

    def test_a_canary_is_found_in_every_writing(self):
        for written in (lambda text: text, lambda text: text.upper(),
                        lambda text: text.encode().hex(),
                        lambda text: "".join(f"\\u{ord(each):04x}" for each in text),
                        lambda text: "".join(f"%{ord(each):02X}" for each in text)):
            value = json.dumps({"seq": 3, "x": "FILL"}).replace(
                "FILL", written(self.workload.token + "-3@canary.example")).encode()
            with self.subTest(value):
                kept = self.see.topics["inside"][3]
                self.see.topics["inside"][3] = (output("inside", 3, 3, value), True)
                self.assert_finds("I4")
                self.see.topics["inside"][3] = kept

    def test_a_canary_is_found_in_base64_at_any_alignment(self):
        import base64
        for shift in range(4):
            text = base64.b64encode(b"x" * shift + self.workload.token.encode() + b"-3@c")
            with self.subTest(shift):
                self.run_.texts = [text.decode()]
                self.assert_finds("I4")

    def test_a_canary_is_found_in_aborted_records_keys_headers_and_files(self):
        token = self.workload.token.encode()
        for change in ({"key": token}, {"headers": [("nymstream-source", b"raw/0/3"),
                                                    ("x", token)]}):
            record = dataclasses.replace(output("inside", 99, 3), **change)
            self.see.topics["inside"].append((record, False))
            self.assert_finds("I4")
            self.see.topics["inside"].pop()
        for network in (b"at 198.18.3.4", b"at 2001:DB8:a001::5"):
            (self.folder / "node-0.stderr").write_bytes(network)
            self.assert_finds("I4")

    def test_offsets_that_are_short_or_went_back_are_found(self):
        self.run_.went_back = ["raw/0 from 5 to 3"]
        self.assert_finds("I5")
        self.run_.went_back = []
        self.see.offsets = {("raw", 0): self.COUNT - 1}
        self.assert_finds("I5")

    def test_an_open_or_hanging_transaction_is_found(self):
        self.see.state = "Ongoing"
        self.assert_finds("I6")
        self.see.state = "CompleteAbort"
        self.hanging = "inside\t0\t1000\t0\t0"
        self.assert_finds("I6")

    def test_a_counter_that_is_off_by_one_is_found(self):
        metrics = {'nymstream_received_records_total{topic="raw",partition="0"}': 10.0,
                   'nymstream_released_records_total{release="inside"}': 9.0,
                   'nymstream_released_records_total{release="partners"}': 9.0,
                   'nymstream_quarantined_records_total{reason="not_json"}': 1.0}
        self.assertEqual(self.judge().counters(metrics).violations, [])
        for series in metrics:
            found = self.judge().counters(metrics | {series: metrics[series] + 1}).violations
            self.assertEqual(len(found), 1, series)

    def test_what_an_operator_did_is_no_failure(self):
        records = self.see.topics["inside"], self.see.topics["partners"]
        for each in records:
            each.append(each[5])
            del each[2]
        self.assertEqual(self.judge(again={(0, 5)}, lost={(0, 2)}).violations, [])


if __name__ == "__main__":
    unittest.main()
