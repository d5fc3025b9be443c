#!/usr/bin/env python3
"""Makes a harsher set from a clean roster: every kind of error at a rate of its own choosing.

  noise.py ROSTER.csv OUT [--rate 0.05] [--blank-dob 0.2] [--twins 0.03] [--apart 0.2] [--seed 1]
  noise.py ROSTER.csv OUT --dedupe   one file a.csv in which a person has up to four rows

ROSTER has local_id and the usual columns (see COLUMNS). Each row is one person. OUT gets a.csv (the
roster, and twins), b.csv (the same people with errors, some left out, strangers added) and truth.csv.
Every kind of error in KINDS befalls each noisy row with chance RATE, independently. Same seed, same
bytes: no result may be tuned to a file that cannot be made again."""
import argparse
import pathlib
import random
import re
import unicodedata

import tables

COLUMNS = {
    "first": ["first_name", "given_name"],
    "middle": ["middle_initial", "middle_name"],
    "last": ["last_name", "surname"],
    "dob": ["date_of_birth", "dob"],
    "sex": ["sex", "gender"],
    "number": ["ssn", "soc_sec_id"],
}
NICKNAMES = {
    "william": "bill", "robert": "bob", "elizabeth": "liz", "margaret": "peggy", "katherine": "kate",
    "catherine": "cathy", "james": "jim", "john": "jack", "michael": "mike", "joseph": "joe",
    "thomas": "tom", "matthew": "matt", "joshua": "josh", "nicholas": "nick", "benjamin": "ben",
    "samuel": "sam", "alexander": "alex", "alexandra": "alex", "jessica": "jess", "jennifer": "jen",
    "christopher": "chris", "daniel": "dan", "isabella": "bella", "abigail": "abby", "jacob": "jake",
    "zachary": "zac", "timothy": "tim", "anthony": "tony", "francisco": "paco", "jose": "pepe",
    "guadalupe": "lupe", "rebecca": "becky", "samantha": "sam", "victoria": "vicky",
}
SOUNDS = [("ph", "f"), ("ck", "k"), ("y", "i"), ("ie", "y"), ("c", "k"), ("z", "s"), ("ee", "ea"),
          ("tt", "t"), ("ll", "l"), ("nn", "n"), ("th", "t"), ("mac", "mc"), ("sch", "sh"), ("w", "v")]
SHAPES = [("o", "0"), ("l", "1"), ("i", "l"), ("rn", "m"), ("m", "rn"), ("s", "5"), ("b", "6"), ("cl", "d")]
ACCENTS = {"a": "á", "e": "é", "i": "í", "o": "ó", "u": "ü", "n": "ñ", "c": "ç"}
KEYS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]
FORMATS = [(r"(\d{4})(\d{2})(\d{2})$", "{0:04}{1:02}{2:02}"),
           (r"(\d{4})-(\d{2})-(\d{2})$", "{0:04}-{1:02}-{2:02}"),
           (r"(\d{2})/(\d{2})/(\d{4})$", "{1:02}/{2:02}/{0:04}")]


def parse_date(text):
    """(year, month, day, format) or None."""
    for pattern, shape in FORMATS:
        if match := re.match(pattern, text):
            parts = [int(g) for g in match.groups()]
            if shape.startswith("{1"):
                parts = [parts[2], parts[0], parts[1]]
            return (*parts, shape)
    return None


def keyboard(letter, rng):
    for row in KEYS:
        if (at := row.find(letter.lower())) >= 0:
            near = [row[i] for i in (at - 1, at + 1) if 0 <= i < len(row)]
            return rng.choice(near)
    return letter


def typo(text, rng):
    if not text:
        return text
    at = rng.randrange(len(text))
    kind = rng.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1:]
    if kind == 1:
        return text[:at] + keyboard(text[at], rng) + text[at + 1:]
    if kind == 2:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at:at + 2][::-1] + text[at + 2:]


def replace_one(text, table, rng):
    low = text.lower()
    fits = [(old, new) for old, new in table if old in low]
    if not fits:
        return text
    old, new = rng.choice(fits)
    at = low.index(old)
    return text[:at] + new + text[at + len(old):]


