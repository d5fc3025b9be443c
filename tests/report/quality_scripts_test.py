"""The scripts of bench/quality make what they say, the same every time."""
import argparse
import csv
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench" / "quality"))
sys.dont_write_bytecode = True

import clusters  # noqa: E402
import noise  # noqa: E402
import prepare  # noqa: E402
import run  # noqa: E402


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class InFolder(unittest.TestCase):
    def setUp(self):
        self.held = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.held.name)

    def tearDown(self):
        self.held.cleanup()


class Prepare(InFolder):
    def test_febrl_cells_are_stripped_and_persons_named(self):
        head = "rec_id, given_name, surname, date_of_birth, soc_sec_id\n"
        (self.folder / "dataset4a.csv").write_text(head + "rec-7-org, ann , lee, 19900101, 1234567\n")
        (self.folder / "dataset4b.csv").write_text(head + "rec-7-dup-0, an, lee, , 1234567\n")
        prepare.MAKERS["febrl4"](self.folder, self.folder / "out")
        a = rows(self.folder / "out" / "a.csv")
        self.assertEqual(a, [{"local_id": "rec-7-org", "given_name": "ann", "surname": "lee",
                              "date_of_birth": "19900101", "soc_sec_id": "1234567"}])
        truth = rows(self.folder / "out" / "truth.csv")
        self.assertEqual([(t["owner"], t["person"]) for t in truth], [("a", "rec-7"), ("b", "rec-7")])

    def test_dependents_keep_the_first_row_of_a_child(self):
        head = "simulant_id,ssn,first_name\n"
        (self.folder / "dependents_2019_default.csv").write_text(head + "0_1,1,Ann\n0_1,1,An\n0_2,2,Bo\n")
        (self.folder / "dependents_2021_default.csv").write_text(head + "0_1,1,Ann\n")
        prepare.dependents(self.folder, self.folder / "out")
        self.assertEqual([r["first_name"] for r in rows(self.folder / "out" / "a.csv")], ["Ann", "Bo"])
        prepare.guardians(self.folder, self.folder / "all")
        self.assertEqual([r["person"] for r in rows(self.folder / "all" / "truth.csv")], ["0_1", "0_1", "0_2"])


class NoiseMaker(InFolder):
    def setUp(self):
        super().setUp()
        people = "".join(f"p{i},Maria{i % 40},A,Lopez-Nunez{i % 60},{1 + i % 12:02}/{1 + i % 28:02}/{2000 + i % 9},"
                         f"Female,{100 + i % 700}-{10 + i % 80}-{1000 + i}\n" for i in range(400))
        (self.folder / "in.csv").write_text(
            "local_id,first_name,middle_initial,last_name,date_of_birth,sex,ssn\n" + people)

    def make(self, name, **how):
        noise.make(self.folder / "in.csv", self.folder / name, **how)
        return self.folder / name

    def test_same_seed_same_bytes(self):
        for how in (dict(), dict(dedupe=True)):
            one, two, other = self.make("1", seed=5, **how), self.make("2", seed=5, **how), self.make("3", seed=6, **how)
            for file in one.iterdir():
                self.assertEqual(file.read_bytes(), (two / file.name).read_bytes())
            self.assertNotEqual((one / "truth.csv").read_bytes(), (other / "truth.csv").read_bytes())

    def test_truth_names_every_row_and_shares_people(self):
        out = self.make("out")
        truth = {(t["owner"], t["local_id"]): t["person"] for t in rows(out / "truth.csv")}
        for owner in "ab":
            made = rows(out / f"{owner}.csv")
            self.assertEqual(len({r["local_id"] for r in made}), len(made))
            for r in made:
                self.assertIn((owner, r["local_id"]), truth)
        a = {p for (o, _), p in truth.items() if o == "a"}
        b = {p for (o, _), p in truth.items() if o == "b"}
        self.assertTrue(0.7 * len(a) < len(a & b) < 0.9 * len(a))
        self.assertTrue(any(p.startswith("stranger") for p in b - a))
        self.assertTrue(any(p.endswith("-twin") for p in a))

    def test_rates_are_as_asked(self):
        blank = [r["date_of_birth"] == "" for r in rows(self.make("out", apart=0.0) / "b.csv")]
        self.assertAlmostEqual(sum(blank) / len(blank), 0.2, delta=0.06)
        clean = self.make("clean", rate=0.0, blank_dob=0.0, apart=0.0)
        strip = lambda made: sorted(tuple(v for k, v in r.items() if k != "local_id") for r in made)  # noqa: E731
        self.assertEqual(strip(rows(clean / "a.csv")), strip(rows(clean / "b.csv")))

    def test_every_kind_of_error_changes_something(self):
        import random
        _, people = noise.load(self.folder / "in.csv")
        self.assertGreaterEqual(len(noise.KINDS), 25)
        for kind in noise.KINDS:
            changed = 0
            for i, row in enumerate(people[:200]):
                row = dict(row, first=["William", "Sofia", "Phyllis"][i % 3], last=row["last"] + "'o")
                other = dict(row)
                getattr(noise.Noise(people, random.Random(i)), kind)(other)
                changed += other != row
            self.assertGreater(changed, 0, kind)

    def test_dates_keep_their_format(self):
        for text in ("19901231", "1990-12-31", "12/31/1990"):
            year, month, day, shape = noise.parse_date(text)
            self.assertEqual((year, month, day), (1990, 12, 31))
            self.assertEqual(shape.format(year, month, day), text)
        self.assertIsNone(noise.parse_date("soon"))


