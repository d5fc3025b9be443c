// A purge of SSNs in a registry of several epochs.
#include "engine/registry/collection.h"
#include "engine/schema/ssn_pass.h"
#include "tests/intake/ages.h"

using namespace tessera;
using namespace tessera::test;

namespace {

struct Secrets {
  std::vector<std::string> of_ssn;  // tokens, and entries of passes keyed by it
  std::vector<std::string> others;  // all other entries' bits and tags
};

void add_secrets(const std::string& path, Secrets& out) {
  auto set = link::FileSet::open({path});
  REQUIRE(set);
  for (std::size_t p = 0; p < set->schema().passes.size(); ++p) {
    const encoded::PassView v = *set->files()[0].load(p);
    auto& list = schema::keyed_by_ssn(set->schema(), p) ? out.of_ssn : out.others;
    for (std::size_t r = 0; r < v.rows(); ++r) {
      list.emplace_back(as_text(v.bits.subspan(r * v.stride, v.stride)));
      list.emplace_back(as_text(v.tags[r]));
    }
    for (std::size_t i = 0; i + 8 <= v.ssn_tokens.size(); i += 8)  // as a slab keeps them
      out.of_ssn.emplace_back(reinterpret_cast<const char*>(v.ssn_tokens.data() + i), 16);
  }
}

Roster with_ssns(int n, std::uint64_t seed) {
  Roster out{"north", crowd(n, seed)};
  for (std::size_t i = 0; i < out.people.size(); ++i)
    out.people[i].ssn = fmt::format("{:03}{:02}{:04}", 100 + i, 10 + i % 80, 1000 + i);
  return out;
}

}  // namespace

TEST_CASE("R31: a purge reaches every live epoch, and leaves IDs, links and other entries") {
  Ages ages(true);
  const Roster roster = with_ssns(24, 51);
  Secrets secrets;
  std::string newest;
  Fates first;
  for (const int epoch : {1, 2, 3}) {
    if (epoch > 1) ages.begin_epoch(epoch);
    newest = ages.encode(epoch, roster);
    if (epoch > 1) add_secrets(newest, secrets);
    const Fates fates = ages.must({newest});
    if (epoch == 1) first = fates;
  }
  REQUIRE(ages.end_epoch(1));
  REQUIRE(secrets.of_ssn.size() > 100);
  const std::size_t before = found_in(ages.bytes(), secrets.of_ssn);
  REQUIRE(before > secrets.of_ssn.size() / 2);
  REQUIRE(found_in(ages.bytes(), secrets.others) == secrets.others.size());
  REQUIRE(ages.open(registry::Access::write)
              .set_collection({"ssn", "", "2027-01-01", registry::Collect::strip}));
  Silent silent;
  const auto random = seeded_random(77);
  {
    registry::Registry r = ages.open(registry::Access::write);
    const auto n = registry::purge_ssn(r, *random, silent);
    if (!n) FAIL(n.error().what);
    CHECK(n->records == 24);
    CHECK(n->payloads >= 48);  // of two epochs; the ended one has none
  }
  CHECK(found_in(ages.bytes(), secrets.of_ssn) == 0);
  CHECK(found_in(ages.bytes(), secrets.others) == secrets.others.size());
  CHECK(ages.verified() == "");
  // The newest file again: taken as the payload that is there, under the same IDs.
  const auto versions = [&] {
    registry::Registry r = ages.open(registry::Access::read);
    return *r.database().integer("SELECT sum(length(versions)) FROM payload WHERE epoch = 3");
  };
  const std::int64_t kept = versions();
  const Fates again = ages.must({newest});
  CHECK(ages.receipt().ids_issued == 0);
  CHECK(versions() == kept);
  for (const auto& [who, fate] : first) CHECK(again.at(who).id == fate.id);
  CHECK(found_in(ages.bytes(), secrets.of_ssn) == 0);
  // Somebody elsewhere is found under the older live epoch and the newest.
  Roster moved{"south", crowd(24, 51)};
  for (Person& p : moved.people) p.id = "s" + p.id;
  const Fates found = ages.must({ages.encode(2, moved), ages.encode(3, moved)});
  CHECK(ages.receipt().ids_issued == 0);
  CHECK(found.at("south/sc0").id == first.at("north/c0").id);
  REQUIRE(ages.end_epoch(2));
  CHECK(ages.verified() == "");
}
