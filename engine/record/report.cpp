// The report as JSON, as sentences and as a rejects file.
#include "engine/record/report.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "engine/core/csv.h"

namespace tessera::record {
namespace {

json::Value findings_of(const Tally& tally) {
  json::Array found;
  for (std::size_t i = 1; i < kFindings; ++i) {
    if (tally.count[i] == 0) continue;
    const auto finding = static_cast<Finding>(i);
    json::Value entry;
    entry.set("finding", name_of(finding));
    entry.set("count", tally.count[i]);
    entry.set("missing", makes_missing(finding));
    entry.set("first_line", static_cast<std::uint64_t>(tally.first_line[i]));
    entry.set("remedy", remedy_of(finding));
    found.push_back(std::move(entry));
  }
  return found;
}

std::string day_of(const Report& report) {
  const Date& d = report.today;
  return fmt::format("{:04}-{:02}-{:02}", d.year, d.month, d.day);
}

}  // namespace

std::string_view name_of(SourceKind kind) {
  switch (kind) {
    case SourceKind::automatic:
      return "automatic";
    case SourceKind::csv:
      return "csv";
    case SourceKind::oneroster:
      return "oneroster";
    case SourceKind::wage:
      return "wage";
  }
  return "automatic";
}

json::Value to_json(const Report& report) {
  json::Value out;
  out.set("source", report.source);
  out.set("kind", name_of(report.kind));
  out.set("day", report.today.year == 0 ? json::Value() : json::Value(day_of(report)));
  out.set("rows", report.rows);
  out.set("records", report.records);
  json::Value rejected;
  for (const RowRule rule : kRowRules)
    rejected.set(name_of(rule), static_cast<std::uint64_t>(
                                    std::ranges::count(report.rejects, rule, &Reject::rule)));
  out.set("rejected", std::move(rejected));
  json::Value skipped;
  skipped.set("to_be_deleted", report.to_be_deleted);
  skipped.set("other_roles", report.other_roles);
  skipped.set("other_types", report.other_types);
  out.set("skipped", std::move(skipped));
  json::Value states;
  states.set("provided", report.provided);
  states.set("declined", report.declined);
  states.set("not_asked", report.not_asked);
  states.set("not_available", report.not_available);
  out.set("ssn_states", std::move(states));
  json::Array fields;
  for (const FieldReport& f : report.fields) {
    json::Value entry;
    entry.set("field", f.field);
    json::Array columns;
    for (const std::string& c : f.columns) columns.emplace_back(c);
    entry.set("columns", std::move(columns));
    entry.set("known", f.known);
    entry.set("missing", report.records - f.known);
    entry.set("findings", findings_of(f.findings));
    fields.push_back(std::move(entry));
  }
  out.set("fields", std::move(fields));
  return out;
}

std::string to_text(const Report& report) {
  std::string out = fmt::format("{} records from {} rows ({})\n", report.records, report.rows,
                                name_of(report.kind));
  if (!report.rejects.empty())
    out += fmt::format("{} rows rejected{}\n{}", report.rejects.size(), by_rule(report.rejects),
                       to_text(report.rejects));
  if (report.to_be_deleted + report.other_roles + report.other_types > 0)
    out +=
        fmt::format("skipped: {} marked for deletion, {} with another role, {} of another type\n",
                    report.to_be_deleted, report.other_roles, report.other_types);
  for (const FieldReport& f : report.fields) {
    if (f.columns.empty()) out += fmt::format("{}: no column holds it\n", f.field);
    for (std::size_t i = 1; i < kFindings; ++i) {
      if (f.findings.count[i] == 0) continue;
      const auto finding = static_cast<Finding>(i);
      out += fmt::format("{}: {} {}, first in line {} ({}{})\n", f.field, f.findings.count[i],
                         name_of(finding), f.findings.first_line[i],
                         makes_missing(finding) ? "read as missing; " : "", remedy_of(finding));
    }
  }
  if (std::ranges::any_of(report.fields, [](const FieldReport& f) {
        return f.findings.of(Finding::implausible_age) > 0;
      }))
    out += fmt::format("ages are those of {}\n", day_of(report));
  return out;
}

std::string to_text(const std::vector<Reject>& rejects) {
  constexpr std::size_t kShown = 5;
  std::string out;
  for (const Reject& r : std::span(rejects).first(std::min(kShown, rejects.size())))
    out += fmt::format("  {}:{}: {}: {}\n", r.file, r.line, name_of(r.rule), r.remedy);
  if (rejects.size() > kShown) out += fmt::format("  and {} more\n", rejects.size() - kShown);
  return out;
}

std::string by_rule(const std::vector<Reject>& rejects) {
  std::string out;
  for (const RowRule rule : kRowRules)
    if (const auto n = std::ranges::count(rejects, rule, &Reject::rule); n > 0)
      out += fmt::format(", {} {}", n, name_of(rule));
  return out;
}

std::string rejects_csv(const std::vector<Reject>& rejects) {
  std::string out = "file,line,rule,remedy\n";
  for (const Reject& r : rejects)
    csv::append_row(out, {r.file, std::to_string(r.line), name_of(r.rule), r.remedy});
  return out;
}

}  // namespace tessera::record
