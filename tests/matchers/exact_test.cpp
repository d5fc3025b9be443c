#include "matchers/exact.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace tessera;
using link::Comparator;

namespace {

Result<link::Fit> fit(const std::vector<std::string>& passes) {
  const auto s = schema::load("default");
  REQUIRE(s);
  std::vector<Comparator> cs;
  std::vector<link::PassCounts> counts;
  for (std::size_t p = 0; p < s->passes.size(); ++p) {
    cs.emplace_back(*s, p, false);
    counts.push_back({std::vector<std::uint64_t>(cs[p].patterns(), 1), 10 * (p + 1)});
  }
  return matchers::exact_tags(passes)->fit(*s, cs, counts, {});
}

}  // namespace

TEST_CASE("a shared tag of a named pass is a link, whatever the fields say") {
  const auto f = fit({"dob_first", "names_month_day"});
  REQUIRE(f);
  const std::vector<bool> links{false, true, false, true, false};
  REQUIRE(f->logit.size() == links.size());
  for (std::size_t p = 0; p < links.size(); ++p) {
    const auto expected = static_cast<link::Decinats>(links[p] ? link::kSurest : -link::kSurest);
    CHECK(std::ranges::all_of(f->logit[p], [&](link::Decinats x) { return x == expected; }));
    CHECK(f->expected_matches[p] ==
          doctest::Approx(links[p] ? 10.0 * static_cast<double>(p + 1) : 0));
  }
}

TEST_CASE("a pass that the schema has not is named") {
  const auto f = fit({"dob_first", "nonesuch"});
  REQUIRE(!f);
  CHECK(f.error().code == ErrorCode::usage);
  CHECK(f.error().what.find("nonesuch") != std::string::npos);
}
