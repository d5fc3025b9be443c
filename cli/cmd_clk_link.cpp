// tessera clk link and dedupe: CLKs to candidate pairs or groups, as anonlink does it.
#include <filesystem>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/clk_groups.h"
#include "cli/clk_verbs.h"
#include "cli/paths.h"
#include "cli/say.h"
#include "engine/clkjoin/clk_file.h"
#include "engine/clkjoin/link.h"
#include "engine/clkjoin/pair_file.h"
#include "engine/clkjoin/solver.h"
#include "engine/core/file.h"
#include "engine/core/json.h"
#include "engine/report/intervals.h"

namespace tessera::cli {
namespace clk_link_verb {
namespace {

enum class Kind { groups, csv, binary };

struct Options : SolverFlags {
  std::vector<std::string> files, blocks;
  std::string output, threshold, kernel = "auto";
  bool groups = false, pairs = false, use_blocks = false, lsh = false;
  bool force = false, dedupe = false, json = false;
  std::optional<std::uint32_t> top_k;
  std::optional<std::size_t> lsh_tables, lsh_bits;
  std::size_t clk_bytes = 0, fold_words = 0, memory_mib = 512;
};

constexpr std::size_t kLeastMemoryMib = 16;  // below, read buffers would be too small to be quick
constexpr std::size_t kMostMemoryMib = std::size_t{1} << 30;  // 2^50 bytes

Error usage(std::string what) { return {ErrorCode::usage, std::move(what), ""}; }

Result<Kind> kind_of(const Options& o) {
  if (o.groups && o.pairs)
    return Error{ErrorCode::usage, "--groups and --pairs exclude each other", ""};
  const bool csv = o.output.ends_with(".csv");
  const bool binary = o.output.ends_with(".bin");
  if (o.groups && (csv || binary))
    return Error{ErrorCode::usage, "groups are written as .json", o.output};
  if (o.groups || (o.output.ends_with(".json") && !o.pairs)) return Kind::groups;
  if (o.output.ends_with(".json"))
    return Error{ErrorCode::usage, "pairs are written as .csv or, in anonlink's form, .bin",
                 o.output};
  if (csv || o.output == "-") return Kind::csv;
  if (binary) return Kind::binary;
  return Error{ErrorCode::usage,
               "the output's name says what to write: groups.json, pairs.csv or pairs.bin",
               o.output};
}

// Writes pairs as they come, or feeds them to a solver and writes its groups at the end.
class Output {
 public:
  static Result<Output> create(const Options& o, Kind kind, std::span<const std::uint32_t> rows) {
    TESSERA_TRY(AtomicFile file, AtomicFile::create(o.output, {.force = o.force, .mode = 0600}));
    std::optional<clkjoin::Solver> solver;
    if (kind == Kind::groups) {
      TESSERA_TRY(const clkjoin::SolverOptions options, solver_options(o));
      TESSERA_TRY(solver, clkjoin::Solver::create(rows, options));
    }
    if (kind == Kind::binary) file.write(clkjoin::binary_header());
    return Output(std::move(file), kind, std::move(solver));
  }
  Result<void> take(std::span<const clkjoin::Pair> pairs) {
    text_.clear();
    if (kind_ == Kind::groups)
      solver_->add(pairs);
    else if (kind_ == Kind::csv)
      clkjoin::append_csv(pairs, text_);
    else
      clkjoin::append_binary(pairs, text_);
    if (!text_.empty()) file_.write(text_);
    return {};
  }
  // The number of groups, 0 where pairs were written.
  Result<std::size_t> finish() {
    std::size_t n = 0;
    if (kind_ == Kind::groups) {
      const auto groups = solver_->groups();
      n = groups.size();
      write_groups(file_, groups);
    }
    TESSERA_CHECK(file_.commit());
    return n;
  }

