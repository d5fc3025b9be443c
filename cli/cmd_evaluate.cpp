// tessera evaluate: what was linked against a known truth. Reads maps, so full build only.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/evaluate_sample.h"
#include "cli/paths.h"
#include "cli/random_source.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/core/file.h"
#include "engine/lab/linked.h"
#include "engine/lab/truth.h"
#include "engine/report/measures.h"
#include "engine/report/page.h"

namespace tessera::cli {
namespace evaluate_verb {
namespace {

struct Flags {
  std::string pairs;
  std::string clusters;
  std::string ids;
  std::string truth;
  std::vector<std::string> maps;
  std::string groups;
  std::string json;
  std::string html;
  std::string title = "tessera: quality of a linkage";
  std::string answers;
  std::string sample_out;
  std::size_t sample = 0;
  SeedOption seed;
  double threshold = report::kOperatingPoint;
  bool dedupe = false;
  bool force = false;
};

// The modes without a truth, or nothing if it is not one of them.
Result<std::optional<int>> without_truth(const Flags& f) {
  if (f.sample == 0 && f.answers.empty()) {
    if (f.truth.empty() || f.maps.empty())
      return Error{ErrorCode::usage,
                   "give --truth and --map, or --sample or --answers to do without a truth", ""};
    return std::optional<int>();
  }
  if (!f.truth.empty() || f.pairs.empty() || (f.sample > 0 && !f.answers.empty()))
    return Error{ErrorCode::usage, "--sample and --answers each go with --pairs, and no --truth",
                 ""};
  const SampleFlags flags{f.pairs, f.sample_out, f.answers, f.json, f.sample, f.threshold, f.force};
  if (f.sample == 0) {
    TESSERA_TRY(const int done, judge_answers(flags));
    return std::optional<int>(done);
  }
  if (f.sample_out.empty())
    return Error{ErrorCode::usage, "--sample needs -o: the file for those who judge", ""};
  TESSERA_TRY(const int done, write_sample(flags, *f.seed.source()));
  return std::optional<int>(done);
}

// "OWNER=FILE" or "FILE"; a file of that whole name comes first.
lab::MapFile map_file(const std::string& text) {
  const auto sign = text.find('=');
  if (sign == std::string::npos || sign == 0 || file_exists(text)) return {"", text};
  return {text.substr(0, sign), text.substr(sign + 1)};
}

report::Ground ground_of(const lab::Known& known) {
  report::Ground g;
  g.records = known.people.person.size();
  for (const std::uint32_t p : known.people.person)
    if (p == report::kNobody) ++g.unnamed;
  g.truth_records = known.truth_records;
  g.unmapped = known.unmapped;
  g.true_pairs = report::true_pairs(known.people);
  g.true_pairs_unmapped = known.true_pairs_in_all - g.true_pairs;
  g.owners = known.owners;
  g.within = known.people.within;
  return g;
}

void warn_unmapped(const std::string& path, std::uint64_t rows) {
  if (rows > 0)
    say_warning(fmt::format("{}: {} rows of records that no map holds were left out", path, rows));
}

// Everything that was linked, in numbers of mapped records.
struct Linked {
  std::optional<lab::LinkedPairs> pairs;
  std::optional<lab::LinkedClusters> clusters;
  std::optional<lab::IssuedIds> ids;
};

Result<Linked> read_linked(const Flags& flags, lab::Mapped& mapped, Progress& progress) {
  Linked out;
  if (!flags.pairs.empty()) {
    TESSERA_TRY(out.pairs, lab::read_pairs(flags.pairs, mapped, progress));
    warn_unmapped(flags.pairs, out.pairs->unmapped);
  }
  if (!flags.clusters.empty()) {
    TESSERA_TRY(out.clusters, lab::read_clusters(flags.clusters, mapped, progress));
    warn_unmapped(flags.clusters, out.clusters->unmapped);
  }
  if (!flags.ids.empty()) {
    TESSERA_TRY(out.ids, lab::read_ids(flags.ids, mapped, progress));
    warn_unmapped(flags.ids, out.ids->unmapped);
  }
  return out;
}

Result<report::Measures> measure(const Flags& flags) {
  const std::unique_ptr<Progress> progress = progress_bar();
  std::vector<lab::MapFile> maps;
  for (const std::string& text : flags.maps) maps.push_back(map_file(text));
  TESSERA_TRY(lab::Mapped mapped, lab::Mapped::read(maps, *progress));
  TESSERA_TRY(Linked linked, read_linked(flags, mapped, *progress));
  TESSERA_TRY(const lab::Known known,
              lab::read_truth(mapped, flags.truth, flags.groups, flags.dedupe, *progress));
  progress->begin("measuring", 0, "");
  report::Measures out;
  out.ground = ground_of(known);
  if (linked.pairs) report::measure_pairs(out, linked.pairs->pairs, known.people, known.groups);
  if (linked.clusters)
    report::measure_clusters(out, linked.clusters->cluster, known.people, known.groups);
  if (linked.ids) out.ids = report::tally_ids(linked.ids->rows, known.people);
  return out;
}

Result<int> evaluate(const Flags& flags) {
  TESSERA_TRY(const std::optional<int> judged, without_truth(flags));
  if (judged) return *judged;
  if (flags.pairs.empty() && flags.clusters.empty() && flags.ids.empty())
    return Error{ErrorCode::usage, "give --pairs, --clusters or --ids: what is to be measured", ""};
  if (!flags.groups.empty() && flags.pairs.empty() && flags.clusters.empty())
    return Error{ErrorCode::usage, "--groups needs --pairs or --clusters", ""};
  Paths paths{{flags.pairs, flags.clusters, flags.ids, flags.truth, flags.groups},
              {flags.json, flags.html},
              flags.force};
  for (const std::string& in : flags.maps) paths.read.push_back(map_file(in).path);
  TESSERA_CHECK(check_paths(paths));
  TESSERA_TRY(const report::Measures measures, measure(flags));
  if (measures.ground.unnamed > 0)
    say_warning(
        fmt::format("{} records of the maps have no person in the truth", measures.ground.unnamed));
  const AtomicFile::Options options{.force = flags.force, .mode = 0644};
  if (!flags.json.empty())
    TESSERA_CHECK(write_file(flags.json, json::to_text(report::to_json(measures)), options));
  if (!flags.html.empty())
    TESSERA_CHECK(write_file(flags.html, report::to_page(measures, flags.title), options));
  if (flags.json != "-" && flags.html != "-") fmt::print("{}", report::to_table(measures));
  return kDone;
}

}  // namespace
}  // namespace evaluate_verb

void add_evaluate(CLI::App& root, Action& chosen) {
  using namespace evaluate_verb;
  CLI::App* verb = root.add_subcommand("evaluate", "measure what was linked against a known truth");
  auto flags = std::make_shared<Flags>();
  flags->seed.add_to(*verb);
  verb->add_option("--pairs", flags->pairs, "pairs.csv of 'tessera link --pairs'");
  verb->add_option("--clusters", flags->clusters,
                   "links.csv of 'tessera link' or 'tessera dedupe'");
  verb->add_option("--ids", flags->ids, "ids.csv of 'tessera assign'");
  verb->add_option("--truth", flags->truth, "the truth: owner,local_id,person");
  verb->add_option("--map", flags->maps, "maps of 'tessera encode', each FILE or OWNER=FILE");
  verb->add_option("--groups", flags->groups, "owner,local_id and columns to show results by");
  verb->add_option("--sample", flags->sample,
                   "without a truth: draw so many pairs of --pairs for people to judge");
  verb->add_option("-o,--output", flags->sample_out, "the sample to write");
  verb->add_option("--answers", flags->answers,
                   "the sample with its answers: estimate precision and recall");
  verb->add_option("--threshold", flags->threshold, "with --answers: least probability of a link")
      ->capture_default_str();
  verb->add_flag("--dedupe", flags->dedupe,
                 "pairs inside one owner count as well (they do where all maps are of one owner)");
  verb->add_option("--json", flags->json,
                   "write the measures as JSON; - is standard output, in place of the table");
  verb->add_option("--html", flags->html, "write a page with drawings that needs no network");
  verb->add_option("--title", flags->title, "title of the page");
  verb->add_flag("--force", flags->force, "replace outputs that exist");
  verb->footer(
      "Reads maps and the truth, so it runs in the laboratory or at an owner. docs/evaluate.md "
      "says\n"
      "how each number is made.\n"
      "Example:\n"
      "  tessera evaluate --pairs pairs.csv --clusters links.csv --truth truth.csv \\\n"
      "    --map north.map south.map --html quality.html\n"
      "  tessera evaluate --pairs pairs.csv --sample 200 -o sample.csv\n"
      "  tessera evaluate --pairs pairs.csv --answers sample.csv\n"
      "Exit status: 0 done, 2 usage, 3 io, 4 a file is malformed, 6 files contradict each other, 7 "
      "limit.");
  verb->callback([&chosen, flags] { chosen = [flags] { return evaluate(*flags); }; });
}

}  // namespace tessera::cli
