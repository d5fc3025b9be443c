// tessera link and tessera dedupe: who is who in encoded files.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <numeric>

#include <fmt/format.h>

#include "cli/gate.h"
#include "cli/link_explain.h"
#include "cli/opening_options.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/cluster/groups.h"
#include "engine/core/bytes.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/intake/lookup.h"
#include "engine/link/compete.h"
#include "engine/link/files.h"
#include "engine/link/pipeline.h"
#include "engine/registry/state_id.h"
#include "matchers/fellegi_sunter.h"

namespace tessera::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string output;
  std::string pairs;  // file for the scored pairs; empty: none
  std::string model;
  std::string registry;  // look-up only; empty: none
  double threshold = 0.9;
  double pairs_floor = 0.0001;
  bool force = false;
  bool dedupe = false;
  ExplainFlags explain;
  std::shared_ptr<OpeningOptions> sealed = std::make_shared<OpeningOptions>();
  Gate gate;
};

class Names {
 public:
  explicit Names(const link::FileSet& files) : files_(files) {}
  const std::string& owner(std::uint32_t r) const {
    return files_.files()[files_.file_of(r)].header().owner;
  }
  std::string key(std::uint32_t r) const { return to_hex(files_.record(r).key); }

 private:
  const link::FileSet& files_;
};

Result<void> write_pairs(const Options& o, const Names& names, std::span<const link::Pair> pairs,
                         std::span<const float> probability) {
  TESSERA_TRY(AtomicFile out, AtomicFile::create(o.pairs, {.force = o.force}));
  out.write("left_owner,left_record,right_owner,right_record,weight,probability\n");
  std::string row;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (probability[i] < o.pairs_floor) continue;
    row.clear();
    csv::append_row(row, {names.owner(pairs[i].a), names.key(pairs[i].a), names.owner(pairs[i].b),
                          names.key(pairs[i].b), fmt::format("{:.1f}", pairs[i].logit / 10.0),
                          fmt::format("{:.6f}", probability[i])});
    out.write(row);
  }
  return out.commit();
}

// Links to build clusters from: across files the best assignment, inside a file every pair.
std::vector<cluster::Candidate> links_of(const link::Run& run, std::span<const link::Pair> pairs,
                                         std::span<const float> probability) {
  // After competition a pair's logit is that of its probability, so that rivals weaken each other.
  std::vector<cluster::Candidate> all;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    all.push_back(
        {pairs[i].a, pairs[i].b, std::min(pairs[i].logit, link::logit_of(probability[i]))});
  if (run.rule == link::PairRule::everything) return all;
  std::vector<cluster::Candidate> best;
  for (const std::uint32_t i : cluster::assign(all, run.group)) best.push_back(all[i]);
  return best;
}

Result<std::size_t> write_clusters(const Options& o, const Names& names,
                                   std::span<const std::uint32_t> root,
                                   std::span<const cluster::Candidate> links) {
  // Strength of a record's place: the strongest link to another of its cluster.
  std::vector<link::Decinats> place(root.size(), -link::kSurest);
  for (const cluster::Candidate& c : links)
    if (root[c.a] == root[c.b]) {
      place[c.a] = std::max(place[c.a], c.logit);
      place[c.b] = std::max(place[c.b], c.logit);
    }
  std::vector<std::uint32_t> size(root.size());
  for (const std::uint32_t r : root) ++size[r];
  std::vector<std::uint32_t> order(root.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&](std::uint32_t r) { return root[r]; });
  TESSERA_TRY(AtomicFile out, AtomicFile::create(o.output, {.force = o.force}));
  out.write("cluster,owner,record,probability\n");
  std::size_t number = 0;
  std::uint32_t last = UINT32_MAX;
  std::string row;
  for (const std::uint32_t r : order) {
    if (size[root[r]] < 2) continue;
    if (root[r] != last) ++number;
    last = root[r];
    row.clear();
    csv::append_row(row, {fmt::format("{}", number), names.owner(r), names.key(r),
                          fmt::format("{:.6f}", link::probability_of(place[r]))});
    out.write(row);
  }
  TESSERA_CHECK(out.commit());
  return number;
}

void report(const link::Scored& scored, const schema::Schema& schema, std::size_t clusters) {
  for (std::size_t p = 0; p < schema.passes.size(); ++p)
    fmt::print("pass {:<16} {} pairs compared, about {:.0f} of them matches\n",
               schema.passes[p].name, scored.counts[p].compared, scored.fit.expected_matches[p]);
  for (const std::string& note : scored.fit.notes) say_warning(note);
  fmt::print("{} pairs kept, {} clusters of two or more records\n", scored.pairs.size(), clusters);
}

// College and workforce meet K-12: the registry's persons are the clusters, and nothing is issued.
Result<int> run_look_up(const Options& o, const link::Matcher& matcher, link::FileSet& files,
                        Progress& progress) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "link"));
  TESSERA_TRY(registry::Registry registry,
              registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(const intake::LookUp found,
              intake::look_up(registry, files, matcher, link::logit_of(o.threshold), progress));
  const Names names(files);
  TESSERA_TRY(AtomicFile out, AtomicFile::create(o.output, {.force = o.force}));
  out.write("cluster,owner,record,probability\n");
  std::string row;
  std::vector<std::string> ids;
  std::size_t known = 0;
  std::size_t through = 0;
  for (const intake::Place& p : found.places) {
    row.clear();
    csv::append_row(
        row, {p.id != 0 ? registry::to_text(p.id) : fmt::format("{}", p.cluster),
              names.owner(p.record), names.key(p.record), fmt::format("{:.6f}", p.probability)});
    out.write(row);
    if (p.id != 0 && pass.enforced()) ids.push_back(registry::to_text(p.id));
    known += p.id != 0;
    through += p.id != 0 && p.steps > 1;
  }
  TESSERA_CHECK(pass.answered({.fields = {"cluster", "owner", "record", "probability"},
                               .ids = std::move(ids),
                               .rows = static_cast<std::int64_t>(found.places.size())}));
  TESSERA_CHECK(out.commit());
  for (const std::string& note : found.fit.notes) say_warning(note);
  fmt::print(
      "{} of {} records belong to a person of the registry, {} of them by way of another file\n",
      known, files.records(), through);
  return kDone;
}

