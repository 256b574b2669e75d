"""What the Kafka stage costs beside a bare transactional passthrough.

compare.py BUILD [--records N] [--rounds R] [--version V] [--releases 1|2]

A real broker on loopback gets N generated nginx records in 4 partitions. Then, R
times in turn, the passthrough and `nymstream run` (no-ip-2024, leak guard on) move
all of them with the same librdkafka settings. Printed: CPU seconds of the process
for each GB of input, throughput, peak memory; and, of the best round of each, the
stage as a ratio of the passthrough. The first seconds, in which clients connect,
are in all of them. Broker and process share the machine: ratios count, not figures.
"""

import argparse
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "tests/kafka")]
from broker import Broker  # noqa: E402
from measuring import generated_log, make_keyring, pipeline  # noqa: E402

PARTITIONS = 4

def usage_of(process, done):
    """(CPU seconds, seconds, peak MiB) of a process until done() is true."""
    begun = time.monotonic()
    peak = 0
    while not done() and not _ended(process):
        # ru_maxrss would begin with what this script held when it forked.
        peak = max(peak, memory_mib(process.pid))
        time.sleep(0.02)
    seconds = time.monotonic() - begun
    if not _ended(process):
        process.send_signal(signal.SIGTERM)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"it ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, seconds, peak


class Comparison:
    def __init__(self, build, broker, folder, releases):
        self.build, self.broker, self.folder = build, broker, folder
        self.releases = releases
        self.round = 0
        make_keyring(build, folder / "keyring")
        for topic in ("passed", "out-0", "out-1", "quarantine"):
            broker.witness.create_topic(topic, PARTITIONS, {"retention.ms": "86400000000"
                                                            if topic == "passed"
                                                            else "3600000000"})

    def load(self, records):
        """Fills the input; its bytes."""
        self.records = records
        self.broker.witness.create_topic("raw", PARTITIONS)
        lines = generated_log(self.build, records).splitlines()
        for begin in range(0, len(lines), 20000):
            self.broker.witness.produce(
                "raw", [{"value": line, "partition": i % PARTITIONS}
                        for i, line in enumerate(lines[begin:begin + 20000])],
                config={"compression.type": "lz4"})
        self.gigabytes = sum(map(len, lines)) / 1e9

    def passthrough(self):
        self.round += 1
        process = subprocess.Popen(
            [self.build / "bench/kafka/passthrough", self.broker.bootstrap, "raw",
             "passed", f"bare-{self.round}", str(PARTITIONS), str(self.records)])
        return self.figures(usage_of(process, lambda: _ended(process)))

    def start_stage(self, group, instance="bench-0"):
        document = self.folder / f"{instance}.yaml"
        document.write_text(pipeline(self.folder / "keyring", self.releases, {
            "brokers": [self.broker.bootstrap], "topic": "raw", "group": group,
            "start": "earliest"}))
        with open(self.folder / f"{instance}.events", "w") as events:
            return subprocess.Popen(
                [self.build / "bin/nymstream", "run", document, "--instance", instance],
                stderr=events)

    def committed(self, group):
        """Records."""
        return sum(self.broker.witness.committed(group, stable=False).values())

    def stage(self):
        self.round += 1
        group = f"stage-{self.round}"
        process = self.start_stage(group)
        return self.figures(usage_of(process,
                                     lambda: self.committed(group) >= self.records))

    def figures(self, usage):
        cpu, seconds, peak = usage
        return {"cpu_s_per_gb": cpu / self.gigabytes,
                "mb_per_s": self.gigabytes * 1000 / seconds, "peak_mib": peak}


def memory_mib(pid, field="VmHWM"):
    """Of a process: its peak, or VmRSS, what it holds now."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    return 0


def _ended(process):
    """True once it has ended, leaving it to be waited for."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def show(name, figures):
    print(f"{name:12} {figures['cpu_s_per_gb']:6.2f} CPU s/GB {figures['mb_per_s']:6.1f} MB/s"
          f" {figures['peak_mib']:6.1f} MiB", flush=True)


def parser_for(releases):
    """What every comparison is told, with so many releases if it is not."""
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--version", default="3.9.1")
    parser.add_argument("--releases", type=int, choices=(1, 2), default=releases)
    return parser


@contextlib.contextmanager
def comparison_on_a_broker(arguments):
    """A Comparison, with a broker and a folder of its own as long as it is in use."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with Broker(folder / "broker", version=arguments.version) as broker:
            yield Comparison(arguments.build, broker, folder, arguments.releases)


def main():
    parser = parser_for(releases=1)
    parser.add_argument("--records", type=int, default=300000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with comparison_on_a_broker(arguments) as comparison:
        comparison.load(arguments.records)
        print(f"{arguments.records} records, {comparison.gigabytes:.3f} GB, Kafka "
              f"{arguments.version}, {arguments.releases} release(s)")
        bare, stage = [], []
        for _ in range(arguments.rounds):
            bare.append(comparison.passthrough())
            show("passthrough", bare[-1])
            stage.append(comparison.stage())
            show("stage", stage[-1])
    cpu = (min(f["cpu_s_per_gb"] for f in stage) / min(f["cpu_s_per_gb"] for f in bare))
    rate = max(f["mb_per_s"] for f in stage) / max(f["mb_per_s"] for f in bare)
    print(f"stage / passthrough: CPU {cpu:.2f}, throughput {rate:.2f}, peak memory "
          f"{max(f['peak_mib'] for f in stage):.0f} MiB")


if __name__ == "__main__":
    main()
