"""tessera evaluate and tessera receive from outside: what they write, what they refuse."""
import argparse
import json
import os
import pathlib
import stat
import subprocess
import tempfile
import unittest

TESSERA = ""
MARKER = "MARKER-7731"


def key(n):
    return f"{n:032x}"


class Verb(unittest.TestCase):
    def setUp(self):
        self.held = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.held.name)

    def tearDown(self):
        self.held.cleanup()

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def run_verb(self, *arguments, status=0):
        done = subprocess.run([TESSERA, *arguments], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertNotIn(MARKER, done.stderr)
        return done


class Receive(Verb):
    def setUp(self):
        super().setUp()
        self.write("a.map", f'record,local_id\n{key(1)},zeta\n{key(2)},"al,pha"\n{key(3)},"be""ta"\n')
        self.write("a.csv", f"record,state_id,status\n{key(1)},1234567894,new\n{key(2)},,review\n"
                            f"{key(3)},2234567893,existing\n")

    def receive(self, *more, status=0):
        return self.run_verb("receive", "a.csv", "--map", "a.map", "-o", "ids.csv", *more, status=status)

    def test_puts_local_ids_back_sorted_and_private(self):
        self.receive()
        self.assertEqual((self.folder / "ids.csv").read_text(),
                         'local_id,state_id,status\n"al,pha",,review\n"be""ta",2234567893,existing\n'
                         "zeta,1234567894,new\n")
        self.assertEqual(stat.S_IMODE((self.folder / "ids.csv").stat().st_mode), 0o600)

    def test_will_not_overwrite_unless_told(self):
        self.write("ids.csv", "old")
        self.receive(status=2)
        self.assertEqual((self.folder / "ids.csv").read_text(), "old")
        self.receive("--force")

    def test_never_writes_over_its_inputs(self):
        before = (self.folder / "a.map").read_text()
        self.run_verb("receive", "a.csv", "--map", "a.map", "-o", "a.map", "--force", status=2)
        self.assertEqual((self.folder / "a.map").read_text(), before)

    def test_faults_name_the_line_and_leave_nothing(self):
        head = "record,state_id,status\n"
        for text, status, line in [
                (head + f"{key(1)},1234567894,new\n{key(9)},1234567894,new\n", 6, "a.csv:3"),
                (head + f"{key(1)},1234567894,new\n{key(1)},1234567894,new\n", 6, "a.csv:3"),
                (head + f"{MARKER},1234567894,new\n", 4, "a.csv:2"),
                (head + f"{key(1)},{MARKER},new\n", 4, "a.csv:2"),
                (head + f"{key(1)},0234567890,new\n", 4, "a.csv:2"),
                (head + f"{key(1)},1234567895,new\n", 4, "a.csv:2"),
                (head + f"{key(1)},,new\n", 4, "a.csv:2"),
                (head + f"{key(1)},1234567894,{MARKER}\n", 4, "a.csv:2"),
                (f"record,status\n{key(1)},new\n", 4, "a.csv:1")]:
            self.write("a.csv", text)
            self.assertIn(line, self.receive(status=status).stderr)
            self.assertFalse((self.folder / "ids.csv").exists())

    def test_a_map_with_a_record_twice_is_refused(self):
        self.write("a.map", f"record,local_id\n{key(1)},x\n{key(1)},{MARKER}\n")
        self.assertIn("a.map:3", self.receive(status=4).stderr)

    def test_says_how_many_were_not_answered(self):
        self.write("a.csv", f"record,state_id,status\n{key(1)},1234567894,new\n")
        self.assertIn("2 records of the map", self.receive().stderr)


class Evaluate(Verb):
    def setUp(self):
        super().setUp()
        self.write("a.map", "record,local_id\n" + "".join(f"{key(i)},{i}\n" for i in range(1, 13)))
        self.write("b.map", "record,local_id\n" + "".join(f"{key(100 + i)},{i}\n" for i in range(1, 13)))
        self.write("truth.csv", "owner,local_id,person\n" + "".join(
            f"{o},{i},p{i}\n" for o in ("north", "south") for i in range(1, 13)))
        self.write("groups.csv", "owner,local_id,sex\n" + "".join(
            f"{o},{i},{'F' if i < 12 else 'M'}\n" for o in ("north", "south") for i in range(1, 13)))
        rows = [f"north,{key(i)},south,{key(100 + i)},{i},0.9{i:02}\n" for i in range(1, 12)]
        rows.append(f"south,{key(112)},north,{key(11)},0.5,0.2\n")
        self.write("pairs.csv", "left_owner,left_record,right_owner,right_record,weight,probability\n" + "".join(rows))
        self.write("links.csv", "cluster,owner,record,probability\n" + "".join(
            f"{i},north,{key(i)},0.9\n{i},south,{key(100 + i)},0.9\n" for i in range(1, 11)))
        self.base = ["--truth", "truth.csv", "--map", "a.map", "b.map"]

    def test_measures_pairs_and_clusters(self):
        done = self.run_verb("evaluate", "--pairs", "pairs.csv", "--clusters", "links.csv", *self.base,
                             "--groups", "groups.csv", "--json", "-", "--html", "page.html")
        got = json.loads(done.stdout)
        self.assertEqual(got["true_pairs"], 12)
        self.assertEqual(got["pairs"]["judged"], 12)
        self.assertAlmostEqual(got["pairs"]["completeness"], 11 / 12)
        self.assertAlmostEqual(got["pairs"]["ceiling_f1"], 22 / 23)
        best = got["pairs"]["one_to_one"]["best_f1_threshold_chosen_with_truth"]
        self.assertEqual((best["true_positives"], best["false_positives"]), (11, 0))
        at = {p["threshold"]: p for p in got["pairs"]["all"]["thresholds"]}
        self.assertEqual((at[0.05]["false_positives"], at[0.9]["false_positives"]), (1, 0))
        self.assertEqual(got["clusters"]["pairwise"]["true_positives"], 10)
        rows = {r["value"]: r for r in got["groups"][0]["rows"]}
        self.assertEqual(rows["F"]["recall"], 1)
        self.assertEqual(rows["M"]["true_pairs"], "<10")
        self.assertEqual([g["of"] for g in got["groups"]], ["pairs", "clusters"])
        rows = {r["value"]: r for r in got["groups"][1]["rows"]}
        self.assertEqual((rows["F"]["true_pairs"], rows["F"]["accepted"], rows["F"]["precision"]), (11, 10, 1))
        self.assertAlmostEqual(rows["F"]["recall"], 10 / 11)
        page = (self.folder / "page.html").read_text()
        self.assertTrue(page.startswith("<!DOCTYPE html>"))
        self.assertNotIn("<script", page)

    def test_a_sample_is_judged_or_refused(self):
        self.run_verb("evaluate", "--pairs", "pairs.csv", "--sample", "6", "-o", "sample.csv")
        sample = (self.folder / "sample.csv").read_text()
        self.assertEqual(len(sample.splitlines()), 7)
        done = self.run_verb("evaluate", "--pairs", "pairs.csv", "--answers", "sample.csv", status=2)
        self.assertIn("sample.csv", done.stderr)
        self.assertIn("no pair is judged yet", done.stderr)
        lines = sample.splitlines()
        self.write("answers.csv", "\n".join([lines[0], *(line + "same" for line in lines[1:])]) + "\n")
        done = self.run_verb("evaluate", "--pairs", "pairs.csv", "--answers", "answers.csv", "--json", "-")
        precision = json.loads(done.stdout)["precision"]
        self.assertEqual((precision["value"], precision["high_95"]), (1, 1))
        self.assertLess(precision["low_95"], 1)

    def test_groups_of_clusters_alone(self):
        done = self.run_verb("evaluate", "--clusters", "links.csv", *self.base, "--groups", "groups.csv")
        self.assertIn("By sex (pairs of records in one cluster)", done.stdout)
        self.assertNotIn("accepted at probability", done.stdout)

    def test_same_bytes_whatever_the_order(self):
        first = self.run_verb("evaluate", "--pairs", "pairs.csv", *self.base, "--json", "-").stdout
        for name in ("pairs.csv", "truth.csv", "a.map"):
            head, *rows = (self.folder / name).read_text().splitlines()
            self.write(name, "\n".join([head, *reversed(rows)]) + "\n")
        again = self.run_verb("--threads", "1", "evaluate", "--pairs", "pairs.csv", "--truth", "truth.csv",
                              "--map", "b.map", "a.map", "--json", "-").stdout
        self.assertEqual(first, again)

    def test_measures_ids(self):
        self.write("ids.csv", "owner,record,state_id,status,probability\n" + "".join(
            f"north,{key(i)},{1000000000 + i},new,\nsouth,{key(100 + i)},{1000000000 + i},existing,0.99\n"
            for i in range(1, 12)) + f"north,{key(12)},,review,\nsouth,{key(112)},1000000011,existing,0.9\n")
        got = json.loads(self.run_verb("evaluate", "--ids", "ids.csv", *self.base, "--json", "-").stdout)["ids"]
        self.assertEqual((got["ids_mixing_persons"], got["automatic_links"], got["review"]), (1, 12, 1))
        self.assertEqual(got["persons_with_more_than_one_id"], 0)

    def test_one_owner_counts_pairs_inside_it(self):
        self.write("truth.csv", "owner,local_id,person\n" + "".join(f"north,{i},p{i // 2}\n" for i in range(1, 13)))
        self.write("links.csv", f"cluster,owner,record,probability\n1,north,{key(2)},1\n1,north,{key(3)},1\n")
        got = json.loads(self.run_verb("evaluate", "--clusters", "links.csv", "--truth", "truth.csv", "--map",
                                       "a.map", "--json", "-").stdout)
        self.assertTrue(got["pairs_within_owner_count"])
        self.assertEqual(got["true_pairs"], 5)
        self.assertEqual(got["clusters"]["exact_clusters"]["true_positives"], 1)

    def test_faults(self):
        self.run_verb("evaluate", *self.base, status=2)
        self.write("page.html", "old")
        self.run_verb("evaluate", "--pairs", "pairs.csv", *self.base, "--html", "page.html", status=2)
        self.assertEqual((self.folder / "page.html").read_text(), "old")
        self.run_verb("evaluate", "--pairs", "pairs.csv", *self.base, "--html", "a.map", "--force", status=2)
        self.write("truth.csv", f"owner,local_id,person\nnorth,{MARKER},p\nnorth,{MARKER},q\n")
        self.assertIn("truth.csv:3", self.run_verb("evaluate", "--pairs", "pairs.csv", *self.base, status=6).stderr)

    def test_groups_of_one_record_in_two_rows_are_refused(self):
        for again in ("F", "M"):  # whether or not they agree
            self.write("groups.csv", f"owner,local_id,sex\nnorth,1,F\nsouth,1,F\nnorth,1,{again}\n")
            said = self.run_verb("evaluate", "--pairs", "pairs.csv", *self.base, "--groups", "groups.csv", status=6).stderr
            self.assertIn("groups.csv:4: column local_id", said)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tessera", required=True)
    known, rest = parser.parse_known_args()
    TESSERA = os.path.abspath(known.tessera)
    unittest.main(argv=["evaluate_cli_test.py", *rest])
