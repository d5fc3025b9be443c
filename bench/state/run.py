#!/usr/bin/env python3
"""A synthetic state through its years: encode and assign every batch, then count what went wrong.

  run.py --tessera BUILD/cli/tessera --out FOLDER [--students 200000] [--years 3] [--nights 3]
         [--seed 7] [--ssn] [--schema default] [--model FILE] [--automatic P] [--sweep FILE] [--keep]

Prints, as Markdown: duplicate IDs among active students, false merges per 100,000 links made by
score with their one-sided 95 % bound, the share of new or changed nightly rows that went to review,
and times. Every figure is counted from the files that tessera wrote, against the generator's truth.
No reviewer is simulated: rows in review have no ID and count neither as duplicates nor as merges.

--sweep writes, for every automatic threshold from that of the run upwards, the false merges and the
rows in review that it would have given: links below it become reviews. What such a link would have
changed for later batches is left out, so a sweep is checked by a run at the threshold chosen."""
import argparse
import collections
import csv
import json
import math
import pathlib
import re
import shutil
import subprocess
import sys
import time


SHIPPED = pathlib.Path(__file__).resolve().parents[2] / "data/models/shipped.json"
SWEEP = [0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9993, 0.9995, 0.9997, 0.9998, 0.9999, 0.99995, 0.99998, 0.99999,
         0.999999]


def poisson_upper(events, level=0.95):
    """Largest mean under which so few events have a chance of 1 - level."""
    low, high = 0.0, events * 3 + 20.0
    for _ in range(200):
        mean = (low + high) / 2
        term = total = math.exp(-mean)
        for k in range(1, events + 1):
            term *= mean / k
            total += term
        low, high = (mean, high) if total > 1 - level else (low, mean)
    return high


def rosters(folder):
    """district -> path, CSV files and OneRoster folders."""
    if not folder.is_dir():
        return {}
    return {p.stem if p.is_file() else p.name: p for p in sorted(folder.iterdir())}


