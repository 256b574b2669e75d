"""A real Kafka broker for a test, and a witness that shares no code with librdkafka.

    with Broker(folder, version="4.1.1", proxied=True) as broker:
        see = broker.witness
        see.create_topic("in", partitions=2)
        see.produce("in", [{"key": b"k", "value": b"v", "partition": 0}])
        ...run nymstream on broker.bootstrap...
        for record in see.consume("out"):
            record.value, record.header("src")

The broker is that of scripts/kafka. It dies with the test's process, however that
ends. The witness (Witness.java) speaks to a listener of its own, plaintext and past
the proxy, so that security and faults under test do not blind it.
"""

import base64
import dataclasses
import hashlib
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time

from proxy import Proxy

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts/kafka"
WITNESS = pathlib.Path(__file__).with_name("Witness.java")
VERSIONS = ("3.9.1", "4.1.1")


@dataclasses.dataclass
class Record:
    """What the witness read; bytes, or None for null."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]

    def header(self, name):
        """Value of the last header of that name; KeyError if there is none."""
        return dict(self.headers)[name]


class WitnessError(Exception):
    """Kafka's answer was an error; `type` is the Java class of it, for example
    "TopicAuthorizationException"."""

    def __init__(self, kind, text):
        super().__init__(f"{kind}: {text}")
        self.type = kind


def run_script(*words, quick=True):
    """Output of scripts/kafka; what it says on stderr is the exception."""
    # The second compiler costs a third of a short test's time.
    java = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1"} if quick else {}
    done = subprocess.run([SCRIPT, *map(str, words)], capture_output=True, text=True,
                          env={**os.environ, **java})
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return done.stdout


class Broker:
    """One broker in `folder`, which keeps its data over stop, kill and start.

    security: that of scripts/kafka, for example "sasl_ssl,acl". settings: further
    broker settings. proxied: clients reach it through `self.proxy` (proxy.py).
    port: of the clients' listener, a free one if None. quick: starts fast and serves
    slowly; not where throughput is measured.
    """

    def __init__(self, folder, version="3.9.1", security="plaintext", proxied=False,
                 port=None, settings=None, quick=True):
        self.folder = pathlib.Path(folder)
        self.version = version
        self.security = security
        self.proxy = Proxy() if proxied else None
        self._quick = quick
        self._options = ["--security", security,
                         "--advertised-port", self.proxy.port if proxied else ""]
        if port is not None:
            self._options += ["--port", port]
        for name, value in (settings or {}).items():
            self._options += ["--set", f"{name}={value}"]
        self._witnesses = {}

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.close()

    def start(self):
        """Returns when it serves; a second start may name another version."""
        run_script("start", "--dir", self.folder, "--version", self.version,
                   "--while", os.getpid(), *self._options, quick=self._quick)
        self._options = []  # the folder knows them now
        lines = run_script("env", "--dir", self.folder).splitlines()
        self.env = dict(line.split("=", 1) for line in lines)
        self.bootstrap = self.env["BOOTSTRAP"]
        self.pid = int(self.env["PID"])
        if self.proxy:
            self.proxy.target = int(self.env["LISTENER"].rsplit(":", 1)[1])

    def stop(self):
        run_script("stop", "--dir", self.folder)

    def kill(self):
        """SIGKILL; a start after it takes some 3 s longer, as for Kafka's own clients."""
        run_script("kill", "--dir", self.folder)

    def pause(self):
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self):
        os.kill(self.pid, signal.SIGCONT)

    def close(self):
        """Ends everything that this object started; the folder stays."""
        for witness in self._witnesses.values():
            witness.close()
        self._witnesses.clear()
        try:
            self.kill()
        except RuntimeError:
            pass  # it ran no more
        if self.proxy:
            self.proxy.close()

    @property
    def witness(self):
        return self.witness_as(None)

    def witness_as(self, user, mechanism="SCRAM-SHA-512"):
        """The witness as `user` on the clients' listener (None: on its own)."""
        key = user and (user, mechanism)
        if key not in self._witnesses:
            self._witnesses[key] = self._start_witness(user, mechanism)
        return self._witnesses[key]

    def follow(self, *topics, isolation="read_committed"):
        """A witness that reads the topics from now on while the test goes on, in a
        process of its own: `records` grows, and stop() returns it read to the end."""
        return Follower(self._start_witness(None, None), topics, isolation)

    def client_properties(self, user="nymstream", mechanism="SCRAM-SHA-512"):
        """librdkafka's properties for `user`; mechanism "OAUTHBEARER" is unsecured."""
        protocol = self.security.removesuffix(",acl")
        properties = {"bootstrap.servers": self.bootstrap, "security.protocol": protocol}
        tls = self.folder.resolve() / "tls"
        if "ssl" in protocol:
            properties["ssl.ca.location"] = f"{tls}/ca.crt"
        if protocol == "ssl":
            properties["ssl.certificate.location"] = f"{tls}/{user}.crt"
            properties["ssl.key.location"] = f"{tls}/{user}.key"
        if protocol.startswith("sasl"):
            properties["sasl.mechanism"] = mechanism
            if mechanism == "OAUTHBEARER":
                properties["enable.sasl.oauthbearer.unsecure.jwt"] = "true"
                properties["sasl.oauthbearer.config"] = f"principal={user}"
            else:
                properties["sasl.username"] = user
                properties["sasl.password"] = self.password(user)
        return properties

    def password(self, user):
        return self.env[f"PASSWORD_{user.upper()}"]

    def tool(self, name, *words):
        """Output of one of Kafka's command-line classes, for example
        tool("org.apache.kafka.tools.TransactionsCommand", "--bootstrap-server",
             broker.env["INTERNAL"], "list")."""
        return run_script("tool", "--version", self.version, name, *words)

    def dump(self, topic, partition=0):
        """The partition's log as it lies on disk, decompressed, aborted records and
        transaction markers included: the text of DumpLogSegments."""
        segments = sorted((self.folder / f"data/{topic}-{partition}").glob("*.log"))
        return self.tool("kafka.tools.DumpLogSegments", "--print-data-log", "--files",
                         ",".join(map(str, segments)))

    def _start_witness(self, user, mechanism):
        properties = {"bootstrap.servers": self.env["INTERNAL"]}
        if user is not None:
            protocol = self.security.removesuffix(",acl").upper()
            tls = self.folder.resolve() / "tls"
            properties |= {"bootstrap.servers": self.bootstrap, "security.protocol": protocol}
            if "SSL" in protocol:
                properties |= {"ssl.truststore.type": "PEM",
                               "ssl.truststore.location": f"{tls}/ca.crt"}
            if protocol == "SSL":
                properties |= {"ssl.keystore.type": "PEM",
                               "ssl.keystore.location": f"{tls}/{user}.pem"}
            if protocol.startswith("SASL"):
                properties |= {"sasl.mechanism": mechanism,
                               "sasl.jaas.config": self._login(user, mechanism)}
        return Witness(self.env["JARS"], self.version, properties,
                       self.folder / "witness.log")

    def _login(self, user, mechanism):
        module = "org.apache.kafka.common.security." + {
            "PLAIN": "plain.PlainLoginModule",
            "OAUTHBEARER": "oauthbearer.OAuthBearerLoginModule",
        }.get(mechanism, "scram.ScramLoginModule")
        if mechanism == "OAUTHBEARER":
            return f'{module} required unsecuredLoginStringClaim_sub="{user}";'
        return f'{module} required username="{user}" password="{self.password(user)}";'


