// What the verbs that write groups of CLKs have in common.
#pragma once

#include <optional>
#include <span>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/clkjoin/solver.h"
#include "engine/clkjoin/used_rows.h"
#include "engine/core/file.h"
#include "engine/core/result.h"

namespace tessera::cli {

struct SolverFlags {
  bool probabilistic = false;
  std::optional<std::string> merge_threshold;
};
void add_solver_flags(CLI::App* verb, SolverFlags& o);
// A usage error if --merge-threshold is no threshold.
Result<clkjoin::SolverOptions> solver_options(const SolverFlags& o);

// [[[0, 1], [1, 43]], ...] as Python's json module spells it. `used`, if any, has the rows whose
// places the groups hold.
void write_groups(AtomicFile& out, const clkjoin::Groups& groups,
                  const clkjoin::UsedRows* used = nullptr);
// "1 group", "3 groups".
std::string group_count(std::size_t n);

// CLKs, blocks and pairs are read from files, some of them twice: "-" is none.
Result<void> check_files(std::span<const std::string> paths);

}  // namespace tessera::cli
