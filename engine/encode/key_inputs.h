// What a roster asks key services for: the distinct block keys of each pass, and its SSNs.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/bytes.h"
#include "engine/core/progress.h"
#include "engine/record/fields.h"
#include "engine/schema/schema.h"

namespace tessera::encode {

// The values to be evaluated under one key. They are names and dates: never written, never sent.
struct KeyInputs {
  std::string key;                  // of schema::key_names()
  std::vector<std::string> values;  // distinct, sorted bytewise
};

// One for each of schema::key_names(), in that order: just what encode() will ask for. Each value
// once, so that a block of a hundred records costs one evaluation.
std::vector<KeyInputs> key_inputs(const schema::Schema& schema,
                                  std::span<const record::Fields> records, Progress& progress);

// The text that is blinded and evaluated: label, schema, purpose, epoch, key and value, each after
// its length, so that no two projects, epochs or passes ask about the same text.
Bytes oprf_input(const schema::Schema& schema, std::string_view key, std::string_view value);

// Length in four bytes, little-endian, then the text: parts of a message cannot run together.
void append_sized(Bytes& out, std::string_view text);

}  // namespace tessera::encode
