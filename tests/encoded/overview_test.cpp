// Counts of an overview against maps filled one entry at a time.
#include "engine/encoded/overview.h"

#include <map>

#include <doctest/doctest.h>

#include "tests/encoded/sample.h"

using namespace tessera;

TEST_CASE("blocks, presence and join counts") {
  for (const std::size_t records : {0, 1, 3, 200}) {
    const reference::Content content = samples::make(samples::kWideSchema, records, records + 1);
    const Bytes bytes = reference::encode_plain(content);
    const auto file = encoded::File::parse(bytes, "f");
    REQUIRE(file);
    const encoded::Overview o = *encoded::overview(*file);
    REQUIRE(o.passes.size() == content.passes.size());
    for (std::size_t p = 0; p < content.passes.size(); ++p) {
      std::map<encoded::Tag, std::uint64_t> blocks;
      std::map<std::uint16_t, std::uint64_t> presence;
      for (const encoded::Tag& t : content.passes[p].tags) ++blocks[t];
      for (const std::uint16_t x : content.passes[p].presence) ++presence[x];
      std::array<std::uint64_t, 4> sizes{};
      for (const auto& [tag, n] : blocks) ++sizes[n == 1 ? 0 : n == 2 ? 1 : n <= 4 ? 2 : 3];
      CHECK(o.passes[p].entries == content.passes[p].tags.size());
      CHECK(o.passes[p].tags == blocks.size());
      CHECK(o.passes[p].blocks == sizes);
      CHECK(o.passes[p].presence == presence);
    }
    std::array<std::uint64_t, 6> states{};
    std::vector<std::uint64_t> usable(content.passes.size() + 1);
    std::uint64_t mandatory = 0;
    for (const encoded::JoinRecord& r : content.records) {
      ++states[static_cast<std::size_t>(r.ssn_state)];
      ++usable[r.usable_passes];
      mandatory += r.mandatory;
    }
    CHECK(o.ssn_states == states);
    CHECK(o.usable == usable);
    CHECK(o.mandatory == mandatory);
  }
}
