#!/usr/bin/env python3
"""The checks of the frame must bite: planted faults are found, and a page that lies fails."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent


def run(script, *args):
    done = subprocess.run([sys.executable, str(HERE / script), *map(str, args)], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8")
    return done.returncode, done.stdout


class Layers(unittest.TestCase):
    def check(self, files):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = pathlib.Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return run("check_layers.py", folder)

    def assert_finds(self, name, text, what):
        status, output = self.check({name: text})
        self.assertEqual(status, 1, output)
        self.assertIn(what, output)

    def test_a_lawful_tree_passes(self):
        status, output = self.check({
            "engine/link/line.cpp": '#include "engine/link/line.h"\n#include "engine/bits/dice.h"\n#include <vector>\n',
            "engine/record/row.cpp": '#include "engine/encoded/format.h"\n#include <unicode/normalizer2.h>\n',
            "engine/core/digest.cpp": "#include <openssl/evp.h>\n",
            "engine/keys/hkdf.cpp": "#include <openssl/kdf.h>\nvoid f() { EVP_KDF_fetch(); }\n",
            **{f"tests/all/{name}_test.cpp": "int t;\n" for name in ("line", "row", "digest", "hkdf")},
        })
        self.assertEqual(status, 0, output)

    def test_linkage_may_not_see_names(self):
        for room in ("record", "keys", "encode"):
            self.assert_finds("engine/link/line.cpp", f'#include "engine/{room}/x.h"\n', f"may not include {room}/x.h")

    def test_owner_may_not_see_the_registry(self):
        self.assert_finds("engine/encode/x.cpp", '#include "engine/registry/registry.h"\n', "may not include registry")

    def test_two_offices_do_not_reach_what_is_the_others(self):
        for room, far in (("comparer", "registry/registry.h"), ("registrar", "encoded/reader.h")):
            by = "link/x.h" if room == "comparer" else "encoded/x.h"
            status, output = self.check({f"engine/{room}/line.cpp": f'#include "engine/{by}"\n',
                                         f"engine/{by}": f'#include "engine/{far}"\n', f"engine/{far}": "int x;\n"})
            self.assertEqual(status, 1, output)
            self.assertIn(f"{room} may never reach {far}, and does by engine/{by}", output)

    def test_record_may_see_one_header_of_encoded(self):
        self.assert_finds("engine/record/x.cpp", '#include "engine/encoded/reader.h"\n', "may not include encoded")

    def test_a_library_belongs_to_its_room(self):
        for name, header in (("engine/link/x.cpp", "unicode/normalizer2.h"), ("engine/core/x.cpp", "openssl/hmac.h"),
                             ("engine/block/x.cpp", "sqlite3.h"), ("engine/bits/x.cpp", "tbb/parallel_for.h"),
                             ("engine/core/csv.cpp", "rapidjson/reader.h"), ("engine/registry/x.cpp", "CLI/CLI.hpp"),
                             ("engine/encode/x.cpp", "sodium.h"), ("engine/cluster/x.cpp", "Eigen/Core")):
            self.assert_finds(name, f"#include <{header}>\n", "is only for")

    def test_keyed_hashing_is_for_the_owner(self):
        self.assert_finds("engine/core/mac.cpp", "auto mac = HMAC (md, key);\n", "HMAC is only for")

    def test_a_room_must_be_in_the_table(self):
        self.assert_finds("engine/misc2/x.cpp", "int x;\n", "in no room")

    def test_sources_are_ascii_short_and_well_named(self):
        self.assert_finds("engine/core/x.cpp", "// caf\u00e9\n", "ASCII")
        self.assert_finds("engine/core/x.cpp", "int x;\n" * 501, "501 lines")
        self.assert_finds("engine/core/string_utils.cpp", "int x;\n", "says nothing")
        self.assert_finds("engine/core/x.cpp", "class KeyManager {};\n", "says nothing")
        self.assert_finds("engine/core/x.cpp", 'auto p = "/home/me/data.csv";\n', "one machine")

    def test_a_source_without_test_is_refused(self):
        status, output = self.check({"engine/core/x.cpp": "int x;\n", "engine/core/y.cpp": "int y;\n",
                                     "tests/core/y_test.cpp": "int t;\n"})
        self.assertEqual(status, 1, output)
        self.assertIn("no test includes it or is called x_test.cpp", output)
        self.assertNotIn("y_test.cpp", output)

    def test_rooms_that_still_lack_tests_are_warned(self):
        status, output = self.check({"engine/registry/x.cpp": "int x;\n"})
        self.assertEqual(status, 0, output)
        self.assertIn("warning: engine/registry/x.cpp: no test includes it", output)

    def test_a_verb_without_a_page_is_refused(self):
        self.assert_finds("cli/cmd_purge.cpp", "int x;\n", "no console page runs 'tessera purge'")
        page = "```console\n$ tessera purge\n```\n"
        self.assertEqual(self.check({"cli/cmd_purge.cpp": "int x;\n", "docs/cli.md": page})[0], 0)

    def test_an_empty_tree_proves_nothing(self):
        self.assertEqual(self.check({})[0], 1)


class Console(unittest.TestCase):
    def page(self, text, *options):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "page.md"
            page.write_text(text, encoding="utf-8")
            status, output = run("run_console.py", *options, page)
            return status, output, page.read_text(encoding="utf-8")

    def test_a_true_page_passes(self):
        text = ("text\n```console\n$ echo one; echo two >&2\none\ntwo\n$ false\n[exit 1]\n```\n"
                "```console\n$ echo a \\\n  b > kept\n```\n```console\n$ cat kept\na b\n```\n")
        self.assertEqual(self.page(text)[0], 0)

    def test_a_lie_fails_and_fix_mends_it(self):
        lie = "```console\n$ echo one\ntwo\n$ exit 3\n```\n"
        status, output, _ = self.page(lie)
        self.assertEqual(status, 1)
        self.assertIn("+one", output)
        status, _, fixed = self.page(lie, "--fix")
        self.assertEqual(status, 0)
        self.assertEqual(fixed, "```console\n$ echo one\none\n$ exit 3\n[exit 3]\n```\n")

    def test_only_console_blocks_run(self):
        self.assertEqual(self.page("```sh\n$ exit 1\n```\n")[0], 0)


class Wall(unittest.TestCase):
    def test_each_kind_is_known_by_its_symbols(self):
        sys.path.insert(0, str(HERE))
        from check_wall import FORBIDDEN
        for name, kind in (("tessera::encode::encode(tessera::schema::Schema const&)", "owner code"),
                           ("tessera::oprf::blind(tessera::oprf::Suite const&)", "owner code"),
                           ("HMAC_Init_ex@OPENSSL_3.0.0", "keyed hashing"), ("EVP_MAC_fetch", "keyed hashing"),
                           ("EVP_KDF_derive@OPENSSL_3.0.0", "key derivation"),
                           ("EVP_PKEY_CTX_set1_hkdf_key", "key derivation"),
                           ("crypto_core_ristretto255_from_hash", "the OPRF"),
                           ("icu_72::Normalizer2::getNFCInstance(UErrorCode&)", "normalisation of names"),
                           ("u_charType_72", "normalisation of names")):
            self.assertEqual([k for k, pattern in FORBIDDEN.items() if pattern.search(name)], [kind], name)
        for name in ("crypto_pwhash_str", "crypto_sign_detached", "EVP_DigestUpdate", "tessera::bits::count_and",
                     "sqlite3_open_v2", "tessera::link::Encoding"):
            self.assertEqual([k for k, pattern in FORBIDDEN.items() if pattern.search(name)], [], name)

    def test_a_binary_without_symbols_proves_nothing(self):
        with tempfile.NamedTemporaryFile() as empty:
            self.assertEqual(run("check_wall.py", empty.name)[0], 1)


class Requirements(unittest.TestCase):
    STUB = """#!/bin/sh
