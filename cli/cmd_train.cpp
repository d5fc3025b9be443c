// tessera train: a model from encoded files whose truth is known. Laboratory or owner: reads maps.
#include <memory>
#include <unordered_map>

#include <fmt/format.h>

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
  double prior = 20;
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

Result<int> run(const Options& o) {
  const auto progress = progress_bar();
  TESSERA_TRY(link::FileSet files, link::FileSet::open(o.files));
  TESSERA_TRY(const std::vector<std::uint32_t> person, persons(o, files, *progress));
  TESSERA_TRY(const matchers::Model start, matchers::load_model(o.start));
  const link::Run job = files.run(o.within ? link::PairRule::everything : link::PairRule::across);
  TESSERA_TRY(auto counted, link::count(
                                job, 2,
                                [&](std::uint32_t a, std::uint32_t b) -> std::size_t {
                                  return person[a] == person[b] ? 1 : 0;
                                },
                                *progress));
  matchers::TrainingCounts counts;
  counts.schema = &files.schema();
  for (std::size_t p = 0; p < counted.size(); ++p) {
    counts.comparators.emplace_back(files.schema(), p, job.tokens);
    counts.others.push_back(std::move(counted[p][0]));
    counts.matches.push_back(std::move(counted[p][1]));
    fmt::print("pass {:<16} {} matches, {} others\n", files.schema().passes[p].name,
               counts.matches[p].compared, counts.others[p].compared);
  }
  TESSERA_TRY(matchers::Model model, matchers::train(start, {&counts, 1}, o.prior));
  model.name = o.name;
  if (!o.trained_on.empty()) model.trained_on = o.trained_on;
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
      root.add_subcommand("train", "make a model from encoded files whose truth is known");
  verb->add_option("FILES", o->files, "encoded files")->required()->expected(1, 1 << 20);
  verb->add_option("--map", o->maps, "their maps")->required()->expected(1, 1 << 20);
  verb->add_option("--truth", o->truth, "owner,local_id,person")->required();
  verb->add_option("--start", o->start, "model to start from (default: the shipped model)");
  verb->add_option("--prior", o->prior, "pairs the start's tables count for")
      ->capture_default_str();
  verb->add_option("--name", o->name, "name of the model")->capture_default_str();
  verb->add_option("--trained-on", o->trained_on, "where it comes from, for people");
  verb->add_flag("--within", o->within, "compare records inside a file too");
  verb->add_option("-o,--output", o->output, "model file to write")->required();
  verb->add_flag("--force", o->force, "replace an existing file");
  verb->footer(
      "Example:\n  tessera train a.tess b.tess --map a.map b.map --truth truth.csv -o model.json");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
