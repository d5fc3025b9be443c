#include "engine/link/pipeline.h"

#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "engine/core/parallel.h"
#include "tests/link/submissions.h"

using namespace tessera;
using link::Decinats;
using link::Pair;
using link::PairRule;

namespace {

// A matcher whose logit is a fixed function of pass and pattern, so that a test can work it out.
class Fixed final : public link::Matcher {
 public:
  static Decinats logit(std::size_t pass, std::uint32_t pattern) {
    return static_cast<Decinats>(static_cast<int>(Splitmix(pattern, pass).below(400)) - 200);
  }
  Result<link::Fit> fit(const schema::Schema&, std::span<const link::Comparator> comparators,
                        std::span<const link::PassCounts>, const link::RunSize&) const override {
    link::Fit out;
    for (std::size_t p = 0; p < comparators.size(); ++p) {
      auto& l = out.logit.emplace_back();
      for (std::uint32_t g = 0; g < comparators[p].patterns(); ++g) l.push_back(logit(p, g));
    }
    return out;
  }
  double automatic() const override { return 0.9995; }
  double review() const override { return 0.5; }
};

// Two rosters encoded by two owners, as sources of a run.
struct World {
  schema::Schema schema = *schema::load("default");
  std::vector<encode::Encoded> files;
  std::vector<std::vector<std::vector<std::uint32_t>>> rows;  // per file and pass
  std::vector<std::uint32_t> group;

  World() {
    Splitmix random(31);
    std::vector<reference::Person> north, south;
    for (int i = 0; i < 150; ++i) {
      north.push_back(reference::draw_person(random, "n" + std::to_string(i)));
      if (i % 2 == 0)
        south.push_back(reference::copy_of(north.back(), random, "s" + std::to_string(i)));
    }
    for (const auto& [people, owner] : {std::pair{&north, "north"}, std::pair{&south, "south"}})
      add(*people, owner);
  }
  void add(const std::vector<reference::Person>& people, const std::string& owner) {
    const auto first = static_cast<std::uint32_t>(group.size());
    files.push_back(test::encode_people(schema, people, owner, files.size() + 5));
    group.resize(group.size() + people.size(), static_cast<std::uint32_t>(files.size() - 1));
    std::map<encoded::Handle, std::uint32_t> record;
    for (const auto& h : files.back().handles) record[h.handle] = first + h.record;
    auto& mine = rows.emplace_back();
    for (const auto& pass : files.back().passes) {
      auto& numbers = mine.emplace_back();
      for (const auto h : pass.handles) numbers.push_back(record.at(h));
    }
  }
  link::Run run(PairRule rule, std::uint32_t batch, bool turned = false) const {
    link::Run out;
    out.schema = &schema;
    out.group = group;
    out.rule = rule;
    out.batch = batch;
    out.size = {group.size(), group.size()};
    out.sources = [this, turned](std::size_t p) -> Result<std::vector<block::Source>> {
      std::vector<block::Source> s;
      for (std::size_t f = 0; f < files.size(); ++f)
        s.push_back({files[f].passes[p].view(), rows[f][p]});
      if (turned) std::ranges::reverse(s);
      return s;
    };
    return out;
  }
};

bool wanted(const link::Run& run, std::uint32_t a, std::uint32_t b) {  // a < b
  switch (run.rule) {
    case PairRule::across:
      return run.group[a] != run.group[b];
    case PairRule::everything:
      return true;
    case PairRule::from_batch:
      return a < run.batch;
  }
  return false;
}

struct Expected {
  std::vector<std::map<std::uint32_t, std::uint64_t>> counts;  // per pass and pattern
  std::map<std::pair<std::uint32_t, std::uint32_t>, Decinats> best;
};

// Every row of every file against every other: no join, no order, no threads.
Expected brute_force(const World& w, const link::Run& run) {
  Expected out;
  for (std::size_t p = 0; p < w.schema.passes.size(); ++p) {
    const link::Comparator comparator(w.schema, p, false);
    struct Row {
      encoded::Tag tag;
      block::Entry entry;
    };
    std::vector<Row> all;
    for (std::size_t f = 0; f < w.files.size(); ++f) {
      const auto& c = w.files[f].passes[p];
      for (std::size_t i = 0; i < c.tags.size(); ++i)
        all.push_back(
            {c.tags[i], {w.rows[f][p][i], c.presence[i], 0, c.bits.data() + i * c.stride}});
    }
    // Candidates in a block: its other entries, or across files the most of one file.
    const auto candidates = [&](const encoded::Tag& tag) {
      std::map<std::uint32_t, std::size_t> of_group;
      std::size_t entries = 0;
      std::size_t most = 0;
      for (const Row& r : all) {
        if (r.tag != tag) continue;
        ++entries;
        most = std::max(most, ++of_group[run.group[r.entry.record]]);
      }
      return run.rule == PairRule::across ? most : entries - 1;
    };
    auto& counts = out.counts.emplace_back();
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t j = i + 1; j < all.size(); ++j) {
        const auto a = std::min(all[i].entry.record, all[j].entry.record);
        const auto b = std::max(all[i].entry.record, all[j].entry.record);
        if (a == b || all[i].tag != all[j].tag || !wanted(run, a, b)) continue;
        const std::uint32_t pattern = comparator.compare(all[i].entry, all[j].entry) +
                                      comparator.in_block(candidates(all[i].tag));
        ++counts[pattern];
        auto& best = out.best.try_emplace({a, b}, std::int16_t{-1000}).first->second;
        best = std::max(best, Fixed::logit(p, pattern));
      }
  }
  return out;
}

}  // namespace

