#!/usr/bin/env python3
"""What CPython makes of numbers, dates, patterns, text and tables: tests/golden/clk/python_cases.json.

The expectations of python_test.cpp are what this script saw a real CPython do, curated cases and
random ones. Run it with CPython 3.11 on glibc, as clkhash is (dates differ elsewhere):

    python3.11 tests/clk/python_cases.py > tests/golden/clk/python_cases.json
"""
import csv
import datetime
import io
import json
import platform
import random
import re
import sys
import warnings

random.seed(20261121)
warnings.simplefilter("ignore")


def tried(f, *args):
    try:
        return f(*args)
    except (ValueError, OverflowError, re.error, UnicodeError):
        return None


def spelled(pieces, longest):
    return "".join(random.choice(pieces) for _ in range(random.randrange(longest + 1)))


def ints():
    texts = ["7", "007", "-0", "+65", " 65\t", "1_000", "\u00a05\u3000", "\u0663\u0664", "-\uff15", "99999999999999999999", "", " ",
             "1.0", "_1", "1_", "1__0", "+ 1", "0x5", "1e3", "\u00b2", "--5", "five", "1" * 4300, "1" * 4301, "-" + "9" * 4300, "1\x00", "\x1f5", "\u20075"]
    pieces = ["0", "1", "7", "42", "_", "+", "-", " ", "\t", "\u00a0", "\u2009", "\u0663", "\u0967", "\uff15", "\U0001d7d8", ".", "e", "x", "\u00b2", "\n", "\x1c"]
    texts += [spelled(pieces, 6) for _ in range(800)]
    return [[t, None if (n := tried(int, t, 10)) is None else str(n)] for t in texts]


def floats():
    texts = ["1.5", " -.5 ", "5.", "1e3", "1_0.2_5", "+1E-2", "\u0663.5", "1e-400", "-inf", "1e999", "NaN", "infinity", "", ".", "e5", "1e",
             "1._5", "0x1p3", "1,5", "infin", "1 5", "\x1c1", "1\x1f", "0.1", "2.5e-324", "1.7976931348623157e308", "1.7976931348623159e308", "1e16", "123456789012345678901234567890"]
    pieces = ["0", "1", "25", ".", "e", "E", "_", "+", "-", " ", "\u0664", "inf", "nan", "\u2003", "e-3", "e+2"]
    texts += [spelled(pieces, 7) for _ in range(800)]
    texts += [repr(random.uniform(-1, 1) * 10 ** random.randint(-30, 30)) for _ in range(200)]
    return [[t, None if (x := tried(float, t)) is None else "nan" if x != x else x.hex()] for t in texts]


def read_date(text, form):
    return datetime.datetime.strptime(text, form).strftime("%Y%m%d")


