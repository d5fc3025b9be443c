// Every rate of the synthetic state, in one table: what the code uses is what the page prints.
#pragma once

#include <span>
#include <string_view>

namespace tessera::lab {

// X(group, name, value, what). `error` rates are per record typed and are what --noise scales;
// all others stay as they are.
#define TESSERA_SYNTH_RATES(X)                                                                   \
  X(people, twin_household, 0.021, "families whose children are one pair of twins")              \
  X(people, triplet_household, 0.0005, "families whose children are triplets")                   \
  X(people, sibling_household, 0.28, "families with two to four children of different ages")     \
  X(people, twin_similar, 0.30, "twins whose first name is one or two letters from the other's") \
  X(people, black, 0.15, "families, by the ethnicity that draws their names")                    \
  X(people, hispanic, 0.28, "the same")                                                          \
  X(people, asian, 0.06, "the same")                                                             \
  X(people, native, 0.01, "the same")                                                            \
  X(people, two_or_more, 0.04, "the same; the rest are white")                                   \
  X(people, ethnic_given, 0.45, "first names drawn by ethnicity, not by birth year alone")       \
  X(people, hispanic_double, 0.30, "Hispanic families with two surnames")                        \
  X(people, other_double, 0.025, "other families with two surnames")                             \
  X(people, double_hyphen, 0.45, "double surnames joined by a hyphen; the others by a blank")    \
  X(people, spelled, 0.40, "names with an accented or apostrophe form that are so spelled")      \
  X(people, two_part_first, 0.015, "first names in two parts (Mary Ann)")                        \
  X(people, no_middle, 0.08, "people without a middle name")                                     \
  X(people, suffix, 0.03, "males with Jr, II or III")                                            \
  X(people, one_name, 0.0006, "people with one legal name")                                      \
  X(people, sex_x, 0.003, "people registered as X")                                              \
  X(people, refugee, 0.002, "families whose birthdays are all 1 January")                        \
  X(people, international, 0.008, "international families: no SSN, few shared birthdays")        \
  X(people, stranger, 0.0005, "only children with the names and birthday of a stranger")         \
  X(people, no_ssn, 0.03, "other people without an SSN")                                         \
  X(life, pk3, 0.12, "children who enrol at three")                                              \
  X(life, pk4, 0.40, "children who enrol at four; the rest begin in kindergarten")               \
  X(life, never, 0.04, "children who never enrol (private, home)")                               \
  X(life, night_entry, 0.20, "first enrolments that come in a night, not in October")            \
  X(life, to_21, 0.015, "students in special education through age 21")                          \
  X(life, drop_out, 0.03, "students who leave for good in grades 10 to 12")                      \
  X(life, not_yet, 0.04, "families that are not in the state in year 1")                         \
  X(life, arrive, 0.30, "of those, arriving in each later year")                                 \
  X(life, summer_move, 0.05, "families that change district in a summer")                        \
  X(life, night_move, 0.03, "families that change district inside a year")                       \
  X(life, leave, 0.02, "families that leave the state in a summer")                              \
  X(life, homeschool, 0.006, "families that turn to home-schooling in a summer")                 \
  X(life, migrant, 0.004, "migrant families: they move in three of five summers and winters")    \
  X(life, come_back, 0.30, "families away that return, per year")                                \
  X(life, come_back_same, 0.70, "of those, to the district they left")                           \
  X(life, new_local_id, 0.15, "students who come back to a district under a new local ID")       \
  X(life, silent_move, 0.11, "moves the old district is not told of: it keeps listing them")     \
  X(life, concurrent, 0.008, "enrolments with a second district at the same time")               \
  X(life, no_show, 0.004, "October enrolments that are gone the next night")                     \
  X(life, duplicate, 0.0008, "enrolments entered twice in a district, under two local IDs")      \
  X(life, family_rename, 0.004, "families whose surname changes (marriage, divorce), per year")  \
  X(life, adoption, 0.001, "children who get a new surname by adoption, per year")               \
  X(life, marriage, 0.015, "women of 20 to 40 who take a new surname, per year")                 \
  X(life, transition, 0.0005, "people who change first name and sex, per year")                  \
  X(life, protection, 0.0001, "people who get new first and last names at once, per year")       \
  X(life, college, 0.60, "people who enter a college of the state at 18")                        \
  X(life, blocked, 0.05, "college students kept off the roster by a privacy block")              \
  X(life, staff_after, 0.04, "students who become school staff of the state")                    \
  X(life, works, 0.45, "people over 16 who hold jobs")                                           \
  X(life, works_quarter, 0.85, "quarters in which they are paid")                                \
  X(life, staff, 0.08, "staff who were never students here, per student")                        \
  X(life, workers, 0.08, "other workers, per student")                                           \
  X(life, staff_turnover, 0.06, "staff who change district, per year")                           \
  X(copy, correction, 0.15, "copies typed again with care, per year")                            \
  X(copy, worsening, 0.002, "copies typed again carelessly, per year")                           \
  X(copy, told, 0.70, "name changes the district enters in that year")                           \
  X(copy, former_name, 0.10, "new enrolments under the name borne before a change")              \
  X(copy, middle_initial, 0.22, "middle names given as an initial")                              \
  X(copy, middle_blank, 0.10, "middle names left out")                                           \
  X(copy, suffix_in_last, 0.50, "suffixes written after the last name; the others are dropped")  \
  X(copy, plain_district, 0.35, "districts whose system drops accents")                          \
  X(copy, upper_district, 0.35, "districts that write names in capitals")                        \
  X(copy, star_district, 0.20, "districts that write * for no middle name")                      \
  X(copy, us_date_district, 0.20, "districts with MM/DD/YYYY")                                   \
  X(error, name_typo, 0.0140, "first, and last, names with a letter added, lost, hit or moved")  \
  X(error, name_phonetic, 0.006, "first, and last, names written by ear")                        \
  X(error, name_ocr, 0.0018, "first, and last, names misread by a scanner")                      \
  X(error, name_variant, 0.05, "names with other transliterations that get one of them")         \
  X(error, nickname, 0.030, "first names that have a nickname and are given by it")              \
  X(error, twin_mixed, 0.006, "twins under the first name of the other one")                     \
  X(error, swap_names, 0.0012, "first and last name exchanged")                                  \
  X(error, middle_in_first, 0.004, "middle name inside the first name")                          \
  X(error, part_dropped, 0.10, "double surnames with one half left out")                         \
  X(error, hyphen_blank, 0.15, "double surnames with hyphen for blank or the other way")         \
  X(error, accents_dropped, 0.10, "records whose accents are dropped elsewhere")                 \
  X(error, placeholder_name, 0.0004, "first names such as Baby or Unknown")                      \
  X(error, middle_typo, 0.010, "middle names with a typo")                                       \
  X(error, spaces, 0.010, "names with stray blanks")                                             \
  X(error, letter_case, 0.010, "names in another case than the district's")                      \
  X(error, dob_digit, 0.0030, "birthdays with one digit wrong")                                  \
  X(error, dob_day_month, 0.0022, "birthdays of day 2 to 12 with day and month exchanged")       \
  X(error, dob_first, 0.0010, "birthdays set to 01/01 of the year")                              \
  X(error, dob_default, 0.0003, "birthdays set to 1900-01-01")                                   \
  X(error, dob_century, 0.0004, "birthdays a century off")                                       \
  X(error, dob_blank, 0.0008, "birthdays missing")                                               \
  X(error, sex_missing, 0.004, "sex missing")                                                    \
  X(error, sex_wrong, 0.002, "sex wrong")                                                        \
  X(ssn, provided, 0.25, "K-12 records with an SSN (--ssn-share)")                               \
  X(ssn, declined, 0.12, "K-12 records whose family declined")                                   \
  X(ssn, not_asked, 0.45, "K-12 records never asked; the rest: not available")                   \
  X(ssn, provided_college, 0.85, "college records with an SSN")                                  \
  X(ssn, provided_staff, 0.97, "staff and wage records with an SSN")                             \
  X(ssn, parent, 0.006, "provided in K-12: the parent's typed for the child")                    \
  X(ssn, shared, 0.004, "provided in K-12: the number of another child in the district")         \
  X(ssn, invalid, 0.005, "provided: impossible or well-known numbers")                           \
  X(ssn, digit, 0.006, "provided: one digit wrong")                                              \
  X(ssn, s_number, 0.004, "provided in K-12: a district's own S-number in its place")            \
  X(ssn, retired, 0.001, "provided in K-12: the word IDRETIRED in its place")                    \
  X(ssn, change, 0.009, "SSN answers that change, per record and year")                          \
  X(ssn, wage_no_name, 0.05, "wage records without a name")

enum class RateGroup { people, life, copy, error, ssn };

struct Rates {
#define X(group, name, value, what) double name = value;
  TESSERA_SYNTH_RATES(X)
#undef X
};

struct RateLine {
  std::string_view group, name;
  double value;
  std::string_view what;
};

// The table as data, in the order above. Thread safe.
std::span<const RateLine> rate_lines();
// The rates with every `error` rate times `factor` (at most 0.9 each). REQUIRES: factor >= 0.
Rates scaled_rates(double factor);

}  // namespace tessera::lab
