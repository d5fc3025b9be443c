// tessera desk: what the state asks of owners, what came of it, and the status board.
#include <algorithm>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/gated_verb.h"
#include "cli/group.h"
#include "cli/table.h"
#include "cli/verb.h"
#include "engine/core/day.h"
#include "engine/core/file.h"
#include "engine/desk/board.h"

namespace tessera::cli {
namespace desk_verb {
namespace {

struct Options {
  std::string registry, owner, people = "student", collection, what, due, id_text, word;
  std::string calendar, day, html;
  std::int64_t request = 0;
  bool json = false, force = false;
  Gate gate;
};

access::People people_of(const std::string& name) {
  return name == "staff" ? access::People::staff : access::People::students;
}

Result<registry::Registry> open_registry(const Options& o) {
  return registry::Registry::open(o.registry, registry::Access::read);
}

Result<desk::Desk> desk_for_change(const Options& o) {
  TESSERA_TRY(const registry::Registry r, open_registry(o));
  return desk::Desk::open_or_make(desk::desk_path(o.registry), r.name());
}

// In the account's name; in a registry without accounts nobody's.
desk::Act act_of(const Options& o, const Pass& pass) {
  return {pass.enforced() ? pass.account() : "-", access::day_of(o.gate.now())};
}

Result<int> direct(const Options& o) {
  TESSERA_TRY(const Pass pass,
              o.gate.ask(o.registry, "desk direct", {o.owner, people_of(o.people)}));
  TESSERA_TRY(desk::Desk desk, desk_for_change(o));
  TESSERA_TRY(const std::int64_t id,
              desk::direct_resubmission(desk, o.owner, o.people, o.collection, o.what, o.due,
                                        act_of(o, pass)));
  fmt::print("request {}: {} is to send {} again by {}\n", id, o.owner, o.collection, o.due);
  return kDone;
}

Result<int> amend(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "desk amend"));
  TESSERA_TRY(const registry::StateId id, registry::parse_state_id(o.id_text));
  TESSERA_TRY(registry::Registry r, open_registry(o));
  TESSERA_TRY(desk::Desk desk, desk_for_change(o));
  TESSERA_TRY(const std::int64_t number,
              desk::ask_amendment(desk, r, id, o.owner, o.what, o.due, act_of(o, pass)));
  TESSERA_TRY(const desk::Request made, desk::request(desk, number));
  TESSERA_CHECK(pass.answered({.fields = {"owner"}, .ids = {made.about}, .rows = 1}));
  fmt::print("request {}: goes to {}, due {}\n", number, made.owner, made.due);
  return kDone;
}

// A request that the asker has no grant for is one that does not exist.
Result<void> require_own(desk::Desk& desk, const Options& o, const Pass& pass) {
  TESSERA_TRY(const desk::Request r, desk::request(desk, o.request));
  if (pass.level_for(r.owner, people_of(r.people)) != 0) return {};
  return Error{ErrorCode::conflict, "there is no such request", ""};
}

Result<int> answer(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "desk answer"));
  TESSERA_TRY(desk::Desk desk, desk_for_change(o));
  TESSERA_CHECK(require_own(desk, o, pass));
  TESSERA_CHECK(desk::answer(desk, o.request, o.word, act_of(o, pass)));
  fmt::print("request {} is answered\n", o.request);
  return kDone;
}

Result<int> close(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "desk close"));
  TESSERA_TRY(desk::Desk desk, desk_for_change(o));
  TESSERA_CHECK(desk::close(desk, o.request, o.word, act_of(o, pass)));
  fmt::print("request {} is closed\n", o.request);
  return kDone;
}

// The desk if anything was ever asked.
Result<std::optional<desk::Desk>> desk_if_any(const Options& o, const registry::Registry& r) {
  const std::string path = desk::desk_path(o.registry);
  if (!file_exists(path)) return std::optional<desk::Desk>();
  TESSERA_TRY(desk::Desk desk, desk::Desk::open(path, r.name()));
  return std::optional<desk::Desk>(std::move(desk));
}

Result<int> list(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "desk list", {o.owner}));
  TESSERA_TRY(const registry::Registry r, open_registry(o));
  TESSERA_TRY(auto desk, desk_if_any(o, r));
  AnswerTable table{{"request", "kind", "owner", "people", "about", "what", "due", "opened",
                     "state", "answer", "answered", "outcome", "closed"},
                    {}};
  std::vector<desk::Request> all;
  if (desk) {
    TESSERA_TRY(all, desk::requests(*desk, o.owner));
  }
  std::vector<std::string> ids;
  bool overdue = false;
  const std::string today = access::day_of(o.gate.now());
  for (const desk::Request& q : all) {
    if (pass.level_for(q.owner, people_of(q.people)) == 0) continue;
    overdue = overdue || (q.state == "open" && q.due < today);
    if (q.kind == "amendment") ids.push_back(q.about);
    table.rows.push_back({std::to_string(q.id), q.kind, q.owner, q.people, q.about, q.what, q.due,
                          q.opened_on, q.state, q.answer, q.answered_on, q.outcome, q.closed_on});
  }
  TESSERA_CHECK(show_table(pass, "desk list", std::move(table), o.json, std::move(ids)));
  return overdue ? kAttention : kDone;
}

AnswerTable table_of(const std::vector<desk::BoardRow>& rows) {
  AnswerTable table{{"owner", "collection", "people", "dictionary", "due", "status", "last_day",
                     "files", "records", "held", "waiting", "request", "request_due"},
                    {}};
  for (const desk::BoardRow& b : rows)
    table.rows.push_back({b.owner, b.collection, b.people, b.dictionary, b.due, b.status,
                          b.last_day, std::to_string(b.files), std::to_string(b.records),
                          std::to_string(b.held), std::to_string(b.waiting),
                          b.request == 0 ? "" : std::to_string(b.request), b.request_due});
  return table;
}

