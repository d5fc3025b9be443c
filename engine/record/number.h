// Numbers that name a person: SSNs by the public rules, others by length and check digit.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/record/fields.h"
#include "engine/record/finding.h"

namespace tessera::record {

// Sets `out` to the digits, without blanks and hyphens, or empties it. `length`: digits it must
// have, 0 for any number up to 40; `luhn`: the last is a Luhn check digit (ISO/IEC 7812-1). One
// digit repeated throughout is impossible. Thread safe.
Finding read_number(std::string_view text, std::uint32_t length, bool luhn, std::string& out);
bool luhn_holds(std::string_view digits);

// Sets `out` to nine digits, or empties it. Refused: area 000, 666 and 900-999, group 00, serial
// 0000 (impossible), numbers known from advertisements and one digit repeated (fake), taxpayer
// numbers (itin: 9xx with group 50-65, 70-88, 90-92, 94-99). Thread safe.
Finding read_ssn(std::string_view text, std::string& out);

// Finds SSNs that stand on rows whose names or dates of birth differ, and empties them on all those
// rows, adding `shared` to `tally`. A value that is missing on one side differs from nothing, nor
// does a nickname, an initial, a cut-off name, or one part of a double surname. `lines`: per
// record. Returns the number of records changed.
std::size_t drop_shared_ssns(std::span<Fields> records, std::span<const std::size_t> lines,
                             std::size_t ssn_field, std::span<const std::size_t> given_fields,
                             std::span<const std::size_t> surname_fields,
                             std::span<const std::size_t> date_fields, Tally& tally);

}  // namespace tessera::record
