#!/usr/bin/env python3
"""Play every role against every verb and object of a registry with accounts.

A registry of two districts' students and staff, with SSNs, is asked by accounts of every level and set,
revoked and expired ones among them. No answer may hold a row, record key or state ID that the role has
no grant for, nor a byte that comes from an SSN; every field of every answer must have a level; every
question must stand in the log. Verbs are found by their help: one that asks who is asking and is not
played here fails the test. usage: roles_test.py TESSERA
"""
import csv
import hashlib
import io
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TESSERA = pathlib.Path(sys.argv[1]).resolve()
NOW = 1_800_000_000
DAY = 86_400
WORD = "four plain words here"
DISTRICTS = ("district_02", "district_03")
KINDS = {"student": "october", "staff": "staff"}


class Run:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err


def tessera(*words, now=NOW):
    timed = words[0] in ("access", "ssn", "collection", "assign", "id", "review", "locate", "link", "registry", "audit", "agreement",
                         "release", "backup", "desk", "retention", "split", "report") and words[:2] not in (
        ("backup", "check"), ("registry", "init"), ("audit", "verify"), ("audit", "key"), ("locate", "ask")) \
        and "--help" not in words
    args = [str(TESSERA), *map(str, words)] + ([f"--test-now={now}"] if timed else [])
    done = subprocess.run(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def must(*words, status=(0, 1), now=NOW):
    done = tessera(*words, now=now)
    if done.status not in status:
        sys.exit(f"{' '.join(map(str, words))}: status {done.status}\n{done.out}{done.err}")
    return done


def fail(what, *more):
    print("FAIL:", what, *more)
    fail.count += 1


fail.count = 0


class World:
    """The registry, who is who in it, and one session a role."""

    def __init__(self, folder):
        self.folder = folder
        self.db = folder / "R.db"
        self.rows = {}      # state ID: set of (owner, people)
        self.keys = {}      # record key: (owner, people)
        self.sessions = {}
        self.secret = set()  # bytes that come from SSNs, as hex: tags of the SSN pass
        os.umask(0o077)
        self.make_files()
        self.make_registry()

    def path(self, name):
        return self.folder / name

    def make_files(self):
        key = self.path("project.key")
        key.write_bytes((ROOT / "data/synthetic/published.key").read_bytes())
        schema = must("schema", "show", "default").out
        self.path("plain.json").write_text(schema)
        self.path("schema.json").write_text(must("schema", "show", "default", "--ssn").out)
        for people, part in KINDS.items():
            for owner in DISTRICTS:
                rows = (ROOT / f"data/synthetic/state/year1/{part}/{owner}.csv").read_text().splitlines()[:121]
                roster = self.path(f"{owner}.{people}.csv")
                if people == "student":  # too little to be found by: a question in each district
                    born = rows[0].split(",").index("date_of_birth")
                    rows[-1] = ",".join("" if i == born else v for i, v in enumerate(rows[-1].split(",")))
                roster.write_text("\n".join(rows) + "\n")
                must("encode", roster, "--schema", self.path("schema.json"), "--key", key, "--owner", owner,
                     "--population", people, "-o", self.path(f"{owner}.{people}.tess"))

    def make_registry(self):
        must("registry", "init", self.db, "--schema", self.path("schema.json"), "--trial")
        self.path("pw").write_text(WORD + "\n")
        self.path("pw2").write_text(WORD + " two\n")
        for people in KINDS:
            files = [self.path(f"{o}.{people}.tess") for o in DISTRICTS]
            out = self.path(f"ids.{people}")
            must("assign", *files, "--registry", self.db, "--out", out)
            for row in csv.DictReader((out / "ids.csv").open()):
                self.keys[row["record"]] = (row["owner"], people)
                if row["state_id"]:
                    self.rows.setdefault(row["state_id"], set()).add((row["owner"], people))
        for f in self.folder.glob("*.tess"):
            shown = must("inspect", f, "--entries", "400").out
            part = re.search(r"(?ms)^entries of pass ssn$.*", shown)
            self.secret |= set(re.findall(r"\b[0-9a-f]{32}\b", part[0] if part else ""))
        must("access", "init", "--registry", self.db, "--account", "e.marsh", "--holder", "Edna Marsh",
             "--new-password-file", self.path("pw"), "--form", "LRF-1", "--approver", "Maria Chief")
        self.login("e.marsh", "pw")

    def login(self, name, word, now=NOW):
        session = self.path(f"{name}.session")
        must("access", "login", "--registry", self.db, "--as", name, "--password-file", self.path(word),
             "-o", session, "--force", now=now)
        self.sessions[name] = session

    def by(self, name, purpose):
        return ("--session", self.sessions[name], "--purpose", purpose)

    def add(self, name, *grant, by="e.marsh", own=()):
        must("access", "add", name, "--registry", self.db, "--holder", "Some Person", "--new-password-file",
             self.path("pw"), *self.by(by, "operation"), *own)
        must("access", "password", "--registry", self.db, "--as", name, "--password-file", self.path("pw"),
             "--new-password-file", self.path("pw2"))
        if grant:
            must("access", "grant", name, "--registry", self.db, *self.by(by, "operation"), *grant)
        self.login(name, "pw2")


# Role: (flags of its grant, what rows it may see: a function of (owner, people)).
def roles(world):
    yield "l.one", ("--level", 1, "--form", "F1"), lambda o, p: True
    for owner in DISTRICTS:
        for people in KINDS:
            name = f"u{owner[-2:]}.{people}x"
            yield name, ("--level", 2, "--form", "F2", "--owner", owner, "--people", people), \
                lambda o, p, owner=owner, people=people: (o, p) == (owner, people)
    yield "ta.three", ("--level", 3, "--form", "F3", "--owner", DISTRICTS[0], "--people", "student"), \
        lambda o, p: (o, p) == (DISTRICTS[0], "student")
    yield "ro.four", ("--level", 4, "--form", "F4"), lambda o, p: False
    yield "au.dit", ("--set", "audit", "--form", "F5"), lambda o, p: False
    yield "op.erations", ("--set", "operations", "--form", "F6"), lambda o, p: False
    yield "no.grant", (), lambda o, p: False


def check_answer(world, role, verb, done, mine):
    """Nothing foreign, nothing from an SSN."""
    text = done.out + done.err
    for value in world.secret:
        if value in text:
            fail(role, verb, "shows a tag of the SSN pass")
    for owner, people in {v for k, v in world.keys.items() if k in text}:
        if not mine(owner, people):
            fail(role, verb, f"shows a record key of {owner}'s {people}")
    told = re.findall(r"\b[1-9]\d{9}\b", done.out)
    if verb == ("locate", "answer") and len(told) < 2:
        told = []  # one ID of somebody else's is what a locator is for
    for row in told:
        if row in world.rows and not any(mine(*r) for r in world.rows[row]):
            fail(role, verb, "shows a foreign state ID")
    if not mine("district_02", "student") and not mine("district_02", "staff") and "district_02" in done.out:
        fail(role, verb, "names a foreign owner")


def verbs(*group):
    """Every verb there is, with its help."""
    shown = must(*group, "--help").out
    if "Subcommands:" not in shown and "laboratory:" not in shown:
        yield group, shown
        return
    for name in re.findall(r"(?m)^  ([a-z][a-z-]*)  ", re.split(r"(?m)^(?:Subcommands|laboratory):$", shown, maxsplit=1)[1]):
        yield from verbs(*group, name)


# Verbs that name a registry and ask nobody who they are: what they show holds no record.
OPEN_TO_ALL = {("registry", "init"), ("registry", "epoch", "check"), ("audit", "key"), ("audit", "verify"), ("access", "init"),
               ("access", "login"), ("access", "logout"), ("access", "password")}


def every_verb_is_played(played):
    asks = set()
    for verb, shown in verbs():
        if "--purpose" in shown:
            asks.add(verb)
        elif re.search(r"--registry|REGISTRY", shown.split("Example:")[0]) and verb not in OPEN_TO_ALL:
            fail(verb, "names a registry and does not ask who is asking")
    for verb in asks - played:
        fail(verb, "asks who is asking, and is not played here")
    for verb in played - asks:
        fail(verb, "is played, and does not ask who is asking")
    if len(asks) < 60:
        fail("only", len(asks), "verbs were found")


PURPOSES = {"desk": "data collection", "report": "audit", "split": "id assignment", "split ask": "review of near matches", "locate": "transfer of a student",
            "ssn purge": "operation", "ssn stop": "operation", "ssn allow": "operation", "collection stop": "operation", "collection allow": "operation", "access add": "operation",
            "access close": "operation", "access renew": "operation", "access reset": "operation", "access grant": "operation", "access revoke": "operation",
            "access levels": "operation", "registry epoch": "operation", "desk amend": "request of a parent or staff member", "retention": "operation",
            "agreement": "disclosure under an agreement", "release": "disclosure under an agreement", "backup": "operation",
            "registry upgrade": "operation", "release person": "request of a parent or staff member", "id": "correction", "review": "review of near matches", "registry": "audit", "audit": "audit",
            "ssn": "audit", "collection": "audit", "access": "audit", "link": "linkage study", "assign": "id assignment"}


def purpose_of(words):
    return PURPOSES.get(" ".join(map(str, words[:2])), PURPOSES[words[0]])


def book_questions(world, state_id):
    """The verbs of the disclosure book and of backups, on one student's data."""
    book = ("--book", world.book, "--registry", world.db)
    yield ("agreement", "list", *book)
    yield ("agreement", "letter", "1", *book, "--subject", "a word")
    yield ("agreement", "request", *book, "--recipient", "X", "--person", "x.y", "--project", "p", "--basis", "study",
           "--what-for", "q", "--for", "r", "--safeguards", "s", "--fields", "grade", "--starts", "2027-01-01",
           "--ends", "2028-01-01", "--destroy-by", "2028-02-01")
    yield ("agreement", "deny", "2", *book, "--why", "no")
    yield ("release", "list", *book)
    yield ("release", "log", "--id", state_id, *book)
    yield ("release", "breach", "--account", "r.lee", *book, "-o", world.path("out"), "--force")
    yield ("release", "propose", world.path("t.csv"), "--agreement", "1", *book)
    yield ("release", "make", world.path("t.csv"), "--release", "1", "--expires", "2027-06-30", *book, "-o", world.path("out"), "--force")
    yield ("release", "fetch", world.path("study.tessart"), *book, "--by", "r.lee", "-o", world.path("out"), "--force")
    yield ("release", "person", "--id", state_id, *book, "--to", "parent", "--identity-checked", "passport",
           "-o", world.path("out"), "--force")
    yield ("registry", "upgrade", world.db)
    yield ("backup", "drills", "--registry", world.db)
    world.copies += 1
    yield ("backup", "make", "--registry", world.db, world.path(f"copy{world.copies}"))


def desk_questions(world, state_id):
    """The desk and the retention clock: requests to both districts stand on it."""
    at = ("--registry", world.db)
    for owner in DISTRICTS:
        for people in KINDS:
            yield ("desk", "direct", *at, "--owner", owner, "--people", people, "--collection", "fall-2026", "--what", "a field",
                   "--due", "2036-01-01")
        yield ("desk", "list", *at, "--owner", owner)
    yield ("desk", "amend", state_id, *at, "--what", "a field", "--due", "2036-01-01")
    yield ("desk", "list", *at)
    yield ("desk", "board", *at, "--calendar", ROOT / "data/calendar/example.json")
    for request in ("1", "2"):  # of one district, and of the other
        yield ("desk", "answer", request, *at, "--say", "corrected")
        yield ("desk", "close", request, *at, "--outcome", "done")
    schedule = ("--schedule", ROOT / "data/retention/schedule.json")
    yield ("retention", "due", *at, *schedule)
    yield ("retention", "archive", state_id, *at, *schedule, "--reason", "x")
    yield ("retention", "destroy", state_id, *at, *schedule, "--reason", "x", "-o", world.path("out"), "--force")


def on_copy(world, words):
    """A change that is asked for whatever the state of things; who may gets an error where it does not fit."""
    return {world.spare, world.spare_book, world.path("another.book"), world.path("kept0")} & set(words)


def changes(world, ids):
    """What changes a registry, its accounts or its book: on copies, which each asker gets anew."""
    at = ("--registry", world.spare)
    why = ("--reason", "case-1")
    for state_id in (ids[0], ids[-1]):
        yield ("id", "changes", state_id, *at)
        yield ("id", "merge", state_id, ids[0], *at, *why)
        for owner in DISTRICTS:
            yield ("id", "split", state_id, "--owner", owner, *at, *why)
        yield ("id", "retire", state_id, *at, *why)
        yield ("id", "archive", state_id, *at, *why)
        yield ("id", "alias", "add", state_id, "--system", "migrant", "--alias", f"M-{state_id}", *at)
        yield ("id", "alias", "list", state_id, *at)
        yield ("id", "alias", "remove", "--system", "migrant", "--alias", f"M-{state_id}", *at)
    yield ("id", "changes", *at)
    yield ("id", "link", ids[0], ids[-1], *at, *why)
    yield ("id", "undo", "1", *at, *why)
    for review in (*{of: review for review, of in world.questions.items()}.values(), 999):  # one of each district
        yield ("review", "show", review, *at, "--json")
        yield ("review", "decide", review, "unsure", *at, *why)
        yield ("review", "decide", review, "same", "--id", ids[0], *at, *why)
        yield ("review", "decide", review, "different", *at, *why)
    for owner in ((), *(("--owner", o) for o in DISTRICTS)):
        yield ("review", "anomalies", *at, *owner, "--json")
        yield ("ssn", "stop", *at, *owner)
        yield ("ssn", "allow", *at, *owner)
        yield ("collection", "stop", *at, "--field", "middle", *owner)
        yield ("collection", "allow", *at, "--field", "middle", *owner)
        yield ("access", "add", "new.comer", *at, "--holder", "X Y", "--new-password-file", world.path("pw"), *owner)
        yield ("access", "renew", "new.comer", *at, *owner)
        yield ("access", "reset", "new.comer", *at, "--new-password-file", world.path("pw"), *owner)
        yield ("access", "grant", "new.comer", *at, "--level", "2" if owner else "4", "--form", "F", *owner)
        yield ("access", "revoke", "1", *at, "--reason", "x", *owner)
        yield ("access", "close", "new.comer", *at, "--reason", "x", *owner)
    yield ("access", "levels", world.path("newer.json"), *at)
    yield ("report", "necessity", *at)
    yield ("ssn", "purge", *at, "-o", world.path("out"), "--force")
    yield ("locate", "answer", world.path("asked.tess"), *at)
    for part, more in (("add", ("--schema", world.path("schema.json"))), ("list", ()),
                       ("left", ("--epoch", "2025-2029", "--out", world.path("left"), "--force")),
                       ("end", ("--epoch", "2025-2029", *why, "-o", world.path("out"), "--force"))):
        yield ("registry", "epoch", part, world.spare, *more)
    yield ("split", "mix", "a.slips", *at, "-o", world.path("out"), "--sign-with", world.path("none.key"))
    yield ("split", "assign", "a.slips", *at, "--scores", "a.scores", "--from", "a.pub", "--out", world.path("o"))
    yield ("split", "ask", "1", *at, "--scores", "a.scores", "--from", "a.pub")
    book = ("--book", world.spare_book, *at)
    yield ("agreement", "init", "--book", world.path("another.book"), *at)
    yield ("agreement", "approve", "2", *book, "--form", world.path("form.txt"))
    yield ("agreement", "destroyed", "1", *book, "--certificate", world.path("form.txt"))
    yield ("agreement", "debar", *book, "--recipient", "University", "--why", "x")
    yield ("release", "approve", "1", *book)
    yield ("release", "revoke", "0" * 32, *book)
    yield ("backup", "drill", world.path("kept0"), *at)
    yield ("backup", "restore", world.path("kept0"), "--registry", world.path("back.db"), "--never-purged")


def copies(world):
    """A registry and a book to change, and the key that a restore needs."""
    world.spare, world.spare_book = world.path("S.db"), world.path("spare.book")
    for part in ("", ".entries", ".key", ".access", ".desk", ".drills.csv"):
        if (world.folder / f"R.db{part}").exists():
            (world.folder / f"S.db{part}").write_bytes((world.folder / f"R.db{part}").read_bytes())
    world.spare_book.write_bytes(world.book.read_bytes())
    for made in world.folder.glob("back.db*"):
        made.unlink()
    world.path("another.book").unlink(missing_ok=True)
    world.path("back.db.key").write_bytes((world.folder / "R.db.key").read_bytes())


def one_of_each(world):
    """An ID of each district's students and staff; the first held by both districts, where there is one."""
    ids = {}
    for state_id, owners in sorted(world.rows.items(), key=lambda r: -len(r[1])):
        for row in owners:
            ids.setdefault(row, state_id)
    return list(dict.fromkeys(ids.values()))


def make_changes(world):
    """What the played changes need: a policy, a backup, a question, and how many questions are open."""
    policy = json.loads((ROOT / "data/access/levels.json").read_text())
    policy["version"] += 1
    world.path("newer.json").write_text(json.dumps(policy))
    must("backup", "make", "--registry", world.db, world.path("kept0"), *world.by("e.marsh", "operation"))
    head, *rows = world.path("district_03.student.csv").read_text().splitlines()
    world.path("person.csv").write_text(f"{head}\n{rows[3]}\n")
    must("locate", "ask", world.path("person.csv"), "--schema", world.path("schema.json"), "--key", world.path("project.key"),
         "--owner", "district_02", "-o", world.path("asked.tess"))
    listed = must("review", "list", "--registry", world.db, "--json", *world.by("e.marsh", "review of near matches")).out
    world.questions = {r["review"]: (r["owner"], world.keys[r["record"]][1]) for r in json.loads(listed)["reviews"]}
    if len({owner for owner, _ in world.questions.values()}) < 2:
        fail("the questions are not of both districts")


def make_requests(world):
    for owner in DISTRICTS:
        must("desk", "direct", "--registry", world.db, "--owner", owner, "--people", "staff", "--collection", "staff-2026",
             "--what", "a field", "--due", "2036-01-01", *world.by("e.marsh", "data collection"))


def questions(world, rng):
    """Words of each verb on objects of every district and kind."""
    ids = {}
    for state_id, owners in world.rows.items():
        ids.setdefault(frozenset(owners), []).append(state_id)
    for group in ids.values():
        for state_id in rng.sample(group, min(2, len(group))):
            yield ("id", "show", state_id, "--registry", world.db)
            yield ("id", "show", state_id, "--registry", world.db, "--json")
            yield ("audit", "who-saw", state_id, "--registry", world.db)
            yield ("audit", "who-could-see", state_id, "--registry", world.db)
    yield ("audit", "breach", "--account", "e.marsh", "--registry", world.db)
    yield ("audit", "breach", "--account", "e.marsh", "--registry", world.db, "-o", world.path("out"), "--force")
    yield from book_questions(world, state_id)
    yield from desk_questions(world, state_id)
    for owner in ("", *DISTRICTS):
        yield ("review", "list", "--registry", world.db, *(("--owner", owner) if owner else ()))
        yield ("access", "list", "--registry", world.db, *(("--owner", owner) if owner else ()))
        yield ("access", "report", "--registry", world.db, *(("--owner", owner) if owner else ()))
    for verb in (("registry", "info", world.db), ("registry", "verify", world.db), ("ssn", "list", "--registry", world.db),
                 ("collection", "list", "--registry", world.db), ("ssn", "parity", "--registry", world.db),
                 ("audit", "export", "--registry", world.db, "-o", world.path("out"), "--force"),
                 ("audit", "pack", "--registry", world.db, "-o", world.path("out"), "--force"),
                 ("link", world.path("district_02.student.tess"), "--registry", world.db, "-o", world.path("out"), "--force"),
                 ("assign", world.path("district_02.student.tess"), "--registry", world.db, "--out", world.path("o"), "--force")):
        yield verb


def make_book(world):
    """An agreement in force, and one release made under it: rows of both districts' students."""
    world.book, world.copies = world.path("state.book"), 0
    by = world.by("e.marsh", "disclosure under an agreement")
    book = ("--book", world.book, "--registry", world.db)
    must("agreement", "init", *book, *by)
    must("agreement", "request", *book, *by, "--recipient", "University", "--person", "r.lee", "--project", "study",
         "--basis", "study", "--what-for", "why", "--for", "Department", "--safeguards", "a lock", "--fields", "grade",
         "--starts", "2020-01-01", "--ends", "2037-01-01", "--destroy-by", "2038-01-01")
    world.path("form.txt").write_text("signed")
    must("agreement", "approve", "1", *book, *by, "--form", world.path("form.txt"))
    ids = [i for i, of in world.rows.items() if any(p == "student" for _, p in of)][:20]
    world.path("t.csv").write_text("state_id,grade\n" + "".join(f"{i},9\n" for i in ids))
    must("release", "propose", world.path("t.csv"), "--agreement", "1", *book, *by)
    must("release", "make", world.path("t.csv"), "--release", "1", "--expires", "2036-01-01", *book, *by,
         "-o", world.path("study.tessart"))
    for flags, why in (((), "no sign-in"), ((*by, "--by", "m.ames"), "another name than the one signed in")):
        done = tessera("agreement", "list" if not flags else "letter", *(("1", "--subject", "x") if flags else ()), *book, *flags)
        if done.status != 2 or done.out:
            fail("the book answers with", why, done.out, done.err)
    if tessera("agreement", "list", "--book", world.book).status != 2:
        fail("the book answers without its registry")


def restores(world):
    """Who may bring a backup back is asked of the accounts in it."""
    made = world.path("kept")
    must("backup", "make", "--registry", world.db, made, *world.by("e.marsh", "operation"))
    back = world.path("again.db")
    words = ("backup", "restore", made, "--registry", back, "--never-purged", "--nothing-destroyed")
    if tessera(*words).status != 5:
        fail("restored without the signing key")
    (world.folder / "again.db.key").write_bytes((world.folder / "R.db.key").read_bytes())
    for name, status in (("ro.four", 6), ("l.one", 0)):
        word = world.path("pw2")
        done = tessera(*words, "--as", name, "--password-file", word, "--purpose", "operation")
        if done.status != status or back.exists() != (status == 0):
            fail("restore by", name, done.status, done.err)
    if tessera("registry", "info", back).status != 2:
        fail("a restored registry has no accounts")


def log_size(world):
    out = world.path("log.jsonl")
    must("audit", "export", "--access-log", "--registry", world.db, "-o", out, "--force",
         *world.by("e.marsh", "audit"))
    return out.read_text()


def play(world):
    rng = random.Random(5)
    seen = {"allowed": 0, "refused": 0}
    played = set()
    for name, grant, mine in roles(world):
        world.add(name, *grant)
        copies(world)
        for words in (*questions(world, rng), *changes(world, one_of_each(world))):
            played.add(tuple(w for w in map(str, words[:3]) if re.fullmatch("[a-z][a-z-]*", w)))
            out = world.path("out")
            out.unlink(missing_ok=True)
            done = tessera(*words, *world.by(name, purpose_of(words)))
            unknown = words[0] == "review" and (done.status == 2) and not done.out
            if unknown and words[1] == "show" and mine(*world.questions.get(words[2], ("", ""))) and name != "l.one":
                fail(name, words[:3], "own question, and yet", done.err)
            if done.status not in (0, 1, 6) and not unknown and not (name == "l.one" and on_copy(world, words)):
                fail(name, words[:2], done.status, done.err)
            seen["refused" if done.status == 6 else "allowed"] += 1
            if done.status == 6 and (done.out or out.exists()):
                fail(name, words[:2], "refused, and yet an answer")
            whole = name in ("l.one", "au.dit") and words[0] in ("audit", "access", "release", "desk", "retention") \
                or name == "op.erations" and words[:2] == ("desk", "board")
            if out.exists() and words[0] == "release":
                done.out += out.read_bytes().decode("utf-8", "replace")
            check_answer(world, name, words[:2], done, (lambda o, p: True) if whole else mine)
        # The same question for no purpose, a wrong one, and by nobody.
        state_id = next(iter(world.rows))
        for flags in ((), ("--session", world.sessions[name]), ("--session", world.sessions[name], "--purpose", "curiosity"),
                      ("--as", name, "--password-file", world.path("pw"), "--purpose", "correction")):
            done = tessera("id", "show", state_id, "--registry", world.db, *flags)
            if done.out or done.status not in (2, 6):
                fail(name, "answered without session or purpose", flags, done.status)
    every_verb_is_played(played)
    return seen


def changes_are_their_makers(world):
    """Nobody changes anything in another's name, and what a change or a question showed stands in the log."""
    copies(world)
    ids = one_of_each(world)
    at = ("--registry", world.spare, "--reason", "x", *world.by("e.marsh", "correction"))
    for words in (("id", "archive", ids[0]), ("id", "retire", ids[0]), ("id", "merge", ids[0], ids[-1]), ("id", "undo", "1")):
        done = tessera(*words, *at, "--by", "l.one")
        if done.status != 2 or "another account" not in done.err:
            fail(words, "in another's name", done.status, done.err)
    review = next(iter(world.questions))
    reviewer = ("--registry", world.spare, *world.by("e.marsh", "review of near matches"))
    if tessera("review", "decide", review, "unsure", *reviewer, "--reason", "x", "--by", "l.one").status != 2:
        fail("a question decided in another's name")
    must("review", "decide", review, "unsure", *reviewer, "--reason", "x")
    if not any(r["by"] == "e.marsh" for r in json.loads(must("review", "show", review, "--json", *reviewer).out)["rulings"]):
        fail("a ruling is not its maker's")
    must("id", "archive", ids[0], *at)
    saw = must("audit", "who-saw", ids[0], "--registry", world.spare, *world.by("e.marsh", "audit")).out
    if "e.marsh,id change," not in saw:
        fail("a change is not in the log of who saw its ID", saw)


def questions_share_a_budget(world):
    """Several questions answered in one run count one each, for the account and its local day."""
    for name in ("ma.ny", "ot.her"):
        world.add(name, "--level", 4, "--form", "F12")
    asked = [world.path("asked.tess")] * 3
    ask = lambda name, many, at: tessera("locate", "answer", *asked[:many], "--registry", world.db,
                                         *world.by(name, "transfer of a student"), now=at)
    day = NOW + 9 * 3600
    for name in ("ma.ny", "ot.her"):
        world.login(name, "pw2", now=day)
    answers = [ask("ma.ny", 3, day + i) for i in range(5)]  # 15 questions; the budget is of twelve
    if [a.out.count("refused") for a in answers] != [0, 0, 0, 0, 3]:
        fail("questions of one run do not share the budget", [a.out for a in answers])
    if ask("ma.ny", 1, day + 60).status != 6 or ask("ot.her", 1, day).status not in (0, 1):
        fail("a budget used up by several questions at once is not that account's alone")
    world.login("ma.ny", "pw2", now=day + DAY)
    if ask("ma.ny", 3, day + DAY).out.count("refused"):
        fail("a new day has no new budget")
    world.login("e.marsh", "pw")  # a day's end is a session's


def revoke_and_expire(world):
    """In effect at the next request."""
    world.add("qu.ick", "--level", 2, "--owner", DISTRICTS[0], "--form", "F9")
    ask = ("review", "list", "--registry", world.db, *world.by("qu.ick", "review of near matches"))
    must(*ask)
    listed = must("access", "list", "--registry", world.db, "--json", *world.by("e.marsh", "operation")).out
    grant = next(r["grant"] for r in json.loads(listed)["rows"] if r["account"] == "qu.ick")
    must("access", "revoke", grant, "--reason", "moved", "--registry", world.db, *world.by("e.marsh", "operation"))
    if tessera(*ask).status != 6:
        fail("a revoked grant still covers a request")
    must("access", "close", "qu.ick", "--reason", "left", "--registry", world.db, *world.by("e.marsh", "operation"))
    if tessera(*ask).status != 6:
        fail("a closed account still asks")
    if tessera("registry", "info", world.db, *world.by("e.marsh", "audit"), now=NOW + 400 * DAY).status != 6:
        fail("an account or session outlives its span")


def administrator(world):
    """A district administrator serves the own district, and nobody else."""
    world.add("ad.ministra", "--level", 2, "--owner", DISTRICTS[0], "--form", "F10", "--administrator")
    own = ("--owner", DISTRICTS[0])
    world.add("te.acher", "--level", 3, *own, by="ad.ministra", own=own)
    by = world.by("ad.ministra", "operation")
    for words in (("grant", "te.acher", "--level", 2, "--owner", DISTRICTS[1]), ("grant", "te.acher", "--level", 1),
                  ("grant", "te.acher", "--level", 2, *own, "--administrator"), ("grant", "l.one", "--level", 4),
                  ("close", "l.one", "--reason", "x", *own), ("close", "u03.staffx", "--reason", "x", *own),
                  ("renew", "e.marsh", *own), ("renew", "u03.staffx", *own), ("reset", "e.marsh", "--new-password-file", world.path("pw"), *own),
                  ("revoke", "1", "--reason", "x", *own), ("list",), ("list", "--owner", DISTRICTS[1])):
        done = tessera("access", *words, "--registry", world.db, *by)
        if done.status not in (2, 6) or done.out:
            fail("the administrator of one district did", words)
    must("access", "list", *own, "--registry", world.db, *by)


def malicious_registrar(world):
    """An account that tries names ends at its budget, and the report names it; an honest one goes on."""
    policy = json.loads((ROOT / "data/access/levels.json").read_text())
    policy["version"] += 1
    policy["verbs"]["locate answer"]["per_day"] = 12
    world.path("levels.json").write_text(json.dumps(policy))
    must("access", "levels", world.path("levels.json"), "--registry", world.db, *world.by("e.marsh", "operation"))
    for name in ("ro.gue", "ho.nest"):
        world.add(name, "--level", 4, "--form", "F11")
    head, *rows = world.path("district_03.student.csv").read_text().splitlines()
    question, asked = world.path("question.tess"), []

    def ask(name, row, at):
        world.path("person.csv").write_text(f"{head}\n{row}\n")
        must("locate", "ask", world.path("person.csv"), "--schema", world.path("schema.json"), "--key",
             world.path("project.key"), "--owner", "district_02", "-o", question, "--force")
        return tessera("locate", "answer", question, "--registry", world.db,
                       *world.by(name, "transfer of a student"), now=at)

    day = NOW + 9 * 3600  # in the middle of a working day
    for name in ("ro.gue", "ho.nest"):
        world.login(name, "pw2", now=day)
    for i, row in enumerate(rows[:16]):  # a child's name with another birthday: nobody there
        guess = re.sub(r"\b(\d{4})-(\d\d)-(\d\d)\b", lambda m: f"{int(m[1]) + 1}-{m[2]}-{(int(m[3]) + 12) % 28 + 1:02}", row)
        done = ask("ro.gue", guess, day + 60 * i)
        asked.append(done.status)
        if done.status == 6 and (done.out or "used up" not in done.err):
            fail("beyond the budget, and yet an answer, or no word why", done.out, done.err)
    if asked[12:] != [6] * 4 or 6 in asked[:12]:
        fail("the budget of twelve questions let through", asked)
    if ask("ho.nest", rows[20], day).status != 0:
        fail("an honest question got no answer after another account's budget was used up")
    world.login("e.marsh", "pw", now=day)
    report = must("access", "report", "--registry", world.db, *world.by("e.marsh", "audit"), now=day + 3600).out
    for alarm in ("budget", "few hits"):
        if f"ro.gue,locator: {alarm}," not in report:
            fail("the report has no alarm", alarm, report)
    if "ho.nest,locator" in report:
        fail("an honest account raises an alarm", report)
    world.login("e.marsh", "pw")


def names_of(value, before=""):
    """Members of a JSON answer, as the policy names them."""
    if isinstance(value, list):
        for item in value:
            yield from names_of(item, before)
    if isinstance(value, dict):
        for name, member in value.items():
            yield before + name
            if name != "explanation":  # one thing, whatever its parts
                yield from names_of(member, f"{before}{name}.")


def every_field_has_a_level(world):
    levels = json.loads((ROOT / "data/access/levels.json").read_text())["answers"]
    some = next(iter(world.rows))
    by = lambda purpose: world.by("l.one", purpose)
    wrapped = {"rows", "reviews", "rules", "states", "agreements", "changes", "aliases", "anomalies"}
    must("id", "archive", some, "--registry", world.db, "--reason", "x", *by("correction"))
    must("id", "alias", "add", some, "--system", "migrant", "--alias", "M-1", "--registry", world.db, *by("correction"))
    must("backup", "make", "--registry", world.db, world.path("b"), *by("operation"))
    must("backup", "drill", "--registry", world.db, world.path("b"), *by("operation"))
    must("ssn", "stop", "--registry", world.db, "--owner", "district_09", *by("operation"))
    for answer, words in {"id show": ("id", "show", some), "id changes": ("id", "changes", some),
                          "id alias list": ("id", "alias", "list"), "review list": ("review", "list"),
                          "review show": ("review", "show", next(iter(world.questions))),
                          "review anomalies": ("review", "anomalies"), "registry info": ("registry", "info"),
                          "ssn list": ("ssn", "list"), "collection list": ("collection", "list"), "ssn parity": ("ssn", "parity"), "access list": ("access", "list"),
                          "access report": ("access", "report"), "audit who-saw": ("audit", "who-saw", some),
                          "audit breach": ("audit", "breach", "--account", "l.one"),
                          "audit who-could-see": ("audit", "who-could-see", some), "agreement list": ("agreement", "list"),
                          "release list": ("release", "list"), "release log": ("release", "log", "--id", some),
                          "release breach": ("release", "breach", "--account", "e.marsh"),
                          "backup drills": ("backup", "drills"), "desk list": ("desk", "list"),
                          "desk board": ("desk", "board", "--calendar", ROOT / "data/calendar/example.json"),
                          "retention due": ("retention", "due", "--schedule", ROOT / "data/retention/schedule.json")}.items():
        where = (world.db,) if words[0] == "registry" else ("--registry", world.db)
        if words[0] in ("agreement", "release"):
            where = (*where, "--book", world.book)
        done = must(*words, *where, "--json", *by(PURPOSES[words[0]]))
        value = json.loads(done.out)
        found = set()
        for list_ in wrapped & set(value) if words[1] != "show" else ():
            found = set(value) - {list_}
            value = value[list_]
        found |= set(names_of(value))
        table = tessera(*words, *where, *by(PURPOSES[words[0]])).out.splitlines()
        if words[0] != "registry" and words[1] not in ("show", "changes"):
            found |= set(next(csv.reader(table)))
        if not found:
            fail(answer, "gave no field to check")
        for name in found - set(levels[answer]):
            fail(answer, "has a field without a level:", name)
    tables = {"assign": list(world.path("ids.student").glob("*.csv"))}
    for table in tables["assign"]:
        for name in next(csv.reader(io.StringIO(table.read_text()))):
            if name not in levels["assign"]:
                fail("assign", table.name, "has a field without a level:", name)


def log_is_whole(world):
    log = log_size(world)
    asked = sum('"type":"ask"' in line for line in log.splitlines())
    if asked < 100:
        fail("the log holds only", asked, "questions")
    must("audit", "key", "--registry", world.db, "-o", world.path("pub"))
    must("audit", "verify", world.path("log.jsonl"), "--key", world.path("pub"))
    lines = log.splitlines(True)
    at = next(i for i, line in enumerate(lines) if '"type":"ask"' in line)
    world.path("cut.jsonl").write_text("".join(lines[:at] + lines[at + 1:]))
    if tessera("audit", "verify", world.path("cut.jsonl"), "--key", world.path("pub")).status != 4:
        fail("a question taken out of the log is not noticed")
    pack = world.path("pack.json")
    must("audit", "pack", "--registry", world.db, "-o", pack, *world.by("e.marsh", "audit"))
    text = pack.read_text()
    said = json.loads(text)
    if said["program_sha256"] != hashlib.sha256(pathlib.Path(TESSERA).read_bytes()).hexdigest():
        fail("the audit pack has another program's digest")
    if {"field": "ssn", "owners": "one", "rule": "strip"} not in [{k: r[k] for k in ("field", "owners", "rule")}
                                                                  for r in said["collection"]]:
        fail("the audit pack leaves the stop switch out:", said["collection"])
    if not said["drills"]["count"] or len(said["drills"]["last"]) != 10 or said["shipped_policy"]["version"] < 5:
        fail("the audit pack leaves the drills or the policy out")
    names = [name for name, _, _ in roles(world)] + ["Edna", "e.marsh", *DISTRICTS, "district_09", "LRF-1"]
    for name in [*names, *world.rows, *world.keys]:
        if name in text:
            fail("the audit pack names somebody or something:", name)
    (world.folder / "R.db.access").rename(world.folder / "away")
    if tessera("registry", "info", world.db).status != 3:
        fail("taking the access log away opens the registry")


def main():
    # In memory where there is such a place: thousands of changes are made, each waiting for its disk.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        world = World(pathlib.Path(folder))
        if not world.secret:
            fail("no tag of the SSN pass was found to look for")
        make_book(world)
        make_requests(world)
        make_changes(world)
        seen = play(world)
        changes_are_their_makers(world)
        revoke_and_expire(world)
        administrator(world)
        every_field_has_a_level(world)
        malicious_registrar(world)
        questions_share_a_budget(world)
        restores(world)
        log_is_whole(world)
    print(f"{seen['allowed']} answers, {seen['refused']} refusals, {fail.count} failures")
    if min(seen.values()) < 30:
        fail("too few of either to mean anything")
    return 1 if fail.count else 0


if __name__ == "__main__":
    sys.exit(main())