TEST_CASE("counts and scores are those of every row against every other, for each rule") {
  const World world;
  Silent silent;
  for (const auto& [rule, batch] :
       {std::pair{PairRule::across, 0U}, std::pair{PairRule::everything, 0U},
        std::pair{PairRule::from_batch, 40U}, std::pair{PairRule::from_batch, 150U}}) {
    const link::Run run = world.run(rule, batch);
    const Expected expected = brute_force(world, run);
    const auto counted = link::count(run, 1, nullptr, silent);
    REQUIRE(counted);
    for (std::size_t p = 0; p < expected.counts.size(); ++p) {
      const link::PassCounts& c = (*counted)[p][0];
      std::uint64_t sum = 0;
      for (std::uint32_t g = 0; g < c.pairs.size(); ++g) {
        const auto it = expected.counts[p].find(g);
        CHECK(c.pairs[g] == (it == expected.counts[p].end() ? 0 : it->second));
        sum += c.pairs[g];
      }
      CHECK(c.compared == sum);
    }
    const Decinats floor = -50;
    const auto scored = link::score(run, Fixed(), floor, silent);
    REQUIRE(scored);
    std::map<std::pair<std::uint32_t, std::uint32_t>, Decinats> kept;
    for (const Pair& p : scored->pairs) {
      CHECK(p.a < p.b);
      CHECK(p.logit == Fixed::logit(p.pass, p.pattern));
      CHECK(kept.emplace(std::pair{p.a, p.b}, p.logit).second);  // each pair once
    }
    auto best = expected.best;
    std::erase_if(best, [](const auto& e) { return e.second < -50; });
    CHECK(!best.empty());
    CHECK(kept == best);
  }
}

TEST_CASE("threads and the order of sources change nothing") {
  const World world;
  Silent silent;
  std::vector<std::vector<Pair>> results;
  for (const std::size_t threads : {1U, 2U, 4U})
    for (const bool turned : {false, true}) {
      set_threads(threads);
      auto scored = link::score(world.run(PairRule::everything, 0, turned), Fixed(), -200, silent);
      REQUIRE(scored);
      results.push_back(std::move(scored->pairs));
    }
  set_threads(0);
  CHECK(!results[0].empty());
  auto same = [](const Pair& x, const Pair& y) {
    return x.a == y.a && x.b == y.b && x.logit == y.logit && x.pass == y.pass &&
           x.pattern == y.pattern;
  };
  for (const auto& r : results) CHECK(std::ranges::equal(r, results[0], same));
}

TEST_CASE("labels part the counts") {
  const World world;
  Silent silent;
  const link::Run run = world.run(PairRule::across, 0);
  const auto whole = link::count(run, 1, nullptr, silent);
  const auto parted = link::count(
      run, 2, [](std::uint32_t a, std::uint32_t b) { return (a + b) % 2; }, silent);
  REQUIRE(whole);
  REQUIRE(parted);
  for (std::size_t p = 0; p < whole->size(); ++p) {
    CHECK((*parted)[p][0].compared > 0);
    CHECK((*parted)[p][0].compared + (*parted)[p][1].compared == (*whole)[p][0].compared);
    for (std::size_t g = 0; g < (*whole)[p][0].pairs.size(); ++g)
      CHECK((*parted)[p][0].pairs[g] + (*parted)[p][1].pairs[g] == (*whole)[p][0].pairs[g]);
  }
}

TEST_CASE("an error of the sources stops the run") {
  const World world;
  Silent silent;
  link::Run run = world.run(PairRule::across, 0);
  run.sources = [](std::size_t) -> Result<std::vector<block::Source>> {
    return Error{ErrorCode::io, "gone", "x"};
  };
  const auto scored = link::score(run, Fixed(), 0, silent);
  REQUIRE(!scored);
  CHECK(scored.error().what == "gone");
}
