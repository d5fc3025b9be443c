// tessera id alias: what a person is called in another system of the state.
#include <memory>

#include <fmt/format.h>

#include "cli/gate.h"
#include "cli/group.h"
#include "cli/id_verbs.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/core/json.h"
#include "engine/registry/aliases.h"

namespace tessera::cli {
namespace id_alias_verb {
namespace {

struct Options {
  std::string registry;
  std::string id;
  std::string system;
  std::string alias;
  std::string csv;
  std::string who;
  bool json = false;
  Gate gate;
};

// state_id,alias under a header line. `lines`: where each stands.
Result<std::vector<registry::Alias>> read_aliases(const Options& o,
                                                  std::vector<std::string>& lines) {
  TESSERA_TRY(const std::string text, read_file(o.csv));
  TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, o.csv));
  TESSERA_TRY(const auto at, reader.require({"state_id", "alias"}));
  std::vector<registry::Alias> out;
  csv::Row row;
  for (;;) {
    TESSERA_TRY(const bool more, reader.next(row));
    if (!more) return out;
    const auto id = registry::parse_state_id(row[at[0]]);
    if (!id) return Error{ErrorCode::format, "column state_id: " + id.error().what, reader.where()};
    out.push_back({o.system, std::string(row[at[1]]), *id});
    lines.push_back(reader.where());
  }
}

Result<int> add(const Options& o) {
  std::vector<registry::Alias> aliases;
  std::vector<std::string> lines;
  if (o.csv.empty() == o.id.empty())
    return Error{ErrorCode::usage, "give a state ID and --alias, or --csv, not both", ""};
  if (!o.csv.empty()) {
    TESSERA_TRY(aliases, read_aliases(o, lines));
  } else {
    TESSERA_TRY(const registry::StateId id, registry::parse_state_id(o.id));
    aliases.push_back({o.system, o.alias, id});
  }
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "id alias"));
  TESSERA_TRY(const std::string by, pass.author(o.who));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::write));
  auto added = registry::add_aliases(r, aliases, by);
  if (!added) {
    // "alias N" becomes the line of the table.
    Error e = added.error();
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (e.where == fmt::format("alias {}", i + 1)) {
        e.where = lines[i];
        break;
      }
    return e;
  }
  fmt::print("{} aliases of {} added, {} known before\n", *added, o.system,
             aliases.size() - *added);
  return kDone;
}

Result<int> remove(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "id alias"));
  TESSERA_TRY(const std::string by, pass.author(o.who));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::write));
  TESSERA_CHECK(registry::remove_alias(r, o.system, o.alias, by));
  fmt::print("removed\n");
  return kDone;
}

Result<int> list(const Options& o) {
  registry::StateId id = 0;
  if (!o.id.empty()) {
    TESSERA_TRY(id, registry::parse_state_id(o.id));
  }
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "id alias"));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(const auto aliases, registry::list_aliases(r, id, o.system));
  access::AccessLog::Shown shown{.fields = {"alias", "state_id", "system"},
                                 .rows = static_cast<std::int64_t>(aliases.size())};
  for (const registry::Alias& a : aliases) shown.ids.push_back(registry::to_text(a.id));
  TESSERA_CHECK(pass.answered(std::move(shown)));
  if (o.json) {
    json::Array all;
    for (const registry::Alias& a : aliases)
      all.push_back(json::Object{
          {"system", a.system}, {"alias", a.alias}, {"state_id", registry::to_text(a.id)}});
    fmt::print("{}", json::to_text(json::Object{{"aliases", std::move(all)}}));
    return kDone;
  }
  std::string out;
  csv::append_row(out, {"system", "alias", "state_id"});
  for (const registry::Alias& a : aliases)
    csv::append_row(out, {a.system, a.alias, registry::to_text(a.id)});
  fmt::print("{}", out);
  return kDone;
}

}  // namespace
}  // namespace id_alias_verb

void add_id_alias(CLI::App& group, Action& chosen) {
  using namespace id_alias_verb;
  CLI::App* alias = add_group(
      group, "alias", "IDs of other systems of the state, such as special education or migrant",
      "tessera id alias list --registry state.db");
  auto a = std::make_shared<Options>();
  CLI::App* verb = alias->add_subcommand("add", "give a state ID its name in another system");
  verb->add_option("ID", a->id, "state ID");
  verb->add_option("--system", a->system, "lower-case name of the system")->required();
  verb->add_option("--alias", a->alias, "the system's own number");
  verb->add_option("--csv", a->csv,
                   "table with the columns state_id and alias, in place of one ID");
  verb->add_option("--registry", a->registry, "registry")->required();
  a->gate.add_to(*verb);
  verb->add_option("--by", a->who, "who says so (default: who is signed in)");
  verb->footer(
      "Example:\n  tessera id alias add 1234567894 --system migrant --alias M-10442 --registry "
      "state.db --by ana\n"
      "An alias of one system names one person only. All of a table, or nothing.\n"
      "Exit status: 0 done, 2 usage, 3 io, 4 format, 6 an alias is another person's.");
  verb->callback([&chosen, a] { chosen = [a] { return add(*a); }; });
  auto d = std::make_shared<Options>();
  verb = alias->add_subcommand("remove", "take an alias away");
  verb->add_option("--system", d->system, "the system")->required();
  verb->add_option("--alias", d->alias, "its number")->required();
  verb->add_option("--registry", d->registry, "registry")->required();
  d->gate.add_to(*verb);
  verb->add_option("--by", d->who, "who says so (default: who is signed in)");
  verb->footer(
      "Example:\n  tessera id alias remove --system migrant --alias M-10442 --registry state.db "
      "--by ana");
  verb->callback([&chosen, d] { chosen = [d] { return remove(*d); }; });
  auto l = std::make_shared<Options>();
  verb = alias->add_subcommand("list", "aliases of an ID, or of all, as CSV");
  verb->add_option("ID", l->id, "of this ID only; a retired one resolves");
  verb->add_option("--system", l->system, "of this system only");
  verb->add_option("--registry", l->registry, "registry")->required();
  l->gate.add_to(*verb);
  verb->add_flag("--json", l->json, "as JSON");
  verb->footer("Example:\n  tessera id alias list --system migrant --registry state.db");
  verb->callback([&chosen, l] { chosen = [l] { return list(*l); }; });
}

}  // namespace tessera::cli
