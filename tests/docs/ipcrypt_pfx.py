"""ipcrypt-pfx (draft-denis-ipcrypt) without any library, to check ours against.

AES-128 as in FIPS 197, encryption only; slow, and not for secrets.
"""

import ipaddress


def _double(value):
    return (value << 1 ^ (0x1b if value & 0x80 else 0)) & 0xff


def _make_sbox():
    sbox, p, q = [0x63] * 256, 1, 1
    while True:
        p ^= _double(p)  # times 3
        for shift in (1, 2, 4):
            q ^= q << shift & 0xff  # divided by 3
        if q & 0x80:
            q ^= 0x09
        rotated = [q << n & 0xff | q >> (8 - n) for n in range(5)]
        sbox[p] = 0x63 ^ rotated[0] ^ rotated[1] ^ rotated[2] ^ rotated[3] ^ rotated[4]
        if p == 1:
            return sbox


SBOX = _make_sbox()


class Aes128:
    def __init__(self, key):
        words, constant = [list(key[i:i + 4]) for i in range(0, 16, 4)], 1
        while len(words) < 44:
            word = words[-1]
            if len(words) % 4 == 0:
                word = [SBOX[b] for b in word[1:] + word[:1]]
                word[0] ^= constant
                constant = _double(constant)
            words.append([a ^ b for a, b in zip(words[-4], word)])
        self.round_keys = [sum(words[i:i + 4], []) for i in range(0, 44, 4)]

    def encrypt(self, block):
        state = [a ^ b for a, b in zip(block, self.round_keys[0])]
        for number, round_key in enumerate(self.round_keys[1:], 1):
            state = [SBOX[state[(5 * i) % 16]] for i in range(16)]  # and shift rows
            if number < 10:
                mixed = []
                for column in (state[i:i + 4] for i in range(0, 16, 4)):
                    for i in range(4):
                        a, b, c, d = column[i:] + column[:i]
                        mixed.append(_double(a) ^ _double(b) ^ b ^ c ^ d)
                state = mixed
            state = [a ^ b for a, b in zip(state, round_key)]
        return bytes(state)


def encrypt(key, packed):
    """`packed` has 16 bytes, IPv4 as ::ffff:a.b.c.d; so has the result."""
    ciphers = Aes128(key[:16]), Aes128(key[16:])
    address = int.from_bytes(packed, "big")
    begin = 96 if packed.startswith(b"\0" * 10 + b"\xff\xff") else 0
    result = address >> (128 - begin) << (128 - begin)
    for bits in range(begin, 128):
        prefix = (1 << bits | address >> (128 - bits)).to_bytes(16, "big")
        pad = ciphers[0].encrypt(prefix)[15] ^ ciphers[1].encrypt(prefix)[15]
        bit = (address >> (127 - bits) ^ pad) & 1
        result |= bit << (127 - bits)
    return result.to_bytes(16, "big")


def text(packed):
    address = ipaddress.IPv6Address(packed)
    return str(address.ipv4_mapped or address)
