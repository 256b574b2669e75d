"""Goal: bench/run keeps what was measured; bench/compare_results and the peers' judge tell
what changed, and what is wrong."""

import argparse
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench/peers"))
sys.path.insert(0, str(ROOT / "bench"))
from outcome import Judge, WrongOutcome  # noqa: E402


def load(path):
    loader = importlib.machinery.SourceFileLoader(path.name, str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(path.name, loader))
    loader.exec_module(module)
    return module


compare = load(ROOT / "bench/compare_results")
run = load(ROOT / "bench/run")


def results(cpu_time, of_limit=(0.5, 0.5), cpu="one", **counters):
    return {"machine": {"cpu": cpu, "cores": 2},
            "cases": [{"program": "a_bench", "name": "Case", "cpu_time": list(cpu_time),
                       "counters": {"of_limit": list(of_limit), **counters}}]}


class RunTest(unittest.TestCase):
    def test_ratios_and_allocations_are_kept_and_shown(self):
        line = {"run_type": "iteration", "run_name": "Case", "time_unit": "ns",
                "cpu_time": 5.0, "items_per_second": 7.0, "of_limit": 0.5,
                "allocs_per_record": 0.25}
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder) / "a_bench"
            program.write_text(f"#!/bin/sh\necho '{json.dumps({'benchmarks': [line, line]})}'\n")
            program.chmod(0o755)
            cases = run.run(program, argparse.Namespace(
                core=min(os.sched_getaffinity(0)), repetitions=2))
        self.assertEqual(cases, [{
            "program": "a_bench", "name": "Case", "unit": "ns", "cpu_time": [5.0, 5.0],
            "counters": {"of_limit": [0.5, 0.5], "allocs_per_record": [0.25, 0.25]}}])
        table = run.table({
            "when": "now", "commit": "c", "changed": False, "repetitions": 2, "cases": cases,
            "machine": {"cpu": "one", "cores": 2, "load": 0.0}})
        self.assertIn("| a_bench | Case | 5, 5, 5 ns | of_limit 0.5, 0.5, 0.5 | "
                      "allocs_per_record 0.25, 0.25, 0.25 |", table)


class CompareTest(unittest.TestCase):
    def verdicts(self, old, new):
        rows, notes = compare.compare(old, new, 0.03)
        return {row[0]: row[3] for row in rows}, notes

    def test_what_does_not_overlap_and_is_large_is_worse_or_better(self):
        old = results([100, 104], [0.5, 0.52])
        verdicts, _ = self.verdicts(old, results([120, 125], [0.7, 0.75]))
        self.assertEqual(verdicts, {"a_bench Case CPU time": "worse",
                                    "a_bench Case of_limit": "better"})

    def test_overlap_and_small_changes_are_noise(self):
        verdicts, _ = self.verdicts(results([100, 130]), results([125, 140]))
        self.assertEqual(verdicts["a_bench Case CPU time"], "")
        verdicts, _ = self.verdicts(results([100, 100]), results([102, 102]))
        self.assertEqual(verdicts["a_bench Case CPU time"], "")

    def test_change_and_noise_are_shares_of_the_median(self):
        change, noise, word = compare.verdict([98, 100, 110], [200, 200, 200], 0.03)
        self.assertAlmostEqual(change, 1.0)
        self.assertAlmostEqual(noise, 0.06)
        self.assertEqual(word, "worse")

    def test_a_change_below_the_noise_is_none(self):
        _, _, word = compare.verdict([80, 100, 110], [115, 130, 160], 0.03)
        self.assertEqual(word, "")

    def test_two_machines_share_ratios_only(self):
        verdicts, notes = self.verdicts(results([1, 1]), results([9, 9], cpu="other"))
        self.assertEqual(list(verdicts), ["a_bench Case of_limit"])
        self.assertEqual(len(notes), 1)

    def allocations(self, old, new):
        verdicts, _ = self.verdicts(results([1, 1], allocs_per_record=old),
                                    results([1, 1], cpu="other", allocs_per_record=new))
        return verdicts["a_bench Case allocs_per_record"]

    def test_any_allocation_where_there_was_none_is_worse(self):
        self.assertEqual(self.allocations([0, 0, 0], [0, 0, 1e-6]), "worse")
        self.assertEqual(self.allocations([0, 0, 0], [1, 5, 90]), "worse")
        self.assertEqual(self.allocations([0, 0, 0], [0, 0, 0]), "")

    def test_other_allocations_are_compared_as_times_are(self):
        self.assertEqual(self.allocations([2, 2, 2], [3, 3, 3]), "worse")
        self.assertEqual(self.allocations([2, 2, 2], [0, 0, 0]), "better")
        self.assertEqual(self.allocations([2, 2, 2], [2, 2, 2.1]), "")
        self.assertEqual(self.allocations([0, 0, 0.1], [1, 1, 1]), "worse")
        self.assertEqual(self.allocations([0, 0, 0.1], [0, 0, 0.2]), "")

    def test_a_case_of_one_file_is_told_of(self):
        new = results([1, 1])
        new["cases"][0]["name"] = "Other"
        verdicts, notes = self.verdicts(results([1, 1]), new)
        self.assertEqual(verdicts, {})
        self.assertEqual(len(notes), 4)


RAW = {"remote_addr": "a", "remote_user": "-", "device_id": "b",
       "http_x_forwarded_for": "a, c", "request_uri": "/p?x=1&y=2", "http_referer": "-",
       "request_id": "r", "upstream_addr": "u", "http_cookie": "c", "status": 200}
OUT = {"remote_addr": "nym_1", "remote_user": "-", "device_id": "nym_2",
       "http_x_forwarded_for": "nym_1, nym_3", "request_uri": "/p?x=REDACTED&y=REDACTED",
       "http_referer": "-", "status": 200}


class JudgeTest(unittest.TestCase):
    def test_the_right_outcome_passes(self):
        judge = Judge()
        judge.compare(RAW, OUT)
        judge.finish(1)

    def test_every_wrong_outcome_is_refused(self):
        for name, value in (("remote_addr", "a"), ("remote_user", "nym_9"), ("status", 201),
                            ("http_x_forwarded_for", "nym_1"), ("request_uri", "/p?x=1&y=2"),
                            ("http_cookie", "c"), ("device_id", "plain")):
            with self.subTest(name), self.assertRaises(WrongOutcome):
                Judge().compare(RAW, {**OUT, name: value})

    def test_a_pseudonym_must_stay_the_same_and_be_one_value_s(self):
        judge = Judge()
        judge.compare(RAW, OUT)
        with self.assertRaises(WrongOutcome):
            judge.compare(RAW, {**OUT, "remote_addr": "nym_8"})
        judge = Judge()
        judge.compare(RAW, {**OUT, "device_id": "nym_1"})
        with self.assertRaises(WrongOutcome):
            judge.finish(1)

    def test_too_few_records_are_refused(self):
        with self.assertRaises(WrongOutcome):
            Judge().finish(1)


if __name__ == "__main__":
    unittest.main()
