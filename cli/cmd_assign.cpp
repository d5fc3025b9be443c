// tessera assign: a batch of encoded files gets permanent state IDs.
#include <algorithm>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "cli/assign_answer.h"
#include "cli/calendar_option.h"
#include "cli/gate.h"
#include "cli/lost_option.h"
#include "cli/opening_options.h"
#include "cli/random_source.h"
#include "cli/say.h"
#include "cli/today.h"
#include "cli/verb.h"
#include "engine/core/bytes.h"
#include "engine/intake/admit.h"
#include "engine/intake/collection.h"
#include "engine/intake/intake.h"
#include "engine/registry/retention.h"
#include "engine/schema/epoch_span.h"
#include "matchers/fellegi_sunter.h"

namespace tessera::cli {
namespace assign_verb {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string registry;
  std::string out;
  std::string model;
  std::string day;
  CalendarOption calendar;
  LostOption lost;
  bool what_if = false;
  intake::WhatIf trial;
  bool provisional = false;
  bool again = false;
  Gate gate;
  bool force = false;
  SeedOption seed;
  std::shared_ptr<OpeningOptions> sealed = std::make_shared<OpeningOptions>();
};

AnswerFolder folder_of(const Options& o) { return {o.out, o.force}; }

// The stop switch.
Result<intake::Enforced> obey_stops(registry::Registry& registry,
                                    const std::vector<intake::EpochFiles>& batch,
                                    const std::string& day) {
  TESSERA_TRY(const auto rules, registry::collection_rules(registry));
  std::vector<intake::Enforced> by_epoch;
  for (const intake::EpochFiles& e : batch) {
    TESSERA_TRY(intake::Enforced found, intake::enforce_collection(rules, *e.files, day));
    by_epoch.push_back(std::move(found));
  }
  return intake::join(std::move(by_epoch));
}

// What a trial gives: of all records by status, and of those whose person is known today.
struct Tried {
  std::map<std::string, std::uint64_t> statuses{
      {"existing", 0}, {"new", 0}, {"review", 0}, {"conflict", 0}};
  std::uint64_t known = 0;
  std::uint64_t theirs = 0, others = 0, issued = 0, waiting = 0;
  std::uint64_t alone = 0;  // the only record of their person
};
Result<Tried> tally(registry::Registry& registry, const intake::Weighed& now,
                    const intake::Weighed& then) {
  Tried out;
  TESSERA_TRY(auto records, registry.database().prepare("SELECT count(*) FROM (SELECT 1 FROM "
                                                        "record WHERE person = ?1 LIMIT 2)"));
  for (std::size_t i = 0; i < then.decisions.size(); ++i) {
    const registry::Decision& d = then.decisions[i];
    ++out.statuses[std::string(registry::name_of(d.status))];
    const registry::PersonId has = now.question.records[i].known.person;
    if (has == 0) continue;
    ++out.known;
    if (d.status == registry::Status::existing)
      ++(d.person == has ? out.theirs : out.others);
    else
      ++(d.status == registry::Status::new_id ? out.issued : out.waiting);
    TESSERA_TRY(const bool row, records.bind(1, static_cast<std::int64_t>(has)).step());
    out.alone += row && records.integer(0) == 1 ? 1 : 0;
    records.reset();
  }
  return out;
}

// What would become of the files, and of those records that have an ID, whether it would be theirs.
Result<int> try_out(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "assign"));
  TESSERA_TRY(const matchers::Model model, matchers::load_model(o.model));
  const auto progress = progress_bar();
  TESSERA_TRY(const encoded::Opening opening, o.sealed->read());
  TESSERA_TRY(std::vector<link::FileSet> sets, link::FileSet::open_apart(o.files, opening));
  TESSERA_TRY(registry::Registry registry,
              registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(const std::string day, day_of_rules(o.gate, registry));
  TESSERA_TRY(const std::vector<intake::EpochFiles> batch, intake::by_epoch(registry, sets));
  TESSERA_TRY(const intake::Enforced stops, obey_stops(registry, batch, day));
  if (!stops.refused.empty())
    say_warning(fmt::format("{}: 'assign' would refuse it for '{}', whose collection is stopped",
                            stops.refused, stops.because));
  const auto matcher = matchers::fellegi_sunter(model);
  TESSERA_TRY(const intake::Weighed now, intake::weigh(registry, sets, *matcher, *progress));
  TESSERA_TRY(const intake::Weighed then,
              intake::weigh(registry, sets, *matcher, *progress, o.trial));
  TESSERA_TRY(const Tried tried, tally(registry, now, then));
  const auto of = [&](const char* status) { return tried.statuses.at(status); };
  fmt::print("nothing is written; automatic from {}, review from {}{}\n",
             then.question.thresholds.automatic, then.question.thresholds.review,
             o.trial.as_new ? ", record keys as if unknown" : "");
  fmt::print("{} records: {} existing, {} new, {} review, {} conflict\n", then.decisions.size(),
             of("existing"), of("new"), of("review"), of("conflict"));
  fmt::print(
      "of {} that have an ID today: {} would be given it, {} another, {} a new one, {} would "
      "wait\n",
      tried.known, tried.theirs, tried.others, tried.issued, tried.waiting);
  if (o.trial.as_new)
    fmt::print(
        "{} of these are the only record of their person: with its key unknown, nothing "
        "leads to them\n",
        tried.alone);
  return kDone;
}

