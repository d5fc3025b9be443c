#!/usr/bin/env python3
"""Fail if docs/requirements.md names what is not there: a test, a file, a verb or a flag.

Each of R1 to R80 has one row. What stands in backquotes is a file of the checkout, a verb of the command with
its flags, or code that some source has; a row that is done names a test or a page that is run.
usage: check_requirements.py CHECKOUT TESSERA [PAGE]
"""
import pathlib
import re
import subprocess
import sys

STATES = ("yes", "part", "open", "organisational", "later")
ROW = re.compile(r"^\| (R\d+) \| (.*) \| (.*) \| (.*) \| (\w+) \|$")
QUOTED = re.compile(r"`([^`]+)`")
TEST = re.compile(r"^tests/\S+(_test\.(cpp|py)|\.py|\.md)$")
PAGE = re.compile(r"\bdocs/[\w./-]+\.md\b")
CTEST = re.compile(r"^(frame|cli|docs|unit|fuzz|access|package)\.\w+(\*?)$")


class Command:
    """The verbs of a command and their flags, as its help has them."""

    def __init__(self, path):
        self.path, self.seen = path, {}

    def help(self, words):
        if words not in self.seen:
            done = subprocess.run([self.path, *words, "--help"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  stdin=subprocess.DEVNULL, encoding="utf-8")
            self.seen[words] = done.stdout if done.returncode == 0 else ""
        return self.seen[words]

    def fault(self, text):
        """What is wrong with a command line such as `ssn stop --from`; "" if nothing."""
        words = tuple(w for w in text.split(" --")[0].split())
        flags = re.findall(r"--[a-z-]+", text)
        shown = self.help(words)
        usage = re.search(r"^Usage: tessera (.*)$", shown, re.M)
        if not usage or not usage[1].startswith(" ".join(words)):
            return "no such verb"
        if "SUBCOMMAND" in usage[1]:
            return "is a group: name the verb"
        missing = [f for f in flags if f"{f} " not in shown and f"{f},"  not in shown]
        return f"has no {', '.join(missing)}" if missing else ""


def names_a_verb(text):
    return re.fullmatch(r"[a-z]+( [a-z-]+)*( --[a-z-]+( \d)?)*", text) is not None


def faults_of(root, command, number, carried, tested, state):
    if state not in STATES:
        yield f"{state} is no state of a requirement"
    for text in QUOTED.findall(carried):
        if "::" in text:
            name = text.split("::")[-1]
            if not any(re.search(rf"\b{name}\(", p.read_text(encoding="utf-8")) for p in (root / "engine").rglob("*.h")):
                yield f"`{text}` is declared nowhere"
        elif names_a_verb(text):
            fault = command.fault(text)
            if fault:
                yield f"`{text}` {fault}"
        elif not (root / text).exists():
            yield f"`{text}` is no file, verb or function"
    proofs = 0
    for text in QUOTED.findall(tested):
        if CTEST.match(text):
            proofs += 1
        elif not (root / text).exists():
            yield f"`{text}` is not there"
        elif (root / text).is_dir():
            yield f"`{text}` is a folder: name the test"
        elif not TEST.match(text):
            yield f"`{text}` is no test"
        else:
            proofs += 1
    for page in PAGE.findall(carried + tested):
        text = (root / page).read_text(encoding="utf-8") if (root / page).exists() else ""
        if not text:
            yield f"{page} is not there"
        if page in tested and "```console" not in text:
            yield f"{page} runs nothing"
        proofs += page in tested
    if state == "yes" and not (proofs and QUOTED.search(carried)):
        yield "is done, and names no command or no test"


def main():
    root, command = pathlib.Path(sys.argv[1]), Command(sys.argv[2])
    page = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else root / "docs/requirements.md"
    bad, seen = [], []
    for line in page.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| R"):
            continue
        row = ROW.match(line)
        if not row:
            bad.append(f"{line[:40]}: is no row of five columns")
            continue
        number, _, carried, tested, state = row.groups()
        seen.append(number)
        bad += [f"{number}: {fault}" for fault in faults_of(root, command, number, carried, tested, state)]
    wanted = [f"R{n}" for n in range(1, 81)]
    if seen != wanted:
        bad.append(f"rows are not R1 to R80, each once and in order: missing {sorted(set(wanted) - set(seen))}, "
                   f"too many {sorted(n for n in seen if seen.count(n) > 1 or n not in wanted)}")
    sys.stdout.write("".join(f"{fault}\n" for fault in bad))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
