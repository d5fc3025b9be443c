// The queue of open questions.
#include <algorithm>

#include "engine/registry/history.h"
#include "engine/registry/registry_state.h"

namespace tessera::registry {
namespace {

using ledger::Statement;

constexpr std::string_view kQueue =
    "SELECT v.id, v.batch, ifnull((SELECT max(s.day) FROM submission s WHERE s.batch = v.batch), "
    "''), o.name, r.id, r.key, v.reason, (SELECT i.id FROM state_id i WHERE i.person = r.person "
    "AND "
    "i.state = 2 AND i.state <> 3), (SELECT count(*) FROM ruling u WHERE u.review = v.id), "
    "r.person FROM review v "
    "JOIN record r ON r.id = v.record JOIN owner o ON o.id = r.owner WHERE ((?4 = 0 AND v.state = "
    "1) OR v.id = ?4) AND (?1 = '' OR o.name = ?1) AND (?2 = 0 OR v.reason = ?2) AND (?3 = '' OR "
    "EXISTS(SELECT 1 FROM submission s WHERE s.batch = v.batch AND s.day < ?3)) ORDER BY v.id";

Result<void> add_candidates(ledger::Database& db, Statement& s, PersonId own, OpenReview& v) {
  s.bind(1, v.review);
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return {};
    TESSERA_TRY(const Resolved r, resolve_person(db, static_cast<PersonId>(s.integer(0))));
    const bool listed = std::any_of(v.candidates.begin(), v.candidates.end(),
                                    [&r](const auto& c) { return c.id == r.id; });
    const bool gone = r.state == static_cast<std::int64_t>(IdState::retired) || r.person == own;
    if (!listed && !gone) v.candidates.push_back({r.id, static_cast<std::int32_t>(s.integer(1))});
  }
}

}  // namespace

Result<std::vector<OpenReview>> open_reviews(Registry& registry, const ReviewFilter& filter) {
  std::vector<OpenReview> out;
  ledger::Database& db = registry.database();
  TESSERA_TRY(Statement s, db.prepare(kQueue));
  TESSERA_TRY(Statement c, db.prepare("SELECT person, decinats FROM review_person WHERE review = "
                                      "?1 ORDER BY decinats DESC, person"));
  const auto text = [](const std::string& t) { return t.empty() ? std::string_view("") : t; };
  s.bind(1, text(filter.owner)).bind(3, text(filter.before)).bind(4, filter.review);
  s.bind(2, filter.reason ? static_cast<std::int64_t>(*filter.reason) : std::int64_t{0});
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    OpenReview v;
    v.review = s.integer(0);
    v.batch = s.integer(1);
    v.day = s.text(2);
    v.owner = s.text(3);
    v.record = static_cast<RecordId>(s.integer(4));
    std::copy_n(s.blob(5).begin(), std::min(s.blob(5).size(), v.key.size()), v.key.begin());
    v.reason = static_cast<Reason>(s.integer(6));
    v.provisional = static_cast<StateId>(s.integer(7));
    v.rulings = s.integer(8);
    const auto own = static_cast<PersonId>(s.integer(9));
    TESSERA_CHECK(add_candidates(db, c, own, v));
    out.push_back(std::move(v));
  }
}

}  // namespace tessera::registry
