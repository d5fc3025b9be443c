#include "engine/encode/key_inputs.h"

#include <algorithm>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "engine/core/parallel.h"
#include "engine/encode/block_key.h"
#include "engine/schema/variants.h"
#include "tests/reference/block_keys_plain.h"
#include "tests/reference/people.h"

namespace key_inputs_test {

using namespace tessera;
using encode::KeyInputs;

namespace {

const schema::Schema& with_ssn() {
  static const schema::Schema s = *schema::with_ssn(*schema::load("default"));
  return s;
}

std::vector<record::Fields> crowd(int n) {
  Splitmix random(5);
  std::vector<reference::Person> people;
  for (int i = 0; i < n; ++i)
    people.push_back(reference::draw_person(random, "id" + std::to_string(i)));
  return reference::roster(with_ssn(), people);
}

}  // namespace

TEST_CASE("each block key once, as a set of all of them would hold") {
  const auto records = crowd(5000);
  std::map<std::string, std::set<std::string>> plain;
  for (const auto& r : records) {
    std::vector<std::vector<encode::BlockKey>> keys;
    for (const auto& pass : with_ssn().passes)
      keys.push_back(reference::block_keys(with_ssn(), pass, r));
    reference::cap_keys(with_ssn(), keys);
    for (std::size_t p = 0; p < keys.size(); ++p)
      for (const auto& k : keys[p]) plain[with_ssn().passes[p].name].insert(k.value);
    const auto& ssn = r.values[*with_ssn().field(schema::Kind::ssn)].text;
    if (!ssn.empty()) plain["ssn-value"].insert(ssn);
  }
  Silent silent;
  for (const std::size_t threads : {1U, 2U}) {
    set_threads(threads);
    const auto inputs = encode::key_inputs(with_ssn(), records, silent);
    REQUIRE(inputs.size() == 6);
    for (const KeyInputs& i : inputs) {
      const auto& expected = plain[i.key];
      CHECK_FALSE(i.values.empty());
      CHECK(i.values == std::vector<std::string>(expected.begin(), expected.end()));
    }
  }
  set_threads(0);
}

TEST_CASE("no two keys, epochs, purposes or values share an evaluated text") {
  schema::Schema a = with_ssn();
  schema::Schema epoch = a;
  epoch.epoch += "1";
  schema::Schema purpose = a;
  purpose.purpose += " too";
  std::set<Bytes> all{
      encode::oprf_input(a, "dob_last", "v"),     encode::oprf_input(a, "dob_first", "v"),
      encode::oprf_input(a, "dob_last", "w"),     encode::oprf_input(a, "dob_las", "tv"),
      encode::oprf_input(epoch, "dob_last", "v"), encode::oprf_input(purpose, "dob_last", "v")};
  CHECK(all.size() == 6);
}

}  // namespace key_inputs_test
