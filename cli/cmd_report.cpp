// tessera report: tables for the public in which no small count can be read or worked out.
#include <algorithm>
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "cli/group.h"
#include "cli/report_verbs.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/cells/publish.h"
#include "engine/cells/released.h"
#include "engine/core/file.h"

namespace tessera::cli {
namespace report_verb {
namespace {

struct Options {
  std::string list;
  cells::Plan plan;
  cells::Rule rule;
  std::vector<std::string> before;
  std::string title = "Counts";
  std::string out;
  bool percent = false;
  bool force = false;
  bool json = false;
};

std::string file_name(const cells::Counted& counted, const cells::Table& table,
                      std::string_view ending) {
  std::string name = counted.row_field + (table.field.empty() ? "" : "-by-" + table.field);
  // A column's name becomes a file's: nothing in it may lead to another folder.
  for (char& c : name)
    if (c == '/' || c == '\0' || c == '\\') c = '_';
  return name + std::string(ending);
}

Result<std::vector<json::Value>> read_releases(const Options& o) {
  std::vector<json::Value> releases;
  for (const std::string& path : o.before) {
    TESSERA_TRY(const std::string text, read_file(path));
    TESSERA_TRY(json::Value release, json::parse(text, path));
    releases.push_back(std::move(release));
  }
  return releases;
}

// What the tables count by, now and before: how one lies within another, the list tells.
Result<void> nest(const Options& o, const std::string& text,
                  const std::vector<json::Value>& releases, cells::Counted& counted) {
  TESSERA_TRY(csv::Reader list, csv::Reader::open(text, o.list));
  std::vector<std::string> fields = o.plan.columns;
  fields.push_back(o.plan.rows);
  for (std::size_t i = 0; i < releases.size(); ++i) {
    TESSERA_TRY(const auto columns, cells::columns_of(releases[i], o.before[i]));
    for (const std::string& column : columns) {
      if (column.empty() || std::ranges::count(fields, column) > 0) continue;
      if (std::ranges::count(list.header(), column) == 0)
        say_warning(
            fmt::format("{}: counts by '{}', a column that {} does not have: how its counts and "
                        "these add up is "
                        "not known, and nothing guards their differences; add the column",
                        o.before[i], column, o.list));
      fields.push_back(column);
    }
  }
  return cells::nest(counted, list, fields);
}

Result<void> write_all(const Options& o, const cells::Counted& counted,
                       const cells::Pattern& pattern) {
  std::error_code fault;
  std::filesystem::create_directories(o.out, fault);
  if (fault) return Error{ErrorCode::io, "cannot make the folder: " + fault.message(), o.out};
  const AtomicFile::Options options{o.force, 0644};
  const std::filesystem::path folder(o.out);
  for (const cells::Table& table : counted.tables) {
    TESSERA_CHECK(write_file(folder / file_name(counted, table, ".csv"),
                             cells::table_csv(counted, table, pattern), options));
    if (o.percent)
      TESSERA_CHECK(write_file(folder / file_name(counted, table, "-percent.csv"),
                               cells::percent_csv(counted, table, pattern), options));
  }
  TESSERA_CHECK(write_file(folder / "report.html",
                           cells::release_page(counted, pattern, o.rule, o.title), options));
  // Last: who finds it finds the rest.
  return write_file(folder / "release.json",
                    json::to_text(cells::to_json(counted, pattern, o.rule, o.title)), options);
}

void print_summary(const Options& o, const cells::Pattern& pattern) {
  const auto count = [&](cells::Mark m) {
    return static_cast<std::int64_t>(std::count(pattern.mark.begin(), pattern.mark.end(), m));
  };
  std::int64_t narrowest = cells::kUnbounded;
  for (std::size_t i = 0; i < pattern.mark.size(); ++i)
    if (pattern.mark[i] == cells::Mark::small)
      narrowest = std::min(narrowest, pattern.what_is_left[i].width());
  const std::int64_t small = count(cells::Mark::small);
  if (o.json) {
    fmt::print("{}", json::to_text(json::Object{
                         {"shown", count(cells::Mark::shown)},
                         {"hidden_small", small},
                         {"hidden_to_protect", count(cells::Mark::protector)},
                         {"narrowest_interval", small > 0 ? json::Value(narrowest) : json::Value()},
                         {"folder", o.out}}));
    return;
  }
  fmt::print("{} counts shown, {} hidden as small, {} hidden to protect them\n",
             count(cells::Mark::shown), small, count(cells::Mark::protector));
  if (small > 0 && narrowest < cells::kUnbounded / 2)
    fmt::print("proved: no small count can be narrowed to fewer than {} persons\n", narrowest);
  else if (small > 0)
    fmt::print("proved: no small count has an upper bound that a reader can find\n");
}

Result<int> protect(const Options& o) {
  if (o.rule.smallest_shown < 2)
    return Error{ErrorCode::usage, "--smallest must be at least 2; state policy says 10", ""};
  TESSERA_TRY(const std::string text, read_file(o.list));
  TESSERA_TRY(csv::Reader list, csv::Reader::open(text, o.list));
  TESSERA_TRY(cells::Counted counted, cells::count_tables(list, o.plan));
  TESSERA_TRY(const std::vector<json::Value> releases, read_releases(o));
  TESSERA_CHECK(nest(o, text, releases, counted));
  cells::Before before;
  for (std::size_t i = 0; i < releases.size(); ++i)
    TESSERA_CHECK(cells::remember(releases[i], o.before[i], counted, o.rule, before));
  const std::unique_ptr<Progress> bar = progress_bar();
  TESSERA_TRY(const cells::Pattern pattern, cells::suppress(counted.sums, o.rule, before, *bar));
  TESSERA_CHECK(write_all(o, counted, pattern));
  print_summary(o, pattern);
  return kDone;
}

void add_cells(CLI::App& group, Action& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand(
      "cells", "hide small counts in tables, and as many others as keep them hidden");
  verb->add_option("list", o->list, "CSV of persons or of counts, one line each")->required();
  verb->add_option("--rows", o->plan.rows, "column whose values are the rows")->required();
  verb->add_option("--columns", o->plan.columns, "columns to count by, a table each")
      ->delimiter(',');
  verb->add_option("--count", o->plan.count,
                   "column of counts; without it each line is one person");
  verb->add_option("--smallest", o->rule.smallest_shown, "smallest count that may be shown")
      ->capture_default_str();
  verb->add_flag("--show-zeros", o->rule.show_zeros,
                 "show zeros, where that nobody is there gives nobody away");
  verb->add_option("--before", o->before,
                   "release.json of earlier tables of the same persons, so that the two together "
                   "give nothing away (may be repeated)");
  verb->add_option("--title", o->title, "heading of the page")->capture_default_str();
  verb->add_flag("--percent", o->percent, "percentages of each row's total beside the counts");
  verb->add_option("-o,--out", o->out, "folder for the tables, report.html and release.json")
      ->required();
  verb->add_flag("--force", o->force, "replace files that are there");
  verb->add_flag("--json", o->json, "summary as JSON");
  verb->footer(
      "Example:\n  tessera report cells counts.csv --rows school --columns grade,sex --count n "
      "-o release-2026\nExit status: 0 done; 2 usage, 3 io, 4 format, 7 no set of hidden counts "
      "protects the small ones.");
  verb->callback([&chosen, o] {
    o->rule.narrowest = o->rule.smallest_shown;
    chosen = [o] { return protect(*o); };
  });
}

}  // namespace
}  // namespace report_verb

void add_report(CLI::App& root, Action& chosen) {
  using namespace report_verb;
  CLI::App* group = add_group(
      root, "report", "tables for the public, and what fields are needed for",
      "tessera report cells counts.csv --rows school --columns grade --count n -o release-2026");
  add_cells(*group, chosen);
  add_report_necessity(*group, chosen);
}

}  // namespace tessera::cli
