// tessera review show: why a question is asked, field by field, without anyone's name.
#include <memory>

#include <fmt/format.h>

#include "cli/gate.h"
#include "cli/review_verbs.h"
#include "engine/core/bytes.h"
#include "engine/core/file.h"
#include "engine/core/json.h"
#include "engine/intake/evidence.h"
#include "engine/registry/rulings.h"
#include "engine/report/waterfall.h"
#include "matchers/fellegi_sunter.h"

namespace tessera::cli {
namespace review_show_verb {
namespace {

constexpr std::string_view kAnswer = "review show";

struct Options {
  std::string registry;
  std::int64_t review = 0;
  std::string model;
  std::string html;
  bool json = false;
  Gate gate;
  bool force = false;
};

// What is told of a question.
struct Told {
  registry::OpenReview review;
  std::vector<intake::Evidence> evidence;      // one for each candidate of the review
  std::vector<registry::StateId> unexplained;  // candidates of whom others hold records too
  std::int64_t others = 0;                     // candidates of whom only others do
  std::vector<registry::RulingLine> rulings;
};

json::Value to_json(const Told& told) {
  const registry::OpenReview& v = told.review;
  json::Array candidates;
  for (std::size_t i = 0; i < told.evidence.size(); ++i) {
    const intake::Evidence& e = told.evidence[i];
    candidates.push_back(
        json::Object{{"state_id", registry::to_text(e.id)},
                     {"owner", e.owner},
                     {"logit", v.candidates[i].decinats / 10.0},
                     {"explanation", e.met ? link::to_json(e.explanation) : json::Value()}});
  }
  for (const registry::StateId id : told.unexplained)
    candidates.push_back(json::Object{{"state_id", registry::to_text(id)}});
  json::Array said;
  for (const registry::RulingLine& r : told.rulings)
    said.push_back(
        json::Object{{"verdict", registry::name_of(r.verdict)}, {"by", r.who}, {"reason", r.why}});
  return json::Object{{"review", v.review},
                      {"batch", v.batch},
                      {"day", v.day},
                      {"owner", v.owner},
                      {"record", to_hex(v.key)},
                      {"reason", registry::name_of(v.reason)},
                      {"candidates", std::move(candidates)},
                      {"others_candidates", told.others},
                      {"rulings", std::move(said)}};
}

std::string to_text(const Told& told) {
  const registry::OpenReview& v = told.review;
  std::string out = fmt::format("review {}: {}, record {} of {}, batch {}\n", v.review,
                                registry::name_of(v.reason), to_hex(v.key), v.owner, v.batch);
  if (told.evidence.empty() && told.unexplained.empty() && told.others == 0)
    out += "no candidate\n";
  for (std::size_t i = 0; i < told.evidence.size(); ++i) {
    const intake::Evidence& e = told.evidence[i];
    out += fmt::format("candidate {}: logit {:.1f}", registry::to_text(e.id),
                       v.candidates[i].decinats / 10.0);
    out += e.met ? fmt::format(", by a record of {}\n", e.owner) + report::to_lines(e.explanation)
                 : ", and the entries that met have changed since\n";
  }
  for (const registry::StateId id : told.unexplained)
    out += fmt::format("candidate {}: of whom others hold records too; the state explains it\n",
                       registry::to_text(id));
  if (told.others > 0)
    out +=
        fmt::format("{} of whom you hold no record: the state decides\n",
                    told.others == 1 ? "a candidate" : fmt::format("{} candidates", told.others));
  for (const registry::RulingLine& r : told.rulings)
    out += registry::name_of(r.verdict).data() +
           (r.who.empty() ? "\n" : fmt::format(" by {} ({})\n", r.who, r.why));
  return out;
}

std::string page(const Told& told) {
  const registry::OpenReview& v = told.review;
  std::vector<report::Told> charts;
  for (const intake::Evidence& e : told.evidence)
    if (e.met)
      charts.push_back({fmt::format("a record of {} and state ID {}, by a record of {}", v.owner,
                                    registry::to_text(e.id), e.owner),
                        e.explanation});
  return report::to_page(charts,
                         fmt::format("review {}: {}", v.review, registry::name_of(v.reason)));
}

// Takes out what this asker holds no record of, and what would explain others' records.
Result<void> cut(const Pass& pass, registry::Registry& r, Told& told) {
  if (!pass.enforced()) return {};
  std::vector<registry::OpenReview::Candidate> own;
  for (const auto& c : told.review.candidates) {
    TESSERA_TRY(const registry::Resolved at, registry::resolve(r.database(), c.id));
    TESSERA_TRY(const auto held, registry::records_seen(r.database(), at.person, pass.sees()));
    if (held.seen == 0)
      ++told.others;
    else if (held.others > 0)
      told.unexplained.push_back(c.id);
    else
      own.push_back(c);
  }
  told.review.candidates = std::move(own);
  return {};
}

Result<void> write_down(const Pass& pass, Told& told) {
  if (!pass.enforced()) return {};
  const registry::OpenReview& v = told.review;
  const int level = pass.level_for(v.owner, v.population, v.key);
  if (!pass.shows(kAnswer, "rulings.by", level))
    for (registry::RulingLine& r : told.rulings) r.who.clear();
  if (!pass.shows(kAnswer, "rulings.reason", level))
    for (registry::RulingLine& r : told.rulings) r.why.clear();
  access::AccessLog::Shown shown{.fields = pass.log().levels().fields_shown(kAnswer, level),
                                 .rows = 1};
  for (const auto& c : v.candidates) shown.ids.push_back(registry::to_text(c.id));
  for (const registry::StateId id : told.unexplained) shown.ids.push_back(registry::to_text(id));
  return pass.answered(std::move(shown));
}

Result<int> run(const Options& o) {
  TESSERA_TRY(const matchers::Model model, matchers::load_model(o.model));
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, kAnswer));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(auto found, registry::find_review(r, o.review, pass.sees()));
  Told told{std::move(found), {}, {}, 0, {}};
  TESSERA_CHECK(cut(pass, r, told));
  const auto matcher = matchers::fellegi_sunter(model);
  TESSERA_TRY(told.evidence, intake::evidence_of(r, told.review, *matcher));
  TESSERA_TRY(told.rulings, registry::rulings_of(r, o.review));
  TESSERA_CHECK(write_down(pass, told));
  if (!o.html.empty()) TESSERA_CHECK(write_file(o.html, page(told), {.force = o.force}));
  fmt::print("{}", o.json ? json::to_text(to_json(told)) : to_text(told));
  return kDone;
}

}  // namespace
}  // namespace review_show_verb

void add_review_show(CLI::App& group, Action& chosen) {
  using namespace review_show_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand("show", "why a question is asked, field by field");
  verb->add_option("REVIEW", o->review, "its number")->required();
  verb->add_option("--registry", o->registry, "registry")->required();
  o->gate.add_to(*verb);
  verb->add_option("--model", o->model, "model file (default: the shipped model)");
  verb->add_option("--html", o->html, "also write a page with a waterfall for each candidate");
  verb->add_flag("--force", o->force, "replace an existing page");
  verb->add_flag("--json", o->json, "as JSON");
  verb->footer(
      "Example:\n  tessera review show 7 --registry state.db --html why.html\n"
      "Levels and weights (nats) by the model's tables; nobody's name or value. 'prior and data' "
      "is\n"
      "what the pass's prior and the run's own fit added.\n"
      "Exit status: 0 done, 2 usage, 3 io, 4 damaged.");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
