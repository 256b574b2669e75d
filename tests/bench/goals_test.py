"""Goal: the tables of bench/ say what was measured, and "met" only where it is so."""

import importlib.machinery
import importlib.util
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))
import replay_ratios  # noqa: E402
import scale  # noqa: E402
from measuring import in_turn, spread  # noqa: E402

loader = importlib.machinery.SourceFileLoader("goals", str(ROOT / "bench/goals"))
goals = importlib.util.module_from_spec(importlib.util.spec_from_loader("goals", loader))
loader.exec_module(goals)


class GoalsTest(unittest.TestCase):
    def test_the_median_meets_a_goal_or_not(self):
        self.assertEqual(goals.met([0.4, 0.5, 0.1], 0.4), ("at least 0.4", "met"))
        self.assertEqual(goals.met([0.4, 0.3, 0.9], 0.5)[1], "**not met**")
        self.assertEqual(goals.met([2, 6, 3], -5), ("at most 5", "met"))
        self.assertEqual(goals.met([6, 7, 1], -5)[1], "**not met**")
        self.assertEqual(goals.met([1], None), ("", ""))

    def test_replay_is_compared_within_a_round(self):
        ratios = dict(replay_ratios.ratios({
            "engine": [0.8, 1.0], "one job": [(1.0, 1.6), (2.0, 2.0)],
            "two jobs": [(0.5, 2.0), (2.0, 2.5)], ".gz": [(4.0, 4.0), (2.0, 2.0)],
            ".zst": [(1.0, 1.0), (2.0, 2.0)], ".gz decoder": [3.0, 1.0],
            ".zst decoder": [0.1, 0.2], "first byte": [0.02, 0.03]}))
        self.assertEqual(list(ratios.values()), [
            [0.8, 0.5], [2.0, 1.0], [0.75, 1.0], [1.0, 1.0], [0.5, 0.5], [1.25, 1.25],
            [20, 30]])

    def test_growth_is_that_of_the_median_since_the_first_row(self):
        def found(cpu):
            three = {"min": cpu, "median": cpu, "max": cpu}
            return {"stage": {"cpu_seconds_per_gigabyte": three, "megabytes_per_second": three,
                              "peak_mebibytes": three},
                    "passthrough": {"cpu_seconds_per_gigabyte": three}}
        rows = list(scale.kafka_rows([(1, found(4.0)), (2, found(6.0))]))
        self.assertEqual([row[3] for row in rows], ["1.00", "1.50"])

    def test_every_second_round_goes_back(self):
        order = []
        found = in_turn(["a", "b"], lambda name: order.append(name) or len(order), 2)
        self.assertEqual(order, ["a", "b", "b", "a"])
        self.assertEqual(found, {"a": [1, 4], "b": [2, 3]})
        self.assertEqual(spread([3, 1, 2]), {"min": 1, "median": 2, "max": 3})


if __name__ == "__main__":
    unittest.main()
