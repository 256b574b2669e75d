"""The example of README.md: one raw record beside what leaves of it.

It is the first record of docs/sample/access.ndjson, replayed with the published
keys of tests/golden/keyring.
Usage: readme_example.py NYMSTREAM            fails if README.md shows another
       readme_example.py NYMSTREAM --update   writes it into README.md
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PIPELINE = "config/pipelines/nginx-no-ip-2024.yaml"
LOG = "docs/sample/access.ndjson"
RELEASES = ("analytics", "partners", "statistics")
BLOCK = re.compile(r"(?<=<!-- example -->\n)```text\n.*?^```$",
                   re.MULTILINE | re.DOTALL)


def replay(program):
    """The first record, raw and of each release."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        shutil.copy(ROOT / "tests/golden/keyring", folder)
        (folder / "keyring").chmod(0o600)
        subprocess.run(
            [program, "replay", PIPELINE, LOG, "--keyring", folder / "keyring",
             "--as-of", "2026-02-01T00:00:00Z", "--out", folder / "out"],
            cwd=ROOT, check=True, capture_output=True)
        paths = [ROOT / LOG, *(folder / f"out/{name}.ndjson" for name in RELEASES)]
        return [json.loads(path.read_text().splitlines()[0]) for path in paths]


def example(program):
    raw, *released = replay(program)
    kept, dropped, lines = [], [], []
    for field, value in raw.items():
        values = [record.get(field) for record in released]
        if all(each == value for each in values):
            kept.append(field)
        elif all(each is None for each in values):
            dropped.append(field)
        else:
            lines.append(field)
            lines.append(f"  raw         {value}")
            for name, each in zip(RELEASES, values):
                lines.append(f"  {name:<11} {'-' if each is None else each}")
    lines.append(f"as logged in every release\n  {', '.join(kept)}")
    lines.append(f"in no release\n  {', '.join(dropped)}")
    return "```text\n" + "\n".join(lines) + "\n```"


def main():
    text = README.read_text()
    shown = BLOCK.search(text)
    assert shown, "README.md has no block after <!-- example -->"
    wanted = example(str(pathlib.Path(sys.argv[1]).resolve()))
    if "--update" in sys.argv:
        README.write_text(text[:shown.start()] + wanted + text[shown.end():])
        return 0
    if shown[0] == wanted:
        return 0
    print("README.md shows another example than replay gives; run\n"
          "python3 tests/docs/readme_example.py build/release/bin/nymstream --update")
    return 1


if __name__ == "__main__":
    sys.exit(main())
