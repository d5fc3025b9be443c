#!/usr/bin/env python3
"""Random schemas and tables through clkhash and through tessera: every CLK must be the same.

Each round draws a linkage schema (version 1, 2 or 3, every format, comparison, strategy, hash, KDF
option, missing-value rule and XOR-folds) and a table of cells that suit it, odd ones among them.
The rows that clkhash accepts make a table, and both must write the same file for it; of the rows
that it refuses some are given to tessera, which must refuse each. A difference stops the script
and keeps its files in --keep. Needs clkhash in the Python that runs it (the environment of run.py --venv).

usage: differ.py --build BUILD_FOLDER [--rounds 300] [--rows 40] [--seed 1] [--keep FOLDER]
"""
import argparse
import base64
import csv
import io
import json
import pathlib
import random
import string
import subprocess
import sys
import tempfile

import clkhash
from clkhash import clk, serialization

WORDS = ["", "a", "li", "anna", "O'Neil", "van der Berg", "Zo\u00eb", "\u5c0f\u660e", "\U0001f600x", "STRASSE", "stra\u00dfe", "\u0130stanbul", "x" * 40, " lead", "trail ", "a,b", 'q"q', "-"]


def word():
    if random.random() < 0.6:
        return random.choice(WORDS)
    return "".join(random.choice(string.ascii_letters + " '\u00e9\u00fc") for _ in range(random.randint(0, 12)))


def number():
    kind = random.random()
    if kind < 0.5:
        return str(random.randint(-5000, 5000))
    if kind < 0.6:
        return random.choice(["007", "-0", "+5", " 12 ", "1_000", "\u0663\u0664", "123456789012345678901234567890"])
    if kind < 0.7:
        return str(random.randint(-(10**12), 10**12))
    if kind < 0.95:
        return f"{random.uniform(-1000, 1000):.{random.randint(0, 6)}f}"
    return random.choice(["", "x", "1e3", "nan", "inf", "-1e-3", ".5", "5."])


DATES = ["%Y/%m/%d", "%d.%m.%Y", "%Y%m%d", "%d %b %Y", "%m-%d-%y"]


def date(form):
    import datetime

    d = datetime.date(random.choice([123, 999, 1850, 1969, 1999, 2000, 2024]), random.randint(1, 12), random.randint(1, 28))
    return d.strftime(form) if random.random() < 0.95 else random.choice(["", "2020/13/01", "x", "1999-02-30"])


def draw_format(feature):
    """A format of version 1, 2 and 3, and what makes cells for it."""
    kind = random.choice(["string", "string", "string", "integer", "date", "enum"])
    if kind == "integer":
        out = {"type": "integer"}
        if random.random() < 0.3:
            out.update(minimum=-10**13, maximum=10**13)
        feature["format"] = out
        return number
    if kind == "date":
        form = random.choice(DATES)
        feature["format"] = {"type": "date", "format": form}
        return lambda: date(form)
    if kind == "enum":
        feature["format"] = {"type": "enum", "values": ["m", "f", "\u00e9", "other"]}
        return lambda: random.choice(["m", "f", "\u00e9", "other", "m", "f", "?"] if random.random() < 0.2 else ["m", "f", "\u00e9", "other"])
    out = {"type": "string"}
    if random.random() < 0.6:
        out["encoding"] = random.choice(["utf-8", "utf-16", "utf-32"] + (["ascii"] if random.random() < 0.2 else []))
    if random.random() < 0.15:
        out["pattern"] = random.choice([".*", "[a-zA-Z '\u00e9\u00fc-]*", "(?s).{0,60}"])
    else:
        if random.random() < 0.2:
            out["case"] = random.choice(["mixed", "mixed", "upper", "lower"])
        if random.random() < 0.3:
            out["maxLength"] = random.choice([5, 60])
    feature["format"] = out
    return number if random.random() < 0.2 else word


def draw_hashing(version, feature):
    hashing = {}
    if version == 1:
        hashing["ngram"] = random.randint(1, 3)
        if random.random() < 0.7:
            hashing["weight"] = random.choice([0, 0.5, 1, 1.25, 2.5, 3])
        if random.random() < 0.5:
            hashing["positional"] = random.random() < 0.5
    else:
        b = random.choice([1, 3, 10, 30, 33, 70, 100, 200, 301])
        hashing["strategy"] = {random.choice(["k", "numBits"] if version == 2 else ["bitsPerToken", "bitsPerFeature"]): b}
        if random.random() < 0.8:
            hashing["hash"] = {"type": "blakeHash"}
            if random.random() < 0.5:
                hashing["hash"] = {"type": "doubleHash"}
                if random.random() < 0.5:
                    hashing["hash"]["prevent_singularity"] = random.random() < 0.7
        if version == 2:
            hashing["ngram"] = random.randint(1, 3)
            if random.random() < 0.5:
                hashing["positional"] = random.random() < 0.5
        else:
            kind = random.random()
            if kind < 0.6:
                hashing["comparison"] = {"type": "ngram", "n": random.randint(1, 4)}
                if random.random() < 0.5:
                    hashing["comparison"]["positional"] = random.random() < 0.5
            elif kind < 0.75:
                hashing["comparison"] = {"type": "exact"}
            else:
                hashing["comparison"] = {"type": "numeric", "thresholdDistance": random.choice([1, 2, 5, 10, 0.5, 2.5, 100]), "resolution": random.choice([1, 2, 5, 20])}
                if random.random() < 0.6:
                    hashing["comparison"]["fractional_precision"] = random.randint(0, 4)
    if random.random() < 0.3:
        hashing["missingValue"] = {"sentinel": random.choice(["", "N/A", "m"])}
        if random.random() < 0.7:
            hashing["missingValue"]["replaceWith"] = random.choice(["", "0", "unknown", "1"])
    feature["hashing"] = hashing