Result<int> run(Options& o) {
  if (o.what_if) return try_out(o);
  if (o.out.empty()) return Error{ErrorCode::usage, "--out names the folder for the answer", ""};
  if (o.trial.as_new || o.trial.automatic > 0 || o.trial.review > 0)
    return Error{ErrorCode::usage, "--as-new, --automatic and --review go with --what-if", ""};
  if (!o.day.empty() && !is_day(o.day))
    return Error{ErrorCode::usage, "--day is a date: YYYY-MM-DD", ""};
  TESSERA_TRY(const matchers::Model model, matchers::load_model(o.model));
  const auto progress = progress_bar();
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "assign"));
  TESSERA_TRY(const encoded::Opening opening, o.sealed->read());
  TESSERA_TRY(std::vector<link::FileSet> sets, link::FileSet::open_apart(o.files, opening));
  TESSERA_TRY(registry::Registry registry,
              registry::Registry::open(o.registry, registry::Access::write));
  TESSERA_TRY(const std::string day, day_of_rules(o.gate, registry));
  for (const link::FileSet& set : sets) TESSERA_CHECK(o.calendar.obey(set.files(), day));
  TESSERA_CHECK(intake::admit(registry, sets, o.again));
  TESSERA_TRY(const std::vector<intake::EpochFiles> batch, intake::by_epoch(registry, sets));
  TESSERA_TRY(intake::Enforced stops, obey_stops(registry, batch, day));
  if (!stops.refused.empty()) return folder_of(o).refuse(stops);
  const auto matcher = matchers::fellegi_sunter(model);
  TESSERA_TRY(intake::Weighed weighed, intake::weigh(registry, sets, *matcher, *progress));
  // Nothing is made before all of the input was found good.
  TESSERA_CHECK(folder_of(o).prepare());
  TESSERA_CHECK(o.lost.recall(registry));
  weighed.batch.provisional = o.provisional;
  weighed.batch.day = o.day.empty() ? to_text(today()) : o.day;
  warn_if_over(registry.current(), weighed.batch.day);
  const auto random = o.seed.source();
  TESSERA_TRY(const registry::Receipt receipt,
              intake::commit(registry, sets, weighed, *random, *progress));
  Answer answer = answer_of(weighed, receipt);
  const std::vector<intake::Notice> repeated = intake::repeated_ssns(weighed);
  std::vector<intake::Notice>& notices = stops.notices;
  notices.insert(notices.end(), repeated.begin(), repeated.end());
  add_notices(notices, answer);
  json::Value summary = summary_of(weighed, receipt, answer);
  summary.set("stopped", stops_of(stops));
  summary.set("ssn_repeated", static_cast<std::uint64_t>(repeated.size()));
  answer.text["summary.json"] = json::to_text(summary);
  TESSERA_CHECK(folder_of(o).give_out(pass, receipt, answer));
  o.lost.say(receipt);
  warn_of_stops(stops, repeated.size());
  say_outcome(weighed, receipt, answer);
  return answer.statuses["review"] + answer.statuses["conflict"] > 0 ? kAttention : kDone;
}

}  // namespace
}  // namespace assign_verb

void add_assign(CLI::App& root, Action& chosen) {
  using namespace assign_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb =
      root.add_subcommand("assign", "give every record of a batch its person's permanent state ID");
  verb->add_option("FILES", o->files, "encoded files, at most one per owner, population and epoch")
      ->required()
      ->expected(1, 1 << 20);
  verb->add_option("--registry", o->registry, "registry file")->required();
  verb->add_option(
      "--out", o->out,
      "folder for ids.csv, review.csv, decisions.csv, summary.json and a slice per owner");
  o->sealed->add_to(*verb);
  verb->add_option("--model", o->model, "model file (default: the shipped model)");
  o->lost.add_to(*verb);
  o->calendar.add_to(*verb);
  verb->add_flag("--provisional", o->provisional,
                 "records that wait for review get a provisional ID");
  verb->add_flag("--again", o->again, "take sealed files that a batch took before");
  verb->add_flag("--what-if", o->what_if,
                 "write nothing; count what the thresholds below would do");
  verb->add_flag(
      "--as-new", o->trial.as_new,
      "with --what-if: judge records as if their keys were unknown, to replay old batches");
  verb->add_option("--automatic", o->trial.automatic,
                   "with --what-if: probability from which a link needs no person")
      ->check(CLI::Range(0.5, 1.0));
  verb->add_option("--review", o->trial.review,
                   "with --what-if: probability from which a person looks")
      ->check(CLI::Range(0.01, 1.0));
  verb->add_option("--day", o->day,
                   "day of the batch, for the age of its questions (default: today, UTC)");
  verb->add_flag("--force", o->force, "write into a folder that is not empty");
  o->seed.add_to(*verb);
  o->gate.add_to(*verb);
  verb->footer(
      "Example:\n  tessera assign north.tess south.tess --registry state.db --out batch-01\n"
      "Exit status: 0 done, 1 done and some records wait for a person to look, 2 usage, 3 io, 4 "
      "damaged,\n5 a key, 6 refused. With 3 the message says whether the batch is in the registry: "
      "then the same files,\ngiven again, get the same IDs; only claims/OWNER.csv is told once "
      "('tessera id show' has claims).\n"
      "Only the slices (OWNER.csv: record,state_id,status) are for owners; the rest stays with the "
      "linkage unit.\n"
      "claims/OWNER.csv tells an owner that another one now has a student of its own (status "
      "claimed);\n'tessera id split' reverses a claim that was wrong.");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
