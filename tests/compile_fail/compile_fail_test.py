"""Misuse that would leak raw bytes or keys does not compile.

Every .cc beside this file is compiled twice: as it is, which must work, and
with SHOULD_FAIL, which must fail in the line marked "// refused", so that a
case can't fail for another reason.
Usage: compile_fail_test.py COMPILER SOURCE_DIR
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import unittest

CASES = sorted(pathlib.Path(__file__).parent.glob("*.cc"))


class CompileFailTest(unittest.TestCase):
    compiler = "c++"
    root = pathlib.Path()

    @classmethod
    def compile(cls, case, *flags):
        return subprocess.run(
            [cls.compiler, "-std=c++20", "-fsyntax-only", f"-I{cls.root}/include",
             f"-I{cls.root}/src", *flags, str(case)],
            capture_output=True, text=True, check=False)

    @classmethod
    def setUpClass(cls):
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            cls.twins = list(pool.map(cls.compile, CASES))
            cls.misuses = list(pool.map(
                lambda case: cls.compile(case, "-DSHOULD_FAIL"), CASES))

    def test_there_are_cases(self):
        self.assertTrue(CASES)

    def test_only_the_misuse_is_refused(self):
        for case, twin, misuse in zip(CASES, self.twins, self.misuses):
            with self.subTest(case=case.name):
                self.assertEqual(twin.returncode, 0, twin.stderr)
                self.assertNotEqual(misuse.returncode, 0, "the misuse compiles")
                lines = case.read_text().splitlines()
                refused = [str(number) for number, line in enumerate(lines, 1)
                           if line.endswith("// refused")]
                self.assertEqual(len(refused), 1, "mark one line as refused")
                errors = re.findall(rf"{case.name}:(\d+):\d+: error", misuse.stderr)
                self.assertEqual(set(errors), set(refused), misuse.stderr)


if __name__ == "__main__":
    CompileFailTest.compiler = sys.argv[1]
    CompileFailTest.root = pathlib.Path(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
