#include "engine/registry/removals.h"

#include <algorithm>

namespace tessera::registry {

using ledger::Statement;

Result<ledger::Database> open_chain(const std::string& path) {
  return open_database(path, ledger::Database::Mode::read_only);
}

Result<std::vector<Removal>> removals_after(ledger::Database& database, std::int64_t seq) {
  TESSERA_TRY(
      Statement s,
      database.prepare("SELECT e.seq, e.hash, e.type, e.body, h.signature FROM event e LEFT "
                       "JOIN signed_head h ON h.seq = e.seq WHERE e.seq > ?1 AND e.type IN "
                       "('purge', 'end', 'destroy') ORDER BY e.seq"));
  s.bind(1, seq);
  std::vector<Removal> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    TESSERA_TRY(Happening what, read_happening(s.text(2), s.text(3)));
    Removal& r = out.emplace_back(Removal{std::move(what), {}});
    r.head.head.seq = s.integer(0);
    std::copy_n(s.blob(1).begin(), std::min(s.blob(1).size(), r.head.head.hash.size()),
                r.head.head.hash.begin());
    std::copy_n(s.blob(4).begin(), std::min(s.blob(4).size(), r.head.signature.size()),
                r.head.signature.begin());
  }
}

}  // namespace tessera::registry
