#include "matchers/fellegi_sunter.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "engine/link/explain.h"

namespace tessera::matchers {
namespace {

using link::Comparator;
using link::Decinats;
using link::Digit;
using schema::Kind;

// Pairs of twins in a file, for each of its records: one birth in thirty-two is a twin (3.1 % of US
// births, National Vital Statistics Reports), and a pair has two.
constexpr double kTwins = 0.0155;

// Inside a file nobody competes for a person, so nothing but the tables can tell a careless copy
// from a relative or a namesake: errors may be found so many times as common as the model has them.
constexpr double kDirtier = 3;

// Strangers are not as independent as the tables have them: those of one given name are of one sex,
// too. Their number grows with the product of both sides, that of matches does not, so that among
// many a class of look-alikes would explain more than the matches do. Each so many of them count as
// one more pair on the model's side.
constexpr double kLookAlikes = 0.005;

double log_odds(double p) { return std::log(p / (1 - p)); }

// A fit has turned the labels round if equality speaks against a match.
bool turned(const Mixture& fit) {
  return std::ranges::any_of(fit.tables,
                             [](const Levels& l) { return l.match[1] < l.stranger[1] * 0.98; });
}

// No link without a person on last name and birth date alone (docs/decisions: twins and siblings):
// the given name must be at least similar, or the middle names must agree. One word of the given
// name in common is less: Jose Luis and Jose Miguel may be brothers, and nothing that is sent
// tells them from Jose and Jose Luis, or from a nickname. Beside it an equal SSN is enough, or a
// middle initial that agrees with a middle name.
bool needs_a_person(const Comparator& c, std::uint32_t pattern) {
  using namespace link::level;
  bool given_known = false;
  bool given_supports = false;
  bool given_part = false;
  bool middle_supports = false;
  bool number_equal_too = false;
  bool ssn_equal_too = false;
  bool initial_equal = false;
  for (std::size_t d = 0; d < c.digits().size(); ++d) {
    const std::uint32_t l = c.level(pattern, d);
    switch (c.digits()[d].kind) {
      case Kind::given_name:
        given_known = true;
        given_supports =
            l == name_equal || l == name_close || l == name_similar || l == name_swapped;
        given_part = l == name_part;
        break;
      case Kind::middle_name:
        middle_supports = l == middle_equal || l == middle_close;
        initial_equal = l == middle_initial;
        break;
      case Kind::number:
        number_equal_too = l == number_equal;
        break;
      case Kind::ssn:
        ssn_equal_too = l == ssn_equal;
        break;
      default:
        break;
    }
  }
  const bool part_supports = given_part && (initial_equal || ssn_equal_too);
  return given_known && !given_supports && !part_supports && !middle_supports && !number_equal_too;
}

// True if two entries of this pattern surely share the pass's tag: everything its key is made of is
// equal in them.
bool surely_meets(const schema::Schema& schema, const schema::Pass& pass, const Comparator& c,
                  std::uint32_t pattern) {
  for (const schema::KeyPart& part : pass.key)
    for (const std::size_t f : part.fields) {
      const auto digit = std::ranges::find(c.digits(), f, &Digit::field);
      if (digit == c.digits().end() || schema.fields[f].kind == Kind::ssn) return false;
      // Equal is level 1 of every kind.
      if (c.level(pattern, static_cast<std::size_t>(digit - c.digits().begin())) != 1) return false;
    }
  return true;
}

// Passes that choose pairs by their given names hold few twins and cannot tell what one looks like.
// Where a pair surely met in a pass that does not ask for a given name, that pass alone judges it.
void leave_to_twins_pass(const schema::Schema& schema, std::span<const Comparator> comparators,
                         link::Fit& fit) {
  for (std::size_t p = 0; p < comparators.size(); ++p) {
    if (!asks_no_given_name(schema, schema.passes[p])) continue;
    for (std::size_t q = 0; q < comparators.size(); ++q) {
      if (asks_no_given_name(schema, schema.passes[q])) continue;
      for (std::uint32_t g = 0; g < fit.logit[q].size(); ++g)
        if (surely_meets(schema, schema.passes[p], comparators[q], g))
          fit.logit[q][g] = -link::kSurest;
    }
  }
}

// What a pair of the class `matches` says to the model for a match, on average, in nats.
double said_to(const Comparator& comparator, const std::vector<Levels>& model,
               const std::vector<Levels>& matches) {
  double sum = 0;
  for (std::size_t d = 0; d < model.size(); ++d) {
    const Kind kind = comparator.digits()[d].kind;
    if (kind == Kind::ssn) continue;  // how many gave one differs from file to file
    for (std::uint32_t l = 1; l < model[d].match.size(); ++l)
      if (!silent(kind, l))
        sum += matches[d].match[l] * std::log(model[d].match[l] / model[d].stranger[l]);
  }
  return sum;
}

// Matches may be dirtier than the model has them, but not so that they hardly look like any.
bool estranged(const Comparator& comparator, const std::vector<Levels>& model,
               const std::vector<Levels>& matches) {
  return said_to(comparator, model, matches) < said_to(comparator, model, model) / 2;
}

class FellegiSunter final : public link::Matcher {
 public:
  explicit FellegiSunter(const Model& model) : model_(model) {}
  double automatic() const override { return model_.automatic; }
  double review() const override { return model_.review; }

