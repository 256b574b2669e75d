"""What a user sees of each command: exit code, stdout, stderr.

A case is a bash script SUBJECT/CASE.sh, and beside it what it must give:
CASE.exit, CASE.stdout, CASE.stderr; a missing one means 0 or nothing. A case runs
in a fresh folder that holds copies of files/ and of tests/golden/keyring, with the
program on PATH. In what it gives, the paths of that folder and of the source tree
read WORK and ROOT.
Usage: cli_test.py NYMSTREAM [SUBJECT/CASE...]
       cli_test.py NYMSTREAM --update [SUBJECT/CASE...]
"""

import difflib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SUFFIXES = (".exit", ".stdout", ".stderr")


def run(program, script):
    """{suffix: text} of what the case gives; empty where it is the usual."""
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name).resolve()
        for path in (HERE / "files").iterdir():
            shutil.copy(path, work)
        shutil.copy(ROOT / "tests/golden/keyring", work)
        (work / "keyring").chmod(0o600)
        environment = {
            "PATH": f"{pathlib.Path(program).parent}:{os.environ['PATH']}",
            "HOME": str(work), "LC_ALL": "C", "ROOT": str(ROOT),
            "ASAN_OPTIONS": "detect_leaks=0"}
        done = subprocess.run(
            ["bash", "-u", script], cwd=work, env=environment, timeout=60,
            stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def text(captured):
        decoded = captured.decode("utf-8", "backslashreplace")
        return decoded.replace(str(work), "WORK").replace(str(ROOT), "ROOT")

    code = f"{done.returncode}\n" if done.returncode else ""
    return dict(zip(SUFFIXES, (code, text(done.stdout), text(done.stderr))))


def update(script, got):
    for suffix, text in got.items():
        path = script.with_suffix(suffix)
        if text:
            path.write_text(text)
        else:
            path.unlink(missing_ok=True)


def compare(script, got):
    """True if the case gave what it must give."""
    same = True
    for suffix, text in got.items():
        path = script.with_suffix(suffix)
        want = path.read_text() if path.exists() else ""
        if text == want:
            continue
        same = False
        print("\n".join(difflib.unified_diff(
            want.splitlines(), text.splitlines(),
            str(path.relative_to(HERE)), "this run", lineterm="")))
    return same


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    words = sys.argv[2:]
    wanted = [word for word in words if word != "--update"]
    scripts = [path for path in sorted(HERE.glob("*/*.sh"))
               if not wanted or str(path.relative_to(HERE).with_suffix("")) in wanted]
    assert scripts, "no such case"
    alone = [path for suffix in SUFFIXES for path in HERE.glob(f"*/*{suffix}")
             if not path.with_suffix(".sh").exists()]
    assert not alone, f"no case for {alone}"
    failed = 0
    for script in scripts:
        got = run(program, script)
        if "--update" in words:
            update(script, got)
        elif not compare(script, got):
            failed += 1
    print(f"{len(scripts)} cases, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
