// tessera review show: why a question is asked, field by field, without anyone's name.
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "cli/review_verbs.h"
#include "cli/say.h"
#include "engine/core/bytes.h"
#include "engine/core/file.h"
#include "engine/core/json.h"
#include "engine/intake/evidence.h"
#include "engine/registry/rulings.h"
#include "matchers/waterfall.h"

namespace tessera::cli {
namespace {

struct Options {
  std::string registry;
  std::int64_t review = 0;
  std::string model;
  std::string html;
  bool json = false;
  bool force = false;
};

struct Shown {
  intake::Evidence evidence;
  std::string pass;
  std::vector<matchers::FieldStep> steps;
  double running() const { return steps.empty() ? 0 : steps.back().running; }
  double logit() const { return evidence.decinats / 10.0; }
};

double probability(double logit) { return 1 / (1 + std::exp(-logit)); }

json::Value to_json(const registry::OpenReview& v, const std::vector<Shown>& shown,
                    const std::vector<registry::RulingLine>& rulings, const schema::Schema& s) {
  json::Array candidates;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const Shown& c = shown[i];
    json::Array fields;
    for (const matchers::FieldStep& step : c.steps)
      fields.push_back(json::Object{{"field", s.fields[step.field].name},
                                    {"level", step.level},
                                    {"weight", step.weight},
                                    {"running", step.running}});
    json::Value candidate = json::Object{{"state_id", registry::to_text(c.evidence.id)},
                                         {"owner", c.evidence.owner},
                                         {"logit", c.logit()},
                                         {"probability", probability(c.logit())},
                                         {"pass", c.pass},
                                         {"fields", std::move(fields)}};
    if (c.evidence.met) candidate.set("prior_and_data", c.logit() - c.running());
    if (i + 1 < shown.size()) candidate.set("ahead_of_next", c.logit() - shown[i + 1].logit());
    candidates.push_back(std::move(candidate));
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

std::string to_text(const registry::OpenReview& v, const std::vector<Shown>& shown,
                    const std::vector<registry::RulingLine>& rulings, const schema::Schema& s) {
  std::string out = fmt::format("review {}: {}, record {} of {}, batch {}\n", v.review,
                                registry::name_of(v.reason), to_hex(v.key), v.owner, v.batch);
  if (shown.empty()) out += "no candidate\n";
  for (const Shown& c : shown) {
    out += fmt::format("candidate {}: logit {:.1f}, alone a probability of {:.4f}\n",
                       registry::to_text(c.evidence.id), c.logit(), probability(c.logit()));
    if (!c.evidence.met) {
      out += "  the entries that met have changed since\n";
      continue;
    }
    out += fmt::format("  met in pass {}, with a record of {}\n", c.pass, c.evidence.owner);
    for (const matchers::FieldStep& step : c.steps)
      out += fmt::format("  {:<16} {:<14} {:>+7.2f} {:>8.2f}\n", s.fields[step.field].name,
                         step.level, step.weight, step.running);
    out += fmt::format("  {:<16} {:<14} {:>+7.2f} {:>8.2f}\n", "prior and data", "",
                       c.logit() - c.running(), c.logit());
  }
  for (const registry::RulingLine& r : rulings)
    out += fmt::format("{} by {} ({})\n", registry::name_of(r.verdict), r.who, r.why);
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

// One bar per field, from where the sum stood to where it stands after; a table says the same.
std::string chart(const Shown& c, const schema::Schema& s) {
  double low = std::min(0.0, c.logit());
  double high = std::max(0.0, c.logit());
  for (const matchers::FieldStep& step : c.steps) {
    low = std::min(low, step.running);
    high = std::max(high, step.running);
  }
  const double scale = 400 / std::max(1.0, high - low);
  std::string rows;
  std::string bars;
  double from = 0;
  double y = 4;
  const auto bar = [&](std::string_view name, std::string_view level, double weight, double to) {
    const double left = 150 + (std::min(from, to) - low) * scale;
    bars += fmt::format(
        "<text x=\"0\" y=\"{:.0f}\">{}</text><rect x=\"{:.1f}\" y=\"{:.0f}\" width=\"{:.1f}\" "
        "height=\"14\" class=\"{}\"/>\n",
        y + 12, escaped(name), left, y, std::max(1.0, std::abs(to - from) * scale),
        weight < 0 ? "against" : "for");
    rows += fmt::format("<tr><td>{}<td>{}<td>{:+.2f}<td>{:.2f}</tr>\n", escaped(name),
                        escaped(level), weight, to);
    from = to;
    y += 20;
  };
  for (const matchers::FieldStep& step : c.steps)
    bar(s.fields[step.field].name, step.level, step.weight, step.running);
  bar("prior and data", "", c.logit() - c.running(), c.logit());
  return fmt::format(
      "<h2>candidate {}</h2>\n<p>Logit {:.1f}; alone a probability of {:.4f}; met in pass "
      "{}.</p>\n<svg viewBox=\"0 0 560 {:.0f}\" role=\"img\" aria-label=\"weight by "
      "field\">\n{}</svg>\n<table><tr><th>field<th>level<th>weight<th>sum</tr>\n{}</table>\n",
      registry::to_text(c.evidence.id), c.logit(), probability(c.logit()), escaped(c.pass), y, bars,
      rows);
}

std::string page(const registry::OpenReview& v, const std::vector<Shown>& shown,
                 const schema::Schema& s) {
  std::string body;
  for (const Shown& c : shown)
    if (c.evidence.met) body += chart(c, s);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n<meta "
      "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n<title>review {0}</title>\n<style>body{{font:16px sans-serif;max-width:"
      "40em;margin:2em auto}}svg{{width:100%}}text{{font-size:12px}}.for{{fill:#2a7}}.against{{"
      "fill:#c53}}td,th{{padding:.1em .8em;text-align:left}}</style>\n<h1>review {0}: {1}</h1>\n"
      "<p>A record of {2}. Levels and weights only: this page holds nobody's "
      "name.</p>\n{3}</html>\n",
      v.review, registry::name_of(v.reason), escaped(v.owner), body);
}

Result<int> run(const Options& o) {
  TESSERA_TRY(const matchers::Model model, matchers::load_model(o.model));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  registry::ReviewFilter filter;
  filter.review = o.review;
  TESSERA_TRY(const auto found, registry::open_reviews(r, filter));
  if (o.review <= 0 || found.empty())
    return Error{ErrorCode::usage, "no question has this number; see 'tessera review list'", ""};
  const auto steps = [&](std::size_t pass, const link::Comparator& c, std::uint32_t pattern) {
    return matchers::waterfall(model, r.schema(), pass, c, pattern);
  };
  TESSERA_TRY(
      const auto evidence,
      intake::evidence_of(r, found[0],
                          [&](std::size_t pass, const link::Comparator& c, std::uint32_t pattern) {
                            const auto made = steps(pass, c, pattern);
                            return made && !made->empty() ? made->back().running : -1e9;
                          }));
  std::vector<Shown> shown;
  for (const intake::Evidence& e : evidence) {
    Shown& one = shown.emplace_back();
    one.evidence = e;
    if (!e.met) continue;
    one.pass = r.schema().passes[e.pass].name;
    const link::Comparator comparator(r.schema(), e.pass, e.tokens);
    TESSERA_TRY(one.steps, steps(e.pass, comparator, e.pattern));
  }
  TESSERA_TRY(const auto rulings, registry::rulings_of(r, o.review));
  if (!o.html.empty())
    TESSERA_CHECK(write_file(o.html, page(found[0], shown, r.schema()), {.force = o.force}));
  if (o.json)
    fmt::print("{}", json::to_text(to_json(found[0], shown, rulings, r.schema())));
  else
    fmt::print("{}", to_text(found[0], shown, rulings, r.schema()));
  return kDone;
}

}  // namespace

void add_review_show(CLI::App& group, Action& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand("show", "why a question is asked, field by field");
  verb->add_option("REVIEW", o->review, "its number")->required();
  verb->add_option("--registry", o->registry, "registry")->required();
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
