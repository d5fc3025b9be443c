// A purge of SSNs by an order and a receipt, against the plain one: the same counts, the same
// answers afterwards, and no byte of an SSN in either office's files.
#include "engine/comparer/purge_store.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "engine/backup/purged.h"
#include "engine/core/file.h"
#include "engine/registrar/purging.h"
#include "engine/registry/entry_store.h"
#include "engine/registry/epoch.h"
#include "tests/comparer/two_states.h"
#include "tests/intake/ssn_world.h"
#include "tests/ledger/torn_page.h"

namespace purge_store_test {

using namespace tessera;
using registry::Collect;
using test::check_same;
using test::people;
using test::TwoStates;

namespace {

// Two batches of people most of whom gave an SSN, some of whom changed; then the stop.
struct Stopped {
  Stopped() {
    north = people(80, 1, true);
    for (std::size_t i = 0; i < north.size(); i += 3) north[i].ssn = "";
    south = people(60, 1, true);  // the same people, elsewhere
    for (std::size_t i = 0; i < 20; ++i) south[i].ssn = "";
    check_same(keep(states.assign({{"north", north}, {"south", south}})));
    for (std::size_t i = 0; i < 12; ++i) north[i].middle = "QUILL";
    for (std::size_t i = 10; i < 24; ++i) north[i].ssn = "";
    check_same(keep(states.assign({{"north", north}, {"west", people(40, 2, true)}})));
    states.set_collection({"ssn", "", "2026-01-01", Collect::strip});
  }
  TwoStates::Both keep(TwoStates::Both both) {
    for (const std::string& path : both.files)
      for (auto& n : test::ssn_bytes(*link::FileSet::open({path}))) needles.push_back(std::move(n));
    return both;
  }

