// tessera assign: a batch of encoded files gets permanent state IDs.
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "cli/gate.h"
#include "cli/opening_options.h"
#include "cli/random_source.h"
#include "cli/say.h"
#include "cli/today.h"
#include "cli/verb.h"
#include "engine/core/bytes.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/desk/calendar.h"
#include "engine/intake/admit.h"
#include "engine/intake/collection.h"
#include "engine/intake/intake.h"
#include "engine/registry/retention.h"
#include "engine/registry/state_id.h"
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
  std::string calendar;
  bool what_if = false;
  intake::WhatIf trial;
  bool provisional = false;
  bool again = false;
  Gate gate;
  bool force = false;
  SeedOption seed;
  std::shared_ptr<OpeningOptions> sealed = std::make_shared<OpeningOptions>();
};

// The files of an answer, made in memory and written together.
struct Answer {
  std::map<std::string, std::string> text;  // by file name
  std::map<std::string, std::uint64_t> statuses;
  std::map<std::string, std::uint64_t> reasons;
};

std::string id_text(registry::StateId id) {
  return id == 0 ? std::string() : registry::to_text(id);
}

Answer answer_of(const link::FileSet& files, const intake::Weighed& weighed,
                 const registry::Receipt& receipt) {
  Answer a;
  std::string& ids = a.text["ids.csv"] = "owner,record,state_id,status,probability\n";
  std::string& review = a.text["review.csv"] = "owner,record,reason,probability,suspects,weight\n";
  std::string& decisions = a.text["decisions.csv"] =
      "owner,record,state_id,status,probability,decided_by,reason\n";
  for (const auto& file : files.files())
    a.text[file.header().owner + ".csv"] = "record,state_id,status\n";
  for (std::size_t i = 0; i < receipt.issued.size(); ++i) {
    const registry::Issued& e = receipt.issued[i];
    const registry::Decision& d = weighed.decisions[i];
    const std::string& owner = weighed.question.owners[weighed.question.records[i].owner];
    const std::string key = to_hex(weighed.batch.records[i].key);
    const std::string id = id_text(e.id);
    const std::string_view status = registry::name_of(e.status);
    const std::string probability = fmt::format("{:.6f}", e.probability);
    csv::append_row(ids, {owner, key, id, status, probability});
    csv::append_row(decisions, {owner, key, id, status, probability,
                                weighed.decided_by_score[i] != 0 ? "score" : "record key",
                                registry::name_of(e.reason)});
    csv::append_row(a.text[owner + ".csv"], {key, id, status});
    if (e.status == registry::Status::review || e.status == registry::Status::conflict)
      csv::append_row(
          review,
          {owner, key, registry::name_of(e.reason), probability,
           fmt::format("{}", d.suspects.size()),
           d.suspects.empty() ? "" : fmt::format("{:.1f}", d.suspects.front().decinats / 10.0)});
    ++a.statuses[std::string(status)];
    if (e.reason != registry::Reason::none) ++a.reasons[std::string(registry::name_of(e.reason))];
  }
  for (const registry::ClaimNotice& n : receipt.notices) {
    std::string& told = a.text["claims/" + n.owner + ".csv"];
    if (told.empty()) told = "record,state_id,status\n";
    csv::append_row(told, {to_hex(n.key), registry::to_text(n.id), "claimed"});
  }
  return a;
}

// What owners are told about SSNs they sent: a table for us, and one for each owner.
void add_notices(const std::vector<intake::Notice>& notices, Answer& a) {
  if (notices.empty()) return;
  std::string& all = a.text["notices.csv"] = "owner,record,notice\n";
  for (const intake::Notice& n : notices) {
    const std::string key = to_hex(n.record);
    csv::append_row(all, {n.owner, key, n.text});
    std::string& own = a.text[n.owner + ".notices.csv"];
    if (own.empty()) own = "record,notice\n";
    csv::append_row(own, {key, n.text});
  }
}

json::Value summary_of(const intake::Weighed& weighed, const registry::Receipt& receipt,
                       const Answer& answer) {
  json::Object statuses;
  for (const char* s : {"existing", "new", "review", "conflict"}) {
    const auto it = answer.statuses.find(s);
    statuses.emplace_back(s, it == answer.statuses.end() ? std::uint64_t{0} : it->second);
  }
  json::Object reasons;
  for (const auto& [name, n] : answer.reasons) reasons.emplace_back(name, n);
  json::Array notes;
  for (const std::string& n : weighed.fit.notes) notes.emplace_back(n);
  return json::Object{{"batch", receipt.batch},
                      {"records", std::uint64_t{receipt.issued.size()}},
                      {"statuses", std::move(statuses)},
                      {"reasons", std::move(reasons)},
                      {"ids_issued", receipt.ids_issued},
                      {"claims", receipt.claims},
                      {"reviews_opened", receipt.reviews_opened},
                      {"alarms", receipt.alarms},
                      {"pairs_compared", weighed.compared},
                      {"automatic_threshold", weighed.question.thresholds.automatic},
                      {"review_threshold", weighed.question.thresholds.review},
                      {"chain", json::Object{{"seq", static_cast<std::int64_t>(receipt.head.seq)},
                                             {"hash", to_hex(receipt.head.hash)},
                                             {"signature", to_hex(receipt.signature)}}},
                      {"notes", std::move(notes)}};
}

