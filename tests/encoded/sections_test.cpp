// Plans, lengths and names of sections.
#include "engine/encoded/sections.h"

#include <doctest/doctest.h>

#include "tests/encoded/sample.h"

using namespace tessera;
using namespace tessera::encoded;

TEST_CASE("the plan: entries of each pass, join, then tokens last") {
  const schema::Schema small = samples::make(samples::kSmallSchema, 0, 1).header.schema;
  std::vector<std::string> names;
  for (const Section& s : planned(small)) names.push_back(name_of(s, small));
  CHECK(names == std::vector<std::string>{"entries of pass dob_last", "entries of pass ssn", "join",
                                          "ssn tokens of pass dob_last", "ssn tokens of pass ssn"});
  const schema::Schema wide = samples::make(samples::kWideSchema, 0, 1).header.schema;
  CHECK(planned(wide).size() == 4);
  CHECK(planned(wide)[0].stride % 8 == 0);
}

TEST_CASE("lengths, to the largest number of rows") {
  Section s;
  s.stride = 24;
  s.rows = 3;
  CHECK(length_of(s, 0) == 3 * 16 + 3 * 8 + 8 + 3 * 24);
  s.kind = SectionKind::ssn_tokens;
  CHECK(length_of(s, 0) == 6);
  s.kind = SectionKind::join;
  CHECK(length_of(s, 2) == 8 + 2 * 24 + 3 * 12);
  s.rows = kMostRows;
  CHECK(length_of(s, kMostRows) == 8 + 36 * std::uint64_t{UINT32_MAX});
  CHECK(padded(0) == 0);
  CHECK(padded(1) == 8);
  CHECK(padded(8) == 8);
  CHECK(padded(9) == 16);
}

TEST_CASE("the fixed header comes back, and only whole") {
  Preamble p;
  p.header_length = 8;
  p.file_length = 72;
  p.sections = 3;
  p.header_checksum[0] = 1;
  p.directory_checksum[15] = 2;
  const auto fixed = encode(p);
  Bytes file(fixed.begin(), fixed.end());
  file.resize(72);
  const auto again = decode_preamble(file);
  REQUIRE(again);
  CHECK(again->header_length == 8);
  CHECK(again->sections == 3);
  CHECK(again->header_checksum == p.header_checksum);
  CHECK(again->directory_checksum == p.directory_checksum);
  CHECK(directory_offset(*again) == 72);
  for (std::size_t size = 0; size < 72; ++size) CHECK(!decode_preamble(ByteView(file).first(size)));
}
