// What a destruction leaves on disk: nothing that the destroyed records were encoded to.
#include <set>

#include "engine/registry/id_changes.h"
#include "engine/registry/retention.h"
#include "tests/intake/ssn_world.h"

using namespace tessera;
using test::found_in;
using test::people;

namespace {

// Tags, bits and handle of every entry of a file, the handle as blocks keep it and as SQLite keeps
// an integer; tokens eight at a time.
std::vector<std::string> entry_bytes(const link::FileSet& set) {
  std::vector<std::string> out = test::ssn_bytes(set);
  const auto text = [](const void* p, std::size_t n) {
    return std::string(static_cast<const char*>(p), n);
  };
  for (std::size_t p = 0; p < set.schema().passes.size(); ++p) {
    const encoded::PassView v = *set.files()[0].load(p);
    for (std::size_t i = 0; i < v.rows(); ++i) {
      out.push_back(text(v.tags[i].data(), v.tags[i].size()));
      out.push_back(text(v.bits.data() + i * v.stride, v.stride));
      std::uint8_t handle[8];
      store_le(handle, v.handles[i]);
      out.push_back(text(handle, sizeof handle));
      out.emplace_back(out.back().rbegin(), out.back().rend());
    }
  }
  return out;
}

// How many of a file's entries the registry still knows a record for.
std::size_t known_handles(test::SsnWorld& w, const link::FileSet& set) {
  std::size_t known = 0;
  registry::Registry r = w.open();
  for (std::size_t p = 0; p < set.schema().passes.size(); ++p) {
    const encoded::PassView v = *set.files()[0].load(p);
    for (const encoded::Handle handle : v.handles)  // one that is nobody's is an error
      if (r.records_of(r.current(), {&handle, 1})) ++known;
  }
  return known;
}

}  // namespace

TEST_CASE("R65: after a destruction no byte of the entries is in any file, and others are found") {
  test::SsnWorld w;
  Silent silent;
  auto kept = w.submit(people(40, 5, false), "north");
  const auto kept_ids = test::ids_of(w.assign(kept));
  auto gone = w.submit(people(12, 77, true), "south");
  const auto gone_ids = test::ids_of(w.assign(gone));
  const auto of_kept = entry_bytes(kept);
  const std::set<std::string> shared(of_kept.begin(), of_kept.end());
  std::vector<std::string> needles;
  for (std::string& n : entry_bytes(gone))
    if (!shared.contains(n)) needles.push_back(std::move(n));
  const std::size_t before = found_in(w.bytes(), needles);
  REQUIRE(before > needles.size() / 2);  // of a handle one of the two, of a token none
  std::vector<registry::StateId> ids;
  for (const registry::StateId id : gone_ids) {
    if (id == 0) continue;
    registry::Registry r = w.open(registry::Access::write);
    if (registry::archive_id(r, id, {"e.dunn", "case 7"})) ids.push_back(id);
  }
  REQUIRE(ids.size() == gone_ids.size());  // nobody of them waits for a person
  {
    registry::Registry r = w.open(registry::Access::write);
    const auto done = registry::destroy_archived(r, ids, {"e.dunn", "case 7"}, silent);
    REQUIRE(done);
    CHECK(done->records == 12);
  }
  CHECK(found_in(w.bytes(), needles) == 0);
  CHECK(known_handles(w, gone) == 0);
  CHECK(known_handles(w, kept) > 0);
  CHECK(found_in(w.bytes(), of_kept) > of_kept.size() / 2);
  CHECK(w.verified() == "");
  // Whoever is kept is found by another district; whoever is destroyed is new, under a new ID.
  auto moved = w.submit(people(40, 5, false), "east");
  const auto sorted = [](std::vector<registry::StateId> ids_of) {
    std::ranges::sort(ids_of);
    return ids_of;
  };
  CHECK(sorted(test::ids_of(w.assign(moved))) == sorted(kept_ids));
  auto again = w.submit(people(12, 77, true), "west");
  std::set<registry::StateId> ever(kept_ids.begin(), kept_ids.end());
  ever.insert(gone_ids.begin(), gone_ids.end());
  for (const registry::StateId id : test::ids_of(w.assign(again))) CHECK_FALSE(ever.contains(id));
  CHECK(w.verified() == "");
}