case "$*" in
  "id show --help") printf 'Usage: tessera id show [OPTIONS] ID\\n  --json    as JSON\\n';;
  "id --help") printf 'Usage: tessera id [OPTIONS] SUBCOMMAND\\n';;
  *) exit 2;;
esac
"""

    def check(self, carried, tested, state="yes", rows=80):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in {"docs/ran.md": "```console\n$ true\n```\n", "docs/told.md": "words\n",
                               "tests/ids/id_test.cpp": "", "engine/ids/id.h": "int count(int);\n",
                               "tessera": self.STUB}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            (root / "tessera").chmod(0o755)
            last = f"| R{rows} | x | {carried} | {tested} | {state} |\n"
            (root / "docs/requirements.md").write_text(
                "".join(f"| R{n} | x | `id show` | docs/ran.md | yes |\n" for n in range(1, rows)) + last)
            return run("check_requirements.py", root, root / "tessera")

    def test_a_true_page_passes(self):
        for carried, tested in (("`id show --json`", "`tests/ids/id_test.cpp`"),
                                ("`ids::count`, `engine/ids/id.h`, `id show`", "docs/ran.md")):
            self.assertEqual(self.check(carried, tested), (0, ""))
        self.assertEqual(self.check("people", "", "organisational"), (0, ""))

    def test_what_is_not_there_is_found(self):
        for carried, tested, what in (
                ("`id shown`", "docs/ran.md", "no such verb"), ("`id`", "docs/ran.md", "is a group"),
                ("`id show --csv`", "docs/ran.md", "has no --csv"), ("`ids::tally`", "docs/ran.md", "declared nowhere"),
                ("`engine/ids/none.h`", "docs/ran.md", "no file, verb or function"),
                ("`id show`", "`tests/ids/`", "is a folder"), ("`id show`", "`id_test.cpp`", "is not there"),
                ("`id show`", "`tests/ids/lost_test.cpp`", "is not there"), ("`id show`", "`engine/ids/id.h`", "is no test"),
                ("`id show`", "docs/gone.md", "is not there"), ("`id show`", "docs/told.md", "runs nothing"),
                ("`id show`", "", "names no command or no test"), ("a word", "docs/ran.md", "names no command or no test")):
            status, output = self.check(carried, tested)
            self.assertEqual(status, 1, (carried, tested))
            self.assertIn(what, output)
        self.assertIn("no state", self.check("`id show`", "docs/ran.md", "done")[1])
        self.assertIn("missing ['R80']", self.check("`id show`", "docs/ran.md", rows=79)[1])


if __name__ == "__main__":
    unittest.main()
