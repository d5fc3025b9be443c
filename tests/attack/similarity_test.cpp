#include "engine/attack/similarity.h"

#include <doctest/doctest.h>

namespace tessera::attack {
namespace {

TEST_CASE("a registrar's graph has an edge for each pair it was told, both ways") {
  const std::vector<link::Pair> pairs{{0, 2, -92, 0, 0}, {1, 2, 400, 0, 0}};
  const std::vector<std::uint32_t> number{3, 0, 1, 2};
  const Scores graph(pairs, number, -92);
  REQUIRE(graph.size() == 4);
  std::vector<float> row(4);
  graph.row(1, row);
  CHECK(row[0] == 1.0F);
  CHECK(row[3] > 0);
  CHECK(row[3] < 0.01F);
  CHECK(row[2] == 0);
  graph.row(0, row);
  CHECK(row[1] == 1.0F);
  graph.row(2, row);
  CHECK(row == std::vector<float>(4));
  const std::vector<std::uint32_t> some{3, 2};
  std::vector<float> out(2);
  graph.to(1, some, out);
  CHECK(out[0] > 0);
  CHECK(out[1] == 0);
}

TEST_CASE("of several edges of a pair the most similar stands") {
  const EdgeList graph({{0, 1, 0.2F}, {1, 0, 0.2F}, {0, 1, 0.7F}, {1, 0, 0.7F}}, 2);
  CHECK(graph.edges() == 1);
  std::vector<float> row(2);
  graph.row(0, row);
  CHECK(row[1] == 0.7F);
}

}  // namespace
}  // namespace tessera::attack
