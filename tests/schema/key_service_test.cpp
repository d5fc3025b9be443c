#include "engine/schema/key_service.h"

#include <doctest/doctest.h>

#include "engine/core/bytes.h"
#include "engine/schema/schema.h"
#include "engine/schema/variants.h"

using namespace tessera;
using namespace tessera::schema;

namespace {

KeyService service_for(const Schema& s, const std::string& name) {
  KeyService out{name, {}};
  for (const std::string& key : key_names(s)) {
    ServiceKey k{};
    k[0] = static_cast<std::uint8_t>(out.keys.size() + 1);
    out.keys.emplace_back(key, k);
  }
  return out;
}

// What reading the schema back says.
Result<Schema> read_back(const Schema& s) { return from_json(to_json(s), "test"); }

}  // namespace

TEST_CASE("a key for each pass, and one for SSNs in place of the pass on them") {
  const Schema plain = *load("default");
  CHECK(key_names(plain) == std::vector<std::string>{"dob_last", "dob_first", "names_year_month",
                                                     "names_month_day", "names_year_day"});
  const Schema ssn = *with_ssn(plain);
  REQUIRE(ssn.passes.back().name == "ssn");
  CHECK(on_ssn_alone(ssn, ssn.passes.back()));
  CHECK_FALSE(on_ssn_alone(ssn, ssn.passes.front()));
  CHECK(key_names(ssn) == std::vector<std::string>{"dob_last", "dob_first", "names_year_month",
                                                   "names_month_day", "names_year_day",
                                                   "ssn-value"});
}

TEST_CASE("pinned keys are part of the digest; without them a schema is what it was") {
  Schema s = *load("default");
  const Sha256 before = digest(s);
  CHECK(to_json(s).find("key_services") == nullptr);
  s.key_services = {service_for(s, "a")};
  const Sha256 pinned = digest(s);
  CHECK(pinned != before);
  const auto back = read_back(s);
  REQUIRE(back);
  CHECK(digest(*back) == pinned);
  CHECK(*back->key_services[0].key("names_year_month") == s.key_services[0].keys[2].second);
  CHECK(back->key_services[0].key("no_such") == nullptr);
  s.key_services[0].keys[0].second[31] = 1;
  CHECK(digest(s) != pinned);
}

TEST_CASE("a service with a key too few or too many is refused") {
  Schema s = *load("default");
  s.key_services = {service_for(s, "a")};
  s.key_services[0].keys.pop_back();
  REQUIRE_FALSE(read_back(s));
  CHECK(read_back(s).error().what.find("names no key for 'names_year_day'") != std::string::npos);
  s.key_services = {service_for(s, "a")};
  s.key_services[0].keys.emplace_back("other", ServiceKey{});
  CHECK_FALSE(read_back(s));
  s.key_services = {service_for(s, "a"), service_for(s, "a")};
  CHECK_FALSE(read_back(s));
  s.key_services = {service_for(s, "a b")};
  CHECK_FALSE(read_back(s));
}

TEST_CASE("SSNs want two services, unless the schema says that one is enough") {
  Schema s = *with_ssn(*load("default"));
  CHECK(read_back(s));  // none: a trial
  s.key_services = {service_for(s, "a")};
  CHECK_FALSE(read_back(s));
  s.single_key_service = true;
  CHECK(read_back(s));
  s.single_key_service = false;
  s.key_services.push_back(service_for(s, "b"));
  CHECK(read_back(s));
}

TEST_CASE("public keys go out and come back; other documents are refused") {
  const Schema s = *load("default");
  const PublicKeys keys{service_for(s, "office-1"), "2026"};
  const auto back = public_keys_from_json(to_json(keys), "keys.json");
  REQUIRE(back);
  CHECK(back->epoch == "2026");
  CHECK(back->service.name == "office-1");
  CHECK(back->service.keys == keys.service.keys);
  CHECK_FALSE(public_keys_from_json(to_json(s), "schema.json"));
  json::Value broken = to_json(keys);
  broken.set("keys", json::Object{{"dob_last", "12"}});
  CHECK_FALSE(public_keys_from_json(broken, "keys.json"));
}
