// tessera synth: a synthetic state with its truth, or a pair of rosters.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "cli/name_tables.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/core/file.h"
#include "engine/lab/synth.h"

namespace tessera::cli {
namespace synth_verb {
namespace {

struct Flags {
  lab::Shape shape;
  std::uint32_t districts = 0;
  std::uint32_t pair = 0;
  double overlap = 0.5;
  double ssn_share = -1;
  std::string noise = "default";
  std::string only;
  std::string names;
  std::string out;
  bool no_one_roster = false;
  bool rates = false;
  bool force = false;
};

void print_rates() {
  fmt::print("| group | rate | value | of what |\n|---|---|---|---|\n");
  for (const lab::RateLine& line : lab::rate_lines())
    fmt::print("| {} | {} | {} | {} |\n", line.group, line.name, line.value, line.what);
}

Result<int> run_pair(const Flags& flags, double factor) {
  lab::PairOptions options;
  options.people = flags.pair;
  options.overlap = flags.overlap;
  options.seed = flags.shape.seed;
  options.noise = factor;
  options.ssn_share = std::max(0.0, flags.ssn_share);
  options.out = flags.out;
  options.force = flags.force;
  TESSERA_TRY(options.names, names_folder(flags.names));
  const auto bar = progress_bar();
  TESSERA_TRY(const lab::SynthSummary made, lab::write_pair(options, *bar));
  say_note(fmt::format("two rosters of {} people, {} in both", options.people,
                       2ULL * options.people - made.people));
  return kDone;
}

Result<int> run_state(const Flags& flags, double factor) {
  lab::SynthOptions options;
  options.shape = flags.shape;
  options.shape.districts = flags.districts > 0
                                ? flags.districts
                                : std::clamp<std::uint32_t>(flags.shape.students / 3000, 4, 2000);
  options.shape.colleges = std::clamp<std::uint32_t>(options.shape.districts / 10, 1, 60);
  if (flags.only == "october") options.shape.nights = 0;
  options.noise = factor;
  if (flags.ssn_share >= 0) options.ssn_share = flags.ssn_share;
  options.one_roster = !flags.no_one_roster;
  options.out = flags.out;
  options.force = flags.force;
  TESSERA_TRY(options.names, names_folder(flags.names));
  const auto bar = progress_bar();
  TESSERA_TRY(const lab::SynthSummary made, lab::write_state(options, *bar));
  say_note(fmt::format("{} local IDs, {} roster lines in {} files", made.local_ids, made.rows,
                       made.files));
  return kDone;
}

Result<int> run(const Flags& flags) {
  if (flags.rates) {
    print_rates();
    return kDone;
  }
  if (flags.out.empty()) return Error{ErrorCode::usage, "say where to write: -o DIR", ""};
  const double factor = flags.noise == "clean" ? 0.0 : flags.noise == "harsh" ? 3.0 : 1.0;
  return flags.pair > 0 ? run_pair(flags, factor) : run_state(flags, factor);
}

}  // namespace
}  // namespace synth_verb

void add_synth(CLI::App& root, Action& chosen) {
  using namespace synth_verb;
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = root.add_subcommand("synth", "make a synthetic state, with its truth");
  verb->group("laboratory");
  verb->add_option("--students", flags->shape.students, "enrolled in year 1, about")
      ->check(CLI::Range(1U, 50000000U))
      ->capture_default_str();
  verb->add_option("--years", flags->shape.years, "school years")
      ->check(CLI::Range(1U, 20U))
      ->capture_default_str();
  verb->add_option("--districts", flags->districts, "default: one for 3,000 students, at least 4")
      ->check(CLI::Range(1U, 5000U));
  verb->add_option("--nights", flags->shape.nights, "nightly deltas in a year")
      ->check(CLI::Range(0U, 60U))
      ->capture_default_str();
  verb->add_option("--only", flags->only, "october: no nights")->check(CLI::IsMember({"october"}));
  verb->add_option("--seed", flags->shape.seed, "same seed, same bytes")->capture_default_str();
  verb->add_option("--ssn-share", flags->ssn_share,
                   "share of K-12 records with an SSN; 0 = no SSN column (default: the table's)")
      ->check(CLI::Range(0.0, 1.0));
  verb->add_option("--noise", flags->noise,
                   "factor on the error rates: clean 0, default 1, harsh 3")
      ->check(CLI::IsMember({"clean", "default", "harsh"}))
      ->capture_default_str();
  verb->add_flag("--no-oneroster", flags->no_one_roster,
                 "the last district delivers CSV too, not OneRoster folders");
  verb->add_option("--pair", flags->pair, "only two rosters, a.csv and b.csv, of so many people");
  verb->add_option("--overlap", flags->overlap, "with --pair: share of people in both")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  verb->add_option("--names", flags->names, "folder of the name tables");
  verb->add_option("-o,--out", flags->out, "folder to make");
  verb->add_flag("--rates", flags->rates, "print the table of rates and stop");
  verb->add_flag("--force", flags->force, "replace a folder that synth made earlier");
  verb->footer(
      "Example:\n  tessera synth --students 200000 --years 3 --seed 7 -o state\n"
      "  tessera synth --pair 1000000 --overlap 0.5 -o pair\n\n"
      "Nobody in it is real. docs/synthetic-state.md describes the folder.\n"
      "Exit status: 0 done, 2 usage, 3 io, 4 a name table is broken.");
  verb->callback([flags, &chosen] { chosen = [flags] { return run(*flags); }; });
}

}  // namespace tessera::cli
