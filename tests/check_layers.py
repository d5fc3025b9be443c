#!/usr/bin/env python3
"""Fail if a file knows what its room may not know. The tables here are the design.

Also: every source has a test of its name or stands below with the reason, every verb a page that
runs it, files are ASCII and of a size to read, and no source names a folder of somebody's machine. usage: check_layers.py CHECKOUT
"""
import pathlib
import re
import sys

MAY = {  # room: the rooms it may include (its own is always allowed)
    # both sides
    "core": [],
    "schema": ["core"],
    "seal": ["core"],  # signatures and sealed boxes: no keyed hash, no key derivation
    "encoded": ["core", "schema", "seal"],
    "slips": ["core", "schema", "seal", "encoded"],  # what goes between owners and a split linkage unit
    "ledger": ["core"],
    # owners and the key service: blinded elements
    "oprf": ["core"],
    "keyserver": ["core", "schema/key_service.h", "ledger", "oprf"],
    # owner side: names and keys
    "record": ["core", "schema", "encoded/format.h"],  # format.h: SsnState and Population
    "keys": ["core", "schema", "seal", "ledger"],
    "keyclient": ["core", "schema/key_service.h", "keys/hmac.h", "oprf"],
    "encode": ["core", "schema", "record", "keys", "seal", "encoded"],
    "clk": ["core"],  # names to CLKs, as the field makes them
    # linkage side: bits only
    "bits": ["core"],
    "clkjoin": ["core", "bits"],  # CLKs of several parties to pairs and groups
    "block": ["core", "bits", "encoded/format.h"],  # format.h: Tag and PassView
    "cluster": ["core"],
    "link": ["core", "encoded", "schema", "seal", "bits", "block", "cluster"],
    # a split unit: who knows whose records are opens no entry, who opens entries knows nobody
    "registrar": ["core", "schema", "seal", "encoded", "slips", "link/pipeline.h", "registry",
                  "intake/crowd.h", "intake/describe.h", "intake/epoch_records.h", "intake/judge.h", "intake/stopped.h",
                  "intake/weighed.h"],
    "comparer": ["core", "schema", "seal", "encoded", "slips", "block", "link", "registry/entry_store.h"],
    "registry": ["core", "schema", "encoded", "ledger", "cluster"],
    "access": ["core", "ledger"],  # accounts, grants, one policy function, the log of requests
    "intake": ["core", "schema", "encoded", "block", "link", "cluster", "registry"],
    "clkjoin": ["core", "bits"],  # CLKs that others made: files, joins, groups
    "report": ["core", "link", "cluster", "registry"],
    "backup": ["core", "ledger", "registry", "access", "desk"],
    "disclosure": ["core", "seal", "ledger", "registry"],
    "desk": ["core", "ledger", "registry"],
    "cells": ["core"],  # counts to tables that give no small count away
    "matchers": ["core", "schema", "bits", "block", "link"],
    # the full build only
    "lab": ["core", "schema", "encoded", "ledger", "record", "keys", "encode", "clk", "bits", "block", "cluster",
            "link", "clkjoin", "report", "matchers"],
    "attack": ["core", "schema", "encoded", "ledger", "record", "keys", "encode", "clk", "bits", "block", "cluster",
               "seal", "keyclient/exchange.h", "keyserver/service.h", "link", "intake", "registry", "access", "report", "matchers", "lab"],
    "cli": ["*"],
}

NEVER = {  # room: what it may not reach by any way, headers of headers included
    "registrar": ["comparer", "matchers", "encoded/reader.h", "link/files.h", "registry/entry_store.h"],
    "comparer": ["registrar", "registry/registry.h", "registry/batch.h", "registry/assign.h", "registry/handle_map.h",
                 "intake", "slips/slip_file.h", "encoded/join_section.h"],
}

ONLY = {  # library: where its headers may be included (a room, or a file by its first letters)
    r"tbb/|oneapi/": ["core/parallel"],
    r"rapidjson/": ["core/json"],
    r"openssl/(hmac|kdf|aes|cmac)\.h": ["keys", "encode", "clk"],
    r"openssl/": ["core", "keys", "encode", "clk", "keyserver"],
    r"sodium\.h": ["core", "seal", "keys", "clk", "oprf", "access/password"],
    r"xxhash\.h": ["core", "block"],
    r"sqlite3\.h": ["ledger", "registry"],
    r"unicode/": ["record", "clk"],
    r"zip\.h": ["record"],
    r"pcre2\.h": ["clk"],
    r"Eigen/": ["matchers", "attack"],
    r"coin/": ["cells"],
    r"CLI/": ["cli"],
    r"httplib\.h": ["keyclient", "keyserver"],
}

