// Several epochs in two offices against the plain deployment: the same IDs and decisions over
// rotations, whatever comes between.
#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "engine/comparer/evidence.h"
#include "engine/comparer/store.h"
#include "engine/registrar/asking.h"
#include "engine/registrar/standing.h"
#include "matchers/fellegi_sunter.h"
#include "tests/comparer/two_states.h"
#include "tests/reference/needles.h"

namespace epochs_test {

using namespace tessera;
using reference::Person;
using test::check_same;
using test::TwoStates;
using Roster = TwoStates::Roster;

namespace {

// Seeds side by side give one stream, shifted.
std::vector<Person> people(int n, std::uint64_t seed, const std::string& id) {
  return reference::draw_people(n, seed * 1000003, id);
}

// The same people, elsewhere.
std::vector<Person> moved(std::vector<Person> people, const std::string& prefix) {
  for (std::size_t i = 0; i < people.size(); ++i) people[i].id = prefix + std::to_string(i);
  return people;
}

std::vector<Person> part(const std::vector<Person>& people, std::size_t from, std::size_t to) {
  return {people.begin() + static_cast<std::ptrdiff_t>(from),
          people.begin() + static_cast<std::ptrdiff_t>(to)};
}

std::vector<Person> operator+(std::vector<Person> a, const std::vector<Person>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::string verified(const TwoStates& states) {
  Silent silent;
  for (const char* name : {"plain.db", "split.db"}) {
    auto r = registry::Registry::open(states.path(name), registry::Access::read);
    if (!r) return r.error().what;
    if (const auto head = r->verify(silent); !head) return head.error().what;
  }
  return "";
}

// A year under the first epoch, and then the second beside it.
struct Rotation {
  Rotation() {
    check_same(states.assign({{"north", north}, {"south", south}}));
    states.begin_epoch(2);
  }
  TwoStates states;
  std::vector<Person> north = people(80, 1, "n"), south = people(60, 2, "s");
};

}  // namespace

TEST_CASE("a rotation in two offices: whoever is under one epoch alone is found by it") {
  Rotation w;
  // Sixty of north are bridged; west is new, and twenty of it are those who left north. South
  // sends nothing.
  const std::vector<Person> west = moved(part(w.north, 60, 80), "w") + people(30, 3, "x");
  const auto second =
      w.states.assign({{"north", part(w.north, 0, 60), 2}, {"west", west, 2}, {"west", west, 1}});
  check_same(second);
  REQUIRE(second.mixes.size() == 2);
  CHECK(second.mixes[0].records == 110);
  CHECK(second.mixes[1].records == 50);
  CHECK(second.split.claims > 15);  // of those who moved, which the first epoch alone can tell
  CHECK(second.split.ids_issued < 35);

  // Next year: back in the east are people of either epoch, some with other values.
  std::vector<Person> east = moved(part(w.south, 0, 20) + part(west, 20, 40), "e");
  for (std::size_t i = 0; i < east.size(); i += 4) east[i].middle = "QUILL";
  std::vector<Person> north = part(w.north, 0, 60);
  for (std::size_t i = 0; i < 25; ++i) north[i].middle = "VANE";  // changed under one epoch
  const auto third = w.states.assign({{"east", east, 1}, {"north", north, 2}, {"east", east, 2}});
  check_same(third);
  CHECK(third.split.claims > 30);
  CHECK(third.split.ids_issued < 8);

  const TwoStates::Ends ends = w.states.end_epoch(1);
  CHECK(ends.split.records == ends.plain.records);
  CHECK(ends.split.not_found == ends.plain.not_found);
  CHECK(ends.split.not_found > 30);
  CHECK(ends.split.head.head.seq == ends.plain.head.head.seq);
  CHECK(ends.receipt.entries >= static_cast<std::uint64_t>(ends.split.entries));
  CHECK(verified(w.states).empty());

  // Who was bridged is found, who was left behind has the ID that its record key keeps.
  const auto fourth = w.states.assign(
      {{"hills", moved(part(west, 5, 45), "h"), 2}, {"south", part(w.south, 30, 60), 2}});
  check_same(fourth);
  CHECK(fourth.split.claims > 25);
  CHECK(fourth.mixes.size() == 1);
}

TEST_CASE("an owner that is late sends the older epoch's file alone") {
  Rotation w;
  check_same(w.states.assign({{"north", w.north, 2}}));
  auto late = w.south;
  for (std::size_t i = 0; i < 25; ++i) late[i].middle = "QUILL";
  const auto both = w.states.assign({{"south", late, 1}});
  check_same(both);
  CHECK(both.mixed >= 25);
  check_same(w.states.assign({{"south", late, 2}}));
}

TEST_CASE("crowded blocks and relatives under two epochs are judged as in one office") {
  Rotation w;
  std::vector<Person> rows = people(30, 7, "e");
  for (int i = 0; i < 30; ++i)
    rows.push_back({"g" + std::to_string(i), "MARIA",
                    std::string(1, static_cast<char>('A' + i % 26)) + "NNE", "HERNANDEZ",
                    "2010-03-07", "F", "", ""});
  const auto both = w.states.assign({{"evil", rows, 1}, {"evil", rows, 2}, {"north", w.north, 2}});
  check_same(both);
  CHECK(w.states.last_crowds() > 0);
  CHECK(both.split.alarms > 10);
  check_same(w.states.assign({{"evil", rows, 2}, {"evil", rows, 1}}));
}

namespace {

// A state of four owners whose rosters change from batch to batch, under whatever epochs live.
class RandomState {
 public:
  explicit RandomState(std::uint64_t seed) : random_(seed) {
    for (const char* owner : {"east", "north", "south", "west"}) rosters_[owner];
    states.set_least(0);
  }
  void step() {
    const std::uint64_t what = random_.below(10);
    if (newest_ == 0 || what < 6) {
      batch();
    } else if (what < 8 && newest_ < 4) {
      states.begin_epoch(static_cast<int>(++newest_));
    } else if (oldest_ < newest_) {
      const auto ends = states.end_epoch(static_cast<int>(oldest_++));
      CHECK(ends.plain.not_found == ends.split.not_found);
      CHECK(ends.plain.records == ends.split.records);
    }
  }
  int batches() const { return batches_; }
  TwoStates states;

