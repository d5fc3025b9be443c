#!/usr/bin/env python3
"""R77: no file that leaves an owner, and none that the linkage unit keeps, holds a value of the roster.

A roster with SSNs is encoded in every way, one file is taken into a registry, and requests are written
for a key service. In each file every value of six characters or more is looked for: as it stands, in
other cases, as UTF-16, base64 and hexadecimal, names joined, dates in other orders, and each of these
under the hashes that need no key. The same search must find them in the roster and in the map.
usage: no_plaintext_test.py TESSERA"""
import base64
import csv
import hashlib
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TESSERA = pathlib.Path(sys.argv[1]).resolve()
ROSTER = ROOT / "data/synthetic/state/year1/october/district_02.csv"
ROWS = 150
LEAST = 6  # bytes: shorter ones stand in any file by chance
OWN_WORDS = {b"little"}  # of messages, and a surname of the roster


def tessera(folder, *words):
    done = subprocess.run([str(TESSERA), *words], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=300)
    if done.returncode not in (0, 1):  # 1: done, with something to look at
        sys.exit(f"tessera {' '.join(words)}: {done.returncode}\n{done.stderr.decode()}")
    return done.stdout.decode()


def values(rows):
    """Texts that tell of a person, as they stand and as somebody would join or turn them."""
    out = set()
    for row in rows:
        first, last, middle = row["first_name"], row["last_name"], row["middle_name"]
        out.update([first, last, middle, row["ssn"], row["local_id"], row["date_of_birth"]])
        out.update([first + last, last + first, f"{first} {last}", f"{last}, {first}"])
        parts = row["date_of_birth"].split("/")
        if len(parts) == 3:
            month, day, year = parts
            for mark in ("", "-", "/", "."):
                out.update([mark.join(p) for p in ((year, month, day), (month, day, year), (day, month, year))])
        if len(row["ssn"]) == 9:
            out.add(f"{row['ssn'][:3]}-{row['ssn'][3:5]}-{row['ssn'][5:]}")
    return {form for v in out for form in (v, v.upper(), v.lower()) if v}


def needles(texts):
    out = set()
    for text in texts:
        plain = text.encode()
        if len(plain) >= LEAST:
            out.add(plain)
            out.add(text.encode("utf-16-le"))
        if len(plain) >= LEAST:
            for shift in range(3):  # whichever of three bytes it begins on
                whole = base64.b64encode(b"\0" * shift + plain)
                out.add(whole[(0, 2, 3)[shift]:len(whole) // 4 * 4 - 4])
            out.add(plain.hex().encode())
        for name in ("md5", "sha1", "sha256", "sha512"):
            digest = hashlib.new(name, plain).digest()
            out.update([digest[:8], digest.hex()[:16].encode(), digest[:8][::-1]])
    return {n for n in out if len(n) >= LEAST} - OWN_WORDS


DIGITS = frozenset(b"0123456789abcdefABCDEF")


def stands_alone(data, at, needle):
    """Eight digits or fewer are looked for as a whole word: six stand in some state ID or digest by chance."""
    if len(needle) > 8 or not DIGITS.issuperset(needle):
        return True
    end = at + len(needle)
    return (at == 0 or data[at - 1] not in DIGITS) and (end == len(data) or data[end] not in DIGITS)


def found(data, wanted):
    starts = {}
    for n in wanted:
        starts.setdefault(n[:LEAST], []).append(n)
    out = set()
    for at in range(len(data) - LEAST + 1):
        for n in starts.get(data[at:at + LEAST], ()):
            if data.startswith(n, at) and stands_alone(data, at, n):
                out.add(n)
    return out


def make_files(folder):
    """Encodes in every way; the names of the files that a thief could carry off."""
    run = lambda *words: tessera(folder, *words)
    run("key", "new", "project.key")
    run("key", "new", "owner.key", "--kind", "owner", "--name", "north")
    for kind in ("entries", "join"):
        run("key", "new", f"{kind}.key", "--kind", kind, "--name", "unit")
        run("key", "export-public", f"{kind}.key", "-o", f"{kind}.pub")
    (folder / "ssn.json").write_text(run("schema", "show", "default", "--ssn"), encoding="utf-8")
    encode = ["encode", "roster.csv", "--schema", "ssn.json", "--key", "project.key", "--owner", "north",
              "--owner-key", "owner.key"]
    sealed = ["--seal-to", "entries.pub", "--seal-to", "join.pub", "--collection", "c1"]
    run(*encode, "-o", "plain.tess", "--report", "report.json", "--rejects", "rejects.csv")
    run(*encode, "-o", "decoys.tess", "--decoys", "0.2")
    run(*encode, *sealed, "-o", "sealed.tess")
    run(*encode, *sealed, "-o", "slips.tess", "--one-by-one")
    run("registry", "init", "state.db", "--trial", "--schema", "ssn.json", "--key-check",
        run("key", "fingerprint", "project.key").strip())
    run("assign", "plain.tess", "--registry", "state.db", "--out", "answers")
    run("keyserver", "init", "ks.db", "--name", "office")
    run("keyserver", "public", "ks.db", "-o", "office.json")
    run("schema", "show", "default", "--key-service", "office.json", "-o", "blind.json")
    encode[3] = "blind.json"
    run(*encode, "--key-request", "blind.request", "-o", "blind.tess")
    run("keyserver", "owner-key", "other.key", "--name", "other")
    run("keyserver", "admit", "ks.db", "--owner", "other.key.pub", "--enrolment", "10")
    kept = [p for p in folder.iterdir() if p.name.startswith(("state.db", "ks.db"))]
    sent = [folder / n for n in ("plain.tess", "decoys.tess", "sealed.tess", "slips.tess", "blind.request")]
    return sent + kept + [p for p in (folder / "answers").iterdir() if p.is_file()] + [folder / "report.json"]


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        lines = ROSTER.read_text(encoding="utf-8").splitlines(keepends=True)[:ROWS + 1]
        (folder / "roster.csv").write_text("".join(lines), encoding="utf-8")
        wanted = needles(values(csv.DictReader(lines)))
        assert len(found((folder / "roster.csv").read_bytes(), wanted)) > 2 * ROWS, "the search finds nothing"
        files = make_files(folder)
        assert len(found((folder / "plain.map").read_bytes(), wanted)) >= ROWS, "the map holds the local IDs"
        bad = {p.name: hits for p in files if (hits := found(p.read_bytes(), wanted))}
        if bad:
            sys.exit("; ".join(f"{name} holds {len(hits)} values of the roster: {sorted(hits)[:3]}" for name, hits in bad.items()))
        print(f"{len(wanted)} forms of the values of {ROWS} people are in none of {len(files)} files")


if __name__ == "__main__":
    main()
