#include "engine/attack/laboratory.h"

#include "engine/attack/weak.h"
#include "tests/attack/attack_fixture.h"
#include "tests/ledger/scratch.h"

namespace tessera::attack {
namespace {

Report run(const std::string& attack, std::uint32_t people) {
  Plan plan;
  plan.only = {attack};
  Sizes& s = plan.sizes;
  s.graph = s.pairs = s.shape = s.epochs = s.state = s.quality = people;
  s.known = 100;
  s.district = people / 10;
  const tessera::test::Scratch folder;
  plan.scratch = folder / "";
  Silent silent;
  auto report = run_laboratory(test::usual(), test::tables(), plan, silent);
  REQUIRE(report.has_value());
  return *std::move(report);
}

const Finding* find(const Report& report, const std::string& target, const std::string& attack) {
  for (const Finding& f : report.findings)
    if (f.target == target && f.attack.starts_with(attack)) return &f;
  return nullptr;
}

TEST_CASE("the control is broken where the schema holds, in the same run") {
  const Report report = run("P3", 300);
  const Finding* weak = find(report, "clk", "graph matching");
  const Finding* ours = find(report, "default", "graph matching");
  REQUIRE(weak != nullptr);
  REQUIRE(ours != nullptr);
  CHECK(weak->success >= 0.95);
  CHECK(ours->success <= 0.02);
  CHECK(report.control_broken());
}

TEST_CASE("a control that stands is said to") {
  Report report;
  report.findings.push_back(
      {.id = "P3", .target = "clk", .success = 0.2, .bar = 0.95, .control = true});
  CHECK_FALSE(report.control_broken());
  CHECK(report.bars_met());
  report.findings.push_back({.id = "P3", .target = "default", .success = 0.2, .bar = 0.01});
  CHECK_FALSE(report.bars_met());
}

TEST_CASE("without the key service's key no tag is met; with the shared secret every CLK is") {
  const Report report = run("P6", 600);
  const Finding* blind = find(report, "default", "dictionary without seeds");
  REQUIRE(blind != nullptr);
  CHECK(blind->right == 0);
  CHECK(blind->met());
  const Finding* shared = find(report, "clk", "dictionary with");
  REQUIRE(shared != nullptr);
  CHECK(shared->success == 1);
  const Finding* beyond = find(report, "default", "answers beyond the quota");
  REQUIRE(beyond != nullptr);
  CHECK(beyond->of > 100);  // asked and answered
  CHECK(beyond->right == 0);
}

TEST_CASE(
    "a malicious owner needs a folder to be played in, and reads no more than three answers") {
  Plan plan;
  plan.only = {"P11"};
  plan.sizes.oracle = 400;
  Silent silent;
  CHECK_FALSE(run_laboratory(test::usual(), test::tables(), plan, silent).has_value());
  const tessera::test::Scratch folder;
  plan.scratch = folder / "";
  const auto report = run_laboratory(test::usual(), test::tables(), plan, silent);
  REQUIRE(report.has_value());
  CHECK(report->control_broken());
  CHECK(report->bars_met());
  const Finding* answer = find(*report, "default", "assign, bits of an answer to a new");
  REQUIRE(answer != nullptr);
  CHECK(answer->success > 0.5);  // an answer that told nothing would mean that nothing was asked
  CHECK(find(*report, "default", "locate, questions answered in a day")->success == 50);
}

TEST_CASE("linkage quality is measured on the same people") {
  const Report report = run("F1", 600);
  REQUIRE(report.worth.size() == 4);
  for (const Worth& w : report.worth) CHECK(w.quality.best_f1 > 0.9);
  CHECK(report.worth[0].quality.pairs_reached > 0.95);
  CHECK(report.worth[0].quality.pairs_reached <= 1);
}

TEST_CASE("the same plan gives the same figures") {
  const Report a = run("P8", 400), b = run("P8", 400);
  REQUIRE(a.findings.size() == b.findings.size());
  for (std::size_t i = 0; i < a.findings.size(); ++i)
    CHECK(a.findings[i].success == b.findings[i].success);
}

}  // namespace
}  // namespace tessera::attack
