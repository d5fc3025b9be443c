// What a comparer's store still holds of people whose records the registrar has destroyed.
#include "engine/comparer/store.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "engine/encoded/reader.h"
#include "engine/registry/id_changes.h"
#include "engine/registry/retention.h"
#include "tests/comparer/two_states.h"
#include "tests/reference/needles.h"

namespace store_test {

using namespace tessera;
using test::TwoStates;

namespace {

std::vector<std::string> tags_of(const std::vector<std::string>& paths) {
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    const auto file = encoded::File::open(path);
    REQUIRE(file);
    for (std::size_t p = 0; p < file->passes(); ++p)
      for (const encoded::Tag& tag : file->pass(p).tags) out.emplace_back(as_text(tag));
  }
  return out;
}

void destroy(const std::string& path, const std::vector<registry::StateId>& ids) {
  const registry::Author author{"e.dunn", "schedule 1"};
  for (const registry::StateId id : ids) {
    auto r = registry::Registry::open(path, registry::Access::write);
    REQUIRE(r);
    REQUIRE(registry::archive_id(*r, id, author));
  }
  Silent silent;
  auto r = registry::Registry::open(path, registry::Access::write);
  REQUIRE(r);
  REQUIRE(registry::destroy_archived(*r, ids, author, silent));
}

}  // namespace

TEST_CASE("of destroyed people no byte is left in a comparer's store that was shredded") {
  TwoStates states;
  states.set_least(1);
  const auto first = states.assign({{"gone", reference::draw_people(4, 100, "g")},
                                    {"north", reference::draw_people(90, 2000, "n")}});
  std::vector<registry::StateId> ids;
  for (std::size_t i = 0; i < 4; ++i) ids.push_back(first.split.issued[i].id);
  destroy(states.split_registry(), ids);
  const auto second = states.assign({{"south", reference::draw_people(3, 30000, "s")}});
  CHECK(second.split.ids_issued == 3);

  // Blocks that nobody else is in.
  std::vector<std::string> gone, old = tags_of({first.files[0]}), kept = tags_of(second.files);
  for (std::string& tag : tags_of({first.files[1]})) kept.push_back(std::move(tag));
  std::ranges::sort(old);
  std::ranges::sort(kept);
  std::ranges::set_difference(old, kept, std::back_inserter(gone));
  REQUIRE(gone.size() > 30);
  CHECK(test::found_in(states.split_bytes(), gone) == gone.size());  // compared no more, but there
  states.set_shred(true);
  const auto third = states.assign({{"south", reference::draw_people(5, 30000, "s")}});
  CHECK(third.split.ids_issued == 2);
  CHECK(test::found_in(states.split_bytes(), gone) == 0);
  CHECK(test::found_in(states.split_bytes(), kept) == kept.size());
}

}  // namespace store_test
