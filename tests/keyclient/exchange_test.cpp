#include "engine/keyclient/exchange.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "engine/keyclient/by_file.h"
#include "engine/oprf/client.h"
#include "engine/oprf/evaluator.h"
#include "tests/keyserver/offices.h"

using namespace tessera;
using namespace tessera::keyclient;
using keyserver::Signer;

namespace {

// Services without state: they multiply and prove.
struct Services final : Messenger {
  std::vector<oprf::Evaluator> evaluators;
  std::vector<schema::KeyService> named;
  std::vector<std::size_t> asked;  // elements of each request
  std::set<oprf::Element> seen;    // all elements
  std::function<void(oprf::Answer&)> spoil = [](oprf::Answer&) {};
  explicit Services(std::initializer_list<const char*> names) {
    for (const char* name : names) {
      std::array<std::uint8_t, 32> seed{};
      seed[0] = static_cast<std::uint8_t>(name[0]);
      evaluators.emplace_back(seed, "dob_last");
      named.push_back({name, {{"dob_last", evaluators.back().public_key()}}});
    }
  }
  Result<std::optional<Bytes>> ask(std::size_t service, const Sha256& batch,
                                   const oprf::Request& r) override {
    asked.push_back(r.elements.size());
    seen.insert(r.elements.begin(), r.elements.end());
    const auto random = system_random();
    TESSERA_TRY(const oprf::Evaluated e, evaluators[service].evaluate(r.elements, *random));
    oprf::Answer answer{batch, e.elements, e.proofs};
    spoil(answer);
    return std::optional(oprf::to_bytes(answer));
  }
};

struct Roster {
  Signer signer{1};
  Secret<32> secret;
  std::vector<Question> questions{{"dob_last", {}}};
  oprf::Session session{};
  explicit Roster(std::size_t n, std::uint8_t own = 3) {
    secret.fill()[0] = own;
    for (std::size_t i = 0; i < n; ++i) {
      const std::string text = "key " + std::to_string(i);
      questions[0].texts.emplace_back(text.begin(), text.end());
    }
  }
  Asker asker() const {
    return {"north", secret, [this](std::string_view c, ByteView m) { return signer.sign(c, m); }};
  }
  Result<std::optional<Outputs>> run(const std::vector<schema::KeyService>& services,
                                     Messenger& messenger, std::size_t batch = 10) const {
    Silent silent;
    return exchange({services, "2026", session, batch, keyserver::kNow}, asker(), questions,
                    messenger, silent);
  }
};

// What the function is, computed plainly by who has both the text and the key.
oprf::Output plain(const oprf::Scalar& key, ByteView text) {
  oprf::Element hashed, multiplied;
  REQUIRE(oprf::Suite(oprf::Mode::verifiable).hash_to_group(text, hashed));
  REQUIRE(oprf::multiply(key.reveal(), hashed, multiplied));
  std::array<std::uint8_t, 32> one{1};
  oprf::Output out;
  REQUIRE(oprf::finalize(text, oprf::Scalar(one), multiplied, out));
  return out;
}

}  // namespace

TEST_CASE("each text gets the function's value under the service's key, batch by batch") {
  Services a{"a"};
  const Roster roster(25);
  const auto outputs = roster.run(a.named, a);
  REQUIRE(outputs);
  REQUIRE(*outputs);
  CHECK(a.asked == std::vector<std::size_t>{10, 10, 5});
  std::array<std::uint8_t, 32> seed{'a'};
  const oprf::Scalar key = oprf::Suite(oprf::Mode::verifiable).derive_key(seed, "dob_last");
  for (std::size_t i = 0; i < 25; ++i)
    CHECK((**outputs)[0][i] == plain(key, roster.questions[0].texts[i]));
}

TEST_CASE("values do not depend on owner, session or batches; what is sent does") {
  Services a{"a"};
  Services b{"a"};
  Roster north(12);
  Roster south(12, 4);
  south.session[0] = 9;
  const auto one = north.run(a.named, a);
  const auto two = south.run(b.named, b, 5);
  REQUIRE(one);
  REQUIRE(two);
  CHECK(**one == **two);
  std::vector<oprf::Element> both;
  std::ranges::set_intersection(a.seen, b.seen, std::back_inserter(both));
  CHECK(both.empty());
}

