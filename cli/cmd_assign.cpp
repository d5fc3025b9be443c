// tessera assign: a batch of encoded files gets permanent state IDs.
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "cli/random_source.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/core/bytes.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/intake/intake.h"
#include "engine/registry/state_id.h"
#include "matchers/fellegi_sunter.h"

namespace tessera::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string registry;
  std::string out;
  std::string model;
  bool provisional = false;
  bool force = false;
  SeedOption seed;
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
  return a;
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
                                             {"hash", to_hex(receipt.head.hash)}}},
                      {"notes", std::move(notes)}};
}

Result<void> prepare_folder(const Options& o) {
  std::error_code ec;
  if (std::filesystem::exists(o.out, ec) && !o.force) {
    if (!std::filesystem::is_directory(o.out, ec) || !std::filesystem::is_empty(o.out, ec))
      return Error{ErrorCode::usage,
                   "already exists and is not an empty folder; give --force to write into it",
                   o.out};
  }
  std::filesystem::create_directories(o.out, ec);
  if (ec) return Error{ErrorCode::io, "cannot make this folder: " + ec.message(), o.out};
  return {};
}

Result<int> run(const Options& o) {
  TESSERA_TRY(const matchers::Model model, matchers::load_model(o.model));
  const auto progress = progress_bar();
  TESSERA_TRY(link::FileSet files, link::FileSet::open(o.files));
  TESSERA_CHECK(prepare_folder(o));
  TESSERA_TRY(registry::Registry registry,
              registry::Registry::open(o.registry, registry::Access::write));
  const auto matcher = matchers::fellegi_sunter(model);
  TESSERA_TRY(intake::Weighed weighed, intake::weigh(registry, files, *matcher, *progress));
  weighed.batch.provisional = o.provisional;
  const auto random = o.seed.source();
  TESSERA_TRY(const registry::Receipt receipt,
              intake::commit(registry, files, weighed, *random, *progress));
  Answer answer = answer_of(files, weighed, receipt);
  answer.text["summary.json"] = json::to_text(summary_of(weighed, receipt, answer));
  for (const auto& [name, text] : answer.text)
    TESSERA_CHECK(write_file(o.out + "/" + name, text, {.force = o.force, .mode = 0640}));
  for (const std::string& note : weighed.fit.notes) say_warning(note);
  fmt::print("batch {}: {} records: {} existing, {} new, {} review, {} conflict; {} IDs issued\n",
             receipt.batch, receipt.issued.size(), answer.statuses["existing"],
             answer.statuses["new"], answer.statuses["review"], answer.statuses["conflict"],
             receipt.ids_issued);
  fmt::print("chain: event {} {}\n", receipt.head.seq, to_hex(receipt.head.hash));
  return answer.statuses["review"] + answer.statuses["conflict"] > 0 ? kAttention : kDone;
}

}  // namespace

void add_assign(CLI::App& root, Action& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* verb =
      root.add_subcommand("assign", "give every record of a batch its person's permanent state ID");
  verb->add_option("FILES", o->files, "encoded files, at most one per owner and population")
      ->required()
      ->expected(1, 1 << 20);
  verb->add_option("--registry", o->registry, "registry file")->required();
  verb->add_option(
          "--out", o->out,
          "folder for ids.csv, review.csv, decisions.csv, summary.json and a slice per owner")
      ->required();
  verb->add_option("--model", o->model, "model file (default: the shipped model)");
  verb->add_flag("--provisional", o->provisional,
                 "records that wait for review get a provisional ID");
  verb->add_flag("--force", o->force, "write into a folder that is not empty");
  o->seed.add_to(*verb);
  verb->footer(
      "Example:\n  tessera assign north.tess south.tess --registry state.db --out batch-01\n"
      "Exit status 1: done, and some records wait for a person to look.\n"
      "Only the slices (OWNER.csv: record,state_id,status) are for owners; the rest stays with the "
      "linkage unit.");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
