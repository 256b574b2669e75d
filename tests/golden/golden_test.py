"""What replay makes of one log for every shipped schema, policy and pipeline.

Each folder is named after a pipeline: its input, and in expected/ every file
that replay writes but the manifest. Usage:
golden_test.py NYMSTREAM            compares
golden_test.py NYMSTREAM --update   writes expected/ anew; read the difference
"""

import difflib
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def replay(program, case, folder):
    """{file name: text} of what replay writes for the input of `case`."""
    keyring = folder / "keyring"
    shutil.copy(HERE / "keyring", keyring)
    keyring.chmod(0o600)
    source = next(case.glob("input.*"))
    out = folder / case.name
    subprocess.run(
        [program, "replay", ROOT / f"config/pipelines/{case.name}.yaml",
         source.name, "--keyring", keyring, "--as-of", "2026-01-31T00:00:00Z",
         "--out", out], cwd=case, check=True)
    return {path.name: path.read_text() for path in sorted(out.iterdir())
            if path.name != "manifest.json"}


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    update = "--update" in sys.argv
    cases = sorted(path for path in HERE.iterdir() if list(path.glob("input.*")))
    pipelines = sorted(
        path.stem for path in (ROOT / "config/pipelines").glob("*.yaml"))
    assert [case.name for case in cases] == pipelines, pipelines
    differences = 0
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            got = replay(program, case, pathlib.Path(folder))
            expected = case / "expected"
            if update:
                shutil.rmtree(expected, ignore_errors=True)
                expected.mkdir()
                for name, text in got.items():
                    (expected / name).write_text(text)
                continue
            want = {path.name: path.read_text() for path in expected.iterdir()}
            for name in sorted(got.keys() | want.keys()):
                delta = list(difflib.unified_diff(
                    want.get(name, "").splitlines(), got.get(name, "").splitlines(),
                    f"{case.name}/expected/{name}", "replay", lineterm=""))
                differences += len(delta)
                print("\n".join(delta), end="\n" if delta else "")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
