#!/usr/bin/env python3
"""What each choice of passes finds, and what it gives away: the figures of docs/choosing-a-schema.md.

  frontier.py --tessera BUILD/cli/tessera --out FOLDER [--scale 1.0] [--only NAME]... [--merge]

For the shipped schemas and pass sets between them, each with and without SSNs: the share of true pairs
that share a tag (c), recall at p >= 0.9 and best F1 after one to one, bytes of a record, and the attacks
P1, P3, P4, P6 and P7. Nothing is computed here: linkage and attacks are those of `tessera attack --json`
on synthetic people, and bytes are those of a file that `tessera encode` wrote. Leaves frontier.json,
frontier.md and frontier.svg in FOLDER. --scale shrinks the populations, for a trial; --merge keeps the
rows of an earlier frontier.json that were not taken again."""
import argparse
import json
import pathlib
import subprocess
import tempfile

NAMES = "phonetic(first&last)"
DOB_LAST = ("dob_last", ["dob", "phonetic(last)"])
DOB_FIRST = ("dob_first", ["dob", "phonetic(first)"])
NAMES_YEAR = ("names_year", [NAMES, "year(dob)"])
NAMES_MONTH = ("names_year_month", [NAMES, "year(dob)", "month(dob)"])
NAMES_DAY = ("names_month_day", [NAMES, "month_day(dob)"])
NAMES_YEAR_DAY = ("names_year_day", [NAMES, "year(dob)", "day(dob)"])
FOUR = [DOB_LAST, DOB_FIRST, NAMES_YEAR, NAMES_DAY]
SETS = {  # name: (shipped schema it is made from, passes in place of its own[, expected: names_year is adaptive])
    "high-recall": ("high-recall", None),
    "default": ("default", None),
    "two entries": ("default", FOUR),
    "adaptive, 1 expected": ("default", FOUR, 1),
    "adaptive, .1 expected": ("default", FOUR, 0.1),
    "adaptive, .02 expected": ("default", FOUR, 0.02),
    "with the month": ("default", [DOB_LAST, DOB_FIRST, NAMES_MONTH, NAMES_DAY]),
    "with the day": ("default", [DOB_LAST, DOB_FIRST, NAMES_YEAR_DAY, NAMES_DAY]),
    "three passes": ("default", [DOB_LAST, DOB_FIRST, NAMES_DAY]),
    "high-privacy": ("high-privacy", None),
    "one date, two names": ("high-privacy", [DOB_LAST, NAMES_MONTH, NAMES_DAY]),
    "one date, one name": ("high-privacy", [DOB_LAST, NAMES_DAY]),
}
ADAPTED_TO = 50000  # people, those of P4
# People in each attack; P6 has a district of a fifteenth.
PEOPLE = {"F1": 10000, "P1": 10000, "P3": 1000, "P4": 50000, "P6": 200000, "P7": 10000}
OVERLAP = {"P3": "1.0", "P4": "0.95"}


