#include "engine/registry/access_mark.h"

#include <algorithm>

#include "engine/registry/registry.h"
#include "engine/registry/registry_state.h"
#include "engine/registry/tables.h"
#include "engine/schema/stoppable.h"

namespace tessera::registry {

Result<std::optional<RegistryName>> access_log_of(const std::string& registry_path) {
  // An older format has its accounts too: an upgrade is asked about like any other change.
  auto opened = open_database(registry_path, ledger::Database::Mode::read_only);
  if (!opened) {
    const std::uint32_t version = old_format(registry_path, kRegistryKind);
    if (version == 0) return opened.error();
    if (version < kFormatWithAccounts) return std::optional<RegistryName>();
    opened = ledger::Database::open(registry_path, {.mode = ledger::Database::Mode::read_only,
                                                    .application_id = kRegistryKind,
                                                    .version = version});
    if (!opened) return opened.error();
  }
  ledger::Database db = std::move(*opened);
  TESSERA_TRY(ledger::Statement s, db.prepare("SELECT name FROM access_log"));
  TESSERA_TRY(const bool row, s.step());
  if (!row) return std::optional<RegistryName>();
  RegistryName name{};
  if (s.blob(0).size() != name.size())
    return Error{ErrorCode::format, "the name of the access log is damaged", registry_path};
  std::copy(s.blob(0).begin(), s.blob(0).end(), name.begin());
  return std::optional<RegistryName>(name);
}

Result<void> Registry::keep_access(const RegistryName& log) {
  TESSERA_TRY(const ledger::SignedHead head, state_->happen(AccessKept{to_hex(log)}));
  (void)head;
  return {};
}

Result<ledger::SignedHead> Registry::set_collection(const Collection& rule) {
  if (rule.rule != Collect::allow) {
    TESSERA_TRY(const std::size_t field,
                schema::stoppable(schema(), rule.field, rule.rule == Collect::refuse));
    if (split() && schema().fields[field].kind != schema::Kind::ssn)
      return Error{ErrorCode::conflict,
                   "a registrar opens no entry and cannot tell which of them have the field: agree "
                   "on a schema without it",
                   path()};
  }
  return state_->happen(rule);
}

// One event that stands for itself: applied, chained, signed and committed.
Result<ledger::SignedHead> Registry::State::happen(const Happening& happening) {
  if (access != Access::write || !transaction)
    return Error{ErrorCode::usage, "a registry is changed once each time it is opened for writing",
                 db.path()};
  TESSERA_TRY(Tables tables, Tables::open(db));
  TESSERA_TRY(ledger::EventLog log, ledger::EventLog::open(db));
  TESSERA_CHECK(tables.apply(happening));
  TESSERA_CHECK(log.append(type_of(happening), body_of(happening)));
  auto head = seal(log);
  transaction.reset();
  return head;
}

}  // namespace tessera::registry
