"""Whether a peer did the work that it is timed for."""

import re

PSEUDONYMIZED = ("remote_addr", "remote_user", "device_id", "http_x_forwarded_for")
URLS = ("request_uri", "http_referer")
DROPPED = ("request_id", "upstream_addr", "http_cookie")
QUERY_VALUE = re.compile("=[^&]*")


class WrongOutcome(Exception):
    """Names field and record number, never a value."""


def redacted(url):
    return QUERY_VALUE.sub("=REDACTED", url)


def key_of(record):
    """What stays as it was, or is the same once redacted: the same before and after, and
    different for any two generated records."""
    return tuple(redacted(value) if name in URLS else value
                 for name, value in sorted(record.items())
                 if name not in PSEUDONYMIZED and name not in DROPPED)


class Judge:
    """Compares records before and after. `urls_stay`: the peer redacts none."""

    def __init__(self, urls_stay=False):
        self.urls_stay = urls_stay
        self.names = {}  # raw value -> pseudonym
        self.compared = 0

    def compare(self, raw, out):
        self.compared += 1
        self._require(set(out) == set(raw) - set(DROPPED), "set of members")
        for name, value in raw.items():
            if name in DROPPED:
                continue
            if name in PSEUDONYMIZED:
                elements, names = value.split(", "), out[name].split(", ")
                self._require(len(elements) == len(names), name)
                for element, pseudonym in zip(elements, names):
                    self._pseudonym(name, element, pseudonym)
            elif name in URLS and not self.urls_stay:
                self._require(out[name] == redacted(value), name)
            else:
                self._require(out[name] == value, name)

    def _pseudonym(self, field, element, pseudonym):
        if element == "-":
            self._require(pseudonym == "-", field)
            return
        self._require(element not in pseudonym, field)
        self._require(re.match("nym_|<pseudonym:", pseudonym) is not None, field)
        self._require(self.names.setdefault((field, element), pseudonym) == pseudonym, field)

    def _require(self, holds, what):
        if not holds:
            raise WrongOutcome(f"record {self.compared}: {what} is not as it should be")

    def finish(self, least):
        if self.compared < least:
            raise WrongOutcome(f"only {self.compared} of {least} records compared")
        if len(set(self.names.values())) < len({element for _, element in self.names}):
            raise WrongOutcome("two values have one pseudonym")
