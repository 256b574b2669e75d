"""One whole pipeline a second time, written from the documents alone.

What config/pipelines/nginx-no-ip-2024.yaml makes of a generated nginx log, by
docs/cryptography.md and docs/reference/treatments.md, in the plainest Python:
an independent judge of the program. It knows no more of URLs and user agents
than the generator writes.
"""

import datetime
import hashlib
import ipaddress
import re

MEMBER = re.compile(r'"((?:[^"\\]|\\.)*)":("(?:[^"\\]|\\.)*"|[^,}]+)')
PIPELINE = "nginx-no-ip-2024"
BASE32 = "abcdefghijklmnopqrstuvwxyz234567"

PSEUDONYMS = {  # field -> domain
    "remote_addr": "user.device.ip_address/ip",
    "http_x_forwarded_for": "user.device.ip_address/ip",
    "remote_user": "user.account.username/id",
    "device_id": "user.device.device_id/id",
}
KEPT = {"request_method", "host", "server_protocol", "status", "body_bytes_sent",
        "request_length", "request_time", "ssl_protocol", "geoip_country_code"}
FAMILIES = [(r"Edg/(\d+)", "Edge"), (r"Firefox/(\d+)", "Firefox"),
            (r"Chrome/(\d+)", "Chrome"), (r"Version/(\d+).* Safari/", "Safari")]
SYSTEMS = [("Android", "Android"), ("iPhone", "iOS"), ("Windows", "Windows"),
           ("Mac OS X", "macOS"), ("Linux", "Linux")]


def unix_seconds(text):
    return int(datetime.datetime.fromisoformat(
        text.replace("Z", "+00:00")).timestamp())


class Keyring:
    def __init__(self, text):
        self.epochs = []
        for line in text.splitlines():
            words = line.split()
            if len(words) == 5 and not line.startswith("#") and words[2] != "-":
                series, name, begin, end, secret = words
                self.epochs.append((series, unix_seconds(begin), unix_seconds(end),
                                    name, bytes.fromhex(secret)))

    def find(self, series, time):
        for each, begin, end, name, secret in self.epochs:
            if each == series and begin <= time < end:
                return name, secret
        raise KeyError((series, time))


def length_prefixed(text):
    return len(text).to_bytes(8, "little") + text.encode()


def derive(secret, scope, domain):
    return hashlib.blake2b(
        length_prefixed(scope) + length_prefixed(domain), key=secret,
        digest_size=32, person=b"nymstream-key-v1").digest()


def token(epoch, key, canonical):
    digest = hashlib.blake2b(
        canonical, key=key, digest_size=16, person=b"nymstream-tok-v1").digest()
    bits = "".join(f"{byte:08b}" for byte in digest) + "00"
    text = "".join(BASE32[int(bits[i:i + 5], 2)] for i in range(0, 130, 5))
    return f"nym_{epoch}_{text}"


def mapped(text):
    address = ipaddress.ip_address(text)
    if address.version == 4:
        return b"\0" * 10 + b"\xff\xff" + address.packed
    return address.packed


def network(text):
    address = ipaddress.ip_address(text)
    prefix = 16 if address.version == 4 else 32
    return str(ipaddress.ip_network(f"{text}/{prefix}", strict=False)
               .network_address)


def redact_query(url):
    path, mark, query = url.partition("?")
    return path + mark + re.sub(r"=[^&]*", "=REDACTED", query)


def family(agent):
    name = next((f"{name} {found[1]}" for pattern, name in FAMILIES
                 if (found := re.search(pattern, agent))), "Other")
    return name + "; " + next(
        (name for word, name in SYSTEMS if word in agent), "Other")


class Release:
    """scope: what its keys belong to. epoch "": nothing is keyed, and the level
    is anonymized. cut: the end of a time, as it leaves."""

    def __init__(self, name, epoch, cut):
        self.name, self.epoch, self.cut = name, epoch, cut
        self.scope = f"{PIPELINE}/{name}"

    def pseudonym(self, keyring, time, domain, text):
        if domain.endswith("/ip"):
            canonical = mapped(text)
        else:
            hexadecimal = re.fullmatch(r"[0-9A-Fa-f-]{16,}", text)
            canonical = (text.lower() if hexadecimal else text).encode()
        epoch, secret = keyring.find(self.epoch, time)
        return token(epoch, derive(secret, self.scope, domain), canonical)

    def value(self, keyring, time, name, text):
        """The text that leaves; None if the field does not."""
        if name in KEPT:
            return text
        if name == "time_iso8601":
            return text[:19 - len(self.cut)] + self.cut + text[19:]
        if name in ("request_uri", "http_referer"):
            return redact_query(text) if self.epoch else text.partition("?")[0]
        if name == "http_user_agent":
            return text if self.epoch else family(text)
        if name in PSEUDONYMS and self.epoch:
            if text == "-":
                return text
            return ", ".join(
                self.pseudonym(keyring, time, PSEUDONYMS[name], part)
                for part in text.split(", "))
        if name == "remote_addr":
            return network(text)
        return None

    def record(self, keyring, line):
        members = MEMBER.findall(line)
        time = unix_seconds(dict(members)["time_iso8601"].strip('"'))
        kept = []
        for name, raw in members:
            quote = '"' if raw[0] == '"' else ""
            text = self.value(keyring, time, name, raw.strip('"'))
            if text is not None:
                kept.append(f'"{name}":{quote}{text}{quote}')
        return "{" + ",".join(kept) + "}"


RELEASES = [Release("analytics", "P30D", ""), Release("partners", "P1D", ":00"),
            Release("statistics", "", ":00:00")]
