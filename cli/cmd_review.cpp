// tessera review list: the records that wait for a person to look.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "cli/gate.h"
#include "cli/group.h"
#include "cli/review_verbs.h"
#include "cli/say.h"
#include "cli/today.h"
#include "engine/core/csv.h"
#include "engine/core/json.h"
#include "engine/registry/history.h"

namespace tessera::cli {
namespace review_verb {
namespace {

struct Options {
  std::string registry;
  std::string owner;
  std::string reason;
  std::string before;
  std::size_t most = 1000;
  std::int64_t after = 0;
  bool json = false;
  Gate gate;
};

std::string id_text(registry::StateId id) { return id == 0 ? "" : registry::to_text(id); }

json::Value to_json(const registry::OpenReview& v) {
  json::Array candidates;
  for (const auto& c : v.candidates)
    candidates.push_back(json::Object{{"state_id", id_text(c.id)}, {"logit", c.decinats / 10.0}});
  return json::Object{{"review", v.review},
                      {"batch", v.batch},
                      {"day", v.day},
                      {"owner", v.owner},
                      {"record", to_hex(v.key)},
                      {"reason", registry::name_of(v.reason)},
                      {"provisional_id", id_text(v.provisional)},
                      {"rulings", v.rulings},
                      {"candidates", std::move(candidates)}};
}

void print_rows(const std::vector<registry::OpenReview>& reviews) {
  std::string out;
  csv::append_row(
      out, {"review", "batch", "day", "owner", "record", "reason", "provisional_id", "candidates"});
  for (const auto& v : reviews) {
    std::string candidates;
    for (const auto& c : v.candidates)
      candidates += fmt::format("{}{}:{:.1f}", candidates.empty() ? "" : " ", id_text(c.id),
                                c.decinats / 10.0);
    csv::append_row(
        out, {std::to_string(v.review), std::to_string(v.batch), v.day, v.owner, to_hex(v.key),
              registry::name_of(v.reason), id_text(v.provisional), candidates});
  }
  fmt::print("{}", out);
}

// Leaves the fields of this asker's level, and writes down what is shown.
Result<void> cut(const Pass& pass, std::vector<registry::OpenReview>& reviews) {
  if (!pass.enforced()) return {};
  access::AccessLog::Shown shown;
  int most = 0;
  for (registry::OpenReview& v : reviews) {
    const int level = pass.level_for(v.owner, v.population, v.key);
    most = most == 0 ? level : std::min(most, level);
    if (!pass.shows("review list", "candidates", level)) v.candidates.clear();
    if (v.provisional != 0) shown.ids.push_back(registry::to_text(v.provisional));
    for (const auto& c : v.candidates) shown.ids.push_back(id_text(c.id));
  }
  if (most != 0) shown.fields = pass.log().levels().fields_shown("review list", most);
  shown.rows = static_cast<std::int64_t>(reviews.size());
  return pass.answered(std::move(shown));
}

void print_page(const registry::ReviewPage& page, bool as_json) {
  const std::int64_t last = page.reviews.empty() ? 0 : page.reviews.back().review;
  if (!as_json) {
    print_rows(page.reviews);
    if (page.more > 0) say_note(fmt::format("{} more: --after {}", page.more, last));
    return;
  }
  json::Array all;
  for (const auto& v : page.reviews) all.push_back(to_json(v));
  fmt::print("{}", json::to_text(json::Object{
                       {"reviews", std::move(all)},
                       {"more", page.more},
                       {"next_after", page.more > 0 ? json::Value(last) : json::Value()}}));
}

Result<int> list(const Options& o) {
  std::optional<registry::Reason> reason;
  if (!o.reason.empty()) {
    registry::Reason named{};
    if (!registry::reason_named(o.reason, named))
      return Error{ErrorCode::usage,
                   "--reason is none of the reasons that 'tessera review list --help' names", ""};
    reason = named;
  }
  TESSERA_CHECK(require_day(o.before, "--before"));
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "review list", {o.owner}));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(
      registry::ReviewPage page,
      registry::page_of_reviews(r, {o.owner, reason, o.before, 0, o.after}, o.most, pass.sees()));
  TESSERA_CHECK(cut(pass, page.reviews));
  print_page(page, o.json);
  return kDone;
}

}  // namespace
}  // namespace review_verb

void add_review(CLI::App& root, Action& chosen) {
  using namespace review_verb;
  CLI::App* group = add_group(root, "review", "records that wait for a person to look",
                              "tessera review list --registry state.db");
  auto o = std::make_shared<Options>();
  CLI::App* verb =
      group->add_subcommand("list", "open questions with their candidate IDs, best first, as CSV");
  verb->add_option("--registry", o->registry, "registry")->required();
  verb->add_option("--owner", o->owner, "of this owner only");
  std::string reasons;
  for (std::uint8_t i = 1; !registry::name_of(registry::Reason{i}).empty(); ++i) {
    reasons += fmt::format("{}'{}'", i > 1 ? ", " : "", registry::name_of(registry::Reason{i}));
    if (registry::Reason{i} == registry::Reason::many_names) break;
  }
  verb->add_option("--reason", o->reason, "for this reason only: " + reasons);
  verb->add_option("--before", o->before, "opened before this day only: YYYY-MM-DD");
  verb->add_option("--limit", o->most, "most questions to show; how many more wait is said")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  verb->add_option("--after", o->after, "those opened after this one: the next page");
  verb->add_flag("--json", o->json, "as JSON");
  o->gate.add_to(*verb);
  verb->footer(
      "Example:\n  tessera review list --registry state.db --reason 'near match'\n"
      "Exit status: 0 done, also where nothing waits; 2 usage, 3 io, 4 damaged.");
  verb->callback([&chosen, o] { chosen = [o] { return list(*o); }; });
  add_review_show(*group, chosen);
  add_review_decide(*group, chosen);
  add_review_anomalies(*group, chosen);
}

}  // namespace tessera::cli