def digit_typo(text, rng):
    places = [i for i, c in enumerate(text) if c.isdigit()]
    if not places:
        return text
    at = rng.choice(places)
    if rng.random() < 0.4 and at + 1 < len(text) and text[at + 1].isdigit():
        return text[:at] + text[at + 1] + text[at] + text[at + 2:]
    return text[:at] + rng.choice([d for d in "0123456789" if d != text[at]]) + text[at + 1:]


def accent(text, rng):
    places = [i for i, c in enumerate(text.lower()) if c in ACCENTS]
    if not places:
        return text
    at = rng.choice(places)
    new = ACCENTS[text[at].lower()]
    out = text[:at] + (new.upper() if text[at].isupper() else new) + text[at + 1:]
    return unicodedata.normalize("NFD", out) if rng.random() < 0.3 else out


class Noise:
    """The kinds of error, each a change to one row (a dict under the keys of COLUMNS)."""

    def __init__(self, people, rng):
        self.people = people
        self.rng = rng

    def edit(self, row, field, change):
        if row.get(field):
            row[field] = change(row[field], self.rng)

    def date(self, row, change):
        if parsed := parse_date(row.get("dob", "")):
            year, month, day, shape = parsed
            year, month, day = change(year, month, day)
            row["dob"] = shape.format(year, month, day)

    def first_typo(self, row):
        self.edit(row, "first", typo)

    def last_typo(self, row):
        self.edit(row, "last", typo)

    def first_sound(self, row):
        self.edit(row, "first", lambda t, r: replace_one(t, SOUNDS, r))

    def last_sound(self, row):
        self.edit(row, "last", lambda t, r: replace_one(t, SOUNDS, r))

    def scan(self, row):
        self.edit(row, self.rng.choice(["first", "last"]), lambda t, r: replace_one(t, SHAPES, r))

    def nickname(self, row):
        self.edit(row, "first", lambda t, _: NICKNAMES.get(t.lower(), t))

    def initial_only(self, row):
        self.edit(row, "first", lambda t, _: t[:1])

    def first_missing(self, row):
        row["first"] = ""

    def names_swapped(self, row):
        row["first"], row["last"] = row.get("last", ""), row.get("first", "")

    def last_changed(self, row):
        row["last"] = self.rng.choice(self.people).get("last", "")

    def last_doubled(self, row):
        other = self.rng.choice(self.people).get("last", "")
        if other and row.get("last"):
            row["last"] = row["last"] + self.rng.choice([" ", "-"]) + other

    def last_halved(self, row):
        self.edit(row, "last", lambda t, r: r.choice(re.split(r"[ -]+", t)))

    def last_cut(self, row):
        self.edit(row, "last", lambda t, _: t[:8])

    def accents(self, row):
        self.edit(row, self.rng.choice(["first", "last"]), accent)

    def marks(self, row):
        self.edit(row, "last", lambda t, _: t.replace("'", "’").replace("-", "–"))

    def shouting(self, row):
        for field in ("first", "last"):
            self.edit(row, field, lambda t, _: "  " + t.upper() + " ")

    def suffix(self, row):
        self.edit(row, "last", lambda t, r: t + r.choice([" Jr", " Jr.", " III", ", Jr"]))

    def day_month_swapped(self, row):
        self.date(row, lambda y, m, d: (y, d, m) if d <= 12 else (y, m, d))

    def day_wrong(self, row):
        self.date(row, lambda y, m, d: (y, m, 1 + (d + self.rng.randrange(27)) % 28))

    def year_wrong(self, row):
        self.date(row, lambda y, m, d: (y + self.rng.choice([-1, 1, -10, 10]), m, min(d, 28)))

    def first_of_january(self, row):
        self.date(row, lambda y, m, d: (y, 1, 1))

    def middle_missing(self, row):
        row["middle"] = ""

    def middle_wrong(self, row):
        self.edit(row, "middle", lambda t, r: r.choice("ABCDEJLMRST"))

    def sex_missing(self, row):
        row["sex"] = ""

    def sex_wrong(self, row):
        swap = {"male": "Female", "female": "Male", "m": "F", "f": "M"}
        self.edit(row, "sex", lambda t, _: swap.get(t.lower(), t))

    def number_typo(self, row):
        self.edit(row, "number", digit_typo)

    def number_missing(self, row):
        row["number"] = ""

    def number_of_another(self, row):
        if row.get("number"):
            row["number"] = self.rng.choice(self.people).get("number", "")


