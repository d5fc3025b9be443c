#!/usr/bin/env python3
"""Is the linkage as good for everybody? Recall and precision by group on the synthetic state.

  fair.py --tessera BUILD/cli/tessera --out FOLDER [--students 200000] [--years 3] [--seed 7] [--ssn]
          [--schema default] [--model FILE]

Every second district gives the roster of its first October, the others that of their last; they are
linked with `tessera link`, and `tessera evaluate --groups` compares the outcome with the truth by
ethnicity of the surname, sex, compound surname, twin and SSN state. True pairs are students who moved
in between, and those enrolled twice. (--newest: all districts, the newest line of each local ID over
all years, in which a district may hold a person twice: a hard case for a rule of one partner each.) c is the share of a group's true
pairs that share a tag; recall is at a probability of .9, after one-to-one assignment, and in clusters.
Gaps are in points, against all. A gap above one point is marked (!)."""
import argparse
import collections
import csv
import json
import pathlib
import re
import shutil
import subprocess
import sys


def rows_of(path):
    with open(path, newline="") as rows:
        return list(csv.DictReader(rows))


class Run:
    def __init__(self, asked):
        self.asked = asked
        self.out = pathlib.Path(asked.out)
        self.state = self.out / "state"

    def tessera(self, *arguments):
        done = subprocess.run([self.asked.tessera, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode not in (0, 1):
            sys.exit(f"tessera {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")

    def snapshots(self):
        """Every second district as it was in the first October, the others as in the last."""
        folders = [self.state / f"year{year}/october" for year in (1, self.asked.years)]
        return {path.stem: {row["local_id"]: row for row in rows_of(folders[i % 2] / path.name)}
                for i, path in enumerate(sorted(folders[0].glob("*.csv")))}

    def newest(self):
        """The newest line of each local ID over all years: whoever came back under another stands there twice."""
        out = {}
        for year in range(1, self.asked.years + 1):
            folder = self.state / f"year{year}"
            batches = ["october", *sorted(p.name for p in folder.iterdir() if re.fullmatch(r"night\d+", p.name))]
            for path in (path for batch in batches for path in sorted((folder / batch).glob("*.csv"))):
                out.setdefault(path.stem, {}).update((row["local_id"], row) for row in rows_of(path))
        return out

    def make(self):
        a = self.asked
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir(parents=True)
        self.tessera("synth", "--students", a.students, "--years", a.years, "--nights", 2, "--seed", a.seed, "--no-oneroster",
                     "--noise", a.noise,
                     *([] if a.ssn else ["--ssn-share", "0"]), "-o", self.state)
        self.tessera("key", "new", self.out / "key")
        self.tessera("schema", "show", a.schema, *(["--ssn"] if a.ssn else []), "-o", self.out / "schema.json")
        rosters = self.newest() if a.newest else self.snapshots()
        self.files = []
        for owner, rows in sorted(rosters.items()):
            path = self.out / f"{owner}.csv"
            with open(path, "w", newline="") as out:
                writer = csv.DictWriter(out, list(next(iter(rows.values()))), restval="")
                writer.writeheader()
                writer.writerows(rows.values())
            self.tessera("encode", path, "--schema", self.out / "schema.json", "--key", self.out / "key", "--owner", owner,
                         "-o", path.with_suffix(".tess"))
            self.files.append(path.with_suffix(".tess"))

    def who(self):
        """(owner, record key) -> (owner, local ID)"""
        return {(f.stem, row["record"]): (f.stem, row["local_id"])
                for f in self.files for row in rows_of(f.with_suffix(".map"))}

    def persons(self):
        """(owner, record key) -> person"""
        person = {(r["owner"], r["local_id"]): r["person"] for r in rows_of(self.state / "truth.csv")}
        return {record: person[local] for record, local in self.who().items()}

    def met(self):
        """(column, value) -> true pairs that share a tag, as evaluate groups them."""
        who, person = self.who(), self.persons()
        group = {(r["owner"], r["local_id"]): r for r in rows_of(self.state / "groups.csv")}
        out = collections.Counter()
        with open(self.out / "pairs.csv", newline="") as rows:
            for row in csv.DictReader(rows):
                left, right = (row["left_owner"], row["left_record"]), (row["right_owner"], row["right_record"])
                if left[0] == right[0] or person[left] != person[right]:
                    continue
                a, b = who[left], who[right]
                for column, value in group[a].items():
                    out[(column, value if group[b][column] == value else "mixed")] += 1
        return out

    def link(self, threshold=0.9):
        model = ["--model", self.asked.model] if self.asked.model else []
        self.tessera("link", *self.files, "-o", self.out / "links.csv", "--pairs", self.out / "pairs.csv", "--pairs-floor", 0,
                     "--threshold", threshold, "--force", *model)

    def measure(self):
        self.link()
        self.tessera("evaluate", "--pairs", self.out / "pairs.csv", "--clusters", self.out / "links.csv", "--truth",
                     self.state / "truth.csv", "--groups", self.state / "groups.csv", "--map",
                     *[f"{f.stem}={f.with_suffix('.map')}" for f in self.files], "--json", self.out / "quality.json")
        return json.loads((self.out / "quality.json").read_text())


def shown(x):
    return x if isinstance(x, str) else "-" if x is None else f"{x:.4f}"


def gap(x, of_all):
    if not isinstance(x, float):
        return "-"
    points = 100 * (x - of_all)
    return f"{points:+.2f}" + (" (!)" if abs(points) > 1 else "")


def report(quality, met):
    at = next(p for p in quality["pairs"]["one_to_one"]["thresholds"] if p["threshold"] == 0.9)
    whole = quality["clusters"]["pairwise"]
    print("| column | group | true pairs | c | recall | 95 % | gap | precision | 95 % | recall in clusters | gap |\n|" + "---|" * 11)
    print(f"| all | | {quality['true_pairs']} | {quality['pairs']['completeness']:.4f} | {at['recall']:.4f} | "
          f"{at['recall_95'][0]:.4f}-{at['recall_95'][1]:.4f} | | {at['precision']:.4f} | "
          f"{at['precision_95'][0]:.4f}-{at['precision_95'][1]:.4f} | {whole['recall']:.4f} | |")
    tables = {(t["column"], t["of"]): t["rows"] for t in quality["groups"]}
    for (column, of), rows in tables.items():
        if of != "pairs" or column == "population":
            continue
        clusters = {r["value"]: r for r in tables[(column, "clusters")]}
        for r in rows:
            true = r["true_pairs"]
            c = met[(column, r["value"])] / true if isinstance(true, int) and true else None
            bounds = lambda b: f"{b[0]:.4f}-{b[1]:.4f}" if isinstance(b, list) and b[0] is not None else "-"
            inside = clusters[r["value"]]["recall"]
            print(f"| {column} | {r['value']} | {r['true_pairs']} | {shown(c)} | {shown(r['recall'])} | "
                  f"{bounds(r['recall_95'])} | {gap(r['recall'], at['recall'])} | {shown(r['precision'])} | "
                  f"{bounds(r['precision_95'])} | {shown(inside)} | {gap(inside, whole['recall'])} |")


def add_options(parser, students):
    parser.add_argument("--tessera", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--students", type=int, default=students)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--schema", default="default")
    parser.add_argument("--ssn", action="store_true", help="with SSN tokens")
    parser.add_argument("--noise", default="default", help="clean, default or harsh")
    parser.add_argument("--newest", action="store_true", help="rosters that hold some persons twice")
    parser.add_argument("--model", type=pathlib.Path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser, students=200000)
    run = Run(parser.parse_args())
    run.make()
    report(run.measure(), run.met())


if __name__ == "__main__":
    main()
