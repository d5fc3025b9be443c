#!/usr/bin/env python3
"""Fail if a linkage binary or library holds owner code: the wall of docs/decisions/0001, read with nm.

usage: check_wall.py [--must-object] BINARY_OR_LIBRARY...
--must-object turns it round, for the full build: what it holds must be seen, which proves that the check bites.
"""
import re
import subprocess
import sys

# Rooms of the owner and of the laboratory, and what only they may call: keyed hashing, key
# derivation, the OPRF, normalisation of names. Password hashing (libsodium) is not among them.
FORBIDDEN = {
    "owner code": re.compile(r"\btessera::(record|keys|encode|clk|oprf|keyclient|keyserver|lab|attack)::"),
    "keyed hashing": re.compile(r"\b(HMAC(_\w+)?|EVP_MAC_\w+|EVP_Q_mac|CMAC_\w+|crypto_auth(_\w+)?)\b"),
    "key derivation": re.compile(r"\b(EVP_KDF_\w+|EVP_PKEY_CTX_\w*hkdf\w*|PKCS5_PBKDF2_\w+|crypto_kdf_\w+)\b"),
    "the OPRF": re.compile(r"\bcrypto_(core|scalarmult)_ristretto255\w*"),
    "normalisation of names": re.compile(r"\bicu_\d+::|\bu[a-z]*_\w+_\d\d\b"),
}
# What the full build is known to hold. HKDF is made of HMAC there.
IN_THE_FULL_BUILD = ("owner code", "keyed hashing", "the OPRF", "normalisation of names")


def symbols(path):
    """Demangled names, defined and imported, of the symbol table and of the dynamic one."""
    names = set()
    for flags in (["-C"], ["-C", "-D"]):
        listing = subprocess.run(["nm", *flags, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in listing.stdout.splitlines():
            match = re.match(r"[0-9a-f ]{16} \w (.+)", line)
            if match:
                names.add(match[1])
    return names


def main():
    must_object = "--must-object" in sys.argv
    bad = 0
    for path in (a for a in sys.argv[1:] if not a.startswith("--")):
        names = symbols(path)
        if not names:
            print(f"{path}: nm sees no symbol, so nothing is proven")
            bad += 1
        for what, pattern in FORBIDDEN.items():
            found = sorted(name for name in names if pattern.search(name))
            if must_object:
                if what in IN_THE_FULL_BUILD and not found:
                    print(f"{path}: {what}: not seen, though it is there")
                    bad += 1
                continue
            for name in found[:10]:
                print(f"{path}: {what}: {name}")
            bad += len(found)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
