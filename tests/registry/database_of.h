// A database in memory with the tables of a test.
#pragma once

#include <string_view>
#include <utility>

#include <doctest/doctest.h>

#include "engine/ledger/database.h"

namespace tessera::test {

inline ledger::Database database_of(std::string_view tables) {
  auto database = ledger::Database::in_memory();
  REQUIRE(database.has_value());
  REQUIRE(database->exec(tables).has_value());
  return std::move(*database);
}

}  // namespace tessera::test
