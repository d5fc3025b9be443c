// tessera id show: what the registry knows of one state ID. No names: it has none.
#include <memory>

#include <fmt/format.h>

#include "cli/gate.h"
#include "cli/group.h"
#include "cli/id_verbs.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/core/json.h"
#include "engine/registry/history.h"

namespace tessera::cli {
namespace id_verb {
namespace {

struct Options {
  std::string id;
  std::string registry;
  bool json = false;
  Gate gate;
};

// The least level that covers a record of the person, or 0: for this asker the ID does not exist.
Result<int> level_of(const Pass& pass, registry::Registry& r, const registry::IdCard& card) {
  if (!pass.enforced()) return 1;
  const access::People people = people_of(card.space);
  TESSERA_TRY(auto s, r.database().prepare("SELECT o.name, r.key FROM record r JOIN owner o ON "
                                           "o.id = r.owner WHERE r.person = ?1"));
  s.bind(1, static_cast<std::int64_t>(card.person));
  int best = 0;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return best;
    const int level = pass.level_for(s.text(0), people, to_hex(s.blob(1)));
    if (level != 0 && (best == 0 || level < best)) best = level;
  }
}

// What a level does not see is left out; of other owners level 2 and 3 see nothing at all.
void cut(const Pass& pass, int level, registry::IdCard& card) {
  if (level == 1 || !pass.enforced()) return;
  const access::People people = people_of(card.space);
  const auto own = [&](std::string_view owner) { return pass.level_for(owner, people) != 0; };
  std::erase_if(card.records, [&](const auto& r) { return !own(r.owner); });
  std::erase_if(card.history, [&](const auto& h) {
    for (const std::string_view before : {"record of ", "claimed by "})
      if (h.what.starts_with(before)) {
        const std::string_view rest = std::string_view(h.what).substr(before.size());
        return !own(rest.substr(0, rest.find(' ')));
      }
    return false;
  });
  if (!pass.shows("id show", "linked", level)) card.linked = 0;
  if (!pass.shows("id show", "aliases", level)) card.aliases.clear();
  if (!pass.shows("id show", "changes", level)) card.changes.clear();
  if (!pass.shows("id show", "records", level)) card.records.clear();
  if (!pass.shows("id show", "history", level)) card.history.clear();
  if (!pass.shows("id show", "open_reviews", level)) card.open_reviews = 0;
}

json::Value to_json(const registry::IdCard& card) {
  json::Array records;
  for (const auto& r : card.records)
    records.push_back(json::Object{{"owner", r.owner}, {"records", r.records}});
  json::Array history;
  for (const auto& h : card.history)
    history.push_back(json::Object{{"event", h.event}, {"batch", h.batch}, {"what", h.what}});
  json::Array aliases;
  for (const auto& a : card.aliases)
    aliases.push_back(json::Object{{"system", a.system}, {"alias", a.alias}});
  json::Array changes;
  for (const auto& c : card.changes) changes.push_back(change_json(c));
  return json::Object{{"state_id", registry::to_text(card.id)},
                      {"space", registry::name_of(card.space)},
                      {"state", card.state},
                      {"resolves_to", registry::to_text(card.survivor)},
                      {"records", std::move(records)},
                      {"open_reviews", card.open_reviews},
                      {"linked", card.linked == 0 ? std::string() : registry::to_text(card.linked)},
                      {"aliases", std::move(aliases)},
                      {"changes", std::move(changes)},
                      {"history", std::move(history)}};
}

Result<int> show(const Options& o) {
  TESSERA_TRY(const registry::StateId id, registry::parse_state_id(o.id));
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "id show"));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(auto card, registry::find_id(r, id));
  int level = 0;
  if (card) {
    TESSERA_TRY(level, level_of(pass, r, *card));
  }
  if (level != 0) cut(pass, level, *card);
  access::AccessLog::Shown shown;
  if (pass.enforced() && level != 0) {
    shown.fields = pass.log().levels().fields_shown("id show", level);
    shown.ids = {registry::to_text(card->id)};
    shown.rows = 1;
  }
  TESSERA_CHECK(pass.answered(std::move(shown)));
  if (level == 0) {
    say_note("no such state ID was ever issued here");
    return kAttention;
  }
  if (o.json) {
    fmt::print("{}", json::to_text(to_json(*card)));
    return kDone;
  }
  fmt::print("{}: {}, {}\n", registry::to_text(card->id), registry::name_of(card->space),
             card->state);
  if (card->survivor != card->id) fmt::print("resolves to {}\n", registry::to_text(card->survivor));
  for (const auto& records : card->records)
    fmt::print("{}: {} record{}\n", records.owner, records.records,
               records.records == 1 ? "" : "s");
  if (card->open_reviews > 0) fmt::print("open reviews: {}\n", card->open_reviews);
  if (card->linked != 0) fmt::print("linked to {}\n", registry::to_text(card->linked));
  for (const auto& a : card->aliases) fmt::print("alias in {}: {}\n", a.system, a.alias);
  for (const auto& c : card->changes) fmt::print("{}\n", change_text(c));
  for (const auto& h : card->history)
    fmt::print("batch {}, event {}: {}\n", h.batch, h.event, h.what);
  return kDone;
}

}  // namespace
}  // namespace id_verb

void add_id(CLI::App& root, Action& chosen) {
  using namespace id_verb;
  CLI::App* group = add_group(root, "id", "look a state ID up, or change it as a person decides",
                              "tessera id changes --registry state.db");
  auto o = std::make_shared<Options>();
  CLI::App* verb = group->add_subcommand(
      "show", "status, owners and history of a state ID; a retired one resolves");
  verb->add_option("ID", o->id, "ten digits; blanks and hyphens are skipped")->required();
  verb->add_option("--registry", o->registry, "registry")->required();
  verb->add_flag("--json", o->json, "as JSON");
  o->gate.add_to(*verb);
  verb->footer(
      "Example:\n  tessera id show 1234567894 --registry state.db\n"
      "Exit status: 0 found, 1 never issued here, 2 no possible ID (length or check digit).");
  verb->callback([&chosen, o] { chosen = [o] { return show(*o); }; });
  add_id_alias(*group, chosen);
  add_id_changes(*group, chosen);
}

}  // namespace tessera::cli