TEST_CASE("two services: their order does not matter for the value, and both must be honest") {
  Services ab{"a", "b"};
  Services ba{"b", "a"};
  const Roster roster(7);
  const auto one = roster.run(ab.named, ab);
  const auto two = roster.run(ba.named, ba);
  REQUIRE(one);
  REQUIRE(two);
  CHECK(**one == **two);
  CHECK(ab.asked.size() == 2);
  Services a{"a"};
  CHECK(**roster.run(a.named, a) != **one);
}

TEST_CASE("an answer under another key, tampered or swapped is refused, and the service named") {
  const Roster roster(9);
  Services good{"a", "b"};
  Services wrong{"a", "c"};
  const auto other = roster.run(good.named, wrong);
  REQUIRE_FALSE(other);
  CHECK(other.error().code == ErrorCode::crypto);
  CHECK(other.error().where == "key service b");
  for (const auto& spoil : std::vector<std::function<void(oprf::Answer&)>>{
           [](oprf::Answer& x) { std::swap(x.elements[0], x.elements[1]); },
           [](oprf::Answer& x) { x.elements[3] = x.elements[2]; },
           [](oprf::Answer& x) { x.elements[8].fill(1); },
           [](oprf::Answer& x) { x.proofs[0][5] ^= 1; }, [](oprf::Answer& x) { x.batch[0] ^= 1; },
           [](oprf::Answer& x) { x.elements.pop_back(); }}) {
    Services a{"a"};
    a.spoil = spoil;
    const auto result = roster.run(a.named, a);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::crypto);
    CHECK(result.error().where == "key service a");
  }
}

TEST_CASE("by file, through two services: the same values as at once") {
  Services ab{"a", "b"};
  const Roster roster(25);
  const auto direct = roster.run(ab.named, ab);
  REQUIRE(direct);
  AnswerStore answers;
  const Asker asker = roster.asker();
  for (std::size_t s = 0; s < 2; ++s) {
    FileMessenger file(asker, answers);
    const auto pending = roster.run(ab.named, file);
    REQUIRE(pending);
    CHECK_FALSE(*pending);
    REQUIRE(file.requests().size() == 1);
    REQUIRE(file.requests().count(s) == 1);
    CHECK(file.requests().at(s).size() == 3);
    oprf::Bundle bundle{oprf::Bundle::Kind::answers, roster.session, {}};
    for (const Bytes& bytes : file.requests().at(s)) {
      const auto asked = oprf::read_request(bytes);
      REQUIRE(asked);
      CHECK(keyserver::verify_signature(roster.signer.open, oprf::kRequestContext,
                                        asked->signed_part, asked->signature));
      const auto& r = asked->request;
      bundle.messages.push_back(**ab.ask(s, oprf::batch_digest(r.public_key, r.elements), r));
    }
    REQUIRE(answers.add(bundle));
  }
  FileMessenger file(asker, answers);
  const auto done = roster.run(ab.named, file);
  REQUIRE(done);
  REQUIRE(*done);
  CHECK(**done == **direct);
  CHECK(file.requests().empty());
}

TEST_CASE("answers of another session answer nothing: its elements were others") {
  Services a{"a"};
  Roster roster(5);
  AnswerStore answers;
  const Asker asker = roster.asker();
  FileMessenger first(asker, answers);
  REQUIRE(roster.run(a.named, first));
  oprf::Bundle bundle{oprf::Bundle::Kind::answers, roster.session, {}};
  const auto asked = oprf::read_request(first.requests().at(0)[0]);
  REQUIRE(asked);
  const auto& r = asked->request;
  bundle.messages.push_back(**a.ask(0, oprf::batch_digest(r.public_key, r.elements), r));
  REQUIRE(answers.add(bundle));
  roster.session[3] = 1;
  FileMessenger second(asker, answers);
  const auto pending = roster.run(a.named, second);
  REQUIRE(pending);
  CHECK_FALSE(*pending);
}
