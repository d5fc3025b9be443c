#include "engine/keyserver/service.h"

#include <doctest/doctest.h>

#include "engine/keyserver/tables.h"
#include "tests/keyserver/offices.h"

using namespace tessera;
using namespace tessera::keyserver;

namespace {

// A service with one epoch; owner "north" may ask 100 elements of dob_last, 60 in an hour.
struct Office {
  Folder folder;
  Signer north{1};
  std::unique_ptr<Service> service;
  oprf::Element key{};
  Office() {
    auto state = State::create(folder / "ks", "office-1", kNow);
    REQUIRE(state);
    const auto random = system_random();
    REQUIRE(state->add_epoch("2026", {"dob_last", "dob_first"}, *random, kNow));
    REQUIRE(state->admit("north", north.open, kNow));
    REQUIRE(state->grant("north", "2026", "dob_last", 100, 60, kNow));
    key = state->public_keys("2026")->service.keys[0].second;
    start(*std::move(state));
  }
  void start(State state) {
    service = std::make_unique<Service>(std::move(state), system_random(), verify_signature);
  }
  void restart() {
    service.reset();
    auto state = State::open(folder / "ks");
    REQUIRE(state);
    start(*std::move(state));
  }
  Result<Bytes> ask(std::size_t n, std::uint64_t first, Seconds now = kNow) const {
    return service->answer(signed_by(north, request_of("north", key, n, first)), now);
  }
  std::uint64_t used() const {
    auto state = State::open(folder / "ks");
    REQUIRE(state);
    return state->quotas()->front().used;
  }
};

ErrorCode code_of(const Result<Bytes>& r) {
  REQUIRE_FALSE(r);
  return r.error().code;
}

}  // namespace

TEST_CASE("a good request is answered under the key it names, with a proof") {
  const Office office;
  const oprf::Request r = request_of("north", office.key, 5);
  const auto bytes = office.service->answer(signed_by(office.north, r), kNow);
  REQUIRE(bytes);
  const auto answer = oprf::read_answer(*bytes);
  REQUIRE(answer);
  CHECK(answer->batch == oprf::batch_digest(r.public_key, r.elements));
  CHECK(oprf::verify_batch(oprf::Suite(oprf::Mode::verifiable), office.key, r.elements,
                           answer->elements, answer->proofs));
  CHECK(office.used() == 5);
}

TEST_CASE(
    "who is unknown, revoked or signs with another key gets nothing, and nothing is charged") {
  const Office office;
  const oprf::Request r = request_of("north", office.key, 5);
  CHECK(code_of(office.service->answer(signed_by(Signer(2), r), kNow)) == ErrorCode::crypto);
  CHECK(code_of(office.service->answer(signed_by(office.north, request_of("south", office.key, 5)),
                                       kNow)) == ErrorCode::crypto);
  Bytes changed = signed_by(office.north, r);
  changed[60] ^= 1;
  CHECK_FALSE(office.service->answer(changed, kNow));
  CHECK(office.used() == 0);
  // Another process revokes: it holds from the very next request.
  auto other = State::open(office.folder / "ks");
  REQUIRE(other);
  REQUIRE(other->revoke("north", true, kNow));
  CHECK(code_of(office.ask(5, 0)) == ErrorCode::crypto);
  REQUIRE(other->revoke("north", false, kNow));
  CHECK(office.ask(5, 0));
}

TEST_CASE("a request that was cut, or has any bit changed, gets nothing, and nothing is charged") {
  const Office office;
  const Bytes good = signed_by(office.north, request_of("north", office.key, 2));
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK_FALSE(office.service->answer(ByteView(good).first(size), kNow));
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    CAPTURE(bit);
    Bytes bent = good;
    bent[bit / 8] = static_cast<std::uint8_t>(bent[bit / 8] ^ (1U << bit % 8));
    CHECK_FALSE(office.service->answer(bent, kNow));
  }
  CHECK(office.used() == 0);
  CHECK(office.service->answer(good, kNow));
}

