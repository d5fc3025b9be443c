#include "engine/disclosure/release.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/csv.h"
#include "engine/disclosure/days_seen.h"
#include "engine/disclosure/pseudonyms.h"
#include "engine/disclosure/staff_profile.h"

namespace tessera::disclosure {

using ledger::Statement;

namespace {

Result<Card> require_agreed(Book& book, std::int64_t agreement, const Table& table, Day today) {
  TESSERA_TRY(Card card, find_agreement(book, agreement, today));
  if (card.status != "active")
    return Error{ErrorCode::conflict,
                 fmt::format("agreement {} is {}, not active: nothing is released without one",
                             agreement, card.status),
                 ""};
  TESSERA_CHECK(require_welcome(book, card.request.recipient, card.request.people, today));
  for (const std::string& field : table.fields)
    if (std::find(card.request.fields.begin(), card.request.fields.end(), field) ==
        card.request.fields.end())
      return Error{ErrorCode::conflict,
                   fmt::format("agreement {} does not name the column '{}': take it out, or amend "
                               "the agreement",
                               agreement, field),
                   ""};
  if (card.request.basis == kOpenRecords && !table.staff_alone)
    return Error{
        ErrorCode::conflict,
        fmt::format("agreement {} opens records of staff alone, and a state ID of this table "
                    "is none of the registry's staff; name the registry with --registry",
                    agreement),
        ""};
  return card;
}

Result<Card> require_allowed(Book& book, std::int64_t agreement, const Table& table,
                             Audience audience, const std::vector<Day>& days) {
  const std::size_t students = table.students().size();
  if (students == 0) return Error{ErrorCode::conflict, "the table has no lines", ""};
  if (audience == Audience::parent && students != 1)
    return Error{ErrorCode::conflict,
                 fmt::format("a parent's file holds one child; this one holds {}", students), ""};
  Card card;
  for (const Day day : days) {
    TESSERA_TRY(card, require_agreed(book, agreement, table, day));
  }
  return card;
}

struct Stored {
  std::int64_t agreement = 0;
  Sha256 content{};
  std::int64_t students = 0;
  Audience audience = Audience::organisation;
  bool approved = false;
  bool made = false;
};

Result<Stored> find_release(Book& book, std::int64_t release) {
  TESSERA_TRY(Statement find,
              book.database().prepare("SELECT agreement, content, students, audience, approved_by, "
                                      "made_on FROM release WHERE id = ?1"));
  TESSERA_TRY(const bool there, find.bind(1, release).step());
  if (!there)
    return Error{ErrorCode::conflict,
                 "no release of that number; 'tessera release list' shows them",
                 book.database().path()};
  Stored s;
  s.agreement = find.integer(0);
  if (find.blob(1).size() == 32) std::copy_n(find.blob(1).begin(), 32, s.content.begin());
  s.students = find.integer(2);
  s.audience = find.text(3) == "parent" ? Audience::parent : Audience::organisation;
  s.approved = !find.is_null(4);
  s.made = !find.is_null(5);
  find.reset();
  return s;
}

std::string coded_csv(const Table& table, const std::vector<std::string>& code_of_line) {
  std::string out;
  std::vector<std::string_view> line{"code"};
  line.insert(line.end(), table.fields.begin(), table.fields.end());
  csv::append_row(out, line);
  // In the order of the codes: the order of the lines could say who they are.
  std::vector<std::size_t> order(code_of_line.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return code_of_line[a] < code_of_line[b]; });
  for (const std::size_t i : order) {
    line.assign(1, code_of_line[i]);
    line.insert(line.end(), table.cells[i].begin(), table.cells[i].end());
    csv::append_row(out, line);
  }
  return out;
}

Result<void> write_accounting(Book& book, std::int64_t release,
                              const std::vector<std::uint64_t>& students) {
  TESSERA_TRY(Statement add, book.database().prepare("INSERT INTO disclosed VALUES(?1, ?2)"));
  for (const std::uint64_t id : students)
    TESSERA_CHECK(add.bind(1, static_cast<std::int64_t>(id)).bind(2, release).run());
  return {};
}

Result<void> write_artefact(Book& book, std::int64_t release, const std::string& name,
                            const ArtefactKey& key, Day expires, const Act& act) {
  TESSERA_TRY(Statement add,
              book.database().prepare("INSERT INTO artefact VALUES(?1, ?2, ?3, 0, NULL, ?4)"));
  const std::string until = to_text(expires);
  add.bind(1, std::string_view(name)).bind(2, release).bind(3, std::string_view(until));
  TESSERA_CHECK(add.bind(4, ByteView(key.reveal())).run());
  TESSERA_TRY(Statement set, book.database().prepare(
                                 "UPDATE release SET made_by = ?2, made_on = ?3 WHERE id = ?1"));
  const std::string day = to_text(act.day);
  return set.bind(1, release)
      .bind(2, std::string_view(act.by))
      .bind(3, std::string_view(day))
      .run();
}

}  // namespace

