// tessera schema adapt: a key that grows where names are common.
#include <memory>

#include "cli/name_tables.h"
#include "cli/verb.h"
#include "engine/core/file.h"
#include "engine/lab/adapt.h"

namespace tessera::cli {
namespace schema_adapt_verb {
namespace {

struct Options {
  std::string schema;
  lab::AdaptOptions adapt;
  int years = 13;
  std::string names;
  std::string output = "-";
  bool force = false;
};

Result<int> run(const Options& o) {
  TESSERA_TRY(const schema::Schema s, schema::load(o.schema));
  TESSERA_TRY(const std::string folder, names_folder(o.names));
  TESSERA_TRY(const lab::NameTables names, lab::NameTables::load(folder));
  const lab::PublicPeople people(names, lab::Rates{}, o.years);
  TESSERA_TRY(const schema::Schema adapted, lab::adapt(s, o.adapt, people));
  TESSERA_CHECK(write_file(o.output, json::to_text(schema::to_json(adapted)), {.force = o.force}));
  return kDone;
}

}  // namespace
}  // namespace schema_adapt_verb

void add_schema_adapt(CLI::App& group, Action& chosen) {
  using namespace schema_adapt_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand("adapt", "make a pass ask more of common names");
  verb->add_option("SCHEMA", o->schema, "name or file")->required();
  verb->add_option("--pass", o->adapt.pass, "whose key grows; it has a pair of names")->required();
  verb->add_option("--add", o->adapt.add, "part of a date that it grows by")->capture_default_str();
  verb->add_option("--population", o->adapt.people, "people in the state")
      ->check(CLI::Range(std::uint64_t{2}, std::uint64_t{1000000000}))
      ->capture_default_str();
  verb->add_option("--expected", o->adapt.expected,
                   "names are common where more than so many people are expected in a block")
      ->check(CLI::Range(0.001, 1000.0))
      ->capture_default_str();
  verb->add_option("--years", o->years, "birth years they spread over")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  verb->add_option("--names", o->names, "folder of the name tables");
  verb->add_option("-o,--output", o->output, "file to write (default: standard output)");
  verb->add_flag("--force", o->force, "replace an existing file");
  verb->footer(
      "Example:\n  tessera schema adapt mine.json --pass names_year --population 600000 "
      "-o schema.json\n\n"
      "Public name tables only; no record is read. The schema then lists which names are common.\n"
      "Exit status: 0 done; 2 usage; 3 io; 4 a schema or name table is broken.");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