class Persons(unittest.TestCase):
    def test_chains_reach_where_greedy_stops(self):
        # One person at a and b; another at b and c, drawn in by a weak link from a.
        a, b, b2, c = ("a", "1"), ("b", "1"), ("b", "2"), ("c", "2")
        person = {a: "p", b: "p", b2: "q", c: "q"}
        links = [(0.99, a, b), (0.95, b2, c), (0.91, a, b2)]
        pairs, whole, mixed = clusters.figures(clusters.greedy(links, person), person)
        self.assertEqual((pairs, whole, mixed), ((1, 1, 1), (1, 1, 1), 0))
        pairs, whole, mixed = clusters.figures(clusters.chains(links, person), person)
        self.assertEqual((pairs[0], pairs[1], whole[0], mixed), (2 / 6, 1, 0, 1))

    def test_each_way_takes_its_own_probability(self):
        with tempfile.TemporaryDirectory() as folder:
            pairs = pathlib.Path(folder) / "pairs.csv"
            pairs.write_text("left_owner,left_record,right_owner,right_record,weight,probability\n"
                             "a,1,b,1,4.0,0.4\n")  # strong, but it has a rival
            made = pathlib.Path(folder) / "links.csv"
            made.write_text("cluster,owner,record,probability\n")
            links = clusters.read_links(pairs)
            person = {("a", "1"): "p", ("b", "1"): "p"}
            rows = [line.split(" | ") for line in clusters.lines(links, person, made, 0.9)]
        self.assertEqual([(row[0].strip("| "), row[2]) for row in rows],
                         [("tessera", "0.00000"), ("greedy", "0.00000"), ("chains", "0.00000"),
                          ("greedy, no competition", "1.00000"), ("chains, no competition", "1.00000")])


class Figures(unittest.TestCase):
    def test_lost_rows_count_as_missed(self):
        point = {"threshold": 0.9, "true_positives": 8, "false_positives": 2, "false_negatives": 0}
        sweep = {"thresholds": [point], "best_f1_threshold_chosen_with_truth": point,
                 "most_found_at_precision_0.999_chosen_with_truth": dict(point, true_positives=4)}
        quality = {"true_pairs": 8, "true_pairs_in_no_map": 2,
                   "pairs": {"all": sweep, "one_to_one": sweep, "true_pairs_scored": 8,
                             "calibration": {"expected_calibration_error": 0.01, "pairs": 10}},
                   "clusters": {"pairwise": {"precision": 1.0, "true_positives": 5}}}
        f = run.figures(quality)
        self.assertEqual((f["true_pairs"], f["c"], f["precision"], f["recall"]), (10, 0.8, 0.8, 0.8))
        self.assertAlmostEqual(f["f1"], 0.8)
        self.assertAlmostEqual(f["share_of_c"], 0.5)
        self.assertAlmostEqual(f["cluster_recall"], 0.5)

    def test_a_missed_bar_is_marked(self):
        f = dict(true_pairs=5000, c=0.99, ceiling=0.995, best_f1=0.93, assigned_f1=0.97, precision=1.0, recall=0.9,
                 f1=0.95, share_of_c=0.998, ece=0.01, cluster_precision=1.0, cluster_recall=0.9)
        self.assertIn("0.9700 (!)", run.line("febrl4", "name+dob", "high-recall", f))
        self.assertNotIn("(!)", run.line("febrl4", "name+dob", "high-recall", dict(f, assigned_f1=0.981)))


if __name__ == "__main__":
    argparse.ArgumentParser().parse_known_args()
    unittest.main()
