// tessera train: a model from encoded files, with their truth (laboratory or owner: reads maps) or
// from the pairs alone.
#include <memory>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "cli/paths.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/core/bytes.h"
#include "engine/core/file.h"
#include "engine/lab/truth.h"
#include "engine/link/files.h"
#include "matchers/train.h"

namespace tessera::cli {
namespace train_verb {
namespace {

struct Options {
  std::vector<std::string> files;
  std::vector<std::string> maps;
  std::string truth;
  std::string start;
  std::string output;
  std::string name = "trained";
  std::string trained_on;
  std::optional<double> prior;
  bool within = false;
  bool force = false;
};

// The person of every record of the run, by number.
Result<std::vector<std::uint32_t>> persons(const Options& o, const link::FileSet& files,
                                           Progress& progress) {
  std::vector<lab::MapFile> maps;
  for (const std::string& m : o.maps) maps.push_back({"", m});
  TESSERA_TRY(lab::Mapped mapped, lab::Mapped::read(maps, progress));
  std::vector<std::uint32_t> number(files.records());
  for (std::uint32_t r = 0; r < files.records(); ++r) {
    TESSERA_TRY(number[r], mapped.find(to_hex(files.record(r).key), ""));
    if (number[r] == lab::Mapped::kUnmapped)
      return Error{ErrorCode::usage, "a record of this file stands in none of the maps given",
                   files.files()[files.file_of(r)].path()};
    TESSERA_CHECK(mapped.claim(number[r], files.files()[files.file_of(r)].header().owner, ""));
  }
  TESSERA_TRY(const lab::Known known, lab::read_truth(mapped, o.truth, "", o.within, progress));
  std::vector<std::uint32_t> out;
  out.reserve(number.size());
  for (const std::uint32_t n : number) out.push_back(known.people.person[n]);
  return out;
}

constexpr double kPriorLabelled = 20;
constexpr double kPriorUnlabelled = 60;  // as when linking

Result<matchers::Model> labelled(const Options& o, const matchers::Model& start,
                                 link::FileSet& files, Progress& progress) {
  TESSERA_TRY(const std::vector<std::uint32_t> person, persons(o, files, progress));
  const link::Run job = files.run(o.within ? link::PairRule::everything : link::PairRule::across);
  TESSERA_TRY(auto counted, link::count(
                                job, 2,
                                [&](std::uint32_t a, std::uint32_t b) -> std::size_t {
                                  return person[a] == person[b] ? 1 : 0;
                                },
                                progress));
  matchers::TrainingCounts counts;
  counts.schema = &files.schema();
  for (std::size_t p = 0; p < counted.size(); ++p) {
    counts.comparators.emplace_back(files.schema(), p, job.tokens);
    counts.others.push_back(std::move(counted[p][0]));
    counts.matches.push_back(std::move(counted[p][1]));
    fmt::print("pass {:<16} {} matches, {} others\n", files.schema().passes[p].name,
               counts.matches[p].compared, counts.others[p].compared);
  }
  return matchers::train(start, {&counts, 1}, o.prior.value_or(kPriorLabelled));
}

Result<matchers::Model> unlabelled(const Options& o, const matchers::Model& start,
                                   link::FileSet& files, Progress& progress) {
  const link::Run job = files.run(o.within ? link::PairRule::everything : link::PairRule::across);
  TESSERA_TRY(auto counted, link::count(job, 1, nullptr, progress));
  matchers::UnlabelledCounts counts;
  counts.schema = &files.schema();
  counts.size = job.size;
  for (std::size_t p = 0; p < counted.size(); ++p) {
    counts.comparators.emplace_back(files.schema(), p, job.tokens);
    counts.counts.push_back(std::move(counted[p][0]));
    fmt::print("pass {:<16} {} pairs\n", files.schema().passes[p].name, counts.counts[p].compared);
  }
  TESSERA_TRY(matchers::Learned learned,
              matchers::learn(start, counts, o.prior.value_or(kPriorUnlabelled)));
  for (const std::string& note : learned.notes) fmt::print("{}\n", note);
  return std::move(learned.model);
}

Result<int> run(const Options& o) {
  Paths paths{o.files, {o.output}, o.force};
  paths.read.insert(paths.read.end(), o.maps.begin(), o.maps.end());
  paths.read.insert(paths.read.end(), {o.truth, o.start});
  TESSERA_CHECK(check_paths(paths));
  const auto progress = progress_bar();
  TESSERA_TRY(link::FileSet files, link::FileSet::open(o.files));
  TESSERA_TRY(const matchers::Model start, matchers::load_model(o.start));
  const bool known = !o.truth.empty();
  auto made = known ? labelled(o, start, files, *progress) : unlabelled(o, start, files, *progress);
  TESSERA_TRY(matchers::Model model, std::move(made));
  model.name = o.name;
  model.trained_on =
      !o.trained_on.empty()
          ? o.trained_on
          : fmt::format("{} records of {} files, {}, from the model '{}'", files.records(),
                        files.files().size(), known ? "labelled" : "unlabelled", start.name);
  TESSERA_CHECK(
      write_file(o.output, json::to_text(matchers::model_to_json(model)), {.force = o.force}));
  return kDone;
}

}  // namespace
}  // namespace train_verb

void add_train(CLI::App& root, Action& chosen) {
  using namespace train_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb =
      root.add_subcommand("train", "make a model from encoded files, with or without their truth");
  verb->add_option("FILES", o->files, "encoded files")->required()->expected(1, 1 << 20);
  CLI::Option* maps = verb->add_option("--map", o->maps, "their maps, with --truth");
  maps->expected(1, 1 << 20);
  CLI::Option* truth =
      verb->add_option("--truth", o->truth, "owner,local_id,person; without it, from pairs alone");
  maps->needs(truth);
  truth->needs(maps);
  verb->add_option("--start", o->start, "model to start from (default: the shipped model)");
  verb->add_option("--prior", o->prior,
                   "pairs the start's tables count for (default: 20; without --truth 60)")
      ->check(CLI::PositiveNumber);
  verb->add_option("--name", o->name, "name of the model")->capture_default_str();
  verb->add_option("--trained-on", o->trained_on,
                   "where it comes from, for people (default: what it read)");
  verb->add_flag("--within", o->within, "compare records inside a file too");
  verb->add_option("-o,--output", o->output, "model file to write")->required();
  verb->add_flag("--force", o->force, "replace an existing file");
  verb->footer(
      "Example:\n  tessera train a.tess b.tess --map a.map b.map --truth truth.csv -o model.json\n"
      "  tessera train a.tess b.tess -o model.json   # no truth: fitted as linking does");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
