#!/usr/bin/env python3
"""K-12 -> college -> workforce on the synthetic state: recall and precision of every hop and end to end.

  p20w.py --tessera BUILD/cli/tessera --out FOLDER [--students 20000] [--years 3] [--seed 7]
          [--schema default] [--k12-ssn SHARE]

The Octobers of all years go into a registry; then the college rosters of all years and the last
quarter's wages are looked up with `link --registry`, alone and together. Colleges know birthday and
mostly SSN; wage records know SSN and name only; K-12 knows no SSN, unless --k12-ssn says otherwise.
So a wage record reaches a student through a college record.

Three things are told apart. In scope: the record's person is on the other side at all. Covered: both
sides also have the fields of a pass, as the files show. Matched: what tessera linked. Recall is given
of the covered and of those in scope. "said" is the mean probability that tessera gives the matches,
compounded over the links of each path; "seen" is the share of them that is right."""
import argparse
import collections
import csv
import pathlib
import shutil
import subprocess
import sys

HEAD = ["hop", "records", "in scope", "covered", "covered of scope", "matched", "precision", "recall of covered",
        "recall of scope", "said", "seen"]


def rows_of(path):
    with open(path, newline="") as rows:
        return list(csv.DictReader(rows))


def share(a, b):
    return f"{a / b:.4f}" if b else "-"


