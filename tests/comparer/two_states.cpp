#include "tests/comparer/two_states.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "engine/encoded/writer.h"
#include "engine/intake/collection.h"
#include "engine/intake/intake.h"
#include "engine/schema/variants.h"
#include "engine/slips/slip_file.h"
#include "matchers/fellegi_sunter.h"
#include "tests/slips/slips_sample.h"

namespace tessera::test {
namespace {

constexpr std::string_view kDay = "2026-10-01";

}  // namespace

TwoStates::TwoStates(bool ssn)
    : schema_(ssn ? *schema::with_ssn(*schema::load("default")) : *schema::load("default")),
      matcher_(matchers::fellegi_sunter(matchers::shipped_model())) {
  trust_.today = "2026-10-01";
  registry::CreateOptions options;
  options.schema = schema_;
  options.protection = encoded::Protection::trial;
  options.key_check = encoded::Header{}.key_check;
  for (const bool split : {false, true}) {
    options.split = split;
    const auto random = seeded_random(split ? 2 : 1);
    const auto made =
        registry::Registry::create(folder_ / (split ? "split.db" : "plain.db"), options, *random);
    if (!made) FAIL(made.error().what);
  }
  plain_random_ = seeded_random(7);
  split_random_ = seeded_random(7);
}

TwoStates::Paths TwoStates::write(const std::vector<Roster>& rosters) {
  Paths out;
  for (const Roster& r : rosters) {
    ++files_;  // handles differ at each submission
    const encode::Encoded e = encode_people(schema_, r.people, r.owner, files_ * 1000003);
    encoded::Header h;
    h.schema = schema_;
    h.schema_digest = schema::digest(schema_);
    h.owner = r.owner;
    h.created = "2026-08-15";
    auto known = std::ranges::find(trust_.keys, r.owner, &encoded::TrustedKey::owner);
    const auto number = static_cast<std::uint8_t>(known - trust_.keys.begin() + 1);
    seal::KeyPair owner = samples::fixed_pair(seal::Use::owner, number);
    owner.open.name = r.owner;
    if (known == trust_.keys.end()) trust_.keys.push_back({r.owner, owner.open.bytes, ""});
    const encoded::Sealing sealing{&owner, entries_.open, join_.open, "fall-2026", "2026-12-31"};
    const auto random = seeded_random(files_ * 1009);
    out.plain.push_back(folder_ / (std::to_string(files_) + ".tess"));
    out.slips.push_back(folder_ / (std::to_string(files_) + ".slips"));
    const auto written = encoded::write(out.plain.back(), h, e.passes, e.records, e.handles, {});
    if (!written) FAIL(written.error().what);
    const auto sealed = slips::write_slips(out.slips.back(), h, e.passes, e.records, e.handles,
                                           sealing, *random, {});
    if (!sealed) FAIL(sealed.error().what);
  }
  return out;
}

Result<std::uint32_t> TwoStates::mix(const std::vector<std::string>& slips) {
  TESSERA_TRY(auto files, registrar::SlipSet::open(slips, opening()));
  TESSERA_TRY(auto registry, registry::Registry::open(split_registry(), registry::Access::read));
  TESSERA_CHECK(registrar::admit(registry, files, false));
  TESSERA_CHECK(registrar::obey_stops(registry, files, kDay));
  const auto random = seeded_random(files_);
  return registrar::mix_changed(registry, files, folder_ / "mix", samples::registrars_key(),
                                *random, {.force = true}, 20);
}

Result<slips::ScoreFile> TwoStates::answer(bool anew) {
  Silent silent;
  TESSERA_TRY(const auto mix,
              slips::MixFile::open(folder_ / "mix", samples::registrars_key().open));
  TESSERA_TRY(auto store, comparer::Store::open(folder_ / "store", mix, anew, silent));
  TESSERA_TRY(const auto opened, comparer::OpenedMix::open(mix, entries_, silent));
  TESSERA_TRY(auto found, comparer::compare_stored(mix, opened, store, *matcher_, silent));
  TESSERA_CHECK(store.take_in(opened, silent));
  const slips::ScoreFile out = comparer::answer_to(mix, opened, std::move(found), *matcher_);
  crowds_ = out.crowds.size();
  TESSERA_CHECK(
      slips::write_scores(folder_ / "scores", out, samples::comparers_key(), {.force = true}));
  return slips::read_scores(folder_ / "scores", samples::comparers_key().open);
}

TwoStates::Pending TwoStates::compare(const std::vector<Roster>& rosters) {
  Pending out;
  out.slips = write(rosters).slips;
  if (const auto mixed = mix(out.slips); !mixed) FAIL(mixed.error().what);
  auto scores = answer(false);
  if (!scores) FAIL(scores.error().what);
  out.scores = *std::move(scores);
  return out;
}

std::string TwoStates::compare_error(const std::vector<Roster>& rosters, bool anew) {
  if (const auto mixed = mix(write(rosters).slips); !mixed) return mixed.error().what;
  const auto scores = answer(anew);
  return scores ? "" : scores.error().what;
}

std::string TwoStates::compare_again(const Pending& pending) {
  if (const auto mixed = mix(pending.slips); !mixed) return mixed.error().what;
  const auto scores = answer(false);
  return scores ? "" : scores.error().what;
}

std::string TwoStates::settle_error(const Pending& pending) {
  auto files = registrar::SlipSet::open(pending.slips, opening());
  REQUIRE(files);
  auto registry = registry::Registry::open(split_registry(), registry::Access::read);
  REQUIRE(registry);
  REQUIRE(registrar::obey_stops(*registry, *files, kDay));
  const auto weighed = registrar::weigh(*registry, *files, pending.scores, "scores");
  return weighed ? "" : weighed.error().what;
}

void TwoStates::set_collection(const registry::Collection& rule) {
  for (const char* name : {"plain.db", "split.db"}) {
    auto registry = registry::Registry::open(folder_ / name, registry::Access::write);
    REQUIRE(registry);
    REQUIRE(registry->set_collection(rule));
  }
}

slips::PurgeOrder TwoStates::order() {
  auto registry = registry::Registry::open(split_registry(), registry::Access::read);
  REQUIRE(registry);
  const auto order = registrar::order_purge(*registry);
  REQUIRE(order);
  REQUIRE(
      slips::write_order(folder_ / "order", *order, samples::registrars_key(), {.force = true}));
  return *slips::read_order(folder_ / "order", samples::registrars_key().open);
}

Result<slips::PurgeReceipt> TwoStates::purge_store(const slips::PurgeOrder& order) {
  Silent silent;
  TESSERA_TRY(const auto receipt, comparer::purge_store(folder_ / "store", order, "order", silent));
  TESSERA_CHECK(slips::write_receipt(folder_ / "receipt", receipt, samples::comparers_key(),
                                     {.force = true}));
  return slips::read_receipt(folder_ / "receipt", samples::comparers_key().open);
}

Result<registry::PurgeCount> TwoStates::take_receipt(const slips::PurgeReceipt& receipt) {
  Silent silent;
  TESSERA_TRY(auto registry, registry::Registry::open(split_registry(), registry::Access::write));
  return registrar::take_receipt(registry, receipt, "receipt", *split_random_, silent);
}

TwoStates::Purges TwoStates::purge() {
  Silent silent;
  Purges out;
  {
    auto registry = registry::Registry::open(folder_ / "plain.db", registry::Access::write);
    REQUIRE(registry);
    const auto random = seeded_random(3);  // not that of IDs
    out.plain = *registry::purge_ssn(*registry, *random, silent);
  }
  const auto receipt = purge_store(order());
  if (!receipt) FAIL(receipt.error().what);
  auto registry = registry::Registry::open(split_registry(), registry::Access::write);
  REQUIRE(registry);
  const auto random = seeded_random(3);
  const auto taken = registrar::take_receipt(*registry, *receipt, "receipt", *random, silent);
  if (!taken) FAIL(taken.error().what);
  out.split = *taken;
  return out;
}

std::string TwoStates::split_bytes() const {
  return bytes_in(folder_ / "", "split.db") + bytes_in(folder_ / "", "store");
}

void TwoStates::lose_store() { std::remove((folder_ / "store").c_str()); }

TwoStates::Both TwoStates::assign(const std::vector<Roster>& rosters, bool anew) {
  Silent silent;
  Both out;
  const Paths paths = write(rosters);
  out.files = paths.plain;
  {
    auto files = link::FileSet::open(paths.plain);
    REQUIRE(files);
    auto registry = registry::Registry::open(folder_ / "plain.db", registry::Access::write);
    REQUIRE(registry);
    auto stops = intake::enforce_collection(*registry::collection_rules(*registry), *files, kDay);
    REQUIRE(stops);
    out.plain_notices = std::move(stops->notices);
    const auto weighed = intake::weigh(*registry, {&*files, 1}, *matcher_, silent);
    if (!weighed) FAIL(weighed.error().what);
    out.plain_decisions = weighed->decisions;
    auto receipt = intake::commit(*registry, {&*files, 1}, *weighed, *plain_random_, silent);
    REQUIRE(receipt);
    out.plain = *std::move(receipt);
  }
  const auto mixed = mix(paths.slips);
  if (!mixed) FAIL(mixed.error().what);
  out.mixed = *mixed;
  const auto scores = answer(anew);
  if (!scores) FAIL(scores.error().what);
  auto files = registrar::SlipSet::open(paths.slips, opening());
  REQUIRE(files);
  auto registry = registry::Registry::open(split_registry(), registry::Access::write);
  REQUIRE(registry);
  const auto stops = registrar::obey_stops(*registry, *files, kDay);
  REQUIRE(stops);
  out.split_notices = stops->notices;
  const auto weighed = registrar::weigh(*registry, *files, *scores, "scores");
  if (!weighed) FAIL(weighed.error().what);
  out.split_decisions = weighed->decisions;
  auto receipt = registrar::commit(*registry, *files, *scores, *weighed, *split_random_, silent);
  if (!receipt) FAIL(receipt.error().what);
  out.split = *std::move(receipt);
  return out;
}

void check_same(const TwoStates::Both& both) {
  REQUIRE(both.plain.issued.size() == both.split.issued.size());
  for (std::size_t i = 0; i < both.plain.issued.size(); ++i) {
    const registry::Issued& a = both.plain.issued[i];
    const registry::Issued& b = both.split.issued[i];
    CHECK(a.id == b.id);
    CHECK(a.status == b.status);
    CHECK(a.reason == b.reason);
    CHECK(a.probability == b.probability);
    CHECK(a.provisional == b.provisional);
    CHECK(both.plain_decisions[i].suspects == both.split_decisions[i].suspects);
    CHECK(both.plain_decisions[i].claim == both.split_decisions[i].claim);
  }
  CHECK(both.plain.ids_issued == both.split.ids_issued);
  CHECK(both.plain.claims == both.split.claims);
  CHECK(both.plain.alarms == both.split.alarms);
  CHECK(both.plain.reviews_opened == both.split.reviews_opened);
  REQUIRE(both.plain.notices.size() == both.split.notices.size());
  for (std::size_t i = 0; i < both.plain.notices.size(); ++i) {
    CHECK(both.plain.notices[i].owner == both.split.notices[i].owner);
    CHECK(both.plain.notices[i].id == both.split.notices[i].id);
  }
  REQUIRE(both.plain_notices.size() == both.split_notices.size());
  for (std::size_t i = 0; i < both.plain_notices.size(); ++i) {
    CHECK(both.plain_notices[i].owner == both.split_notices[i].owner);
    CHECK(both.plain_notices[i].record == both.split_notices[i].record);
    CHECK(both.plain_notices[i].text == both.split_notices[i].text);
  }
}

}  // namespace tessera::test
