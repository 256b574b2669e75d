"""`nymstream bench --kafka` measures on a user's cluster and leaves nothing there.

Goal: figures of the stage and of the passthrough for the user's own records; topics
of its own, gone at the end whatever happens, and nobody else's touched. Method: a
broker whose topics are looked at before, while and after.
Usage: bench_test.py PROGRAM
"""

import json
import os
import pathlib
import signal
import socket
import subprocess
import time

from case import StageCase, main
from stage import record

RECORDS = 20000
GONE_S = 20


class Bench(StageCase):
    def make_bench(self, records=RECORDS, name=None):
        """A setup whose own topics are not there, and a log."""
        setup = self.make_setup(create=False, name=name)
        log = setup.folder / "log.ndjson"
        log.write_bytes(b"".join(record(seq) + b"\n" for seq in range(records)))
        return setup, log

    def words(self, setup, log, *words):
        return [str(word) for word in (
            self.program, "bench", setup.write_pipeline(), log, "--kafka", "--as-of",
            "2026-02-01T00:00:00Z", *words)]

    def bench(self, setup, log, *words):
        return subprocess.run(self.words(setup, log, *words), capture_output=True,
                              text=True, timeout=120, check=False)

    def start_long(self, setup, log):
        """One that is in the midst of its rounds, in a process group of its own."""
        process = subprocess.Popen(
            self.words(setup, log, "--rounds", 99), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True)
        until = time.monotonic() + 60
        while not any(name.endswith("-input") for name in self.topics()):
            self.assertLess(time.monotonic(), until)
        time.sleep(2)
        return process

    def topics(self):
        """Those on the broker but for its own."""
        said = self.broker.tool("org.apache.kafka.tools.TopicCommand", "--bootstrap-server",
                                self.broker.env["INTERNAL"], "--list")
        return {name for name in said.split() if not name.startswith("__")}

    def assert_gone(self, *left):
        until = time.monotonic() + GONE_S
        while self.topics() != set(left) and time.monotonic() < until:
            time.sleep(0.5)
        self.assertEqual(self.topics(), set(left))

    def assert_refused(self, done, code, *parts):
        self.assertEqual(done.returncode, code, done.stderr)
        errors = [line for line in done.stderr.splitlines() if "error: " in line]
        self.assertEqual(len(errors), 1, done.stderr)
        for part in parts:
            self.assertIn(part, errors[0])
        self.assertEqual(done.stdout, "")


