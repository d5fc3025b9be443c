#include "engine/disclosure/accounting.h"

#include <algorithm>

namespace tessera::disclosure {

using ledger::Statement;

namespace {

constexpr std::string_view kDisclosure =
    "SELECT r.id, r.made_on, p.name, a.agency, a.basis, a.purpose, r.fields, f.name, r.students, "
    "f.downloads, CASE WHEN f.revoked_on IS NULL THEN 'open' ELSE 'revoked' END FROM release r "
    "JOIN agreement a ON a.id = r.agreement JOIN recipient p ON p.id = a.recipient "
    "JOIN artefact f ON f.release = r.id ";

Disclosure at(const Statement& s) {
  Disclosure d;
  d.release = s.integer(0);
  d.made_on = s.text(1);
  d.recipient = s.text(2);
  d.agency = s.text(3);
  d.basis = s.text(4);
  d.purpose = s.text(5);
  d.fields = s.text(6);
  d.artefact = s.text(7);
  d.students = s.integer(8);
  d.downloads = s.integer(9);
  d.artefact_state = s.text(10);
  return d;
}

Result<void> collect(Statement& s, std::vector<Disclosure>& out) {
  for (;;) {
    TESSERA_TRY(const bool more, s.step());
    if (!more) return {};
    out.push_back(at(s));
  }
}

void once_in_order(std::vector<Disclosure>& all) {
  std::sort(all.begin(), all.end(),
            [](const Disclosure& a, const Disclosure& b) { return a.release < b.release; });
  all.erase(
      std::unique(all.begin(), all.end(),
                  [](const Disclosure& a, const Disclosure& b) { return a.release == b.release; }),
      all.end());
}

}  // namespace

Result<std::vector<Disclosure>> disclosures_of(Book& book,
                                               const std::vector<std::uint64_t>& state_ids) {
  TESSERA_TRY(Statement find, book.database().prepare(
                                  std::string(kDisclosure) +
                                  "JOIN disclosed d ON d.release = r.id WHERE d.state_id = ?1"));
  std::vector<Disclosure> out;
  for (const std::uint64_t id : state_ids) {
    find.bind(1, static_cast<std::int64_t>(id));
    TESSERA_CHECK(collect(find, out));
  }
  once_in_order(out);
  return out;
}

Result<Touched> touched_by(Book& book, const Breach& breach) {
  if (breach.artefact.empty() && breach.account.empty() && !breach.from && !breach.to)
    return Error{ErrorCode::usage, "say what was breached: --artefact, --account, --from or --to",
                 ""};
  // Days are ISO text, so that they compare as text. An empty parameter asks for nothing.
  TESSERA_TRY(
      Statement find,
      book.database().prepare(
          std::string(kDisclosure) +
          "WHERE (?1 = '' OR f.name = ?1) AND (?3 = '' OR r.made_on >= ?3 OR EXISTS (SELECT "
          "1 FROM download d WHERE d.artefact = f.name AND d.day >= ?3)) AND (?4 = '' OR "
          "r.made_on <= ?4) AND (?2 = '' OR ?2 IN (r.proposed_by, r.approved_by, r.made_by) "
          "OR EXISTS (SELECT 1 FROM download d WHERE d.artefact = f.name AND d.by = ?2)) "
          "ORDER BY r.id"));
  const std::string from = breach.from ? to_text(*breach.from) : "";
  const std::string to = breach.to ? to_text(*breach.to) : "";
  find.bind(1, std::string_view(breach.artefact)).bind(2, std::string_view(breach.account));
  find.bind(3, std::string_view(from)).bind(4, std::string_view(to));
  Touched touched;
  TESSERA_CHECK(collect(find, touched.releases));
  TESSERA_TRY(Statement whose,
              book.database().prepare("SELECT state_id FROM disclosed WHERE release = ?1"));
  for (const Disclosure& d : touched.releases) {
    whose.bind(1, d.release);
    for (;;) {
      TESSERA_TRY(const bool more, whose.step());
      if (!more) break;
      touched.students.push_back(static_cast<std::uint64_t>(whose.integer(0)));
    }
  }
  std::sort(touched.students.begin(), touched.students.end());
  touched.students.erase(std::unique(touched.students.begin(), touched.students.end()),
                         touched.students.end());
  return touched;
}

}  // namespace tessera::disclosure
