"""Nothing of a raw record is anywhere but in the raw topic.

Goal: I4. Method: each part of each kind of record holds a canary of its own; then a
search for every canary, as it is and in the ways that programs write bytes, in all
topics (aborted records too, on the broker's disk), events, metrics, what /proc shows,
files of the working folder, and after a crash.
Usage: stage_leak_test.py PROGRAM
"""

import base64
import json
import pathlib
import random
import resource
import signal
import subprocess
import time
import unittest
import urllib.parse

from case import StageCase, main
from stage import SCHEMA, record

SCHEMA = SCHEMA.replace("schema: test-json", "schema: leak-json") + """kafka:
  key: {category: user.account.username, type: id}
  headers:
    client: {category: user.device.ip_address, type: ip}
    region: {category: system.operations, type: enum, values: [eu, us]}
"""


def forms(canary):
    """The canary as programs write it: {what: bytes}; to be looked for in any case."""
    text, raw = canary, canary.encode()
    made = {"raw": raw, "hex": raw.hex().encode(), "utf-16": text.encode("utf-16-le"),
            "utf-16 be": text.encode("utf-16-be"),
            "percent": "".join(f"%{byte:02x}" for byte in raw).encode(),
            "quoted": urllib.parse.quote(text, safe="").encode(),
            "json": "".join(f"\\u{ord(c):04x}" for c in text).encode(),
            "octal": "".join(f"\\{byte:03o}" for byte in raw).encode(),
            "c": "".join(f"\\x{byte:02x}" for byte in raw).encode()}
    for shift in range(3):
        # What the bytes before and after do not change of it.
        coded = base64.b64encode(bytes(shift) + raw).rstrip(b"=")
        made[f"base64 {shift}"] = coded[(0, 2, 3)[shift]:len(coded) - 1]
    return {name: form.lower() for name, form in made.items()}


class Canaries:
    def __init__(self, seed):
        self._random = random.Random(seed)
        self.forms = {}
        self.raw = set()

    def make(self, prefix):
        letters = "".join(self._random.choice("bcdfghjkmnpqrstvwxz") for _ in range(12))
        return self._add(prefix + letters)

    def address(self):
        groups = [f"{self._random.randrange(0x1000, 0x10000):x}" for _ in range(6)]
        return self._add("2001:db8:" + ":".join(groups))

    def _add(self, canary):
        self.raw.add(canary)
        for name, form in forms(canary).items():
            self.forms.setdefault(form, (name, canary))
        return canary

    def find(self, haystack):
        haystack = haystack.lower()
        return {where for form, where in self.forms.items() if form in haystack}


def all_bytes(records):
    parts = []
    for each in records:
        parts += [each.key or b"", each.value or b"", str(each.timestamp).encode()]
        for name, value in each.headers:
            parts += [name.encode(), value or b""]
    return b"\n".join(parts)


