"""Logprep's own processors over a file of records: pseudonymizer and dropper, as its
pipeline calls them, between the JSON codec that its connectors use. Nothing else of
Logprep runs: no connectors, no queues.

transform.py INPUT OUTPUT
"""

import json
import pathlib
import sys
import tempfile

import msgspec
from Crypto.PublicKey import RSA
from logprep.factory import Factory

PSEUDONYMIZE = {
    "filter": "remote_addr",
    "pseudonymizer": {"mapping": {
        "remote_addr": "RE_WHOLE_FIELD",
        "remote_user": "RE_WHOLE_FIELD",
        "device_id": "RE_WHOLE_FIELD",
        "http_x_forwarded_for": "RE_ELEMENTS",
    }},
}
DROP = {
    "filter": "remote_addr",
    "dropper": {"drop": ["request_id", "upstream_addr", "http_cookie"]},
}
# "-" is what nginx writes for nothing.
REGEX_MAPPING = {"RE_WHOLE_FIELD": "^(?!-$)(.+)$", "RE_ELEMENTS": "([^, ]{2,})"}


def processors(folder):
    def file(name, content):
        path = folder / name
        path.write_text(content)
        return str(path)

    def public_key(bits):
        return RSA.generate(bits).public_key().export_key().decode()

    pseudonymizer = Factory.create({"pseudonymizer": {
        "type": "pseudonymizer",
        "rules": [PSEUDONYMIZE],
        "outputs": [{"pseudonyms": "pseudonyms"}],
        # The lengths that Logprep's own tool makes.
        "pubkey_analyst": file("analyst.pem", public_key(1024)),
        "pubkey_depseudo": file("depseudo.pem", public_key(2048)),
        "hash_salt": "a salt of thirty-two bytes, kept",
        "regex_mapping": file("regex.json", json.dumps(REGEX_MAPPING)),
        "max_cached_pseudonyms": 1000000,
    }})
    dropper = Factory.create({"dropper": {"type": "dropper", "rules": [DROP]}})
    for each in (pseudonymizer, dropper):
        each.setup()
    return pseudonymizer, dropper


def main():
    with tempfile.TemporaryDirectory() as folder, \
         open(sys.argv[1], "rb") as source, \
         open(sys.argv[2], "wb", buffering=1 << 20) as sink:
        chain = processors(pathlib.Path(folder))
        decode = msgspec.json.Decoder(dict).decode
        encode = msgspec.json.Encoder().encode
        for line in source:
            record = decode(line)
            for processor in chain:
                processor.process(record)
            sink.write(encode(record))
            sink.write(b"\n")


if __name__ == "__main__":
    main()
