"""CSV tables as lists of dicts, stripped on the way in; the same bytes out for the same rows."""
import csv


def read(path):
    """Header and rows of a CSV file, every cell and column name stripped of blanks."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        header = [name.strip() for name in next(rows)]
        return header, [dict(zip(header, (cell.strip() for cell in row))) for row in rows if row]


def write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows([row.get(name, "") for name in header] for row in rows)


def write_truth(path, owners):
    """owners: {owner: [(local_id, person), ...]} -> truth.csv as tessera evaluate reads it."""
    write(path, ["owner", "local_id", "person"],
          [{"owner": owner, "local_id": local, "person": person}
           for owner, people in owners.items() for local, person in people])
