// compare(): pairs of a batch with what is stored, against every pair compared one by one.
#include "engine/intake/meeting.h"

#include <map>
#include <set>

#include "tests/intake/district_state.h"

using namespace tessera;
using namespace tessera::test;

namespace {

// A matcher that finds every pattern equally likely: what meets is what is tested, not how much.
class Flat final : public link::Matcher {
 public:
  Result<link::Fit> fit(const schema::Schema&, std::span<const link::Comparator> comparators,
                        std::span<const link::PassCounts>, const link::RunSize&) const override {
    link::Fit fit;
    for (const link::Comparator& c : comparators) {
      fit.logit.emplace_back(c.patterns(), link::Decinats{20});
      fit.expected_matches.push_back(0);
    }
    return fit;
  }
  double automatic() const override { return .9995; }
  double review() const override { return .5; }
};

}  // namespace

TEST_CASE("a batch meets stored records and itself exactly where tags are equal") {
  test::State state;
  state.assign({{"north", crowd(60, 1)}, {"south", crowd(60, 2)}});
  std::vector<Person> moved = crowd(60, 1);
  moved.resize(30);
  for (Person& p : moved) p.id = "x" + p.id;
  const auto paths = state.write({{"west", moved}, {"east", crowd(60, 2)}});
  auto files = link::FileSet::open(paths);
  REQUIRE(files);
  auto registry = registry::Registry::open(state.path(), registry::Access::read);
  REQUIRE(registry);
  Silent silent;
  std::vector<intake::Attendance> attendance(files->records());
  attendance[3].active = false;
  const auto compared = intake::compare(*registry, *intake::by_epoch(*registry, {&*files, 1}),
                                        {attendance}, Flat(), silent);
  REQUIRE(compared);
  // The plain way: every two rows of a pass.
  std::set<std::pair<std::uint32_t, std::uint64_t>> expected;  // stored ones by 10^6 + record
  for (std::size_t p = 0; p < files->schema().passes.size(); ++p) {
    const auto sources = files->sources(p);
    struct Row {
      encoded::Tag tag;
      std::uint32_t record;
    };
    std::vector<Row> rows;
    for (const auto& s : *sources)
      for (std::size_t r = 0; r < s.view.rows(); ++r)
        if (s.records[r] != 3) rows.push_back({s.view.tags[r], s.records[r]});
    const auto stored = registry->entries().read_all(p);
    const auto whose = registry->records_of(registry->current(), stored->handles);
    for (const Row& a : rows) {
      for (const Row& b : rows)
        if (a.tag == b.tag && a.record < b.record) expected.emplace(a.record, b.record);
      for (std::size_t i = 0; i < stored->tags.size(); ++i)
        if (stored->tags[i] == a.tag) expected.emplace(a.record, 1'000'000 + (*whose)[i]);
    }
  }
  std::set<std::pair<std::uint32_t, std::uint64_t>> found;
  for (const link::Pair& p : compared->pairs)
    found.emplace(p.a, p.b < compared->batch ? std::uint64_t{p.b}
                                             : 1'000'000 + compared->stored[p.b - compared->batch]);
  CHECK(found == expected);
  CHECK(found.size() > 80);
  CHECK(compared->probability.size() == compared->pairs.size());
  for (const link::Pair& p : compared->pairs) CHECK(p.a != 3);
}

TEST_CASE("a record that waits is no candidate of its own") {
  test::State state;
  state.assign({{"north", crowd(20, 3)}});
  auto files = link::FileSet::open(state.write({{"north", crowd(20, 3)}}));
  auto registry = registry::Registry::open(state.path(), registry::Access::read);
  Silent silent;
  std::vector<intake::Attendance> attendance(files->records());
  for (std::uint32_t r = 0; r < files->records(); ++r) {
    const auto known =
        registry->look_up(registry->current(), "north", encoded::Population::student,
                          std::vector{files->record(r).key}, std::vector<Checksum>(1));
    attendance[r].own = known->front().record;
  }
  const auto compared = intake::compare(*registry, *intake::by_epoch(*registry, {&*files, 1}),
                                        {attendance}, Flat(), silent);
  REQUIRE(compared);
  for (const link::Pair& p : compared->pairs)
    if (p.b >= compared->batch)
      CHECK(compared->stored[p.b - compared->batch] != attendance[p.a].own);
}