  TwoStates states{true};
  std::vector<reference::Person> north, south;
  std::vector<std::string> needles;
};

// Tokens as the store's slabs hold them, eight at a time.
std::vector<std::string> stored_tokens(const TwoStates& states) {
  auto r = registry::Registry::open(states.split_registry(), registry::Access::read);
  REQUIRE(r);
  auto store = registry::EntryStore::open(states.path("store"), r->name(), registry::Access::read);
  REQUIRE(store);
  const auto head = store->newest_head();
  REQUIRE(store->begin(head->seq, *head, "store"));
  std::vector<std::string> out;
  for (std::size_t p = 0; p < store->passes(); ++p) {
    const auto tokens = store->read_all(p)->ssn_tokens;
    for (std::size_t i = 0; i + 8 <= tokens.size(); i += 8)
      out.emplace_back(reinterpret_cast<const char*>(tokens.data() + i), 16);
  }
  return out;
}

// The digests of payloads, which count tokens, as a registrar keeps them: each with the one that
// does not.
std::vector<std::string> whole_digests(const std::string& path) {
  std::vector<std::string> out;
  auto r = registry::Registry::open(path, registry::Access::read);
  REQUIRE(r);
  auto s = r->database().prepare("SELECT versions FROM payload");
  while (*s->step())
    for (std::size_t at = 0; at < s->blob(0).size(); at += 32)
      out.emplace_back(as_text(s->blob(0).subspan(at, 16)));
  return out;
}

}  // namespace

TEST_CASE("a purge in two offices leaves no byte of an SSN, and the answers of the plain one") {
  Stopped w;
  const auto tokens = stored_tokens(w.states);
  REQUIRE(tokens.size() > 100);
  CHECK(test::found_in(w.states.split_bytes(), tokens) > tokens.size() / 2);
  w.needles.insert(w.needles.end(), tokens.begin(), tokens.end());
  for (auto& d : whole_digests(w.states.split_registry())) w.needles.push_back(std::move(d));
  REQUIRE(w.needles.size() > 300);
  CHECK(test::found_in(w.states.split_bytes(), w.needles) > w.needles.size() / 2);
  const TwoStates::Purges purged = w.states.purge();
  CHECK(test::found_in(w.states.split_bytes(), w.needles) == 0);
  CHECK(purged.split.records == purged.plain.records);
  CHECK(purged.split.tokens > 100);
  CHECK(purged.split.entries > 50);
  CHECK(purged.split.payloads == purged.plain.payloads);
  CHECK(purged.split.head.head.seq == purged.plain.head.head.seq);
  Silent silent;
  auto r = registry::Registry::open(w.states.split_registry(), registry::Access::read);
  REQUIRE(r);
  CHECK(r->verify(silent));
  CHECK(*r->database().integer("SELECT count(*) FROM record WHERE ssn = 1") == 0);

  // The same files say nothing new, others are found as the plain deployment finds them.
  auto changed = w.north;
  for (std::size_t i = 30; i < 42; ++i) changed[i].dob = "2011-05-17";
  const auto next =
      w.states.assign({{"north", changed}, {"south", w.south}, {"x", people(50, 1, true)}});
  check_same(next);
  CHECK(next.mixed < 80);  // 50 of x, 12 changed, and who waits
  CHECK_FALSE(next.split_notices.empty());
  check_same(w.states.assign({{"west", people(40, 2, false)}, {"y", people(45, 3, true)}}));
  CHECK(test::found_in(w.states.split_bytes(), w.needles) == 0);
}

TEST_CASE("a purge cut short at any point is finished by doing it again") {
  Stopped w;
  const slips::PurgeOrder order = w.states.order();
  const auto receipt = w.states.purge_store(order);
  REQUIRE(receipt);
  CHECK(receipt->gone.size() > 50);
  SUBCASE("the receipt was lost") {
    const auto again = w.states.purge_store(order);
    REQUIRE(again);
    CHECK(again->gone == receipt->gone);
    CHECK(again->tokens == 0);
    CHECK(w.states.take_receipt(*again));
  }
  SUBCASE("another order of the same moment") {
    const auto again = w.states.purge_store(w.states.order());
    REQUIRE(again);
    CHECK(again->gone == receipt->gone);
    CHECK(w.states.take_receipt(*again));
  }
  SUBCASE("a mix that does not know of it is refused") {
    CHECK(w.states.compare_error({{"x", people(50, 4, true)}}, false).find("receipt") !=
          std::string::npos);
    CHECK(w.states.take_receipt(*receipt));
  }
  SUBCASE("the receipt is taken in twice") {
    CHECK(w.states.take_receipt(*receipt));
    const auto again = w.states.take_receipt(*receipt);
    REQUIRE(again);
    CHECK(again->records == 0);
  }
  CHECK(test::found_in(w.states.split_bytes(), w.needles) == 0);
  CHECK(w.states.compare_error({{"x", people(50, 4, true)}}, false).empty());
}

TEST_CASE("what a backup from before a purge brings back is purged again, in either office") {
  Stopped w;
  const std::vector<std::string> files = {"split.db", "split.db.entries", "store"};
  for (const std::string& f : files)
    REQUIRE(write_file(w.states.path("old-" + f), *read_file(w.states.path(f)), {}));
  w.states.purge();
  for (const std::string& f : files)
    REQUIRE(write_file(w.states.path(f), *read_file(w.states.path("old-" + f)), {.force = true}));
  CHECK(test::found_in(w.states.split_bytes(), w.needles) > w.needles.size() / 2);
  const auto digests = whole_digests(w.states.split_registry());
  const auto random = seeded_random(4);
  Silent silent;
  const auto again =
      backup::purge_restored(w.states.split_registry(), "2026-10-01", *random, silent);
  if (!again) FAIL(again.error().what);
  CHECK(again->records > 100);
  CHECK(test::found_in(w.states.split_bytes(), digests) == 0);
  const auto receipt = w.states.purge_store(w.states.order());
  REQUIRE(receipt);
  CHECK(w.states.take_receipt(*receipt));
  CHECK(test::found_in(w.states.split_bytes(), w.needles) == 0);
  CHECK(w.states.compare_error({{"x", people(50, 4, true)}}, false).empty());
}

TEST_CASE("whichever page of the store is torn, no purge of it begins") {
  Stopped w;
  const slips::PurgeOrder order = w.states.order();
  const std::size_t pages = test::each_torn_page(w.states.path("store"),
                                                 [&] { CHECK_FALSE(w.states.purge_store(order)); });
  CHECK(pages > 8);
  const auto receipt = w.states.purge_store(order);
  REQUIRE(receipt);
  CHECK(receipt->tokens > 100);
}

TEST_CASE("whichever page of a registrar's files is torn, no receipt is taken in") {
  Stopped w;
  const auto receipt = w.states.purge_store(w.states.order());
  REQUIRE(receipt);
  for (const std::string file : {"split.db", "split.db.entries"}) {
    CAPTURE(file);
    const std::size_t pages = test::each_torn_page(
        w.states.path(file), [&] { CHECK_FALSE(w.states.take_receipt(*receipt)); });
    CHECK(pages > 1);
  }
  const auto taken = w.states.take_receipt(*receipt);
  REQUIRE(taken);
  CHECK(taken->records > 50);
}

TEST_CASE("orders and receipts of elsewhere and of before are refused, and touch nothing") {
  Stopped w;
  const slips::PurgeOrder order = w.states.order();
  const auto refused = [&](const slips::PurgeOrder& bent) {
    const auto receipt = w.states.purge_store(bent);
    return receipt ? std::string() : receipt.error().what;
  };
  slips::PurgeOrder bent = order;
  bent.registry[0] ^= 1;
  CHECK(refused(bent).find("another registry") != std::string::npos);
  bent = order;
  bent.follows[0] ^= 1;
  CHECK(refused(bent).find("newest batch") != std::string::npos);
  bent = order;
  bent.live.push_back(UINT64_MAX);
  CHECK(refused(bent).find("lacks entries") != std::string::npos);
  bent = order;
  bent.schema = *schema::load("default");
  CHECK(refused(bent).find("schema") != std::string::npos);
  CHECK(test::found_in(w.states.split_bytes(), w.needles) > w.needles.size() / 2);

  // A mix that was compared and not yet assigned: its SSNs would come after the purge.
  const auto pending = w.states.compare({{"x", people(50, 4, true)}});
  CHECK(refused(order).find("not yet assigned") != std::string::npos);
  CHECK(w.states.settle_error(pending).empty());

  check_same(w.states.assign({{"x", people(50, 5, true)}}, true));
  CHECK(refused(order).find("an order from before it") != std::string::npos);  // a replay
  const auto receipt = w.states.purge_store(w.states.order());
  REQUIRE(receipt);
  const auto not_taken = [&](slips::PurgeReceipt r) {
    const auto taken = w.states.take_receipt(r);
    return taken ? std::string() : taken.error().what;
  };
  slips::PurgeReceipt other = *receipt;
  other.registry[0] ^= 1;
  CHECK(not_taken(other).find("another registry") != std::string::npos);
  other = *receipt;
  other.follows[0] ^= 1;
  CHECK(not_taken(other).find("newest batch") != std::string::npos);
  other = *receipt;
  other.gone = w.states.order().live;
  CHECK(not_taken(other).find("more entries of a record") != std::string::npos);
  CHECK(w.states.take_receipt(*receipt));
}

}  // namespace purge_store_test