Result<int> show_board(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "desk board"));
  TESSERA_TRY(const std::string text, read_file(o.calendar, std::size_t{1} << 20));
  TESSERA_TRY(const desk::Calendar calendar, desk::read_calendar(text, o.calendar));
  const std::string today = o.day.empty() ? access::day_of(o.gate.now()) : o.day;
  if (!is_day(today)) return Error{ErrorCode::usage, "--day is a day, YYYY-MM-DD", ""};
  TESSERA_TRY(registry::Registry r, open_registry(o));
  TESSERA_TRY(auto desk, desk_if_any(o, r));
  TESSERA_TRY(auto rows, desk::board(r, desk ? &*desk : nullptr, calendar, today));
  std::erase_if(rows, [&](const desk::BoardRow& b) {
    return pass.level_for(b.owner, people_of(b.people)) == 0;
  });
  const bool behind = std::ranges::any_of(rows, [](const desk::BoardRow& b) {
    return b.status == "missing" || b.status == "rejected";
  });
  const std::string page = o.html.empty() ? "" : desk::board_page(rows, calendar, today);
  TESSERA_CHECK(show_table(pass, "desk board", table_of(rows), o.json));
  if (!page.empty()) TESSERA_CHECK(write_file(o.html, page, {.force = o.force}));
  return behind ? kAttention : kDone;
}

CLI::App* add(CLI::App& group, Action& chosen, const std::shared_ptr<Options>& o, const char* name,
              const char* help, Result<int> (*run)(const Options&), const char* footer) {
  CLI::App* verb = add_gated_verb(group, chosen, name, help, "--registry", o, run);
  verb->footer(footer);
  return verb;
}

void add_asking(CLI::App& group, Action& chosen, const std::shared_ptr<Options>& o) {
  CLI::App* verb = add(
      group, chosen, o, "direct", "direct an owner to send a collection again", direct,
      "Example:\n  tessera desk direct --registry state.db --owner south --collection fall-2026 "
      "--what 'grades are empty' --due 2026-10-20\nExit status: 0 done, 2 usage, 6 refused.");
  verb->add_option("--owner", o->owner, "of whom")->required();
  verb->add_option("--collection", o->collection, "which, as the calendar calls it")->required();
  verb->add_option("--people", o->people, "student or staff")->capture_default_str();
  CLI::App* amendment = add(
      group, chosen, o, "amend", "route a person's request for a correction to whoever sent it",
      amend,
      "Example:\n  tessera desk amend 1234567894 --registry state.db --what 'birth date, case 17' "
      "--due 2026-12-01\nThe owner that holds the record gets it; where several do, --owner says "
      "which.\nExit status: 0 done, 2 usage, 6 refused, or nobody to route it to.");
  amendment->add_option("ID", o->id_text, "state ID")->required();
  amendment->add_option("--owner", o->owner, "whose record is wrong");
  for (CLI::App* v : {verb, amendment}) {
    v->add_option("--what", o->what, "what is wrong: a field's name, a case number; never a value")
        ->required();
    v->add_option("--due", o->due, "day by which an answer is due")->required();
  }
}

}  // namespace
}  // namespace desk_verb

void add_desk(CLI::App& root, Action& chosen) {
  using namespace desk_verb;
  CLI::App* group =
      add_group(root, "desk", "what is due from owners, what came, what was asked of them",
                "tessera desk board --registry state.db --calendar calendar.json");
  auto o = std::make_shared<Options>();
  add_asking(*group, chosen, o);
  CLI::App* verb = add(*group, chosen, o, "answer", "an owner's answer to a request", answer,
                       "Example:\n  tessera desk answer 3 --registry state.db --say corrected\n"
                       "Exit status: 0 done, 2 usage, 6 refused, or not open.");
  verb->add_option("REQUEST", o->request, "number of the request")->required();
  verb->add_option("--say", o->word, "corrected, or declined and why; never a value")->required();
  verb = add(*group, chosen, o, "close", "the state's last word on a request", close,
             "Example:\n  tessera desk close 3 --registry state.db --outcome 'seen in the next "
             "file'\nExit status: 0 done, 2 usage, 6 refused, or closed before.");
  verb->add_option("REQUEST", o->request, "number of the request")->required();
  verb->add_option("--outcome", o->word, "how it ended")->required();
  verb = add(*group, chosen, o, "list", "every request with its state, as CSV", list,
             "Example:\n  tessera desk list --registry state.db\nExit status: 0 done, 1 an answer "
             "is overdue, 3 io, 6 refused.");
  verb->add_option("--owner", o->owner, "of this owner only");
  verb->add_flag("--json", o->json, "as JSON");
  verb = add(*group, chosen, o, "board", "status of each owner and collection", show_board,
             "Example:\n  tessera desk board --registry state.db --calendar calendar.json --html "
             "board.html\nExit status: 0 done, 1 something is missing or rejected, 3 io, 4 no "
             "calendar, 6 refused.");
  verb->add_option("--calendar", o->calendar, "the data calendar: collections, days, dictionaries")
      ->required();
  verb->add_option("--day", o->day, "as of this day (default: today, UTC)");
  verb->add_option("--html", o->html, "page to write as well");
  verb->add_flag("--json", o->json, "as JSON");
  verb->add_flag("--force", o->force, "replace an existing page");
}

}  // namespace tessera::cli
