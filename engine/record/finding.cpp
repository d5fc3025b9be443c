// Names and remedies of the findings, in the order of the enumeration.
#include "engine/record/finding.h"

namespace tessera::record {
namespace {

struct Text {
  std::string_view name;
  std::string_view remedy;
};

constexpr std::array<Text, kFindings> kTexts{{
    {"none", ""},
    {"placeholder", "leave the cell empty where the value is not known"},
    {"unreadable",
     "write the value as the schema says; dates in one of its formats, or in that of "
     "--date-format"},
    {"not_listed", "use a spelling that the schema lists, or add this one to the schema"},
    {"not_digits", "write digits only"},
    {"wrong_length", "write all digits, leading zeros too; a spreadsheet may have dropped them"},
    {"check_digit", "the last digit does not fit the others; correct the number"},
    {"impossible", "this number was never issued; leave the cell empty"},
    {"fake", "this number comes from a sample form; leave the cell empty"},
    {"itin", "a taxpayer number is not an SSN; leave the cell empty"},
    {"shared", "people who differ share this SSN; correct it where it is wrong"},
    {"not_wanted", "the status column says there is no SSN; clear the cell or correct the status"},
    {"swapped",
     "read with day and month exchanged; for every five such dates about three more look right and "
     "are not: write dates in the schema's format"},
    {"day_not_known", "only the year or the month is used; enter the full date when it is known"},
    {"implausible_age", "kept as it is; check the year of birth"},
    {"one_name", "kept in both fields; check that the person has one name only"},
    {"other_name", "read as a further name of the same person"},
    {"garbled", "kept as it is; letters were lost on the way, so export the file again as UTF-8"},
}};

}  // namespace

std::string_view name_of(Finding finding) { return kTexts[static_cast<std::size_t>(finding)].name; }
std::string_view remedy_of(Finding finding) {
  return kTexts[static_cast<std::size_t>(finding)].remedy;
}

namespace {

constexpr std::array<Text, kRowRules.size()> kRowTexts{{
    {"structure", "write one row for each person, with as many cells as the header has"},
    {"no_local_id", "give every row a local ID of its own"},
    {"repeated_local_id",
     "an earlier row has this local ID and was kept; remove or renumber this one"},
}};

}  // namespace

std::string_view name_of(RowRule rule) { return kRowTexts[static_cast<std::size_t>(rule)].name; }
std::string_view remedy_of(RowRule rule) {
  return kRowTexts[static_cast<std::size_t>(rule)].remedy;
}

}  // namespace tessera::record
