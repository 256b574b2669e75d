"""No planted identifier comes out of replay, in any file or message.

Goal: what was pseudonymized or suppressed in a record is nowhere in what leaves
of it, nor in receipts, sealed records, manifest, messages or temporary files; nor
in the checkpoint and the parts that a replay leaves when the disk is full.
Method: for each format, records that carry one unique identifier in its field
and a second time elsewhere, for every carrier and encoding; then a search that
sees through all of these encodings. Broken records too.
Usage: leak_test.py NYMSTREAM [SEED]
"""

import json
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from canaries import ENCODINGS, Finder, json_content, make_values, parts  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0"
TIME = "2026-01-05T10:11:12+00:00"

# Places where a second copy may stand: how the format's fields then read.
# "{plain}" is a further copy, as it is.
CARRIERS = {
    "path": {"uri": "/a/{}/b"},
    "path_glued": {"uri": "/a/x{}y/b"},
    "path_end": {"uri": "/a/{}"},
    "query": {"uri": "/a?page={}"},
    "query_name": {"uri": "/a?{}=1"},
    "fragment": {"uri": "/a#{}"},
    "referer": {"referer": "https://www.example.com/{}/index.html"},
    "referer_host": {"referer": "https://{}.example.com/"},
    "agent": {"agent": "Mozilla/5.0 ({}) Gecko/20100101"},
    "agent_plain": {"agent": "{}"},
    "host": {"host": "{}"},
    "method": {"method": "{}"},
    "text": {"text": "client {} said hello"},
    # A detector redacts a part of what stands there.
    "agent_secret": {"agent": "app user={}", "text": "user={0} password={0}"},
    "agent_id": {"agent": "app id={}"},
    # A hit in clear beside one that is hidden.
    "clear_and_hidden": {"agent": "{plain} and {}", "uri": "/a/{plain}/{}"},
    # Bytes of a character are withheld beside the value.
    "cut_character": {"uri": "/x?q=%A9{plain}", "agent": "Moz é{}é"},
}


def nginx(kind, value, places):
    """Members of an nginx record as JSON text; `places` are JSON contents."""
    home = {"ip": "remote_addr", "account": "remote_user", "device": "device_id",
            "cookie": "http_cookie", "credential": "http_authorization",
            "unclassified": "x_internal"}[kind]
    content = {"cookie": "sid={}; theme=dark", "credential": "Bearer {}"}.get(
        kind, "{}").format(value)
    members = {
        "time_iso8601": TIME, home: json_content(content),
        "request_uri": places.get("uri", "/"),
        "http_referer": places.get("referer", "-"),
        "http_user_agent": places.get("agent", AGENT),
        "host": places.get("host", "www.example.com"),
        "request_method": places.get("method", "GET"), "x_note": places.get("text", ""),
    }
    return "{" + ",".join(f'"{k}":"{v}"' for k, v in members.items()) + ',"status":200}'


def caddy(kind, value, places):
    header = {"cookie": ("Cookie", f"sid={value}; theme=dark"),
              "credential": ("Authorization", f"Bearer {value}"),
              "unclassified": ("X-Internal", value),
              "device": ("X-Request-Id", value)}.get(kind, ("Accept", "*/*"))
    address = value if kind == "ip" else "192.0.2.1"
    account = json_content(value) if kind == "account" else ""
    return (
        '{"level":"info","ts":1767607872.5,"logger":"http.log.access","msg":"%s",'
        '"request":{"remote_ip":"%s","client_ip":"%s","method":"%s","host":"%s",'
        '"uri":"%s","headers":{"%s":["%s"],"User-Agent":["%s"],"Referer":["%s"]}},'
        '"user_id":"%s","duration":0.001,"size":12,"status":200}' % (
            places.get("text", "handled request"), address, address,
            places.get("method", "GET"), places.get("host", "www.example.com"),
            places.get("uri", "/"), header[0], json_content(header[1]),
            places.get("agent", AGENT), places.get("referer", ""), account))


def combined(kind, value, places):
    if kind not in ("ip", "account"):
        return None
    address = value if kind == "ip" else "192.0.2.1"
    account = json_content(value) if kind == "account" else "-"
    # The escapes of Apache and nginx in place of JSON's.
    uri, referer, agent = (
        re.sub(r"\\u00(..)", r"\\x\1", places.get(field, usual))
        for field, usual in (("uri", "/"), ("referer", "-"), ("agent", AGENT)))
    return (f'{address} - {account} [05/Jan/2026:10:11:12 +0000] '
            f'"GET {uri} HTTP/1.1" 200 12 "{referer}" "{agent}"')


FORMATS = {
    "nginx-no-ip-2024": (nginx, "ndjson"),
    "caddy-ngrok-2018": (caddy, "ndjson"),
    "combined-no-ip-2024": (combined, "log"),
}


