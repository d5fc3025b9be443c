// What --explain of link and dedupe writes: pairs taken apart, field by field.
#pragma once

#include <span>
#include <string>

#include "engine/link/files.h"
#include "engine/link/pipeline.h"

namespace tessera::cli {

struct ExplainFlags {
  std::string path;    // .html: a page of waterfalls; .json; else text; - is standard output
  std::string record;  // record key in hex; empty: the pairs nearest the threshold
  std::size_t most = 50;
  bool force = false;
};

// Explains pairs of `scored` after competition. REQUIRES: scored by a matcher that gives evidence.
Result<void> write_explanations(const ExplainFlags& flags, const link::FileSet& files,
                                const link::Run& run, const link::Scored& scored,
                                std::span<const float> probability, double threshold);

}  // namespace tessera::cli
