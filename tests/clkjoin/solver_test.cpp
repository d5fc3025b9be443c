// The solver against a plain one that keeps whole sets, and on anonlink's own results.
#include "engine/clkjoin/solver.h"

#include <algorithm>
#include <set>

#include "engine/core/random.h"
#include "tests/clkjoin/parties.h"
#include "tests/clkjoin/plain_solver.h"

using namespace tessera;
using namespace tessera::clkjoin;

namespace {

std::vector<Group> solve(std::span<const Pair> pairs, std::vector<std::uint32_t> rows,
                         SolverOptions options, std::size_t piece = 1000) {
  auto solver = Solver::create(rows, options);
  REQUIRE(solver);
  for (std::size_t i = 0; i < pairs.size(); i += piece)
    solver->add(pairs.subspan(i, std::min(piece, pairs.size() - i)));
  return as_lists(solver->groups());
}

std::vector<Group> groups_in(const json::Value& list) {
  std::vector<Group> out;
  for (const json::Value& g : *list.as_array()) {
    Group group;
    for (const json::Value& m : *g.as_array())
      group.emplace_back(static_cast<std::uint32_t>(*(*m.as_array())[0].as_int()),
                         static_cast<std::uint32_t>(*(*m.as_array())[1].as_int()));
    std::sort(group.begin(), group.end());
    out.push_back(group);
  }
  std::sort(out.begin(), out.end());
  return out;
}

const SolverOptions kGreedy{};
const SolverOptions kProbabilistic{{1, 2}, true};

}  // namespace

TEST_CASE("groups are anonlink's, greedy and probabilistic, from anonlink's pairs") {
  for (const std::string name :
       {"cand_t0.75_kNone", "cand_t0.75_k2", "cand_t0.8_kNone", "cand_t0.8_k2"}) {
    const std::vector<Pair> pairs = pairs_in(golden(name + ".bin"));
    const auto want = json::parse(golden(name + "_groups.json"), "groups");
    REQUIRE(want);
    const std::vector<std::uint32_t> rows{400, 400, 400};
    CHECK(solve(pairs, rows, kGreedy) == groups_in(*want->find("greedy")));
    CHECK(solve(pairs, rows, kProbabilistic) == groups_in(*want->find("probabilistic_mt0.5")));
    CHECK(solve(pairs, rows, {{1, 1}, true}) == groups_in(*want->find("probabilistic_mt1.0")));
  }
}

TEST_CASE("dense random pairs: the plain solver gives the same groups, whatever the pieces") {
  Splitmix random(21);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::uint32_t> rows(1 + random.below(5));
    for (auto& n : rows) n = static_cast<std::uint32_t>(1 + random.below(round < 200 ? 6 : 60));
    std::vector<Pair> pairs;
    const std::uint64_t most = 1 + random.below(round < 200 ? 80 : 3000);
    for (std::uint64_t i = 0; i < most; ++i) {
      const auto d0 = static_cast<std::uint32_t>(random.below(rows.size()));
      const auto d1 = static_cast<std::uint32_t>(random.below(rows.size()));
      pairs.push_back({static_cast<double>(random.below(20)) / 20, d0, d1,
                       static_cast<std::uint32_t>(random.below(rows[d0])),
                       static_cast<std::uint32_t>(random.below(rows[d1]))});
    }
    std::sort(pairs.begin(), pairs.end(), before);
    for (const SolverOptions& o : {kGreedy, kProbabilistic, SolverOptions{{1, 3}, false},
                                   SolverOptions{{1, 1}, true}, SolverOptions{{0, 1}, true}}) {
      const auto want = plain_solve(pairs, o);
      CHECK(solve(pairs, rows, o) == want);
      CHECK(solve(pairs, rows, o, 7) == want);
    }
  }
}

TEST_CASE("too many datasets or records are refused") {
  CHECK_FALSE(Solver::create(std::vector<std::uint32_t>(65, 1), kGreedy));
  CHECK_FALSE(Solver::create(std::vector<std::uint32_t>{0xffffffff, 1}, kGreedy));
  auto none = Solver::create({}, kGreedy);
  REQUIRE(none);
  CHECK(none->groups().size() == 0);
}
