#include "tests/comparer/two_states.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "engine/encoded/writer.h"
#include "engine/intake/by_epoch.h"
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
    : ssn_(ssn), matcher_(matchers::fellegi_sunter(matchers::shipped_model())) {
  secret_.fill()[0] = 5;
  trust_.today = "2026-10-01";
  registry::CreateOptions options;
  options.schema = schema(1);
  options.protection = encoded::Protection::trial;
  options.key_check = keys::key_check(fixed_key(1));
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

schema::Schema TwoStates::schema(int epoch) const {
  schema::Schema s = ssn_ ? *schema::with_ssn(*schema::load("default")) : *schema::load("default");
  if (epoch > 1)
    s.epoch = std::to_string(2020 + 5 * epoch) + "-" + std::to_string(2024 + 5 * epoch);
  return s;
}

void TwoStates::begin_epoch(int epoch) {
  for (const char* name : {"plain.db", "split.db"}) {
    auto registry = registry::Registry::open(folder_ / name, registry::Access::write);
    REQUIRE(registry);
    const auto begun = registry::open_epoch(
        *registry, schema(epoch), keys::key_check(fixed_key(static_cast<std::uint8_t>(epoch))));
    if (!begun) FAIL(begun.error().what);
  }
}

Result<registry::EpochEnd> TwoStates::end_here(const std::string& name, int epoch) {
  Silent silent;
  TESSERA_TRY(auto registry, registry::Registry::open(folder_ / name, registry::Access::write));
  return registry::end_epoch(registry, epoch, {"e.dunn", "case 7"}, silent);
}

TwoStates::Ends TwoStates::end_epoch(int epoch) {
  Ends out;
  const auto plain = end_here("plain.db", epoch);
  if (!plain) FAIL(plain.error().what);
  const auto split = end_here("split.db", epoch);
  if (!split) FAIL(split.error().what);
  out.plain = *plain;
  out.split = *split;
  auto registry = registry::Registry::open(split_registry(), registry::Access::read);
  REQUIRE(registry);
  const registry::Epoch& e = registry->epochs()[static_cast<std::size_t>(epoch) - 1];
  REQUIRE(slips::write_order(folder_ / "order", registrar::order_end(*registry, e, out.split),
                             samples::registrars_key(), {.force = true}));
  const auto receipt =
      purge_store(*slips::read_order(folder_ / "order", samples::registrars_key().open));
  if (!receipt) FAIL(receipt.error().what);
  out.receipt = *receipt;
  const auto checked = registrar::check_ended(*registry, e, out.split, {*receipt, "receipt"});
  if (!checked) FAIL(checked.error().what);
  return out;
}

std::string TwoStates::store_path(const schema::Schema& schema) const {
  return path(schema.epoch == this->schema(1).epoch ? "store" : "store-" + schema.epoch);
}

std::vector<std::string> TwoStates::mix_paths(std::size_t n) const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < n; ++i)
    out.push_back(path(i == 0 ? "mix" : "mix-" + std::to_string(i)));
  return out;
}

