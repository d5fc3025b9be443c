// tessera link and tessera dedupe: who is who in encoded files.
#include <algorithm>
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "cli/gate.h"
#include "cli/link_explain.h"
#include "cli/link_output.h"
#include "cli/link_report.h"
#include "cli/matcher_option.h"
#include "cli/opening_options.h"
#include "cli/paths.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/cluster/groups.h"
#include "engine/core/bytes.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/intake/collection.h"
#include "engine/intake/lookup.h"
#include "engine/link/compete.h"
#include "engine/link/files.h"
#include "engine/link/pipeline.h"
#include "engine/registry/state_id.h"

namespace tessera::cli {
namespace link_verb {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string output;
  std::string pairs;  // file for the scored pairs; empty: none
  MatcherOption matcher;
  std::string registry;  // look-up only; empty: none
  std::string report;    // file for how records fared; empty: none
  double threshold = 0.9;
  double pairs_floor = 0.0001;
  bool force = false;
  bool dedupe = false;
  ExplainFlags explain;
  std::shared_ptr<OpeningOptions> sealed = std::make_shared<OpeningOptions>();
  Gate gate;
};

// Per record: 1 if another one is in its cluster.
std::vector<std::uint32_t> linked_of(std::span<const std::uint32_t> root) {
  std::vector<std::uint32_t> size(root.size());
  for (const std::uint32_t r : root) ++size[r];
  std::vector<std::uint32_t> out;
  for (const std::uint32_t r : root) out.push_back(size[r] > 1 ? 1 : 0);
  return out;
}

// Per record: the probability of its strongest pair; 0 without one.
std::vector<float> nearest(std::span<const link::Pair> pairs, std::span<const float> probability,
                           std::uint32_t records) {
  std::vector<float> out(records, 0);
  for (std::size_t i = 0; i < pairs.size(); ++i)
    for (const std::uint32_t r : {pairs[i].a, pairs[i].b})
      out[r] = std::max(out[r], probability[i]);
  return out;
}

// The way from a person to a record: the records in between, and every link's probability.
std::pair<std::string, std::string> path_text(const Names& names,
                                              const std::vector<intake::Hop>& path) {
  std::string through;
  std::string links;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i > 0) {
      const std::uint32_t between = path[i - 1].record;
      through += fmt::format("{}{}/{}", i > 1 ? " " : "", names.owner(between), names.key(between));
      links += ' ';
    }
    links += fmt::format("{:.6f}", path[i].probability);
  }
  return {std::move(through), std::move(links)};
}

Result<void> write_places(const Options& o, const Names& names,
                          const std::vector<intake::Place>& places) {
  TESSERA_TRY(AtomicFile out, AtomicFile::create(o.output, {.force = o.force}));
  out.write("cluster,owner,record,probability,steps,through,links\n");
  std::string row;
  for (const intake::Place& p : places) {
    const auto [through, links] = path_text(names, p.path);
    row.clear();
    csv::append_row(
        row, {p.id != 0 ? registry::to_text(p.id) : fmt::format("{}", p.cluster),
              names.owner(p.record), names.key(p.record), fmt::format("{:.6f}", p.probability),
              fmt::format("{}", p.path.size()), through, links});
    out.write(row);
  }
  return out.commit();
}

Result<void> report_fares(const Options& o, const link::Matcher& matcher, link::FileSet& files,
                          std::span<const std::uint32_t> steps, std::span<const float> nearest) {
  if (o.report.empty()) return {};
  return write_report({.path = o.report,
                       .threshold = o.threshold,
                       .look = std::min(matcher.review(), o.threshold),
                       .registry = !o.registry.empty(),
                       .force = o.force},
                      files, steps, nearest);
}

