// Entries and records without their SSNs.
#include "engine/encoded/without_ssn.h"

#include <doctest/doctest.h>

#include "engine/schema/ssn_pass.h"
#include "engine/schema/variants.h"

namespace without_ssn_test {

using namespace tessera;
using encoded::JoinRecord;
using encoded::SsnState;

TEST_CASE("no token stays, and no entry of a pass on the SSN") {
  const schema::Schema schema = *schema::with_ssn(*schema::load("default"));
  encoded::PassColumns rows;
  rows.stride = 8;
  rows.tags.resize(3);
  rows.handles = {1, 2, 3};
  rows.presence = {4, 5, 6};
  rows.bits.resize(24);
  rows.ssn_tokens = {7, 8, 9};
  REQUIRE(schema::any_keyed_by_ssn(schema));
  for (std::size_t p = 0; p < schema.passes.size(); ++p) {
    const encoded::PassView left = encoded::without_ssn(schema, p, rows.view());
    CHECK(left.ssn_tokens.empty());
    CHECK(left.rows() == (schema::keyed_by_ssn(schema, p) ? 0 : 3));
    CHECK(left.bits.size() == left.rows() * 8);
    CHECK(left.stride == 8);
  }
}

TEST_CASE("who gave an SSN counts as purged, with one pass less; who did not stays") {
  const schema::Schema with = *schema::with_ssn(*schema::load("default"));
  const JoinRecord given{{}, SsnState::provided, 3, 1};
  CHECK(encoded::without_ssn(with, given).ssn_state == SsnState::purged);
  CHECK(encoded::without_ssn(with, given).usable_passes == 2);
  CHECK(encoded::without_ssn(with, {{}, SsnState::provided, 0, 1}).usable_passes == 0);
  CHECK(encoded::without_ssn(with, {{}, SsnState::declined, 3, 1}).usable_passes == 3);
  const schema::Schema without = *schema::load("default");
  CHECK_FALSE(schema::any_keyed_by_ssn(without));
  CHECK(encoded::without_ssn(without, given).usable_passes == 3);
}

}  // namespace without_ssn_test
