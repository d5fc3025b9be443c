// Each reason not to trust a file has its own words; the register comes back as it was written.
#include "engine/encoded/trust.h"

#include <doctest/doctest.h>

#include "tests/encoded/sample.h"
#include "tests/encoded/sealed_sample.h"

using namespace tessera;

namespace {

// A header of the owner whose key is the first.
encoded::Header header_of() { return samples::make(samples::kSmallSchema, 1, 1).header; }

std::string refusal(const encoded::Header& header, const encoded::Trust& trust) {
  const samples::Parties parties;
  const encoded::Envelope e{"fall-2026", "2026-12-31", 1, 1, parties.owner.open.bytes, {}, {}};
  const auto trusted = encoded::check_trust(header, e, trust);
  if (trusted) return "";
  CHECK(trusted.error().code == ErrorCode::conflict);
  return trusted.error().what;
}

}  // namespace

TEST_CASE("a known owner's file in time is trusted, and each other case says what it is") {
  const samples::Parties parties;
  const encoded::Header header = header_of();
  CHECK(refusal(header, parties.trust).empty());
  encoded::Trust t = parties.trust;
  t.keys.clear();
  CHECK(refusal(header, t).find("not in the register") != std::string::npos);
  t.keys = {{"district-7", samples::fixed_pair(seal::Use::owner, 2).open.bytes, ""}};
  CHECK(refusal(header, t).find("not owner district-7's") != std::string::npos);
  t.keys = {{"district-8", parties.owner.open.bytes, ""}};
  CHECK(refusal(header, t).find("not in the register") != std::string::npos);
  t.keys = {{"district-7", parties.owner.open.bytes, "2026-09-01"}};
  CHECK(refusal(header, t).find("revoked on 2026-09-01") != std::string::npos);
  t = parties.trust;
  t.today = "2026-12-31";
  CHECK(refusal(header, t).empty());
  t.today = "2027-01-01";
  CHECK(refusal(header, t).find("expired on 2026-12-31") != std::string::npos);
  t.today = "2026-08-14";  // made on the 15th
  CHECK(refusal(header, t).empty());
  t.today = "2026-08-13";
  CHECK(refusal(header, t).find("a day to come") != std::string::npos);
  t = parties.trust;
  t.collection = "fall-2026";
  CHECK(refusal(header, t).empty());
  t.collection = "spring-2027";
  CHECK(refusal(header, t).find("for collection fall-2026") != std::string::npos);
}

TEST_CASE("an owner may have an old key and a new one") {
  const samples::Parties parties;
  encoded::Trust t = parties.trust;
  t.keys.push_back({"district-7", samples::fixed_pair(seal::Use::owner, 2).open.bytes, ""});
  CHECK(refusal(header_of(), t).empty());
}

TEST_CASE("the register comes back; a broken one does not") {
  const std::vector<encoded::TrustedKey> keys{
      {"a", samples::fixed_pair(seal::Use::owner, 1).open.bytes, ""},
      {"b", samples::fixed_pair(seal::Use::owner, 2).open.bytes, "2026-01-01"}};
  const std::string text = encoded::trust_to_json(keys);
  const auto again = encoded::trust_from_json(text, "f");
  REQUIRE(again);
  REQUIRE(again->size() == 2);
  CHECK(encoded::trust_to_json(*again) == text);
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string out = text;
    return out.replace(out.find(from), from.size(), to);
  };
  for (const std::string& bad :
       {std::string("{}"), std::string("[]"),
        with("\"tessera_owners\": 1", "\"tessera_owners\": 2"), with("2026-01-01", "2026-13-01"),
        with("\"a\"", "\"a b\""), with("\"owner\"", "\"name\""), with(to_hex(keys[0].key), "00"),
        with(to_hex(keys[0].key), to_hex(keys[1].key))})
    CHECK(!encoded::trust_from_json(bad, "f"));
}
