#include "engine/link/tile.h"

#include <array>
#include <set>

#include <doctest/doctest.h>

#include "engine/schema/variants.h"
#include "tests/link/rows.h"

using namespace tessera;
using link::Comparator;
using link::TileKernel;
using link::TilePlan;

namespace {

std::vector<schema::Schema> schemas() {
  std::vector<schema::Schema> out;
  for (const char* name : {"default", "high-recall", "high-privacy"}) {
    out.push_back(*schema::load(name));
    out.push_back(*schema::with_ssn(out.back()));
  }
  return out;
}

// Every pair of the rows by every kernel against the plain comparison. Returns the patterns met.
std::set<std::uint32_t> check_all(const Comparator& comparator, const TilePlan& plan,
                                  const std::vector<block::Entry>& rows) {
  std::set<std::uint32_t> met;
  const std::size_t tiles = (rows.size() + link::kTileLanes - 1) / link::kTileLanes;
  std::vector<std::uint16_t> turned(tiles * plan.tile_size(), 0xabcd);
  link::turn(plan, rows, turned.data());
  std::array<std::uint32_t, link::kTileLanes> patterns{};
  for (const TileKernel& kernel : link::tile_kernels()) {
    if (!kernel.usable()) continue;
    CAPTURE(kernel.name);
    for (const block::Entry& a : rows)
      for (std::size_t t = 0; t < tiles; ++t) {
        kernel.compare(plan, a, turned.data() + t * plan.tile_size(), patterns.data());
        for (std::size_t i = t * link::kTileLanes;
             i < rows.size() && i < (t + 1) * link::kTileLanes; ++i) {
          const std::uint32_t plain = comparator.compare(a, rows[i]);
          REQUIRE(patterns[i % link::kTileLanes] == plain);
          met.insert(plain);
        }
      }
  }
  return met;
}

}  // namespace

TEST_CASE("every kernel gives the plain pattern, in every pass of every schema") {
  for (const schema::Schema& s : schemas())
    for (std::size_t p = 0; p < s.passes.size(); ++p)
      for (const bool tokens : {false, true}) {
        const Comparator comparator(s, p, tokens);
        const TilePlan plan = TilePlan::of(comparator);
        REQUIRE(plan.usable);
        const test::Rows rows(s, p, 75, 7 * p + 1);  // two whole tiles and a part
        check_all(comparator, plan, rows.entries());
      }
}

TEST_CASE("the rows of these tests meet every level of every field") {
  const schema::Schema s = *schema::with_ssn(*schema::load("default"));
  const Comparator comparator(s, 0, true);
  const test::Rows rows(s, 0, 600, 3);
  const auto met = check_all(comparator, TilePlan::of(comparator), rows.entries());
  for (std::size_t d = 0; d < comparator.digits().size(); ++d) {
    std::set<std::uint32_t> levels;
    for (const std::uint32_t pattern : met) levels.insert(comparator.level(pattern, d));
    CAPTURE(d);
    // An SSN token is never missing where tokens are compared.
    const bool ssn = comparator.digits()[d].kind == schema::Kind::ssn;
    CHECK(levels.size() == comparator.digits()[d].levels - (ssn ? 1 : 0));
  }
}

TEST_CASE("patterns that do not fit 16 bits are put together from two halves") {
  schema::Schema s = *schema::with_ssn(*schema::load("default"));
  schema::Field number;
  number.name = "number";
  number.kind = schema::Kind::number;
  schema::Field other = number;
  other.name = "other";
  s.fields.push_back(number);
  s.fields.push_back(other);
  for (schema::Pass& p : s.passes) {
    p.compare.push_back(s.fields.size() - 2);
    p.compare.push_back(s.fields.size() - 1);
  }
  const Comparator comparator(s, 0, true);
  REQUIRE(comparator.patterns() > 65536);
  const TilePlan plan = TilePlan::of(comparator);
  CHECK(plan.usable);
  CHECK(plan.base != 0);
  const test::Rows rows(s, 0, 64, 9);
  const auto met = check_all(comparator, plan, rows.entries());
  CHECK(*met.rbegin() > 65536);
}

TEST_CASE("the list ends with a kernel that any processor can use") {
  CHECK(link::tile_kernels().back().usable());
  CHECK(link::best_tile_kernel().usable());
}
