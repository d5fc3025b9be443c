#include "engine/ledger/json_event.h"

#include <utility>

#include "engine/ledger/event_log.h"

namespace tessera::ledger {

Result<void> change_with_event(Database& database, std::string_view type, json::Object body,
                               const std::function<Result<void>()>& changes) {
  TESSERA_TRY(Transaction all, Transaction::begin(database, Transaction::Kind::write));
  TESSERA_CHECK(changes());
  TESSERA_TRY(EventLog log, EventLog::open(database));
  TESSERA_CHECK(log.append(type, json::to_canonical(json::Value(std::move(body)))));
  return all.commit();
}

std::string text_of(const json::Value& body, std::string_view name) {
  const json::Value* v = body.find(name);
  return v != nullptr && v->as_string() != nullptr ? *v->as_string() : std::string();
}

std::int64_t integer_of(const json::Value& body, std::string_view name) {
  const json::Value* v = body.find(name);
  return v != nullptr && v->as_int() != nullptr ? *v->as_int() : 0;
}

bool is_true(const json::Value& body, std::string_view name) {
  const json::Value* v = body.find(name);
  return v != nullptr && v->as_bool() != nullptr && *v->as_bool();
}

}  // namespace tessera::ledger
