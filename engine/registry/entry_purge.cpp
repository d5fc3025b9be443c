// What a purge does in the entry store, and the walk over what it leaves.
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
    const std::string of = fmt::format("(SELECT id FROM generation WHERE pass = {})", pass);
    TESSERA_CHECK(s.db.exec(fmt::format(
        "DELETE FROM slab WHERE id IN (SELECT slab FROM slab_range WHERE generation IN {0});"
        "DELETE FROM slab_range WHERE generation IN {0}; DELETE FROM generation WHERE pass = {1};"
        "DELETE FROM asked WHERE pass = {1};",
        of, pass)));
  }
  TESSERA_CHECK(transaction.commit());
  TESSERA_CHECK(s.load());
  return out;
}

Result<void> EntryStore::rewrite() {
  ledger::Database& db = state_->db;
  state_->reader->reset();
  TESSERA_CHECK(db.exec("VACUUM"));
  TESSERA_TRY(const std::int64_t left, db.integer("PRAGMA wal_checkpoint(TRUNCATE)"));
  if (left == 0) return {};
  return Error{ErrorCode::conflict,
               "another process reads the entry store, so its log could not be emptied: end that "
               "process and purge again",
               db.path()};
}

}  // namespace tessera::registry
