// tessera clk solve: a file of candidate pairs to groups, as anonlink does it.
#include <memory>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "cli/clk_groups.h"
#include "cli/clk_verbs.h"
#include "cli/paths.h"
#include "cli/say.h"
#include "engine/clkjoin/pair_file.h"
#include "engine/core/json.h"

namespace tessera::cli {
namespace clk_solve_verb {
namespace {

struct Options : SolverFlags {
  std::string pairs, output;
  bool force = false, json = false;
};

// How many rows of each dataset a solver has to know of.
struct RowsOfPairs {
  std::vector<std::uint32_t> counts;
  std::optional<clkjoin::UsedRows>
      used;  // if pairs are to go by places: rows are numbered sparsely
};

Result<RowsOfPairs> count_rows(ByteView file, const std::string& path) {
  RowsOfPairs out;
  std::uint64_t pairs = 0;
  TESSERA_CHECK(
      clkjoin::read_pairs(file, path, [&](std::span<const clkjoin::Pair> some) -> Result<void> {
        pairs += some.size();
        for (const clkjoin::Pair& p : some)
          for (const auto& [dataset, row] :
               {std::pair{p.dataset0, p.row0}, std::pair{p.dataset1, p.row1}}) {
            if (dataset >= 64 || row == UINT32_MAX)
              return Error{ErrorCode::limit, "at most 64 datasets of 2^32 - 2 rows", path};
            if (dataset >= out.counts.size()) out.counts.resize(dataset + 1);
            out.counts[dataset] = std::max(out.counts[dataset], row + 1);
          }
        return {};
      }));
  const auto rows = std::accumulate(out.counts.begin(), out.counts.end(), std::uint64_t{0});
  if (rows <= 4 * pairs + 65536) return out;
  out.used.emplace();
  TESSERA_CHECK(clkjoin::read_pairs(
      file, path, [&](std::span<const clkjoin::Pair> some) { return out.used->add(some); }));
  out.used->finish();
  out.counts = out.used->counts();
  return out;
}

Result<int> run(const Options& o) {
  if (o.json && o.output == "-")
    return Error{ErrorCode::usage, "--json and the groups cannot both go to standard output", ""};
  const std::string& path = o.pairs;
  TESSERA_CHECK(check_files({&path, 1}));
  TESSERA_CHECK(check_paths({{path}, {o.output}, o.force}));
  TESSERA_TRY(const MappedFile file, MappedFile::open(path));
  TESSERA_TRY(const RowsOfPairs rows, count_rows(file.view(), path));
  TESSERA_TRY(const clkjoin::SolverOptions options, solver_options(o));
  TESSERA_TRY(AtomicFile out, AtomicFile::create(o.output, {.force = o.force, .mode = 0600}));
  TESSERA_TRY(clkjoin::Solver solver, clkjoin::Solver::create(rows.counts, options));
  std::vector<clkjoin::Pair> placed;
  TESSERA_CHECK(clkjoin::read_pairs(file.view(), path,
                                    [&](std::span<const clkjoin::Pair> pairs) -> Result<void> {
                                      if (!rows.used) {
                                        solver.add(pairs);
                                        return {};
                                      }
                                      placed.assign(pairs.begin(), pairs.end());
                                      for (clkjoin::Pair& p : placed) {
                                        p.row0 = rows.used->place(p.dataset0, p.row0);
                                        p.row1 = rows.used->place(p.dataset1, p.row1);
                                      }
                                      solver.add(placed);
                                      return {};
                                    }));
  const clkjoin::Groups groups = solver.groups();
  write_groups(out, groups, rows.used ? &*rows.used : nullptr);
  TESSERA_CHECK(out.commit());
  if (o.json)
    fmt::print("{}",
               json::to_text(json::Object{{"groups", json::Value(std::uint64_t{groups.size()})}}));
  else
    say_note(group_count(groups.size()));
  return kDone;
}

}  // namespace
}  // namespace clk_solve_verb

void add_clk_solve(CLI::App& group, Action& chosen) {
  using namespace clk_solve_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand("solve", "groups from a file of candidate pairs");
  verb->add_option("PAIRS", o->pairs, "pairs.csv or pairs.bin, in anonlink's order")->required();
  verb->add_option("-o,--output", o->output, "groups.json")->required();
  verb->add_flag("--json", o->json, "print the number of groups as JSON");
  add_solver_flags(verb, *o);
  verb->add_flag("--force", o->force, "replace an existing output");
  verb->footer("Example:\n  tessera clk solve pairs.bin -o groups.json --probabilistic");
  verb->callback([o, &chosen] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
