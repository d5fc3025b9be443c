// What an earlier release of the same tables printed, and what it hid.
#pragma once

#include <string>
#include <string_view>

#include "engine/cells/counts.h"
#include "engine/cells/suppress.h"
#include "engine/core/json.h"
#include "engine/core/result.h"

namespace tessera::cells {

inline constexpr std::string_view kReleaseFormat = "tessera-cells-1";

// The release as JSON (docs/format/cells.md): what is printed and no more. A hidden count stands
// as null, whatever the reason, so the file may be published with the tables.
json::Value to_json(const Counted& counted, const Pattern& pattern, const Rule& rule,
                    const std::string& title);

// The columns that a release counts by, its rows' first. Error format if it is no release.
Result<std::vector<std::string>> columns_of(const json::Value& release, const std::string& name);

// Adds what `release` (of to_json) left open to `before`, by labels, with its own counts and sums:
// a sum of then is taken to hold of today's people unless today's counts say otherwise, sums
// between columns that lie within each other (Counted::nesting) among them. `name` stands in
// errors. Error format if it is no release.
Result<void> remember(const json::Value& release, const std::string& name, const Counted& counted,
                      const Rule& rule, Before& before);

}  // namespace tessera::cells