Result<void> make_folder(const std::string& path) {
  std::error_code ec;
  std::filesystem::create_directories(path, ec);
  if (ec) return Error{ErrorCode::io, "cannot make this folder: " + ec.message(), path};
  return {};
}

Result<void> prepare_folder(const Options& o) {
  std::error_code ec;
  if (std::filesystem::exists(o.out, ec) && !o.force) {
    if (!std::filesystem::is_directory(o.out, ec) || !std::filesystem::is_empty(o.out, ec))
      return Error{ErrorCode::usage,
                   "already exists and is not an empty folder; give --force to write into it",
                   o.out};
  }
  return make_folder(o.out);
}

// Claims first: they are told once, while the same files given again bring back all else.
Result<void> write_all(const Options& o, const Answer& answer) {
  for (const bool claims : {true, false})
    for (const auto& [name, text] : answer.text)
      if (name.starts_with("claims/") == claims)
        TESSERA_CHECK(write_file(o.out + "/" + name, text, {.force = o.force, .mode = 0640}));
  return {};
}

// By which stops and last days are judged: a clock that has gone back makes none of them undone.
Result<std::string> day_of_rules(const Options& o, registry::Registry& registry) {
  TESSERA_TRY(const std::string newest, registry::newest_day(registry));
  const std::string today = access::day_of(o.gate.now());
  if (newest > today)
    say_warning(
        fmt::format("this machine's clock says {}, and the newest batch is of {}: SSNs are "
                    "taken by the rules of the later day",
                    today, newest));
  return std::max(today, newest);
}

// No file under a dictionary whose last day is past, where the state gave its calendar (R44).
Result<void> obey_calendar(const Options& o, const std::vector<link::FileSet>& sets,
                           const std::string& day) {
  if (o.calendar.empty()) return {};
  TESSERA_TRY(const std::string text, read_file(o.calendar));
  TESSERA_TRY(const desk::Calendar calendar, desk::read_calendar(text, o.calendar));
  for (const link::FileSet& set : sets)
    for (const auto& file : set.files())
      TESSERA_CHECK(
          desk::require_in_force(calendar, to_hex(file.header().schema_digest), day, file.path()));
  return {};
}

// The stop switch. A refused file stops the batch; its owner still gets the notices. Every record
// stands in the newest epoch's files, so those name all that there is to say.
Result<std::vector<intake::Notice>> obey_stops(const Options& o, registry::Registry& registry,
                                               const std::vector<intake::EpochFiles>& batch,
                                               const std::string& day) {
  TESSERA_TRY(const auto rules, registry::collection_rules(registry));
  intake::Enforced found = intake::enforce_collection(rules, *batch.front().files, day);
  for (std::size_t e = 1; e < batch.size(); ++e) {
    const intake::Enforced older = intake::enforce_collection(rules, *batch[e].files, day);
    if (found.refused.empty()) found.refused = older.refused;
  }
  if (found.refused.empty()) return std::move(found.notices);
  Answer answer;
  add_notices(found.notices, answer);
  TESSERA_CHECK(prepare_folder(o));
  TESSERA_CHECK(write_all(o, answer));
  return Error{
      ErrorCode::conflict,
      fmt::format("carries {} SSNs, and their collection is stopped: nothing was taken in; "
                  "notices.csv names the records; encode again without the column",
                  found.notices.size()),
      found.refused};
}

void warn_if_over(const registry::Epoch& current, const std::string& day) {
  const auto span = schema::epoch_span(current.name);
  if (span && day > span->last)
    say_warning(
        fmt::format("the years of epoch {} are over; open the next one with 'tessera "
                    "registry epoch add'",
                    current.name));
}

access::AccessLog::Shown shown_of(const registry::Receipt& receipt) {
  access::AccessLog::Shown shown;
  shown.fields = {"owner",      "record", "state_id", "status", "probability",
                  "decided_by", "reason", "suspects", "weight", "notice"};
  shown.rows = static_cast<std::int64_t>(receipt.issued.size());
  shown.batch = receipt.batch;
  shown.head = fmt::format("{} {}", receipt.head.seq, to_hex(receipt.head.hash));
  return shown;
}

