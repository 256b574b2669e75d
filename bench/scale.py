"""What scales, and how: the tables of docs/sizing.md.

scale.py BUILD [--rounds R] [--mib M] [--only TABLE...] [--out FILE.json]

On a real broker on loopback, its data in memory, with generated nginx records and policy no-ip-2024:
  partitions  CPU for each GB of stage and passthrough, over 1, 4, 16, 64 partitions
  releases    the same over 1, 2, 4, 8, 16 releases, and of `nymstream replay`
  lanes       throughput and CPU of 1 and 2 lanes
  processes   throughput and CPU of 1 and 2 processes of one group
  sizing      cores and memory for 1, 10 and 100 TB a day, from what was measured
Prints Markdown. Each figure: lowest, median, highest of R rounds. Broker and stage
share the machine: CPU time counts, throughput is what is left for it.
"""

import argparse
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bench/kafka"))
from compare import Comparison  # noqa: E402
from measuring import (broker_in_memory, circumstances, cpu_so_far,  # noqa: E402
                       figures, generated_log, heading, make_keyring, pipeline, seconds_of, spread)

AS_OF = "2026-01-31T00:00:00Z"
TABLES = ("partitions", "releases", "lanes", "processes", "sizing")
PARTITIONS = (1, 4, 16, 64)
RELEASES = (1, 2, 4, 8, 16)
LANES = (1, 2)
PROCESSES = (1, 2)
TERABYTES_A_DAY = (1, 10, 100)
# What the sizing table allows for: the busiest hour beside the mean of a day, and the
# part of a core that may be in use in it.
PEAK = 3
IN_USE = 0.6


class Scale:
    def __init__(self, arguments, folder, broker):
        self.arguments, self.folder, self.broker = arguments, folder, broker
        self.program = arguments.build / "bin/nymstream"
        self.keyring = folder / "keyring"
        make_keyring(arguments.build, self.keyring)

    def bench(self, releases=1, partitions=4, lanes=1):
        """What `nymstream bench --kafka` found."""
        document = self.folder / "bench.yaml"
        document.write_text(pipeline(self.keyring, releases, {
            "brokers": [self.broker.bootstrap], "topic": "unused", "group": "unused",
            "lanes": lanes}))
        out = self.folder / "bench.json"
        seconds_of([self.program, "bench", document, "--kafka", "--as-of", AS_OF, "--rounds",
                    self.arguments.rounds, "--sample-mib", self.arguments.mib,
                    "--partitions", partitions, "--json", out])
        found = json.loads(out.read_text())
        out.unlink()
        print(f"  {releases} release(s), {partitions} partition(s), {lanes} lane(s)",
              file=sys.stderr, flush=True)
        return found

    def replay(self, releases):
        """CPU seconds for each GB, of each round."""
        document = self.folder / "replay.yaml"
        document.write_text(pipeline(self.keyring, releases))
        values = []
        with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
            log = pathlib.Path(name) / "log.ndjson"
            log.write_bytes(generated_log(self.arguments.build, self.arguments.mib * 1400))
            for turn in range(self.arguments.rounds):
                _, cpu = seconds_of([self.program, "replay", document, log, "--as-of", AS_OF,
                                     "--out", f"{name}/out"])
                subprocess.run(["rm", "-r", f"{name}/out"], check=True)
                values.append(cpu / (log.stat().st_size / 1e9))
        return values

    def processes(self, comparison, count, turn):
        """(MB/s, CPU seconds for each GB) from a fifth of the records to all."""
        group = f"processes-{count}-{turn}"
        members = [comparison.start_stage(group, f"member-{i}") for i in range(count)]
        try:
            def mark():
                return (comparison.committed(group), time.monotonic(),
                        sum(cpu_so_far(each.pid) for each in members))
            first = last = mark()
            while last[0] < comparison.records:
                if any(each.poll() is not None for each in members):
                    raise RuntimeError("a process ended")
                time.sleep(0.02)
                last = mark()
                if first[0] < comparison.records / 5:
                    first = last
        finally:
            for each in members:
                each.send_signal(signal.SIGTERM)
            for each in members:
                each.wait()
        moved = comparison.gigabytes * (last[0] - first[0]) / comparison.records
        return moved * 1000 / (last[1] - first[1]), (last[2] - first[2]) / moved


def cell(found):
    """A spread of `nymstream bench` in a table."""
    return ", ".join(f"{found[part]:.2f}" for part in ("min", "median", "max"))