TEST_CASE("another key than the schema names, an old request and a bad element are refused") {
  const Office office;
  oprf::Request r = request_of("north", office.key, 5);
  r.public_key[0] ^= 2;
  CHECK(code_of(office.service->answer(signed_by(office.north, r), kNow)) == ErrorCode::conflict);
  r = request_of("north", office.key, 5);
  r.epoch = "2031";
  CHECK(code_of(office.service->answer(signed_by(office.north, r), kNow)) == ErrorCode::conflict);
  CHECK(code_of(office.ask(5, 0, kNow + kMostAge + 1)) == ErrorCode::conflict);
  CHECK(code_of(office.ask(5, 0, kNow - kMostAge - 1)) == ErrorCode::conflict);
  r = request_of("north", office.key, 5);
  r.elements[3].fill(0);
  CHECK(code_of(office.service->answer(signed_by(office.north, r), kNow)) == ErrorCode::format);
  CHECK(code_of(office.service->answer(Bytes(1000, 7), kNow)) == ErrorCode::format);
  CHECK(office.used() == 0);
}

TEST_CASE("the quota is for an epoch and a key, and holds over a restart") {
  Office office;
  CHECK(office.ask(60, 0));
  const Seconds later = kNow + 3600;
  office.restart();
  CHECK(code_of(office.ask(41, 1000, later)) == ErrorCode::limit);
  CHECK(office.ask(40, 1000, later));
  CHECK(code_of(office.ask(1, 2000, later + 3600)) == ErrorCode::limit);
  CHECK(office.used() == 100);
  oprf::Request other = request_of("north", office.key, 1);
  other.key = "dob_first";  // nothing granted
  other.public_key = office.service->public_keys("2026")->service.keys[1].second;
  CHECK(code_of(office.service->answer(signed_by(office.north, other), kNow)) == ErrorCode::limit);
}

TEST_CASE("the same batch again is answered and not charged again: a lost answer costs nothing") {
  Office office;
  CHECK(office.ask(30, 0));
  office.restart();
  const auto again = office.ask(30, 0);
  REQUIRE(again);
  CHECK(office.used() == 30);
  CHECK(office.ask(30, 500, kNow + 3600));
  CHECK(office.used() == 60);
}

TEST_CASE("what is asked within an hour is bounded, retries included, and comes back evenly") {
  const Office office;
  CHECK(office.ask(40, 0));
  CHECK(code_of(office.ask(21, 1000)) == ErrorCode::limit);
  CHECK(code_of(office.ask(40, 0)) == ErrorCode::limit);  // a repeat is work too
  CHECK(office.ask(20, 1000));
  CHECK(code_of(office.ask(1, 2000)) == ErrorCode::limit);
  CHECK(office.ask(10, 2000, kNow + 600));  // a sixth of an hour
  CHECK(code_of(office.ask(1, 3000, kNow + 600)) == ErrorCode::limit);
  CHECK(code_of(office.ask(61, 4000, kNow + 7200)) == ErrorCode::limit);  // never at once
}

TEST_CASE("an hour's share comes back in full, however often a little is asked") {
  const Office office;
  CHECK(office.ask(60, 0));  // 60 an hour: one a minute
  Seconds now = kNow;
  int answered = 0;
  for (std::uint64_t i = 0; i < 40; ++i) {
    now += 45;  // too soon by itself
    if (office.ask(1, 10000 + i, now)) ++answered;
  }
  CHECK(answered == 30);
}

TEST_CASE("the log holds counts and no element") {
  const Office office;
  const oprf::Request r = request_of("north", office.key, 7);
  REQUIRE(office.service->answer(signed_by(office.north, r), kNow));
  auto db = ledger::Database::open(office.folder / "ks",
                                   {.application_id = kApplication, .version = kVersion});
  REQUIRE(db);
  Silent silent;
  std::vector<std::string> answered;
  REQUIRE(ledger::verify_chain(*db, silent, [&](const ledger::Event& e) -> Result<void> {
    if (e.type == "answered") answered.emplace_back(e.body);
    return {};
  }));
  REQUIRE(answered.size() == 1);
  CHECK(
      answered[0] ==
      R"({"at":1790000000,"charged":7,"elements":7,"epoch":"2026","key":"dob_last","owner":"north"})");
}
