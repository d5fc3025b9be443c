#!/usr/bin/env python3
"""K-12 -> college -> workforce on the synthetic state: recall and precision of every hop.

  p20w.py --tessera BUILD/cli/tessera --out FOLDER [--students 20000] [--years 2] [--seed 7] [--schema default]

The Octobers of all years go into a registry; then the last year's colleges and one quarter's wages are looked up
with `link --registry`, alone and together. Colleges know SSN and birthday, wage records SSN and name
only, and most K-12 records have no SSN: a wage record reaches a student through a college record.
Coverage (who of the file was ever a student with an ID) is shown apart from match."""
import argparse
import collections
import csv
import pathlib
import shutil
import subprocess
import sys


class Run:
    def __init__(self, asked):
        self.asked = asked
        self.out = pathlib.Path(asked.out)
        self.person = {}
        self.local = {}  # record key -> (owner, local ID)

    def tessera(self, *arguments):
        done = subprocess.run([self.asked.tessera, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode not in (0, 1):
            sys.exit(f"tessera {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")
        return done.stdout

    def encode(self, path, owner, *more):
        target = self.out / "work" / f"{owner}-{len(self.local)}.tess"
        self.tessera("encode", path, "--schema", self.out / "schema.json", "--key", self.out / "key", "--owner", owner,
                     "-o", target, *more)
        with open(target.with_suffix(".map"), newline="") as rows:
            for row in csv.DictReader(rows):
                self.local[(owner, row["record"])] = (owner, row["local_id"])
        return target

    def make(self):
        a = self.asked
        shutil.rmtree(self.out, ignore_errors=True)
        (self.out / "work").mkdir(parents=True)
        state = self.out / "state"
        self.tessera("synth", "--students", a.students, "--years", a.years, "--nights", 0, "--seed", a.seed, "-o", state)
        self.tessera("key", "new", self.out / "key")
        self.tessera("schema", "show", a.schema, "--ssn", "-o", self.out / "schema.json")
        with open(state / "truth.csv", newline="") as rows:
            for row in csv.DictReader(rows):
                self.person[(row["owner"], row["local_id"])] = row["person"]
        self.tessera("registry", "init", self.out / "state.db", "--schema", self.out / "schema.json", "--trial")
        self.owner_of_id = {}
        for year in range(1, a.years + 1):
            files = [self.encode(p, p.stem) for p in sorted((state / f"year{year}/october").iterdir())]
            answer = self.out / "work" / f"answer{year}"
            self.tessera("assign", *files, "--registry", self.out / "state.db", "--out", answer)
            with open(answer / "decisions.csv", newline="") as rows:
                for row in csv.DictReader(rows):
                    if row["state_id"]:
                        self.owner_of_id.setdefault(row["state_id"], self.person[self.local[(row["owner"], row["record"])]])
        last = state / f"year{a.years}"
        self.colleges = [self.encode(p, p.stem, "--population", "college") for p in sorted((last / "college").glob("*.csv"))]
        wages = last / "wages/wages_4.csv"
        self.wages = self.encode(wages, f"wages_y{a.years}q4", "--population", "wage")

    def look_up(self, name, files):
        out = self.out / f"{name}.csv"
        self.tessera("link", *files, "--registry", self.out / "state.db", "-o", out)
        with open(out, newline="") as rows:
            return list(csv.DictReader(rows))

    def figures(self, name, rows, wanted):
        """One line for the records whose owner starts with `wanted`."""
        known = set(self.owner_of_id.values())
        everyone = [who for who in set(self.local.values()) if who[0].startswith(wanted)]
        covered = {who for who in everyone if self.person[who] in known}
        right = wrong = through = right_through = 0
        for row in rows:
            who = self.local[(row["owner"], row["record"])]
            if not who[0].startswith(wanted) or row["cluster"] not in self.owner_of_id:
                continue
            good = self.owner_of_id[row["cluster"]] == self.person[who]
            right += good
            wrong += not good
            steps = int(row.get("steps") or 1)
            through += steps > 1
            right_through += steps > 1 and good
        share = lambda a, b: f"{a / b:.4f}" if b else "-"
        print(f"| {name} | {len(everyone)} | {share(len(covered), len(everyone))} | {right + wrong} | "
              f"{share(right, right + wrong)} | {share(right, len(covered))} | {through} | {share(right_through, through)} |")

    def report(self):
        print("| hop | records | of them students with an ID (coverage) | matched | precision | recall | "
              "through another file | precision of those |\n|---|---|---|---|---|---|---|---|")
        self.figures("K-12 to college", self.look_up("college", self.colleges), "college")
        self.figures("K-12 to wages, directly", self.look_up("wages", [self.wages]), "wages")
        both = self.look_up("both", [*self.colleges, self.wages])
        self.figures("K-12 to college, wages present", both, "college")
        self.figures("K-12 to wages, through college", both, "wages")
        self.college_to_wages()

    def college_to_wages(self):
        out = self.out / "hop.csv"
        self.tessera("link", *self.colleges, self.wages, "-o", out)
        groups = collections.defaultdict(list)
        with open(out, newline="") as rows:
            for row in csv.DictReader(rows):
                groups[row["cluster"]].append(self.local[(row["owner"], row["record"])])
        people = {self.person[w] for w in set(self.local.values()) if w[0].startswith("college")}
        wages = [w for w in set(self.local.values()) if w[0].startswith("wages")]
        true = {w for w in wages if self.person[w] in people}
        right = wrong = 0
        for members in groups.values():
            for wage in (m for m in members if m[0].startswith("wages")):
                others = [m for m in members if m[0].startswith("college")]
                if others:
                    good = all(self.person[m] == self.person[wage] for m in others)
                    right += good
                    wrong += not good
        share = lambda a, b: f"{a / b:.4f}" if b else "-"
        print(f"| college to wages | {len(wages)} | {share(len(true), len(wages))} | {right + wrong} | "
              f"{share(right, right + wrong)} | {share(right, len(true))} | 0 | - |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tessera", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--students", type=int, default=20000)
    parser.add_argument("--years", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--schema", default="default")
    run = Run(parser.parse_args())
    run.make()
    run.report()


if __name__ == "__main__":
    main()
