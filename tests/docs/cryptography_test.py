"""The vectors of docs/cryptography.md, computed without our code."""

import base64
import hashlib
import ipaddress
import pathlib
import re
import struct
import unittest

import ipcrypt_pfx

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/cryptography.md"


def blocks(kind):
    """Lists of (name, text) of the page's blocks of one kind."""
    found = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
    return [[tuple(line.split(maxsplit=1)) for line in block.splitlines() if line]
            for block in found]


def keyed(key, personal, message, size):
    return hashlib.blake2b(message, key=key, person=personal,
                           digest_size=size).digest()


def with_length(name):
    return struct.pack("<Q", len(name.encode())) + name.encode()


class CryptographyTest(unittest.TestCase):
    def test_the_aes_here_is_that_of_fips_197(self):
        cipher = ipcrypt_pfx.Aes128(bytes(range(16)))
        block = bytes.fromhex("00112233445566778899aabbccddeeff")
        self.assertEqual(cipher.encrypt(block).hex(),
                         "69c4e0d86a7b0430d8cdb78070b4c55a")

    def test_keys_and_pseudonyms(self):
        found = blocks("vectors")
        self.assertGreaterEqual(len(found), 4)
        checked = set()
        for block in found:
            given = {}
            for name, text in block:
                given[name] = text
                if name in ("secret", "epoch", "pipeline", "release", "domain",
                            "value", "canonical"):
                    continue
                if name == "scope" and text == "subjects":
                    continue
                checked.add(name)
                with self.subTest(scope=given.get("scope"), name=name, text=text):
                    self.assertEqual(text, self.compute(name, given))
        self.assertEqual(checked, {"scope", "message", "key", "prefix_key",
                                   "token", "address", "prefix"})

    @staticmethod
    def compute(name, given):
        if name == "scope":
            return f"{given['pipeline']}/{given['release']}"
        message = with_length(given["scope"]) + with_length(given["domain"])
        key = keyed(bytes.fromhex(given["secret"]), b"nymstream-key-v1", message, 32)
        prefix_key = keyed(key, b"nymstream-pfx-v1", b"", 32)
        canonical = bytes.fromhex(given.get("canonical", ""))
        if name == "message":
            return message.hex()
        if name == "key":
            return key.hex()
        if name == "prefix_key":
            return prefix_key.hex()
        if name == "token":
            text = base64.b32encode(keyed(key, b"nymstream-tok-v1", canonical, 16))
            return f"nym_{given['epoch']}_{text.decode().lower().rstrip('=')}"
        if name == "address":
            pseudonym = keyed(key, b"nymstream-adr-v1", canonical, 16)
            return str(ipaddress.IPv6Address(b"\xfc" + pseudonym[:15]))
        return ipcrypt_pfx.text(ipcrypt_pfx.encrypt(prefix_key, canonical))

    def test_canonical_addresses(self):
        for block in blocks("vectors"):
            values = dict(block)
            if not values["domain"].endswith("/ip"):
                continue
            pairs = [(text, block[i + 1][1]) for i, (name, text) in enumerate(block)
                     if name == "value"]
            for value, canonical in pairs:
                address = ipaddress.ip_address(value)
                packed = address.packed
                if address.version == 4:
                    packed = b"\0" * 10 + b"\xff\xff" + packed
                self.assertEqual(packed.hex(), canonical)

    def test_the_envelope_has_the_layout_of_the_table(self):
        (block,) = blocks("envelope")
        given = dict(block)
        envelope = bytes.fromhex(given["envelope"])
        key_id = hashlib.blake2b(bytes.fromhex(given["public"]), digest_size=16,
                                 person=b"nymstream-qid-v1").hexdigest()[:16]
        self.assertEqual(given["id"], key_id)
        version, length, stated_id = struct.unpack_from("<BI8s", envelope)
        self.assertEqual((version, length, stated_id.hex()),
                         (1, len(envelope) - 5, key_id))
        offset, index, size, reason = struct.unpack_from("<QIQB", envelope, 117)
        self.assertEqual((offset, index, size, reason),
                         (int(given["offset"]), int(given["index"]),
                          int(given["size"]), 0))
        self.assertEqual(len(envelope), 138 + len(given["record"].encode()) + 16)


if __name__ == "__main__":
    unittest.main()
