// Block keys as docs/decisions and block_key.h tell them: every pass on its own, nothing shared.
#pragma once

#include <vector>

#include "engine/encode/block_key.h"

namespace tessera::reference {

// What KeyReader gives for one pass before the cap over all passes.
std::vector<encode::BlockKey> block_keys(const schema::Schema& schema, const schema::Pass& pass,
                                         const record::Fields& fields);
// Cuts the keys of all passes down to schema.tags_in_all, dropping the least telling key of the
// pass with the most first.
void cap_keys(const schema::Schema& schema,
              std::vector<std::vector<encode::BlockKey>>& keys_of_pass);

}  // namespace tessera::reference
