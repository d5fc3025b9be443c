// The nickname groups: what belongs together, what must not, and that nothing chains.
#include "engine/record/nickname.h"

#include <algorithm>

#include <doctest/doctest.h>

using tessera::record::nickname_group;
using tessera::record::nickname_table;

TEST_CASE("nicknames lead to the formal name") {
  const std::pair<const char*, const char*> examples[] = {
      {"BILL", "WILLIAM"},      {"BILLY", "WILLIAM"},  {"WILL", "WILLIAM"},
      {"LIZ", "ELIZABETH"},     {"BETH", "ELIZABETH"}, {"BETTY", "ELIZABETH"},
      {"PEGGY", "MARGARET"},    {"BOB", "ROBERT"},     {"DICK", "RICHARD"},
      {"JACK", "JOHN"},         {"JON", "JONATHAN"},   {"MIKE", "MICHAEL"},
      {"CHRIS", "CHRISTOPHER"}, {"TONY", "ANTHONY"},   {"KATE", "KATHERINE"},
      {"DEBBIE", "DEBORAH"},    {"PACO", "FRANCISCO"}, {"ALEX", "ALEXANDER"},
      {"ABBY", "ABIGAIL"},      {"MATT", "MATTHEW"}};
  for (const auto& [nickname, formal] : examples) {
    CAPTURE(nickname);
    CHECK(nickname_group(nickname) == formal);
  }
}

TEST_CASE("frequent names of their own stay apart") {
  const char* names[] = {"MARIA",  "MARY",    "ANNA",       "ANN",      "ANNE",  "JOHN",
                         "JUAN",   "JOSE",    "JOSEPH",     "ERIN",     "AARON", "LEE",
                         "JULIA",  "JULIE",   "ELLEN",      "HELEN",    "LISA",  "ELIZABETH",
                         "STEVEN", "STEPHEN", "NATHAN",     "JONATHAN", "MARK",  "MARCUS",
                         "EMMA",   "EMILY",   "NOT A NAME", ""};
  for (const char* name : names) {
    CAPTURE(name);
    CHECK(nickname_group(name) == name);
  }
}

TEST_CASE("one step and no more: a group is its own group") {
  const auto table = nickname_table();
  CHECK(table.size() > 500);
  CHECK(std::ranges::is_sorted(table));
  for (const auto& [name, group] : table) {
    CAPTURE(name);
    REQUIRE(nickname_group(name) == group);
    REQUIRE(nickname_group(group) == group);
    REQUIRE(name != group);
  }
  // No group draws in the world: the published relation's components hold thousands.
  for (const auto& [name, group] : table)
    REQUIRE(std::ranges::count(table, group,
                               &std::pair<std::string_view, std::string_view>::second) <= 24);
}
