#include "engine/registry/anomalies.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/registry/registry_state.h"

namespace tessera::registry {
namespace {

using ledger::Statement;

// Records with an ID that came in a submission of the day ?1 or later: person, owner, population,
// key, ID. "state <> 3" lets the index of IDs that are not retired serve.
constexpr std::string_view kRecordWithId =
    "SELECT r.person, o.name, r.population, r.key, i.id FROM record r JOIN owner o ON o.id = "
    "r.owner JOIN state_id i ON i.person = r.person AND i.state <> 3 WHERE r.person IS NOT NULL "
    "AND EXISTS(SELECT 1 FROM payload p WHERE p.record = r.id AND (?1 = '' OR EXISTS(SELECT 1 FROM "
    "submission u WHERE u.batch = p.seen AND u.day >= ?1)))";

struct Seen {
  PersonId person = 0;
  std::string owner;
  encoded::Population population = encoded::Population::student;
  encoded::RecordKey key{};
  StateId id = 0;
};

Seen read(const Statement& s) {
  Seen out;
  out.person = static_cast<PersonId>(s.integer(0));
  out.owner = s.text(1);
  out.population = static_cast<encoded::Population>(s.integer(2));
  std::copy_n(s.blob(3).begin(), std::min(s.blob(3).size(), out.key.size()), out.key.begin());
  out.id = static_cast<StateId>(s.integer(4));
  return out;
}

// Counts everything, keeps a page.
class Lists {
 public:
  Lists(ledger::Database& db, const AnomalyFilter& filter, const Sees& sees)
      : db_(db), filter_(filter), sees_(sees) {}
  Result<void> multiple_ids();
  Result<void> concurrent();
  Anomalies take() {
    for (auto& [name, n] : owners_) {
      n.owner = name;
      out_.owners.push_back(n);
    }
    return std::move(out_);
  }

 private:
  bool wanted(const Seen& s) const {
    return (filter_.owner.empty() || s.owner == filter_.owner) &&
           (!sees_ || sees_(s.owner, s.population, s.key));
  }
  void person(const std::vector<Seen>& records);
  void add(AnomalyKind kind, const Seen& s, std::string other) {
    if (rows_++ < filter_.skip) return;
    if (out_.list.size() < filter_.most)
      out_.list.push_back({kind, s.owner, s.key, s.id, std::move(other)});
    else
      ++out_.more;
  }

  ledger::Database& db_;
  const AnomalyFilter& filter_;
  const Sees& sees_;
  Anomalies out_;
  std::uint64_t rows_ = 0;
  std::map<std::string, OwnerAnomalies> owners_;
};

Result<void> Lists::multiple_ids() {
  TESSERA_TRY(Statement open, db_.prepare("SELECT id, record FROM review WHERE state = 1 AND "
                                          "reason <> ?1 ORDER BY id"));
  TESSERA_TRY(Statement record, db_.prepare(std::string(kRecordWithId) + " AND r.id = ?2"));
  open.bind(1, static_cast<std::int64_t>(Reason::other_space));
  record.bind(1, std::string_view(filter_.since));
  for (;;) {
    TESSERA_TRY(const bool question, open.step());
    if (!question) return {};
    TESSERA_TRY(const bool row, record.bind(2, open.integer(1)).step());
    if (!row) continue;
    const Seen s = read(record);
    record.reset();
    if (!wanted(s)) continue;
    TESSERA_TRY(const auto others, candidates_of(db_, open.integer(0), s.person));
    for (const auto& c : others) add(AnomalyKind::multiple_ids, s, to_text(c.id));
    if (!others.empty()) ++owners_[s.owner].multiple_ids;
  }
}

void Lists::person(const std::vector<Seen>& records) {
  std::set<std::string> owners;
  for (const Seen& s : records) owners.insert(s.owner);
  for (const Seen& s : records) {
    if (!wanted(s)) continue;
    ++owners_[s.owner].records;
    if (owners.size() < 2) continue;
    ++owners_[s.owner].concurrent;
    for (const std::string& other : owners)
      if (other != s.owner) add(AnomalyKind::concurrent_enrolment, s, other);
  }
}

Result<void> Lists::concurrent() {
  TESSERA_TRY(Statement s, db_.prepare(std::string(kRecordWithId) + " ORDER BY r.person, r.id"));
  s.bind(1, std::string_view(filter_.since));
  std::vector<Seen> records;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) break;
    Seen next = read(s);
    if (!records.empty() && records[0].person != next.person) {
      person(records);
      records.clear();
    }
    records.push_back(std::move(next));
  }
  person(records);
  return {};
}

}  // namespace

std::string_view anomaly_query() { return kRecordWithId; }

std::string_view name_of(AnomalyKind kind) {
  return kind == AnomalyKind::multiple_ids ? "multiple IDs" : "concurrent enrolment";
}

Result<Anomalies> find_anomalies(Registry& registry, const AnomalyFilter& filter,
                                 const Sees& sees) {
  ledger::Database& db = registry.database();
  if (!filter.owner.empty()) {
    TESSERA_TRY(Statement s, db.prepare("SELECT 1 FROM owner WHERE name = ?1"));
    TESSERA_TRY(const bool known, s.bind(1, std::string_view(filter.owner)).step());
    if (!known) return Error{ErrorCode::usage, "no owner of this name has sent anything", ""};
  }
  Lists lists(db, filter, sees);
  TESSERA_CHECK(lists.multiple_ids());
  TESSERA_CHECK(lists.concurrent());
  return lists.take();
}

}  // namespace tessera::registry