Result<Proposal> propose(Book& book, std::int64_t agreement, const Table& table, Audience audience,
                         const Act& act) {
  TESSERA_TRY(const std::vector<Day> days,
              days_to_judge_by(book, act.day, {"approve", "agreement", agreement}));
  TESSERA_TRY(const Card card, require_allowed(book, agreement, table, audience, days));
  TESSERA_TRY(const Settings settings, book.settings());
  Proposal p;
  p.agreement = agreement;
  p.recipient = card.request.recipient;
  p.people = card.request.people;
  p.fields = table.fields;
  p.lines = static_cast<std::int64_t>(table.state_id.size());
  p.students = static_cast<std::int64_t>(table.students().size());
  p.needs_second = p.students > settings.two_persons_above;
  TESSERA_TRY(p.release, book.database().integer("SELECT coalesce(max(id), 0) + 1 FROM release"));
  const auto changes = [&]() -> Result<void> {
    TESSERA_TRY(Statement add,
                book.database().prepare(
                    "INSERT INTO release(id, agreement, content, fields, lines, students, "
                    "audience, proposed_by, proposed_on) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
                    "?9)"));
    const std::string fields = list_text(p.fields);
    const std::string day = to_text(act.day);
    add.bind(1, p.release).bind(2, agreement).bind(3, ByteView(table.content));
    add.bind(4, std::string_view(fields)).bind(5, p.lines).bind(6, p.students);
    add.bind(7, std::string_view(audience == Audience::parent ? "parent" : "organisation"));
    return add.bind(8, std::string_view(act.by)).bind(9, std::string_view(day)).run();
  };
  TESSERA_CHECK(book.change("propose",
                            {{"agreement", agreement},
                             {"content", to_hex(table.content)},
                             {"release", p.release},
                             {"students", p.students}},
                            act, changes));
  return p;
}

Result<void> approve_release(Book& book, std::int64_t release, const Act& act) {
  TESSERA_TRY(const Stored stored, find_release(book, release));
  if (stored.made) return Error{ErrorCode::conflict, "the release is made already", ""};
  TESSERA_TRY(Statement who,
              book.database().prepare("SELECT proposed_by FROM release WHERE id = ?1"));
  TESSERA_TRY(const bool there, who.bind(1, release).step());
  const bool same = there && who.text(0) == act.by;
  who.reset();
  if (same)
    return Error{ErrorCode::conflict,
                 "who proposed a release cannot approve it: a second person must", ""};
  return book.change("approve_release", {{"release", release}}, act, [&]() -> Result<void> {
    TESSERA_TRY(Statement set,
                book.database().prepare("UPDATE release SET approved_by = ?2 WHERE id = ?1"));
    return set.bind(1, release).bind(2, std::string_view(act.by)).run();
  });
}

Result<Made> make_release(Book& book, std::int64_t release, const Table& table, Day expires,
                          Random& random, const Act& act) {
  TESSERA_TRY(const Stored stored, find_release(book, release));
  if (stored.made) return Error{ErrorCode::conflict, "the release is made already", ""};
  if (stored.content != table.content)
    return Error{ErrorCode::conflict,
                 "the table is not the one that was proposed; propose it again", ""};
  TESSERA_TRY(const std::vector<Day> days,
              days_to_judge_by(book, act.day, {"approve", "agreement", stored.agreement}));
  TESSERA_TRY(const Card card,
              require_allowed(book, stored.agreement, table, stored.audience, days));
  TESSERA_TRY(const Settings settings, book.settings());
  if (stored.students > settings.two_persons_above && !stored.approved)
    return Error{ErrorCode::conflict,
                 fmt::format("a release of more than {} students needs a second person: 'tessera "
                             "release approve {} --by ANOTHER'",
                             settings.two_persons_above, release),
                 ""};
  if (expires < act.day || card.request.ends < expires)
    return Error{ErrorCode::conflict,
                 fmt::format("an artefact expires between today and the agreement's end, {}",
                             to_text(card.request.ends)),
                 ""};
  Made made;
  made.name = draw_artefact_name(random);
  ArtefactKey key;
  random.fill(key.fill());
  std::vector<std::string> codes;
  const auto changes = [&]() -> Result<void> {
    TESSERA_TRY(codes, codes_for(book, card.request.project, table.state_id, random));
    TESSERA_CHECK(write_accounting(book, release, table.students()));
    return write_artefact(book, release, made.name, key, expires, act);
  };
  TESSERA_CHECK(book.change(
      "release", {{"artefact", made.name}, {"release", release}, {"students", stored.students}},
      act, changes));
  made.file = seal_artefact(made.name, key, coded_csv(table, codes));
  return made;
}

}  // namespace tessera::disclosure
