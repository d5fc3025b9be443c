#include "engine/intake/stored_run.h"

#include <vector>

#include "engine/registry/entry_store.h"
#include "engine/registry/epoch.h"

namespace tessera::intake {

struct StoredRun::State {
  explicit State(registry::Registry& r) : registry(r) {}
  Result<void> read_persons();
  Result<void> read_pass(std::size_t pass);
  Result<bool> all_tokens();

  registry::Registry& registry;
  std::vector<registry::PersonId> persons;
  encoded::PassColumns columns;  // of the pass read last
  std::vector<std::uint32_t> records;
  link::Run run;
};

Result<void> StoredRun::State::read_persons() {
  ledger::Database& db = registry.database();
  TESSERA_TRY(const std::int64_t last, db.integer("SELECT ifnull(max(id), 0) FROM record"));
  persons.assign(static_cast<std::size_t>(last) + 1, 0);
  TESSERA_TRY(auto s, db.prepare("SELECT id, person FROM record WHERE person IS NOT NULL"));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return {};
    if (static_cast<std::size_t>(s.integer(0)) >= persons.size())  // a negative number
      return Error{ErrorCode::format, "the list of records is damaged; restore from a backup",
                   db.path()};
    persons[static_cast<std::size_t>(s.integer(0))] = static_cast<registry::PersonId>(s.integer(1));
  }
}

Result<void> StoredRun::State::read_pass(std::size_t pass) {
  const registry::Epoch& epoch = registry.current();
  TESSERA_TRY(columns, registry.entries().read_all(epoch.first_pass + pass));
  TESSERA_TRY(const auto of, registry.records_of(epoch, columns.handles));
  records.assign(of.begin(), of.end());
  return {};
}

// After a stop or a purge some entries have no token; tokens are compared only if all have one.
Result<bool> StoredRun::State::all_tokens() {
  if (!registry.schema().ssn) return false;
  for (std::size_t p = 0; p < registry.schema().passes.size(); ++p) {
    TESSERA_CHECK(read_pass(p));
    if (columns.ssn_tokens.size() != columns.tags.size()) return false;
  }
  return true;
}

StoredRun::StoredRun() = default;
StoredRun::StoredRun(StoredRun&&) noexcept = default;
StoredRun::~StoredRun() = default;

Result<StoredRun> StoredRun::open(registry::Registry& registry) {
  TESSERA_CHECK(registry.require_entries());
  StoredRun out;
  out.state_ = std::make_unique<State>(registry);
  State& s = *out.state_;
  TESSERA_CHECK(s.read_persons());
  s.run.schema = &registry.schema();
  s.run.rule = link::PairRule::everything;
  const std::uint64_t records = s.persons.size() - 1;  // there is no record 0
  s.run.size = {records, link::possible_among(records), true};
  TESSERA_TRY(s.run.tokens, s.all_tokens());
  for (std::uint32_t r = 0; r < s.persons.size(); ++r) s.run.group.push_back(r);
  s.run.sources = [&s](std::size_t pass) -> Result<std::vector<block::Source>> {
    TESSERA_CHECK(s.read_pass(pass));
    return std::vector<block::Source>{{s.columns.view(), s.records}};
  };
  return out;
}

const link::Run& StoredRun::run() const { return state_->run; }
registry::PersonId StoredRun::person(std::uint32_t record) const { return state_->persons[record]; }

}  // namespace tessera::intake