class Lab:
    """The verbs, in a folder of their own."""

    def __init__(self, tessera, folder, scale):
        self.tessera = tessera
        self.folder = pathlib.Path(folder)
        self.scale = scale
        self.verb("key", "new", "project.key", "--name", "frontier")
        self.verb("synth", "--pair", "10000", "--seed", "3", "--ssn-share", "0.5", "-o", "pair")

    def verb(self, *arguments, accept=(0, 1)):
        done = subprocess.run([self.tessera, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True)
        if done.returncode not in accept:
            raise SystemExit(f"tessera {' '.join(map(str, arguments))}\n{done.stderr}")
        return done.stdout

    def schema(self, ssn, name, base, passes, expected=None):
        path = self.folder / "schema.json"
        self.verb("schema", "show", base, *(["--ssn"] if ssn else []), "-o", path, "--force")
        text = json.loads(path.read_text(encoding="utf-8"))
        text["name"] = name
        compare = [f["name"] for f in text["fields"] if f["kind"] != "ssn"]
        kept = [p for p in text["passes"] if passes is None or p["key"] == ["ssn"]]
        if passes is not None:
            kept = [{"name": n, "key": key, "mandatory": n.startswith("dob"), "least": 2, "most": 2}
                    for n, key in passes] + kept

        text["passes"] = [dict(p, compare=compare) for p in kept]
        path.write_text(json.dumps(text), encoding="utf-8")
        if expected is not None:
            self.verb("schema", "adapt", path, "--pass", NAMES_YEAR[0], "--population", ADAPTED_TO, "--expected",
                      expected, "-o", path, "--force")
        return path

    def bytes_of_a_record(self, schema):
        self.verb("encode", "pair/a.csv", "--schema", schema, "--key", "project.key", "--owner", "a", "-o", "a.tess",
                  "--force")
        rows = len((self.folder / "pair/a.csv").read_text(encoding="utf-8").splitlines()) - 1
        return (self.folder / "a.tess").stat().st_size / rows

    def attack(self, schema, attack):
        people = str(max(300, int(PEOPLE[attack] * self.scale)))
        overlap = ["--overlap", OVERLAP[attack]] if attack in OVERLAP else []
        return json.loads(self.verb("attack", "--schema", schema, "--only", attack, "--people", people, *overlap,
                                    "--no-control", "--json"))

    def worst(self, schema, attack, *phrases):
        found = [f["success"] for f in self.attack(schema, attack)["findings"]
                 if not phrases or any(p in f["attack"] for p in phrases)]
        return max(found)

    def rows(self, name, *made_of):
        """Without and with SSNs. The attacks read blocks and see no token: they are made once."""
        schema = self.schema(False, name, *made_of)
        harm = {"P1": self.worst(schema, "P1"), "P3": self.worst(schema, "P3"),
                "P4": self.worst(schema, "P4", "refinement", "percolation"),
                "P6": self.worst(schema, "P6", "own seeds, people"),
                "P7": self.worst(schema, "P7", "set bits", "number of entries")}
        for ssn in (False, True):
            schema = self.schema(ssn, name, *made_of)
            worth = self.attack(schema, "F1")["quality"][0]
            yield {"name": name, "ssn": ssn, "c": worth["pairs_reached"], "recall": worth["recall_at_0_9"],
                   "precision": worth["precision_at_0_9"], "f1": worth["best_f1"],
                   "bytes": self.bytes_of_a_record(schema), **harm}


def table(rows):
    lines = ["| passes | SSN | c | recall at .9 | F1 1-1 | bytes | P1 | P3 | P4 at .95 | P6 own seeds | P7 |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    for r in rows:
        lines.append(f"| {r['name']} | {'yes' if r['ssn'] else 'no'} | {r['c']:.4f} | {r['recall']:.4f} | "
                     f"{r['f1']:.4f} | {r['bytes']:.0f} | {r['P1']:.4f} | {r['P3']:.3f} | {r['P4']:.4f} | "
                     f"{r['P6']:.4f} | {r['P7']:.2f} |")
    return "\n".join(lines) + "\n"


def plot(rows):
    """Recall against the people that structure names; one point for each set without SSNs."""
    import math
    rows = [r for r in rows if not r["ssn"]]
    left, top, width, height = 70, 20, 560, 360
    low, high = math.log10(0.0003), 0.0
    floor = min(r["recall"] for r in rows) - 0.005

    def x(share):
        return left + width * (math.log10(max(share, 0.0003)) - low) / (high - low)

    def y(recall):
        return top + height * (1 - recall) / (1 - floor)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 60} {top + height + 50}" '
           'font-family="sans-serif" font-size="13" role="img">',
           "<title>Recall against people named by the structure of shared blocks, by choice of passes</title>",
           f'<rect width="{left + width + 60}" height="{top + height + 50}" fill="white"/>',
           f'<rect x="{left}" y="{top}" width="{x(0.02) - left:.1f}" height="{height}" fill="#eef4f1"/>']
    for share in (0.001, 0.01, 0.1, 1.0):
        out.append(f'<line x1="{x(share):.1f}" y1="{top}" x2="{x(share):.1f}" y2="{top + height}" stroke="#ddd"/>'
                   f'<text x="{x(share):.1f}" y="{top + height + 18}" text-anchor="middle" fill="#333">{share:.1%}</text>')
    tick = math.ceil(floor * 100) / 100
    while tick <= 1.0001:
        out.append(f'<line x1="{left}" y1="{y(tick):.1f}" x2="{left + width}" y2="{y(tick):.1f}" stroke="#ddd"/>'
                   f'<text x="{left - 8}" y="{y(tick) + 4:.1f}" text-anchor="end" fill="#333">{tick:.0%}</text>')
        tick += 0.02
    for r in rows:
        shipped = r["name"] in ("default", "high-privacy", "high-recall")
        colour = "#b5483a" if shipped else "#3c6e71"
        weight = ' font-weight="bold"' if shipped else ""
        end = x(r["P4"]) > left + 0.75 * width
        at, anchor = (x(r["P4"]) - 9, "end") if end else (x(r["P4"]) + 9, "start")
        out.append(f'<circle cx="{x(r["P4"]):.1f}" cy="{y(r["recall"]):.1f}" r="5" fill="{colour}"/>'
                   f'<text x="{at:.1f}" y="{y(r["recall"]) + 4:.1f}" text-anchor="{anchor}"{weight}>{r["name"]}</text>')
    out.append(f'<text x="{left + width / 2}" y="{top + height + 40}" text-anchor="middle" fill="#333">'
               "people named by structure (P4, overlap .95); shaded: within the bar</text>")
    return "\n".join(out + ["</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tessera", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--only", action="append", choices=list(SETS))
    parser.add_argument("--merge", action="store_true")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    kept = asked.out / "frontier.json"
    found = {}
    if asked.merge and kept.exists():
        found = {(r["name"], r["ssn"]): r for r in json.loads(kept.read_text(encoding="utf-8"))}
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(asked.tessera.resolve(), folder, asked.scale)
        for name in asked.only or SETS:
            for row in lab.rows(name, *SETS[name]):
                found[name, row["ssn"]] = row
                print(table([row]).splitlines()[-1], flush=True)
    rows = [found[name, ssn] for ssn in (False, True) for name in SETS if (name, ssn) in found]
    kept.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    (asked.out / "frontier.md").write_text(table(rows), encoding="utf-8")
    (asked.out / "frontier.svg").write_text(plot(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
