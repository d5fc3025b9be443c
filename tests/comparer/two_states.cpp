#include "tests/comparer/two_states.h"

#include <algorithm>
#include <cstdio>

#include <doctest/doctest.h>

#include "engine/encoded/writer.h"
#include "engine/intake/intake.h"
#include "engine/slips/slip_file.h"
#include "matchers/fellegi_sunter.h"
#include "tests/slips/slips_sample.h"

namespace tessera::test {

TwoStates::TwoStates()
    : schema_(*schema::load("default")),
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
  TESSERA_TRY(const auto files, registrar::SlipSet::open(slips, opening()));
  TESSERA_TRY(auto registry, registry::Registry::open(split_registry(), registry::Access::read));
  TESSERA_CHECK(registrar::admit(registry, files, "2026-10-01", false));
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
  TESSERA_TRY(const auto found, comparer::compare_stored(mix, opened, store, *matcher_, silent));
  TESSERA_CHECK(store.take_in(opened, silent));
  slips::ScoreFile out;
  out.scores = found.compared.scores;
  out.crowds = found.crowds;
  crowds_ = found.crowds.size();
  slips::Answering answer{mix.header().standing->moment,
                          found.payloads,
                          matcher_->automatic(),
                          matcher_->review(),
                          crowds_,
                          0};
  for (const slips::CrowdHandles& c : out.crowds) answer.crowded += c.handles.size();
  out.header = {mix.header().batch, 0, out.scores.size(), answer};
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
  const auto files = registrar::SlipSet::open(pending.slips, opening());
  REQUIRE(files);
  auto registry = registry::Registry::open(split_registry(), registry::Access::read);
  REQUIRE(registry);
  const auto weighed = registrar::weigh(*registry, *files, pending.scores, "scores");
  return weighed ? "" : weighed.error().what;
}

void TwoStates::lose_store() { std::remove((folder_ / "store").c_str()); }

TwoStates::Both TwoStates::assign(const std::vector<Roster>& rosters, bool anew) {
  Silent silent;
  Both out;
  const Paths paths = write(rosters);
  {
    auto files = link::FileSet::open(paths.plain);
    REQUIRE(files);
    auto registry = registry::Registry::open(folder_ / "plain.db", registry::Access::write);
    REQUIRE(registry);
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
  const auto files = registrar::SlipSet::open(paths.slips, opening());
  REQUIRE(files);
  auto registry = registry::Registry::open(split_registry(), registry::Access::write);
  REQUIRE(registry);
  const auto weighed = registrar::weigh(*registry, *files, *scores, "scores");
  if (!weighed) FAIL(weighed.error().what);
  out.split_decisions = weighed->decisions;
  auto receipt = registrar::commit(*registry, *files, *weighed, *split_random_, silent);
  if (!receipt) FAIL(receipt.error().what);
  out.split = *std::move(receipt);
  return out;
}

}  // namespace tessera::test
