"""An installed program works without the source tree.

Goal: shipped schemas and policies are inside the program, and no path of the
source or build tree is needed. Method: install into an empty prefix, stripped;
look for such paths in the program's bytes; then run it there on the installed
pipelines, with an empty environment.
Usage: install_test.py CMAKE BUILD_FOLDER
"""

import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECORD = '{"time_iso8601":"2026-01-05T10:11:12Z","remote_addr":"192.0.2.1"}\n'


def run(program, folder, *words):
    return subprocess.run(
        [program, *words], cwd=folder, env={}, check=True, capture_output=True,
        text=True).stdout


def main():
    cmake, build = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run(
            [cmake, "--install", build, "--prefix", folder / "prefix", "--strip"],
            check=True, stdout=subprocess.DEVNULL)
        installed = sorted(str(path.relative_to(folder / "prefix"))
                           for path in (folder / "prefix").rglob("*.*"))
        assert not [path for path in installed if path.endswith((".h", ".a"))]
        program = folder / "prefix/bin/nymstream"
        for tree in (ROOT, pathlib.Path(build).resolve()):
            assert str(tree).encode() not in program.read_bytes(), tree
        pipelines = sorted((folder / "prefix/share/nymstream/pipelines").glob("*.yaml"))
        assert len(pipelines) == len(list((ROOT / "config/pipelines").glob("*.yaml")))
        run(program, folder, "keys", "generate", "keyring", "--period", "P1D",
            "--period", "P30D", "--from", "2026-01-01", "--until", "2026-02-01")
        for pipeline in pipelines:
            run(program, folder, "check", pipeline, "--without-keys")
        (folder / "log.ndjson").write_text(RECORD)
        run(program, folder, "replay",
            folder / "prefix/share/nymstream/pipelines/nginx-no-ip-2024.yaml",
            "log.ndjson", "--keyring", "keyring", "--as-of", "2026-01-06T00:00:00Z",
            "--out", "out")
        left = (folder / "out/partners.ndjson").read_text()
        assert left.startswith('{"time_iso8601":"2026-01-05T10:11:00Z"'), left
    return 0


if __name__ == "__main__":
    sys.exit(main())
