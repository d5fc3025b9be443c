#include "cli/clk_groups.h"

#include <fmt/format.h>

#include "engine/bits/threshold.h"

namespace tessera::cli {

void add_solver_flags(CLI::App* verb, SolverFlags& o) {
  verb->add_flag("--probabilistic", o.probabilistic,
                 "groups may lack some pairs, and never hold two records of one file");
  verb->add_option(
      "--merge-threshold", o.merge_threshold,
      "share of the pairs between two groups that must be candidates (default: 1; with "
      "--probabilistic 0.5)");
}

Result<clkjoin::SolverOptions> solver_options(const SolverFlags& o) {
  clkjoin::SolverOptions out;
  out.deduplicated = o.probabilistic;
  if (o.probabilistic) out.merge_threshold = {1, 2};
  if (o.merge_threshold) {
    auto share = bits::parse_threshold(*o.merge_threshold);
    if (!share)
      return Error{
          ErrorCode::usage,
          "--merge-threshold: wants a decimal number from 0 to 1 with at most nine places, such as "
          "0.5",
          ""};
    out.merge_threshold = *share;
  }
  return out;
}

void write_groups(AtomicFile& out, const clkjoin::Groups& groups, const clkjoin::UsedRows* used) {
  std::string text = "[";
  for (std::size_t g = 0; g < groups.size(); ++g) {
    text += g == 0 ? "[" : ", [";
    for (std::size_t m = 0; m < groups[g].size(); ++m) {
      const auto& [dataset, row] = groups[g][m];
      fmt::format_to(std::back_inserter(text), "{}[{}, {}]", m == 0 ? "" : ", ", dataset,
                     used != nullptr ? used->row(dataset, row) : row);
    }
    text += "]";
    if (text.size() < (1 << 20)) continue;
    out.write(text);
    text.clear();
  }
  out.write(text + "]");
}

std::string group_count(std::size_t n) { return fmt::format("{} group{}", n, n == 1 ? "" : "s"); }

Result<void> check_files(std::span<const std::string> paths) {
  for (const std::string& path : paths)
    if (path == "-")
      return Error{ErrorCode::usage, "standard input is not read here: write it to a file first",
                   ""};
  return {};
}

}  // namespace tessera::cli
