// The queue of open questions.
#include <algorithm>

#include "engine/registry/history.h"
#include "engine/registry/registry_state.h"

namespace tessera::registry {
namespace {

using ledger::Statement;

// Whose questions: what a filter and an asker's rights go by.
constexpr std::string_view kQueue =
    "SELECT v.id, o.name, r.population, r.key FROM review v JOIN record r ON r.id = v.record JOIN "
    "owner o ON o.id = r.owner WHERE ((?4 = 0 AND v.state = 1) OR v.id = ?4) AND v.id > ?5 AND (?1 "
    "= '' OR o.name = ?1) AND (?2 = 0 OR v.reason = ?2) AND (?3 = '' OR EXISTS(SELECT 1 FROM "
    "submission s WHERE s.batch = v.batch AND s.day < ?3)) ORDER BY v.id";

// The rest of one question. "state <> 3" lets the index of IDs that are not retired serve: without
// it each question reads every state ID.
constexpr std::string_view kQuestion =
    "SELECT v.batch, ifnull((SELECT max(s.day) FROM submission s WHERE s.batch = v.batch), ''), "
    "r.id, v.reason, (SELECT i.id FROM state_id i WHERE i.person = r.person AND i.state = 2 AND "
    "i.state <> 3), "
    "(SELECT count(*) FROM ruling u WHERE u.review = v.id), r.person FROM review v JOIN record r "
    "ON "
    "r.id = v.record WHERE v.id = ?1";

constexpr std::string_view kMeant =
    "SELECT person, decinats FROM review_person WHERE review = ?1 ORDER BY decinats DESC, person";

Result<std::vector<OpenReview::Candidate>> candidates(ledger::Database& db, Statement& s,
                                                      std::int64_t review, PersonId own) {
  std::vector<OpenReview::Candidate> out;
  s.bind(1, review);
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    TESSERA_TRY(const Resolved r, resolve_person(db, static_cast<PersonId>(s.integer(0))));
    const bool listed =
        std::any_of(out.begin(), out.end(), [&r](const auto& c) { return c.id == r.id; });
    const bool gone = r.state == static_cast<std::int64_t>(IdState::retired) || r.person == own;
    if (!listed && !gone) out.push_back({r.id, static_cast<std::int32_t>(s.integer(1))});
  }
}

class Questions {
 public:
  static Result<Questions> open(ledger::Database& db) {
    TESSERA_TRY(Statement question, db.prepare(kQuestion));
    TESSERA_TRY(Statement candidates, db.prepare(kMeant));
    return Questions(db, std::move(question), std::move(candidates));
  }
  Result<void> complete(OpenReview& v) {
    TESSERA_TRY(const bool row, question_.bind(1, v.review).step());
    if (!row) return Error{ErrorCode::format, "a question is not there", db_->path()};
    v.batch = question_.integer(0);
    v.day = question_.text(1);
    v.record = static_cast<RecordId>(question_.integer(2));
    v.reason = static_cast<Reason>(question_.integer(3));
    v.provisional = static_cast<StateId>(question_.integer(4));
    v.rulings = question_.integer(5);
    const auto own = static_cast<PersonId>(question_.integer(6));
    question_.reset();
    TESSERA_TRY(v.candidates, candidates(*db_, candidates_, v.review, own));
    return {};
  }

 private:
  Questions(ledger::Database& db, Statement question, Statement candidates)
      : db_(&db), question_(std::move(question)), candidates_(std::move(candidates)) {}
  ledger::Database* db_;
  Statement question_, candidates_;
};

}  // namespace

std::string_view question_query() { return kQuestion; }

Error no_question() {
  return {ErrorCode::usage, "no question has this number; see 'tessera review list'", ""};
}

Result<ReviewPage> page_of_reviews(Registry& registry, const ReviewFilter& filter, std::size_t most,
                                   const Sees& sees) {
  ReviewPage page;
  ledger::Database& db = registry.database();
  TESSERA_TRY(Statement s, db.prepare(kQueue));
  TESSERA_TRY(Questions questions, Questions::open(db));
  const auto text = [](const std::string& t) { return t.empty() ? std::string_view("") : t; };
  s.bind(1, text(filter.owner)).bind(3, text(filter.before)).bind(4, filter.review);
  s.bind(2, filter.reason ? static_cast<std::int64_t>(*filter.reason) : std::int64_t{0});
  s.bind(5, filter.after);
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return page;
    OpenReview v;
    v.review = s.integer(0);
    v.owner = s.text(1);
    v.population = static_cast<encoded::Population>(s.integer(2));
    std::copy_n(s.blob(3).begin(), std::min(s.blob(3).size(), v.key.size()), v.key.begin());
    if (sees && !sees(v.owner, v.population, v.key)) continue;
    if (page.reviews.size() >= most) {
      ++page.more;
      continue;
    }
    TESSERA_CHECK(questions.complete(v));
    page.reviews.push_back(std::move(v));
  }
}

Result<OpenReview> find_review(Registry& registry, std::int64_t number, const Sees& sees) {
  if (number <= 0) return no_question();
  ReviewFilter one;
  one.review = number;
  TESSERA_TRY(ReviewPage found, page_of_reviews(registry, one, 1, sees));
  if (found.reviews.empty()) return no_question();
  return std::move(found.reviews[0]);
}

Result<std::vector<OpenReview>> open_reviews(Registry& registry, const ReviewFilter& filter) {
  TESSERA_TRY(ReviewPage all, page_of_reviews(registry, filter, SIZE_MAX, {}));
  return std::move(all.reviews);
}

Result<std::vector<OpenReview::Candidate>> candidates_of(ledger::Database& database,
                                                         std::int64_t review, PersonId own) {
  TESSERA_TRY(Statement s, database.prepare(kMeant));
  return candidates(database, s, review, own);
}

Result<SeenRecords> records_seen(ledger::Database& database, PersonId person, const Sees& sees) {
  TESSERA_TRY(Statement s, database.prepare("SELECT o.name, r.population, r.key FROM record r JOIN "
                                            "owner o ON o.id = r.owner WHERE r.person = ?1"));
  s.bind(1, as_integer(person));
  SeenRecords out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    encoded::RecordKey key{};
    std::copy_n(s.blob(2).begin(), std::min(s.blob(2).size(), key.size()), key.begin());
    const auto population = static_cast<encoded::Population>(s.integer(1));
    ++(sees(std::string(s.text(0)), population, key) ? out.seen : out.others);
  }
}

}  // namespace tessera::registry
