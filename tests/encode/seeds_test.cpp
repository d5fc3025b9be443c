#include "engine/encode/seeds.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "engine/core/digest.h"
#include "engine/encode/encoder.h"
#include "engine/schema/variants.h"
#include "tests/reference/people.h"

namespace seeds_test {

using namespace tessera;
using encode::ServiceSeeds;

namespace {

const schema::Schema& with_ssn() {
  static const schema::Schema s = *schema::with_ssn(*schema::load("default"));
  return s;
}

// Stands in for services: any function of key and value will do here.
std::vector<std::vector<ServiceSeeds::Output>> answers(const std::vector<encode::KeyInputs>& inputs,
                                                       std::string_view secret) {
  std::vector<std::vector<ServiceSeeds::Output>> out;
  for (const auto& i : inputs) {
    out.emplace_back();
    for (const std::string& value : i.values) {
      Bytes text;
      encode::append_sized(text, secret);
      encode::append_sized(text, i.key);
      encode::append_sized(text, value);
      const Sha256 hash = sha256(text);
      ServiceSeeds::Output o{};
      std::ranges::copy(hash, o.begin());
      out.back().push_back(o);
    }
  }
  return out;
}

std::vector<reference::Person> crowd(int n) {
  Splitmix random(5);
  std::vector<reference::Person> people;
  for (int i = 0; i < n; ++i)
    people.push_back(reference::draw_person(random, "id" + std::to_string(i)));
  return people;
}

struct Office {
  Secret<32> project;
  Secret<32> owner;
  Office(std::uint8_t shared, std::uint8_t own) {
    for (auto& b : project.fill()) b = shared;
    for (auto& b : owner.fill()) b = own;
  }
  encode::Encoded encode(const std::vector<reference::Person>& people,
                         std::string_view service) const {
    const auto records = reference::roster(with_ssn(), people);
    Silent silent;
    auto inputs = encode::key_inputs(with_ssn(), records, silent);
    auto outputs = answers(inputs, service);
    const ServiceSeeds seeds(with_ssn(), std::move(inputs), std::move(outputs));
    const auto random = seeded_random(1);
    return encode::encode(with_ssn(), records, {project, owner, seeds},
                          encoded::Population::student, *random, silent);
  }
};

std::size_t shared_tags(const encode::Encoded& a, const encode::Encoded& b, std::size_t pass) {
  std::vector<encoded::Tag> both;
  std::ranges::set_intersection(a.passes[pass].tags, b.passes[pass].tags, std::back_inserter(both));
  return both.size();
}

}  // namespace

TEST_CASE(
    "owners meet in every pass under one service and project key, whatever their own secret") {
  const auto people = crowd(300);
  const auto a = Office(1, 2).encode(people, "service");
  const auto b = Office(1, 3).encode(people, "service");
  for (std::size_t p = 0; p < a.passes.size(); ++p) {
    CHECK(a.real_entries[p] > 0);
    CHECK(shared_tags(a, b, p) == a.real_entries[p]);  // and no dummy meets
  }
  std::vector<encoded::RecordKey> keys;
  for (const auto& r : b.records) keys.push_back(r.key);
  for (const auto& r : a.records) CHECK(std::ranges::find(keys, r.key) == keys.end());
}

TEST_CASE("another service or another project key: nobody meets") {
  const auto people = crowd(300);
  const auto a = Office(1, 2).encode(people, "service");
  for (std::size_t p = 0; p < a.passes.size(); ++p) {
    CHECK(shared_tags(a, Office(1, 2).encode(people, "other"), p) <
          a.passes[p].tags.size() - a.real_entries[p] + 1);  // dummies alone
    CHECK(shared_tags(a, Office(4, 3).encode(people, "service"), p) == 0);
  }
}

TEST_CASE("trial seeds are what the format page says, whichever way they are asked for") {
  keys::ProjectKey key;
  for (auto& b : key.offline.fill()) b = 9;
  const encode::OfflineSeeds seeds(with_ssn(), key);
  Bytes message;
  for (const std::string_view part :
       {std::string_view("tessera block 1"), std::string_view(with_ssn().epoch),
        std::string_view("dob_last"), std::string_view("8:20100307")})
    encode::append_sized(message, part);
  CHECK(seeds.reader()->block(0, "8:20100307") == keys::Hmac(key.offline.reveal())(message));
}

}  // namespace seeds_test
