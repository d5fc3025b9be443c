// The blocks of one pass and the share of the people in each, from the product of the parts of its
// key: a code of the given name, one of the surname, what is read of the birthday, a number.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/lab/adaptive_pairs.h"
#include "engine/lab/block_sizes.h"
#include "engine/lab/name_codes.h"
#include "engine/lab/public_people.h"
#include "engine/schema/schema.h"

namespace tessera::lab {

// The name parts of all passes of a schema, each counted once. `people` must outlive it.
class NameCodesOfSchema {
 public:
  NameCodesOfSchema(const schema::Schema& schema, const PublicPeople& people, std::uint64_t seed)
      : schema_(schema), people_(people), seed_(seed) {}
  // The codes of `parts`, which read one field. Valid as long as this object.
  const NameCodes& of(const std::vector<schema::KeyPart>& parts, std::uint32_t most);
  const CodeBook& book() const { return book_; }
  const PublicPeople& people() const { return people_; }
  const schema::Schema& schema() const { return schema_; }

 private:
  schema::Schema schema_;
  const PublicPeople& people_;
  std::uint64_t seed_;
  CodeBook book_;
  std::map<std::string, std::unique_ptr<NameCodes>> made_;
};

// A block of a person: the share of the people who are in it, and its name among blocks.
struct PersonsBlock {
  double share = 0;
  std::uint64_t name = 0;  // a 64-bit hash
};

// Given name and surname are independent inside an ethnicity and birth period; birthdays are spread
// evenly; numbers are all different. A pass's cap of tags cuts the codes of each name, not the
// pairs of two names' codes: a few blocks too many where both names have several codes.
// Immutable after make; `codes` must outlive it.
class PassBlocks {
 public:
  static constexpr std::size_t kChunks = 32;  // steps of progress of sizes()
  // Errors: usage, where the public tables say nothing of a key like this one.
  static Result<PassBlocks> make(const schema::Pass& pass, NameCodesOfSchema& codes);

  // All blocks. Runs on all threads; the result does not depend on how many.
  BlockSizes sizes(Progress& progress) const;
  std::vector<PersonsBlock> blocks_of(const PublicPerson& person) const;

 private:
  enum class Names : std::uint8_t { apart, pair, either };
  // Codes of one side: which, and their shares by [period * kEthnicities + ethnicity].
  struct Side {
    const NameCodes* codes = nullptr;  // nullptr: the key reads no such name, one code for all
    std::vector<std::uint32_t> at;     // number in the book -> column, kNoName if nobody has it
    std::vector<std::vector<double>> rows;
    std::size_t columns = 1;
    std::uint32_t column(std::uint32_t code) const {
      if (codes == nullptr) return 0;
      return code < at.size() ? at[code] : kNoName;
    }
  };
  // Birthdays that give one value of the key: days of each period; and values with such counts.
  struct DateShape {
    std::vector<double> days;
    double values = 0;
  };
  // What the date parts of a key make of the birthdays.
  struct Dates {
    std::vector<std::size_t> shape_of_day, value_of_day;
    std::vector<DateShape> shapes;
  };
  struct Ingredients;

  explicit PassBlocks(const PublicPeople& people) : people_(people) {}
  Result<Ingredients> sort_parts(const schema::Schema& schema, const schema::Pass& pass);
  Dates read_dates(const schema::Schema& schema, const std::vector<schema::KeyPart>& parts) const;
  void read_common(const schema::Pass& pass, const NameCodesOfSchema& codes);
  const Dates& dates_of(std::size_t x, std::size_t y) const {
    return common_.common(x, y) ? longer_ : dates_;
  }
  void read_names(const schema::Pass& pass, const Ingredients& found, NameCodesOfSchema& codes);
  static Side side_of(const NameCodes* codes, std::size_t rows, const NameCodes* both);
  void add_row(std::size_t x, std::vector<std::vector<double>>& row, BlockSizes& out) const;
  double share_of(std::size_t period, std::size_t x, std::size_t y) const;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> names_of(const PublicPerson& person) const;

  const PublicPeople& people_;
  Names names_ = Names::apart;
  Side given_, surname_;
  Dates dates_;
  AdaptivePairs common_;  // these have a longer key, if it is adaptive
  Dates longer_;
  double numbers_ = 1;  // values of the numbers in the key
};

}  // namespace tessera::lab
