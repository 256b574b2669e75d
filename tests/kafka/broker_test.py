"""The harness of the broker tests does what they rely on, with each Kafka version.

Goal: a test that passes has seen the truth. Method: the witness checks itself
against itself where it can (what it wrote it reads), against Kafka's log on disk,
and against what Kafka must refuse.
"""

import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from broker import VERSIONS, Broker, WitnessError
from proxy import END_TXN


class EveryVersion:
    version = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.broker = Broker(folder.name, version=cls.version, proxied=True)
        cls.addClassCleanup(cls.broker.close)
        cls.broker.start()

    def setUp(self):
        self.see = self.broker.witness
        self.topic = self.id().rsplit(".", 1)[1]

    def values(self, isolation="read_committed"):
        return [record.value for record in self.see.consume(self.topic, isolation=isolation)]

    def connect(self, name):
        host, port = self.broker.env[name].split(":")
        return socket.create_connection((host, int(port)))

    def test_it_is_the_version_that_was_asked_for(self):
        log = pathlib.Path(self.broker.env["LOG"]).read_text()
        self.assertIn(f"Kafka version: {self.version}", log)

    def test_a_record_is_read_as_it_was_written(self):
        self.see.create_topic(self.topic, partitions=2)
        every_byte = bytes(range(256))
        for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
            places = self.see.produce(self.topic, [
                {"partition": 1, "key": every_byte, "value": every_byte, "timestamp": 1234,
                 "headers": [("h", b"1"), ("h", b"2"), ("null", None)]},
                {"partition": 1, "key": b"tombstone", "value": None},
                {"partition": 1, "key": None, "value": b""},
            ], config={"compression.type": codec})
            start = {(self.topic, 1): places[0][1]}
            full, tombstone, empty = self.see.consume(self.topic, start=start)
            self.assertEqual((full.partition, full.offset), places[0])
            self.assertEqual((full.key, full.value, full.timestamp), (every_byte, every_byte, 1234))
            self.assertEqual(full.headers, [("h", b"1"), ("h", b"2"), ("null", None)])
            self.assertEqual(full.header("h"), b"2")
            self.assertEqual((tombstone.key, tombstone.value), (b"tombstone", None))
            self.assertEqual((empty.key, empty.value, empty.headers), (None, b"", []))

    def test_aborted_records_are_on_disk_but_not_for_read_committed(self):
        self.see.create_topic(self.topic)
        self.see.produce(self.topic, [{"value": b"undone"}], transactional_id="t1", end="abort")
        self.see.produce(self.topic, [{"value": b"done"}], transactional_id="t1")
        self.assertEqual(self.values(), [b"done"])
        self.assertEqual(self.values("read_uncommitted"), [b"undone", b"done"])
        dump = self.broker.dump(self.topic)
        self.assertIn("payload: undone", dump)
        self.assertIn("endTxnMarker: ABORT", dump)

    def test_an_open_transaction_holds_the_stable_end(self):
        self.see.create_topic(self.topic)
        self.see.produce(self.topic, [{"value": b"1"}], transactional_id="t2", end="open")
        self.see.produce(self.topic, [{"value": b"2"}])
        place = (self.topic, 0)
        self.assertEqual(self.see.end_offsets(self.topic), {place: 0})
        self.assertEqual(self.see.end_offsets(self.topic, isolation="read_uncommitted"), {place: 2})
        self.assertEqual(self.values(), [])
        self.assertEqual(self.see.transactions()["t2"]["state"], "Ongoing")
        self.see.end_transaction("t2")
        self.assertEqual(self.values(), [b"1", b"2"])

    def test_a_follower_sees_each_record_once_and_new_partitions_too(self):
        self.see.create_topic(self.topic)
        self.see.produce(self.topic, [{"value": b"before"}])
        follower = self.broker.follow(self.topic)
        follower.wait(1)
        self.see.raise_partitions(self.topic, 2)
        self.see.produce(self.topic, [{"value": b"after", "partition": 1}])
        self.assertEqual([record.value for record in follower.stop()], [b"before", b"after"])

    def test_topics_groups_and_their_offsets(self):
        self.see.create_topic(self.topic, config={"max.message.bytes": "2000"})
        self.see.produce(self.topic, [{"value": b"1"}, {"value": b"2"}])
        with self.assertRaises(WitnessError) as refused:
            self.see.produce(self.topic, [{"value": os.urandom(3000)}])
        self.assertEqual(refused.exception.type, "RecordTooLargeException")
        self.see.alter_topic(self.topic, {"max.message.bytes": None})
        time.sleep(1)
        self.see.produce(self.topic, [{"value": os.urandom(3000)}])
        self.see.delete_records(self.topic, before=2)
        self.assertEqual(self.see.begin_offsets(self.topic), {(self.topic, 0): 2})
        self.assertEqual(len(self.values()), 1)
        self.assertEqual(self.see.committed("group"), {})
        self.see.set_committed("group", {(self.topic, 0): 1})
        self.assertEqual(self.see.committed("group"), {(self.topic, 0): 1})
        self.assertEqual(self.see.describe_group("group"), {"state": "Empty", "members": []})
        self.see.delete_topic(self.topic)
        with self.assertRaises(WitnessError):
            self.see.produce(self.topic, [{"value": b"1"}], config={"max.block.ms": "300"})

    def test_the_proxy_holds_an_end_of_a_transaction(self):
        self.see.create_topic(self.topic)
        client = self.broker.witness_as("nymstream")
        held = self.broker.proxy.on(END_TXN, "hold")
        self.addCleanup(held.release)
        writer = threading.Thread(target=client.produce, args=(self.topic, [{"value": b"1"}]),
                                  kwargs={"transactional_id": "t3"})
        writer.start()
        held.wait()
        self.assertEqual(self.see.transactions()["t3"]["state"], "Ongoing")
        self.assertEqual(self.values(), [])
        held.release()
        writer.join()
        self.assertEqual(self.values(), [b"1"])

    def test_killed_and_paused_it_keeps_its_records_and_its_port(self):
        self.see.create_topic(self.topic)
        self.see.produce(self.topic, [{"value": b"1"}])
        bootstrap = self.broker.bootstrap
        self.broker.kill()
        with self.assertRaises(ConnectionRefusedError):
            self.connect("LISTENER")
        self.broker.start()
        self.assertEqual(self.broker.bootstrap, bootstrap)
        self.assertEqual(self.values(), [b"1"])
        self.broker.pause()
        threading.Timer(0.5, self.broker.resume).start()
        begin = time.monotonic()
        self.see.produce(self.topic, [{"value": b"2"}])
        self.assertGreater(time.monotonic() - begin, 0.4)
        self.assertEqual(self.values(), [b"1", b"2"])


