// What a registry takes at all; and sealed files give just what open ones give.
#include "engine/intake/admit.h"

#include <memory>

#include <doctest/doctest.h>

#include "engine/encoded/sealed_writer.h"
#include "engine/intake/intake.h"
#include "matchers/fellegi_sunter.h"
#include "tests/encoded/sealed_sample.h"
#include "tests/ledger/scratch.h"
#include "tests/link/submissions.h"

using namespace tessera;

namespace {

struct Office {
  test::Scratch folder;
  schema::Schema schema = *schema::load("default");
  samples::Parties parties{"north"};
  Silent silent;
  std::unique_ptr<Random> random = seeded_random(3);

  registry::Registry make(const std::string& name, bool key_known,
                          encoded::Protection protection = encoded::Protection::trial) {
    registry::CreateOptions o;
    o.schema = schema;
    o.protection = protection;
    if (key_known) o.key_check = keys::key_check(test::fixed_key());
    REQUIRE(registry::Registry::create(folder / name, o, *random));
    auto registry = registry::Registry::open(folder / name, registry::Access::write);
    REQUIRE(registry);
    return *std::move(registry);
  }
  std::string seal(const std::string& name, const std::vector<reference::Person>& crowd,
                   encoded::Protection protection = encoded::Protection::trial,
                   bool question = false, bool decoys = false) {
    const encode::Encoded e = test::encode_people(schema, crowd, "north");
    encoded::Header h;
    h.schema = schema;
    h.schema_digest = schema::digest(schema);
    h.owner = "north";
    h.protection = protection;
    h.question = question;
    h.decoys = decoys;
    h.key_check = keys::key_check(test::fixed_key());
    h.created = "2026-08-15";
    const auto done = encoded::write_sealed(folder / name, h, e.passes, e.records, e.handles,
                                            parties.sealing(), {.force = true});
    REQUIRE(done);
    return folder / name;
  }
  link::FileSet open(const std::string& path) {
    auto files = link::FileSet::open({path}, parties.opening());
    if (!files) FAIL(files.error().what);
    return *std::move(files);
  }
};

std::string refusal(registry::Registry& registry, link::FileSet& files, bool again = false) {
  const auto taken = intake::admit(registry, {&files, 1}, again);
  if (taken) return "";
  CHECK(taken.error().code == ErrorCode::conflict);
  return taken.error().what;
}

}  // namespace

TEST_CASE("a trial takes open files, a registry that is none takes sealed ones only") {
  Office office;
  const std::string open = test::submit(office.folder / "open", office.schema,
                                        reference::draw_people(5, 1, "p"), "north");
  link::FileSet files = office.open(open);
  registry::Registry trial = office.make("trial.db", false);
  CHECK(refusal(trial, files).empty());
  registry::Registry real = office.make("real.db", true, encoded::Protection::oprf);
  CHECK(refusal(real, files).find("is a trial file") != std::string::npos);
  link::FileSet sealed = office.open(
      office.seal("sealed", reference::draw_people(5, 1, "p"), encoded::Protection::oprf));
  CHECK(refusal(real, sealed).empty());
}

TEST_CASE("a registry that does not know the project key takes no sealed file") {
  Office office;
  link::FileSet files = office.open(office.seal("sealed", reference::draw_people(5, 1, "p")));
  registry::Registry blind = office.make("blind.db", false);
  CHECK(refusal(blind, files).find("does not know the project key") != std::string::npos);
  registry::Registry knows = office.make("knows.db", true);
  CHECK(refusal(knows, files).empty());
}

TEST_CASE("a question of the locator is no submission") {
  Office office;
  registry::Registry registry = office.make("R.db", true);
  link::FileSet asked = office.open(
      office.seal("asked", reference::draw_people(1, 1, "p"), encoded::Protection::trial, true));
  CHECK(refusal(registry, asked).find("tessera locate answer") != std::string::npos);
  link::FileSet sent = office.open(office.seal("sent", reference::draw_people(1, 1, "p")));
  CHECK(refusal(registry, sent).empty());
}

TEST_CASE("a file with decoys is for project runs, and gives nobody an ID") {
  Office office;
  registry::Registry registry = office.make("R.db", true);
  link::FileSet files = office.open(office.seal("decoys", reference::draw_people(3, 1, "p"),
                                                encoded::Protection::trial, false, true));
  CHECK(refusal(registry, files).find("holds decoys") != std::string::npos);
}

TEST_CASE("sealed files are decided on as open ones are, and taken once") {
  Office office;
  const auto crowd = reference::draw_people(300, 2, "p");
  const std::string open = test::submit(office.folder / "open", office.schema, crowd, "north");
  const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
  std::vector<std::vector<registry::Issued>> issued;
  for (const bool sealed : {false, true}) {
    const std::string name = sealed ? "s.db" : "o.db";
    const std::string path = sealed ? office.seal("sealed", crowd) : open;
    for (int round = 0; round < 2; ++round) {
      link::FileSet files = office.open(path);
      registry::Registry registry =
          round == 0 ? office.make(name, true)
                     : *registry::Registry::open(office.folder / name, registry::Access::write);
      CHECK(refusal(registry, files).empty() == (round == 0 || !sealed));
      CHECK(refusal(registry, files, true).empty());
      const auto weighed = intake::weigh(registry, {&files, 1}, *matcher, office.silent);
      REQUIRE(weighed);
      const auto ids = seeded_random(9);
      const auto receipt = intake::commit(registry, {&files, 1}, *weighed, *ids, office.silent);
      REQUIRE(receipt);
      issued.push_back(receipt->issued);
    }
  }
  REQUIRE(issued[0].size() == 300);
  for (int round = 0; round < 2; ++round)
    for (std::size_t i = 0; i < issued[0].size(); ++i) {
      const auto& a = issued[static_cast<std::size_t>(round)][i];
      const auto& b = issued[static_cast<std::size_t>(round) + 2][i];
      CHECK(a.id == b.id);
      CHECK(a.status == b.status);
      CHECK(a.reason == b.reason);
    }
}