 private:
  Output(AtomicFile file, Kind kind, std::optional<clkjoin::Solver> solver)
      : file_(std::move(file)), kind_(kind), solver_(std::move(solver)) {}
  AtomicFile file_;
  Kind kind_;
  std::optional<clkjoin::Solver> solver_;
  std::string text_;
};

struct Parties {
  std::vector<bits::Matrix> matrices;
  std::vector<clkjoin::RowBlocks> blocks;
  clkjoin::BlockNames names;
};

Result<Parties> read_parties(const Options& o, Progress& progress) {
  Parties out;
  if (!o.blocks.empty() && o.blocks.size() != o.files.size())
    return Error{ErrorCode::usage, "--blocks wants one file of candidate blocks per file of CLKs",
                 ""};
  for (std::size_t i = 0; i < o.files.size(); ++i) {
    progress.begin("reading", 0, "CLKs");
    TESSERA_TRY(const MappedFile file, MappedFile::open(o.files[i]));
    TESSERA_TRY(clkjoin::ClkFile clks,
                clkjoin::read_clks(file.view(), o.files[i], o.clk_bytes, out.names, progress));
    if (!o.blocks.empty()) {
      TESSERA_TRY(const MappedFile text, MappedFile::open(o.blocks[i]));
      TESSERA_TRY(clks.blocks,
                  clkjoin::read_blocks(text.view(), o.blocks[i], clks.matrix.rows(), out.names));
      clks.has_blocks = true;
    }
    if (o.use_blocks && !clks.has_blocks)
      return Error{ErrorCode::format, "--use-blocks: the file holds no candidate blocks",
                   o.files[i]};
    if (clks.has_blocks && !o.use_blocks && o.blocks.empty())
      say_note(fmt::format(
          "{}: its candidate blocks are not used; --use-blocks compares only within them",
          o.files[i]));
    out.matrices.push_back(std::move(clks.matrix));
    if (o.use_blocks || !o.blocks.empty()) out.blocks.push_back(std::move(clks.blocks));
  }
  return out;
}

std::string kernel_list() {
  std::string out = "auto";
  for (const bits::Kernel& k : bits::kernels()) out += fmt::format(", {}", k.name);
  return out;
}

Result<clkjoin::LinkOptions> link_options(const Options& o) {
  clkjoin::LinkOptions out;
  TESSERA_TRY(out.join.threshold, bits::parse_threshold(o.threshold));
  if (o.kernel != "auto") {
    out.join.kernel = bits::find_kernel(o.kernel);
    if (out.join.kernel == nullptr)
      return Error{ErrorCode::usage,
                   fmt::format("--kernel must be one of {}, and one that this processor can run",
                               kernel_list()),
                   ""};
  }
  out.join.fold_words = o.fold_words;
  out.top_k = o.top_k.value_or(0);
  if (o.lsh) {
    const bits::LshOptions usual;
    out.lsh = bits::LshOptions{.tables = o.lsh_tables.value_or(usual.tables),
                               .key_bits = o.lsh_bits.value_or(usual.key_bits)};
    if (out.lsh->tables == 0 || out.lsh->tables > 1000 || out.lsh->key_bits > 32)
      return Error{ErrorCode::usage, "--lsh takes 1 to 1,000 tables and at most 32 bits", ""};
  }
  out.memory = o.memory_mib << 20;
  out.folder = o.output == "-" ? "." : std::filesystem::path(o.output).parent_path().string();
  return out;
}

double recall_of(const clkjoin::LinkTally& t) {
  return static_cast<double>(t.sample_found) / static_cast<double>(t.sample_pairs);
}

// The figures of a run, for programs.
void print_json(const Options& o, const clkjoin::LinkTally& t, std::optional<std::size_t> groups) {
  const auto whole = [](std::uint64_t n) { return json::Value(n); };
  json::Value out = json::Object{{"pairs_compared", whole(t.join.pairs)},
                                 {"candidate_pairs", whole(t.candidates)}};
  if (groups) out.set("groups", whole(*groups));
  // Always there: null without --lsh, and where the sample had no such pair.
  json::Value recall, low, high, pairs, rows;
  if (o.lsh) {
    pairs = whole(t.sample_pairs);
    rows = whole(t.sample_rows);
  }
  if (t.sample_pairs > 0) {
    const report::Interval bounds = report::wilson(t.sample_found, t.sample_pairs);
    recall = recall_of(t);
    low = bounds.low;
    high = bounds.high;
  }
  out.set("lsh_recall_of_all_pairs", recall);
  out.set("lsh_recall_low", low);
  out.set("lsh_recall_high", high);
  out.set("lsh_sampled_pairs", pairs);
  out.set("lsh_sampled_rows", rows);
  fmt::print("{}", json::to_text(out));
}

void report(const Options& o, const clkjoin::LinkTally& t, std::optional<std::size_t> groups) {
  if (o.json) return print_json(o, t, groups);
  say_note(fmt::format("{} pairs compared{}, {} at or above the threshold{}", t.join.pairs,
                       o.lsh ? " (again for every table they meet in)" : "", t.candidates,
                       groups ? ", " + group_count(*groups) : ""));
  if (!o.lsh) return;
  if (t.sample_pairs == 0)
    return say_warning(
        fmt::format("LSH: no estimate of what it finds: no pair at or above the threshold in a "
                    "sample of {} rows compared with everything ({} pairs of rows)",
                    t.sample_rows, t.sample_compared));
  const report::Interval bounds = report::wilson(t.sample_found, t.sample_pairs);
  say_note(fmt::format(
      "LSH: finds about {:.2f} % of all pairs at or above the threshold (95 % "
      "interval {:.2f} to {:.2f} %), estimated on {} such pairs of {} rows compared "
      "with everything",
      100 * recall_of(t), 100 * bounds.low, 100 * bounds.high, t.sample_pairs, t.sample_rows));
}

// Options that would do nothing, or only harm, are refused.
Result<void> check_options(const Options& o, Kind kind) {
  if (kind != Kind::groups && (o.probabilistic || o.merge_threshold))
    return usage("--probabilistic and --merge-threshold shape groups, and this writes pairs");
  if (o.files.size() == 1 && o.probabilistic)
    return usage(
        "--probabilistic keeps two records of one file apart, so one file has no groups then; "
        "leave "
        "it out");
  if (!o.lsh && (o.lsh_tables || o.lsh_bits))
    return usage("--lsh-tables and --lsh-bits do nothing without --lsh");
  if (o.top_k == 0U) return usage("--top-k wants at least 1; without it all candidates are kept");
  if (o.memory_mib < kLeastMemoryMib || o.memory_mib > kMostMemoryMib)
    return usage(fmt::format("--memory-mib wants {} to {}", kLeastMemoryMib, kMostMemoryMib));
  return {};
}

// The fold can be no wider than the filters.
Result<void> check_fold(const Options& o, const std::vector<bits::Matrix>& parties) {
  for (const bits::Matrix& m : parties)
    if (m.rows() > 0 && o.fold_words > m.words())
      return usage(fmt::format("--fold-words wants at most {}: the CLKs are no wider", m.words()));
  return {};
}

Result<int> run_link(const Options& o) {
  if (o.json && o.output == "-")
    return Error{ErrorCode::usage, "--json and the pairs cannot both go to standard output", ""};
  if (o.dedupe && o.files.size() != 1)
    return Error{ErrorCode::usage,
                 "dedupe looks inside one file; 'tessera clk link' compares several", ""};
  Paths paths{o.files, {o.output}, o.force};
  paths.read.insert(paths.read.end(), o.blocks.begin(), o.blocks.end());
  TESSERA_CHECK(check_files(paths.read));
  TESSERA_CHECK(check_paths(paths));
  TESSERA_TRY(const Kind kind, kind_of(o));
  TESSERA_CHECK(check_options(o, kind));
  TESSERA_TRY(const clkjoin::LinkOptions options, link_options(o));
  const auto progress = progress_bar();
  TESSERA_TRY(Parties parties, read_parties(o, *progress));
  TESSERA_CHECK(check_fold(o, parties.matrices));
  std::vector<std::uint32_t> rows;
  for (const bits::Matrix& m : parties.matrices)
    rows.push_back(static_cast<std::uint32_t>(m.rows()));
  TESSERA_TRY(Output out, Output::create(o, kind, rows));
  TESSERA_TRY(const clkjoin::LinkTally tally,
              clkjoin::link(std::move(parties.matrices), parties.blocks, parties.names.size(),
                            options, *progress,
                            [&](std::span<const clkjoin::Pair> pairs) { return out.take(pairs); }));
  TESSERA_TRY(const std::size_t groups, out.finish());
  report(o, tally, kind == Kind::groups ? std::optional(groups) : std::nullopt);
  return kDone;
}

void add_join_flags(CLI::App* verb, Options& o) {
  verb->add_option("-t,--threshold", o.threshold, "smallest Dice similarity to keep, such as 0.85")
      ->required();
  verb->add_option("-o,--output", o.output, "groups.json, pairs.csv or pairs.bin")->required();
  verb->add_flag("--groups", o.groups, "write groups (the default for .json)");
  verb->add_flag("--pairs", o.pairs, "write candidate pairs (the default for .csv and .bin)");
  verb->add_option("--top-k", o.top_k, "at most so many candidates per record and pair of files");
  verb->add_option("--blocks", o.blocks,
                   "files of candidate blocks (anonlink block), one per file of CLKs");
  verb->add_flag("--use-blocks", o.use_blocks,
                 "compare only within the blocks that the CLK files hold");
  verb->add_option("--clk-bytes", o.clk_bytes, "the files are raw filters of so many bytes");
  verb->add_option("--kernel", o.kernel, "force a kernel: " + kernel_list());
  verb->add_option("--fold-words", o.fold_words, "force the width of the fold, in 64-bit words");
  verb->add_flag("--lsh", o.lsh, "do not compare everything: loses some pairs, prints how many");
  verb->add_option("--lsh-tables", o.lsh_tables, "hash tables for --lsh (default 90)");
  verb->add_option("--lsh-bits", o.lsh_bits,
                   "bits per table for --lsh (default: by the number of rows)");
  verb->add_option(
      "--memory-mib", o.memory_mib,
      "memory for candidate pairs; more of them are sorted on disk (default 512, at least 16)");
  verb->add_flag("--json", o.json, "print the figures of the run as JSON");
  add_solver_flags(verb, o);
  verb->add_flag("--force", o.force, "replace an existing output");
}

}  // namespace
}  // namespace clk_link_verb

void add_clk_link(CLI::App& group, Action& chosen) {
  using namespace clk_link_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand(
      "link", "pairs or groups of CLKs of two or more parties (one: as dedupe)");
  verb->add_option("FILES", o->files, "JSON or raw files of CLKs, one per party")->required();
  add_join_flags(verb, *o);
  verb->footer(
      std::string(kClkWarning) +
      "\n\nExample:\n  tessera clk link a.json b.json c.json --threshold 0.85 -o groups.json");
  verb->callback([o, &chosen] { chosen = [o] { return run_link(*o); }; });
  auto d = std::make_shared<Options>();
  d->dedupe = true;
  CLI::App* dedupe = group.add_subcommand("dedupe", "pairs or groups of CLKs within one file");
  dedupe->add_option("FILE", d->files, "JSON or raw file of CLKs")->required();
  add_join_flags(dedupe, *d);
  dedupe->footer(std::string(kClkWarning) +
                 "\n\nExample:\n  tessera clk dedupe a.json --threshold 0.9 -o pairs.csv");
  dedupe->callback([d, &chosen] { chosen = [d] { return run_link(*d); }; });
}

}  // namespace tessera::cli
