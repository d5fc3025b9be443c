#include "engine/report/clerical.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <doctest/doctest.h>

using namespace tessera;
using report::Answer;
using report::ClericalReport;

namespace {

// Counts 0, 1, 2, ...: every draw is known.
class Counting final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& b : out) b = state_++;
  }

 private:
  std::uint8_t state_ = 0;
};

struct World {
  std::vector<double> probability;
  std::vector<bool> same;
};

// Probabilities that mean what they say if `bend` is 0, and too much if it is above.
World world(std::size_t pairs, double bend, std::uint64_t seed) {
  Splitmix random(seed);
  World out;
  for (std::size_t i = 0; i < pairs; ++i) {
    const double u = random.uniform();
    const double p = random.chance(0.5) ? 1 - std::pow(u, 4) : std::pow(u, 4);
    out.probability.push_back(p);
    out.same.push_back(random.chance(std::max(0.0, p - bend)));
  }
  return out;
}

double true_share(const World& w, double threshold, bool of_accepted) {
  double hit = 0, all = 0;
  for (std::size_t i = 0; i < w.same.size(); ++i) {
    const bool accepted = w.probability[i] >= threshold;
    hit += accepted && w.same[i];
    all += of_accepted ? accepted : w.same[i];
  }
  return hit / all;
}

}  // namespace

TEST_CASE("strata begin at their bounds") {
  CHECK(report::clerical_stratum(0) == 0);
  CHECK(report::clerical_stratum(0.0099) == 0);
  CHECK(report::clerical_stratum(0.01) == 1);
  CHECK(report::clerical_stratum(0.9) == 4);
  CHECK(report::clerical_stratum(0.9995) == 6);
  CHECK(report::clerical_stratum(1) == 6);
}

TEST_CASE("half of a sample evens the strata out, half follows their sizes, no pair twice") {
  std::vector<double> p(1000, 0.001);
  for (std::size_t i = 0; i < 3; ++i) p[i] = 0.6;
  for (std::size_t i = 3; i < 100; ++i) p[i] = 1;
  Counting random;
  const auto sample = report::draw_sample(p, 40, random);
  CHECK(sample.size() == 40);
  CHECK(std::set<std::uint32_t>(sample.begin(), sample.end()).size() == 40);
  const auto doubtful = std::ranges::count_if(sample, [](std::uint32_t i) { return i < 3; });
  const auto sure =
      std::ranges::count_if(sample, [](std::uint32_t i) { return i >= 3 && i < 100; });
  CHECK(doubtful == 3);  // all there are; the others share what is left
  CHECK(sure >= 9);      // of the half that goes to the strata alike, and one in ten of the others
  CHECK(sure <= 15);
  CHECK(report::draw_sample(p, 5000, random).size() == p.size());
  CHECK(report::draw_sample({}, 10, random).empty());
}

TEST_CASE("all pairs judged: the figures are exact, and sure") {
  const World w = world(500, 0.05, 3);
  std::vector<Answer> answers;
  for (const bool s : w.same) answers.push_back(s ? Answer::same : Answer::different);
  const ClericalReport r = report::judge(w.probability, answers, 0.9);
  CHECK(r.precision.value == doctest::Approx(true_share(w, 0.9, true)));
  CHECK(r.recall.value == doctest::Approx(true_share(w, 0.9, false)));
  CHECK(r.precision.bounds.low == doctest::Approx(r.precision.value));
  CHECK(r.precision.bounds.high == doctest::Approx(r.precision.value));
}

TEST_CASE("intervals hold the truth about as often as they say, and show a model that boasts") {
  int held = 0;
  int boast_seen = 0;
  constexpr int kRounds = 40;
  for (int round = 0; round < kRounds; ++round) {
    const World w = world(4000, 0.08, 100 + static_cast<std::uint64_t>(round));
    std::vector<Answer> answers(w.same.size(), Answer::open);
    Splitmix draws(static_cast<std::uint64_t>(round));
    class Drawn final : public Random {
     public:
      explicit Drawn(Splitmix& s) : s_(s) {}
      void fill(std::span<std::uint8_t> out) override {
        for (std::uint8_t& b : out) b = static_cast<std::uint8_t>(s_.next());
      }

     private:
      Splitmix& s_;
    } random(draws);
    for (const std::uint32_t i : report::draw_sample(w.probability, 300, random))
      answers[i] = w.same[i] ? Answer::same : Answer::different;
    const ClericalReport r = report::judge(w.probability, answers, 0.5);
    const double precision = true_share(w, 0.5, true);
    const double recall = true_share(w, 0.5, false);
    held += r.precision.bounds.low <= precision && precision <= r.precision.bounds.high;
    held += r.recall.bounds.low <= recall && recall <= r.recall.bounds.high;
    boast_seen += r.said_precision > r.precision.bounds.high;
  }
  CHECK(held >= 2 * kRounds * 85 / 100);
  CHECK(boast_seen >= kRounds / 2);
}

TEST_CASE("answers that all agree leave the estimate inside its interval") {
  const std::vector<double> p(5000, 0.9999);
  std::vector<Answer> answers(p.size(), Answer::open);
  for (std::size_t i = 0; i < 100; ++i) answers[i] = Answer::same;
  const ClericalReport r = report::judge(p, answers, 0.9);
  CHECK(r.precision.value == 1);
  CHECK(r.precision.bounds.high == 1);
  CHECK(r.precision.bounds.low < 0.99);
  CHECK(r.precision.bounds.low > 0.95);
}

TEST_CASE("without answers the model speaks, and nothing is certain") {
  const World w = world(300, 0, 9);
  const ClericalReport r =
      report::judge(w.probability, std::vector<Answer>(w.same.size(), Answer::open), 0.9);
  CHECK(r.precision.value == doctest::Approx(r.said_precision));
  CHECK(r.precision.bounds.low < 0.5);
  CHECK(r.precision.bounds.high > 0.6);
}

TEST_CASE("no pairs at all: no figures, and the table and the JSON stand") {
  const ClericalReport r = report::judge({}, {}, 0.9);
  CHECK(std::isnan(r.precision.value));
  CHECK(report::to_table(r).find("precision") != std::string::npos);
  CHECK(report::to_json(r).find("precision")->find("value")->is_null());
}