def draw_schema():
    version = random.choice([1, 2, 3, 3, 3])
    kdf = {"type": "HKDF"}
    if random.random() < 0.6:
        kdf["hash"] = random.choice(["SHA256", "SHA512"])
    if random.random() < 0.5:
        kdf["salt"] = base64.b64encode(random.randbytes(random.randint(0, 70))).decode()
    if random.random() < 0.5:
        kdf["info"] = base64.b64encode(random.randbytes(random.randint(0, 40))).decode()
    if random.random() < 0.5:
        kdf["keySize"] = random.choice([1, 16, 32, 64, 64])
    config = {"l": random.choice([64, 128, 512, 1024, 2048] + ([1000, 720] if random.random() < 0.3 else [])), "kdf": kdf}
    if random.random() < 0.3:
        config["xor_folds"] = random.randint(0, 2)
    elif random.random() < 0.1:
        config["xorFolds"] = 1
    if version == 1:
        config["k"] = random.choice([1, 5, 20, 30])
        config["hash"] = {"type": random.choice(["blakeHash", "doubleHash"])}
    features, makers = [], []
    for i in range(random.randint(1, 7)):
        feature = {"identifier": f"f{i}"}
        if random.random() < 0.12:
            feature["ignored"] = True
            makers.append(word)
        else:
            makers.append(draw_format(feature))
            draw_hashing(version, feature)
        features.append(feature)
    if config["l"] in (1000, 720):  # blakeHash cannot: tessera says so at once, clkhash at the first token
        config.get("hash", {})["type"] = "doubleHash"
        for f in features:
            if version > 1 and "hashing" in f and f["hashing"].get("hash", {}).get("type") != "doubleHash":
                f["hashing"]["hash"] = {"type": "doubleHash"}
    return {"version": version, "clkConfig": config, "features": features}, makers


def theirs(schema, secret, text, validate):
    try:
        clks = clk.generate_clk_from_csv(io.StringIO(text, newline=""), secret, schema, validate=validate, progress_bar=False, max_workers=1)
        return json.dumps({"clks": [serialization.serialize_bitarray(c) for c in clks]})
    except Exception:  # whatever it raises, it refuses
        return None


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--build", required=True)
    p.add_argument("--rounds", type=int, default=300)
    p.add_argument("--rows", type=int, default=40)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--keep")
    o = p.parse_args()
    tessera = next(str(f.resolve()) for f in (pathlib.Path(o.build) / "cli" / "tessera", pathlib.Path(o.build) / "tessera") if f.is_file())
    work = pathlib.Path(o.keep or tempfile.mkdtemp(prefix="tessera-differ-"))
    work.mkdir(exist_ok=True)
    random.seed(o.seed)
    count = {"schemas": 0, "schemas both refuse": 0, "rows": 0, "rows both refuse": 0, "CLKs compared": 0}

    def ours(text, validate):
        (work / "t.csv").write_text(text, encoding="utf-8", newline="")
        run = subprocess.run([tessera, "clk", "encode", "t.csv", "--schema", "s.json", "--secret-file", "secret", "-o", "t.json", "--force"] + ([] if validate else ["--no-validate"]), cwd=work, capture_output=True, text=True)
        if run.returncode not in (0, 4, 7):
            sys.exit(f"differ.py: exit {run.returncode}: {run.stderr}; see {work}")
        return (work / "t.json").read_text() if run.returncode == 0 else None

    def table(names, rows):
        out = io.StringIO(newline="")
        w = csv.writer(out, lineterminator="\n")
        w.writerow(names)
        w.writerows(rows)
        return out.getvalue()

    for _ in range(o.rounds):
        document, makers = draw_schema()
        secret = random.choice(["secret", "s\u00e9cret \U0001f511", "x" * 100])
        (work / "s.json").write_text(json.dumps(document))
        (work / "secret").write_text(secret, encoding="utf-8")
        names = [f["identifier"] for f in document["features"]]
        rows = [[m() for m in makers] for _ in range(o.rows)]
        try:
            schema = clkhash.schema.from_json_dict(document)
        except Exception:
            schema = None
        validate = random.random() < 0.7
        count["schemas"] += 1

        def same(some):
            text = table(names, some)
            a = theirs(schema, secret, text, validate) if schema else None
            b = ours(text, validate)
            if a != b:
                sys.exit(f"differ.py: seed {o.seed}, schema {count['schemas']}, validate {validate}: the two differ; schema, table and our output are in {work}")
            return a

        if schema is None:
            same(rows)
            count["schemas both refuse"] += 1
            continue
        fit = [row for row in rows if theirs(schema, secret, table(names, [row]), validate) is not None]
        count["rows"] += len(rows)
        if fit and same(fit) is not None:
            count["CLKs compared"] += len(fit)
        for row in [row for row in rows if row not in fit][:6]:
            same([row])
            count["rows both refuse"] += 1
    print(", ".join(f"{v:,} {k}" for k, v in count.items()) + ": no difference")


main()
