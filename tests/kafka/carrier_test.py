"""Everything of a Kafka record is data: key, headers, timestamp, tombstones, empty
values, several records in one value, compression, source coordinates.

Goal: nothing around a record leaves but by a rule. Method: the same records once
with the default pipeline and once with rules for key and headers; Java's default
partitioner is asked where a key belongs.
Usage: carrier_test.py PROGRAM
"""

import json
import unittest

from case import StageCase, main
from stage import SCHEMA, record, sequence

KAFKA_SCHEMA = SCHEMA + """kafka:
  key: {category: user.account.username, type: id}
  headers:
    region: {category: system.operations, type: enum}
    client: {category: user.device.ip_address, type: ip}
    unnamed: {category: system.operations, type: enum}
"""
MINUTE, HOUR = 60_000, 3_600_000
TIME = 1768471384567  # 2026-01-15T10:03:04.567Z


class CarrierTest(StageCase):
    def setUp(self):
        self.maxDiff = 2000

    def with_rules(self, **more):
        setup = self.make_setup(KAFKA_SCHEMA, **more)
        inside, partners = (release["output"]["kafka"] for release in setup.pipeline["releases"])
        inside |= {"key": "pseudonymize", "headers": {"region": "keep", "client": "pseudonymize"}}
        partners |= {"key": "pseudonymize",
                     "headers": {"client": {"treatment": "truncate", "prefix_v4": 16}}}
        return setup

    def consume(self, topic):
        return self.see.consume(topic)

    def assert_placed(self, topic, records):
        """Each record is where Java's default partitioner puts its key."""
        twin = f"{topic}-twin"
        self.see.create_topic(twin, len(self.see.end_offsets(topic)))
        places = self.see.produce(twin, [{"key": each.key, "value": b""} for each in records])
        self.assertEqual([each.partition for each in records], [place[0] for place in places])

    def test_key_and_headers_do_not_leave_by_default(self):
        for name, schema in (("unclassified", SCHEMA), ("classified", KAFKA_SCHEMA)):
            with self.subTest(name):
                setup = self.make_setup(schema, partitions=3, name=name)
                self.see.produce(setup.raw, [
                    {"partition": 2, "key": b"someone", "value": record(1), "timestamp": TIME,
                     "headers": [("region", b"eu"), ("client", b"192.0.2.7"), ("x", None)]},
                    {"partition": 2, "key": b"someone", "value": b"{broken",
                     "headers": [("region", b"eu")]}])
                self.process_all(setup)
                for topic in (setup.inside, setup.partners):
                    released, = self.consume(topic)
                    self.assertEqual((released.key, released.partition), (None, 2))
                    names = [name for name, _ in released.headers]
                    self.assertEqual(
                        names, ["nymstream-source"] if topic == setup.inside else [])
                receipt, = self.consume(setup.quarantine)
                self.assertEqual((receipt.key, receipt.value), (None, b""))
                self.assertNotIn("region", dict(receipt.headers))

    def test_source_coordinates_are_in_the_internal_release_only(self):
        setup = self.make_setup()
        places = self.see.produce(setup.raw, [
            {"partition": seq % 2, "value": record(seq)} for seq in range(6)])
        self.process_all(setup)
        sources = {each.header("nymstream-source").decode(): json.loads(each.value)["seq"]
                   for each in self.consume(setup.inside)}
        self.assertEqual(sources, {f"{setup.raw}/{partition}/{offset}": seq
                                   for seq, (partition, offset) in enumerate(places)})
        self.assertEqual({each.headers == [] for each in self.consume(setup.partners)}, {True})

    def test_a_pseudonymized_key_is_the_pseudonym_of_the_body_and_chooses_the_partition(self):
        setup = self.with_rules(partitions=2, outputs=5)
        users = [f"user-{i:04}@example.org" for i in range(40)]
        raw = [{"partition": seq % 2, "key": users[seq % 40].encode(),
                "value": record(seq, user=users[seq % 40])} for seq in range(200)]
        raw.append({"partition": 0, "key": None, "value": record(200)})
        self.see.produce(setup.raw, raw)
        self.process_all(setup)
        seen = {}
        for topic in (setup.inside, setup.partners):
            *released, = self.consume(topic)
            self.assertEqual(sorted(sequence(released)), list(range(201)))
            keyed = [each for each in released if each.key is not None]
            self.assertEqual(len(keyed), 200)
            for each in keyed:
                self.assertEqual(each.key.decode(), json.loads(each.value)["user"])
            self.assertEqual(len({each.key for each in keyed}), 40)
            self.assertGreater(len({each.partition for each in keyed}), 2)
            self.assert_placed(topic, keyed)
            for user in users:
                numbers = [json.loads(each.value)["seq"] for each in keyed
                           if json.loads(each.value)["seq"] % 40 == users.index(user)]
                self.assertEqual(numbers, sorted(numbers))
            seen[topic] = {each.key for each in keyed}
        self.assertEqual(seen[setup.inside] & seen[setup.partners], set())

    def test_a_listed_header_leaves_with_its_treatment_and_others_do_not(self):
        setup = self.with_rules()
        self.see.produce(setup.raw, [
            {"partition": 0, "value": record(1, ip="192.0.2.7"), "timestamp": TIME,
             "headers": [("region", b"eu"), ("client", b"192.0.2.7"), ("unnamed", b"a"),
                         ("other", b"b"), ("Region", b"c"), ("client", b"192.0.2.9")]},
            {"partition": 0, "value": record(2),
             "headers": [("region", None), ("client", b"no address")]}])
        self.process_all(setup)
        first, second = self.consume(setup.inside)
        pseudonym = json.loads(first.value)["ip"].encode()
        self.assertEqual([name for name, _ in first.headers],
                         ["region", "client", "client", "nymstream-source"])
        self.assertEqual(first.headers[0], ("region", b"eu"))
        self.assertEqual(first.headers[1], ("client", pseudonym))
        self.assertNotEqual(first.headers[2][1], pseudonym)
        self.assertNotIn(b"192.0.2.9", first.headers[2][1])
        self.assertNotIn(b"no address", b"".join(value or b"" for _, value in second.headers))
        first, second = self.consume(setup.partners)
        self.assertEqual(first.headers, [("client", b"192.0.0.0")] * 2)
        self.assertNotIn(b"no address", b"".join(value or b"" for _, value in second.headers))

    def test_the_timestamp_is_as_coarse_as_the_event_time(self):
        setup = self.make_setup()
        setup.pipeline["releases"].append({
            "name": "statistics", "use": "analytics.reporting", "audience": "third_party",
            "level": "anonymized", "output": {"kafka": {"topic": "statistics"}}})
        self.see.create_topic("statistics", 2, {"retention.ms": "63072000000"})
        self.see.produce(setup.raw, [
            {"partition": 0, "value": record(184), "timestamp": TIME},
            {"partition": 0, "value": b"{broken", "timestamp": TIME}])
        self.process_all(setup)

        def stamps(topic):
            each, = self.consume(topic)
            return each.timestamp, each.value and json.loads(each.value)["time"]
        self.assertEqual(stamps(setup.inside), (TIME, "2026-01-15T10:03:04Z"))
        self.assertEqual(stamps(setup.partners),
                         (TIME // MINUTE * MINUTE, "2026-01-15T10:03:00Z"))
        self.assertEqual(stamps("statistics"), (TIME // HOUR * HOUR, "2026-01-15T10:00:00Z"))
        self.assertEqual(stamps(setup.quarantine)[0], TIME // HOUR * HOUR)

    def test_a_tombstone_leaves_with_the_pseudonym_that_it_deletes_or_not_at_all(self):
        setup = self.with_rules()
        raw = [{"partition": 0, "key": b"user-1@example.org", "timestamp": TIME,
                "value": record(184, user="user-1@example.org")},
               {"partition": 0, "key": b"user-1@example.org", "value": None, "timestamp": TIME,
                "headers": [("region", b"eu"), ("other", b"b")]},
               {"partition": 0, "key": None, "value": None, "timestamp": TIME},
               {"partition": 0, "key": b"user-1@example.org", "value": b"", "timestamp": TIME}]
        self.see.produce(setup.raw, raw)
        with setup.stage() as stage:
            stage.wait_for_all()
            metrics = stage.metrics()
            stage.stop()
        for topic in (setup.inside, setup.partners):
            live, tombstone = self.consume(topic)
            self.assertIsNone(tombstone.value)
            self.assertEqual((tombstone.key, tombstone.partition), (live.key, live.partition))
            self.assertEqual(tombstone.timestamp, live.timestamp)
        self.assertNotIn(b"b", [value for _, value in tombstone.headers])
        self.assertEqual(self.consume(setup.quarantine), [])
        self.assertEqual(metrics["nymstream_tombstones_total"], 2)

        keyless = self.make_setup(name="tombstones-without-a-rule")
        self.see.produce(keyless.raw, raw)
        self.process_all(keyless)
        self.assertEqual(sequence(self.consume(keyless.inside)), [184])
        self.assertEqual(self.consume(keyless.quarantine), [])

    def test_records_of_one_value_stay_in_order_and_in_one_transaction(self):
        setup = self.with_rules(partitions=1)
        setup.pipeline["source"]["kafka"]["commit_interval_ms"] = 10
        key = b"user-1@example.org"
        value = b"\n".join(record(seq) for seq in range(3000))
        mixed = b"\r\n".join([record(3000), b"", b"{broken", record(3001), b" "]) + b"\n"
        place, = self.see.produce(setup.raw, [{"key": key, "value": value}])
        self.see.produce(setup.raw, [{"key": key, "value": mixed}])
        self.process_all(setup)
        for topic in (setup.inside, setup.partners):
            released = self.consume(topic)
            self.assertEqual(sequence(released), list(range(3002)))
            self.assertEqual(len({each.key for each in released}), 1)
            # A transaction's end takes an offset.
            offsets = [each.offset for each in released[:3000]]
            self.assertEqual(offsets, list(range(offsets[0], offsets[0] + 3000)))
        self.assertEqual({each.header("nymstream-source").decode()
                          for each in self.consume(setup.inside)[:3000]},
                         {f"{setup.raw}/0/{place[1]}"})
        receipt, = self.consume(setup.quarantine)
        self.assertEqual(receipt.header("nymstream-record"), b"1")

    def test_batches_are_compressed_as_the_pipeline_says(self):
        setup = self.make_setup()
        outputs = [release["output"]["kafka"] for release in setup.pipeline["releases"]]
        outputs[0]["compression"] = "zstd"
        setup.pipeline["quarantine"]["kafka"]["compression"] = "none"
        self.see.produce(setup.raw, [
            {"partition": 0, "value": value} for seq in range(200)
            for value in (record(seq), b"{broken")])
        self.process_all(setup)
        for topic, codec in ((setup.inside, "zstd"), (setup.partners, "lz4"),
                             (setup.quarantine, "none")):
            dump = self.broker.dump(topic)
            data = [line for line in dump.splitlines()
                    if line.startswith("baseOffset") and "isControl: false" in line]
            self.assertTrue(data)
            for line in data:
                self.assertIn(f"compresscodec: {codec}", line)


if __name__ == "__main__":
    main()
