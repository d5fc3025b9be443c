#!/usr/bin/env python3
"""From pairs to persons, three ways, over the same pairs: what tessera does, chains, and greedy.

  clusters.py PAIRS.csv CLUSTERS.csv --truth truth.csv --map OWNER=FILE ... [--threshold 0.9]

chains: whatever a path of links reaches (connected components). greedy: links from the strongest
down, each record one partner in every other file. Both take the links of PAIRS at the threshold, once
by the probability after candidates competed, once by that before. List all pairs: --pairs-floor 0.
Prints pairwise and cluster precision, recall and F1; a cluster is right if it is all of one person
and nobody else. Records are told apart by (owner, record); a record key of several files of one
owner counts once."""
import argparse
import collections
import csv
import math


def parent_of(parent, x):
    while parent[x] != x:
        parent[x] = parent[parent[x]]
        x = parent[x]
    return x


def chains(links, records):
    parent = {r: r for r in records}
    for _, a, b in links:
        parent[parent_of(parent, a)] = parent_of(parent, b)
    return {r: parent_of(parent, r) for r in records}


def greedy(links, records):
    """One partner per other owner, the strongest first; then what is linked hangs together."""
    taken = set()
    kept = []
    for p, a, b in sorted(links, key=lambda l: (-l[0], l[1], l[2])):
        if a[0] == b[0] or (a, b[0]) in taken or (b, a[0]) in taken:
            continue
        taken |= {(a, b[0]), (b, a[0])}
        kept.append((p, a, b))
    return chains(kept, records)


def shipped(path, records):
    root = {r: r for r in records}
    first = {}
    with open(path, newline="") as rows:
        for row in csv.DictReader(rows):
            r = (row["owner"], row["record"])
            root[r] = first.setdefault(row["cluster"], r)
    return root


def rates(right, found, true):
    precision = right / found if found else 1.0
    recall = right / true if true else 1.0
    return precision, recall, 2 * right / (found + true) if found + true else 1.0


def choose2(groups):
    return sum(n * (n - 1) // 2 for n in groups)


def figures(root, person):
    both = collections.Counter((root[r], person[r]) for r in root)
    found = collections.Counter(root[r] for r in root)
    true = collections.Counter(person[r] for r in root)
    pairs = rates(choose2(both.values()), choose2(found.values()), choose2(true.values()))
    right = sum(1 for (c, p), n in both.items() if n > 1 and found[c] == n and true[p] == n)
    clusters = rates(right, sum(n > 1 for n in found.values()), sum(n > 1 for n in true.values()))
    persons = collections.defaultdict(set)
    for r in root:
        persons[root[r]].add(person[r])
    return pairs, clusters, sum(len(p) > 1 for p in persons.values())


HEAD = ["way", "pairs P", "pairs R", "pairs F1", "clusters P", "clusters R", "clusters F1", "clusters that mix persons"]


def read_links(path):
    """(probability after competition, probability before it, left, right) of every pair listed."""
    with open(path, newline="") as rows:
        return [(float(row["probability"]), 1 / (1 + math.exp(-float(row["weight"]))),
                 (row["left_owner"], row["left_record"]), (row["right_owner"], row["right_record"]))
                for row in csv.DictReader(rows)]


def lines(links, person, made, threshold):
    """A row for each way; `made` is the file of clusters that tessera wrote at the threshold."""
    after = [(p, a, b) for p, _, a, b in links if p >= threshold]
    before = [(p, a, b) for _, p, a, b in links if p >= threshold]
    for name, root in [("tessera", shipped(made, person)), ("greedy", greedy(after, person)), ("chains", chains(after, person)),
                       ("greedy, no competition", greedy(before, person)), ("chains, no competition", chains(before, person))]:
        pairs, whole, mixed = figures(root, person)
        yield f"| {name} | " + " | ".join(f"{x:.5f}" for x in (*pairs, *whole)) + f" | {mixed} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs")
    parser.add_argument("clusters")
    parser.add_argument("--truth", required=True)
    parser.add_argument("--map", nargs="+", required=True)
    parser.add_argument("--threshold", type=float, default=0.9)
    asked = parser.parse_args()
    with open(asked.truth, newline="") as rows:
        truth = {(row["owner"], row["local_id"]): row["person"] for row in csv.DictReader(rows)}
    person = {}
    for text in asked.map:
        owner, path = text.split("=", 1)
        with open(path, newline="") as rows:
            person.update(((owner, row["record"]), truth[(owner, row["local_id"])]) for row in csv.DictReader(rows))
    print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD))
    for line in lines(read_links(asked.pairs), person, asked.clusters, asked.threshold):
        print(line)


if __name__ == "__main__":
    main()