TwoStates::Paths TwoStates::write(const std::vector<Roster>& rosters) {
  Paths out;
  for (const Roster& r : rosters) {
    ++files_;  // handles differ at each submission
    const schema::Schema schema = this->schema(r.epoch);
    const keys::ProjectKey key = fixed_key(static_cast<std::uint8_t>(r.epoch));
    const auto draws = seeded_random(files_ * 1000003);
    Silent silent;
    const encode::Encoded e =
        encode::encode(schema, reference::roster(schema, r.people), key, r.owner,
                       encoded::Population::student, *draws, silent, &secret_);
    encoded::Header h;
    h.schema = schema;
    h.schema_digest = schema::digest(schema);
    h.key_check = keys::key_check(key);
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

Result<std::vector<registrar::Mixed>> TwoStates::mix(const std::vector<std::string>& slips) {
  TESSERA_TRY(auto sets, registrar::SlipSet::open_apart(slips, opening()));
  TESSERA_TRY(auto registry, registry::Registry::open(split_registry(), registry::Access::read));
  TESSERA_CHECK(registrar::admit(registry, sets, false));
  TESSERA_CHECK(registrar::obey_stops(registry, sets, kDay));
  const auto random = seeded_random(files_);
  return registrar::mix_changed(registry, sets, mix_paths(sets.size()), samples::registrars_key(),
                                *random, {.force = true}, least_);
}

Result<std::vector<registrar::Scores>> TwoStates::answer(std::size_t mixes, bool anew) {
  Silent silent;
  std::vector<registrar::Scores> out;
  crowds_ = 0;
  for (const std::string& path : mix_paths(mixes)) {
    TESSERA_TRY(const auto mix, slips::MixFile::open(path, samples::registrars_key().open));
    TESSERA_TRY(auto store,
                comparer::Store::open(store_path(mix.header().schema), mix, anew, silent));
    TESSERA_TRY(const auto opened, comparer::OpenedMix::open(mix, entries_, silent));
    TESSERA_TRY(auto found, comparer::compare_stored(mix, opened, store, *matcher_, silent));
    TESSERA_CHECK(store.take_in(opened, silent));
    if (shred_) TESSERA_CHECK(store.shred(silent));
    const slips::ScoreFile file = comparer::answer_to(mix, opened, std::move(found), *matcher_);
    crowds_ += file.crowds.size();
    const std::string where =
        folder_ / ("scores" + (out.empty() ? "" : std::to_string(out.size())));
    TESSERA_CHECK(slips::write_scores(where, file, samples::comparers_key(), {.force = true}));
    TESSERA_TRY(auto read, slips::read_scores(where, samples::comparers_key().open));
    out.push_back({std::move(read), where});
  }
  return out;
}

TwoStates::Pending TwoStates::compare(const std::vector<Roster>& rosters) {
  Pending out;
  out.slips = write(rosters).slips;
  const auto mixed = mix(out.slips);
  if (!mixed) FAIL(mixed.error().what);
  auto scores = answer(mixed->size(), false);
  if (!scores) FAIL(scores.error().what);
  out.scores = *std::move(scores);
  return out;
}

std::string TwoStates::compare_error(const std::vector<Roster>& rosters, bool anew) {
  const auto mixed = mix(write(rosters).slips);
  if (!mixed) return mixed.error().what;
  const auto scores = answer(mixed->size(), anew);
  return scores ? "" : scores.error().what;
}

std::string TwoStates::compare_again(const Pending& pending) {
  const auto mixed = mix(pending.slips);
  if (!mixed) return mixed.error().what;
  const auto scores = answer(mixed->size(), false);
  return scores ? "" : scores.error().what;
}

std::string TwoStates::settle_error(const Pending& pending) {
  auto sets = registrar::SlipSet::open_apart(pending.slips, opening());
  REQUIRE(sets);
  auto registry = registry::Registry::open(split_registry(), registry::Access::read);
  REQUIRE(registry);
  REQUIRE(registrar::obey_stops(*registry, *sets, kDay));
  const auto weighed = registrar::weigh(*registry, *sets, pending.scores);
  return weighed ? "" : weighed.error().what;
}

void TwoStates::set_collection(const registry::Collection& rule) {
  for (const char* name : {"plain.db", "split.db"}) {
    auto registry = registry::Registry::open(folder_ / name, registry::Access::write);
    REQUIRE(registry);
    REQUIRE(registry->set_collection(rule));
  }
}

std::vector<registrar::EpochOrder> TwoStates::orders() {
  auto registry = registry::Registry::open(split_registry(), registry::Access::read);
  REQUIRE(registry);
  auto orders = registrar::order_purge(*registry);
  REQUIRE(orders);
  for (registrar::EpochOrder& o : *orders) {
    REQUIRE(
        slips::write_order(folder_ / "order", o.order, samples::registrars_key(), {.force = true}));
    o.order = *slips::read_order(folder_ / "order", samples::registrars_key().open);
  }
  return *orders;
}

Result<slips::PurgeReceipt> TwoStates::purge_store(const slips::PurgeOrder& order) {
  Silent silent;
  TESSERA_TRY(const auto receipt,
              comparer::purge_store(store_path(order.schema), order, "order", silent));
  TESSERA_CHECK(slips::write_receipt(folder_ / "receipt", receipt, samples::comparers_key(),
                                     {.force = true}));
  return slips::read_receipt(folder_ / "receipt", samples::comparers_key().open);
}

Result<registry::PurgeCount> TwoStates::take_receipts(
    const std::vector<slips::PurgeReceipt>& receipts) {
  Silent silent;
  TESSERA_TRY(auto registry, registry::Registry::open(split_registry(), registry::Access::write));
  std::vector<registrar::Receipt> all;
  for (const slips::PurgeReceipt& r : receipts) all.push_back({r, "receipt"});
  const auto random = seeded_random(3);  // not that of IDs
  return registrar::take_receipts(registry, all, *random, silent);
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
  std::vector<slips::PurgeReceipt> receipts;
  for (const registrar::EpochOrder& o : orders()) {
    const auto receipt = purge_store(o.order);
    if (!receipt) FAIL(receipt.error().what);
    receipts.push_back(*receipt);
  }
  const auto taken = take_receipts(receipts);
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
    auto sets = link::FileSet::open_apart(paths.plain);
    REQUIRE(sets);
    auto registry = registry::Registry::open(folder_ / "plain.db", registry::Access::write);
    REQUIRE(registry);
    std::vector<intake::Enforced> stops;
    const auto epochs = intake::by_epoch(*registry, *sets);
    REQUIRE(epochs);
    for (const intake::EpochFiles& e : *epochs)
      stops.push_back(
          *intake::enforce_collection(*registry::collection_rules(*registry), *e.files, kDay));
    out.plain_notices = intake::join(std::move(stops)).notices;
    const auto weighed = intake::weigh(*registry, *sets, *matcher_, silent);
    if (!weighed) FAIL(weighed.error().what);
    out.plain_decisions = weighed->decisions;
    auto receipt = intake::commit(*registry, *sets, *weighed, *plain_random_, silent);
    REQUIRE(receipt);
    out.plain = *std::move(receipt);
  }
  const auto mixed = mix(paths.slips);
  if (!mixed) FAIL(mixed.error().what);
  out.mixes = *mixed;
  out.mixed = mixed->front().records;
  const auto scores = answer(mixed->size(), anew);
  if (!scores) FAIL(scores.error().what);
  auto sets = registrar::SlipSet::open_apart(paths.slips, opening());
  REQUIRE(sets);
  auto registry = registry::Registry::open(split_registry(), registry::Access::write);
  REQUIRE(registry);
  const auto stops = registrar::obey_stops(*registry, *sets, kDay);
  REQUIRE(stops);
  out.split_notices = stops->notices;
  const auto weighed = registrar::weigh(*registry, *sets, *scores);
  if (!weighed) FAIL(weighed.error().what);
  out.split_decisions = weighed->decisions;
  auto receipt = registrar::commit(*registry, *sets, *scores, *weighed, *split_random_, silent);
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
