#!/usr/bin/env python3
"""Makes rosters and truth for tessera from public data sets, the same way every time.

  prepare.py febrl4 FOLDER OUT       dataset4a.csv, dataset4b.csv: 5,000 + 5,000 rows, 5,000 links
  prepare.py febrl1 FOLDER OUT       dataset1.csv: 1,000 rows, 500 duplicate pairs in one file
  prepare.py dependents FOLDER OUT   dependents_2019_default.csv, ..._2021_...: the first row of each
                                     simulant_id per year, 2,341 + 2,482 rows, 1,942 links
  prepare.py guardians FOLDER OUT    the 2019 file as shipped, one row per guardian: duplicates in one file

Each writes a.csv (and b.csv) with a column local_id, and truth.csv (owner,local_id,person), the
owners being a and b."""
import argparse
import pathlib

import tables


def febrl_person(rec_id):
    """rec-17-org and rec-17-dup-0 are the same person, rec-17."""
    return "-".join(rec_id.split("-")[:2])


def roster(rows, id_of):
    return [dict(row, local_id=id_of(i, row)) for i, row in enumerate(rows)]


def save(out, files, person_of):
    """files: {owner: (header, rows)}; rows hold local_id."""
    out.mkdir(parents=True, exist_ok=True)
    truth = {}
    for owner, (header, rows) in files.items():
        tables.write(out / f"{owner}.csv", ["local_id"] + header, rows)
        truth[owner] = [(row["local_id"], person_of(row)) for row in rows]
    tables.write_truth(out / "truth.csv", truth)


def febrl(folder, out, names):
    files = {}
    for owner, name in zip("ab", names):
        header, rows = tables.read(folder / name)
        files[owner] = ([h for h in header if h != "rec_id"], roster(rows, lambda _, row: row["rec_id"]))
    save(out, files, lambda row: febrl_person(row["local_id"]))


def first_rows(rows):
    """The first row of each simulant_id, in the order of the file."""
    seen = {}
    for row in rows:
        seen.setdefault(row["simulant_id"], row)
    return list(seen.values())


def dependents(folder, out):
    files = {}
    for owner, year in zip("ab", (2019, 2021)):
        header, rows = tables.read(folder / f"dependents_{year}_default.csv")
        kept = roster(first_rows(rows), lambda _, row: row["simulant_id"])
        files[owner] = ([h for h in header if h != "simulant_id"], kept)
    save(out, files, lambda row: row["simulant_id"])


def guardians(folder, out):
    header, rows = tables.read(folder / "dependents_2019_default.csv")
    kept = roster(rows, lambda i, _: f"row-{i + 1}")
    save(out, {"a": ([h for h in header if h != "simulant_id"], kept)}, lambda row: row["simulant_id"])


MAKERS = {
    "febrl4": lambda folder, out: febrl(folder, out, ["dataset4a.csv", "dataset4b.csv"]),
    "febrl1": lambda folder, out: febrl(folder, out, ["dataset1.csv"]),
    "dependents": dependents,
    "guardians": guardians,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=sorted(MAKERS))
    parser.add_argument("folder", type=pathlib.Path, help="where the source files are")
    parser.add_argument("out", type=pathlib.Path, help="folder to write to")
    asked = parser.parse_args()
    MAKERS[asked.set](asked.folder, asked.out)


if __name__ == "__main__":
    main()