class StageLeakTest(StageCase):
    def setUp(self):
        seed = time.time_ns()
        print(f"seed {seed}")
        self.canaries = Canaries(seed)

    def leaky_setup(self, **source):
        setup = self.make_setup(SCHEMA)
        for release in setup.pipeline["releases"]:
            release["output"]["kafka"] |= {
                "key": "pseudonymize", "headers": {"client": "truncate", "region": "keep"}}
        setup.run("quarantine", "keygen", setup.folder / "private")
        setup.pipeline["quarantine"]["seal_to"] = str(setup.folder / "private.pub")
        setup.pipeline["source"]["kafka"] |= source
        return setup

    def records(self, count):
        """Good, bad and value-less ones, a canary in each part of each."""
        make, raw = self.canaries.make, []
        for seq in range(count):
            def around():
                return {"partition": seq % 2, "timestamp": 1768471200000, "key":
                        make("key").encode(), "headers": [
                            (make("name"), make("other").encode()),
                            ("client", self.canaries.address().encode()),
                            ("region", make("region").encode())]}
            good = json.loads(record(seq, ip=self.canaries.address(), user=make("acc")))
            twice = make("twice")
            good |= {make("field"): make("value"), "message": "for "
                     f"{make('mail')}@example.org at {self.canaries.address()}"}
            raw += [
                around() | {"value": json.dumps(good).encode()},
                # One identifier in its field, and again in a text.
                around() | {"value": record(seq, user=twice, message=f"user {twice} came")},
                around() | {"value": b'{"time": "2026-01-15T10:00:00Z", "user": "'
                                     + make("broken").encode()},
                around() | {"value": make("text").encode()},
                around() | {"value": json.dumps({"user": make("timeless")}).encode()},
                around() | {"value": None},
                around() | {"value": b""}]
        return raw

    def check(self, setup, stage_shows, dumps=()):
        outputs = (setup.inside, setup.partners, setup.quarantine)
        self.assertEqual({canary for _, canary in self.canaries.find(
            all_bytes(self.see.consume(setup.raw)))}, self.canaries.raw, "the search is blind")
        for topic in outputs:
            everything = self.see.consume(topic, isolation="read_uncommitted")
            self.assertTrue(everything)
            self.assertEqual(self.canaries.find(all_bytes(everything)), set(), topic)
        for dump in dumps:
            self.assertEqual(self.canaries.find(dump.encode()), set())
        for what, content in stage_shows.items():
            self.assertEqual(self.canaries.find(content), set(), what)
        for path in setup.folder.iterdir():
            self.assertEqual(self.canaries.find(path.read_bytes()), set(), path)

    def shown_by(self, stage):
        process = pathlib.Path(f"/proc/{stage.process.pid}")
        return {"environ": (process / "environ").read_bytes(),
                "cmdline": (process / "cmdline").read_bytes(),
                "comm": (process / "comm").read_bytes(),
                "metrics": stage.get("/metrics")[1].encode(),
                "readyz": stage.get("/readyz")[1].encode()}

    def test_no_canary_leaves_in_the_flow(self):
        setup = self.leaky_setup()
        self.see.produce(setup.raw, self.records(20))
        with setup.stage() as stage:
            stage.wait_for_all()
            shown = self.shown_by(stage)
            stage.stop()
        self.assertEqual(stage.exit_code, 0, stage.stderr)
        self.check(setup, shown | {"stderr": stage.stderr.encode()})
        self.assertEqual(len(self.see.consume(setup.partners)), 60)  # 20 are tombstones
        self.assertEqual(len(self.see.consume(setup.quarantine)), 60)

    def test_no_canary_is_in_aborted_records_after_kill_9(self):
        setup = self.leaky_setup(commit_interval_ms=10000)
        with setup.stage() as stage:
            stage.wait_for_event("partitions_assigned")
            time.sleep(0.5)  # past the commit of where it begins
            self.see.produce(setup.raw, self.records(20))
            outputs = (setup.inside, setup.partners, setup.quarantine)
            stage.wait_until("records that are not committed", lambda: all(
                sum(self.see.end_offsets(topic, isolation="read_uncommitted").values()) >= 60
                for topic in outputs))
            shown = self.shown_by(stage)
            stage.kill()
        with setup.stage() as again:  # aborts what is open, and ends in the middle again
            again.wait_for_event("partitions_assigned")
        self.assertEqual(again.exit_code, 0)
        dumps = [self.broker.dump(topic, partition) for topic in outputs for partition in (0, 1)]
        self.assertIn("endTxnMarker: ABORT", "".join(dumps))
        self.check(setup, shown | {"stderr": stage.stderr.encode()}, dumps)

    def written(self, setup):
        return sum(self.see.end_offsets(
            setup.partners, isolation="read_uncommitted").values())

    def test_a_crash_leaves_no_core_file(self):
        def allow_core():
            resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
        setup = self.leaky_setup(commit_interval_ms=10000)
        if not pathlib.Path("/proc/sys/kernel/core_pattern").read_text().startswith(("/", "|")):
            control = setup.folder / "control"
            control.mkdir()
            with subprocess.Popen(["sleep", "9"], cwd=control, preexec_fn=allow_core) as sleep:
                time.sleep(0.2)
                sleep.send_signal(signal.SIGABRT)
            self.assertTrue(list(control.iterdir()), "this system writes no core files at all")
            for path in control.iterdir():
                path.unlink()
            control.rmdir()
        for crash in (signal.SIGABRT, signal.SIGSEGV):
            self.see.produce(setup.raw, self.records(5))
            written = self.written(setup)
            with setup.stage(before=allow_core) as stage:
                # Of this process: before it works, it may not even be the program.
                stage.wait_until("work", lambda: self.written(setup) > written)
                stage.process.send_signal(crash)
                self.assertEqual(stage.wait_exit(), -crash)
            self.assertEqual([path for path in setup.folder.iterdir() if "core" in path.name], [])
            self.check(setup, {"stderr": stage.stderr.encode()})


if __name__ == "__main__":
    main()
