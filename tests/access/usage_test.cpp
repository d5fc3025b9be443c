#include "engine/access/usage.h"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/ledger/scratch.h"

namespace usage_test {

using namespace tessera;
using namespace tessera::access;

namespace {

constexpr Time kNow = 1'800'000'000;
const std::string kWord = "four plain words here";

struct World {
  test::Scratch scratch;
  std::unique_ptr<Random> random = seeded_random(4);
  AccessLog log = make();

  AccessLog make() {
    std::array<std::uint8_t, 32> seed{};
    auto made =
        AccessLog::create(scratch / "R.db.access", {}, SigningKey::from_seed(seed), *random, kNow);
    REQUIRE(made);
    return *std::move(made);
  }
  void add(const std::string& name) {
    REQUIRE(log.add_account({name, "Some Person"}, kWord, {}, name, Work::least, kNow));
  }
  std::int64_t grant(const std::string& name, int level, const std::string& owner, Time now) {
    Grant g;
    g.account = name;
    g.level = level;
    g.owner = owner;
    g.form = "F-" + name;
    g.approver = "e.marsh";
    const auto id = log.add_grant(g, now);
    REQUIRE(id);
    return *id;
  }
  bool found(const std::string& name, const std::string& what, Time now) {
    const auto all = *findings(log, now);
    return std::ranges::any_of(
        all, [&](const Finding& f) { return f.account == name && f.finding == what; });
  }
};

const std::vector<Record> kRecord = {{"north", People::students, std::string(32, 'a')}};

}  // namespace

TEST_CASE("who saw: answers that list the ID or come from its batch, by field and span") {
  World w;
  w.add("j.doe");
  const auto answer = [&](const AccessLog::Shown& shown, Time at) {
    REQUIRE(w.log.answered("j.doe", "id show", "audit", shown, at));
  };
  answer({.fields = {"state_id", "history"}, .ids = {"1234567897"}, .rows = 1}, kNow + 10);
  answer({.fields = {"state_id"}, .ids = {"9876543210"}, .rows = 1}, kNow + 20);
  answer({.fields = {"state_id"}, .rows = 50, .batch = 3}, kNow + 30);
  answer({.fields = {"state_id"}, .rows = 50, .batch = 4}, kNow + 40);
  const auto in_three = [](std::int64_t batch) { return batch == 3; };
  const auto count = [&](const std::string& field, Span span) {
    return who_saw(w.log, "1234567897", in_three, field, span)->size();
  };
  CHECK(count("", {0, kNow + 100}) == 2);
  CHECK(count("history", {0, kNow + 100}) == 1);
  CHECK(count("histor", {0, kNow + 100}) == 0);
  CHECK(count("", {kNow + 11, kNow + 100}) == 1);
  CHECK(count("", {0, kNow + 30}) == 1);
}

TEST_CASE("R69: what an account, a session, a span or one answer showed") {
  World w;
  w.add("j.doe");
  w.add("k.roe");
  const auto token = w.log.begin_session("j.doe", "1@desk", kNow);
  const auto other = w.log.begin_session("j.doe", "1@desk", kNow);
  REQUIRE(token);
  REQUIRE(other);
  const std::string first = w.log.resume(*token, "1@desk", kNow)->session;
  const std::string second = w.log.resume(*other, "1@desk", kNow)->session;
  CHECK(first.size() == 16);
  CHECK(first != second);
  CHECK(token->find(first) == std::string::npos);  // the log's name opens nothing
  const auto answer = [&](const char* who, std::string id, std::string session, Time at) {
    REQUIRE(w.log.answered(
        who, "id show", "audit",
        {.fields = {"state_id"}, .ids = {std::move(id)}, .rows = 1, .session = std::move(session)},
        at));
  };
  answer("j.doe", "1", first, kNow + 10);
  answer("j.doe", "2", second, kNow + 20);
  answer("j.doe", "3", "", kNow + 30);
  answer("k.roe", "4", "", kNow + 40);
  REQUIRE(w.log.answered("j.doe", "assign", "id assignment", {.rows = 9, .batch = 7}, kNow + 50));
  const Span all{0, kNow + 100};
  const auto ids = [&](const Exposure& e) {
    std::string out;
    const auto found = answers_of(w.log, e);
    REQUIRE(found);
    for (const Answer& a : *found) {
      for (const std::string& id : a.ids) out += id;
      if (a.batch != 0) out += "b" + std::to_string(a.batch);
    }
    return out;
  };
  CHECK(ids({"j.doe", "", 0, all}) == "123b7");
  CHECK(ids({"", first, 0, all}) == "1");
  CHECK(ids({"j.doe", second, 0, all}) == "2");
  CHECK(ids({"k.roe", first, 0, all}).empty());
  CHECK(ids({"", "", 0, {kNow + 20, kNow + 40}}) == "23");
  const auto third = answers_of(w.log, {"j.doe", "", 0, {kNow + 30, kNow + 31}});
  CHECK(ids({"", "", third->at(0).sight.event, all}) == "3");
}

TEST_CASE("who could see: with accounts, grants and policy as they were at each moment") {
  World w;
  w.add("j.doe");
  w.add("k.roe");
  const std::int64_t id = w.grant("j.doe", 2, "north", kNow + 10);
  w.grant("k.roe", 2, "south", kNow + 10);
  REQUIRE(w.log.revoke_grant(id, "e.marsh", "moved", kNow + 50));
  const auto ask = [&](const std::string& field, Span span) {
    return *who_could_see(w.log, kRecord, field, span);
  };
  const auto shown = ask("history", {kNow, kNow + 100});
  REQUIRE(shown.size() == 1);  // one verb shows that field
  CHECK(shown[0].account == "j.doe");
  CHECK(shown[0].verb == "id show");
  CHECK(shown[0].level == 2);
  CHECK(shown[0].form == "F-j.doe");
  CHECK(shown[0].approver == "e.marsh");
  CHECK(shown[0].span.from == kNow + 10);
  CHECK(shown[0].span.until == kNow + 50);
  CHECK(ask("history", {kNow, kNow + 10}).empty());
  CHECK(ask("history", {kNow + 50, kNow + 100}).empty());
  CHECK(ask("a field of nothing", {kNow, kNow + 100}).empty());
  // A policy that takes the field from level 2 ends it, and the past stays as it was.
  w.grant("j.doe", 2, "north", kNow + 60);
  std::string text(shipped_levels());
  const auto replace = [&text](std::string_view from, std::string_view to) {
    REQUIRE(text.find(from) != std::string::npos);
    text.replace(text.find(from), from.size(), to);
  };
  replace(fmt::format("\"version\": {}", w.log.levels().version), "\"version\": 100");
  replace("\"history\": 2", "\"history\": 1");
  REQUIRE(w.log.set_levels(text, "e.marsh", kNow + 80));
  const auto spans = ask("history", {kNow, kNow + 100});
  REQUIRE(spans.size() == 2);
  CHECK(spans[0].span.until == kNow + 50);
  CHECK(spans[1].span.from == kNow + 60);
  CHECK(spans[1].span.until == kNow + 80);
}

TEST_CASE("R21: who could see names the grant that covers the record, not another of its level") {
  World w;
  w.add("j.doe");
  w.grant("j.doe", 2, "south", kNow + 10);
  const std::int64_t covers = w.grant("j.doe", 2, "north", kNow + 10);
  const auto shown = *who_could_see(w.log, kRecord, "history", {kNow, kNow + 100});
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].grant == covers);
}

