// Events whose body is a JSON object: written together with what they change, and read again.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "engine/core/json.h"
#include "engine/ledger/database.h"

namespace tessera::ledger {

// Runs `changes` and appends the event: one transaction, both or neither.
Result<void> change_with_event(Database& database, std::string_view type, json::Object body,
                               const std::function<Result<void>()>& changes);

// A member of a body that this program wrote; "", 0 or false where it is absent or of another type.
// What came from outside is judged member by member instead.
std::string text_of(const json::Value& body, std::string_view name);
std::int64_t integer_of(const json::Value& body, std::string_view name);
bool is_true(const json::Value& body, std::string_view name);

}  // namespace tessera::ledger
