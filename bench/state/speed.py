#!/usr/bin/env python3
"""Whole commands at the size of a state: encode, link and assign, their time and peak memory.

  speed.py --tessera BUILD/cli/tessera --out FOLDER [--people 1000000] [--encode 200000]
           [--more 20000] [--seed 3] [--clkhash PYTHON] [--keep]

--clkhash names a Python that has clkhash: it then makes one CLK (1,024 bits; names, birth date, sex)
of each of the same rows with one worker, in turn with ours. Every row is the best of --rounds for
encoding and one run for the rest; processes are measured whole, reading and writing included."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

PEER = pathlib.Path(__file__).resolve().parents[1] / "peers" / "peer.py"


def clk_schema():
    def bigrams(name):
        return {"identifier": name, "format": {"type": "string", "encoding": "utf-8"},
                "hashing": {"comparison": {"type": "ngram", "n": 2}, "strategy": {"bitsPerFeature": 200}}}

    return {
        "version": 3,
        "clkConfig": {"l": 1024, "kdf": {"type": "HKDF"}},
        "features": [
            {"identifier": "local_id", "ignored": True},
            bigrams("first_name"), bigrams("middle_name"), bigrams("last_name"),
            {"identifier": "date_of_birth", "format": {"type": "string", "encoding": "utf-8"},
             "hashing": {"comparison": {"type": "ngram", "n": 1, "positional": True}, "strategy": {"bitsPerFeature": 200}}},
            {"identifier": "sex", "format": {"type": "string", "encoding": "utf-8"},
             "hashing": {"comparison": {"type": "ngram", "n": 1}, "strategy": {"bitsPerFeature": 60}}},
            {"identifier": "grade", "ignored": True}, {"identifier": "school", "ignored": True},
        ],
    }


class Speed:
    def __init__(self, o):
        self.o = o
        self.tessera = str(pathlib.Path(o.tessera).resolve())
        self.out = pathlib.Path(o.out)

    def run(self, *command):
        """CPU and wall seconds and peak memory of one command."""
        start = time.monotonic()
        with open(self.out / "said.txt", "wb") as said:
            process = subprocess.Popen([self.tessera, *map(str, command)], cwd=self.out, stdout=said, stderr=subprocess.STDOUT)
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = status
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            sys.exit(f"tessera {' '.join(map(str, command))}:\n{(self.out / 'said.txt').read_text()[-2000:]}")
        return {"cpu": used.ru_utime + used.ru_stime, "wall": time.monotonic() - start, "mib": used.ru_maxrss / 1024}

    def say(self, what, got, aim, rate=""):
        print(f"| {what} | {got['wall']:.1f} | {got['cpu']:.1f} | {got['mib']:.0f} | {rate} | {aim} |", flush=True)

    def encode(self, name, roster, *more):
        return self.run(*more, "encode", roster, "--key", "key", "--owner", name, "-o", f"{name}.tess", "--force")

    def encoding(self):
        o = self.o
        self.run("synth", "--pair", o.encode, "--overlap", 0.5, "--seed", o.seed, "-o", "small", "--force")
        rows = f"{o.encode:,} records"
        best = peer = None
        for _ in range(o.rounds):
            got = self.encode("small_a", "small/a.csv", "--threads", 1)
            best = got if best is None or got["cpu"] < best["cpu"] else best
            if o.clkhash:
                said = subprocess.run([o.clkhash, str(PEER), "encode", "--a", "small/a.csv", "--schema", "clk.json", "--secret",
                                       "secret", "--output", "clks.json"], cwd=self.out, check=True, capture_output=True, text=True)
                cpu = json.loads(said.stdout.strip().splitlines()[-1])["cpu"]
                peer = cpu if peer is None else min(peer, cpu)
        self.say(f"encode {rows}, default schema, one thread", best, "50,000, then 100,000 records per CPU s",
                 f"{o.encode / best['cpu']:,.0f} records per CPU s")
        if peer:
            print(f"| clkhash, one CLK of each, one worker | | {peer:.1f} | | {o.encode / peer:,.0f} records per CPU s; ours "
                  f"{peer / best['cpu']:.2f} times | |", flush=True)

    def registry(self):
        o = self.o
        self.run("synth", "--pair", o.people, "--overlap", 0.5, "--seed", o.seed, "-o", "pair", "--force")
        for side in "ab":
            self.say(f"encode {o.people:,} records, two threads", self.encode(side, f"pair/{side}.csv"), "")
        self.say(f"link {o.people:,} x {o.people:,}, half in both", self.run("link", "a.tess", "b.tess", "-o", "links.csv", "--force"),
                 "60 s, 2 GB")
        check = subprocess.run([self.tessera, "key", "fingerprint", "key"], cwd=self.out, check=True, capture_output=True,
                               text=True).stdout.strip()
        (self.out / "R.db").unlink(missing_ok=True)
        for old in self.out.glob("R.db*"):
            old.unlink() if old.is_file() else shutil.rmtree(old)
        self.run("registry", "init", "R.db", "--trial", "--key-check", check)
        self.say(f"assign {o.people:,} into an empty registry", self.run("assign", "a.tess", "--registry", "R.db", "--out", "ids1",
                                                                        "--force"), "60 s")
        with open(self.out / "pair/b.csv", encoding="utf-8") as b, open(self.out / "more.csv", "w", encoding="utf-8") as more:
            for i, line in enumerate(b):
                if i > o.more:
                    break
                more.write(line)
        self.encode("more", "more.csv")
        self.say(f"assign {o.more:,} more, commit included", self.run("assign", "more.tess", "--registry", "R.db", "--out", "ids2",
                                                                     "--force"), "5 s")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--tessera", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--people", type=int, default=1_000_000)
    p.add_argument("--encode", type=int, default=200_000)
    p.add_argument("--more", type=int, default=20_000)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--seed", type=int, default=3)
    p.add_argument("--clkhash", help="a Python that has clkhash")
    p.add_argument("--keep", action="store_true", help="keep the files")
    o = p.parse_args()
    speed = Speed(o)
    speed.out.mkdir(parents=True, exist_ok=True)
    (speed.out / "clk.json").write_text(json.dumps(clk_schema()))
    (speed.out / "secret").write_text("a secret of this race")
    speed.run("key", "new", "key", "--force")
    print("| work | wall s | CPU s | peak MiB | rate | aim |\n|---|---|---|---|---|---|", flush=True)
    speed.encoding()
    speed.registry()
    if not o.keep:
        shutil.rmtree(speed.out)


main()
