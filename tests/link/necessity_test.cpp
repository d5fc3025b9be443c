// What necessity says of a field beside a run over the same people encoded without it.
#include "engine/link/necessity.h"

#include <map>

#include <doctest/doctest.h>

#include "engine/link/compete.h"
#include "tests/link/submissions.h"

using namespace tessera;
using link::Decinats;
using link::Verdict;
using reference::Person;

namespace {

// A matcher of fixed weights, so that the same evidence weighs the same in every run.
class Weights final : public link::Matcher {
 public:
  Result<link::Fit> fit(const schema::Schema&, std::span<const link::Comparator> comparators,
                        std::span<const link::PassCounts>, const link::RunSize&) const override {
    link::Fit out;
    for (const link::Comparator& c : comparators) {
      auto& logit = out.logit.emplace_back();
      for (std::uint32_t g = 0; g < c.patterns(); ++g) logit.push_back(weigh(c, g));
    }
    return out;
  }
  double automatic() const override { return 0.99; }
  double review() const override { return 0.5; }

 private:
  static Decinats weigh(const link::Comparator& c, std::uint32_t pattern) {
    int sum = -60;
    for (std::size_t d = 0; d < c.digits().size(); ++d) {
      const auto level = static_cast<int>(c.level(pattern, d));
      sum += level == 0 ? 0 : level == 1 ? 45 : -15 * level;
    }
    return static_cast<Decinats>(sum);
  }
};

// Two rosters of mostly the same people, in memory; without the fields named, nobody has them.
struct Rosters {
  schema::Schema schema = *schema::load("default");
  std::vector<encode::Encoded> files;
  std::vector<std::vector<std::vector<std::uint32_t>>> rows;  // per file and pass
  link::Run run;

  explicit Rosters(const std::vector<std::size_t>& gone = {}) {
    Splitmix random(31);
    std::vector<Person> north, south;
    for (int i = 0; i < 150; ++i) {
      north.push_back(reference::draw_person(random, "n" + std::to_string(i)));
      south.push_back(reference::copy_of(north.back(), random, "s" + std::to_string(i)));
    }
    for (auto* people : {&north, &south}) add(*people, gone);
    run.schema = &schema;
    run.size = {300, 150, false};
    run.sources = [this](std::size_t p) -> Result<std::vector<block::Source>> {
      std::vector<block::Source> s;
      for (std::size_t f = 0; f < files.size(); ++f)
        s.push_back({files[f].passes[p].view(), rows[f][p]});
      return s;
    };
  }
  Rosters(const Rosters&) = delete;

 private:
  void add(std::vector<Person> people, const std::vector<std::size_t>& gone) {
    for (Person& p : people)
      for (const std::size_t field : gone)
        (field == 0   ? p.first
         : field == 1 ? p.middle
         : field == 2 ? p.last
         : field == 3 ? p.dob
                      : p.sex)
            .clear();
    const auto first = static_cast<std::uint32_t>(run.group.size());
    const auto group = static_cast<std::uint32_t>(files.size());
    run.group.resize(run.group.size() + people.size(), group);
    files.push_back(test::encode_people(schema, people, group == 0 ? "north" : "south", group + 5));
    std::map<encoded::Handle, std::uint32_t> record;
    for (const auto& h : files.back().handles) record[h.handle] = first + h.record;
    auto& mine = rows.emplace_back();
    for (const auto& pass : files.back().passes) {
      auto& numbers = mine.emplace_back();
      for (const auto h : pass.handles) numbers.push_back(record.at(h));
    }
  }
};

using Verdicts = std::map<std::pair<std::uint32_t, std::uint32_t>, Verdict>;

Verdicts verdicts_of(const Rosters& world) {
  const Weights matcher;
  Silent silent;
  const Decinats review = link::logit_of(matcher.review());
  const auto scored = link::score(world.run, matcher, review, silent);
  REQUIRE(scored);
  Verdicts out;
  for (const link::Pair& p : scored->pairs)
    out[{p.a, p.b}] =
        p.logit >= link::logit_of(matcher.automatic()) ? Verdict::automatic : Verdict::review;
  return out;
}

// Kinds of pairs: the same person or not. Records of a roster stand in the order of its people.
std::size_t label(std::uint32_t a, std::uint32_t b) { return b == a + 150 ? 1 : 0; }

std::vector<link::Turns> turns_of(const Verdicts& with, const Verdicts& without) {
  std::vector<link::Turns> out(2);
  const auto at = [](const Verdicts& v, std::pair<std::uint32_t, std::uint32_t> pair) {
    const auto found = v.find(pair);
    return static_cast<std::size_t>(found == v.end() ? Verdict::none : found->second);
  };
  Verdicts all = with;
  all.insert(without.begin(), without.end());
  for (const auto& [pair, verdict] : all)
    ++out[label(pair.first, pair.second)].pairs[at(with, pair)][at(without, pair)];
  return out;
}

}  // namespace

TEST_CASE("R36: leaving a field out counts what a run without it would decide") {
  const Rosters world;
  REQUIRE(world.schema.fields.size() == 5);  // first, middle, last, dob, sex
  const std::vector<std::vector<std::size_t>> sets = {{0}, {1}, {2}, {3}, {4}, {1, 4}, {0, 2}};
  const Weights matcher;
  Silent silent;
  const auto needs = link::necessity(world.run, matcher, sets, 2, label, silent);
  REQUIRE(needs);
  const Verdicts with = verdicts_of(world);
  std::int64_t changes = 0;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    CAPTURE(i);
    const Rosters less(sets[i]);
    const auto expected = turns_of(with, verdicts_of(less));
    const link::Need& need = (*needs)[i];
    CHECK(need.fields == sets[i]);
    for (std::size_t l = 0; l < 2; ++l) {
      CAPTURE(l);
      CHECK(need.turns[l].pairs == expected[l].pairs);
      CHECK(need.turns[l].compared <= need.turns[l].with(Verdict::automatic));
      changes += need.turns[l].turned(Verdict::automatic, Verdict::review) +
                 need.turns[l].turned(Verdict::automatic, Verdict::none);
    }
  }
  CHECK(changes > 50);  // else the test shows nothing
  // Nobody meets anybody without a birth date, and every pass says so.
  CHECK((*needs)[3].passes.size() == world.schema.passes.size());
  CHECK((*needs)[3].turns[1].turned(Verdict::automatic, Verdict::none) ==
        (*needs)[3].turns[1].with(Verdict::automatic));
  // No pass is keyed by sex.
  CHECK((*needs)[4].passes.empty());
}

TEST_CASE("leaving nothing out changes nothing") {
  const Rosters world;
  const Weights matcher;
  Silent silent;
  const std::vector<std::vector<std::size_t>> sets = {{}};
  const auto needs = link::necessity(world.run, matcher, sets, 2, label, silent);
  REQUIRE(needs);
  for (const link::Turns& t : (*needs)[0].turns) {
    for (std::size_t from = 0; from < 3; ++from)
      for (std::size_t to = 0; to < 3; ++to)
        if (from != to) CHECK(t.pairs[from][to] == 0);
    CHECK(t.compared == 0);
  }
}
