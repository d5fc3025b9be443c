#include "engine/desk/request.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/day.h"
#include "engine/registry/history.h"

namespace tessera::desk {

using ledger::Statement;

namespace {

Result<void> check_text(const std::string& text, std::string_view name) {
  const auto printable = [](char c) { return static_cast<unsigned char>(c) >= 32 && c != 127; };
  if (!text.empty() && text.size() <= 200 && std::ranges::all_of(text, printable)) return {};
  return Error{ErrorCode::usage,
               fmt::format("{} is 1 to 200 printable characters; it stays for ever, so give a "
                           "field's name or a case number, never a value",
                           name),
               ""};
}

Result<std::int64_t> open_request(Desk& desk, const Request& r, const Act& act) {
  TESSERA_CHECK(check_text(r.what, "--what"));
  TESSERA_CHECK(check_text(r.about, "what it is about"));
  TESSERA_CHECK(check_text(r.owner, "--owner"));
  if (!is_day(r.due)) return Error{ErrorCode::usage, "--due is a day, YYYY-MM-DD", ""};
  if (r.due < act.day) return Error{ErrorCode::usage, "--due lies in the past", ""};
  if (r.people != "student" && r.people != "staff")
    return Error{ErrorCode::usage, "--people is student or staff", ""};
  std::int64_t id = 0;
  json::Object body = {{"kind", r.kind},   {"owner", r.owner}, {"people", r.people},
                       {"about", r.about}, {"what", r.what},   {"due", r.due}};
  const auto made = desk.change("request", std::move(body), act, [&]() -> Result<void> {
    TESSERA_TRY(Statement s,
                desk.database().prepare(
                    "INSERT INTO request(kind, owner, people, about, what, due, opened_on, "
                    "opened_by, state, answer, answered_on, answered_by, outcome, closed_on, "
                    "closed_by) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'open', '', '', '', '', '', "
                    "'')"));
    s.bind(1, r.kind).bind(2, r.owner).bind(3, r.people).bind(4, r.about).bind(5, r.what);
    TESSERA_CHECK(s.bind(6, r.due).bind(7, act.day).bind(8, act.by).run());
    id = desk.database().last_rowid();
    return {};
  });
  if (!made) return made.error();
  return id;
}

constexpr std::string_view kColumns =
    "SELECT id, kind, owner, people, about, what, due, opened_on, opened_by, state, answer, "
    "answered_on, answered_by, outcome, closed_on, closed_by FROM request";

Request read(const Statement& s) {
  const auto text = [&s](int column) { return std::string(s.text(column)); };
  return {s.integer(0), text(1), text(2),  text(3),  text(4),  text(5),  text(6),  text(7),
          text(8),      text(9), text(10), text(11), text(12), text(13), text(14), text(15)};
}

}  // namespace

Result<std::int64_t> direct_resubmission(Desk& desk, const std::string& owner,
                                         const std::string& people, const std::string& collection,
                                         const std::string& what, const std::string& due,
                                         const Act& act) {
  Request r;
  r.kind = "resubmission";
  r.owner = owner;
  r.people = people;
  r.about = collection;
  r.what = what;
  r.due = due;
  return open_request(desk, r, act);
}

Result<std::int64_t> ask_amendment(Desk& desk, registry::Registry& registry, registry::StateId id,
                                   const std::string& owner, const std::string& what,
                                   const std::string& due, const Act& act) {
  TESSERA_TRY(const auto card, registry::find_id(registry, id));
  if (!card) return Error{ErrorCode::conflict, "this registry never issued that state ID", ""};
  Request r;
  r.kind = "amendment";
  r.about = registry::to_text(id);
  r.people = card->space == registry::Space::staff ? "staff" : "student";
  for (const registry::OwnerCount& holder : card->records)
    if (owner.empty() ? card->records.size() == 1 : holder.owner == owner) r.owner = holder.owner;
  if (r.owner.empty())
    return Error{ErrorCode::conflict,
                 owner.empty() ? "several owners, or none, hold records of this ID: say with "
                                 "--owner whose record is wrong"
                               : "this owner holds no record of that ID",
                 ""};
  r.what = what;
  r.due = due;
  return open_request(desk, r, act);
}

Result<void> answer(Desk& desk, std::int64_t id, const std::string& text, const Act& act) {
  TESSERA_CHECK(check_text(text, "the answer"));
  TESSERA_TRY(const Request r, request(desk, id));
  if (r.state != "open") return Error{ErrorCode::conflict, "this request is not open", ""};
  return desk.change("answer", {{"request", id}, {"answer", text}}, act, [&]() -> Result<void> {
    TESSERA_TRY(Statement s, desk.database().prepare(
                                 "UPDATE request SET state = 'answered', answer = ?2, answered_on "
                                 "= ?3, answered_by = ?4 WHERE id = ?1"));
    return s.bind(1, id).bind(2, text).bind(3, act.day).bind(4, act.by).run();
  });
}

Result<void> close(Desk& desk, std::int64_t id, const std::string& outcome, const Act& act) {
  TESSERA_CHECK(check_text(outcome, "--outcome"));
  TESSERA_TRY(const Request r, request(desk, id));
  if (r.state == "closed") return Error{ErrorCode::conflict, "this request is closed", ""};
  return desk.change("close", {{"request", id}, {"outcome", outcome}}, act, [&]() -> Result<void> {
    TESSERA_TRY(Statement s, desk.database().prepare(
                                 "UPDATE request SET state = 'closed', outcome = ?2, closed_on = "
                                 "?3, closed_by = ?4 WHERE id = ?1"));
    return s.bind(1, id).bind(2, outcome).bind(3, act.day).bind(4, act.by).run();
  });
}

Result<std::vector<Request>> requests(Desk& desk, const std::string& owner) {
  TESSERA_TRY(Statement s, desk.database().prepare(std::string(kColumns) + " ORDER BY id"));
  std::vector<Request> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    Request r = read(s);
    if (owner.empty() || r.owner == owner) out.push_back(std::move(r));
  }
}

Result<Request> request(Desk& desk, std::int64_t id) {
  TESSERA_TRY(Statement s, desk.database().prepare(std::string(kColumns) + " WHERE id = ?1"));
  TESSERA_TRY(const bool row, s.bind(1, id).step());
  if (!row) return Error{ErrorCode::conflict, "there is no such request", ""};
  return read(s);
}

}  // namespace tessera::desk