KINDS = [name for name, value in vars(Noise).items()
         if callable(value) and not name.startswith("__") and name not in ("edit", "date")]


def spoil(row, noise, rate, blank_dob):
    """A copy of the row with errors."""
    out = dict(row)
    for kind in KINDS:
        if noise.rng.random() < rate:
            getattr(noise, kind)(out)
    if noise.rng.random() < blank_dob:
        out["dob"] = ""
    return out


def twins(people, share, rng):
    """Brothers and sisters of the same day: same surname and date, first name and all else another's."""
    out = []
    for row in people:
        if rng.random() < share:
            other = rng.choice(people)
            twin = dict(row, person=row["person"] + "-twin", first=other.get("first", ""))
            twin.update((key, other[key]) for key in ("middle", "sex") if key in other)
            if twin.get("number"):
                twin["number"] = digit_typo(digit_typo(twin["number"], rng), rng)
            out.append(twin)
    return out


def stranger(people, number, rng):
    """Somebody who exists nowhere else: a first name, a last name and a date of three people."""
    a, b, c = (rng.choice(people) for _ in range(3))
    return {"person": f"stranger-{number}", "first": a.get("first", ""), "last": b.get("last", ""),
            "dob": c.get("dob", ""), "sex": a.get("sex", ""), "middle": b.get("middle", ""),
            "number": re.sub(r"\d", lambda _: rng.choice("0123456789"), c.get("number", ""))}


def load(path):
    header, rows = tables.read(path)
    column = {key: next((n for n in names if n in header), None) for key, names in COLUMNS.items()}
    people = [{"person": row["local_id"], **{key: row[name] for key, name in column.items() if name}} for row in rows]
    return {key: name for key, name in column.items() if name}, people


def save(out, column, files, prefix):
    truth = {}
    for owner, rows in files.items():
        named = [dict({name: row.get(key, "") for key, name in column.items()}, local_id=f"{prefix}{owner}-{i + 1}")
                 for i, row in enumerate(rows)]
        tables.write(out / f"{owner}.csv", ["local_id", *column.values()], named)
        truth[owner] = [(made["local_id"], row["person"]) for made, row in zip(named, rows)]
    tables.write_truth(out / "truth.csv", truth)


def make(roster, out, rate=0.05, blank_dob=0.2, twin_share=0.03, apart=0.2, seed=1, dedupe=False):
    rng = random.Random(seed)
    column, people = load(roster)
    people = people + twins(people, twin_share, rng)
    noise = Noise(people, rng)
    out.mkdir(parents=True, exist_ok=True)
    if dedupe:
        rows = []
        for row in people:
            copies = rng.choices([0, 1, 2, 3], [0.6, 0.25, 0.1, 0.05])[0]
            rows += [row] + [spoil(row, noise, rate, blank_dob) for _ in range(copies)]
        rng.shuffle(rows)
        save(out, column, {"a": rows}, "n-")
        return
    staying = [spoil(row, noise, rate, blank_dob) for row in people if rng.random() >= apart]
    new = [stranger(people, i, rng) for i in range(int(len(people) * apart))]
    second = staying + new
    rng.shuffle(second)
    save(out, column, {"a": people, "b": second}, "n-")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("roster", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--rate", type=float, default=0.05, help="chance of each kind of error in a row")
    parser.add_argument("--blank-dob", type=float, default=0.2, help="share of noisy rows without a date")
    parser.add_argument("--twins", type=float, default=0.03, help="share of people with a twin")
    parser.add_argument("--apart", type=float, default=0.2, help="share left out of b, and of strangers in it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dedupe", action="store_true", help="one file with duplicates")
    asked = parser.parse_args()
    make(asked.roster, asked.out, asked.rate, asked.blank_dob, asked.twins, asked.apart, asked.seed, asked.dedupe)


if __name__ == "__main__":
    main()
