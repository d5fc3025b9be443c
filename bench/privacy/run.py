#!/usr/bin/env python3
"""The laboratory at full size: every attack on the shipped schemas and on the field's weak encodings.

  run.py --tessera BUILD/cli/tessera --out FOLDER [--sizes full] [--seeds 3] [--schemas default,...]
         [--only P1,...] [--merge]

Writes FOLDER/privacy.json (all findings, the commit and the commands), privacy.md (tables) and
privacy.svg (the worst share of people named, beside the linkage quality on the same kind of people).
Nothing is computed here: every figure is one that `tessera attack --json` printed. With --merge the
figures of an earlier privacy.json stay unless they were taken again. Exit status 8 if a control was
not broken: then the run proves nothing; 1 if a bar is missed; else 0."""
import argparse
import json
import pathlib
import subprocess
import sys
import time

ATTACKS = ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P11", "F1"]
PROJECT_DECOYS = "0.2"
WITH_DECOYS = {"P1": [], "P3": ["--overlap", "1.0"], "P4": []}  # P3 is dear, and worst where all are there
# Attacks whose success is a share of people named; they are in the plot.
NAMING = {"P2": "values named exactly", "P3": "graph matching", "P4": "", "P5": "person named"}


def commit():
    done = subprocess.run(["git", "describe", "--always", "--dirty"], stdout=subprocess.PIPE, encoding="utf-8",
                          cwd=pathlib.Path(__file__).parent)
    return done.stdout.strip() or "unknown"


