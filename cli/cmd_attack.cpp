// tessera attack: the laboratory. Attacks a schema's encodings, and the control that must break.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <stdlib.h>

#include <fmt/format.h>

#include "cli/attack_verb.h"
#include "cli/name_tables.h"
#include "cli/say.h"
#include "engine/attack/laboratory.h"
#include "engine/core/bytes.h"

namespace tessera::cli {
namespace attack_verb {
namespace {

constexpr int kControlStands = 8;  // the attack could not break the weak encoding

struct Options {
  std::string schema = "default";
  std::string names;
  std::string sizes = "small";
  std::uint32_t people = 0;
  double overlap = -1;
  attack::Plan plan;
  bool no_control = false;
  bool as_json = false;
};

// A folder for what an attack keeps while it runs; gone with it.
class WorkFolder {
 public:
  WorkFolder() {
    std::error_code none;
    path_ = (std::filesystem::temp_directory_path(none) / "tessera-attack-XXXXXX").string();
    if (mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  ~WorkFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }  // "": it could not be made

 private:
  std::string path_;
};

json::Value to_json(const attack::Finding& f) {
  json::Object out{{"id", f.id},           {"attack", f.attack},   {"target", f.target},
                   {"setting", f.setting}, {"success", f.success}, {"bound", f.bound}};
  if (f.of > 0) {
    out.emplace_back("right", f.right);
    out.emplace_back("of", f.of);
    if (f.pooled) out.emplace_back("chance", f.chance);
  }
  out.emplace_back("control", f.control);
  if (f.bar) {
    out.emplace_back("bar", *f.bar);
    out.emplace_back("met", f.met());
  }
  return out;
}

void print_json(const Options& o, const schema::Schema& s, const attack::Report& report) {
  json::Array findings, worth;
  for (const attack::Finding& f : report.findings) findings.push_back(to_json(f));
  for (const attack::Worth& w : report.worth)
    worth.push_back(json::Object{{"target", w.target},
                                 {"best_f1", w.quality.best_f1},
                                 {"precision_at_0_9", w.quality.precision},
                                 {"recall_at_0_9", w.quality.recall},
                                 {"pairs_reached", w.quality.pairs_reached}});
  fmt::print("{}", json::to_text(json::Object{{"schema", s.name},
                                              {"digest", to_hex(schema::digest(s))},
                                              {"sizes", o.sizes},
                                              {"first_seed", o.plan.first_seed},
                                              {"seeds", o.plan.seeds},
                                              {"decoys", o.plan.decoys},
                                              {"findings", std::move(findings)},
                                              {"quality", std::move(worth)},
                                              {"control_broken", report.control_broken()},
                                              {"bars_met", report.bars_met()}}));
}

void print_text(const attack::Report& report) {
  if (!report.findings.empty())
    fmt::print("{:<3} {:<13} {:<34} {:<48} {:>8} {:>8} {:>8}\n", "bar", "target", "setting",
               "attack", "success", "bound", "allowed");
  for (const attack::Finding& f : report.findings) {
    const std::string bar = f.bar ? fmt::format("{}{:.4g}", f.control ? ">=" : "<=", *f.bar) : "-";
    const std::string_view verdict = !f.bar      ? ""
                                     : f.met()   ? "met"
                                     : f.control ? "STANDS"
                                                 : "MISSED";
    fmt::print("{:<3} {:<13} {:<34} {:<48} {:>8.4f} {:>8.4f} {:>8} {}\n", f.id, f.target, f.setting,
               f.attack, f.success, f.bound, bar, verdict);
  }
  if (report.worth.empty()) return;
  fmt::print("\n{:<13} {:>8} {:>18} {:>15} {:>14}\n", "quality", "best F1", "precision p>=0.9",
             "recall p>=0.9", "pairs reached");
  for (const attack::Worth& w : report.worth)
    fmt::print("{:<13} {:>8.4f} {:>18.4f} {:>15.4f} {:>14.4f}\n", w.target, w.quality.best_f1,
               w.quality.precision, w.quality.recall, w.quality.pairs_reached);
}

void set_people(attack::Sizes& s, std::uint32_t n) {
  s.frequency = s.pattern = s.graph = s.structure = s.structure_control = s.pairs = n;
  s.state = s.shape = s.epochs = s.oracle = s.quality = n;
  s.district = std::max(1U, n / 15);
  s.known = std::min(s.known, n / 5);
}

Result<int> run(Options o) {
  for (const std::string& id : o.plan.only)
    if (std::ranges::find(attack::attack_ids(), id) == attack::attack_ids().end())
      return Error{ErrorCode::usage,
                   fmt::format("--only takes {}", fmt::join(attack::attack_ids(), ", ")), ""};
  if (o.sizes != "small" && o.sizes != "full")
    return Error{ErrorCode::usage, "--sizes is small or full", ""};
  o.plan.sizes = o.sizes == "full" ? attack::full_sizes() : attack::small_sizes();
  if (o.people > 0) {
    set_people(o.plan.sizes, o.people);
    o.sizes = fmt::format("{}", o.people);
  }
  if (o.overlap >= 0) o.plan.sizes.graph_overlaps = o.plan.sizes.structure_overlaps = {o.overlap};
  o.plan.control = !o.no_control;
  TESSERA_TRY(const schema::Schema s, schema::load(o.schema));
  TESSERA_TRY(const std::string folder, names_folder(o.names));
  TESSERA_TRY(const lab::NameTables names, lab::NameTables::load(folder));
  const WorkFolder work;
  if (work.path().empty())
    return Error{ErrorCode::io, "cannot make a folder for temporary files", ""};
  o.plan.scratch = work.path();
  auto bar = progress_bar();
  TESSERA_TRY(const attack::Report report, attack::run_laboratory(s, names, o.plan, *bar));
  bar.reset();
  if (o.as_json)
    print_json(o, s, report);
  else
    print_text(report);
  std::fflush(stdout);  // before what is said on standard error
  if (!report.control_broken()) {
    say_error({ErrorCode::conflict,
               "an attack did not break the weak encoding it must break, so what it says of the "
               "schema proves nothing; use more people or seeds",
               ""});
    return kControlStands;
  }
  return report.bars_met() ? kDone : kAttention;
}

}  // namespace
}  // namespace attack_verb

void add_attack(CLI::App& root, Action& chosen) {
  using namespace attack_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb = root.add_subcommand(
      "attack", "attack a schema's encodings in the laboratory, beside the weak encodings");
  verb->group("laboratory");
  verb->add_option("--schema", o->schema, "name or file of the schema to attack")
      ->capture_default_str();
  verb->add_option("--only", o->plan.only,
                   "attacks to run: P1 to P9, P11, and F1 for linkage quality (default: all)")
      ->delimiter(',');
  verb->add_option("--sizes", o->sizes, "small (seconds) or full (many minutes)")
      ->capture_default_str();
  verb->add_option("--people", o->people, "people in every attack, in place of --sizes")
      ->check(CLI::Range(100U, 5000000U));
  verb->add_option("--overlap", o->overlap,
                   "share of the attacker's roster among the victims (P3, P4; default: several)")
      ->check(CLI::Range(0.01, 1.0));
  verb->add_option("--decoys", o->plan.decoys,
                   "decoys among the victims, as a share of them (P1, P3, P4: a project run)")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  verb->add_option("--seeds", o->plan.seeds, "populations and keys to try; the worst counts")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  verb->add_option("--first-seed", o->plan.first_seed, "number of the first")
      ->capture_default_str();
  verb->add_option("--names", o->names, "folder of the name tables");
  verb->add_flag(
      "--offices", o->plan.offices,
      "P3 and P4 of the two offices of a split unit alone, one pass in memory at a time");
  verb->add_flag("--no-control", o->no_control,
                 "leave the weak encodings out; their figures were taken elsewhere");
  verb->add_flag("--json", o->as_json, "for programs");
  verb->footer(
      "Example:\n  tessera attack --schema default --only P3,P5 --people 1000\n\n"
      "People are synthetic; no record is read. P6 and P11 keep files in a folder under $TMPDIR\n"
      "until it ends. docs/privacy.md explains the bars.\n"
      "Exit status: 0 all bars met; 1 a bar is missed; 2 usage; 3 io; 4 a schema or name table is\n"
      "broken; 8 an attack failed to break the control, so the run proves nothing.");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
