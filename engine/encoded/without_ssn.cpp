#include "engine/encoded/without_ssn.h"

#include "engine/schema/ssn_pass.h"

namespace tessera::encoded {

PassView without_ssn(const schema::Schema& schema, std::size_t pass, PassView rows) {
  rows.ssn_tokens = {};
  if (!schema::keyed_by_ssn(schema, pass)) return rows;
  PassView none;
  none.stride = rows.stride;
  return none;
}

JoinRecord without_ssn(const schema::Schema& schema, JoinRecord record) {
  if (record.ssn_state != SsnState::provided) return record;
  record.ssn_state = SsnState::purged;
  if (schema::any_keyed_by_ssn(schema) && record.usable_passes > 0) --record.usable_passes;
  return record;
}

}  // namespace tessera::encoded