class Witness:
    """The methods are Kafka's operations, by Kafka's own Java client. Offsets go as
    {(topic, partition): offset}. Kafka's refusals are WitnessError. For one thread."""

    def __init__(self, jars, version, properties, log):
        classes = _compile(jars, version)
        self._files = tempfile.TemporaryDirectory()
        path = pathlib.Path(self._files.name) / "properties"
        path.write_text("".join(f"{name}={value}\n" for name, value in properties.items()))
        logging = SCRIPT.parent / "kafka-versions" / version / "log4j.properties"
        with open(log, "ab") as stderr:
            self._process = subprocess.Popen(
                ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m",
                 "-Dkafka.log.level=WARN", f"-Dlog4j.configuration=file:{logging}",
                 f"-Dlog4j2.configurationFile={logging}", "-cp", f"{classes}:{jars}/*",
                 "Witness", path],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True)

    def close(self):
        self._process.kill()
        self._process.communicate()
        self._files.cleanup()

    # Topics.

    def create_topic(self, topic, partitions=1, config=None):
        """Returns when clients can see it. config: {"cleanup.policy": "compact"}."""
        self._ask("create_topic", topic=topic, partitions=partitions, config=config or {})

    def delete_topic(self, topic):
        self._ask("delete_topic", topic=topic)

    def raise_partitions(self, topic, partitions):
        self._ask("raise_partitions", topic=topic, partitions=partitions)

    def alter_topic(self, topic, config):
        """A value of None takes the setting away. The broker acts on it a moment later."""
        self._ask("alter_topic", topic=topic, config=config)

    def delete_records(self, topic, before, partition=0):
        """Records below offset `before` go, as if retention had passed them."""
        self._ask("delete_records", topic=topic, partition=partition, before=before)

    def end_offsets(self, *topics, isolation="read_committed"):
        """Read committed: the last stable offset, which stands before an open transaction."""
        return _offsets(self._ask("offsets", topics=topics, end=True, isolation=isolation))

    def begin_offsets(self, *topics):
        return _offsets(self._ask("offsets", topics=topics, end=False,
                                  isolation="read_committed"))

    # Records.

    def produce(self, topic, records, transactional_id=None, end="commit", config=None):
        """Writes records, dicts of bytes or None: value, key, headers [(name, bytes)],
        partition, timestamp, all optional. Returns their [(partition, offset)].
        With transactional_id all in one transaction, which becomes `end`: "commit",
        "abort", or "open" until end_transaction. config: of the producer, for example
        {"compression.type": "zstd"}."""
        packed = [{name: _pack(name, part) for name, part in record.items()}
                  for record in records]
        places = self._ask("produce", topic=topic, records=packed, config=config or {},
                           transactional_id=transactional_id, end=end)
        return [tuple(place) for place in places]

    def end_transaction(self, transactional_id, end="commit"):
        self._ask("end_transaction", transactional_id=transactional_id, end=end)

    def consume(self, *topics, isolation="read_committed", start=None):
        """Every Record up to the present end of the topics, in order within a
        partition. start: the offset to begin at, for some partitions."""
        records = []
        start = [[topic, partition, offset]
                 for (topic, partition), offset in (start or {}).items()]
        self._ask("consume", each=records.append, topics=topics, isolation=isolation,
                  **{"from": start})
        return records

    # Groups, transactions, access.

    def committed(self, group, stable=True):
        """stable: fails while a transaction on them is open, as a consumer would."""
        return _offsets(self._ask("committed", group=group, stable=stable))

    def set_committed(self, group, offsets):
        """For a group without members, as the operator's reset."""
        self._ask("set_committed", group=group, offsets=[
            [topic, partition, offset] for (topic, partition), offset in offsets.items()])

    def describe_group(self, group):
        """{"state", "members": [{"id", "client_id", "instance", "partitions"}]}"""
        return self._ask("describe_group", group=group)

    def transactions(self):
        """{transactional id: {"state", "producer_id", "epoch", "timeout_ms", "partitions"}}"""
        return self._ask("transactions")

    def allow(self, user, operation, resource, name, deny=False):
        """One ACL: allow("nymstream", "READ", "TOPIC", "in"). name "*" is every one."""
        self._ask("allow", user=user, operation=operation, resource=resource, name=name,
                  deny=deny)

    def _send(self, do, **what):
        self._process.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self._process.stdin.flush()

    def _answer(self, each=None):
        for line in self._process.stdout:
            answer = json.loads(line)
            if "record" in answer:
                each(_record(answer["record"]))
            elif "error" in answer:
                raise WitnessError(answer["type"], answer["error"])
            else:
                return answer["result"]
        raise RuntimeError("the witness ended; see witness.log in the broker's folder")

    def _ask(self, do, each=None, **what):
        self._send(do, **what)
        return self._answer(each)