def dates():
    cases = [("%Y-%m-%d", t) for t in ("1996-12-19", "1996-2-9", "0123-01-12", "", "1996-13-01", "1999-02-29", "2000-02-29", "1900-02-29",
                                       "96-01-01", " 1996-01-01", "1996-01-01 ", "0000-01-01", "0001-01-01", "9999-12-31",
                                       "\u0661\u0669\u0669\u0669-3-5", "1996-02-30", "1996-00-10", "1996-04-31", "1996-1-1x")]
    cases += [("%d.%m.%Y", "1.3.0123"), ("%d%m%Y", " 1031999"), ("%y%m%d", "681231"), ("%y%m%d", "690101"), ("%d %B %Y", "5 MARCH 1999"),
              ("%d %b %Y", "5   mar\t1999"), ("%A, %d %b %Y", "Friday, 05 Mar 1999"), ("%Y %j", "2000 366"), ("%Y %j", "2001 366"), ("%Y %j", "2001 367"),
              ("%Y-%m-%dT%H:%M:%S", "1999-03-05T23:59:59"), ("%I:%M %p %d/%m/%Y", "12:30 PM 05/03/1999"), ("%G-W%V-%u", "2020-W53-7"),
              ("%Y %W %w", "2021 1 1"), ("%Y %U %a", "2021 0 Sat"), ("%Y", "1999"), ("%m/%d", "2/28"), ("%m/%d", "2/29"), ("100%% %Y", "100% 1999"),
              ("(%Y).*", "(1999).*"), ("%x", "03/05/99"), ("%Y%z", "1999+01:30"), ("%S", "60"), ("%S", "61"), ("%Y %V", "1999 5"), ("%G", "1999"), ("%H", "24"),
              ("%", "5"), ("%Q", "5"), ("%Y%Y", "19991999"), ("%Y %", "1999 "), ("%c", "Fri Mar  5 12:00:00 1999"), ("%X", "12:30:59"), ("%f", "123456")]
    directives = ["%Y", "%m", "%d", "%y", "%b", "%B", "%j", "%a", "%H", "%M", "%S", "%p", "%I", "%A", "%w", "%U"]
    for _ in range(900):
        parts = random.sample(directives[:5], 3) if random.random() < 0.7 else random.sample(directives, random.randint(1, 4))
        form = random.choice(["-", "/", ".", " ", "", "  ", ", "]).join(parts)
        day = datetime.datetime(random.choice([5, 123, 999, 1000, 1582, 1900, 1968, 1999, 2000, 2004, 2024, 9999]), random.randint(1, 12), random.randint(1, 28), random.randint(0, 23), random.randint(0, 59))
        text = day.strftime(form)
        for _ in range(random.choice([0, 0, 1, 2])):
            at = random.randrange(len(text) + 1)
            text = text[:at] + random.choice(["", " ", "0", "1", "3", "9", "x", "-", "\u0661"]) + text[at + random.randint(0, 1):]
        if random.random() < 0.2:
            text = text.upper()
        cases.append((form, text))
    return [[form, text, tried(read_date, text, form)] for form, text in cases]


def matched(pattern, text):
    return re.compile(pattern).fullmatch(text) is not None


def patterns():
    cases = [("[a-z][a-z][a-z]\\d\\d\\d", "kev007"), ("a|ab", "ab"), ("\\d+", "\u0663\u0664"), ("(?a)\\d+", "\u0663"), ("\\w+", "\u00e9t\u00e9"), ("a{,2}", "aa"),
             ("a{,2}", "aaa"), ("[[:alpha:]]", ":]"), ("[]a]+", "a]"), ("[^]a]", "b"), ("ab\\Z", "ab"), ("\\u00e9", "\u00e9"), ("(?i)ABC", "abc"), ("a$", "a\n"),
             ("", ""), ("(?P<y>\\d\\d)-(?P=y)", "12-12"), (".", "\n"), ("(?s).", "\n"), ("(", ""), ("[a", "a"), ("\\q", "q"), ("a**", "a"), ("\\", ""), ("\\u12", ""),
             ("a{2", "a{2"), ("x{1,2}?", "xx"), ("\\s", "\u00a0"), ("\\s", "\x1f"), ("\\S+", "ab"), ("\\bab\\b", "ab"), ("(?x) a b # no", "ab"), ("(?:a|b)*?c", "abac"),
             ("(?<=a)b", "b"), ("a(?=b)b", "ab"), ("a(?!b)c", "ac"), ("\\x41", "A"), ("\\101", "A"), ("[\\w-]+", "a-b"), ("^ab$", "ab"), ("\\Aab", "ab"),
             ("(a)(b)?(?(2)c|d)", "ad"), ("(?-i:a)", "a"), ("(?i:A)b", "ab"), ("[\\d.]+", "1.2"), ("\\.", "."), ("[a-\\d]", "a"), ("[z-a]", "a"), ("\u00e9{2}", "\u00e9\u00e9"),
             ("[\u00e0-\u00ff]+", "\u00e9\u00e8"), (".", "\U0001f600"), ("\\D", "x"), ("\\W", "-"), ("(?i)stra\u00dfe", "STRASSE"), ("(?i)\u00c9", "\u00e9"), ("a++", "aa"), ("(?>a)b", "ab")]
    atoms = ["a", "b", "1", ".", "\\d", "\\w", "\\s", "[ab]", "[^a]", "[a-z0-9]", "(a|b)", "(?:ab)", "\\.", "-", " ", "\u00e9"]
    counts = ["", "", "", "*", "+", "?", "{2}", "{1,2}", "{,1}", "{0,3}", "*?"]
    for _ in range(900):
        pattern = "".join(random.choice(atoms) + random.choice(counts) for _ in range(random.randint(1, 4)))
        cases.append((pattern, spelled(["a", "b", "ab", "1", "-", " ", ".", "\u00e9", "z", "\n", "\u0663"], 6)))
    return [[p, t, tried(matched, p, t)] for p, t in cases]