class SecurityTest(unittest.TestCase):
    """Of one version: the settings are the same for both."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def start(self, **options):
        broker = Broker(self.folder, version=VERSIONS[-1], **options)
        self.addCleanup(broker.close)
        broker.start()
        return broker

    def assert_denied(self, witness):
        with self.assertRaises(WitnessError) as denied:
            witness.consume("t")
        self.assertEqual(denied.exception.type, "TopicAuthorizationException")

    def test_users_may_what_an_acl_allows_by_sasl_and_by_certificate(self):
        broker = self.start(security="sasl_ssl,acl", proxied=True)
        broker.witness.create_topic("t")
        broker.witness.produce("t", [{"value": b"1"}])
        user = broker.witness_as("nymstream", "SCRAM-SHA-256")
        self.assert_denied(user)
        broker.witness.allow("nymstream", "READ", "TOPIC", "t")
        self.assertEqual(len(user.consume("t")), 1)
        for mechanism in ("SCRAM-SHA-512", "PLAIN", "OAUTHBEARER"):
            with self.subTest(mechanism):
                self.assertEqual(len(broker.witness_as("nymstream", mechanism).consume("t")), 1)
        self.assert_denied(broker.witness_as("other"))
        broker.env["PASSWORD_ADMIN"] = "wrong"
        with self.assertRaises(WitnessError) as refused:
            broker.witness_as("admin").consume("t")
        self.assertEqual(refused.exception.type, "SaslAuthenticationException")
        broker.close()

        broker = self.start(security="ssl,acl")
        self.assertEqual(len(broker.witness_as("nymstream").consume("t")), 1)
        self.assert_denied(broker.witness_as("other"))
        properties = broker.client_properties("nymstream")
        host, port = properties["bootstrap.servers"].split(":")
        context = ssl.create_default_context(cafile=properties["ssl.ca.location"])
        with socket.create_connection((host, int(port))) as plain:
            with context.wrap_socket(plain, server_hostname=host) as without_certificate:
                with self.assertRaisesRegex(ssl.SSLError, "CERTIFICATE"):
                    without_certificate.recv(1)


class LifeTest(unittest.TestCase):
    def test_the_broker_dies_with_a_test_that_is_killed(self):
        with tempfile.TemporaryDirectory() as folder:
            test = subprocess.Popen(
                [sys.executable, "-c", "import sys, broker, time\n"
                 "one = broker.Broker(sys.argv[1]); one.start()\n"
                 "print(one.pid, flush=True); time.sleep(60)", folder],
                cwd=pathlib.Path(__file__).parent, stdout=subprocess.PIPE, text=True)
            with test:
                pid = int(test.stdout.readline())
                self.assertTrue(pathlib.Path(f"/proc/{pid}").exists())
                test.send_signal(signal.SIGKILL)
            until = time.monotonic() + 5
            while pathlib.Path(f"/proc/{pid}").exists():
                self.assertLess(time.monotonic(), until)
                time.sleep(0.05)


def load_tests(loader, _, __):
    suite = unittest.TestSuite()
    for version in VERSIONS:
        name = f"Kafka{version.replace('.', '_')}Test"
        case = type(name, (EveryVersion, unittest.TestCase), {"version": version})
        suite.addTests(loader.loadTestsFromTestCase(case))
    suite.addTests(map(loader.loadTestsFromTestCase, (SecurityTest, LifeTest)))
    return suite


if __name__ == "__main__":
    unittest.main()
