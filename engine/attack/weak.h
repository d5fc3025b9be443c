// The field's encodings that the attacks must break, made by engine/clk: the control.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bits/matrix.h"
#include "engine/core/result.h"
#include "engine/record/fields.h"
#include "engine/schema/schema.h"

namespace tessera::attack {

// One secret for everybody; every two records are comparable. Bigrams of the names, positional
// digits of the date, the category as it is.
//   clk        one filter of 1024 bits a person, 20 bits a token, no folds: clkhash's usual form
//   clk_fold   the same folded once by XOR, 512 bits
//   per_field  a filter of 512 bits for each field, 10 bits a token, side by side
enum class Weak : std::uint8_t { clk, clk_fold, per_field };
std::string_view name_of(Weak kind);

// A field of a person as text: names with blanks, dates as YYYYMMDD, "" where missing.
std::string plain_value(const record::Fields& person, std::size_t field);

// One row per person. Deterministic. The schema names the fields; its passes play no part.
Result<bits::Matrix> weak_rows(Weak kind, const schema::Schema& schema,
                               std::span<const record::Fields> people, std::uint64_t secret_seed);

// One filter of 1024 bits, 10 bits a bigram, for each value: per-field filters one by one.
Result<bits::Matrix> value_filters(std::span<const std::string> values, std::uint64_t secret_seed);

}  // namespace tessera::attack
