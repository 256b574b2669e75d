"""Unique identifiers to plant, ways to write them, and a search that sees
through every one of these ways."""

import base64
import binascii
import json
import re
import urllib.parse


def make_values(rng):
    """(kind, value): unique, invented, one of each kind of identifier."""
    token = "".join(rng.choice("bcdfghjkmnpqrstvwxz") for _ in range(10))
    digits = "".join(rng.choice("0123456789") for _ in range(12))
    hexes = "".join(rng.choice("0123456789abcdef") for _ in range(32))
    low = [rng.randrange(1, 255) for _ in range(3)]
    groups = [f"{rng.randrange(0x1000, 0x10000):x}" for _ in range(6)]
    return [
        ("ip", f"198.18.{low[0]}.{low[1]}"),
        ("ip", "2001:db8:" + ":".join(groups)),
        ("account", "acc" + token),
        ("device", f"{hexes[:8]}-{hexes[8:12]}-4{hexes[13:16]}-9{hexes[17:20]}-{hexes[20:]}"),
        ("device", "dev" + digits),
        ("cookie", token + digits),
        ("credential", "Zq" + token + digits),
        ("unclassified", "uncl" + token),
        # What detectors cut in two, what reads as percent-encoding, what a form
        # writes otherwise, and what is short.
        ("account", "CORP\\" + token),
        ("account", token + ";x=" + digits),
        ("account", token + "?id=" + digits),
        ("account", "u%41" + token),
        ("account", "zoë " + token),
        ("device", "app:" + digits[:4] + "|" + token),
    ]


def parts(value):
    """What must be found nowhere: the value's own part, if it has others too."""
    own = [part for part in re.findall("[a-z]{10,}|[0-9]{12}", value)
           if part != value]
    return {value, *own} if re.search(r"[\\;?%| ]", value) else {value}


def _escape_all(value):
    return "".join(f"\\u{ord(c):04x}" if c.isascii() else c for c in value)


def _escape_some(value):
    return "".join(f"\\u{ord(c):04X}" if i % 3 == 0 and c.isascii() else
                   json_content(c) for i, c in enumerate(value))


def _upper(value):
    """Of ASCII only: the guard does not know the case of other letters."""
    return "".join(c.upper() if c.isascii() else c for c in value)


def _percent_all(value):
    return "".join(f"%{byte:02x}" for byte in value.encode())


def _percent_some(value):
    return "".join(urllib.parse.quote(c, safe="") if ord(c) > 127 else
                   f"%{ord(c):02X}" if i % 2 else c for i, c in enumerate(value))


def _base64(value, prefix, urlsafe):
    encode = base64.urlsafe_b64encode if urlsafe else base64.b64encode
    return encode((prefix + value).encode()).decode()


# name -> (function, the result is already JSON string content)
ENCODINGS = {
    "plain": (lambda v: v, False),
    "upper": (_upper, False),
    "escape_all": (_escape_all, True),
    "escape_some": (_escape_some, True),
    "percent_all": (_percent_all, False),
    "percent_some": (_percent_some, False),
    "percent_twice": (lambda v: _percent_all(v).replace("%", "%25"), False),
    "hex": (lambda v: v.encode().hex(), False),
    "hex_upper": (lambda v: v.encode().hex().upper(), False),
    "base64": (lambda v: _base64(v, "", False), False),
    "base64_1": (lambda v: _base64(v, "u", False), False),
    "base64_2": (lambda v: _base64(v, "u=", False), False),
    "base64_url": (lambda v: _base64(v, "id:", True).rstrip("="), False),
    "escape_percent": (lambda v: _escape_all(_percent_all(v)), True),
}


def json_content(text):
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _unescape(text):
    """JSON's escapes, and those of combined lines."""
    def one(match):
        if match[1] or match[2]:
            return chr(int(match[1] or match[2], 16))
        return {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}.get(
            match[3], match[3])
    return re.sub(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", one, text)


def _layers(text):
    """The text under every way of reading it."""
    seen = {text}
    queue = [text]
    while queue:
        item = queue.pop()
        for other in (_unescape(item),
                      urllib.parse.unquote(item, errors="replace")):
            if other not in seen:
                seen.add(other)
                queue.append(other)
    for item in list(seen):
        for run in re.findall(r"(?:[0-9a-fA-F]{2}){6,}", item):
            seen.add(bytes.fromhex(run).decode("latin-1"))
        for run in re.findall(r"[A-Za-z0-9+/_-]{8,}", item):
            plain = run.replace("-", "+").replace("_", "/")
            for start in range(4):
                part = plain[start:]
                part = part[:len(part) // 4 * 4 + (0 if len(part) % 4 == 1
                                                   else len(part) % 4)]
                try:
                    decoded = base64.b64decode(part + "=" * (-len(part) % 4))
                except binascii.Error:
                    continue
                seen.add(decoded.decode("latin-1"))
    return seen


class Finder:
    """Finds planted values in texts, however they are written there."""

    def __init__(self, values):
        self._grams = {}
        for value in values:
            folded = value.lower()
            self._grams.setdefault(folded[:6], set()).add(folded)

    def find(self, text):
        found = set()
        for layer in _layers(text):
            folded = layer.lower()
            for i in range(len(folded) - 5):
                for value in self._grams.get(folded[i:i + 6], ()):
                    if folded.startswith(value, i):
                        found.add(value)
        return found
