// Flags that say what a roster is and how it is written.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "engine/core/result.h"
#include "engine/record/roster.h"

namespace tessera::cli {

class RosterOptions {
 public:
  // Adds --column.
  void add_columns(CLI::App& verb);
  // Adds --population; `choices` are named in its help.
  void add_population(CLI::App& verb, const std::string& choices);
  // Adds --format and --separator.
  void add_kind(CLI::App& verb);
  // Errors: usage.
  Result<record::ReadOptions> read() const;

 private:
  std::vector<std::string> columns_;
  std::string population_ = "student";
  std::string format_ = "automatic";
  std::string separator_ = "comma";
};

}  // namespace tessera::cli
