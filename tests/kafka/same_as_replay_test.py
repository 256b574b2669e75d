"""`run` writes the bytes that `replay` writes for the same records.

Goal: I3, one engine whichever way records come. Method: each partition's records
once through the stage and once as a file through replay, with the same pipeline
document; then the same with the shipped pipeline for nginx and a generated log.
Usage: same_as_replay_test.py PROGRAM LOG_GENERATOR
"""

import json
import pathlib
import shutil
import subprocess
import unittest

import yaml

from case import StageCase, take_path
from stage import record

ROOT = pathlib.Path(__file__).resolve().parents[2]
PARTITIONS = 2
START = 1768471200  # 2026-01-15T10:00:00Z


def mixed_records(count):
    """Text with identifiers, missing fields, odd spelling, broken ones between."""
    for seq in range(count):
        text = record(seq, ip=f"2001:db8::{seq:x}" if seq % 3 == 0 else None,
                      message=f"from 192.0.2.{seq % 256} by someone{seq}@example.org, \u00e9\u4e2d")
        yield text
        if seq % 7 == 0:
            yield text.replace(b'"user"', b'"\\u0075ser"').replace(b": ", b"  :\t")
        if seq % 11 == 0:
            yield text[:-1]
        if seq % 13 == 0:
            yield b'{"time": "2020-01-01T00:00:00Z", "seq": 1, "ip": "192.0.2.1"}'


class SameAsReplayTest(StageCase):
    generator = None

    def check(self, setup, releases, records):
        """releases: {name: topic}"""
        parts = [records[i::PARTITIONS] for i in range(PARTITIONS)]
        self.see.produce(setup.raw, [{"partition": i, "value": value}
                                     for i, part in enumerate(parts) for value in part])
        self.process_all(setup)
        for i, part in enumerate(parts):
            file = setup.folder / f"part-{i}.ndjson"
            file.write_bytes(b"".join(value + b"\n" for value in part))
            out = setup.folder / f"out-{i}"
            setup.run("replay", setup.folder / "pipeline.yaml", file, "--out", out)
            for name, topic in releases.items():
                streamed = b"".join(each.value + b"\n" for each in self.see.consume(topic)
                                    if each.partition == i)
                self.assertGreater(len(streamed.splitlines()), len(part) / 2)
                # Not assertEqual: its report of a difference takes minutes.
                self.assertTrue(streamed == (out / f"{name}.ndjson").read_bytes(),
                                f"{name} of partition {i} differs")
            refused = [json.loads(line)["reason"] for line
                       in (out / "quarantine.ndjson").read_text().splitlines()]
            self.assertEqual(refused, [
                each.header("nymstream-reason").decode()
                for each in self.see.consume(setup.quarantine) if each.partition == i])

    def test_with_both_releases_of_a_pipeline(self):
        setup = self.make_setup(partitions=PARTITIONS)
        # In a topic coordinates are a header; in a file they are part of the record.
        setup.pipeline["releases"][0]["source_coordinates"] = False
        self.check(setup, {"inside": setup.inside, "partners": setup.partners},
                   list(mixed_records(400)))

    def test_with_the_shipped_pipeline_for_nginx(self):
        setup = self.make_setup(create=False)
        shutil.copytree(ROOT / "config/pipelines/subjects", setup.folder / "subjects")
        setup.pipeline = yaml.safe_load(
            (ROOT / "config/pipelines/nginx-no-ip-2024-kafka.yaml").read_text())
        setup.pipeline["source"]["kafka"]["brokers"] = [self.broker.bootstrap]
        setup.pipeline["monitoring"]["listen"] = "127.0.0.1:0"
        setup.pipeline["keys"]["keyring"] = str(setup.keyring)
        source = setup.pipeline["source"]["kafka"]
        setup.raw, setup.group = source["topic"], source["group"]
        setup.quarantine = setup.pipeline["quarantine"]["kafka"]["topic"]
        self.see.create_topic(setup.raw, PARTITIONS)
        # The document's topics have four partitions, and its quarantine one.
        setup.pipeline["quarantine"]["kafka"]["create"]["partitions"] = PARTITIONS
        log = subprocess.run([self.generator, "--format", "nginx-json", "--records", "6000",
                              "--start", str(START)], capture_output=True, check=True).stdout
        self.check(setup, {each["name"]: each["output"]["kafka"]["topic"]
                           for each in setup.pipeline["releases"]}, log.splitlines())


if __name__ == "__main__":
    StageCase.program = take_path()
    SameAsReplayTest.generator = take_path()
    unittest.main()
