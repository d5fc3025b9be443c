// Decoys: records of nobody among an owner's own, for project runs.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/secret.h"
#include "engine/record/fields.h"
#include "engine/schema/schema.h"

namespace tessera::encode {

// Records of people who do not exist, each value some person's of `from`: given and middle name and
// category of one, every other field of another one each, so that values are as frequent, and as
// often missing, as among the real ones. Of a number (SSN) only the length is somebody's; its
// digits are drawn. What they are made of follows from `owner`, the owner's own secret: the same
// roster has the same decoys, one with a few people more or less has nearly the same, and nobody
// else can tell which they are. A decoy whose donors change is another one, with another local ID;
// in every respect but that (is_decoy) they are records, and so are consistent across passes. None
// of them is made of one person alone. REQUIRES: `from` has two people or more, with local IDs
// that are unique.
std::vector<record::Fields> decoys(const schema::Schema& schema,
                                   std::span<const record::Fields> from, std::size_t count,
                                   const Secret<32>& owner);
bool is_decoy(std::string_view local_id);

}  // namespace tessera::encode
