#!/usr/bin/env python3
"""From pairs to persons on the synthetic state: what tessera does beside chains and greedy.

  persons.py --tessera BUILD/cli/tessera --out FOLDER [--students 100000] [--years 3] [--seed 7] [--ssn]
             [--schema default] [--noise default] [--threshold 0.9,0.5] [--newest]

All districts' rosters, linked as fair.py links them; then three ways from the same scored pairs to
persons, for each threshold: pairwise and cluster precision, recall and F1 (bench/quality/clusters.py
says what each way is and what counts)."""
import argparse
import pathlib
import sys

import fair

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "quality"))
import clusters  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    fair.add_options(parser, students=100000)
    parser.add_argument("--threshold", default="0.9,0.5")
    asked = parser.parse_args()
    run = fair.Run(asked)
    run.make()
    person = run.persons()
    print("| threshold | " + " | ".join(clusters.HEAD) + " |\n|" + "---|" * (len(clusters.HEAD) + 1))
    for threshold in asked.threshold.split(","):
        run.link(threshold)
        links = clusters.read_links(run.out / "pairs.csv")
        for line in clusters.lines(links, person, run.out / "links.csv", float(threshold)):
            print(f"| {threshold} {line}", flush=True)


if __name__ == "__main__":
    main()