def kafka_rows(runs):
    """Cells of what bench --kafka found, and how its median grew since the first."""
    first = None
    for name, found in runs:
        stage = found["stage"]["cpu_seconds_per_gigabyte"]
        first = first or stage["median"]
        yield [name, cell(stage), cell(found["passthrough"]["cpu_seconds_per_gigabyte"]),
               f"{stage['median'] / first:.2f}", cell(found["stage"]["megabytes_per_second"]),
               f"{found['stage']['peak_mebibytes']['max']:.0f}"]


KAFKA_HEAD = ["stage, CPU s/GB", "passthrough, CPU s/GB", "stage, times the first row",
              "stage, MB/s", "peak MiB"]


def print_table(title, head, rows):
    print(f"\n### {title}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |", flush=True)


def partitions_table(scale, results):
    runs = [(count, scale.bench(partitions=count)) for count in PARTITIONS]
    results["partitions"] = dict(runs)
    print_table("Partitions", ["partitions", *KAFKA_HEAD], kafka_rows(runs))


def releases_table(scale, results):
    runs = [(count, scale.bench(releases=count)) for count in RELEASES]
    results["releases"] = dict(runs)
    print_table("Releases, the stage", ["releases", *KAFKA_HEAD], kafka_rows(runs))
    replays = results["replay"] = {count: scale.replay(count) for count in RELEASES}
    first = spread(replays[RELEASES[0]])["median"]
    print_table("Releases, replay", ["releases", "CPU s/GB", "times the first row"],
                [[count, figures(values), f"{spread(values)['median'] / first:.2f}"]
                 for count, values in replays.items()])


def lanes_table(scale, results):
    runs = [(count, scale.bench(lanes=count)) for count in LANES]
    results["lanes"] = dict(runs)
    print_table("Lanes", ["lanes", *KAFKA_HEAD], kafka_rows(runs))


def processes_table(scale, results):
    comparison = Comparison(scale.arguments.build, scale.broker, scale.folder / "processes", 1)
    comparison.load(scale.arguments.mib * 1400)
    found = {count: [scale.processes(comparison, count, turn)
                     for turn in range(scale.arguments.rounds)] for count in PROCESSES}
    results["processes"] = found
    print_table("Processes", ["processes", "MB/s", "CPU s/GB"],
                [[count, *(figures(column) for column in zip(*values))]
                 for count, values in found.items()])


def sizing_table(scale, results):
    """From the cost of the stage with one and with two releases."""
    rows, costs = [], []
    for releases in (1, 2):
        found = results.get("releases", {}).get(releases) or scale.bench(releases=releases)
        stage = found["stage"]
        cost = stage["cpu_seconds_per_gigabyte"]["median"]
        lane_speed = stage["megabytes_per_second"]["median"]
        memory = stage["peak_mebibytes"]["max"]
        for terabytes in TERABYTES_A_DAY:
            mean = terabytes * 1e6 / 86400  # MB/s
            peak = mean * PEAK
            lanes = max(1, -(-peak // (lane_speed * IN_USE)))
            rows.append([releases, terabytes, f"{mean:.1f}", f"{peak:.1f}",
                         f"{mean / 1000 * cost:.2f}", f"{peak / 1000 * cost / IN_USE:.1f}",
                         f"{lanes:.0f}", f"{lanes * memory / 1024:.1f}"])
        costs.append(f"{releases} release(s): {cost:.2f} CPU s/GB, a lane {lane_speed:.0f} "
                     f"MB/s and {memory:.0f} MiB")
    print_table("Sizing", ["releases", "TB a day", "MB/s, mean", f"MB/s, peak (times {PEAK})",
                           "cores busy, mean", f"cores to have ({IN_USE:.0%} busy at peak)",
                           "lanes", "memory, GiB (a process for each lane)"], rows)
    print(f"\nFrom: {'; '.join(costs)}.")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mib", type=int, default=256)
    parser.add_argument("--only", nargs="+", default=list(TABLES), choices=TABLES)
    parser.add_argument("--out", type=pathlib.Path)
    arguments = parser.parse_args()
    results = {**circumstances(arguments.build), "mib": arguments.mib}
    print(f"{heading(results)}, {arguments.mib} MiB, {arguments.rounds} rounds: lowest, "
          "median, highest.")
    with broker_in_memory() as (folder, broker):
        (folder / "processes").mkdir()
        scale = Scale(arguments, folder, broker)
        for table in arguments.only:
            globals()[f"{table}_table"](scale, results)
    if arguments.out:
        arguments.out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
