"""What anonlink and clkhash do, timed: run by run.py with the scratch environment's Python.

Each command prints one line of JSON: CPU seconds of the work alone, what was counted, and the peak
of memory. Data is made here too, from clkhash's own name generator.
"""
import argparse
import csv
import io
import json
import random
import resource
import time

import numpy as np


def report(cpu, **more):
    print(json.dumps({"cpu": cpu, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, **more}))


def filters(path, size):
    from bitarray import bitarray

    data = open(path, "rb").read()
    out = []
    for at in range(0, len(data), size):
        b = bitarray()
        b.frombytes(data[at : at + size])
        out.append(b)
    return out


def make_filters(o):
    """Filters of names and dates: n-grams of skewed words, half of B copies of A with typos."""
    rng = np.random.default_rng(o.seed)
    bits = o.bytes * 8
    vocabulary = [rng.integers(0, 500 if f < 2 else 90, size=(4000, 10)) + 1000 * f for f in range(3)]
    lengths = [rng.integers(6, 11, size=4000) for _ in range(3)]
    grams = rng.integers(0, bits, size=(3000, bits // 48))
    words = [np.minimum((rng.random(o.rows) ** 3 * 4000).astype(int), 3999) for _ in range(3)]
    others = [np.minimum((rng.random(o.rows) ** 3 * 4000).astype(int), 3999) for _ in range(3)]
    for path, copy in ((o.a, False), (o.b, True)):
        with open(path, "wb") as out:
            for first in range(0, o.rows, 20000):  # a million rows of bytes would not fit
                last = min(o.rows, first + 20000)
                rows = np.zeros((last - first, bits), dtype=bool)
                for r in range(first, last):
                    same = copy and r % 2 == 0
                    for f in range(3):
                        w = (others if copy and not same else words)[f][r]
                        g = vocabulary[f][w, : lengths[f][w]].copy()
                        if same and rng.random() < 0.2:
                            g[rng.integers(0, len(g), size=2)] = rng.integers(0, 90, size=2) + 1000 * f
                        rows[r - first, grams[g].ravel()] = True
                np.packbits(rows, axis=1).tofile(out)


def dice(o):
    from anonlink.similarities import dice_coefficient_accelerated

    a, b = filters(o.a, o.bytes), filters(o.b, o.bytes)
    start = time.process_time()
    sims, _ = dice_coefficient_accelerated((a, b), o.threshold)
    report(time.process_time() - start, hits=len(sims), pairs=len(a) * len(b))


def make_blocks(o):
    rng = np.random.default_rng(o.seed)
    for path in (o.a, o.b):
        rng.integers(0, o.names, size=(o.rows, 3), dtype=np.uint32).tofile(path)


def blocks(o):
    import anonlink

    data = [filters(o.a, o.bytes), filters(o.b, o.bytes)]
    keys = [np.fromfile(p, dtype=np.uint32).reshape(-1, 3).tolist() for p in (o.blocks_a, o.blocks_b)]
    start = time.process_time()
    sims, _, _ = anonlink.candidate_generation.find_candidate_pairs(
        data, anonlink.similarities.dice_coefficient_accelerated, o.threshold, blocking_f=lambda i, j, _: keys[i][j])
    report(time.process_time() - start, hits=len(sims))


def make_pairs(o):
    """Random candidates, most alike first, in anonlink's binary form."""
    rng = np.random.default_rng(o.seed)
    pairs = np.zeros(o.pairs, dtype=[("s", "<f8"), ("d0", "<u4"), ("d1", "<u4"), ("r0", "<u4"), ("r1", "<u4")])
    pairs["s"] = np.round(rng.uniform(0.7, 1, o.pairs), 4)
    pairs["d1"] = 1
    pairs["r0"] = rng.integers(0, o.rows, o.pairs)
    pairs["r1"] = rng.integers(0, o.rows, o.pairs)
    pairs = np.unique(pairs)
    pairs["s"] *= -1
    pairs.sort(order=["s", "d0", "d1", "r0", "r1"])
    pairs["s"] *= -1
    with open(o.a, "wb") as f:
        f.write(bytes([1, 8, 4, 4]))
        pairs.tofile(f)


def solve(o):
    import anonlink

    with open(o.a, "rb") as f:
        candidates = anonlink.serialization.load_candidate_pairs(f)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    if o.probabilistic:
        groups = anonlink.solving.probabilistic_greedy_solve(candidates)
    else:
        groups = anonlink.solving.greedy_solve(candidates)
    cpu = time.process_time() - start
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    report(cpu, groups=sum(1 for _ in groups), candidates=len(candidates[0]), grown_mib=grown / 1024)


SCHEMA = {
    "version": 3,
    "clkConfig": {"l": 1024, "kdf": {"type": "HKDF", "hash": "SHA256", "keySize": 64}},
    "features": [
        {"identifier": "id", "ignored": True},
        *(
            {"identifier": n, "format": {"type": "string", "encoding": "utf-8"},
             "hashing": {"comparison": {"type": "ngram", "n": 2}, "strategy": {"bitsPerFeature": 200}, "hash": {"type": "blakeHash"}}}
            for n in ("first", "last")
        ),
        {"identifier": "dob", "format": {"type": "date", "format": "%Y/%m/%d"},
         "hashing": {"comparison": {"type": "ngram", "n": 1, "positional": True}, "strategy": {"bitsPerFeature": 200}, "hash": {"type": "blakeHash"}}},
        {"identifier": "gender", "format": {"type": "enum", "values": ["M", "F"]},
         "hashing": {"comparison": {"type": "ngram", "n": 1}, "strategy": {"bitsPerFeature": 60}, "hash": {"type": "blakeHash"}}},
    ],
}


def make_people(o):
    from clkhash.randomnames import NameList

    random.seed(o.seed)
    people = [(n.split(" ", 1)[0], n.split(" ", 1)[1], d, g) for _, n, d, g in NameList(o.rows * 6 // 5).names]

    def typo(s):
        if len(s) < 2 or random.random() > 0.3:
            return s
        i = random.randrange(len(s))
        c = random.choice("abcdefghijklmnopqrstuvwxyz")
        return random.choice((s[:i] + c + s[i + 1 :], s[:i] + s[i + 1 :], s[:i] + c + s[i:]))

    shared = o.rows * 4 // 5
    a = people[: o.rows]
    b = [(typo(f), typo(last), d, g) for f, last, d, g in people[:shared]] + people[o.rows : 2 * o.rows - shared]
    random.shuffle(b)
    for path, rows in ((o.a, a), (o.b, b)):
        with open(path, "w", newline="") as f:
            w = csv.writer(f, lineterminator="\n")
            w.writerow(["id", "first", "last", "dob", "gender"])
            w.writerows((i, *row) for i, row in enumerate(rows))
    json.dump(SCHEMA, open(o.schema, "w"))


def encode(o):
    import clkhash
    from clkhash import clk, serialization

    schema = clkhash.schema.from_json_file(open(o.schema))
    text = open(o.a).read()
    start = time.process_time()
    clks = clk.generate_clk_from_csv(io.StringIO(text), open(o.secret).read(), schema, progress_bar=False, max_workers=1)
    if o.output:
        json.dump({"clks": [serialization.serialize_bitarray(c) for c in clks]}, open(o.output, "w"))
    report(time.process_time() - start, rows=len(clks))


def end_to_end(o):
    import anonlink
    import clkhash
    from clkhash import clk

    schema = clkhash.schema.from_json_file(open(o.schema))
    secret = open(o.secret).read()
    start = time.process_time()
    data = [clk.generate_clk_from_csv(open(p), secret, schema, progress_bar=False, max_workers=1) for p in (o.a, o.b)]
    candidates = anonlink.candidate_generation.find_candidate_pairs(
        data, anonlink.similarities.dice_coefficient_accelerated, o.threshold)
    groups = list(anonlink.solving.greedy_solve(candidates))
    report(time.process_time() - start, candidates=len(candidates[0]), groups=len(groups))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("work")
    for name in ("a", "b", "blocks-a", "blocks-b", "schema", "secret", "output"):
        p.add_argument("--" + name)
    for name in ("bytes", "rows", "names", "pairs"):
        p.add_argument("--" + name, type=int)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threshold", type=float)
    p.add_argument("--probabilistic", action="store_true")
    o = p.parse_args()
    work = {f.__name__.replace("_", "-"): f for f in (make_filters, dice, make_blocks, blocks, make_pairs, solve, make_people, encode, end_to_end)}
    work[o.work](o)


main()