Result<int> run(const Options& o) {
  if (!o.dedupe && o.files.size() < 2 && o.registry.empty())
    return Error{ErrorCode::usage,
                 "link needs two or more files, or --registry; 'tessera dedupe' looks inside one",
                 ""};
  if (!o.registry.empty() && (!o.pairs.empty() || !o.explain.path.empty()))
    return Error{ErrorCode::usage, "--pairs and --explain are for files; with --registry give none",
                 ""};
  if (!o.explain.record.empty() && o.explain.path.empty())
    return Error{ErrorCode::usage, "--explain-record needs --explain", ""};
  if (!(o.threshold >= 0.5 && o.threshold < 1))
    return Error{ErrorCode::usage, "--threshold is from 0.5 to below 1", ""};
  for (const std::string& path : {o.output, o.pairs, o.explain.path}) {
    if (path.empty()) continue;
    for (const std::string& in : o.files)
      if (same_file(in, path))
        return Error{ErrorCode::usage, "input and output are the same file", path};
    if (!o.force && path != "-" && file_exists(path))
      return Error{ErrorCode::usage, "already exists; give --force to replace it", path};
  }
  TESSERA_TRY(const matchers::Model model, matchers::load_model(o.model));
  const auto progress = progress_bar();
  progress->begin("reading", 0, "files");
  TESSERA_TRY(const encoded::Opening opening, o.sealed->read());
  TESSERA_TRY(link::FileSet files, link::FileSet::open(o.files, opening));
  if (!o.registry.empty()) {
    const auto matcher = matchers::fellegi_sunter(model);
    return run_look_up(o, *matcher, files, *progress);
  }
  const link::Run job = files.run(o.dedupe ? link::PairRule::everything : link::PairRule::across);
  const auto matcher = matchers::fellegi_sunter(model);
  const link::Decinats floor =
      o.pairs_floor <= 0 ? link::Decinats{-400} : link::logit_of(std::min(o.pairs_floor, 0.01));
  TESSERA_TRY(const link::Scored scored, link::score(job, *matcher, floor, *progress));
  const std::vector<float> probability = link::compete(scored.pairs, job.group);
  const Names names(files);
  if (!o.pairs.empty()) TESSERA_CHECK(write_pairs(o, names, scored.pairs, probability));
  if (!o.explain.path.empty()) {
    ExplainFlags explain = o.explain;
    explain.force = o.force;
    TESSERA_CHECK(write_explanations(explain, files, job, scored, probability, o.threshold));
  }
  const auto links = links_of(job, scored.pairs, probability);
  const auto root = cluster::clusters(
      links, job.group, {.threshold = link::logit_of(o.threshold), .one_per_group = !o.dedupe});
  TESSERA_TRY(const std::size_t clusters, write_clusters(o, names, root, links));
  report(scored, files.schema(), clusters);
  return kDone;
}

void add_common(CLI::App& verb, const std::shared_ptr<Options>& o, Action& chosen) {
  verb.add_option("-o,--output", o->output, "clusters to write: cluster,owner,record,probability")
      ->required();
  verb.add_option(
      "--pairs", o->pairs,
      "scored pairs: left_owner,left_record,right_owner,right_record,weight,probability");
  verb.add_option("--pairs-floor", o->pairs_floor,
                  "least probability of a pair to list; 0 lists all compared")
      ->capture_default_str();
  verb.add_option("--threshold", o->threshold, "least probability of a link")
      ->capture_default_str();
  verb.add_option("--explain", o->explain.path,
                  "why pairs were weighed as they were: .html waterfalls, .json, else text");
  verb.add_option("--explain-record", o->explain.record,
                  "explain the pairs of this record key (default: those nearest the threshold)");
  verb.add_option("--explain-most", o->explain.most, "most pairs to explain")
      ->capture_default_str();
  o->sealed->add_to(verb);
  verb.add_option("--model", o->model, "model file (default: the shipped model)");
  verb.add_flag("--force", o->force, "replace existing files");
  verb.callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace

void add_link(CLI::App& root, Action& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* verb = root.add_subcommand("link", "link records across encoded files, by bits alone");
  verb->add_option("FILES", o->files, "encoded files of one project")
      ->required()
      ->expected(1, 1 << 20);
  add_common(*verb, o, chosen);
  verb->add_option(
      "--registry", o->registry,
      "link the files to this registry's persons, by look-up only: the cluster is the state ID");
  o->gate.add_to(*verb);
  verb->footer("Example:\n  tessera link north.tess south.tess -o links.csv --pairs pairs.csv");
}

void add_dedupe(CLI::App& root, Action& chosen) {
  auto o = std::make_shared<Options>();
  o->dedupe = true;
  CLI::App* verb =
      root.add_subcommand("dedupe", "find records of one person inside an encoded file");
  verb->add_option("FILES", o->files, "encoded files")->required()->expected(1, 1 << 20);
  add_common(*verb, o, chosen);
  verb->footer("Example:\n  tessera dedupe north.tess -o clusters.csv");
}

}  // namespace tessera::cli