  Result<link::Fit> fit(const schema::Schema& schema, std::span<const Comparator> comparators,
                        std::span<const link::PassCounts> counts,
                        const link::RunSize& size) const override {
    link::Fit out;
    for (std::size_t p = 0; p < comparators.size(); ++p) {
      TESSERA_TRY(
          const std::vector<Levels> start,
          tables_of(model_, schema, schema.passes[p], comparators[p], "train one that does"));
      out.expected_matches.push_back(0);
      fit_pass(schema.passes[p].name, comparators[p], counts[p], size,
               asks_no_given_name(schema, schema.passes[p]), start, out);
    }
    for (std::size_t p = 0; p < comparators.size(); ++p) {
      auto& logit = out.logit.emplace_back(comparators[p].patterns(), -link::kSurest);
      for (std::uint32_t g = 0; g < logit.size(); ++g)
        if (!size.met_only || counts[p].pairs[g] > 0)
          logit[g] = logit_of(comparators[p], out.evidence[p], g);
    }
    if (size.within) leave_to_twins_pass(schema, comparators, out);
    return out;
  }

 private:
  void fit_pass(const std::string& name, const Comparator& comparator,
                const link::PassCounts& counts, const link::RunSize& size, bool twins_meet,
                const std::vector<Levels>& start, link::Fit& out) const {
    const GuardedFit guarded = fit_guarded({.comparator = &comparator,
                                            .counts = &counts,
                                            .size = size,
                                            .twins_meet = twins_meet,
                                            .start = start,
                                            .relative_share = model_.relative_share});
    if (guarded.rejected)
      out.notes.push_back(
          fmt::format("pass {}: what these files teach contradicts the model, as when few matches "
                      "are left to find; the model's tables are used",
                      name));
    out.expected_matches.back() = guarded.fit.share[0] * static_cast<double>(counts.compared);
    out.evidence.push_back(evidence_of(comparator, guarded.fit));
  }

  static link::PassEvidence evidence_of(const Comparator& c, const Mixture& fit) {
    link::PassEvidence out;
    for (const auto& share : fit.strata)
      out.log_share.push_back({std::log(share[0]), std::log(share[1]), std::log(share[2])});
    for (std::size_t d = 0; d < fit.tables.size(); ++d) {
      const Levels& table = fit.tables[d];
      auto& said = out.log_level.emplace_back(table.match.size());
      for (std::size_t l = 1; l < said.size(); ++l)
        if (!silent(c.digits()[d].kind, static_cast<std::uint32_t>(l)))
          said[l] = {std::log(table.match[l]), std::log(table.relative[l]),
                     std::log(table.stranger[l])};
      // Whoever gave no SSN carries a random token, which looks like another SSN. Counting the
      // difference against a pair would make declining count against a child, so it counts nothing.
      if (c.digits()[d].kind == Kind::ssn) said[link::level::ssn_far] = {};
    }
    return out;
  }

  Decinats logit_of(const Comparator& c, const link::PassEvidence& evidence,
                    std::uint32_t pattern) const {
    double logit = link::log_odds(link::mass_of(evidence, c, pattern));
    if (needs_a_person(c, pattern)) logit = std::min(logit, log_odds(model_.automatic) - 1);
    return static_cast<Decinats>(std::lround(std::clamp(logit * 10, -400.0, 400.0)));
  }

  Model model_;
};

}  // namespace

bool asks_no_given_name(const schema::Schema& schema, const schema::Pass& pass) {
  for (const schema::KeyPart& part : pass.key)
    for (const std::size_t f : part.fields) {
      const Kind kind = schema.fields[f].kind;
      if (kind == Kind::given_name || kind == Kind::ssn || kind == Kind::number) return false;
    }
  return true;
}

Result<std::vector<Levels>> tables_of(const Model& model, const schema::Schema& schema,
                                      const schema::Pass& pass, const Comparator& comparator,
                                      std::string_view remedy) {
  std::vector<Levels> out;
  for (const Digit& d : comparator.digits()) {
    const Levels* l = find_levels(model, schema, pass, d.field);
    if (l == nullptr)
      return Error{ErrorCode::format,
                   fmt::format("the model '{}' knows no field of kind {}; {}", model.name,
                               schema::name_of(d.kind), remedy),
                   ""};
    out.push_back(*l);
  }
  return out;
}

GuardedFit fit_guarded(const GuardedData& of) {
  const auto compared = static_cast<double>(of.counts->compared);
  const MixtureData data = mixture_data(*of.comparator, *of.counts);
  MixtureRules rules;
  rules.match_prior = of.match_prior;
  rules.most_matches = static_cast<double>(of.size.possible_matches);
  // With few pairs the share cannot be read off the data: lean on one match for every other
  // record.
  rules.expected_share = std::clamp(
      0.5 * static_cast<double>(of.size.records) / std::max<double>(1, compared), 0.02, 0.5);
  rules.match_prior_rate = kLookAlikes;
  if (of.size.within) rules.most_growth = kDirtier;
  if (of.size.within && of.twins_meet) rules.twins = kTwins * static_cast<double>(of.size.records);
  GuardedFit out;
  out.fit = fit_mixture(data, of.start, of.relative_share, rules);
  if (turned(out.fit) || estranged(*of.comparator, of.start, out.fit.tables)) {
    out.rejected = true;
    rules.match_prior = 1e12;  // tables stay, shares may move
    rules.stranger_prior = 1e12;
    out.fit = fit_mixture(data, of.start, of.relative_share, rules);
  }
  for (std::size_t d = 0; d < out.fit.tables.size(); ++d)
    if (of.comparator->digits()[d].kind == Kind::given_name) exchange_names(out.fit.tables[d]);
  return out;
}

std::unique_ptr<link::Matcher> fellegi_sunter(const Model& model) {
  return std::make_unique<FellegiSunter>(model);
}

}  // namespace tessera::matchers
