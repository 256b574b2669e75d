"""Every package that the scripts install has its reason in docs/dependencies.md."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class DependenciesTest(unittest.TestCase):
    def test_every_package_is_documented(self):
        lines = (ROOT / "scripts/packages.txt").read_text().splitlines()
        rows = [line.split() for line in lines if line and line[0] != "#"]
        self.assertGreater(len(rows), 10)
        page = (ROOT / "docs/dependencies.md").read_text()
        used = page.split("## Considered and not used")[0]
        first_cells = re.findall(r"^\| ([^|]+) \|", used, re.MULTILINE)
        documented = {name for cell in first_cells for name in cell.split(", ")}
        for package, mark in rows:
            with self.subTest(package=package):
                self.assertIn(mark, ("program", "broker", "tests"))
                self.assertIn(package, documented)


if __name__ == "__main__":
    unittest.main()
