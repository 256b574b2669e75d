"""`nymstream run` as a test sees it: started on a Broker, watched, stopped.

    setup = Setup(folder, broker)              # pipeline, keyring, topics' names
    setup.pipeline["source"]["kafka"]["lanes"] = 2
    with setup.stage("node-0") as stage:
        stage.wait_for(setup.group, {("raw", 0): 100})
    assert stage.exit_code == 0
    stage.events, stage.metrics_text

The pipeline is a dict of the document, written as YAML when a stage starts.
"""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import yaml

SCHEMA = """schema: test-json
format: json
event_time: time
fields:
  time: {category: system.operations, type: timestamp}
  seq: {category: system.operations, type: number}
  ip: {category: user.device.ip_address, type: ip}
  user: {category: user.account.username, type: id}
  message: {category: user.behavior, type: text}
"""


class Setup:
    """What stages of one group share. The two releases of no-ip-2024: `inside`, with
    source coordinates, and `partners`."""

    def __init__(self, folder, program, broker, schema=SCHEMA, name=None):
        """name: of the group, and before the names of the topics, so that several
        tests can share a broker."""
        before = f"{name}-" if name else ""
        self.raw, self.inside, self.partners, self.quarantine = (
            before + topic for topic in ("raw", "inside", "partners", "quarantine"))
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.program = str(program)
        self.broker = broker
        (self.folder / "schema.yaml").write_text(schema)
        self.keyring = self.folder / "keyring"
        self.run("keys", "generate", self.keyring, "--period", "P30D", "--period", "P1D",
                 "--from", "2024-01-01", "--until", "2026-03-01")
        self.group = name or "stage"
        self.pipeline = {
            "pipeline": "test", "schema": "schema.yaml", "policy": "no-ip-2024",
            "source": {"kafka": {"brokers": [broker.bootstrap], "topic": self.raw,
                                 "group": self.group, "start": "earliest",
                                 "commit_interval_ms": 100}},
            "releases": [
                {"name": "inside", "use": "analytics.reporting", "audience": "internal",
                 "level": "pseudonymized", "epoch": "P30D", "source_coordinates": True,
                 "output": {"kafka": {"topic": self.inside}}},
                {"name": "partners", "use": "marketing.advertising.third_party",
                 "audience": "third_party", "level": "unlinked_pseudonymized",
                 "epoch": "P1D", "output": {"kafka": {"topic": self.partners}}}],
            "keys": {"keyring": str(self.keyring)},
            "quarantine": {"kafka": {"topic": self.quarantine}},
            "monitoring": {"listen": "127.0.0.1:0"},
        }

    def run(self, *words, check=True, **options):
        """The program, to its end."""
        return subprocess.run([self.program, *map(str, words)], capture_output=True,
                              text=True, check=check, timeout=60, **options)

    def create_topics(self, partitions=2, outputs=None):
        """Raw topic and outputs. Records that bear times of the past are deleted by
        Kafka within seconds, so the raw topic keeps all, and outputs what they may."""
        see = self.broker.witness
        see.create_topic(self.raw, partitions, {"retention.ms": "-1"})
        for topic in (self.inside, self.partners, self.quarantine):
            see.create_topic(topic, outputs or partitions, {"retention.ms": "63072000000"})

    def write_pipeline(self):
        path = self.folder / "pipeline.yaml"
        path.write_text(yaml.safe_dump(self.pipeline, sort_keys=False))
        return path

    def stage(self, instance="node-0", **options):
        return Stage(self, instance, **options)


class Stage:
    """One process of `nymstream run`. As a context it is stopped at the end."""

    def __init__(self, setup, instance, environment=None, before=None):
        """before: called in the new process before it becomes the program."""
        self.setup = setup
        self.instance = instance
        self._stderr = tempfile.NamedTemporaryFile(
            dir=setup.folder, prefix=f"{instance}-", suffix=".stderr", delete=False)
        self.process = subprocess.Popen(
            [setup.program, "run", setup.write_pipeline(), "--instance", instance],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._stderr,
            cwd=setup.folder, env={**os.environ, **(environment or {})}, preexec_fn=before)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        self.process.stdout.close()

    @property
    def stderr(self):
        return pathlib.Path(self._stderr.name).read_text()

    @property
    def events(self):
        return [json.loads(line) for line in self.stderr.splitlines() if line.startswith("{")]

    def has_event(self, name):
        return any(event["event"] == name for event in self.events)

    def messages(self):
        """What it says to a person."""
        return [line for line in self.stderr.splitlines() if not line.startswith("{")]

    def errors(self):
        """Of these, what is wrong."""
        return [line for line in self.messages() if "error: " in line]

    @property
    def exit_code(self):
        return self.process.returncode

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self, timeout=20):
        """SIGTERM; seconds until it had ended."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout)
        return time.monotonic() - begun

    def wait_exit(self, timeout=60):
        return self.process.wait(timeout)

    def wait_until(self, what, done, timeout=60):
        until = time.monotonic() + timeout
        while not done():
            if self.process.poll() is not None:
                raise AssertionError(f"ended with {self.exit_code}: {self.stderr}")
            if time.monotonic() > until:
                raise AssertionError(f"{what} did not come: {self.stderr}")
            time.sleep(0.05)

    def wait_for_event(self, name, timeout=60):
        self.wait_until(name, lambda: self.has_event(name), timeout)

    def wait_for(self, offsets, timeout=60):
        """Until the group has committed these: {(topic, partition): offset}."""
        see = self.setup.broker.witness

        def reached():
            committed = see.committed(self.setup.group, stable=False)
            return all(committed.get(place, -1) >= offset
                       for place, offset in offsets.items())
        self.wait_until(f"offsets {offsets}", reached, timeout)

    def wait_for_all(self, topic=None, timeout=60):
        """Until everything that the topic, the raw one, holds now is committed."""
        ends = self.setup.broker.witness.end_offsets(topic or self.setup.raw)
        self.wait_for({place: end for place, end in ends.items() if end > 0}, timeout)

    def get(self, path):
        """(status, text) of the HTTP endpoint."""
        port = next(event["port"] for event in self.events
                    if event["event"] == "stage_started")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def metrics(self):
        """{series: value} of /metrics."""
        status, text = self.get("/metrics")
        assert status == 200, text
        pairs = (line.rsplit(" ", 1) for line in text.splitlines()
                 if line and not line.startswith("#"))
        return {series: float(value) for series, value in pairs}


def record(seq, ip=None, user=None, **more):
    """A raw record of SCHEMA; its time is fixed within the keyring's epochs."""
    return json.dumps({
        "time": f"2026-01-15T10:{seq // 60 % 60:02}:{seq % 60:02}Z", "seq": seq,
        "ip": ip or f"198.51.{seq // 256 % 256}.{seq % 256}",
        "user": user or f"user-{seq:06}@example.org", **more}).encode()


def sequence(records):
    """The numbers of released records."""
    return [json.loads(each.value)["seq"] for each in records]