class Follower:
    """See Broker.follow."""

    def __init__(self, witness, topics, isolation):
        self.records = []
        self._witness = witness
        self._error = None
        witness._send("follow", topics=topics, isolation=isolation)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def wait(self, count, timeout=60):
        """Until that many records were seen; TimeoutError if they were not."""
        until = time.monotonic() + timeout
        while len(self.records) < count:
            if self._error:
                raise self._error
            if time.monotonic() > until:
                raise TimeoutError(f"{len(self.records)} of {count} records came")
            time.sleep(0.02)

    def _read(self):
        try:
            self._witness._answer(self.records.append)
        except (WitnessError, RuntimeError) as error:
            self._error = error

    def stop(self):
        """Reads on to the present end of the topics; returns every record seen."""
        self._witness._send("stop")
        self._thread.join()
        self._witness.close()
        if self._error:
            raise self._error
        return self.records


def _compile(jars, version):
    """Folder of the compiled witness, made once for each state of its source."""
    source = hashlib.sha256(WITNESS.read_bytes()).hexdigest()[:16]
    classes = pathlib.Path(jars).parent / f"witness-{version}-{source}"
    if not classes.exists():
        with tempfile.TemporaryDirectory(dir=classes.parent) as folder:
            subprocess.run(["javac", "-nowarn", "-proc:none", "-cp", f"{jars}/*", "-d",
                            f"{folder}/classes", WITNESS], check=True)
            try:
                os.rename(f"{folder}/classes", classes)
            except OSError:
                pass  # another test was first
    return classes


def _pack(name, part):
    if name in ("partition", "timestamp"):
        return part
    if name == "headers":
        return [[header, _base64(value)] for header, value in part]
    return _base64(part)


def _base64(value):
    return None if value is None else base64.b64encode(value).decode()


def _bytes(text):
    return None if text is None else base64.b64decode(text)


def _record(answer):
    return Record(
        answer["topic"], answer["partition"], answer["offset"], answer["timestamp"],
        _bytes(answer["key"]), _bytes(answer["value"]),
        [(name, _bytes(value)) for name, value in answer["headers"]])


def _offsets(rows):
    return {(topic, partition): offset for topic, partition, offset in rows}
