"""What the whole of `nymstream replay` costs beside its engine: goals 4 and 7.

replay_ratios.py BUILD [--records N] [--rounds R] [--out FILE.json]

N generated nginx records lie in memory (tmpfs), plain, as .gz and as .zst, and
releases are written there. In turn, R times: replay on one job and on two; of the
compressed files on one job; their decoders alone (zlib, and zstd on one thread; CPU
time); the engine alone (`nymstream bench`, CPU time of one thread; the second half of
the log, its memo warmed up on the first); and from the start of the process to the
first byte of a release. Ratios are of one round. Replay's times are wall-clock times:
on a busy machine they say little, and its CPU times say more.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/program"))
from measuring import (circumstances, figures, generated_log, heading,  # noqa: E402
                       in_turn, make_keyring, pipeline, seconds_of)
from start_time_test import first_byte  # noqa: E402

AS_OF = "2026-01-31T00:00:00Z"
BLOCK = 1 << 20


class Replays:
    def __init__(self, build, records, folder):
        self.program, self.folder = build / "bin/nymstream", folder
        self.pipeline = folder / "pipeline.yaml"
        self.pipeline.write_text(pipeline("keyring"))
        make_keyring(build, folder / "keyring")
        self.plain = folder / "log.ndjson"
        self.plain.write_bytes(generated_log(build, records))
        self.bytes = self.plain.stat().st_size
        for tool in ("gzip", "zstd"):
            subprocess.run([tool, "-k", "-q", self.plain], check=True)
        self.out = folder / "out"

    def replay(self, path, jobs=1):
        """(seconds, CPU seconds)"""
        seconds = seconds_of([self.program, "replay", self.pipeline, path, "--jobs", jobs,
                              "--as-of", AS_OF, "--out", self.out])
        subprocess.run(["rm", "-r", self.out], check=True)
        return seconds

    def engine(self):
        """Seconds of CPU that the engine would take for the whole log."""
        figures_file = self.folder / "bench.json"
        seconds_of([self.program, "bench", self.pipeline, self.plain, "--rounds", 1,
                    "--sample-mib", 4096, "--as-of", AS_OF, "--json", figures_file])
        stages = json.loads(figures_file.read_text())["stages"]
        figures_file.unlink()
        speed, = (stage["megabytes_per_cpu_second"]["median"] for stage in stages
                  if stage["name"] == "engine")
        return self.bytes / 1e6 / speed

    def gzip_decoder(self):
        begun = time.process_time()
        decoder = zlib.decompressobj(wbits=31)
        with open(self.plain.with_name("log.ndjson.gz"), "rb") as file:
            while block := file.read(BLOCK):
                decoder.decompress(block)
        return time.process_time() - begun

    def zstd_decoder(self):
        return seconds_of(["zstd", "-dcq", "--single-thread", f"{self.plain}.zst"])[1]

    def first_byte(self):
        seconds = first_byte(self.program, self.plain, self.folder / "keyring", self.out)
        subprocess.run(["rm", "-r", self.out], check=True)
        return seconds

    def measure(self, rounds):
        """{name: [seconds]}"""
        runs = {
            "engine": self.engine,
            "one job": lambda: self.replay(self.plain),
            "two jobs": lambda: self.replay(self.plain, 2),
            ".gz": lambda: self.replay(f"{self.plain}.gz"),
            ".zst": lambda: self.replay(f"{self.plain}.zst"),
            ".gz decoder": self.gzip_decoder,
            ".zst decoder": self.zstd_decoder,
            "first byte": self.first_byte,
        }
        return in_turn(list(runs), lambda name: runs[name](), rounds)


def measure(build, records, rounds):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        return Replays(build, records, pathlib.Path(name)).measure(rounds)


def ratios(seconds):
    """[(what, [value of each round])]"""
    replays = {name: [wall for wall, _ in seconds[name]]
               for name in ("one job", "two jobs", ".gz", ".zst")}

    def cpu(name):
        return [each for _, each in seconds[name]]

    def divided(over, under):
        return [a / b for a, b in zip(over, under)]

    def slower(decoder):
        return [max(pair) for pair in zip(seconds[decoder], replays["one job"])]
    return [
        ("whole replay, one job, of the engine's own speed",
         divided(seconds["engine"], replays["one job"])),
        ("two jobs, times the speed of one", divided(replays["one job"], replays["two jobs"])),
        (".gz, of the speed of its decoder or of plain replay, the slower",
         divided(slower(".gz decoder"), replays[".gz"])),
        (".zst, likewise", divided(slower(".zst decoder"), replays[".zst"])),
        ("CPU of the engine, of that of whole replay", divided(seconds["engine"],
                                                               cpu("one job"))),
        ("CPU of two jobs, times that of one", divided(cpu("two jobs"), cpu("one job"))),
        ("start to first byte, ms", [1000 * each for each in seconds["first byte"]]),
    ]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--records", type=int, default=400000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=pathlib.Path)
    arguments = parser.parse_args()
    results = {**circumstances(arguments.build), "records": arguments.records}
    results["seconds"] = measure(arguments.build, arguments.records, arguments.rounds)
    print(f"{heading(results)}, {arguments.records} records, {arguments.rounds} rounds.\n")
    print("| | lowest, median, highest |\n|---|---|")
    for what, values in ratios(results["seconds"]):
        print(f"| {what} | {figures(values)} |")
    if arguments.out:
        arguments.out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
