// What a purge and an epoch's end do in the entry store, and the walk over what they leave.
#include <fmt/format.h>

#include "engine/registry/entry_store_state.h"

namespace tessera::registry {

using ledger::Statement;
using ledger::Transaction;

Result<void> EntryStore::each_live(
    std::size_t pass, const std::function<Result<void>(const encoded::PassView&)>& body) const {
  for (const Generation& g : state_->generations[pass])
    for (const SlabRange& range : g.slabs) {
      TESSERA_TRY(const SlabView slab, state_->reader->read(range, stride(pass)));
      encoded::PassColumns columns;
      columns.stride = stride(pass);
      state_->append_live(slab, 0, slab.rows(), g.batch, columns);
      if (columns.ssn_tokens.size() != columns.tags.size()) columns.ssn_tokens.clear();
      state_->reader->reset();
      TESSERA_CHECK(body(columns.view()));
    }
  return {};
}

Result<void> EntryStore::State::erase(std::size_t pass) {
  const std::string of = fmt::format("(SELECT id FROM generation WHERE pass = {})", pass);
  const std::string slabs = "(SELECT slab FROM slab_range WHERE generation IN " + of + ")";
  return db.exec(
      fmt::format("DELETE FROM slab WHERE id IN {1}; DELETE FROM token WHERE slab IN {1};"
                  "DELETE FROM slab_range WHERE generation IN {0};"
                  "DELETE FROM generation WHERE pass = {2}; DELETE FROM asked WHERE pass = {2};",
                  of, slabs, pass));
}

Result<void> EntryStore::drop_passes(std::size_t first, std::size_t count) {
  State& s = *state_;
  TESSERA_CHECK(s.db.exec("PRAGMA secure_delete=ON"));
  TESSERA_TRY(Transaction transaction, Transaction::begin(s.db, Transaction::Kind::write));
  for (std::size_t p = first; p < first + count; ++p) TESSERA_CHECK(s.erase(p));
  TESSERA_CHECK(transaction.commit());
  return s.load();
}

Result<EntryStore::Purged> EntryStore::purge_ssn(const std::vector<std::size_t>& ssn_passes) {
  State& s = *state_;
  Purged out;
  TESSERA_CHECK(s.db.exec("PRAGMA secure_delete=ON"));
  TESSERA_TRY(Transaction transaction, Transaction::begin(s.db, Transaction::Kind::write));
  TESSERA_TRY(const std::int64_t bytes,
              s.db.integer("SELECT ifnull(sum(length(body)), 0) FROM token"));
  out.tokens = static_cast<std::uint64_t>(bytes) / sizeof(std::uint16_t);
  TESSERA_CHECK(s.db.exec("DELETE FROM token"));
  for (const std::size_t pass : ssn_passes) {
    TESSERA_TRY(const std::int64_t rows,
                s.db.integer(fmt::format(
                    "SELECT ifnull(sum(rows), 0) FROM generation WHERE pass = {}", pass)));
    out.entries += static_cast<std::uint64_t>(rows);
    TESSERA_CHECK(s.erase(pass));
  }
  TESSERA_CHECK(transaction.commit());
  TESSERA_CHECK(s.load());
  return out;
}

Result<void> EntryStore::check_pages() { return state_->db.check_pages(); }

Result<void> EntryStore::rewrite() {
  ledger::Database& db = state_->db;
  state_->reader->reset();
  TESSERA_CHECK(db.exec("VACUUM"));
  TESSERA_TRY(const std::int64_t left, db.integer("PRAGMA wal_checkpoint(TRUNCATE)"));
  if (left == 0) return {};
  return Error{ErrorCode::conflict,
               "another process reads the entry store, so its log could not be emptied: end that "
               "process and run this again",
               db.path()};
}

}  // namespace tessera::registry
