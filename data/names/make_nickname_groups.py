#!/usr/bin/env python3
"""Remakes nickname_groups.csv: each nickname joins one formal name, and nothing chains.

usage: make_nickname_groups.py NICKNAMES.csv GIVEN_NAMES.csv > nickname_groups.csv

NICKNAMES.csv (name1,relationship,name2) and GIVEN_NAMES.csv (births_from,sex,name,count) are named
in README.md. The relation as published joins nearly every name to every other within a few steps,
so its connected components are useless. Here names are taken from the most frequent down, and a
name joins a formal name that

  * lists it as a nickname,
  * is a group of its own already (one step, never a chain), and
  * is at least 1.5 times as frequent,

choosing the one that shares the longest run of letters with it, then the most frequent, then the
first by alphabet. A name that is itself frequent (100,000 bearers) joins only a formal name that
shares a run of at least three letters, so that Erin, Ann or Lee stay themselves. Names of children
and of old people are counted alike. TOLD and OWN hold what these rules would get wrong.
"""
import collections
import csv
import sys

FREQUENT = 100_000
RATIO = 1.5
TOLD = {
    "BILL": "WILLIAM", "BILLY": "WILLIAM", "WILL": "WILLIAM", "WILLIE": "WILLIAM",
    "BOB": "ROBERT", "BOBBY": "ROBERT", "DICK": "RICHARD", "RICK": "RICHARD", "RICKY": "RICHARD",
    "PEGGY": "MARGARET", "PEG": "MARGARET", "MAGGIE": "MARGARET", "MEG": "MARGARET",
    "JOE": "JOSEPH", "JOEY": "JOSEPH", "MIKE": "MICHAEL", "MIKEY": "MICHAEL", "MICK": "MICHAEL",
    "JACK": "JOHN", "JOHNNY": "JOHN", "JOHNNIE": "JOHN", "JIM": "JAMES", "JIMMY": "JAMES",
    "JIMMIE": "JAMES", "CHUCK": "CHARLES", "CHARLIE": "CHARLES", "HANK": "HENRY",
    "KATE": "KATHERINE", "KATIE": "KATHERINE", "KATY": "KATHERINE", "KATHY": "KATHERINE",
    "CATHY": "CATHERINE", "LIZ": "ELIZABETH", "BETH": "ELIZABETH", "BETTY": "ELIZABETH",
    "SUE": "SUSAN", "SUSIE": "SUSAN", "ED": "EDWARD", "EDDIE": "EDWARD", "TED": "THEODORE",
    "TOM": "THOMAS", "TOMMY": "THOMAS", "DAVE": "DAVID", "STEVE": "STEVEN", "TONY": "ANTHONY",
    "BECKY": "REBECCA", "DEBBIE": "DEBORAH", "DEB": "DEBORAH", "DEBRA": "DEBORAH",
    "FRED": "FREDERICK", "LARRY": "LAWRENCE", "JEFF": "JEFFREY", "KEN": "KENNETH",
    "KENNY": "KENNETH", "MATT": "MATTHEW", "PAT": "PATRICIA", "PATTY": "PATRICIA",
    "ROB": "ROBERT", "ROBBIE": "ROBERT", "RON": "RONALD", "RONNIE": "RONALD", "SANDY": "SANDRA",
    "TERRI": "TERESA", "VICKI": "VICTORIA", "VICKIE": "VICTORIA", "VICKY": "VICTORIA",
    "PEPE": "JOSE", "PACO": "FRANCISCO", "PANCHO": "FRANCISCO", "LUPE": "GUADALUPE",
    "NACHO": "IGNACIO", "CHUY": "JESUS", "LALO": "EDUARDO", "MEMO": "GUILLERMO", "BETO": "ALBERTO",
    "QUIQUE": "ENRIQUE", "KIKE": "ENRIQUE", "TONO": "ANTONIO", "MANOLO": "MANUEL",
    "MOHAMMED": "MUHAMMAD", "MOHAMED": "MUHAMMAD", "MOHAMMAD": "MUHAMMAD", "MUHAMMED": "MUHAMMAD",
}
OWN = set("""
    ALI ANGEL ANGELIQUE ANNE ANNIE BRODY BRYANT CARL CAROLINE CARRIE CASSANDRA CECILIA CELIA CLARA
    CLARE COLE DAISY ELI EMANUEL ERICK ERNESTINE EVE FELIX FLORA GARRY GERALDINE GINGER GRETA JAMIE
    JODY JOY JULIA KARA KARI KENDRICK LAURIE LEO LEON LEWIS LOLA LOUISE LUCINDA LYNN MARC MARIE
    MICAH NATHAN RANDY ROSEMARIE TERENCE
""".split())


def letters(text):
    return "".join(c for c in text.upper() if "A" <= c <= "Z")


def shared_run(a, b):
    best = 0
    for i in range(len(a)):
        while a[i:i + best + 1] in b and i + best < len(a):
            best += 1
    return best


def main():
    count = collections.Counter()
    with open(sys.argv[2], encoding="utf-8") as f:
        for row in csv.DictReader(f):
            count[letters(row["name"])] += int(row["count"])
    formal = collections.defaultdict(set)
    with open(sys.argv[1], encoding="utf-8") as f:
        for row in csv.DictReader(f):
            formal[letters(row["name2"])].add(letters(row["name1"]))
    group = {}
    for name in set(TOLD.values()):
        group[name] = name
    for name, target in TOLD.items():
        group[name] = target
    names = set(formal) | {n for names in formal.values() for n in names}
    for name in sorted(names, key=lambda n: (-count[n], n)):
        if name in group:
            continue
        group[name] = name
        if name in OWN or len(name) < 2:
            continue
        able = [f for f in formal[name]
                if group.get(f) == f and f != name and count[f] >= RATIO * max(count[name], 1)]
        if count[name] >= FREQUENT:
            able = [f for f in able if shared_run(name, f) >= 3]
        if able:
            group[name] = min(able, key=lambda f: (-shared_run(name, f), -count[f], f))
    print("name,group")
    for name in sorted(group):
        if group[name] != name:
            print(f"{name},{group[name]}")


main()