 private:
  void batch() {
    if (newest_ == 0) newest_ = 1;
    std::vector<Roster> files;
    for (auto& [owner, roster] : rosters_) {
      if (random_.below(3) == 0) continue;
      const std::vector<Person> fresh = change(owner, roster);
      files.push_back({owner, roster, static_cast<int>(newest_)});
      for (std::size_t e = oldest_; e < newest_; ++e)
        if (!fresh.empty()) files.push_back({owner, fresh, static_cast<int>(e)});
    }
    if (files.empty()) return;
    for (std::size_t i = files.size(); i > 1; --i) std::swap(files[i - 1], files[random_.below(i)]);
    const auto both = states.assign(files);
    check_same(both);
    ++batches_;
  }
  // Some change, some go, some come: strangers, and people of other owners. Gives those who come,
  // and at times somebody who is known.
  std::vector<Person> change(const std::string& owner, std::vector<Person>& roster) {
    for (Person& p : roster)
      if (random_.below(8) == 0) p.middle = random_.below(2) == 0 ? "QUILL" : "VANE";
    std::vector<Person> known;
    std::erase_if(roster, [&](const Person&) { return random_.below(6) == 0; });
    if (!roster.empty() && random_.below(2) == 0) known.push_back(roster.front());
    std::vector<Person> fresh;
    for (std::uint64_t i = 0; i < 6 + random_.below(8); ++i) {
      Person p = reference::draw_person(random_, "");
      const auto other = std::next(rosters_.begin(), static_cast<std::ptrdiff_t>(random_.below(4)));
      if (other->first != owner && !other->second.empty() && random_.below(2) == 0)
        p = other->second[random_.below(other->second.size())];
      else if (!gone_.empty() && random_.below(3) == 0)
        p = gone_[random_.below(gone_.size())];
      else
        gone_.push_back(p);
      p.id = owner + std::to_string(++people_);
      fresh.push_back(p);
    }
    roster.insert(roster.end(), fresh.begin(), fresh.end());
    return fresh + known;
  }

