// tessera schema check: block sizes, and what a stolen credential would open.
#include <memory>

#include <fmt/format.h>

#include "cli/name_tables.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/core/bytes.h"
#include "engine/lab/schema_check.h"

namespace tessera::cli {
namespace schema_check_verb {
namespace {

struct Options {
  std::string schema;
  lab::CheckOptions check;
  int years = 13;
  std::string names;
  bool as_json = false;
};

double percent(double share) { return 100 * share; }

json::Value to_json(const lab::PassCheck& p) {
  return json::Object{{"name", p.name},
                      {"key", p.key},
                      {"blocks", p.blocks},
                      {"blocks_in_use", p.sizes.in_use},
                      {"mean_size", p.sizes.mean},
                      {"size_biased_mean", p.sizes.size_biased},
                      {"alone", p.sizes.alone},
                      {"in_2_to_4", p.sizes.to_4},
                      {"in_5_to_9", p.sizes.to_9},
                      {"in_10_and_over", p.sizes.more},
                      {"mean_tags", p.tags},
                      {"quota", p.quota},
                      {"heaviest", p.heaviest},
                      {"opened_by_quota", p.opened},
                      {"opened_at_most", p.at_most},
                      {"opened_by_own_seeds", p.own_seeds},
                      {"refused", p.refused}};
}

void print_json(const Options& o, const schema::Schema& s, const lab::SchemaCheck& done) {
  json::Array passes;
  for (const lab::PassCheck& p : done.passes) passes.push_back(to_json(p));
  fmt::print("{}", json::to_text(json::Object{
                       {"schema", s.name},
                       {"digest", to_hex(schema::digest(s))},
                       {"trusted_unit", s.trusted_unit},
                       {"population", o.check.people},
                       {"birth_years", o.years},
                       {"enrolment", o.check.enrolment},
                       {"passes", std::move(passes)},
                       {"any_pass", json::Object{{"sample", done.sample},
                                                 {"opened_by_quota", done.opened},
                                                 {"opened_by_own_seeds", done.own_seeds},
                                                 {"opened_by_both", done.both}}},
                       {"refused", done.refused()}}));
}

void print_text(const Options& o, const schema::Schema& s, const lab::SchemaCheck& done) {
  fmt::print("schema      {}\npopulation  {} people of {} birth years; one owner has {}\n\n",
             s.name, o.check.people, o.years, o.check.enrolment);
  fmt::print("{:<16} {:>8} {:>8} {:>8} {:>8} {:>6} {:>6} {:>6} {:>6}\n", "pass", "blocks", "in use",
             "mean", "shared", "alone", "2-4", "5-9", "10+");
  for (const lab::PassCheck& p : done.passes)
    fmt::print(
        "{:<16} {:>8.2g} {:>8.2g} {:>8.1f} {:>8.1f} {:>5.0f}% {:>5.0f}% {:>5.0f}% {:>5.0f}%\n",
        p.name, p.blocks, p.sizes.in_use, p.sizes.mean, p.sizes.size_biased, percent(p.sizes.alone),
        percent(p.sizes.to_4), percent(p.sizes.to_9), percent(p.sizes.more));
  fmt::print("\n{:<16} {:>8} {:>8} {:>8} {:>8} {:>10}\n", "pass", "tags", "quota", "opened",
             "at most", "own seeds");
  for (const lab::PassCheck& p : done.passes)
    fmt::print("{:<16} {:>8.2f} {:>8} {:>7.1f}% {:>7.1f}% {:>9.1f}%\n", p.name, p.tags, p.quota,
               percent(p.opened), percent(p.at_most), percent(p.own_seeds));
  fmt::print("{:<16} {:>8} {:>8} {:>7.1f}% {:>8} {:>9.1f}%   both: {:.1f}%\n", "any of them", "",
             "", percent(done.opened), "", percent(done.own_seeds), percent(done.both));
}

// What would make a pass's blocks smaller.
std::string_view remedy(const lab::PassCheck& p) {
  const bool names = p.key.find("phonetic") != std::string::npos;
  if (!names) return "add phonetic() of a name to its key";
  if (p.key.find('|') != std::string::npos)
    return "read one name or an unordered pair (first&last) in its key, not either";
  if (p.key.find("year") != std::string::npos && p.key.find("month") == std::string::npos)
    return "add the birth month to its key";
  if (p.key.find("day") != std::string::npos) return "add the birth year to its key";
  return "add a further part to its key, such as the birth date";
}

// Says what is wrong with each pass; true if the schema is refused.
bool say_findings(const schema::Schema& s, const lab::SchemaCheck& done) {
  for (const lab::PassCheck& p : done.passes) {
    if (p.sizes.size_biased > lab::kLargeBlock)
      say_warning(
          fmt::format("pass {}: an entry shares its block with {:.0f} others on average; over "
                      "{:.0f} makes linking slow and the blocks' structure telling",
                      p.name, p.sizes.size_biased - 1, lab::kLargeBlock));
    if (p.blocks < lab::kSmallDomain)
      say_warning(
          fmt::format("pass {}: its key has {:.2g} values; below {:.0e} a guesser can try them all",
                      p.name, p.blocks, lab::kSmallDomain));
    const std::string opened = fmt::format(
        "pass {}: the {} heaviest blocks, an owner's quota, hold {:.1f} % of all entries, more "
        "than {:.0f} %",
        p.name, p.quota, percent(p.opened), percent(lab::kMostOpened));
    if (p.refused)
      say_error({ErrorCode::conflict,
                 fmt::format("{}; {}, or say trusted_unit if no key service is to protect it",
                             opened, remedy(p)),
                 s.name});
    else if (p.opened > lab::kMostOpened)
      say_warning(opened + "; allowed, as the schema says trusted_unit");
  }
  return done.refused();
}

Result<int> run(const Options& o) {
  TESSERA_TRY(const schema::Schema s, schema::load(o.schema));
  TESSERA_TRY(const std::string folder, names_folder(o.names));
  TESSERA_TRY(const lab::NameTables names, lab::NameTables::load(folder));
  const lab::PublicPeople people(names, lab::Rates{}, o.years);
  auto bar = progress_bar();
  TESSERA_TRY(const lab::SchemaCheck done, lab::check_schema(s, people, o.check, *bar));
  bar.reset();
  if (o.as_json)
    print_json(o, s, done);
  else
    print_text(o, s, done);
  std::fflush(stdout);  // before what is said on standard error
  return say_findings(s, done) ? kConflict : kDone;
}

}  // namespace
}  // namespace schema_check_verb

void add_schema_check(CLI::App& group, Action& chosen) {
  using namespace schema_check_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb =
      group.add_subcommand("check", "compute block sizes, and what a stolen credential opens");
  verb->add_option("SCHEMA", o->schema, "name or file")->required();
  verb->add_option("--population", o->check.people, "people in the state")
      ->check(CLI::Range(std::uint64_t{2}, std::uint64_t{1000000000}))
      ->capture_default_str();
  verb->add_option("--years", o->years, "birth years they spread over")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  verb->add_option("--enrolment", o->check.enrolment,
                   "people of the owner whose credential is stolen")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{10000000}))
      ->capture_default_str();
  verb->add_option("--names", o->names, "folder of the name tables");
  verb->add_flag("--json", o->as_json, "for programs");
  verb->footer(
      "Example:\n  tessera schema check schema.json --population 1000000\n\n"
      "Public name tables only; no record is read. docs/schemas.md explains the figures.\n"
      "Exit status: 0 done, perhaps with warnings; 2 usage; 3 io; 4 a schema or name table is "
      "broken;\n"
      "6 refused: a quota opens more than 10 % of a pass, and the schema does not say "
      "trusted_unit.");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
