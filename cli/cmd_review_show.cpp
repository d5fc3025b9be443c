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

struct Options {
  std::string registry;
  std::int64_t review = 0;
  std::string model;
  std::string html;
  bool json = false;
  Gate gate;
  bool force = false;
};

json::Value to_json(const registry::OpenReview& v, const std::vector<intake::Evidence>& evidence,
                    const std::vector<registry::RulingLine>& rulings) {
  json::Array candidates;
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    const intake::Evidence& e = evidence[i];
    candidates.push_back(
        json::Object{{"state_id", registry::to_text(e.id)},
                     {"owner", e.owner},
                     {"logit", v.candidates[i].decinats / 10.0},
                     {"explanation", e.met ? link::to_json(e.explanation) : json::Value()}});
  }
  json::Array said;
  for (const registry::RulingLine& r : rulings)
    said.push_back(
        json::Object{{"verdict", registry::name_of(r.verdict)}, {"by", r.who}, {"reason", r.why}});
  return json::Object{{"review", v.review},
                      {"batch", v.batch},
                      {"day", v.day},
                      {"owner", v.owner},
                      {"record", to_hex(v.key)},
                      {"reason", registry::name_of(v.reason)},
                      {"candidates", std::move(candidates)},
                      {"rulings", std::move(said)}};
}

std::string to_text(const registry::OpenReview& v, const std::vector<intake::Evidence>& evidence,
                    const std::vector<registry::RulingLine>& rulings) {
  std::string out = fmt::format("review {}: {}, record {} of {}, batch {}\n", v.review,
                                registry::name_of(v.reason), to_hex(v.key), v.owner, v.batch);
  if (evidence.empty()) out += "no candidate\n";
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    const intake::Evidence& e = evidence[i];
    out += fmt::format("candidate {}: logit {:.1f}", registry::to_text(e.id),
                       v.candidates[i].decinats / 10.0);
    out += e.met ? fmt::format(", by a record of {}\n", e.owner) + report::to_lines(e.explanation)
                 : ", and the entries that met have changed since\n";
  }
  for (const registry::RulingLine& r : rulings)
    out += fmt::format("{} by {} ({})\n", registry::name_of(r.verdict), r.who, r.why);
  return out;
}

std::string page(const registry::OpenReview& v, const std::vector<intake::Evidence>& evidence) {
  std::vector<report::Told> told;
  for (const intake::Evidence& e : evidence)
    if (e.met)
      told.push_back({fmt::format("a record of {} and state ID {}, by a record of {}", v.owner,
                                  registry::to_text(e.id), e.owner),
                      e.explanation});
  return report::to_page(told, fmt::format("review {}: {}", v.review, registry::name_of(v.reason)));
}

Result<int> run(const Options& o) {
  TESSERA_TRY(const matchers::Model model, matchers::load_model(o.model));
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "review show"));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  registry::ReviewFilter filter;
  filter.review = o.review;
  TESSERA_TRY(const auto found, registry::open_reviews(r, filter));
  if (o.review <= 0 || found.empty())
    return Error{ErrorCode::usage, "no question has this number; see 'tessera review list'", ""};
  const auto matcher = matchers::fellegi_sunter(model);
  TESSERA_TRY(const auto evidence, intake::evidence_of(r, found[0], *matcher));
  TESSERA_TRY(const auto rulings, registry::rulings_of(r, o.review));
  if (!o.html.empty())
    TESSERA_CHECK(write_file(o.html, page(found[0], evidence), {.force = o.force}));
  fmt::print("{}", o.json ? json::to_text(to_json(found[0], evidence, rulings))
                          : to_text(found[0], evidence, rulings));
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
