// The verbs of the group `tessera clk`.
#pragma once

#include "cli/verb.h"

namespace tessera::cli {

// Why a CLK is weak, for --help; the measurements are in docs/clk.md.
inline constexpr const char* kClkWarning =
    "A CLK is WEAK: one keyed Bloom filter for a whole person. A matching attack that knows the "
    "names of a population re-identified 1,000 of 1,000 records without the secret, and 200 known "
    "records let an attacker name every other one. Whoever holds CLKs holds names. Use it to work "
    "with data that exists; for new work use 'tessera encode' (see docs/clk.md).";

void add_clk_encode(CLI::App& group, Action& chosen);  // owner's build only
void add_clk_link(CLI::App& group, Action& chosen);    // link and dedupe
void add_clk_solve(CLI::App& group, Action& chosen);

}  // namespace tessera::cli
