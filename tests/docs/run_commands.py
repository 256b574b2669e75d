"""Runs the commands of a page as written.

Every block fenced as ```sh run is one part of a script; the parts of a page run
in order, in one shell, in a fresh copy of the source tree with the built
program on PATH. The first command that fails, fails the test.
Usage: run_commands.py BUILD_FOLDER PAGE
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUNNABLE = re.compile(r"^```sh run\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    parts = RUNNABLE.findall(pathlib.Path(sys.argv[2]).read_text())
    if not parts:
        print(f"{sys.argv[2]} has no runnable block")
        return 1
    environment = dict(
        os.environ, PATH=f"{build}/bin:{os.environ['PATH']}",
        NYMSTREAM_BUILD=str(build), ASAN_OPTIONS="detect_leaks=0")
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "nymstream"
        shutil.copytree(ROOT, copy, symlinks=True,
                        ignore=shutil.ignore_patterns("build", ".git", ".cache"))
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-x", "-c", "".join(parts)], cwd=copy,
            env=environment, stdin=subprocess.DEVNULL, timeout=300,
            check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