class State:
    def __init__(self, asked):
        self.asked = asked
        self.out = pathlib.Path(asked.out)
        self.state = self.out / "state"
        self.spent = collections.Counter()
        self.person = {}
        self.id_of = {}       # (owner, local ID) -> state ID
        self.founder = {}     # state ID -> person who got it first
        self.links = self.false = 0
        self.wrong = []
        self.nightly = self.nightly_review = 0
        self.made = []        # of each link by score: (probability, made in a night, false)
        self.reasons = collections.Counter()
        self.review_truth = collections.Counter()

    def tessera(self, what, *arguments):
        start = time.monotonic()
        done = subprocess.run([self.asked.tessera, *map(str, arguments)], capture_output=True, text=True)
        self.spent[what] += time.monotonic() - start
        if done.returncode not in (0, 1):
            sys.exit(f"tessera {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")
        return done

    def batch(self, name, folder, night):
        work = self.out / "work" / name
        work.mkdir(parents=True)
        files = []
        for owner, path in rosters(folder).items():
            target = work / f"{owner}.tess"
            self.tessera("encode", "encode", path, "--schema", self.out / "schema.json", "--key", self.out / "key",
                         "--owner", owner, "-o", target)
            files.append(target)
        if not files:
            return
        if not (self.out / "state.db").exists():
            self.tessera("init", "registry", "init", self.out / "state.db", "--schema", self.out / "schema.json", "--trial")
        self.tessera("assign october" if not night else "assign night", "assign", *files, "--registry",
                     self.out / "state.db", "--out", work / "answer", *(["--model", self.asked.model] if self.asked.model else []))
        local = {}
        for f in files:
            with open(f.with_suffix(".map"), newline="") as rows:
                for row in csv.DictReader(rows):
                    local[row["record"]] = row["local_id"]
        self.read(work / "answer", local, night)
        summary = json.loads((work / "answer" / "summary.json").read_text())
        print(f"  {name}: {summary['records']} rows, {summary['statuses']}, {summary['reasons']}", flush=True)
        if not self.asked.keep:
            shutil.rmtree(work)

    def read(self, answer, local, night):
        rows = list(csv.DictReader(open(answer / "decisions.csv", newline="")))
        # Whoever founds an ID in this batch first, then those who were attached to it.
        rows.sort(key=lambda r: r["status"] != "new")
        for row in rows:
            who = (row["owner"], local[row["record"]])
            person = self.person[who]
            if night:  # every line of a night is new or changed
                self.nightly += 1
                self.nightly_review += row["status"] == "review"
            if row["status"] == "review":
                self.reasons[row["reason"]] += 1
            if not row["state_id"]:
                continue
            if row["decided_by"] == "score" and row["state_id"] in self.founder:
                self.links += 1
                false = self.founder[row["state_id"]] != person
                self.made.append((float(row["probability"]), night, false))
                if false:
                    self.false += 1
                    self.wrong.append((who, row))
            self.founder.setdefault(row["state_id"], person)
            self.id_of[who] = row["state_id"]

    def run(self):
        a = self.asked
        if self.out.exists():
            shutil.rmtree(self.out)
        self.out.mkdir(parents=True)
        ssn = [] if a.ssn else ["--ssn-share", "0"]
        self.tessera("synth", "synth", "--students", a.students, "--years", a.years, "--nights", a.nights, "--seed",
                     a.seed, *ssn, "-o", self.state)
        if a.automatic:
            model = json.loads((pathlib.Path(a.model) if a.model else SHIPPED).read_text())
            model["automatic"] = a.automatic
            a.model = self.out / "model.json"
            a.model.write_text(json.dumps(model, indent=1))
        self.tessera("key", "key", "new", self.out / "key")
        self.tessera("schema", "schema", "show", a.schema, *(["--ssn"] if a.ssn else []), "-o", self.out / "schema.json")
        with open(self.state / "truth.csv", newline="") as rows:
            for row in csv.DictReader(rows):
                self.person[(row["owner"], row["local_id"])] = row["person"]
        for year in range(1, a.years + 1):
            folder = self.state / f"year{year}"
            self.batch(f"year{year}-october", folder / "october", False)
            for night in sorted(p for p in folder.iterdir() if re.fullmatch(r"night\d+", p.name)):
                self.batch(f"year{year}-{night.name}", night, True)

    def sweep(self):
        rows = []
        for threshold in SWEEP:
            kept = [m for m in self.made if m[0] >= threshold]
            false = sum(m[2] for m in kept)
            moved = sum(1 for m in self.made if m[1] and m[0] < threshold)
            links = max(len(kept), 1)
            rows.append({"threshold": threshold, "links": len(kept), "false": false,
                         "per_100k": false / links * 1e5, "upper_per_100k": poisson_upper(false) / links * 1e5,
                         "review_share": (self.nightly_review + moved) / max(self.nightly, 1)})
        pathlib.Path(self.asked.sweep).write_text(json.dumps(rows, indent=1) + "\n")

    def report(self):
        ids = collections.defaultdict(set)
        for who, state_id in self.id_of.items():
            ids[self.person[who]].add(state_id)
        duplicated = sum(len(v) > 1 for v in ids.values())
        merged = collections.defaultdict(set)
        for who, state_id in self.id_of.items():
            merged[state_id].add(self.person[who])
        bound = poisson_upper(self.false) / max(self.links, 1) * 1e5
        print("\n| figure | value |\n|---|---|")
        print(f"| students with an ID | {len(ids)} |")
        print(f"| students with more than one ID | {duplicated} ({100 * duplicated / max(len(ids), 1):.3f} %) |")
        print(f"| IDs held by more than one person | {sum(len(v) > 1 for v in merged.values())} |")
        print(f"| links made by score | {self.links} |")
        print(f"| of them false | {self.false} ({self.false / max(self.links, 1) * 1e5:.2f} per 100,000; "
              f"95 % bound {bound:.2f}) |")
        print(f"| nightly rows new or changed | {self.nightly} |")
        print(f"| of them in review | {self.nightly_review} ({100 * self.nightly_review / max(self.nightly, 1):.2f} %) |")
        print(f"| review reasons, all batches | {dict(self.reasons)} |")
        for what, seconds in self.spent.items():
            print(f"| {what}, wall | {seconds:.1f} s |")
        for who, row in self.wrong[:20]:
            print(f"false: {who} {row['probability']} {row['reason']}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tessera", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--students", type=int, default=200000)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--nights", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--schema", default="default")
    parser.add_argument("--model", default="")
    parser.add_argument("--automatic", type=float, help="automatic threshold in place of the model's")
    parser.add_argument("--sweep", help="JSON to write: what other thresholds would have given")
    parser.add_argument("--ssn", action="store_true")
    parser.add_argument("--keep", action="store_true")
    state = State(parser.parse_args())
    state.run()
    state.report()
    if state.asked.sweep:
        state.sweep()


if __name__ == "__main__":
    main()
