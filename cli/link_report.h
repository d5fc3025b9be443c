// What --report of link and dedupe writes: how records fared, by what the linkage unit sees.
#pragma once

#include <span>
#include <string>

#include "engine/link/files.h"
#include "engine/report/fares.h"

namespace tessera::cli {

struct ReportFlags {
  std::string path;  // .html, .json, else text; - is standard output
  double threshold = 0;
  double look = 0;  // from which candidate a record counts as near
  bool registry = false;
  bool force = false;
};

// `linked`: per record, the steps of its link: 0 none, 1 straight, more through other records.
// `nearest`: per record, the probability of its best candidate.
Result<void> write_report(const ReportFlags& flags, link::FileSet& files,
                          std::span<const std::uint32_t> linked, std::span<const float> nearest);

}  // namespace tessera::cli
