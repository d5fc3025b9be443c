#include "engine/report/waterfall.h"

#include <doctest/doctest.h>

namespace waterfall_test {

using namespace tessera;

namespace {

link::Explanation one() {
  return {"dob_last",
          "5-8",
          0.5,
          {{"first", "equal", 3, 3.5}, {"middle", "missing", 0, 3.5}, {"last", "far", -5, -1.5}},
          -1.5,
          false,
          0.182426,
          link::RunnerUp{-3, 0.01}};
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("lines say every field, its level, weight and total") {
  CHECK(report::to_lines(one()) ==
        "  field              level               weight   total\n"
        "  dob_last           candidates 5-8       +0.50   +0.50\n"
        "  first              equal                +3.00   +3.50\n"
        "  middle             missing              +0.00   +3.50\n"
        "  last               far                  -5.00   -1.50\n"
        "  weight -1.5, probability 0.182426\n"
        "  runner-up: weight -3.0, probability 0.010000\n");
  CHECK(report::to_lines(one()).starts_with(report::fields_to_lines(one()) + "  weight"));
}

TEST_CASE("a pair without rivals and a pair held back say so") {
  link::Explanation e = one();
  e.runner_up.reset();
  e.held_back = true;
  e.logit = -4;
  const std::string lines = report::to_lines(e);
  CHECK(lines.find("no other candidate") != std::string::npos);
  CHECK(lines.find("weight -4.0 (held back by a rule)") != std::string::npos);
  CHECK(report::waterfall("x", e).find("held back") != std::string::npos);
}

TEST_CASE("a waterfall has a bar for the pass and for each field") {
  const std::string svg = report::waterfall("w", one());
  CHECK(count(svg, "<rect") == 4);
  CHECK(count(svg, "class=\"same\"") == 3);
  CHECK(count(svg, "class=\"other\"") == 1);
  // From -1.5 to 3.5 over 380 units: the last bar spans all of it, the first a tenth.
  CHECK(count(svg, "x=\"190.0\" y=\"84.0\" width=\"380.0\"") == 1);
  CHECK(count(svg, "width=\"38.0\"") == 1);
}

TEST_CASE("nothing known at all still draws") {
  const std::string svg = report::waterfall("w", {"p", "1", 0, {}, 0, false, 0.5, {}});
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(svg.find("inf") == std::string::npos);
}

TEST_CASE("the page escapes what it is given and loads nothing") {
  const std::string page = report::to_page({{"a & b <i>", one()}, {"c", one()}}, "T <x>");
  CHECK(page.find("a &amp; b &lt;i&gt;") != std::string::npos);
  CHECK(page.find("<title>T &lt;x&gt;</title>") != std::string::npos);
  CHECK(page.find("<i>") == std::string::npos);
  CHECK(page.find("http") == page.find("http-equiv"));
  CHECK(count(page, "<svg") == 2);
  CHECK(count(page, "id=\"pair-1-t\"") == 1);
}

}  // namespace waterfall_test