def more_patterns():
    """Every part of a pattern, in any order, most of it no pattern at all."""
    cases = [(p, t) for p, texts in json.load(open(__file__.replace("python_cases.py", "python_patterns.json"))) for t in texts]
    parts = ["a", "b", "1", "\u00e9", "\u0131", "i", "\u017f", "s", "\\d", "\\w", "\\s", "\\S", "\\W", "\\b", "\\B", "\\A", "\\Z", "^", "$", ".", "[ab]", "[^a]",
             "[a-c1]", "[\\w-]", "[^\\S]", "[i]", "[]a]", "\\n", "\\x41", "\\07", "\\101", "\\1", "(?P=n)", "-", " ", "\n", "#", "{", "{2}", "{,1}", "{,}", "(?:", "(", "(?P<n>",
             "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?s:", "(?x:", "(?m:", "(?(1)", "(?(n)", ")", ")", ")", "|", "*", "+", "?", "{1,2}", "(?#c)", "\\", "["]
    for _ in range(2500):
        pattern = random.choice(["", "", "", "(?x)", "(?s)", "(?m)", "(?a)"]) + "".join(random.choice(parts) for _ in range(random.randint(1, 6)))
        pattern += ")" * (pattern.count("(") - pattern.count("(?#c)") - pattern.count("(?P=n)") - pattern.count(")"))
        cases.append((pattern, spelled(["a", "b", "1", "\u00e9", "i", "I", "s", " ", "\n", "-", "A", "\x1c", "#", "{"], 4)))
    return [[p, t, tried(matched, p, t)] for p, t in cases]


LETTERS = ["K", "\u00c9", "\u00e9", "V", "i", " ", "5", "STRA", "\u00df", "\u1e9e", "\u01c5", "\u03a3", "\u03c2", "\u0130", "\u0131", "\ufb01", "\u5b57", "\U00010400", "\U00010428", "\u24b6", "\u2170", "\u00aa", "-"]


def cases_of_text():
    texts = ["", "K\u00c9VIN 5", "K\u00e9VIN", "STRA\u00dfE", "stra\u00dfe"] + [spelled(LETTERS, 4) for _ in range(500)]
    return [[t, t.upper() == t, t.lower() == t] for t in texts]


def encodings():
    texts = ["a", "a\u20ac", "\U0001f600", "\u00e9", "", "ab"] + [spelled(LETTERS, 3) for _ in range(60)]
    return [[t, codec, None if (b := tried(t.encode, codec)) is None else b.hex()] for t in texts for codec in ("ascii", "utf-8", "utf-16", "utf-32")]


def tables():
    texts = ['a,b\n1,2\n', 'a,"b,c"\n', '"a""b",c', 'a"b,c"\n', '"a\nb",c\r\nd', "\n\n", "a,\n,b", ' "a",b', '"a"b,c', "a\rb\r\nc", '"open', '"a",', ","]
    texts += [spelled(["a", "b c", ",", ",", '"', '"', '""', "\n", "\r\n", "\r", " ", "\u00e9"], 12) for _ in range(700)]
    return [[t, rows] for t in texts if (rows := read_table(t)) is not None]


def read_table(text):
    try:
        return list(csv.reader(io.StringIO(text, newline=None)))  # as open() reads a file
    except csv.Error:
        return None


def main():
    if platform.python_implementation() != "CPython" or sys.version_info[:2] != (3, 11):
        sys.exit("python_cases.py: run it with CPython 3.11")
    parts = {"int": ints(), "float": floats(), "date": dates(), "pattern": patterns(), "letters": cases_of_text(), "encoded": encodings(), "table": tables(), "more patterns": more_patterns()}
    print('{"python": ' + json.dumps(platform.python_version()))
    for name, cases in parts.items():
        lines = sorted({json.dumps(c) for c in cases})
        print(f', "{name}": [\n' + ",\n".join(lines) + "]")
    print("}")


main()
