"""What a careful Python script does to each record: the analytics release of
config/pipelines/nginx-no-ip-2024.yaml as far as a page of code can say it.

transform.py INPUT OUTPUT
"""

import functools
import hashlib
import re
import sys

import orjson

KEY = b"a key of thirty-two bytes, kept!"
QUERY_VALUE = re.compile("=[^&]*")


@functools.lru_cache(maxsize=200_000)
def pseudonym(value):
    """A keyed pseudonym; "-" is what nginx writes for nothing."""
    if value == "-":
        return value
    return "nym_" + hashlib.blake2b(value.encode(), key=KEY, digest_size=16).hexdigest()


@functools.lru_cache(maxsize=200_000)
def redacted(url):
    return QUERY_VALUE.sub("=REDACTED", url)


def transform(record):
    for field in ("remote_addr", "remote_user", "device_id"):
        record[field] = pseudonym(record[field])
    record["http_x_forwarded_for"] = ", ".join(
        map(pseudonym, record["http_x_forwarded_for"].split(", ")))
    record["request_uri"] = redacted(record["request_uri"])
    record["http_referer"] = redacted(record["http_referer"])
    for field in ("request_id", "upstream_addr", "http_cookie"):
        record.pop(field, None)
    return record


def main():
    with open(sys.argv[1], "rb") as source, \
         open(sys.argv[2], "wb", buffering=1 << 20) as sink:
        for line in source:
            sink.write(orjson.dumps(transform(orjson.loads(line)),
                                    option=orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    main()