class Run:
    def __init__(self, asked):
        self.asked = asked
        self.out = pathlib.Path(asked.out)
        self.person = {}   # (owner, local ID) -> person
        self.record = {}   # (owner, record key) -> (owner, local ID)
        self.row = {}      # (owner, local ID) -> (has an SSN, has a birthday), of any file of that owner

    def tessera(self, *arguments):
        done = subprocess.run([self.asked.tessera, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode not in (0, 1):
            sys.exit(f"tessera {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")
        return done.stdout

    def encode(self, path, owner, name, *more):
        target = self.out / "work" / f"{name}.tess"
        self.tessera("encode", path, "--schema", self.out / "schema.json", "--key", self.out / "key", "--owner", owner,
                     "-o", target, *more)
        for row in rows_of(target.with_suffix(".map")):
            self.record[(owner, row["record"])] = (owner, row["local_id"])
        for row in rows_of(path):
            who = (owner, row["local_id"])
            ssn, born = self.row.get(who, (False, False))
            self.row[who] = (ssn or bool(row.get("ssn")), born or bool(row.get("date_of_birth")))
        return target

    def make(self):
        a = self.asked
        shutil.rmtree(self.out, ignore_errors=True)
        (self.out / "work").mkdir(parents=True)
        state = self.out / "state"
        self.tessera("synth", "--students", a.students, "--years", a.years, "--nights", 0, "--seed", a.seed,
                     "--ssn-share", a.k12_ssn, "--no-oneroster", "-o", state)
        self.tessera("key", "new", self.out / "key")
        self.tessera("schema", "show", a.schema, "--ssn", "-o", self.out / "schema.json")
        for row in rows_of(state / "truth.csv"):
            self.person[(row["owner"], row["local_id"])] = row["person"]
        self.tessera("registry", "init", self.out / "state.db", "--schema", self.out / "schema.json", "--trial")
        self.of_id = {}  # state ID -> who got it first
        self.colleges = []
        for year in range(1, a.years + 1):
            folder = state / f"year{year}"
            files = [self.encode(p, p.stem, f"{p.stem}-{year}") for p in sorted((folder / "october").iterdir())]
            answer = self.out / "work" / f"answer{year}"
            self.tessera("assign", *files, "--registry", self.out / "state.db", "--out", answer)
            for row in rows_of(answer / "decisions.csv"):
                if row["state_id"]:
                    self.of_id.setdefault(row["state_id"], self.person[self.record[(row["owner"], row["record"])]])
            self.colleges += [self.encode(p, p.stem, f"{p.stem}-{year}", "--population", "college")
                              for p in sorted((folder / "college").glob("*.csv"))]
        self.wages = self.encode(state / f"year{a.years}/wages/wages_4.csv", f"wages_y{a.years}q4", "wages",
                                 "--population", "wage")
        self.index()

    def index(self):
        """Who is where, and with what."""
        self.side = collections.defaultdict(dict)  # side -> person -> (has an SSN, has a birthday)
        for who, (ssn, born) in self.row.items():
            side = "college" if who[0].startswith("college") else "wage" if who[0].startswith("wages") else "k12"
            person = self.person[who]
            known = self.side[side].get(person, (False, False))
            self.side[side][person] = (known[0] or ssn, known[1] or born)
        held = set(self.of_id.values())
        self.side["k12"] = {p: f for p, f in self.side["k12"].items() if p in held}

    def look_up(self, name, files):
        out = self.out / f"{name}.csv"
        self.tessera("link", *files, "--registry", self.out / "state.db", "-o", out)
        return rows_of(out)

    def line(self, name, wanted, scope, covered, judged):
        """One row. `judged`: for each matched record (its key, right or not, probability)."""
        everyone = {w for w in self.row if w[0].startswith(wanted)}
        inside = {w for w in everyone if self.person[w] in scope}
        able = {w for w in inside if covered(w)}
        best = {}
        for who, good, said in judged:
            if who[0].startswith(wanted):
                best[who] = (best.get(who, (True, 0))[0] and good, said)
        right = sum(good for good, _ in best.values())
        matched = len(best)
        said = sum(p for _, p in best.values())
        cells = [name, len(everyone), len(inside), len(able), share(len(able), len(inside)), matched, share(right, matched),
                 share(sum(best.get(w, (False,))[0] for w in able), len(able)), share(right, len(inside)),
                 share(said, matched), share(right, matched)]
        print("| " + " | ".join(map(str, cells)) + " |", flush=True)

    def judged(self, rows, steps=None):
        for row in rows:
            who = self.record[(row["owner"], row["record"])]
            if row["cluster"] in self.of_id and (steps is None or steps(int(row["steps"]))):
                yield who, self.of_id[row["cluster"]] == self.person[who], float(row["probability"])

    def report(self):
        print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD))
        k12, college = self.side["k12"], self.side["college"]
        born = lambda who: self.row[who][1] and k12[self.person[who]][1]
        number = lambda side: lambda who: self.row[who][0] and side.get(self.person[who], (False,))[0]
        # Along a path every hop must be covered: K-12 to college by birthday or SSN, college to wages by SSN.
        bridged = {p for p, f in college.items() if f[0] and p in k12 and f[1] and k12[p][1]}
        able = lambda who: number(k12)(who) or (self.row[who][0] and self.person[who] in bridged)
        self.line("K-12 to college", "college", k12, lambda w: born(w) or number(k12)(w),
                  self.judged(self.look_up("college", self.colleges)))
        self.college_to_wages(number(college))
        self.line("K-12 to wages, wages alone", "wages", k12, number(k12), self.judged(self.look_up("wages", [self.wages])))
        both = self.look_up("both", [*self.colleges, self.wages])
        self.line("K-12 to college, wages present", "college", k12, lambda w: born(w) or number(k12)(w), self.judged(both))
        self.line("end to end: K-12 to wages by any path", "wages", k12, able, self.judged(both))
        self.line("... of two links or more", "wages", k12, able, self.judged(both, lambda n: n > 1))

    def college_to_wages(self, covered):
        out = self.out / "hop.csv"
        self.tessera("link", *self.colleges, self.wages, "-o", out)
        groups = collections.defaultdict(list)
        for row in rows_of(out):
            groups[row["cluster"]].append((self.record[(row["owner"], row["record"])], float(row["probability"])))
        judged = []
        for members in groups.values():
            others = {self.person[w] for w, _ in members if w[0].startswith("college")}
            judged += [(w, others == {self.person[w]}, p) for w, p in members if w[0].startswith("wages") and others]
        self.line("college to wages", "wages", self.side["college"], covered, judged)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tessera", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--students", type=int, default=20000)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--schema", default="default")
    parser.add_argument("--k12-ssn", type=float, default=0, help="share of K-12 records with an SSN")
    run = Run(parser.parse_args())
    run.make()
    run.report()


if __name__ == "__main__":
    main()
