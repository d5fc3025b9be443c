#!/usr/bin/env python3
"""Run the ```console blocks of Markdown pages and compare what they print.

A line "$ command" starts an example (a trailing backslash continues it); the lines up to the next
"$ " are what it must print, standard output and standard error together. A last line "[exit N]"
says the exit status; without it the status must be 0. A page's blocks run in order in one fresh
folder, where `data` points at the checkout's. --fix rewrites the pages.

usage: run_console.py [--fix] [--bin FOLDER] PAGE...
"""
import argparse
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```)", re.M | re.S)
COMMAND = re.compile(r"^\$ (.*(?:(?<=\\)\n.*)*)", re.M)
SECONDS = 600  # for one command


def run_command(command, folder, env):
    """The lines a command adds to the page."""
    shell = subprocess.run(["bash", "-c", command], cwd=folder, env=env, encoding="utf-8", errors="replace",
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           timeout=SECONDS)
    lines = ["$ " + command]
    if shell.stdout:
        lines.append(shell.stdout.rstrip("\n"))
    if shell.returncode:
        lines.append(f"[exit {shell.returncode}]")
    return "\n".join(lines)


def run_page(text, env):
    """The page as it reads when its blocks are run."""
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "data").symlink_to(ROOT / "data")
        return BLOCK.sub(
            lambda block: "\n".join(run_command(c, folder, env) for c in COMMAND.findall(block[0])) + "\n", text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fix", action="store_true", help="rewrite the pages")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/dev/cli", help="the folder of `tessera`")
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    env = {**os.environ, "PATH": f"{args.bin.resolve()}:{os.environ['PATH']}", "TESSERA_ROOT": str(ROOT),
           "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    bad = 0
    for page in args.pages:
        old = page.read_text(encoding="utf-8")
        new = run_page(old, env)
        if new == old:
            continue
        if args.fix:
            page.write_text(new, encoding="utf-8")
            continue
        bad += 1
        sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True),
                                                   f"{page} (says)", f"{page} (happens)"))
        print(f"{page}: what it shows is not what happens; if what happens is right: {sys.argv[0]} --fix {page}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
