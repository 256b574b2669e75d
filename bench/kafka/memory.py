"""How much memory the Kafka stage holds at full load, over minutes.

memory.py BUILD [--minutes M] [--version V] [--releases 1|2]

A real broker on loopback; Kafka's own ProducerPerformance writes generated nginx
records in bursts, so that `nymstream run` with default settings always has more to
read than it can take. Its resident memory is looked at every second. Printed: of each
minute the least and the most of it, the records committed, and the least that waited
for the stage: 0 would be no full load. Exit code 1 if it was above the promised
256 MiB, if the last minute's most is a tenth above the second one's, or if the stage
had nothing to do.
"""

import pathlib
import subprocess
import sys
import time

from compare import PARTITIONS, comparison_on_a_broker, memory_mib, parser_for
from measuring import generated_log

LIMIT_MIB = 256
BURST = 500000  # records
AHEAD = 1000000
GROUP = "memory"
# Room for what waits; the broker deletes what is older.
SMALL = {"retention.bytes": str(1 << 30), "segment.bytes": str(64 << 20),
         "retention.ms": "3600000000", "file.delete.delay.ms": "1000"}


class Load:
    """The input, written while it is read."""

    def __init__(self, comparison, broker, folder, version):
        self._broker, self._version = broker, version
        self._payload = folder / "records"
        with open(self._payload, "wb") as records:
            records.write(generated_log(comparison.build, 100000))
        self._burst = None
        broker.witness.create_topic("raw", PARTITIONS, SMALL)
        for topic in ("out-0", "out-1", "quarantine"):
            broker.witness.alter_topic(topic, SMALL)

    def waiting(self):
        """(records committed, records that wait)"""
        ends = sum(self._broker.witness.end_offsets("raw").values())
        done = sum(self._broker.witness.committed(GROUP, stable=False).values())
        return done, ends - done

    def burst(self):
        """Writes more in the background, unless it does already."""
        if self._burst is None or self._burst.poll() is not None:
            self._burst = subprocess.Popen(
                [*tool(self._version), "org.apache.kafka.tools.ProducerPerformance",
                 "--topic", "raw", "--num-records", str(BURST), "--throughput", "-1",
                 "--payload-file", self._payload, "--producer-props",
                 f"bootstrap.servers={self._broker.bootstrap}", "compression.type=lz4",
                 "linger.ms=20", "batch.size=262144"], stdout=subprocess.DEVNULL)

    def close(self):
        if self._burst is not None:
            self._burst.wait()


def tool(version):
    script = pathlib.Path(__file__).resolve().parents[2] / "scripts/kafka"
    return [script, "tool", "--version", version]


def watch(process, load, minutes):
    """[(least MiB, most MiB, records, least waiting)] of each minute"""
    rows = []
    for minute in range(1, minutes + 1):
        until = time.monotonic() + 60
        held, waited = [], []
        before, _ = load.waiting()
        while time.monotonic() < until:
            if process.poll() is not None:
                raise RuntimeError(f"the stage ended with {process.returncode}")
            done, waits = load.waiting()
            held.append(memory_mib(process.pid, "VmRSS"))
            waited.append(waits)
            if waits < AHEAD:
                load.burst()
            time.sleep(1)
        rows.append((min(held), max(held), done - before, min(waited)))
        print("minute {:2}: {:5.1f} to {:5.1f} MiB, {} records, {} waited at least".format(
            minute, *rows[-1]), flush=True)
    return rows


def main():
    parser = parser_for(releases=2)
    parser.add_argument("--minutes", type=int, default=10)
    arguments = parser.parse_args()
    with comparison_on_a_broker(arguments) as comparison:
        load = Load(comparison, comparison.broker, comparison.folder, arguments.version)
        load.burst()
        while load.waiting()[1] < AHEAD:
            load.burst()
            time.sleep(0.5)
        process = comparison.start_stage(GROUP)
        try:
            rows = watch(process, load, arguments.minutes)
            peak = memory_mib(process.pid)
        finally:
            process.terminate()
            process.wait()
            load.close()
    print(f"peak {peak:.1f} MiB")
    flat = rows[-1][1] <= 1.1 * rows[min(1, len(rows) - 1)][1]
    return 0 if peak <= LIMIT_MIB and flat and min(row[3] for row in rows) > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
