#include "engine/schema/epoch_span.h"

#include <doctest/doctest.h>

using namespace tessera;

TEST_CASE("a name of two years spans them, both whole") {
  const auto span = schema::epoch_span("2025-2029");
  REQUIRE(span);
  CHECK(span->first == "2025-01-01");
  CHECK(span->last == "2029-12-31");
  CHECK(schema::epoch_span("2030-2030")->last == "2030-12-31");
}

TEST_CASE("any other name says nothing of years") {
  for (const char* name :
       {"", "2025", "2025-29", "2029-2025", "2025_2029", "x025-2029", "2025-2029b"})
    CHECK_FALSE(schema::epoch_span(name));
}