def broken(rng):
    """Records that can't be processed, each with an identifier in it."""
    for _, value in make_values(rng):
        yield value, '{"time_iso8601":"%s","remote_addr":"%s"' % (TIME, value)
        yield value, '{"remote_addr":"%s","device_id":"%s"}' % (value, value)
        yield value, '{"time_iso8601":"%s","remote_addr":"%s"}' % (value, value)
        yield value, '["%s"]' % value
        yield value, value
        yield value, '{"time_iso8601":"1999-01-01T00:00:00Z","device_id":"%s"}' % value


def write_records(path, make, rng):
    """Returns the planted values."""
    values = set()
    with open(path, "w", encoding="utf-8") as out:
        for templates in CARRIERS.values():
            for encode, is_content in ENCODINGS.values():
                for kind, value in make_values(rng):
                    written = encode(value)
                    if not is_content:
                        written = json_content(written)
                    plain = json_content(value)
                    record = make(kind, value, {
                        field: template.format(written, plain=plain)
                        for field, template in templates.items()})
                    if record is None:
                        continue
                    values |= parts(value)
                    out.write(record + "\n")
        for value, record in broken(rng):
            values.add(value)
            out.write(record + "\n")
    return values


def run(program, folder, *arguments, file_bytes_max=resource.RLIM_INFINITY):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes_max,) * 2)
    return subprocess.run(
        [program, *map(str, arguments)], cwd=folder, capture_output=True,
        env=dict(os.environ, TMPDIR=str(folder / "tmp")), check=False,
        preexec_fn=limit)


def outputs(folder, *done):
    """(name, text) of everything the program left or said."""
    for each in done:
        yield "stdout", each.stdout.decode("utf-8", "replace")
        yield "stderr", each.stderr.decode("utf-8", "replace")
    for place in ("out", "full", "tmp"):
        for path in sorted((folder / place).rglob("*")):
            if path.is_file():
                text = path.read_bytes().decode("utf-8", "replace")
                for number, line in enumerate(text.splitlines(), 1):
                    yield f"{place}/{path.name}:{number}", line


def search(program, pipeline, make, suffix, seed):
    """Texts that say what leaked where."""
    rng = random.Random(f"{seed}/{pipeline}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "tmp").mkdir()
        keys = run(program, folder, "keys", "generate", "keyring", "--period", "P1D",
                   "--period", "P7D", "--period", "P30D", "--from", "2026-01-01",
                   "--until", "2026-02-01")
        assert keys.returncode == 0, keys.stderr
        (folder / "in").mkdir()
        values = write_records(folder / f"in/log.{suffix}", make, rng)
        shutil.copytree(ROOT / "config/pipelines", folder / "pipelines")
        path = folder / f"pipelines/{pipeline}.yaml"
        assert run(program, folder, "quarantine", "keygen", "key").returncode == 0
        with open(path, "a", encoding="utf-8") as document:
            document.write("quarantine: {seal_to: ../key.pub}\n")
        replay = ("replay", path, "in", "--keyring", "keyring", "--as-of",
                  "2026-01-06T00:00:00Z", "--out")
        done = run(program, folder, *replay, "out")
        assert done.returncode == 0, done.stderr
        full = run(program, folder, *replay, "full", file_bytes_max=40000)
        assert full.returncode == 3, full.stderr
        left = {path.name for path in (folder / "full").iterdir()}
        assert ".nymstream-checkpoint.json" in left, left
        assert "quarantine.sealed" in {path.name for path in (folder / "out").iterdir()}
        manifest = json.loads((folder / "out/manifest.json").read_text())
        released = {release["release"]: release["released"]
                    for release in manifest["counters"]["releases"]}
        assert min(released.values()) > 100, released
        for path in (folder / "out").glob("*.ndjson"):
            for line in path.read_text(encoding="utf-8").splitlines():
                json.loads(line)
        finder = Finder(values)
        # The search itself must find what is there.
        raw = (folder / f"in/log.{suffix}").read_text().splitlines()
        blind = [line for line in raw if not finder.find(line)]
        assert not blind, f"the search misses a planted value: {blind[0]}"
        leaks = []
        for place, line in outputs(folder, done, full):
            for value in finder.find(line):
                leaks.append(f"{pipeline}: {place}: {value} in {line}")
        return leaks, sum(released.values())


def main():
    seed = sys.argv[2] if len(sys.argv) > 2 else "1"
    total = 0
    for pipeline, (make, suffix) in FORMATS.items():
        leaks, released = search(
            str(pathlib.Path(sys.argv[1]).resolve()), pipeline, make, suffix, seed)
        print(f"{pipeline}: {released} records released, {len(leaks)} leaks")
        for leak in leaks[:20]:
            print(leak)
        total += len(leaks)
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
