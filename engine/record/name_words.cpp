// The word lists. Sorted, so that a look-up is a binary search; the compiler checks the order.
#include "engine/record/name_words.h"

#include <algorithm>
#include <array>

#include "engine/record/fold.h"

namespace tessera::record {
namespace {

using namespace std::string_view_literals;

constexpr std::array kSuffixes = {"1ST"sv,  "2ND"sv,    "3RD"sv, "4TH"sv,     "5TH"sv,    "6TH"sv,
                                  "CPA"sv,  "DDS"sv,    "ESQ"sv, "ESQUIRE"sv, "II"sv,     "III"sv,
                                  "IIII"sv, "IV"sv,     "JNR"sv, "JR"sv,      "JUNIOR"sv, "MD"sv,
                                  "PHD"sv,  "SENIOR"sv, "SNR"sv, "SR"sv,      "VII"sv,    "VIII"sv};
constexpr std::array kNumerals = {"I"sv, "IX"sv, "V"sv, "VI"sv};
constexpr std::array kTitles = {"DR"sv, "FR"sv, "HON"sv,  "MISS"sv, "MR"sv,  "MRS"sv,
                                "MS"sv, "MX"sv, "PROF"sv, "REV"sv,  "SIR"sv, "SRA"sv};
constexpr std::array kSurnameParticles = {
    "ABD"sv,   "ABDEL"sv, "ABDUL"sv, "ABU"sv,  "AL"sv,    "AP"sv,  "BIN"sv,    "BINT"sv,
    "D"sv,     "DA"sv,    "DAS"sv,   "DE"sv,   "DEGLI"sv, "DEL"sv, "DELA"sv,   "DELLA"sv,
    "DELLO"sv, "DELOS"sv, "DEM"sv,   "DEN"sv,  "DER"sv,   "DES"sv, "DI"sv,     "DO"sv,
    "DOS"sv,   "DU"sv,    "EL"sv,    "FITZ"sv, "IBN"sv,   "L"sv,   "LA"sv,     "LAS"sv,
    "LE"sv,    "LO"sv,    "LOS"sv,   "MAC"sv,  "MC"sv,    "O"sv,   "SAINT"sv,  "SAN"sv,
    "SANTA"sv, "ST"sv,    "STE"sv,   "TEN"sv,  "TER"sv,   "VAN"sv, "VANDER"sv, "VON"sv,
    "ZU"sv,    "ZUM"sv,   "ZUR"sv};
constexpr std::array kGivenParticles = {"ABD"sv, "ABDEL"sv, "ABDUL"sv, "D"sv,     "DA"sv,
                                        "DE"sv,  "DEL"sv,   "DELA"sv,  "DELOS"sv, "LA"sv,
                                        "LAS"sv, "LOS"sv,   "MC"sv,    "O"sv};
constexpr std::array kPlaceholders = {"ANON"sv,
                                      "ANONYMOUS"sv,
                                      "ASDF"sv,
                                      "BABY"sv,
                                      "BABY BOY"sv,
                                      "BABY GIRL"sv,
                                      "BABYBOY"sv,
                                      "BABYGIRL"sv,
                                      "BLANK"sv,
                                      "BOY"sv,
                                      "CHILD"sv,
                                      "DECLINED"sv,
                                      "DELETE"sv,
                                      "DELETED"sv,
                                      "DO NOT USE"sv,
                                      "DUMMY"sv,
                                      "DUPLICATE"sv,
                                      "EMPTY"sv,
                                      "FIRST NAME UNKNOWN"sv,
                                      "FNU"sv,
                                      "GIRL"sv,
                                      "INFANT"sv,
                                      "INFANT BOY"sv,
                                      "INFANT GIRL"sv,
                                      "LAST NAME UNKNOWN"sv,
                                      "LNU"sv,
                                      "MISSING"sv,
                                      "N A"sv,
                                      "NA"sv,
                                      "NEWBORN"sv,
                                      "NFN"sv,
                                      "NIL"sv,
                                      "NLN"sv,
                                      "NO FIRST NAME"sv,
                                      "NO GIVEN NAME"sv,
                                      "NO LAST NAME"sv,
                                      "NO NAME"sv,
                                      "NO SURNAME"sv,
                                      "NOFIRSTNAME"sv,
                                      "NOLASTNAME"sv,
                                      "NONAME"sv,
                                      "NONE"sv,
                                      "NOT APPLICABLE"sv,
                                      "NOT AVAILABLE"sv,
                                      "NOT GIVEN"sv,
                                      "NOT KNOWN"sv,
                                      "NOT PROVIDED"sv,
                                      "NULL"sv,
                                      "REFUSED"sv,
                                      "STUDENT"sv,
                                      "TBD"sv,
                                      "TEMP"sv,
                                      "TEST"sv,
                                      "TEST STUDENT"sv,
                                      "TESTER"sv,
                                      "TESTING"sv,
                                      "TWIN"sv,
                                      "TWIN A"sv,
                                      "TWIN B"sv,
                                      "UNAVAILABLE"sv,
                                      "UNK"sv,
                                      "UNKN"sv,
                                      "UNKNOWN"sv,
                                      "UNNAMED"sv,
                                      "UNSPECIFIED"sv,
                                      "VOID"sv,
                                      "X"sv,
                                      "XX"sv};
constexpr std::array kNoMiddle = {
    "NMI"sv, "NMN"sv, "NO MIDDLE"sv, "NO MIDDLE INITIAL"sv, "NO MIDDLE NAME"sv, "NOMIDDLENAME"sv};

template <class List>
constexpr bool sorted(const List& list) {
  return std::ranges::is_sorted(list);
}
static_assert(sorted(kSuffixes) && sorted(kNumerals) && sorted(kTitles) && sorted(kNoMiddle));
static_assert(sorted(kSurnameParticles) && sorted(kGivenParticles) && sorted(kPlaceholders));

template <class List>
bool in(const List& list, std::string_view word) {
  return std::ranges::binary_search(list, word);
}

// AAAA, XXXXX: a key held down. Three letters at least, so that no name is hit.
bool one_letter(std::string_view word) {
  return word.size() >= 3 && word.find_first_not_of(word.front()) == std::string_view::npos;
}

}  // namespace

bool is_suffix(std::string_view word) { return in(kSuffixes, word); }
bool is_lone_numeral(std::string_view word) { return in(kNumerals, word); }
bool is_title(std::string_view word) { return in(kTitles, word); }
bool is_surname_particle(std::string_view word) { return in(kSurnameParticles, word); }
bool is_given_particle(std::string_view word) { return in(kGivenParticles, word); }
bool is_no_middle_name(std::string_view whole) { return in(kNoMiddle, whole); }

bool is_placeholder(std::string_view whole) {
  // "BABY BOY A", "BABY GIRL SMITH": whatever follows was not given at birth.
  return in(kPlaceholders, whole) || one_letter(whole) || whole.starts_with("BABY BOY ") ||
         whole.starts_with("BABY GIRL ");
}

bool says_not_known(std::string_view text) {
  const std::string folded = fold(text);
  return folded.empty() || is_placeholder(folded);
}

}  // namespace tessera::record