class BenchTest(Bench):
    def test_figures_of_both_and_no_topic_left(self):
        setup, log = self.make_bench()
        out, page = setup.folder / "out.json", setup.folder / "out.html"
        done = self.bench(setup, log, "--rounds", 2, "--partitions", 3, "--topics", "mine",
                          "--json", out, "--html", page)
        self.assertEqual(done.returncode, 0, done.stderr)
        figures = json.loads(out.read_text())
        self.assertEqual(figures["input"], {
            "from": "a file", "records": RECORDS, "partitions": 3,
            "bytes": log.stat().st_size - RECORDS})
        self.assertEqual([(each["name"], each["released"]) for each in figures["releases"]],
                         [("inside", RECORDS), ("partners", RECORDS)])
        for name in ("stage", "passthrough"):
            for figure in ("seconds", "megabytes_per_second", "records_per_second",
                           "cpu_seconds_per_gigabyte", "peak_mebibytes"):
                self.assertGreater(figures[name][figure]["min"], 0, (name, figure))
            self.assertIn(name, done.stdout)
        self.assertLess(figures["of_passthrough"]["cpu"]["min"], 100)
        self.assertTrue(figures["notes"][0].startswith("The input is small"))
        self.assertTrue(page.read_text().startswith("<!DOCTYPE html>"))
        for text in (done.stdout, done.stderr, out.read_text(), page.read_text()):
            self.assertNotIn("198.51.", text)
            self.assertNotIn("@example.org", text)
        self.assert_gone()
        for group in ("mine-stage-0", "mine-passthrough-0"):
            self.assertEqual(self.see.committed(group), {})

    def test_two_lanes_and_records_made_for_the_schema(self):
        setup, _ = self.make_bench()
        setup.pipeline["schema"] = "nginx-json"
        setup.pipeline["source"]["kafka"]["lanes"] = 2
        out = setup.folder / "out.json"
        words = self.words(setup, "x", "--rounds", 1, "--sample-mib", 3, "--json", out)
        words.remove("x")
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        figures = json.loads(out.read_text())
        self.assertEqual(figures["lanes"], 2)
        self.assertEqual(figures["input"]["from"], "generated nginx JSON")
        self.assertEqual(figures["releases"][0]["released"], figures["input"]["records"])
        self.assert_gone()

    def test_blank_lines_hold_nothing_up(self):
        setup, log = self.make_bench(records=0)
        log.write_bytes(b"".join(record(seq) + b"\r\n\n \t\n\r\n" for seq in range(100)))
        out = setup.folder / "out.json"
        done = self.bench(setup, log, "--rounds", 1, "--json", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        release = json.loads(out.read_text())["releases"][0]
        self.assertEqual((release["released"], release["quarantined"]), (100, 0))

    def test_what_is_stopped_leaves_no_topic(self):
        for sent in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(sent):
                setup, log = self.make_bench(name=f"stopped-{sent.name}")
                process = self.start_long(setup, log)
                os.killpg(process.pid, sent)
                os.killpg(process.pid, sent)  # an impatient user
                stdout, stderr = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 3, stderr)
                self.assertIn("error: stopped before the end", stderr)
                self.assertEqual(stdout, "")
                self.assert_gone()

    def test_a_process_that_measures_and_is_killed_leaves_no_topic(self):
        setup, log = self.make_bench()
        process = self.start_long(setup, log)
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
        os.kill(int(children.read_text().split()[0]), signal.SIGKILL)
        _, stderr = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 3, stderr)
        self.assertIn("ended in the middle", stderr)
        self.assert_gone()

    def test_records_that_do_not_leave(self):
        setup, log = self.make_bench()
        log.write_text("no JSON of maria\n" * 1000)
        done = self.bench(setup, log, "--rounds", 1)
        self.assert_refused(done, 3, "none of 1000 records leaves a release", "not_json")
        self.assertNotIn("maria", done.stderr)
        setup.pipeline["limits"] = {"quarantine_ratio_max": 0.5}
        self.assert_refused(self.bench(setup, log, "--rounds", 1), 3,
                            "limits.quarantine_ratio_max (0.5)")
        setup.pipeline["limits"] = {"record_bytes_max": "1KiB"}
        log.write_text("x" * 2000 + "\n")
        self.assert_refused(self.bench(setup, log, "--rounds", 1), 2,
                            "larger than limits.record_bytes_max")
        self.assert_gone()

    def test_a_topic_that_is_there_stays_as_it_is(self):
        setup, log = self.make_bench()
        self.see.create_topic("taken-passthrough")
        self.see.produce("taken-passthrough", [{"value": b"1"}])
        self.assert_refused(self.bench(setup, log, "--topics", "taken"), 3,
                            "topic taken-passthrough is there already", "--topics")
        self.assert_gone("taken-passthrough")
        self.assertEqual(len(self.see.consume("taken-passthrough")), 1)
        self.see.delete_topic("taken-passthrough")

    def test_topics_of_the_pipeline_are_not_touched(self):
        setup, log = self.make_bench()
        for place in (setup.pipeline["source"]["kafka"],
                      setup.pipeline["releases"][1]["output"]["kafka"]):
            old = place["topic"]
            place["topic"] = "own-input"
            self.assert_refused(self.bench(setup, log, "--topics", "own"), 2,
                                "own-input is a topic of the pipeline")
            place["topic"] = old
        self.assertEqual(self.topics(), set())

    def test_flags_that_do_not_fit(self):
        setup, log = self.make_bench()
        self.assert_refused(self.bench(setup, log, "--topics", "a b"), 2, "--topics")
        self.assert_refused(self.bench(setup, log, "--partitions", 0), 2, "--partitions")
        words = self.words(setup, log, "--topics", "x")
        words.remove("--kafka")
        self.assert_refused(subprocess.run(words, capture_output=True, text=True,
                                           timeout=60, check=False), 2, "--kafka")
        self.assert_refused(self.bench(setup, setup.folder / "none"), 3, "none")
        words = self.words(setup, log)
        words.remove(str(log))
        self.assert_refused(subprocess.run(words, capture_output=True, text=True,
                                           timeout=60, check=False), 2, "INPUT: missing")
        self.assert_gone()

    def test_a_cluster_that_is_away(self):
        setup, log = self.make_bench()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        setup.pipeline["source"]["kafka"]["brokers"] = [f"127.0.0.1:{port}"]
        self.assert_refused(self.bench(setup, log), 3, f"no broker answers at 127.0.0.1:{port}",
                            "check source.kafka")


class BenchAccessTest(Bench):
    security = "sasl_plaintext,acl"
    RIGHTS = (("CREATE", "CLUSTER", "kafka-cluster"), ("DELETE", "TOPIC", "*"),
              ("READ", "TOPIC", "*"), ("WRITE", "TOPIC", "*"),
              ("DESCRIBE_CONFIGS", "TOPIC", "*"), ("READ", "GROUP", "*"),
              ("WRITE", "TRANSACTIONAL_ID", "*"))

    def make_restricted(self):
        setup, log = self.make_bench(records=1000)
        self.log_in_plain(setup)
        return setup, log

    def test_rights_are_asked_for_before_a_record_is_written(self):
        setup, log = self.make_restricted()
        self.assert_refused(self.bench(setup, log), 3, "could not be made", "add an ACL")
        self.see.allow("nymstream", "CREATE", "CLUSTER", "kafka-cluster")
        self.see.allow("nymstream", "DESCRIBE", "TOPIC", "*")
        done = self.bench(setup, log, "--topics", "kept")
        self.assertEqual(done.returncode, 3)
        self.assertIn("topic kept-probe was made, but may not be deleted", done.stderr)
        self.assertIn("add an ACL that allows DELETE", done.stderr)
        self.assertIn("error: not deleted: kept-probe", done.stderr)
        self.assert_gone("kept-probe")
        self.see.delete_topic("kept-probe")
        for right in self.RIGHTS:
            self.see.allow("nymstream", *right)
        done = self.bench(setup, log, "--rounds", 1)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_gone()


if __name__ == "__main__":
    main()
