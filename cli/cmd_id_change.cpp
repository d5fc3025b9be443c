// tessera id merge, split, retire, archive, link, undo, changes: what a person does to state IDs.
#include <memory>

#include <fmt/format.h>

#include "cli/certificate.h"
#include "cli/gate.h"
#include "cli/id_verbs.h"
#include "cli/lost_option.h"
#include "cli/random_source.h"
#include "cli/say.h"
#include "engine/core/bytes.h"
#include "engine/core/json.h"
#include "engine/registry/id_changes.h"

namespace tessera::cli {
namespace id_change_verb {
namespace {

struct Options {
  std::string registry;
  std::string a, b;
  std::string owner;
  std::vector<std::string> records;
  std::int64_t change = 0;
  registry::Author author;
  bool despite_different = false;
  bool json = false;
  Gate gate;
  LostOption lost;
  SeedOption seed;
};

using Do = Result<registry::Made> (*)(registry::Registry&, const Options&, const registry::Author&);

Result<int> run(const Options& o, std::string_view what, Do act) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "id change"));
  TESSERA_TRY(const std::string by, pass.author(o.author.who));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::write));
  TESSERA_TRY(const registry::Made made, act(r, o, {by, o.author.why}));
  TESSERA_CHECK(pass.answered({.fields = {"state_id"},
                               .ids = {registry::to_text(made.id)},
                               .rows = 1,
                               .head = head_text(made.head)}));
  if (o.json) {
    fmt::print(
        "{}",
        json::to_text(json::Object{
            {"change", made.change},
            {"state_id", registry::to_text(made.id)},
            {"records_moved", std::uint64_t{made.records}},
            {"chain", json::Object{{"seq", made.head.seq}, {"hash", to_hex(made.head.hash)}}}}));
    return kDone;
  }
  fmt::print("change {}: {} {}", made.change, what, registry::to_text(made.id));
  if (made.records > 0)
    fmt::print(", {} record{} moved", made.records, made.records == 1 ? "" : "s");
  fmt::print("\nchain: event {} {}\n", made.head.seq, to_hex(made.head.hash));
  return kDone;
}

Result<registry::Made> merge(registry::Registry& r, const Options& o, const registry::Author& by) {
  TESSERA_TRY(const registry::StateId from, registry::parse_state_id(o.a));
  TESSERA_TRY(const registry::StateId into, registry::parse_state_id(o.b));
  return registry::merge_ids(r, from, into, by, o.despite_different);
}

Result<registry::Made> split(registry::Registry& r, const Options& o, const registry::Author& by) {
  TESSERA_TRY(const registry::StateId id, registry::parse_state_id(o.a));
  std::vector<encoded::RecordKey> keys;
  for (const std::string& text : o.records) {
    const auto bytes = from_hex(text);
    if (!bytes || bytes->size() != encoded::RecordKey{}.size())
      return Error{ErrorCode::usage, "--record is a record key of 32 hex digits", ""};
    std::copy(bytes->begin(), bytes->end(), keys.emplace_back().begin());
  }
  TESSERA_CHECK(o.lost.recall(r));
  const auto random = o.seed.source();
  return registry::split_id(r, id, o.owner, keys, by, *random);
}

Result<registry::Made> retire(registry::Registry& r, const Options& o, const registry::Author& by) {
  TESSERA_TRY(const registry::StateId id, registry::parse_state_id(o.a));
  return registry::retire_id(r, id, by);
}

Result<registry::Made> archive(registry::Registry& r, const Options& o,
                               const registry::Author& by) {
  TESSERA_TRY(const registry::StateId id, registry::parse_state_id(o.a));
  return registry::archive_id(r, id, by);
}

Result<registry::Made> link(registry::Registry& r, const Options& o, const registry::Author& by) {
  TESSERA_TRY(const registry::StateId student, registry::parse_state_id(o.a));
  TESSERA_TRY(const registry::StateId staff, registry::parse_state_id(o.b));
  return registry::link_ids(r, student, staff, by);
}

Result<registry::Made> undo(registry::Registry& r, const Options& o, const registry::Author& by) {
  return registry::undo_change(r, o.change, by);
}

Result<int> list(const Options& o) {
  registry::StateId id = 0;
  if (!o.a.empty()) {
    TESSERA_TRY(id, registry::parse_state_id(o.a));
  }
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "id change"));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(const auto changes, registry::changes_of(r, id));
  access::AccessLog::Shown shown{.fields = {"change", "kind", "state_id", "other", "by", "reason"},
                                 .rows = static_cast<std::int64_t>(changes.size())};
  for (const registry::ChangeLine& c : changes)
    for (const registry::StateId of : {c.a, c.b})
      if (of != 0) shown.ids.push_back(registry::to_text(of));
  TESSERA_CHECK(pass.answered(std::move(shown)));
  if (o.json) {
    json::Array all;
    for (const registry::ChangeLine& c : changes) all.push_back(change_json(c));
    fmt::print("{}", json::to_text(json::Object{{"changes", std::move(all)}}));
    return kDone;
  }
  for (const registry::ChangeLine& c : changes) fmt::print("{}\n", change_text(c));
  return kDone;
}

