"""Raw records that show where they went: numbered, and full of canaries.

A canary is an identifier that must never leave. All those of one workload hold its
`token`, or lie in networks that nothing else uses, so that one search finds any.
"""

import base64
import json
import random
import re
import threading
import time


class Workload:
    """Records of tests/kafka/stage.py's SCHEMA. Good ones have a number, `seq`, that
    grows; a share `bad` of them is broken in one of several ways."""

    def __init__(self, seed, partitions=2, bad=0.02):
        self._random = random.Random(f"workload/{seed}")
        self._partitions = partitions
        self._bad = bad
        self.count = 0
        # No digit below 2 occurs in a pseudonym.
        self.token = f"z0q1{seed % 0xffff:04x}"
        self._network = f"2001:db8:{0xa000 + seed % 0x1000:x}"

    def record(self, partition=None, seq=None, pad=0):
        number = seq if seq is not None else self.count
        self.count += 1
        user = f"{self.token}-{number}@canary.example"
        value = json.dumps({
            "time": f"2026-01-15T10:{number // 60 % 60:02}:{number % 60:02}Z",
            "seq": number, "ip": f"{self._network}::{number:x}", "user": user,
            "message": f"from 198.18.{number // 256 % 256}.{number % 256} "
                       f"by m{user}{' word' * pad}"}).encode()
        if seq is None and self._random.random() < self._bad:
            value = self._broken(value)
        return {"key": user.encode(), "value": value,
                "headers": [("client", self.token.encode())],
                "partition": self._random.randrange(self._partitions)
                             if partition is None else partition}

    def records(self, count, **options):
        return [self.record(**options) for _ in range(count)]

    def _broken(self, value):
        return self._random.choice([
            lambda: value[:-1], lambda: value.replace(b'"seq": ', b'"seq": \xff'),
            lambda: b"", lambda: value + b"}", lambda: b"\0" + value,
            lambda: b"[" * 5000 + value, lambda: value.replace(b'"time": "2026', b'"time": "x'),
        ])()

    def canaries(self):
        """A pattern over bytes that finds any canary, in any of the usual writings."""
        words = [self.token.encode(), self._network.encode() + b":", b"198.18."]
        forms = set()
        for word in words:
            forms |= {word, word.hex().encode(), word.decode().encode("utf-16-le"),
                      word.decode().encode("utf-16-be"),
                      "".join(f"\\u{byte:04x}" for byte in word).encode(),
                      b"".join(b"%%%02x" % byte for byte in word)}
            for shift in range(3):
                # Letters that no neighbour has a part in.
                text = base64.b64encode(b"\0" * shift + word)
                end = (len(word) + shift) * 8 // 6
                forms.add(text[(0, 2, 3)[shift]:end])
        return re.compile(b"|".join(map(re.escape, sorted(forms))), re.IGNORECASE)


class Producer:
    """Writes a workload in the background by a witness of its own, in bursts. What the
    topic holds at the end is the truth, not what was asked for: a broker may die."""

    def __init__(self, broker, workload, seed, records, rate, topic="raw"):
        self.error = None
        self._witness = broker._start_witness(None, None)
        self._workload, self._topic = workload, topic
        self._random = random.Random(f"producer/{seed}")
        self._left, self._rate = records, rate
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        due = time.monotonic()
        while self._left > 0:
            size = min(self._left, self._random.randint(1, max(2, self._rate)))
            self._left -= size
            try:
                self._witness.produce(self._topic, self._workload.records(size))
            except Exception as error:  # counted by what is in the topic
                self.error = error
                time.sleep(0.5)
            due = max(due + size / self._rate, time.monotonic() - 1)
            time.sleep(max(0, due - time.monotonic()))

    @property
    def done(self):
        return not self._thread.is_alive()

    def hurry(self):
        """The rest at once."""
        self._rate = 1 << 30

    def stop(self):
        self._left = 0
        self._thread.join()

    def join(self):
        self._thread.join()

    def close(self):
        self._left = 0
        self._witness.close()
