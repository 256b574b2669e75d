"""replay writes, byte for byte, what the independent reference says.

Usage: reference_test.py NYMSTREAM LOG_GENERATOR [RECORDS [SEED]]
"""

import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from reference_pipeline import RELEASES, Keyring  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
PIPELINE = ROOT / "config/pipelines/nginx-no-ip-2024.yaml"


def main():
    program, generator = sys.argv[1:3]
    records = sys.argv[3] if len(sys.argv) > 3 else "3000"
    seed = sys.argv[4] if len(sys.argv) > 4 else "42"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        log, keys, out = folder / "log.ndjson", folder / "keyring", folder / "out"
        # From half an hour before midnight on: two epochs of a day.
        text = subprocess.run(
            [generator, "--format", "nginx-json", "--records", records, "--seed",
             seed, "--records-per-second", "1", "--start", "1767310200"],
            check=True, capture_output=True, text=True).stdout
        log.write_text(text)
        subprocess.run(
            [program, "keys", "generate", keys, "--period", "P1D", "--period",
             "P30D", "--from", "2026-01-01", "--until", "2026-02-01"], check=True)
        subprocess.run(
            [program, "replay", PIPELINE, log, "--keyring", keys, "--as-of",
             "2026-01-15T00:00:00Z", "--out", out], check=True)
        keyring = Keyring(keys.read_text())
        for release in RELEASES:
            got = (out / f"{release.name}.ndjson").read_text().splitlines()
            want = [release.record(keyring, line) for line in text.splitlines()]
            assert len(got) == len(want) == int(records), (len(got), len(want))
            for number, (one, other) in enumerate(zip(got, want), 1):
                if one != other:
                    print(f"{release.name}, record {number}, seed {seed}:")
                    print("program  ", one)
                    print("reference", other)
                    return 1
    print(f"{records} records in {len(RELEASES)} releases: equal")
    return 0


if __name__ == "__main__":
    sys.exit(main())