# Calls that only the owner side may make, whatever header declares them.
OWNER_CALLS = re.compile(r"\b(HMAC|EVP_MAC_\w+|EVP_Q_mac|EVP_KDF_\w+|crypto_(core|scalarmult)_ristretto255\w*)\s*\(")
OWNER_ROOMS = ("keys", "encode", "clk", "oprf")

NO_TEST_OF_ITS_NAME = {  # file without suffix: why
    "core/parallel": "its law is that thread counts do not show, which tests of every user of it check",
    "cells/publish_page": "declared in publish.h: publish_test reads its page",
    "cells/sums": "plain data that counts_test and suppress_test build",
    "encoded/envelope": "plain data that sealed_test reads back",
    "encoded/join_section": "inside of the readers: reader_test, sealed_test and slip_file_test",
    "encoded/opening": "sealed_test and slip_file_test open files with it, or are refused",
    "encoded/reader_state": "inside of the reader: reader_test and sealed_test",
    "encoded/sealed_reader": "declared in reader.h: sealed_test, bit by bit",
    "encoded/section_bytes": "inside of the writers: the golden files of writer_test and sealed_test",
    "intake/epoch_records": "by_epoch_test with encoded files, comparer/epochs_test with slips",
    "keyserver/charge": "declared in state.h: service_test exhausts quotas and hours",
    "keyserver/verify": "declared in state.h: state_test changes every table behind its back",
    "keyserver/tables": "inside of the state: state_test writes and reads them",
    "lab/synth_ssn": "declared in synth_copy.h: synth_copy_test counts answers and mistakes",
    "link/matcher": "an interface: fellegi_sunter_test is its tests",
    "link/tile_avx2": "tile_test compares every kernel that the processor has with the plain comparison",
    "link/tile_avx512": "as tile_avx2",
    "link/tile_body": "as tile_avx2: what the kernels are made of",
    "link/tile_kernels": "as tile_avx2: their names",
    "link/tile_portable": "as tile_avx2",
    "registrar/weighing": "declared in assigning.h: compare_stored_test compares its decisions with the plain ones",
    "record/fields": "plain data that every test of the room reads",
    "record/given_name": "declared in name.h: name_test, as a table",
    "record/nysiis": "declared in phonetic.h: phonetic_test, published examples",
    "record/soundex": "declared in phonetic.h: phonetic_test, published examples",
    "record/source": "declares the readers that roster_test, wage_test and oneroster_test feed",
    "record/surname": "declared in name.h: name_test, as a table",
    "slips/header_members": "inside of the headers: mix_file_test and score_file_test break each member",
    "seal/lines": "inside of the key files: key_text_test and locked_test damage them",
    "cli/cmd_access_changes": "adds access add, close, grant and more, which docs/access.md and docs/cli.md run",
    "cli/cmd_access_reports": "adds access list and report, which docs/access.md and docs/cli.md run",
    "cli/cmd_audit_access": "adds audit who-saw, who-could-see and pack, which docs/audit.md and docs/cli.md run",
    "cli/cmd_id_change": "adds id merge, split and undo, which tests/cli/review.md and docs/cli.md run",
    "cli/cmd_key_change": "adds key rotate and key revoke: tests/cli/sealed.md",
}

# Rooms where a source without a test is only warned of. The list gets shorter, never longer.
TESTS_STILL_MISSING = ("access", "attack", "intake", "registry")

LINES_MOST = 500
LINES_MANY = 400
VAGUE = re.compile(r"(^|[_/])(utils?|misc|common|manager|helpers?)([_./]|$)")
VAGUE_NAME = re.compile(r"\b\w*(Manager|Utils?|Helper)\b")
MACHINE_PATH = re.compile(r'"/(home|root|tmp|mnt|media|opt|srv|Users)/')


class Findings:
    """What is wrong, and what is only worth a look."""

    def __init__(self):
        self.bad = 0

    def fail(self, where, what):
        self.bad += 1
        print(f"{where}: {what}")

    @staticmethod
    def warn(where, what):
        print(f"warning: {where}: {what}")


def room_of(path):
    """engine/bits/dice.h -> (bits, bits/dice.h); cli/main.cpp -> (cli, cli/main.cpp)."""
    inside = path.removeprefix("engine/")
    return inside.split("/")[0], inside


def allowed(target, room, may):
    return target.split("/")[0] == room or any(
        m == "*" or target == m or target.startswith(m + "/") for m in may)


