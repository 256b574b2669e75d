"""The pure layers print nothing, exit nowhere, and touch no file, thread or clock.

A failed NYM_CHECK may write one fixed line by write(2) and abort.
Usage: library_is_silent_test.py ARCHIVE...
"""

import re
import subprocess
import sys
import unittest

FORBIDDEN = re.compile(
    r"^(std::c(out|err|log|in)|std(out|err|in)"
    r"|(__)?v?f?printf(_chk)?|f?put(s|c|char)|fwrite|perror|exit|_exit|quick_exit"
    r"|f?open(64|at)?|std::basic_[io]?f(stream|ilebuf)<.*"
    r"|pthread_create|std::thread::.*|time|clock_gettime|gettimeofday"
    r"|std::chrono::_V2::\w+::now\(\)|s?rand|getenv)$")


def forbidden_symbols(nm_text):
    """Undefined symbols of `nm -uC` output that the pure layers must not need."""
    names = re.findall(r"^\s+U (.+)$", nm_text, re.MULTILINE)
    names = [re.sub(r"@.*", "", name) for name in names]
    return sorted({name for name in names
                   if FORBIDDEN.match(name) or FORBIDDEN.match(name.split("(")[0])})


class LibraryIsSilentTest(unittest.TestCase):
    archives = []

    def test_no_archive_needs_a_forbidden_symbol(self):
        self.assertTrue(self.archives, "no archives given")
        for archive in self.archives:
            with self.subTest(archive=archive):
                text = subprocess.run(["nm", "-uC", archive], check=True,
                                      capture_output=True, text=True).stdout
                self.assertRegex(text, r"\n\s+U ", "nm listed nothing")
                self.assertEqual(forbidden_symbols(text), [])

    def test_forbidden_symbols_are_recognised(self):
        nm_text = ("a.o:\n                 U memcpy\n                 U std::cout\n"
                   "                 U __printf_chk\n                 U abort\n"
                   "                 U write\n                 U exit@GLIBC_2.2.5\n"
                   "                 U std::chrono::_V2::system_clock::now()\n")
        self.assertEqual(forbidden_symbols(nm_text), [
            "__printf_chk", "exit",
            "std::chrono::_V2::system_clock::now()", "std::cout"])


if __name__ == "__main__":
    LibraryIsSilentTest.archives = sys.argv[1:]
    unittest.main(argv=sys.argv[:1])
