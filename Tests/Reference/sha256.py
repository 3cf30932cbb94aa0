# Python 3.11 (standard library alone), cryptography-vectors 50.0.2 for the vectors
"""NIST's test vectors of SHA-256 in a compact form: Tests/HashingTests/Fixtures/sha256.json.

Source: NIST CAVP, "Secure Hash Algorithm Validation System", byte-oriented: SHA256ShortMsg.rsp,
SHA256LongMsg.rsp and SHA256Monte.rsp, a work of the United States government in the public domain.
Run with the folder that holds them, as in the PyPI package cryptography-vectors below hashes/SHA2.
All short messages and all hundred checkpoints of the Monte Carlo test are kept, and every fourth
long message with the last one. Messages are in base64, digests in hexadecimal.

`lengths` is our own: the digest of the digests of 0, 1, ... 299 bytes, byte i being 7 i + length
modulo 256; hashlib computes it.
"""

import base64
import hashlib
import pathlib
import re
import sys

import fixture

folder = pathlib.Path(sys.argv[1])


def messages(name):
    text = (folder / name).read_text()
    for bits, message, digest in re.findall(r"Len = (\d+)\s+Msg = (\w+)\s+MD = (\w+)", text):
        data = bytes.fromhex(message)[: int(bits) // 8]
        assert hashlib.sha256(data).hexdigest() == digest
        yield {"message": base64.b64encode(data).decode(), "digest": digest}


long = list(messages("SHA256LongMsg.rsp"))
monte = (folder / "SHA256Monte.rsp").read_text()
every = hashlib.sha256()
for length in range(300):
    every.update(hashlib.sha256(bytes((7 * i + length) % 256 for i in range(length))).digest())

fixture.write(
    "HashingTests/Fixtures/sha256.json",
    {
        "short": list(messages("SHA256ShortMsg.rsp")),
        "long": long[::4] + ([] if (len(long) - 1) % 4 == 0 else long[-1:]),
        "seed": re.search(r"Seed = (\w+)", monte).group(1),
        "checkpoints": re.findall(r"MD = (\w+)", monte),
        "lengths": every.hexdigest(),
    },
)