TEST_CASE("dormant, expired, locked, shared, without a grant, level 1: each found, and only then") {
  World w;
  for (const char* name : {"a.one", "b.two", "c.three", "d.four"}) w.add(name);
  w.grant("a.one", 1, "", kNow);
  w.grant("b.two", 2, "north", kNow);
  w.grant("c.three", 2, "north", kNow);
  const auto sign_in = [&](const char* name, const char* origin, Time at) {
    return w.log.sign_in(name, kWord, origin, Work::least, at).has_value();
  };
  CHECK(sign_in("a.one", "1000@desk", kNow + 80 * kDay));
  CHECK(sign_in("b.two", "1000@desk", kNow + 80 * kDay));
  CHECK(sign_in("b.two", "1001@door", kNow + 80 * kDay + 60));
  CHECK(sign_in("c.three", "1000@desk", kNow + 80 * kDay));
  CHECK(sign_in("c.three", "1001@door", kNow + 81 * kDay));  // a day later: moved desks
  for (int i = 0; i < 5; ++i)
    CHECK_FALSE(w.log.sign_in("c.three", "wrong wrong wrong", "o", Work::least, kNow + 82 * kDay));
  const Time then = kNow + 100 * kDay;
  CHECK(w.found("a.one", "level 1", then));
  CHECK_FALSE(w.found("b.two", "level 1", then));
  CHECK(w.found("b.two", "shared use", then));
  CHECK_FALSE(w.found("a.one", "shared use", then));
  CHECK_FALSE(w.found("c.three", "shared use", then));
  CHECK(w.found("c.three", "locked", then));
  CHECK(w.found("d.four", "no grant", then));
  CHECK(w.found("d.four", "dormant", then));
  CHECK_FALSE(w.found("a.one", "dormant", then));
  CHECK(w.found("a.one", "dormant", kNow + 171 * kDay));
  CHECK_FALSE(w.found("a.one", "expired", then));
  CHECK(w.found("a.one", "expired", kNow + 366 * kDay));
  REQUIRE(w.log.close_account("d.four", "e.marsh", "left", then));
  CHECK_FALSE(w.found("d.four", "dormant", then));
}

TEST_CASE("a tally counts events and refusals without a name") {
  World w;
  w.add("j.doe");
  CHECK_FALSE(w.log.ask("j.doe", "registry info", {}, "audit", "o", kNow)->allowed);
  const auto counts = tally(w.log);
  REQUIRE(counts.has_value());
  for (const auto& [what, n] : *counts) {
    CHECK(what.find("j.doe") == std::string::npos);
    CHECK(n > 0);
  }
}

}  // namespace usage_test
