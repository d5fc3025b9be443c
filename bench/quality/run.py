#!/usr/bin/env python3
"""Links every data set under every choice of fields and schema, and prints one Markdown table.

  run.py --tessera BUILD/cli/tessera --data FOLDER --out FOLDER [--only REGEX] [--schemas LIST]

LIST: names of shipped schemas, or absolute paths of schema files.

FOLDER of --data has febrl/ and pseudopeople/ (see prepare.py). All figures are over the whole truth:
a row that encode refused is a missed pair here, not a row to forget. What was measured is left in
--out as <set>/<fields>/<schema>/quality.{json,html} and results.json."""
import argparse
import json
import math
import pathlib
import re
import shutil
import subprocess
import sys
import time

import bars
import noise
import prepare
import tables
import world

NAMES = ["first_name", "given_name", "last_name", "surname"]
DOB = ["date_of_birth"]
FIELDS = {  # columns to keep, and what the schema needs beyond the shipped one
    "name+dob": (NAMES + DOB, []),
    "name+dob+number": (NAMES + DOB + ["soc_sec_id"], ["--number", "7"]),
    "name+dob+middle+sex": (NAMES + DOB + ["middle_initial", "middle_name", "sex"], []),
    "name+dob+ssn": (NAMES + DOB + ["ssn"], ["--ssn"]),
}
FEBRL = ["name+dob", "name+dob+number"]
DEPENDENTS = ["name+dob", "name+dob+middle+sex", "name+dob+ssn"]
SETS = {  # name: (source folder, maker, choices of fields)
    "febrl4": ("febrl", prepare.MAKERS["febrl4"], FEBRL),
    "dependents": ("pseudopeople", prepare.MAKERS["dependents"], DEPENDENTS),
    "febrl1": ("febrl", prepare.MAKERS["febrl1"], FEBRL),
    "guardians": ("pseudopeople", prepare.MAKERS["guardians"], DEPENDENTS),
}
NOISY = {  # name: (set it is made from, how)
    "febrl4-harsh": ("febrl4", dict(seed=11)),
    "febrl4-mild": ("febrl4", dict(rate=0.01, blank_dob=0.01, seed=12)),
    "febrl4-blank": ("febrl4", dict(rate=0.02, blank_dob=0.2, seed=14, dedupe=True)),
    "febrl4-copies": ("febrl4", dict(rate=0.02, blank_dob=0.05, seed=13, dedupe=True)),
    "dependents-harsh": ("dependents", dict(seed=21)),
    "dependents-mild": ("dependents", dict(rate=0.01, blank_dob=0.01, seed=22)),
    "dependents-blank": ("dependents", dict(rate=0.02, blank_dob=0.2, seed=24, dedupe=True)),
    "dependents-copies": ("dependents", dict(rate=0.02, blank_dob=0.05, seed=23, dedupe=True)),
}
WORLD = {  # name: how; made of nothing, see world.py
    "world": dict(people=1500, parties=4, seed=31),
    "world-few": dict(people=120, parties=3, seed=32),
}
STATE = {  # name: how; two rosters of the synthetic state, to see calibration at three sizes
    "state-10k": ["--pair", 10000, "--seed", 41],
    "state-60k": ["--pair", 60000, "--seed", 42],
    "state-300k": ["--pair", 300000, "--seed", 43],
}
SCHEMAS = ["default", "high-recall", "high-privacy"]