def attack(asked, *arguments):
    command = ["attack", *arguments, "--json"]
    start = time.monotonic()
    done = subprocess.run([asked.tessera, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
    if done.returncode not in (0, 1, 8):
        sys.exit(f"tessera {' '.join(command)}: exit status {done.returncode}\n{done.stderr}")
    print(f"tessera {' '.join(command)}: {time.monotonic() - start:.0f} s", file=sys.stderr)
    report = json.loads(done.stdout)
    report["command"] = "tessera " + " ".join(command)
    return report


def runs(asked):
    for name in asked.only:
        for number, schema in enumerate(asked.schemas):
            if name == "P9" and number > 0:
                continue  # about the control alone
            common = ["--schema", schema, "--only", name, "--seeds", str(1 if name == "F1" else asked.seeds)]
            size = ["--people", asked.people] if asked.people else ["--sizes", asked.sizes]
            # The weak encodings do not depend on the schema's passes: once is enough.
            control = [] if number == 0 else ["--no-control"]
            yield attack(asked, *common, *size, *control)
            if name in WITH_DECOYS:
                yield attack(asked, *common, *size, "--no-control", "--decoys", PROJECT_DECOYS, *WITH_DECOYS[name])


def key(row):
    return row["id"], row["target"], row["setting"], row["attack"]


def gather(asked):
    """The result after each attack: a run of hours that is broken off keeps what it has."""
    findings, quality, commands = {}, {}, []
    old = asked.out / "privacy.json"
    if asked.merge and old.exists():
        before = json.loads(old.read_text(encoding="utf-8"))
        findings = {key(row): row for row in before["findings"]}
        quality = {row["target"]: row for row in before["quality"]}
        commands = before["commands"]
    order = {name: n for n, name in enumerate(ATTACKS)}
    for report in runs(asked):
        commands.append(report["command"])
        for row in report["findings"]:
            findings[key(row)] = dict(row, seeds=report["seeds"], commit=asked.commit)
        for row in report["quality"]:
            quality[row["target"]] = dict(row, commit=asked.commit)
        rows = sorted(findings.values(), key=lambda r: (order[r["id"]], r["control"], r["target"], r["setting"]))
        yield {"commit": asked.commit, "commands": list(dict.fromkeys(commands)), "findings": rows,
               "quality": list(quality.values())}


def number(x):
    return f"{x:.0f}" if x == int(x) and abs(x) >= 1 else f"{x:.4f}"


def table(result):
    lines = ["| bar | target | setting | attack | success | 95 % bound | allowed | |", "|---|---|---|---|---|---|---|---|"]
    for r in result["findings"]:
        bar, verdict = "-", ""
        if "bar" in r:
            bar = (">= " if r["control"] else "<= ") + f"{r['bar']:g}"
            verdict = ("broken" if r["met"] else "**stands**") if r["control"] else ("met" if r["met"] else "**missed**")
        lines.append(f"| {r['id']} | {r['target']} | {r['setting']} | {r['attack']} | {number(r['success'])} | "
                     f"{number(r['bound'])} | {bar} | {verdict} |")
    lines += ["", "| target | best F1 | precision at p >= .9 | recall at p >= .9 | pairs reached |", "|---|---|---|---|---|"]
    for w in result["quality"]:
        sure = [f"{w[k]:.4f}" if w["precision_at_0_9"] > 0 else "-" for k in ("precision_at_0_9", "recall_at_0_9")]
        lines.append(f"| {w['target']} | {w['best_f1']:.4f} | {sure[0]} | {sure[1]} | {w['pairs_reached']:.4f} |")
    return "\n".join(lines) + "\n"


def worst(result, target):
    """Worst share named per attack, for a target; only what was tried."""
    out = {}
    for r in result["findings"]:
        if r["id"] in NAMING and r["target"] == target and NAMING[r["id"]] in r["attack"] and r.get("of"):
            if "inside" not in r["attack"]:
                out[r["id"]] = max(out.get(r["id"], 0), r["success"])
    return out


def plot(result):
    """Bars of the worst share of people named per attack and encoding, F1 beside the name."""
    targets = [w["target"] for w in result["quality"]]
    f1 = {w["target"]: w["best_f1"] for w in result["quality"]}
    colours = {"P2": "#6b7a8f", "P3": "#b5483a", "P4": "#c9963b", "P5": "#3c6e71"}
    left, width, step, bar = 210, 420, 78, 14
    height = 60 + step * len(targets)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 90} {height}" '
           'font-family="sans-serif" font-size="13" role="img">',
           "<title>Worst share of people named, by encoding and attack</title>",
           f'<rect width="{left + width + 90}" height="{height}" fill="white"/>']
    for tick in (0, .25, .5, .75, 1):
        x = left + width * tick
        out.append(f'<line x1="{x}" y1="30" x2="{x}" y2="{height - 20}" stroke="#ddd"/>'
                   f'<text x="{x}" y="{height - 5}" text-anchor="middle" fill="#333">{tick:.0%}</text>')
    for n, (name, colour) in enumerate(colours.items()):
        out.append(f'<rect x="{left + 70 * n}" y="8" width="12" height="12" fill="{colour}"/>'
                   f'<text x="{left + 70 * n + 18}" y="19" fill="#333">{name}</text>')
    for row, target in enumerate(targets):
        top = 40 + step * row
        out.append(f'<text x="{left - 10}" y="{top + 22}" text-anchor="end" font-weight="bold">{target}</text>'
                   f'<text x="{left - 10}" y="{top + 40}" text-anchor="end" fill="#333">F1 {f1[target]:.4f}</text>')
        named = worst(result, target)
        for n, (name, colour) in enumerate(colours.items()):
            y = top + n * (bar + 2)
            if name not in named:
                out.append(f'<text x="{left + 4}" y="{y + 11}" font-size="10" fill="#777">{name}: not tried</text>')
                continue
            out.append(f'<rect x="{left}" y="{y}" width="{max(1, width * named[name]):.1f}" height="{bar}" fill="{colour}"/>'
                       f'<text x="{left + width * named[name] + 5:.1f}" y="{y + 11}" font-size="10" fill="#333">'
                       f'{100 * named[name]:.2f} %</text>')
    return "\n".join(out + ["</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tessera", required=True)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--sizes", default="full", choices=("small", "full"))
    parser.add_argument("--people", help="people in every attack, in place of --sizes")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--schemas", default="default,high-privacy,high-recall", type=lambda t: t.split(","))
    parser.add_argument("--only", default=ATTACKS, type=lambda t: t.split(","))
    parser.add_argument("--merge", action="store_true")
    asked = parser.parse_args()
    asked.commit = commit()
    asked.out.mkdir(parents=True, exist_ok=True)
    for result in gather(asked):
        (asked.out / "privacy.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        (asked.out / "privacy.md").write_text(table(result), encoding="utf-8")
        (asked.out / "privacy.svg").write_text(plot(result), encoding="utf-8")
    with_bar = [r for r in result["findings"] if "bar" in r]
    if not all(r["met"] for r in with_bar if r["control"]):
        return 8
    return 0 if all(r["met"] for r in with_bar) else 1


if __name__ == "__main__":
    sys.exit(main())
