"""What the programs of bench/ share: circumstances, rounds in turn, pipelines, logs."""

import contextlib
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/kafka"))
from broker import Broker  # noqa: E402

# Of policy no-ip-2024; further releases are these again, under other names, and so
# with pseudonyms of their own.
RELEASES = (
    ("analytics", {"use": "analytics.reporting", "audience": "internal",
                   "level": "pseudonymized", "epoch": "P30D"}),
    ("partners", {"use": "marketing.advertising.third_party", "audience": "third_party",
                  "level": "unlinked_pseudonymized", "epoch": "P1D"}),
)


def git(*words):
    return subprocess.run(["git", "-C", ROOT, *words], check=True, capture_output=True,
                          text=True).stdout.strip()


def cpu_name():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(": ", 1)[1]
    return "unknown"


def circumstances(build):
    version = subprocess.run([build / "bin/nymstream", "--version"], check=True,
                             capture_output=True, text=True).stdout.strip()
    compiler = subprocess.run(["g++", "--version"], check=True, capture_output=True,
                              text=True).stdout.splitlines()[0]
    return {
        "when": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "commit": git("rev-parse", "--short", "HEAD"),
        "changed": bool(git("status", "--porcelain", "--untracked-files=no")),
        "machine": {"cpu": cpu_name(), "cores": os.cpu_count(),
                    "kernel": platform.release(), "load": os.getloadavg()[0]},
        "versions": {"nymstream": version, "compiler": compiler},
    }


def heading(results):
    """The circumstances as a sentence before a table."""
    machine = results["machine"]
    changed = " with changes" if results["changed"] else ""
    return (f"{results['when']}, commit {results['commit']}{changed}, {machine['cpu']}, "
            f"{machine['cores']} cores, load {machine['load']:.1f}")


def spread(values):
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}


def figures(values):
    return ", ".join(f"{each:.4g}" for each in spread(values).values())


def in_turn(names, measure, rounds):
    """{name: [measure(name) of each round]}; every second round goes back."""
    found = {name: [] for name in names}
    for turn in range(rounds):
        for name in names if turn % 2 == 0 else reversed(names):
            found[name].append(measure(name))
            print(f"  round {turn + 1}: {name} {found[name][-1]}", file=sys.stderr, flush=True)
    return found


def seconds_of(command, core=None):
    """(seconds, CPU seconds) of a process and its children until it ends well."""
    pinned = [] if core is None else ["taskset", "-c", str(core)]
    begun = time.monotonic()
    process = subprocess.Popen([*pinned, *map(str, command)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {said[-500:]}")
    return seconds, usage.ru_utime + usage.ru_stime


def cpu_so_far(pid):
    """CPU seconds of a process that runs."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pipeline(keyring, releases=1, source=None):
    """Text of a pipeline for nginx's JSON. source: its Kafka section; the releases then
    go to topics out-0, out-1 and so on."""
    document = {"pipeline": "bench", "schema": "nginx-json", "policy": "no-ip-2024",
                "keys": {"keyring": str(keyring)}, "releases": []}
    for i in range(releases):
        name, what = RELEASES[i % len(RELEASES)]
        release = {"name": name if i < len(RELEASES) else f"{name}-{i}", **what}
        if source:
            release["output"] = {"kafka": {"topic": f"out-{i}"}}
        document["releases"].append(release)
    if source:
        document["source"] = {"kafka": source}
        document["quarantine"] = {"kafka": {"topic": "quarantine"}}
    return json.dumps(document, indent=1)  # which is YAML, too


def make_keyring(build, path):
    """With epochs for generated logs, of January 2026."""
    subprocess.run([build / "bin/nymstream", "keys", "generate", path, "--period", "P1D",
                    "--period", "P30D", "--from", "2026-01-01", "--until", "2026-02-01"],
                   check=True, stderr=subprocess.DEVNULL)


def generated_log(build, records):
    """Bytes of nginx's JSON."""
    return subprocess.run([build / "tests/support/log_generator", "--records", str(records)],
                          check=True, capture_output=True).stdout


@contextlib.contextmanager
def broker_in_memory():
    """(folder, broker), both in memory, so that no disk is the limit; what is deleted
    is gone a second later."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        folder = pathlib.Path(name)
        with Broker(folder / "broker", quick=False,
                    settings={"log.segment.delete.delay.ms": "1000"}) as broker:
            yield folder, broker