CLI::App* add(CLI::App& group, const char* name, const char* help,
              const std::shared_ptr<Options>& o) {
  CLI::App* verb = group.add_subcommand(name, help);
  verb->add_option("--registry", o->registry, "registry")->required();
  o->gate.add_to(*verb);
  return verb;
}

void add_author(CLI::App& verb, const std::shared_ptr<Options>& o) {
  verb.add_option("--by", o->author.who, "who decides (default: who is signed in)");
  verb.add_option("--reason", o->author.why, "why: a case number, never a name; it stays for ever")
      ->required();
  verb.add_flag("--json", o->json, "as JSON");
}

}  // namespace
}  // namespace id_change_verb

json::Value change_json(const registry::ChangeLine& c) {
  using namespace id_change_verb;
  return json::Object{{"change", c.change},
                      {"kind", registry::name_of(c.kind)},
                      {"state_id", registry::to_text(c.a)},
                      {"other", c.b == 0 ? std::string() : registry::to_text(c.b)},
                      {"by", c.who},
                      {"reason", c.why},
                      {"undone", c.undone},
                      {"undone_by", c.undone_who},
                      {"undone_reason", c.undone_why}};
}

std::string change_text(const registry::ChangeLine& c) {
  using namespace id_change_verb;
  std::string out =
      fmt::format("change {}: {} {}", c.change, registry::name_of(c.kind), registry::to_text(c.a));
  if (c.b != 0) out += fmt::format(" -> {}", registry::to_text(c.b));
  out += fmt::format(", by {} ({})", c.who, c.why);
  if (c.undone) out += fmt::format("; undone by {} ({})", c.undone_who, c.undone_why);
  return out;
}

void add_id_changes(CLI::App& group, Action& chosen) {
  using namespace id_change_verb;
  constexpr std::string_view kStatus =
      "\nExit status: 0 done, 2 usage, 3 io, 4 damaged, 6 what the IDs' states do not allow.";
  const auto end = [&](CLI::App* verb, const std::shared_ptr<Options>& o, std::string example,
                       std::string_view what, Do act) {
    add_author(*verb, o);
    verb->footer("Example:\n  tessera id " + example + std::string(kStatus));
    verb->callback(
        [&chosen, o, what, act] { chosen = [o, what, act] { return run(*o, what, act); }; });
  };
  auto m = std::make_shared<Options>();
  CLI::App* verb =
      add(group, "merge", "one person had two IDs: the first retires into the second", m);
  verb->add_option("FROM", m->a, "the ID that retires")->required();
  verb->add_option("INTO", m->b, "the ID that stays")->required();
  verb->add_flag("--despite-different", m->despite_different,
                 "although a person decided that the two are different");
  end(verb, m, "merge 1234567894 1987654322 --registry state.db --by ana --reason case-17",
      "merged into", merge);
  auto s = std::make_shared<Options>();
  verb = add(group, "split", "one ID held two persons: an owner's records leave for a new ID", s);
  verb->add_option("ID", s->a, "the ID that they leave")->required();
  verb->add_option("--owner", s->owner, "whose records leave")->required();
  verb->add_option("--record", s->records, "only those with these record keys");
  s->lost.add_to(*verb);
  s->seed.add_to(*verb);
  end(verb, s, "split 1234567894 --owner south --registry state.db --by ana --reason case-18",
      "split off", split);
  auto r = std::make_shared<Options>();
  verb = add(group, "retire", "an ID issued in error goes out of use", r);
  verb->add_option("ID", r->a, "the ID")->required();
  end(verb, r, "retire 1234567894 --registry state.db --by ana --reason case-19", "retired",
      retire);
  auto a = std::make_shared<Options>();
  verb = add(group, "archive", "a person has left school; found again whenever they return", a);
  verb->add_option("ID", a->a, "the ID")->required();
  end(verb, a, "archive 1234567894 --registry state.db --by ana --reason left-2026", "archived",
      archive);
  auto l = std::make_shared<Options>();
  verb = add(group, "link", "one human being with a student ID and a staff ID", l);
  verb->add_option("STUDENT", l->a, "the student ID")->required();
  verb->add_option("STAFF", l->b, "the staff ID")->required();
  end(verb, l, "link 1234567894 1987654322 --registry state.db --by ana --reason hired-2026",
      "linked to", link);
  auto u = std::make_shared<Options>();
  verb = add(group, "undo", "take a merge, split, retirement, archiving or link back", u);
  verb->add_option("CHANGE", u->change, "its number, as 'tessera id changes' lists it")->required();
  end(verb, u, "undo 3 --registry state.db --by ana --reason case-17-reopened", "undone for", undo);
  auto c = std::make_shared<Options>();
  verb = add(group, "changes", "merges, splits and the like, oldest first", c);
  verb->add_option("ID", c->a, "of this ID only");
  verb->add_flag("--json", c->json, "as JSON");
  verb->footer(
      "Example:\n  tessera id changes 1234567894 --registry state.db\n"
      "Exit status: 0 done, also where there are none; 2 usage, 3 io, 4 damaged.");
  verb->callback([&chosen, c] { chosen = [c] { return list(*c); }; });
}

}  // namespace tessera::cli