// College and workforce meet K-12: the registry's persons are the clusters, and nothing is issued.
Result<int> run_look_up(const Options& o, const link::Matcher& matcher, link::FileSet& files,
                        Progress& progress) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "link"));
  TESSERA_TRY(registry::Registry registry,
              registry::Registry::open(o.registry, registry::Access::read));
  // Nothing of the files is stored, so what may not be collected is left out, and no file refused.
  TESSERA_TRY(const auto rules, registry::collection_rules(registry));
  TESSERA_TRY(const intake::Enforced stops,
              intake::enforce_collection(rules, files, access::day_of(o.gate.now())));
  for (const auto& [field, n] : stops.records)
    say_note(fmt::format("{} of {} records left out: its collection is stopped", field, n));
  TESSERA_TRY(const intake::LookUp found,
              intake::look_up(registry, files, matcher, link::logit_of(o.threshold), progress));
  const Names names(files);
  std::vector<std::string> ids;
  std::size_t known = 0;
  std::size_t through = 0;
  std::vector<std::uint32_t> steps(files.records(), 0);
  for (const intake::Place& p : found.places) {
    if (p.id != 0 && pass.enforced()) ids.push_back(registry::to_text(p.id));
    known += p.id != 0;
    through += p.path.size() > 1;
    steps[p.record] = static_cast<std::uint32_t>(p.path.size());
  }
  std::size_t covered = 0;
  for (std::uint32_t r = 0; r < files.records(); ++r)
    covered += files.shown(r).usable_passes > 0 ? 1 : 0;
  TESSERA_CHECK(pass.answered(
      {.fields = {"cluster", "owner", "record", "probability", "steps", "through", "links"},
       .ids = std::move(ids),
       .rows = static_cast<std::int64_t>(found.places.size())}));
  TESSERA_CHECK(write_places(o, names, found.places));
  TESSERA_CHECK(report_fares(o, matcher, files, steps, found.nearest));
  for (const std::string& note : found.fit.notes) say_warning(note);
  fmt::print("{} of {} records have the fields of a pass; {} belong to a person of the registry\n",
             covered, files.records(), known);
  if (through > 0) fmt::print("{} of them by way of another file\n", through);
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
  if (!o.explain.path.empty() && !o.matcher.explains())
    return Error{ErrorCode::usage, "--explain takes weights apart: only a model has some", ""};
  if (!(o.threshold >= 0.5 && o.threshold < 1))
    return Error{ErrorCode::usage, "--threshold is from 0.5 to below 1", ""};
  Paths paths{o.files, {o.output, o.pairs, o.explain.path, o.report}, o.force};
  std::ranges::copy(files_of_registry(o.registry), std::back_inserter(paths.read));
  paths.read.push_back(o.matcher.model_file());
  TESSERA_CHECK(check_paths(paths));
  TESSERA_TRY(const std::unique_ptr<link::Matcher> matcher, o.matcher.make());
  const auto progress = progress_bar();
  progress->begin("reading", 0, "files");
  TESSERA_TRY(const encoded::Opening opening, o.sealed->read());
  TESSERA_TRY(link::FileSet files, link::FileSet::open(o.files, opening));
  if (!o.registry.empty()) return run_look_up(o, *matcher, files, *progress);
  const link::Run job = files.run(o.dedupe ? link::PairRule::everything : link::PairRule::across);
  TESSERA_TRY(const link::Scored scored,
              link::score(job, *matcher, floor_of(o.pairs_floor), *progress));
  const std::vector<float> probability = link::compete(scored.pairs, job.group);
  const Names names(files);
  const LinkOutput output{o.output, o.pairs, o.pairs_floor, o.force};
  if (!o.pairs.empty()) TESSERA_CHECK(write_pairs(output, names, scored.pairs, probability));
  if (!o.explain.path.empty()) {
    ExplainFlags explain = o.explain;
    explain.force = o.force;
    TESSERA_CHECK(write_explanations(explain, files, job, scored, probability, o.threshold));
  }
  const auto links = links_of(scored.pairs, probability, job.group, !o.dedupe);
  const auto root = cluster::clusters(
      links, job.group, {.threshold = link::logit_of(o.threshold), .one_per_group = !o.dedupe});
  TESSERA_TRY(const std::size_t clusters, write_clusters(output, names, root, links));
  TESSERA_CHECK(report_fares(o, *matcher, files, linked_of(root),
                             nearest(scored.pairs, probability, files.records())));
  say_compared(files.schema(), scored.counts, scored.fit);
  say_clusters(scored.pairs.size(), clusters);
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
  verb.add_option("--report", o->report,
                  "how records fared by owner, population, known fields and SSN state: .html, "
                  ".json, else text");
  o->sealed->add_to(verb);
  o->matcher.add_to(verb);
  verb.add_flag("--force", o->force, "replace existing files");
  verb.callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace
}  // namespace link_verb

void add_link(CLI::App& root, Action& chosen) {
  using namespace link_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb = root.add_subcommand("link", "link records across encoded files, by bits alone");
  verb->add_option("FILES", o->files, "encoded files of one project")
      ->required()
      ->expected(1, 1 << 20);
  add_common(*verb, o, chosen);
  verb->add_option("--registry", o->registry,
                   "link the files to this registry's persons, by look-up only: the cluster is the "
                   "state ID, and "
                   "each row says by which links");
  o->gate.add_to(*verb);
  verb->footer("Example:\n  tessera link north.tess south.tess -o links.csv --pairs pairs.csv");
}

void add_dedupe(CLI::App& root, Action& chosen) {
  using namespace link_verb;
  auto o = std::make_shared<Options>();
  o->dedupe = true;
  CLI::App* verb =
      root.add_subcommand("dedupe", "find records of one person inside an encoded file");
  verb->add_option("FILES", o->files, "encoded files")->required()->expected(1, 1 << 20);
  add_common(*verb, o, chosen);
  verb->footer("Example:\n  tessera dedupe north.tess -o clusters.csv");
}

}  // namespace tessera::cli
