// evaluate without a truth: a sample for people to judge, and what their answers say.
#pragma once

#include <string>

#include "engine/core/random.h"
#include "engine/core/result.h"

namespace tessera::cli {

struct SampleFlags {
  std::string pairs;    // pairs.csv of tessera link
  std::string output;   // sample to write
  std::string answers;  // sample with its answers
  std::string json;     // for the figures; empty: a table
  std::size_t wanted = 0;
  double threshold = 0.9;
  bool force = false;
};

// pair,left_owner,left_record,right_owner,right_record,answer in random order, without scores.
Result<int> write_sample(const SampleFlags& flags, Random& random);
// Reads the answers (same, different, or empty) and prints precision and recall.
Result<int> judge_answers(const SampleFlags& flags);

}  // namespace tessera::cli