def check_includes(found, name, text):
    room, inside = room_of(name)
    if room not in MAY:
        found.fail(name, "in no room of the table")
        return
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{name}:{number}"
        ours = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if ours:
            target = ours[1].removeprefix("engine/")
            if target.split("/")[0] not in MAY:
                found.fail(where, f'"{ours[1]}" is not a path from the root of the tree')
            elif not allowed(target, room, MAY[room]):
                found.fail(where, f"{room} may not include {target}")
        theirs = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
        if theirs:
            # The first pattern that fits decides: the narrow ones stand before the wide ones.
            rule = next((ONLY[p] for p in ONLY if re.match(p, theirs[1])), None)
            if rule is not None and not any(inside == r or inside.startswith((r + "/", r + ".", r + "_")) for r in rule):
                found.fail(where, f"<{theirs[1]}> is only for {', '.join(rule)}")
        if room not in OWNER_ROOMS:
            code = line.split("//")[0]
            call = OWNER_CALLS.search(code)
            if call:
                found.fail(where, f"{call[1]} is only for {', '.join(OWNER_ROOMS)}")


def reached(root, name):
    """Headers that a source includes, and those that they do, each with the one that led to it."""
    include = re.compile(r'^\s*#\s*include\s+"(engine/[^"]+)"', re.M)
    led, stack = {}, [name]
    while stack:
        at = stack.pop()
        if not (root / at).is_file():
            continue
        for target in include.findall((root / at).read_text(encoding="utf-8", errors="replace")):
            if target not in led:
                led[target] = at
                stack.append(target)
    return led


def check_reach(found, root, name):
    room, _ = room_of(name)
    if room not in NEVER:
        return
    for target, by in sorted(reached(root, name).items()):
        inside = target.removeprefix("engine/")
        if any(inside == n or inside.startswith(n + "/") for n in NEVER[room]):
            found.fail(name, f"{room} may never reach {inside}, and does by {by}")


def check_text(found, name, text):
    for number, line in enumerate(text.splitlines(), 1):
        if not line.isascii():
            found.fail(f"{name}:{number}", "sources are ASCII; write other characters as escapes")
        if MACHINE_PATH.search(line):
            found.fail(f"{name}:{number}", "names a folder of one machine")
        code = line.split("//")[0]
        if VAGUE_NAME.search(code):
            found.fail(f"{name}:{number}", "a name that says nothing: call it by what it does")
    if VAGUE.search(name):
        found.fail(name, "a file name that says nothing: call it by what it does")


def check_size(found, name, text):
    lines = text.count("\n")
    if lines > LINES_MOST:
        found.fail(name, f"{lines} lines; is it still one idea? (at most {LINES_MOST})")
    elif lines > LINES_MANY:
        found.warn(name, f"{lines} lines, more than {LINES_MANY}")


def check_tests(found, root, sources):
    """engine/bits/dice.cpp wants a tests/**/dice_test.cpp, or a test that includes engine/bits/dice.h; a
    verb wants a console page that runs it."""
    tests = {p.name.removesuffix("_test.cpp") for p in (root / "tests").rglob("*_test.cpp")}
    included = {name for p in (root / "tests").rglob("*.cpp")
                for name in re.findall(r'#include "(?:engine/)?([^"]+)\.h"', p.read_text(encoding="utf-8"))}
    pages = [p for p in (*(root / "docs").rglob("*.md"), *(root / "tests").rglob("*.md"), root / "README.md") if p.exists()]
    blocks = "\n".join(block for p in pages
                       for block in re.findall(r"^```console\n(.*?)^```", p.read_text(encoding="utf-8"), re.M | re.S))
    seen = set()
    for name in sources:
        room, inside = room_of(name)
        stem = inside.rsplit(".", 1)[0]
        if stem in seen or stem in NO_TEST_OF_ITS_NAME:
            continue
        seen.add(stem)
        if room == "cli":
            verb = re.fullmatch(r"cli/cmd_(\w+)", stem)
            words = verb[1].replace("_", " ") if verb else ""
            if verb and not re.search(rf"\btessera {words}\b", blocks):
                found.fail(name, f"no console page runs 'tessera {words}'")
        elif pathlib.PurePath(stem).name not in tests and stem not in included:
            tell = found.warn if room in TESTS_STILL_MISSING else found.fail
            tell(name, f"no test includes it or is called {pathlib.PurePath(stem).name}_test.cpp")


def main():
    root = pathlib.Path(sys.argv[1])
    found = Findings()
    sources = []
    for top in ("engine", "matchers", "cli"):
        sources += sorted(p.relative_to(root).as_posix() for p in (root / top).rglob("*") if p.suffix in (".h", ".cpp"))
    for name in sources:
        text = (root / name).read_text(encoding="utf-8", errors="replace")
        check_includes(found, name, text)
        check_reach(found, root, name)
        check_text(found, name, text)
        check_size(found, name, text)
    for top in ("tests", "bench"):
        for path in sorted((root / top).rglob("*.cpp")):
            check_text(found, path.relative_to(root).as_posix(), path.read_text(encoding="utf-8", errors="replace"))
    check_tests(found, root, sources)
    return 1 if found.bad or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
