// tessera report necessity: what would be decided otherwise if a field were not collected.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "cli/gate.h"
#include "cli/matcher_option.h"
#include "cli/necessity_table.h"
#include "cli/opening_options.h"
#include "cli/report_verbs.h"
#include "cli/say.h"
#include "engine/intake/stored_run.h"
#include "engine/link/files.h"
#include "engine/link/necessity.h"

namespace tessera::cli {
namespace necessity_verb {
namespace {

constexpr std::string_view kVerb = "report necessity";

struct Options {
  std::vector<std::string> files, without;
  std::string registry;
  bool within = false, json = false;
  MatcherOption matcher;
  std::shared_ptr<OpeningOptions> sealed = std::make_shared<OpeningOptions>();
  Gate gate;
};

using Sets = std::vector<std::vector<std::size_t>>;

// Every field by itself, then those named together.
Result<Sets> sets_of(const Options& o, const schema::Schema& schema) {
  Sets out;
  for (std::size_t f = 0; f < schema.fields.size(); ++f) out.push_back({f});
  if (o.without.empty()) return out;
  std::vector<std::size_t> together;
  for (const std::string& name : o.without) {
    const auto at = std::ranges::find(schema.fields, name, &schema::Field::name);
    if (at == schema.fields.end())
      return Error{ErrorCode::usage, fmt::format("the schema has no field {}", name), ""};
    together.push_back(static_cast<std::size_t>(at - schema.fields.begin()));
  }
  out.push_back(std::move(together));
  return out;
}

// Of a registry: pairs told apart by what it has decided of them.
Result<int> of_registry(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, kVerb));
  TESSERA_TRY(const auto matcher, o.matcher.make());
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(const Sets sets, sets_of(o, r.schema()));
  TESSERA_TRY(const intake::StoredRun stored, intake::StoredRun::open(r));
  const auto progress = progress_bar();
  const auto label = [&](std::uint32_t a, std::uint32_t b) -> std::size_t {
    const registry::PersonId x = stored.person(a), y = stored.person(b);
    return x == 0 || y == 0 ? 2 : x == y ? 0 : 1;
  };
  TESSERA_TRY(const auto needs, link::necessity(stored.run(), *matcher, sets, 3, label, *progress));
  TESSERA_TRY(
      AnswerTable table,
      necessity_table(r.schema(), needs, {"one person", "two persons", "undecided"}, *progress));
  TESSERA_CHECK(show_table(pass, kVerb, std::move(table), o.json));
  return kDone;
}

Result<int> of_files(const Options& o) {
  TESSERA_TRY(const auto matcher, o.matcher.make());
  TESSERA_TRY(const encoded::Opening opening, o.sealed->read());
  TESSERA_TRY(link::FileSet files, link::FileSet::open(o.files, opening));
  TESSERA_TRY(const Sets sets, sets_of(o, files.schema()));
  const link::Run run = files.run(o.within ? link::PairRule::everything : link::PairRule::across);
  const auto progress = progress_bar();
  const auto all = [](std::uint32_t, std::uint32_t) -> std::size_t { return 0; };
  TESSERA_TRY(const auto needs, link::necessity(run, *matcher, sets, 1, all, *progress));
  TESSERA_TRY(AnswerTable table, necessity_table(files.schema(), needs, {"all"}, *progress));
  TESSERA_CHECK(show_table(Pass(), kVerb, std::move(table), o.json));
  return kDone;
}

Result<int> run(const Options& o) {
  if (o.registry.empty() == o.files.empty())
    return Error{ErrorCode::usage, "give --registry, or encoded files, and not both", ""};
  return o.registry.empty() ? of_files(o) : of_registry(o);
}

}  // namespace
}  // namespace necessity_verb

void add_report_necessity(CLI::App& group, Action& chosen) {
  using namespace necessity_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand(
      "necessity", "what would be decided otherwise if a field were not collected");
  verb->add_option("FILES", o->files, "encoded files of one project, in place of a registry")
      ->expected(1, 1 << 20);
  verb->add_option("--registry", o->registry, "registry whose stored records are compared");
  verb->add_option("--without", o->without, "one more row: these fields left out together")
      ->delimiter(',');
  verb->add_flag("--within", o->within, "compare records inside a file too");
  verb->add_flag("--json", o->json, "as JSON");
  o->matcher.add_to(*verb);
  o->sealed->add_to(*verb);
  o->gate.add_to(*verb);
  verb->footer(
      "Example:\n  tessera report necessity --registry state.db --without sex,middle\n"
      "Each pair is scored again with the field missing and the passes keyed by it gone. Compares "
      "everything\nonce more for each field. Counts below ten are hidden, and others that would "
      "tell "
      "them. Exit status: 0\ndone, 2 usage, 3 io, 6 refused, 7 no set of hidden counts protects "
      "the "
      "small ones.");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
