// Accounts and grants as one person's: names that come once, ends that hold, passwords that end
// sessions.
#include <doctest/doctest.h>

#include "engine/access/access_log.h"
#include "tests/ledger/scratch.h"

namespace accounts_test {

using namespace tessera;
using namespace tessera::access;

namespace {

constexpr Time kNow = 1'800'000'000;
const std::string kWord = "four plain words here";
const std::string kOther = "other plain words now";

struct World {
  test::Scratch scratch;
  std::unique_ptr<Random> random = seeded_random(21);
  AccessLog log =
      *AccessLog::create(scratch / "R.db.access", {},
                         SigningKey::from_seed(std::array<std::uint8_t, 32>{3}), *random, kNow);

  Result<void> add(const std::string& name, const std::string& holder = "Some Person",
                   const std::string& word = kWord) {
    return log.add_account({name, holder}, word, {"north"}, name, Work::least, kNow);
  }
  Result<std::int64_t> grant(const std::string& name, int level, const std::string& owner,
                             Time until = 0) {
    Grant g;
    g.account = name;
    g.level = level;
    g.owner = owner;
    g.form = "F-1";
    g.approver = "e.marsh";
    g.until = until;
    return log.add_grant(g, kNow);
  }
};

}  // namespace

TEST_CASE(
    "an account is one person's: a name of an office or an owner, half a holder, are refused") {
  World w;
  for (const char* name : {"admin", "office2", "north", "north.admin", "x", "Jane"})
    CHECK(w.add(name).error().code == ErrorCode::usage);
  CHECK(w.add("j.doe", "Jane").error().code == ErrorCode::usage);
  CHECK(w.add("j.doe", "Jane Doe", "short").error().code == ErrorCode::usage);
  CHECK(w.add("j.doe", "Jane Doe", "j.doe j.doe j.doe").error().code == ErrorCode::usage);
  CHECK(w.log.accounts()->empty());
  REQUIRE(w.add("j.doe", "Jane Doe"));
  CHECK(w.log.account("j.doe")->value().until == kNow + 365 * kDay);
}

TEST_CASE("a name is never used again, also after its account was closed") {
  World w;
  REQUIRE(w.add("j.doe"));
  CHECK(w.add("j.doe").error().code == ErrorCode::conflict);
  REQUIRE(w.log.close_account("j.doe", "e.marsh", "left", kNow + 5));
  CHECK(w.add("j.doe").error().code == ErrorCode::conflict);
  CHECK(w.log.account("j.doe")->value().closed == kNow + 5);
  CHECK_FALSE(w.log.sign_in("j.doe", kWord, "o", Work::least, kNow + 6));
  CHECK(w.grant("j.doe", 1, "").error().code == ErrorCode::usage);
  CHECK(w.log.set_password("j.doe", kOther, false, "j.doe", Work::least, kNow + 6).error().code ==
        ErrorCode::usage);
  CHECK(w.log.close_account("k.roe", "e.marsh", "left", kNow).error().code == ErrorCode::usage);
}

TEST_CASE("an account lasts a year more when it is renewed, ended or not, but not once closed") {
  World w;
  REQUIRE(w.add("j.doe"));
  REQUIRE(w.grant("j.doe", 2, "north", kNow + 9 * kDay));
  const Time later = kNow + 366 * kDay;
  CHECK_FALSE(w.log.sign_in("j.doe", kWord, "o", Work::least, later));
  REQUIRE(w.log.renew_account("j.doe", "e.marsh", later));
  CHECK(w.log.account("j.doe")->value().until == later + 365 * kDay);
  CHECK(w.log.sign_in("j.doe", kWord, "o", Work::least, later).has_value());
  CHECK(w.log.grants("j.doe")->at(0).until == kNow + 9 * kDay);
  Silent silent;
  CHECK(w.log.verify({}, silent));  // the tables are what the events make
  REQUIRE(w.log.close_account("j.doe", "e.marsh", "left", later + 1));
  CHECK(w.log.renew_account("j.doe", "e.marsh", later + 2).error().code == ErrorCode::usage);
  CHECK(w.log.renew_account("k.roe", "e.marsh", later).error().code == ErrorCode::usage);
}

TEST_CASE("closing an account and changing its password end its sessions") {
  World w;
  for (const bool close : {false, true}) {
    const std::string name = close ? "j.doe" : "k.roe";
    REQUIRE(w.add(name));
    const auto token = w.log.begin_session(name, "o", kNow);
    REQUIRE(token);
    REQUIRE(w.log.resume(*token, "o", kNow + 1));
    if (close)
      REQUIRE(w.log.close_account(name, "e.marsh", "left", kNow + 2));
    else
      REQUIRE(w.log.set_password(name, kOther, false, name, Work::least, kNow + 2));
    CHECK_FALSE(w.log.resume(*token, "o", kNow + 3));
  }
  CHECK_FALSE(w.log.sign_in("k.roe", kWord, "o", Work::least, kNow + 4));
  CHECK(w.log.sign_in("k.roe", kOther, "o", Work::least, kNow + 4).has_value());
}

TEST_CASE("no grant outlives the policy's year, or comes back once revoked") {
  World w;
  REQUIRE(w.add("j.doe"));
  REQUIRE(w.grant("j.doe", 2, "north", kNow + 9000 * kDay));
  CHECK(w.log.grants("j.doe")->at(0).until == kNow + 365 * kDay);
  REQUIRE(w.grant("j.doe", 2, "north", kNow + kDay));
  CHECK(w.log.grants("j.doe")->at(1).until == kNow + kDay);
  REQUIRE(w.log.revoke_grant(1, "e.marsh", "left", kNow + 1));
  CHECK(w.log.revoke_grant(1, "e.marsh", "left", kNow + 2).error().code == ErrorCode::usage);
  CHECK(w.log.revoke_grant(9, "e.marsh", "left", kNow + 2).error().code == ErrorCode::usage);
  const Grant first = w.log.grants("j.doe")->at(0);
  CHECK(first.revoked == kNow + 1);
  CHECK(first.reason == "left");
}

}  // namespace accounts_test
