// The block keys of a record in one pass: the values that decide whom it is compared with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/record/fields.h"
#include "engine/schema/schema.h"

namespace tessera::encode {

// Which of a record's given names and surnames an entry shows (0 = the current one).
struct NameChoice {
  std::uint8_t given = 0;
  std::uint8_t surname = 0;
  bool operator==(const NameChoice&) const = default;
};

struct BlockKey {
  std::string value;  // length-prefixed parts; equal values meet in a block
  NameChoice shows;
};

// One way to read an ingredient of a key: its text and the names it came from.
struct Reading {
  std::string text;
  NameChoice shows;
  std::size_t rank = 0;  // 0 = the most telling
};
// Ingredients of one record that were read before: passes share most of theirs.
using ReadParts = std::vector<std::pair<const schema::KeyPart*, std::vector<Reading>>>;

// The keys of `fields` in a pass, the most telling first (current before former names, whole names
// before parts), each value once, at most pass.most. Empty: something the key needs is missing.
// Thread safe.
std::vector<BlockKey> block_keys(const schema::Schema& schema, const schema::Pass& pass,
                                 const record::Fields& fields);
// The same, with what earlier calls for this record read. `read` is empty for a new record, and
// its parts belong to `schema`.
std::vector<BlockKey> block_keys(const schema::Schema& schema, const schema::Pass& pass,
                                 const record::Fields& fields, ReadParts& read);

// Cuts the keys of all passes down to schema.tags_in_all, dropping the least telling key of the
// pass with the most first.
void cap_keys(const schema::Schema& schema, std::vector<std::vector<BlockKey>>& keys_of_pass);

}  // namespace tessera::encode
