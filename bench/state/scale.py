#!/usr/bin/env python3
"""A registry the size of a state: sizes, times and peak memory of what its office does every day.

  scale.py --tessera BUILD/cli/tessera --out FOLDER [--students 600000] [--nightly 60000]
           [--load 250000] [--questions 60] [--seed 9] [--keep]

Makes a synthetic state with SSNs, encodes every district's October and loads it in batches of about
--load rows; then one night of --nightly rows, the night's new and changed ones first and October's
after them; then questions to the locator, the review list, registry and audit verify, a backup, and
the purge of all SSNs. Processes are measured whole: start, model, reading and writing included; the
encoding of files, which owners do, is not. Prints Markdown.

  scale.py --tessera build/rel/cli/tessera --out /big/scale --students 6000000

is California; it wants about 8 GB of memory at most and 60 GB of disk."""
import argparse
import csv
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time


class Scale:
    def __init__(self, asked):
        self.asked = asked
        self.tessera = str(pathlib.Path(asked.tessera).resolve())
        self.out = pathlib.Path(asked.out).resolve()
        self.peak = 0.0

    def run(self, *command):
        """Wall and CPU seconds and peak MiB of one command."""
        start = time.monotonic()
        with open(self.out / "said.txt", "wb") as said:
            process = subprocess.Popen([self.tessera, *map(str, command)], cwd=self.out, stdout=said, stderr=subprocess.STDOUT)
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            sys.exit(f"tessera {' '.join(map(str, command))}:\n{(self.out / 'said.txt').read_text()[-2000:]}")
        return time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024

    def say(self, what, got, note=""):
        wall, cpu, mib = got
        self.peak = max(self.peak, mib)
        print(f"| {what} | {wall:.1f} | {cpu:.1f} | {mib:.0f} | {note} |", flush=True)

    def size(self):
        return sum(p.stat().st_size for p in self.out.glob("state.db*")) / 2**30

    def encode(self, roster, owner, name):
        self.run("encode", roster, "--schema", "schema.json", "--key", "key", "--owner", owner, "-o", name, "--force")
        return self.out / name

    def make(self):
        a = self.asked
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir(parents=True)
        self.run("synth", "--students", a.students, "--nights", 1, "--seed", a.seed, "--no-oneroster", "-o", "people")
        self.run("key", "new", "key")
        self.run("schema", "show", "default", "--ssn", "-o", "schema.json")
        self.run("registry", "init", "state.db", "--schema", "schema.json", "--trial")
        self.october = sorted((self.out / "people/year1/october").glob("*.csv"))
        self.rows = {p.stem: sum(1 for _ in open(p)) - 1 for p in self.october}

    def assign(self, name, files):
        got = self.run("assign", *files, "--registry", "state.db", "--out", name, "--force")
        self.summary = json.loads((self.out / name / "summary.json").read_text())
        shutil.rmtree(self.out / name)
        for f in files:
            for p in (f, f.with_suffix(".map")):
                p.unlink(missing_ok=True)
        return got

    def load(self):
        total, waiting, held, review = [0.0, 0.0, 0.0], [], 0, []
        for i, path in enumerate(self.october):
            waiting.append(self.encode(path, path.stem, f"{path.stem}.tess"))
            held += self.rows[path.stem]
            if held >= self.asked.load or i + 1 == len(self.october):
                got = self.assign("load", waiting)
                total = [total[0] + got[0], total[1] + got[1], max(total[2], got[2])]
                review.append(f"{100 * self.summary['statuses']['review'] / self.summary['records']:.2f}")
                waiting, held = [], 0
        self.say(f"initial load of {sum(self.rows.values()):,} records", total,
                 f"{sum(self.rows.values()) / total[0]:,.0f} records per s; {self.size():.2f} GiB on disk; "
                 f"% in review by batch: {' '.join(review)}")

    def night(self):
        """New and changed rows of one night, filled up with rows of October that are as they were."""
        left, files, fresh = self.asked.nightly, [], 0
        share = left / sum(self.rows.values())
        for path in self.october:
            with open(path, newline="") as rows:
                old = list(csv.DictReader(rows))
            delta = self.out / "people/year1/night01" / path.name
            new = []
            if delta.exists():
                with open(delta, newline="") as rows:
                    new = list(csv.DictReader(rows))
            known = {row["local_id"] for row in new}
            want = max(1, round(share * len(old)))
            picked = (new + [row for row in old if row["local_id"] not in known])[:want]
            fresh += min(want, len(new))
            roster = self.out / "night.csv"
            with open(roster, "w", newline="") as out:
                writer = csv.DictWriter(out, fieldnames=list(old[0]), extrasaction="ignore", restval="")
                writer.writeheader()
                writer.writerows(picked)
            files.append(self.encode(roster, path.stem, f"{path.stem}.tess"))
            left -= len(picked)
        rows = self.asked.nightly - left
        self.say(f"night of {rows:,} records", self.assign("night", files), f"{fresh:,} new or changed")

    def locate(self):
        draw = random.Random(self.asked.seed)
        times, found = [], 0
        for i in range(self.asked.questions):
            path = draw.choice(self.october)
            lines = path.read_text().splitlines()
            (self.out / "one.csv").write_text(lines[0] + "\n" + draw.choice(lines[1:]) + "\n")
            self.run("locate", "ask", "one.csv", "--schema", "schema.json", "--key", "key", "--owner", "elsewhere",
                     "-o", "question.tess", "--force")
            times.append(self.run("locate", "answer", "question.tess", "--registry", "state.db"))
            found += "found" in (self.out / "said.txt").read_text()
        walls = sorted(t[0] for t in times)
        p = lambda q: 1000 * walls[min(len(walls) - 1, int(q * len(walls)))]
        self.say(f"locate, median of {len(walls)}", (walls[len(walls) // 2], sum(t[1] for t in times) / len(times),
                                                    max(t[2] for t in times)),
                 f"p50 {p(.5):.0f} ms, p95 {p(.95):.0f} ms (aim 20), {found} found")

    def office(self):
        got = self.run("review", "list", "--json", "--registry", "state.db")
        page = json.loads((self.out / "said.txt").read_text())
        self.say("review list", got, f"a page of {len(page['reviews']):,} of {len(page['reviews']) + page['more']:,} open")
        self.say("registry epoch list", self.run("registry", "epoch", "list", "state.db"))
        self.say("registry verify", self.run("registry", "verify", "state.db"))
        self.run("audit", "key", "--registry", "state.db", "-o", "public")
        self.say("audit export", self.run("audit", "export", "--registry", "state.db", "-o", "chain.jsonl"),
                 f"{(self.out / 'chain.jsonl').stat().st_size / 2**20:.0f} MiB")
        self.say("audit verify", self.run("audit", "verify", "chain.jsonl", "--key", "public"))
        (self.out / "chain.jsonl").unlink()
        self.say("backup make", self.run("backup", "make", "--registry", "state.db", "copy"))
        shutil.rmtree(self.out / "copy")
        self.run("ssn", "stop", "--registry", "state.db")
        before = self.size()
        self.say("ssn purge", self.run("ssn", "purge", "--registry", "state.db", "-o", "certificate.json"),
                 f"{before:.2f} GiB before, {self.size():.2f} after")
        self.say("report necessity", self.run("report", "necessity", "--registry", "state.db"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tessera", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--students", type=int, default=600000)
    parser.add_argument("--nightly", type=int, default=60000)
    parser.add_argument("--load", type=int, default=250000)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--keep", action="store_true")
    scale = Scale(parser.parse_args())
    scale.make()
    print("| what | wall s | CPU s | peak MiB | |\n|---|---|---|---|---|")
    scale.load()
    scale.night()
    scale.locate()
    scale.office()
    print(f"\nPeak memory of any command: {scale.peak:.0f} MiB.")
    if not scale.asked.keep:
        shutil.rmtree(scale.out)


if __name__ == "__main__":
    main()