// After the commit, what fails takes nothing back, and the same files get the same IDs again.
Result<void> give_out(const Options& o, const Pass& pass, const registry::Receipt& receipt,
                      const Answer& answer) {
  const auto given = [&]() -> Result<void> {
    TESSERA_CHECK(pass.answered(shown_of(receipt)));
    if (!receipt.notices.empty()) TESSERA_CHECK(make_folder(o.out + "/claims"));
    return write_all(o, answer);
  }();
  if (given) return {};
  return Error{
      ErrorCode::io,
      fmt::format("{}; batch {} is in the registry all the same: give the same files again "
                  "with another --out, sealed ones with --again, and every record gets "
                  "the ID that it has now",
                  given.error().what, receipt.batch),
      given.error().where};
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
  const auto matcher = matchers::fellegi_sunter(model);
  TESSERA_TRY(const intake::Weighed now, intake::weigh(registry, sets, *matcher, *progress));
  TESSERA_TRY(const intake::Weighed then,
              intake::weigh(registry, sets, *matcher, *progress, o.trial));
  std::map<std::string, std::uint64_t> statuses;
  std::uint64_t theirs = 0;
  std::uint64_t others = 0;
  for (std::size_t i = 0; i < then.decisions.size(); ++i) {
    const registry::Decision& d = then.decisions[i];
    ++statuses[std::string(registry::name_of(d.status))];
    const registry::PersonId has = now.question.records[i].known.person;
    if (d.status != registry::Status::existing || has == 0) continue;
    ++(d.person == has ? theirs : others);
  }
  fmt::print("nothing is written; automatic from {}, review from {}{}\n",
             then.question.thresholds.automatic, then.question.thresholds.review,
             o.trial.as_new ? ", record keys as if unknown" : "");
  fmt::print("{} records: {} existing, {} new, {} review, {} conflict\n", then.decisions.size(),
             statuses["existing"], statuses["new"], statuses["review"], statuses["conflict"]);
  fmt::print("of those that have an ID today: {} would be given it, {} another\n", theirs, others);
  return kDone;
}

void say_outcome(const intake::Weighed& weighed, const registry::Receipt& receipt, Answer& answer) {
  for (const std::string& note : weighed.fit.notes) say_warning(note);
  fmt::print("batch {}: {} records: {} existing, {} new, {} review, {} conflict; {} IDs issued\n",
             receipt.batch, receipt.issued.size(), answer.statuses["existing"],
             answer.statuses["new"], answer.statuses["review"], answer.statuses["conflict"],
             receipt.ids_issued);
  fmt::print("chain: event {} {}\n", receipt.head.seq, to_hex(receipt.head.hash));
  fmt::print("signature: {}\n", to_hex(receipt.signature));
}

Result<int> run(const Options& o) {
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
  TESSERA_TRY(const std::string day, day_of_rules(o, registry));
  TESSERA_CHECK(obey_calendar(o, sets, day));
  TESSERA_CHECK(intake::admit(registry, sets, o.again));
  TESSERA_TRY(const std::vector<intake::EpochFiles> batch, intake::by_epoch(registry, sets));
  TESSERA_TRY(std::vector<intake::Notice> notices, obey_stops(o, registry, batch, day));
  const auto matcher = matchers::fellegi_sunter(model);
  TESSERA_TRY(intake::Weighed weighed, intake::weigh(registry, sets, *matcher, *progress));
  // Nothing is made before all of the input was found good.
  TESSERA_CHECK(prepare_folder(o));
  weighed.batch.provisional = o.provisional;
  weighed.batch.day = o.day.empty() ? to_text(today()) : o.day;
  warn_if_over(registry.current(), weighed.batch.day);
  const auto random = o.seed.source();
  TESSERA_TRY(const registry::Receipt receipt,
              intake::commit(registry, sets, weighed, *random, *progress));
  const link::FileSet& files = *batch.front().files;  // what is answered: every record stands here
  Answer answer = answer_of(files, weighed, receipt);
  const std::vector<intake::Notice> repeated = intake::repeated_ssns(files, weighed);
  const std::uint64_t stopped = notices.size();
  notices.insert(notices.end(), repeated.begin(), repeated.end());
  add_notices(notices, answer);
  json::Value summary = summary_of(weighed, receipt, answer);
  summary.set("ssn_stopped", stopped);
  summary.set("ssn_repeated", static_cast<std::uint64_t>(repeated.size()));
  answer.text["summary.json"] = json::to_text(summary);
  TESSERA_CHECK(give_out(o, pass, receipt, answer));
  if (!notices.empty())
    say_warning(fmt::format("{} SSNs stopped, {} sent again: OWNER.notices.csv is for the owner",
                            stopped, repeated.size()));
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
  verb->add_option("--calendar", o->calendar,
                   "data calendar: files under a dictionary whose last day is past are refused");
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
