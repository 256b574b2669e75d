"""Goal: bench/compare_results and the peers' judge tell what changed, and what is wrong."""

import importlib.machinery
import importlib.util
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench/peers"))
from outcome import Judge, WrongOutcome  # noqa: E402


def load(path):
    loader = importlib.machinery.SourceFileLoader(path.name, str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(path.name, loader))
    loader.exec_module(module)
    return module


compare = load(ROOT / "bench/compare_results")


def results(cpu_time, of_limit=(0.5, 0.5), cpu="one"):
    return {"machine": {"cpu": cpu, "cores": 2},
            "cases": [{"program": "a_bench", "name": "Case", "cpu_time": list(cpu_time),
                       "counters": {"of_limit": list(of_limit)}}]}


class CompareTest(unittest.TestCase):
    def verdicts(self, old, new):
        rows, notes = compare.compare(old, new, 0.03)
        return {row[0]: row[3] for row in rows}, notes

    def test_what_does_not_overlap_and_is_large_is_slower_or_faster(self):
        old = results([100, 104], [0.5, 0.52])
        verdicts, _ = self.verdicts(old, results([120, 125], [0.7, 0.75]))
        self.assertEqual(verdicts, {"a_bench Case CPU time": "slower",
                                    "a_bench Case of_limit": "faster"})

    def test_overlap_and_small_changes_are_noise(self):
        verdicts, _ = self.verdicts(results([100, 130]), results([125, 140]))
        self.assertEqual(verdicts["a_bench Case CPU time"], "")
        verdicts, _ = self.verdicts(results([100, 100]), results([102, 102]))
        self.assertEqual(verdicts["a_bench Case CPU time"], "")

    def test_change_and_noise_are_shares_of_the_median(self):
        change, noise, word = compare.verdict([98, 100, 110], [200, 200, 200], 0.03)
        self.assertAlmostEqual(change, 1.0)
        self.assertAlmostEqual(noise, 0.06)
        self.assertEqual(word, "slower")

    def test_a_change_below_the_noise_is_none(self):
        _, _, word = compare.verdict([80, 100, 110], [115, 130, 160], 0.03)
        self.assertEqual(word, "")

    def test_two_machines_share_ratios_only(self):
        verdicts, notes = self.verdicts(results([1, 1]), results([9, 9], cpu="other"))
        self.assertEqual(list(verdicts), ["a_bench Case of_limit"])
        self.assertEqual(len(notes), 1)

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
