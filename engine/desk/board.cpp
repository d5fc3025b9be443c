#include "engine/desk/board.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "engine/core/page.h"

namespace tessera::desk {
namespace {

using registry::Registry;

struct Came {
  std::int64_t batch = 0;
  std::string day;
  std::int64_t records = 0;
};
using Of = std::pair<std::string, std::string>;  // owner, people

std::string people_of(std::int64_t population) {
  return population == static_cast<std::int64_t>(encoded::Population::staff) ? "staff" : "student";
}

Result<std::map<Of, std::vector<Came>>> submissions(Registry& registry) {
  TESSERA_TRY(auto s, registry.database().prepare(
                          "SELECT o.name, s.population, s.batch, ifnull(s.day, ''), s.records FROM "
                          "submission s JOIN owner o ON o.id = s.owner ORDER BY s.batch"));
  std::map<Of, std::vector<Came>> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    out[{std::string(s.text(0)), people_of(s.integer(1))}].push_back(
        {s.integer(2), std::string(s.text(3)), s.integer(4)});
  }
}

// How many rows of a table of alarms or reviews each owner's records have, by batch.
Result<std::map<std::pair<Of, std::int64_t>, std::int64_t>> counts(Registry& registry,
                                                                   std::string_view table) {
  TESSERA_TRY(auto s, registry.database().prepare(fmt::format(
                          "SELECT o.name, r.population, t.batch, count(*) FROM {} t JOIN record r "
                          "ON r.id = t.record JOIN owner o ON o.id = r.owner GROUP BY 1, 2, 3",
                          table)));
  std::map<std::pair<Of, std::int64_t>, std::int64_t> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    out[{{std::string(s.text(0)), people_of(s.integer(1))}, s.integer(2)}] = s.integer(3);
  }
}

// The newest resubmission that is directed and not closed.
const Request* directed(const std::vector<Request>& all, const BoardRow& row) {
  const Request* newest = nullptr;
  for (const Request& r : all)
    if (r.kind == "resubmission" && r.state != "closed" && r.owner == row.owner &&
        r.about == row.collection)
      newest = &r;
  return newest;
}

std::string status_of(const Collection& c, const std::string& first, const std::string& last,
                      const Request* asked, const std::string& today) {
  // A file of the same day came before the state looked at it.
  if (asked != nullptr) return last > asked->opened_on ? "resubmitted" : "rejected";
  if (!last.empty()) return first > c.due ? "late" : "received";
  if (today < c.opens) return "not open";
  return today <= c.due ? "open" : "missing";
}

}  // namespace

Result<std::vector<BoardRow>> board(Registry& registry, Desk* desk, const Calendar& calendar,
                                    const std::string& today) {
  TESSERA_TRY(const auto came, submissions(registry));
  TESSERA_TRY(const auto held, counts(registry, "alarm"));
  TESSERA_TRY(const auto waiting, counts(registry, "(SELECT * FROM review WHERE state = 1)"));
  std::vector<Request> asked;
  if (desk != nullptr) {
    TESSERA_TRY(asked, requests(*desk, ""));
  }
  const auto count = [](const auto& table, const Of& of, std::int64_t batch) {
    const auto at = table.find({of, batch});
    return at == table.end() ? 0 : at->second;
  };
  std::vector<BoardRow> out;
  for (const std::string& owner : calendar.owners)
    for (const Collection& c : calendar.collections) {
      BoardRow row{owner, c.name, c.people, c.dictionary, c.due, "", "", 0, 0, 0, 0, 0, ""};
      const Of of{owner, c.people};
      std::string first;
      const auto mine = came.find(of);
      for (const Came& one : mine == came.end() ? std::vector<Came>() : mine->second) {
        if (one.day < c.opens || one.day > c.closes) continue;
        if (row.files++ == 0) first = one.day;
        row.last_day = one.day;
        row.records = one.records;
        row.held += count(held, of, one.batch);
        row.waiting += count(waiting, of, one.batch);
      }
      const Request* r = directed(asked, row);
      if (r != nullptr) {
        row.request = r->id;
        row.request_due = r->due;
      }
      row.status = status_of(c, first, row.last_day, r, today);
      out.push_back(std::move(row));
    }
  return out;
}

std::string board_page(const std::vector<BoardRow>& rows, const Calendar& calendar,
                       const std::string& today) {
  std::string out = open_page("Status of collections on " + today);
  PageTable dates("Data calendar", {"Collection", "Of", "Opens", "Due", "Closes", "Dictionary"},
                  PageTable::Of::words);
  for (const Collection& c : calendar.collections)
    dates.row({c.name, c.people, c.opens, c.due, c.closes, c.dictionary});
  PageTable versions("Dictionary versions", {"Dictionary", "Schema digest", "Taken until"},
                     PageTable::Of::words);
  for (const Dictionary& d : calendar.dictionaries) versions.row({d.name, d.schema, d.until});
  PageTable table("What has come",
                  {"Owner", "Collection", "Status", "Newest file", "Files", "Records", "Held",
                   "Waiting", "Resubmission by"},
                  PageTable::Of::words);
  for (const BoardRow& r : rows)
    table.row({r.owner, r.collection, r.status, r.last_day, std::to_string(r.files),
               std::to_string(r.records), std::to_string(r.held), std::to_string(r.waiting),
               r.request_due});
  return out + table.done() + dates.done() + versions.done() + std::string(kClosePage);
}

}  // namespace tessera::desk