  Splitmix random_;
  std::size_t newest_ = 0, oldest_ = 1;
  std::map<std::string, std::vector<Person>> rosters_;
  std::vector<Person> gone_;
  int people_ = 0, batches_ = 0;
};

}  // namespace

TEST_CASE("random years over several epochs give the plain deployment's IDs") {
  int batches = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    RandomState state(seed * 7919);
    for (int i = 0; i < 12; ++i) state.step();
    batches += state.batches();
    CHECK(verified(state.states).empty());
  }
  CHECK(batches > 12);
}

TEST_CASE("what does not fit together over two epochs is refused, each with its own words") {
  Rotation w;
  const std::vector<Person> west = people(50, 3, "x");
  const std::vector<Roster> next{{"west", west, 2}, {"west", west, 1}, {"north", w.north, 2}};
  const auto says = [&](const TwoStates::Pending& p, std::string_view words) {
    const std::string said = w.states.settle_error(p);
    INFO(said);
    CHECK(said.find(words) != std::string::npos);
  };
  SUBCASE("scores of one epoch alone, or twice") {
    auto pending = w.states.compare(next);
    REQUIRE(pending.scores.size() == 2);
    auto other = pending;
    other.scores.pop_back();
    says(other, "no scores of epoch 2025-2029");
    other = pending;
    other.scores.erase(other.scores.begin());
    says(other, "no scores of epoch 2030-2034");
    other = pending;
    other.scores.push_back(other.scores.front());
    says(other, "given twice");
    other = pending;
    other.scores.back().file.header.answering->review = .25;
    says(other, "another model");
    std::swap(pending.scores.front(), pending.scores.back());
    CHECK(w.states.settle_error(pending).empty());
  }
  SUBCASE("scores of another moment") {
    const auto pending = w.states.compare(next);
    check_same(w.states.assign({{"south", w.south, 2}}, true));
    says(pending, "the registry has changed");
  }
  SUBCASE("files of one epoch alone") {
    CHECK(w.states.compare_error({{"west", west, 2}}, false).find("no file of epoch 2025-2029") !=
          std::string::npos);
    CHECK(w.states.compare_error({{"north", w.north, 2}, {"west", west, 1}}, false)
              .find("has not; encode the whole roster") != std::string::npos);
  }
  SUBCASE("too few in one of the mixes: none is written") {
    w.states.set_least(60);
    const std::string said = w.states.compare_error(next, false);
    CHECK(said.find("epoch 2025-2029: 50 records are too few") != std::string::npos);
  }
  SUBCASE("a mix of the older epoch whose forerunner was never assigned") {
    const auto pending = w.states.compare(next);
    const std::vector<Person> east = people(40, 4, "e");
    const std::vector<Roster> after{{"east", east, 1}, {"east", east, 2}};
    CHECK(w.states.compare_error(after, false).find("not taken in") != std::string::npos);
    CHECK(w.states.compare_error(after, true).empty());
    check_same(w.states.assign(next, true));
  }
  SUBCASE("a batch under the newer epoch alone leaves the older one's store as it is") {
    check_same(w.states.assign({{"north", w.north, 2}}));
    check_same(w.states.assign({{"west", west, 1}, {"west", west, 2}}));
  }
}

TEST_CASE("a comparer's store is of one epoch: another one's is refused, whatever is said") {
  Rotation w;
  const std::vector<Person> west = people(50, 3, "x");
  const auto pending = w.states.compare({{"west", west, 2}, {"west", west, 1}});
  const auto mix = slips::MixFile::open(w.states.path("mix"), samples::registrars_key().open);
  REQUIRE(mix);
  CHECK(mix->header().schema.epoch == "2030-2034");
  Silent silent;
  for (const bool anew : {false, true}) {
    const auto store = comparer::Store::open(w.states.path("store"), *mix, anew, silent);
    REQUIRE_FALSE(store);
    CHECK(store.error().what.find("another epoch") != std::string::npos);
  }
  CHECK(w.states.settle_error(pending).empty());
}

TEST_CASE("a reviewer's question leads to two entries of the epoch that said most") {
  Rotation w;
  std::vector<Person> west = moved(w.north + w.south, "w");
  for (std::size_t i = 0; i < west.size(); ++i)
    (i % 2 == 0 ? west[i].first : west[i].middle) = "ZELDA";
  for (std::size_t i = 1; i < west.size(); i += 4) west[i].dob = "2011-05-17";
  check_same(w.states.assign({{"north", w.north, 2}, {"west", west, 1}, {"west", west, 2}}));
  std::vector<registrar::Scores> scores;
  for (const char* name : {"scores", "scores1"})
    scores.push_back(
        {*slips::read_scores(w.states.path(name), samples::comparers_key().open), name});
  auto split = registry::Registry::open(w.states.path("split.db"), registry::Access::read);
  REQUIRE(split);
  const auto reviews = registry::open_reviews(*split, {});
  REQUIRE(reviews);
  std::map<std::string, int> found;  // by epoch
  for (const registry::OpenReview& review : *reviews) {
    const auto met = registrar::meetings_of(*split, review, scores);
    REQUIRE(met);
    for (std::size_t c = 0; c < met->size(); ++c) {
      const registrar::Met& m = (*met)[c];
      if (!m.best) continue;
      CHECK(m.best->decinats == review.candidates[c].decinats);
      ++found[m.epoch];
      // In the mix and store of that epoch, and in no other's.
      for (std::size_t i = 0; i < 2; ++i) {
        const auto mix = slips::MixFile::open(w.states.path(i == 0 ? "mix" : "mix-1"),
                                              samples::registrars_key().open);
        REQUIRE(mix);
        const std::string& epoch = mix->header().schema.epoch;
        Silent silent;
        const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
        const auto told =
            comparer::evidence_of(w.states.path(epoch == "2025-2029" ? "store" : "store-" + epoch),
                                  *mix, m.best->first, m.best->second, *matcher, silent);
        CHECK(told.has_value() == (epoch == m.epoch));
      }
    }
  }
  CHECK(found["2025-2029"] > 2);  // south's are under it alone
}

TEST_CASE("of an ended epoch no byte is left with either office") {
  Rotation w;
  const std::vector<Person> west = people(40, 3, "x");
  const auto second = w.states.assign(
      {{"north", w.north, 2}, {"south", w.south, 2}, {"west", west, 1}, {"west", west, 2}});
  check_same(second);
  std::map<std::string, std::vector<std::string>> needles;  // by epoch
  for (const std::string& path : second.files) {
    const auto file = encoded::File::open(path);
    REQUIRE(file);
    for (std::size_t p = 0; p < file->passes(); ++p)
      for (const encoded::Tag& tag : file->pass(p).tags)
        needles[file->header().schema.epoch].emplace_back(as_text(tag));
  }
  const auto& old = needles["2025-2029"];
  const auto& now = needles["2030-2034"];
  REQUIRE(old.size() > 200);
  CHECK(test::found_in(w.states.split_bytes(), old) == old.size());
  const auto ends = w.states.end_epoch(1);
  CHECK(ends.receipt.entries >= old.size());
  CHECK(test::found_in(w.states.split_bytes(), old) == 0);
  CHECK(test::found_in(w.states.split_bytes(), now) == now.size());
  CHECK(verified(w.states).empty());
  // Once more: the same event, nothing left to go, and a receipt that counts nothing.
  const auto again = w.states.end_epoch(1);
  CHECK(again.split.head == ends.split.head);
  CHECK(again.receipt.entries == 0);
  check_same(
      w.states.assign({{"north", part(w.north, 0, 40), 2}, {"east", people(40, 8, "e"), 2}}));

  auto registry = registry::Registry::open(w.states.split_registry(), registry::Access::read);
  REQUIRE(registry);
  const registry::Epoch& first = registry->epochs()[0];
  slips::PurgeReceipt bent = ends.receipt;
  bent.follows[0] ^= 1;
  CHECK_FALSE(registrar::check_ended(*registry, first, ends.split, {bent, "receipt"}));
  CHECK_FALSE(registrar::check_ended(*registry, registry->epochs()[1], ends.split,
                                     {ends.receipt, "receipt"}));
}

TEST_CASE("a purge of SSNs wants a receipt of every live epoch's store") {
  TwoStates states(true);
  const auto with_ssns = [](std::vector<Person> some) {
    for (std::size_t i = 0; i < some.size(); ++i) some[i].ssn = std::to_string(512340001 + i * 37);
    return some;
  };
  const auto north = with_ssns(people(60, 1, "n"));
  const auto west = with_ssns(moved(people(80, 1, "w"), "w"));
  check_same(states.assign({{"north", north}}));
  states.begin_epoch(2);
  CHECK(states.orders().size() == 1);  // no file came under the newer one
  check_same(states.assign({{"north", north, 2}, {"west", west, 1}, {"west", west, 2}}));
  states.set_collection({"ssn", "", "2026-01-01", registry::Collect::strip});
  const auto orders = states.orders();
  REQUIRE(orders.size() == 2);
  CHECK(orders[0].epoch == "2030-2034");
  const auto one = states.purge_store(orders[1].order);
  REQUIRE(one);
  CHECK(one->tokens > 100);
  const auto refused = states.take_receipts({*one});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what.find("epoch 2030-2034 wants one receipt") != std::string::npos);
  const TwoStates::Purges purged = states.purge();  // once more, of both
  CHECK(purged.split.records == purged.plain.records);
  CHECK(purged.split.payloads == purged.plain.payloads);
  const auto east = with_ssns(moved(people(100, 1, "e"), "e"));
  check_same(states.assign({{"east", east, 2}, {"east", east, 1}}));
  CHECK(verified(states).empty());
}

}  // namespace epochs_test
