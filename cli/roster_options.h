// Flags that say what a roster is and how it is written.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/today.h"
#include "engine/core/result.h"
#include "engine/record/roster.h"

namespace tessera::cli {

class RosterOptions {
 public:
  // Adds --column, --separator and --date-format.
  void add_columns(CLI::App& verb);
  // Adds --population; `choices` are named in its help.
  void add_population(CLI::App& verb, const std::string& choices);
  // Adds --format.
  void add_kind(CLI::App& verb);
  // Adds --day.
  void add_day(CLI::App& verb);
  // The day given, or today.
  Result<Day> day() const { return day_of(day_); }
  // `day`: of day(), asked once. Errors: usage.
  Result<record::ReadOptions> read(Day day) const;

 private:
  std::vector<std::string> columns_;
  std::string population_ = "student";
  std::string format_ = "automatic";
  std::string separator_ = "comma";
  std::vector<std::string> date_formats_;
  std::string day_;
};

}  // namespace tessera::cli
