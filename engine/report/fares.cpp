#include "engine/report/fares.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "engine/core/html.h"
#include "engine/core/page.h"
#include "engine/report/figures.h"

namespace tessera::report {
namespace {

using Cells = PageTable::Cells;

const std::string kFew = fmt::format("<{}", kSmallestGroup);

std::string count(std::uint64_t n) { return n < kSmallestGroup ? kFew : whole(n); }

// A count and its share of `of`.
std::string part(std::uint64_t n, std::uint64_t of) {
  return n < kSmallestGroup ? kFew : fmt::format("{} ({})", whole(n), share(n, of));
}

Cells head_of(const Fares& f, const std::string& column) {
  Cells out{column, "records", "covered", "linked"};
  if (f.registry) out.emplace_back("... via another");
  out.insert(out.end(), {"near", "alone"});
  return out;
}

Cells cells_of(const Fares& f, const FareRow& r) {
  Cells out{r.value, count(r.records()), part(r.covered(), r.records()),
            part(r.linked(), r.covered())};
  if (f.registry) out.push_back(part(r.of(Fare::through), r.covered()));
  out.push_back(part(r.of(Fare::near), r.covered()));
  out.push_back(part(r.of(Fare::alone), r.covered()));
  return out;
}

std::string explained(const Fares& f) {
  return fmt::format(
      "Covered: has the fields of a pass at least. Shares of what follows are of the covered. "
      "Linked from {}; near: not linked, though a candidate reaches {}. Counts below {} are not "
      "shown, but who subtracts finds some of them: for the linkage unit, not to publish.",
      threshold(f.threshold), threshold(f.look), kSmallestGroup);
}

void lines(std::string& out, const Cells& cells) {
  out += fmt::format("{:<28}", cells[0]);
  for (std::size_t i = 1; i < cells.size(); ++i) out += fmt::format(" {:>18}", cells[i]);
  out += "\n";
}

json::Value shown(std::uint64_t n) {
  return n < kSmallestGroup ? json::Value(kFew) : json::Value(n);
}

json::Value row_json(const Fares& f, const FareRow& r) {
  const auto rate = [&](std::uint64_t n, std::uint64_t of) {
    return n < kSmallestGroup ? json::Value(kFew)
                              : json::Value(static_cast<double>(n) / static_cast<double>(of));
  };
  json::Object out{{"value", r.value},
                   {"records", shown(r.records())},
                   {"covered", shown(r.covered())},
                   {"covered_share", rate(r.covered(), r.records())},
                   {"linked", shown(r.linked())},
                   {"linked_share", rate(r.linked(), r.covered())}};
  if (f.registry) {
    out.emplace_back("through", shown(r.of(Fare::through)));
    out.emplace_back("through_share", rate(r.of(Fare::through), r.covered()));
  }
  out.emplace_back("near", shown(r.of(Fare::near)));
  out.emplace_back("near_share", rate(r.of(Fare::near), r.covered()));
  out.emplace_back("alone", shown(r.of(Fare::alone)));
  return out;
}

}  // namespace

std::uint64_t FareRow::records() const {
  return std::accumulate(count.begin(), count.end(), std::uint64_t{0});
}

Fares tally_fares(std::span<const Fare> fares, std::span<const Grouping> groupings) {
  Fares out;
  out.all.value = "all";
  for (const Fare f : fares) ++out.all.count[static_cast<std::size_t>(f)];
  for (const Grouping& g : groupings) {
    FareTable& table = out.tables.emplace_back();
    table.column = g.column;
    for (const std::string& v : g.values) table.rows.emplace_back().value = v;
    for (std::size_t r = 0; r < fares.size(); ++r)
      ++table.rows[g.value[r]].count[static_cast<std::size_t>(fares[r])];
  }
  return out;
}

json::Value to_json(const Fares& f) {
  json::Array tables;
  for (const FareTable& t : f.tables) {
    json::Array rows;
    for (const FareRow& r : t.rows) rows.push_back(row_json(f, r));
    tables.push_back(json::Object{{"column", t.column}, {"rows", std::move(rows)}});
  }
  return json::Object{{"format", "tessera-link-report-1"},
                      {"threshold", f.threshold},
                      {"near_from", f.look},
                      {"all", row_json(f, f.all)},
                      {"tables", std::move(tables)}};
}

std::string to_table(const Fares& f) {
  std::string out;
  lines(out, head_of(f, ""));
  lines(out, cells_of(f, f.all));
  for (const FareTable& t : f.tables) {
    out += "\n";
    lines(out, head_of(f, "by " + t.column));
    for (const FareRow& r : t.rows) lines(out, cells_of(f, r));
  }
  return out + "\n" + explained(f) + "\n";
}

std::string to_page(const Fares& f, const std::string& title) {
  std::string out = open_page(title);
  out += fmt::format("<p>{}</p>\n", escape_html(explained(f)));
  out += PageTable("All records", head_of(f, "")).row(cells_of(f, f.all)).done();
  for (const FareTable& t : f.tables) {
    PageTable table("By " + t.column, head_of(f, t.column));
    for (const FareRow& r : t.rows) table.row(cells_of(f, r));
    out += table.done();
  }
  return out + std::string(kClosePage);
}

}  // namespace tessera::report
