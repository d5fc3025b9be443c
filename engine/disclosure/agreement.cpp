#include "engine/disclosure/agreement.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/disclosure/artefact.h"
#include "engine/disclosure/pseudonyms.h"
#include "engine/disclosure/staff_profile.h"

namespace tessera::disclosure {

using ledger::Statement;

namespace {

std::vector<std::string> list_of(std::string_view text) {
  std::vector<std::string> out;
  const Result<json::Value> parsed = json::parse(text, "disclosure book");
  if (!parsed || parsed->as_array() == nullptr) return out;
  for (const json::Value& item : *parsed->as_array())
    if (item.as_string() != nullptr) out.push_back(*item.as_string());
  return out;
}

// Of staff alone, and of them the columns that the profile opens.
Result<void> require_open(const Request& r) {
  if (r.basis != kOpenRecords || r.opens.empty())
    return Error{
        ErrorCode::usage,
        fmt::format("the basis {} and a profile of open staff records go together", kOpenRecords),
        ""};
  for (const std::string& field : r.fields)
    if (std::ranges::find(r.opens, field) == r.opens.end())
      return Error{
          ErrorCode::conflict,
          fmt::format("the profile of open staff records does not list the column '{}'", field),
          ""};
  return {};
}

Result<void> require_whole(const Request& r) {
  const auto missing = [](std::string_view what) {
    return Error{ErrorCode::usage, fmt::format("a request needs {}", what), ""};
  };
  if (r.recipient.empty()) return missing("a recipient");
  if (r.people.empty()) return missing("the people who will see the data");
  if (r.project.empty()) return missing("a project");
  if (r.purpose.empty()) return missing("a purpose");
  if (r.agency.empty()) return missing("the agency it is for");
  if (r.safeguards.empty()) return missing("the safeguards that the recipient keeps");
  if (r.fields.empty()) return missing("the fields that may be released");
  if (r.ends < r.starts || r.destroy_by < r.ends)
    return Error{ErrorCode::usage, "the days must be in order: starts, ends, destroy by", ""};
  if (r.basis == kOpenRecords || !r.opens.empty()) return require_open(r);
  if (std::find(kBases.begin(), kBases.end(), r.basis) == kBases.end())
    return Error{ErrorCode::usage,
                 fmt::format("the basis must be one of {}", fmt::join(kBases, ", ")), ""};
  return {};
}

Result<std::int64_t> recipient_of(Book& book, const std::string& name) {
  TESSERA_TRY(Statement add,
              book.database().prepare("INSERT OR IGNORE INTO recipient(name) VALUES(?1)"));
  TESSERA_CHECK(add.bind(1, std::string_view(name)).run());
  TESSERA_TRY(Statement find, book.database().prepare("SELECT id FROM recipient WHERE name = ?1"));
  TESSERA_TRY(const bool there, find.bind(1, std::string_view(name)).step());
  const std::int64_t id = there ? find.integer(0) : 0;
  find.reset();
  return id;
}

Day day_at(const Statement& s, int column) { return parse_day(s.text(column)).value_or(Day{}); }

std::string status_on(std::string_view state, const Request& r, Day today) {
  if (state != "approved") return std::string(state);
  if (today < r.starts) return "approved";
  if (today <= r.ends) return "active";
  return today <= r.destroy_by ? "ended" : "overdue";
}

constexpr std::string_view kCardColumns =
    "SELECT a.id, r.name, a.people, a.project, a.basis, a.purpose, a.agency, a.safeguards, "
    "a.fields, "
    "a.starts, a.ends, a.destroy_by, a.state, r.debarred_until FROM agreement a JOIN recipient r "
    "ON "
    "r.id = a.recipient ";

Card card_at(const Statement& s, Day today) {
  Card card;
  card.id = s.integer(0);
  Request& r = card.request;
  r.recipient = s.text(1);
  r.people = list_of(s.text(2));
  r.project = s.text(3);
  r.basis = s.text(4);
  r.purpose = s.text(5);
  r.agency = s.text(6);
  r.safeguards = s.text(7);
  r.fields = list_of(s.text(8));
  r.starts = day_at(s, 9);
  r.ends = day_at(s, 10);
  r.destroy_by = day_at(s, 11);
  card.status = status_on(s.text(12), r, today);
  if (!s.is_null(13)) card.debarred_until = parse_day(s.text(13));
  return card;
}

Result<void> set_state(Book& book, std::int64_t agreement, std::string_view state,
                       std::string_view blob_column, const Sha256& digest) {
  TESSERA_TRY(Statement set,
              book.database().prepare(fmt::format(
                  "UPDATE agreement SET state = ?2, {} = ?3 WHERE id = ?1", blob_column)));
  return set.bind(1, agreement).bind(2, state).bind(3, ByteView(digest)).run();
}

Result<Card> require_status(Book& book, std::int64_t agreement, Day today,
                            std::initializer_list<std::string_view> wanted) {
  TESSERA_TRY(Card card, find_agreement(book, agreement, today));
  if (std::find(wanted.begin(), wanted.end(), card.status) == wanted.end())
    return Error{ErrorCode::conflict,
                 fmt::format("agreement {} is {}; this needs one that is {}", agreement,
                             card.status, fmt::join(wanted, " or ")),
                 ""};
  return card;
}

}  // namespace

Result<void> require_welcome(Book& book, const std::string& recipient,
                             const std::vector<std::string>& people, Day today) {
  TESSERA_TRY(const std::vector<Card> all, agreements(book, today));
  for (const Card& card : all) {
    const bool same = card.request.recipient == recipient;
    const bool shares = std::any_of(people.begin(), people.end(), [&](const std::string& p) {
      return std::find(card.request.people.begin(), card.request.people.end(), p) !=
             card.request.people.end();
    });
    if ((same || shares) && card.debarred_until && today < *card.debarred_until)
      return Error{ErrorCode::conflict,
                   fmt::format("the recipient, or one of its people, is debarred until {} for "
                               "improper disclosure",
                               to_text(*card.debarred_until)),
                   ""};
    if (same && card.status == "overdue")
      return Error{ErrorCode::conflict,
                   fmt::format("the recipient owes the certificate of destruction of agreement {}, "
                               "due {}",
                               card.id, to_text(card.request.destroy_by)),
                   ""};
  }
  return {};
}

Result<std::int64_t> submit(Book& book, const Request& request, const Act& act) {
  TESSERA_CHECK(require_whole(request));
  TESSERA_CHECK(require_welcome(book, request.recipient, request.people, act.day));
  TESSERA_TRY(const std::int64_t next,
              book.database().integer("SELECT coalesce(max(id), 0) + 1 FROM agreement"));
  const auto changes = [&]() -> Result<void> {
    TESSERA_TRY(const std::int64_t recipient, recipient_of(book, request.recipient));
    TESSERA_TRY(Statement add,
                book.database().prepare(
                    "INSERT INTO agreement(id, recipient, project, basis, purpose, agency, "
                    "safeguards, fields, people, starts, ends, destroy_by, state) VALUES(?1, ?2, "
                    "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'submitted')"));
    const std::string fields = list_text(request.fields);
    const std::string people = list_text(request.people);
    const std::string starts = to_text(request.starts);
    const std::string ends = to_text(request.ends);
    const std::string destroy_by = to_text(request.destroy_by);
    add.bind(1, next).bind(2, recipient).bind(3, std::string_view(request.project));
    add.bind(4, std::string_view(request.basis)).bind(5, std::string_view(request.purpose));
    add.bind(6, std::string_view(request.agency));
    add.bind(7, std::string_view(request.safeguards)).bind(8, std::string_view(fields));
    add.bind(9, std::string_view(people)).bind(10, std::string_view(starts));
    add.bind(11, std::string_view(ends)).bind(12, std::string_view(destroy_by));
    return add.run();
  };
  TESSERA_CHECK(book.change(
      "request", {{"agreement", next}, {"basis", request.basis}, {"project", request.project}}, act,
      changes));
  return next;
}

Result<void> approve(Book& book, std::int64_t agreement, const Sha256& form, const Act& act) {
  TESSERA_TRY(const Card card, require_status(book, agreement, act.day, {"submitted"}));
  TESSERA_CHECK(require_welcome(book, card.request.recipient, card.request.people, act.day));
  return book.change("approve", {{"agreement", agreement}, {"form", to_hex(form)}}, act,
                     [&] { return set_state(book, agreement, "approved", "form", form); });
}

Result<void> deny(Book& book, std::int64_t agreement, const std::string& why, const Act& act) {
  if (why.empty()) return Error{ErrorCode::usage, "a denial needs its reason in writing", ""};
  TESSERA_TRY(const Card card, require_status(book, agreement, act.day, {"submitted"}));
  return book.change("deny", {{"agreement", card.id}, {"why", why}}, act, [&]() -> Result<void> {
    TESSERA_TRY(Statement set,
                book.database().prepare("UPDATE agreement SET state = 'denied' WHERE id = ?1"));
    return set.bind(1, agreement).run();
  });
}

Result<void> file_letter(Book& book, std::int64_t agreement, const std::string& subject,
                         const std::optional<Sha256>& document, const Act& act) {
  if (subject.empty()) return Error{ErrorCode::usage, "a letter needs a subject", ""};
  TESSERA_TRY(const Card card, find_agreement(book, agreement, act.day));
  return book.change(
      "letter", {{"agreement", card.id}, {"subject", subject}}, act, [&]() -> Result<void> {
        TESSERA_TRY(Statement add,
                    book.database().prepare("INSERT INTO letter(agreement, day, by, "
                                            "subject, file) VALUES(?1, ?2, ?3, ?4, ?5)"));
        const std::string day = to_text(act.day);
        add.bind(1, agreement).bind(2, std::string_view(day));
        add.bind(3, std::string_view(act.by)).bind(4, std::string_view(subject));
        if (document)
          add.bind(5, ByteView(*document));
        else
          add.bind_null(5);
        return add.run();
      });
}

Result<void> mark_destroyed(Book& book, std::int64_t agreement, const Sha256& certificate,
                            const Act& act) {
  TESSERA_TRY(const Card card,
              require_status(book, agreement, act.day, {"approved", "active", "ended", "overdue"}));
  const auto changes = [&]() -> Result<void> {
    TESSERA_CHECK(set_state(book, agreement, "destroyed", "certificate", certificate));
    TESSERA_CHECK(drop_keys_of(book, agreement, act.day));
    TESSERA_TRY(Statement others,
                book.database().prepare("SELECT count(*) FROM agreement WHERE project = ?1 AND "
                                        "state IN ('submitted', 'approved')"));
    TESSERA_TRY(const bool row, others.bind(1, std::string_view(card.request.project)).step());
    const bool last = row && others.integer(0) == 0;
    others.reset();
    if (!last) return {};
    return shred_pseudonyms(book, card.request.project);
  };
  TESSERA_CHECK(book.change(
      "destroyed", {{"agreement", agreement}, {"certificate", to_hex(certificate)}}, act, changes));
  return book.settle();
}

Result<Day> debar(Book& book, const std::string& recipient, const std::string& why,
                  const Act& act) {
  if (why.empty()) return Error{ErrorCode::usage, "a debarment needs its reason in writing", ""};
  const Day until = years_after(act.day, kDebarredYears);
  const std::string text = to_text(until);
  const auto changes = [&]() -> Result<void> {
    TESSERA_TRY(const std::int64_t id, recipient_of(book, recipient));
    // A later end stays: the door never opens early.
    TESSERA_TRY(Statement set,
                book.database().prepare("UPDATE recipient SET debarred_until = "
                                        "max(coalesce(debarred_until, ''), ?2) WHERE id = ?1"));
    return set.bind(1, id).bind(2, std::string_view(text)).run();
  };
  TESSERA_CHECK(book.change("debar", {{"recipient", recipient}, {"until", text}, {"why", why}}, act,
                            changes));
  return until;
}

Result<Card> find_agreement(Book& book, std::int64_t agreement, Day today) {
  TESSERA_TRY(Statement find,
              book.database().prepare(std::string(kCardColumns) + "WHERE a.id = ?1"));
  TESSERA_TRY(const bool there, find.bind(1, agreement).step());
  if (!there)
    return Error{ErrorCode::conflict,
                 "no agreement of that number; 'tessera agreement list' shows them",
                 book.database().path()};
  Card card = card_at(find, today);
  find.reset();
  return card;
}

Result<std::vector<Card>> agreements(Book& book, Day today) {
  TESSERA_TRY(Statement all, book.database().prepare(std::string(kCardColumns) + "ORDER BY a.id"));
  std::vector<Card> cards;
  for (;;) {
    TESSERA_TRY(const bool more, all.step());
    if (!more) return cards;
    cards.push_back(card_at(all, today));
  }
}

}  // namespace tessera::disclosure