class Run:
    """One folder, one schema, one choice of fields: the verbs in their order."""

    def __init__(self, tessera, folder, model):
        self.tessera = tessera
        self.folder = folder
        self.model = model

    def verb(self, *arguments):
        done = subprocess.run([self.tessera, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True)
        if done.returncode not in (0, 1):  # 1: done, with rows to look at
            raise RuntimeError(f"tessera {' '.join(map(str, arguments))}\n{done.stderr}")
        return done.stdout

    def link(self, source, fields, schema):
        columns, extra = FIELDS[fields]
        shutil.copy(source / "truth.csv", self.folder / "truth.csv")
        self.verb("key", "new", "project.key", "--name", "quality")
        self.verb("schema", "show", schema, *extra, "-o", "schema.json")
        owners = [owner for owner in "abcdefgh" if (source / f"{owner}.csv").exists()]
        for owner in owners:
            header, rows = tables.read(source / f"{owner}.csv")
            kept = ["local_id"] + [name for name in header if name in columns]
            tables.write(self.folder / f"{owner}.csv", kept, rows)
            self.verb("encode", f"{owner}.csv", "--schema", "schema.json", "--key", "project.key",
                      "--owner", owner, "--column", "local_id=local_id", "-o", f"{owner}.tess")
        model = ["--model", self.model] if self.model else []
        verb = "link" if len(owners) > 1 else "dedupe"
        started = time.monotonic()
        self.verb(verb, *[f"{owner}.tess" for owner in owners], "-o", "links.csv", "--pairs", "pairs.csv",
                  "--pairs-floor", "0", *model)
        seconds = time.monotonic() - started
        self.verb("evaluate", "--pairs", "pairs.csv", "--clusters", "links.csv", "--truth", "truth.csv",
                  "--map", *[f"{owner}={owner}.map" for owner in owners], "--json", "quality.json",
                  "--html", "quality.html", "--title", f"{source.name}, {fields}, {schema}")
        return json.loads((self.folder / "quality.json").read_text()), seconds


def share(part, whole):
    return part / whole if whole else math.nan


def rates(point, lost):
    """Precision, recall and F1 of a point over the whole truth, `lost` true pairs of which no map holds."""
    right, wrong, missed = (point[n] for n in ("true_positives", "false_positives", "false_negatives"))
    return share(right, right + wrong), share(right, right + missed + lost), share(2 * right, 2 * right + wrong + missed + lost)


def reached(sweep, scored):
    """Share of the true pairs that were scored which can be found at a precision of 0.999."""
    return share(sweep["most_found_at_precision_0.999_chosen_with_truth"]["true_positives"], scored)


def figures(quality):
    """One row of the table, from the JSON of tessera evaluate."""
    pairs = quality["pairs"]
    lost = quality["true_pairs_in_no_map"]
    total = quality["true_pairs"] + lost
    settled = pairs["one_to_one"] or pairs["all"]
    at = next(p for p in settled["thresholds"] if p["threshold"] == 0.9)
    precision, recall, f1 = rates(at, lost)
    c = share(pairs["true_pairs_scored"], total)
    clusters = quality["clusters"]["pairwise"]
    return {
        "true_pairs": total, "c": c, "ceiling": 2 * c / (1 + c),
        "best_f1": rates(pairs["all"]["best_f1_threshold_chosen_with_truth"], lost)[2],
        "assigned_f1": rates(settled["best_f1_threshold_chosen_with_truth"], lost)[2] if pairs["one_to_one"] else None,
        "precision": precision, "recall": recall, "f1": f1,
        "share_of_c": reached(settled, pairs["true_pairs_scored"]),
        "ece": pairs["calibration"]["expected_calibration_error"],
        "calibration_pairs": pairs["calibration"]["pairs"],
        "cluster_precision": clusters["precision"],
        "cluster_recall": share(clusters["true_positives"], total),
    }


def number(x):
    if x is None or (isinstance(x, float) and math.isnan(x)):
        return "-"
    return f"{x:.4f}"


def line(name, fields, schema, f):
    """A row of Markdown; what misses its bar is marked with (!)."""
    def mark(x, bar, low=True):
        bad = bar is not None and x is not None and (x < bar if low else x > bar)
        return number(x) + (" (!)" if bad else "")
    bar = bars.BARS.get((name, fields), {}).get(schema)
    peers = bars.PEERS.get((name, fields), {})
    splink = peers.get("splink")
    clk = peers.get("clk")
    floor = None  # recall at p >= 0.9 is held against Splink's; times c where the schema is tighter
    if splink and schema != "high-privacy":
        floor = splink[2] * (f["c"] if schema == "default" else 1)
    known = (name, fields) in bars.PEERS
    cells = [name, fields, schema, str(f["true_pairs"]), number(f["c"]), number(f["ceiling"]), number(f["best_f1"]),
             mark(f["assigned_f1"], bar), mark(f["precision"], bars.PRECISION_BAR if known else None),
             mark(f["recall"], floor), number(f["f1"]), mark(f["share_of_c"], bars.SHARE_OF_C_BAR if known else None),
             mark(f["ece"], bars.CALIBRATION_BAR, low=False), number(f["cluster_precision"]), number(f["cluster_recall"]),
             number(bar), "/".join(number(x) for x in splink) if splink else "-",
             "/".join(number(x) for x in clk) if clk else "-"]
    return "| " + " | ".join(cells) + " |"


HEAD = ["set", "fields", "schema", "true pairs", "c", "ceiling", "best F1", "1-1 best F1", "P at .9", "R at .9",
        "F1 at .9", "of c at P .999", "ECE", "clusters P", "clusters R", "bar 1-1", "Splink best/P/R/1-1", "CLK best/1-1"]


def sources(tessera, data, out, only):
    """Prepares what is asked for; yields (name, folder, choices of fields)."""
    def base(name):
        source, maker, _ = SETS[name]
        folder = out / "data" / name
        if not folder.exists():
            maker(data / source, folder)
        return folder
    for name, (_, _, choices) in SETS.items():
        if any(re.search(only, f"{name} {fields}") for fields in choices):
            yield name, base(name), choices
    for name, (clean, how) in NOISY.items():
        choices = SETS[clean][2]
        if not any(re.search(only, f"{name} {fields}") for fields in choices):
            continue
        folder = out / "data" / name
        if not folder.exists():
            noise.make(base(clean) / "a.csv", folder, **how)
        yield name, folder, choices
    for name, how in WORLD.items():
        if any(re.search(only, f"{name} {fields}") for fields in DEPENDENTS[:2]):
            folder = out / "data" / name
            if not folder.exists():
                world.make(folder, **how)
            yield name, folder, DEPENDENTS[:2]
    for name, how in STATE.items():
        if re.search(only, f"{name} {DEPENDENTS[1]}"):
            folder = out / "data" / name
            if not folder.exists():
                subprocess.run([tessera, "synth", *map(str, how), "--ssn-share", "0", "-o", folder], check=True,
                               stderr=subprocess.DEVNULL)
            yield name, folder, DEPENDENTS[1:2]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tessera", required=True, type=pathlib.Path)
    parser.add_argument("--data", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--only", default="", help="regular expression over 'set fields'")
    parser.add_argument("--schemas", default=",".join(SCHEMAS))
    parser.add_argument("--model", type=pathlib.Path, help="model file in place of the shipped one")
    asked = parser.parse_args()
    tessera = asked.tessera.resolve()
    model = asked.model.resolve() if asked.model else None
    asked.out.mkdir(parents=True, exist_ok=True)
    print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD), flush=True)
    results = []
    for name, source, choices in sources(tessera, asked.data, asked.out, asked.only):
        for fields in choices:
            if not re.search(asked.only, f"{name} {fields}"):
                continue
            for schema in asked.schemas.split(","):
                folder = asked.out / name / fields / pathlib.Path(schema).stem
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
                try:
                    quality, seconds = Run(tessera, folder, model).link(source, fields, schema)
                except RuntimeError as fault:
                    print(f"{name}, {fields}, {schema}: {fault}", file=sys.stderr)
                    continue
                found = figures(quality)
                results.append({"set": name, "fields": fields, "schema": schema, "link_seconds": seconds, **found})
                print(line(name, fields, schema, found), flush=True)
    (asked.out / "results.json").write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
