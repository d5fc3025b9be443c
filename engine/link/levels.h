// From two entries of a block to the pattern of their comparison levels. Integers only.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/block/tag_join.h"
#include "engine/schema/layout.h"
#include "engine/schema/schema.h"

namespace tessera::link {

// How two values of a field compare. Persisted by name in model files; the numbers are private.
// `missing` is always 0 and always weighs nothing.
namespace level {
enum Name : std::uint8_t {
  name_missing,
  name_equal,
  name_close,
  name_similar,
  name_near,
  name_part,
  name_far,
  name_swapped
};
enum Middle : std::uint8_t {
  middle_missing,
  middle_equal,
  middle_close,
  middle_initial,
  middle_same_initial,
  middle_far
};
enum Date : std::uint8_t {
  date_missing,
  date_equal,
  date_swapped,
  date_one_digit,
  date_one_part,
  date_two_digits,
  date_year_only,
  date_far
};
enum Category : std::uint8_t { category_missing, category_equal, category_far };
enum Number : std::uint8_t { number_missing, number_equal, number_close, number_far };
enum Ssn : std::uint8_t { ssn_missing, ssn_equal, ssn_far };  // missing: no token section
}  // namespace level

// Names of a kind's levels, by number.
std::span<const std::string_view> level_names(schema::Kind kind);

// One digit of a pattern: which field, how many levels, the factor it is multiplied with.
struct Digit {
  std::size_t field = 0;  // schema field; the SSN token stands under the ssn field
  schema::Kind kind = schema::Kind::given_name;
  std::uint32_t levels = 0;
  std::uint32_t factor = 0;
};

// Where the slots of a field lie, and the counts of shared bits from which a level holds.
struct FieldPlan {
  schema::Kind kind = schema::Kind::given_name;
  std::uint32_t factor = 0;
  std::uint32_t filter = 0, words = 0;  // byte offset, 64-bit words
  std::uint32_t weight = 0, close = 0, similar = 0, near = 0;
  std::uint32_t codes = 0;  // byte offset of the first code
  // Presence masks; where presence is hidden, 0 and the byte offsets of the codes.
  std::uint16_t known = 0, also_known = 0;
  std::uint32_t known_code = 0, also_known_code = 0;
};

// Compares entries of one pass. A pattern is a number in [0, patterns()): the sum of level *
// factor, and above it the stratum of the block: how many candidates a record had there. Names that
// many bear make large blocks, so the stratum stands in for how common a name is, and nothing has
// to be sent for it. Symmetric: compare(a, b) == compare(b, a). Thread safe.
class Comparator {
 public:
  // `tokens`: every entry to be compared carries an SSN token (false after a purge).
  Comparator(const schema::Schema& schema, std::size_t pass, bool tokens);
  // The fields alone; add in_block() of the block both entries are in.
  std::uint32_t compare(const block::Entry& a, const block::Entry& b) const;
  std::uint32_t patterns() const { return patterns_ * kStrata; }
  // 1, 2, 3-4, 5-8, 9-16, 17-32, 33-64, more candidates.
  static constexpr std::uint32_t kStrata = 8;
  std::uint32_t in_block(std::size_t candidates) const {
    return patterns_ *
           std::min<std::uint32_t>(
               kStrata - 1,
               candidates < 2 ? 0U : static_cast<std::uint32_t>(std::bit_width(candidates - 1)));
  }
  std::uint32_t stratum(std::uint32_t pattern) const { return pattern / patterns_; }
  static std::string_view stratum_name(std::uint32_t stratum);
  std::span<const Digit> digits() const { return digits_; }
  std::uint32_t level(std::uint32_t pattern, std::size_t digit) const {
    return pattern / digits_[digit].factor % digits_[digit].levels;
  }

  // What another way to compare needs to know (tile.h).
  std::span<const FieldPlan> fields() const { return fields_; }
  int given() const { return given_; }  // positions in fields() of names that may be swapped, or -1
  int surname() const { return surname_; }
  std::uint32_t ssn_factor() const { return tokens_ ? ssn_factor_ : 0; }  // 0: none compared
  std::uint32_t stride() const { return stride_; }                        // bytes of a row

 private:
  std::vector<FieldPlan> fields_;
  std::vector<Digit> digits_;
  int given_ = -1, surname_ = -1;  // positions in fields_ of the pair that may be swapped
  std::uint32_t patterns_ = 1;
  std::uint32_t ssn_factor_ = 0;  // 0: no SSN
  std::uint32_t stride_ = 0;
  bool tokens_ = false;
};

}  // namespace tessera::link
