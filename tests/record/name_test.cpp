// Every rule for names, as a table.
#include "engine/record/name.h"

#include <doctest/doctest.h>

using namespace tessera::record;

namespace {

// "MARY+ANN/MARIA initial=Q": parts by +, names by /.
std::string show(const std::vector<Name>& names) {
  std::string out;
  for (const Name& name : names) {
    if (!out.empty()) out += '/';
    std::string whole;
    for (const std::string& part : name.parts) {
      if (!whole.empty()) whole += '+';
      whole += part;
    }
    out += whole;
    for (char& c : whole)
      if (c == '+') c = ' ';
    CHECK(name.whole == whole);
    CHECK(name.groups.size() == name.parts.size());
    CHECK_FALSE(name.parts.empty());
  }
  return out;
}

std::string with(std::string out, Finding finding, char initial = 0) {
  if (initial != 0) out += std::string(" initial=") + initial;
  if (finding != Finding::none) out += " " + std::string(name_of(finding));
  return out;
}

std::string given(std::string_view text) {
  std::vector<Name> names;
  char initial = 0;
  const Finding finding = read_given_name(text, names, initial);
  return with(show(names), finding, initial);
}

std::string surname(std::string_view text) {
  std::vector<Name> names;
  const Finding finding = read_surname(text, names);
  for (const Name& name : names) CHECK(name.groups == name.parts);
  return with(show(names), finding);
}

std::string middle(std::string_view text) {
  std::string out;
  const Finding finding = read_middle_name(text, out);
  return with(out, finding);
}

struct Example {
  const char* text;
  const char* expected;
};

}  // namespace

TEST_CASE("given names") {
  const Example examples[] = {{"", ""},
                              {"mary", "MARY"},
                              {"Mary Ann", "MARY+ANN"},
                              {"Mary-Ann", "MARY+ANN"},
                              {"Jos\u00e9", "JOSE"},
                              {"D'Andre", "DANDRE"},
                              {"De Andre", "DEANDRE"},
                              {"La Toya", "LATOYA"},
                              {"Mc Kenzie", "MCKENZIE"},
                              {"Abdul Rahman", "ABDULRAHMAN"},
                              {"Maria de los Angeles", "MARIA+DELOSANGELES"},
                              {"Van Anh", "VAN+ANH"},
                              {"Al", "AL"},
                              {"John Q", "JOHN initial=Q"},
                              {"John Q.", "JOHN initial=Q"},
                              {"J. Robert", "J+ROBERT"},
                              {"A. J.", "AJ"},
                              {"A.J.", "AJ"},
                              {"AJ", "AJ"},
                              {"J", "J"},
                              {"John Jr.", "JOHN"},
                              {"John III", "JOHN"},
                              {"John Paul II", "JOHN+PAUL"},
                              {"Junior", "JUNIOR"},
                              {"Dr. Mary", "MARY"},
                              {"Mr John", "JOHN"},
                              {"William (Bill)", "WILLIAM/BILL other_name"},
                              {"William \"Bill\"", "WILLIAM/BILL other_name"},
                              {"William 'Bill'", "WILLIAM/BILL other_name"},
                              {"William (Bill) Henry", "WILLIAM+HENRY/BILL other_name"},
                              {"William (William)", "WILLIAM"},
                              {"(Bill)", "BILL"},
                              {"William (", "WILLIAM"},
                              {"William (Bill", "WILLIAM/BILL other_name"},
                              {"William )", "WILLIAM"},
                              {"William (unknown)", "WILLIAM"},
                              {"William (Jr)", "WILLIAM/JR other_name"},
                              {"Mary2", "MARY"},
                              {"M4ry", "MRY"},
                              {"12345", " unreadable"},
                              {"*", " placeholder"},
                              {".", " placeholder"},
                              {"-", " placeholder"},
                              {"Baby", " placeholder"},
                              {"BABY BOY", " placeholder"},
                              {"Baby Girl Smith", " placeholder"},
                              {"Unknown", " placeholder"},
                              {"none", " placeholder"},
                              {"TEST", " placeholder"},
                              {"NA", " placeholder"},
                              {"N/A", " placeholder"},
                              {"XXX", " placeholder"},
                              {"xxxxxxx", " placeholder"},
                              {"null", " placeholder"},
                              {"FNU", " placeholder"},
                              {"(unknown)", " unreadable"}};
  for (const Example& e : examples) {
    CAPTURE(e.text);
    CHECK(given(e.text) == e.expected);
  }
}

TEST_CASE("surnames") {
  const Example examples[] = {{"", ""},
                              {"Smith", "SMITH"},
                              {"O'Brien", "OBRIEN"},
                              {"O Brien", "OBRIEN"},
                              {"O' Brien", "OBRIEN"},
                              {"O'Sullivan", "OSULLIVAN"},
                              {"McDonald", "MCDONALD"},
                              {"Mc Donald", "MCDONALD"},
                              {"Garcia Lopez", "GARCIA+LOPEZ"},
                              {"Garcia-Lopez", "GARCIA+LOPEZ"},
                              {"Garcia y Lopez", "GARCIA+LOPEZ"},
                              {"Jones-Drew", "JONES+DREW"},
                              {"Heathcote-Drummond-Willoughby", "HEATHCOTE+DRUMMOND+WILLOUGHBY"},
                              {"Nguy\u1ec5n", "NGUYEN"},
                              {"Garc\u00eda", "GARCIA"},
                              {"von Neuman", "VONNEUMAN"},
                              {"De La Cruz", "DELACRUZ"},
                              {"de la Cruz", "DELACRUZ"},
                              {"Delacruz", "DELACRUZ"},
                              {"Garcia de la Cruz", "GARCIA+DELACRUZ"},
                              {"Van der Berg", "VANDERBERG"},
                              {"Van Der Berg-Smith", "VANDERBERG+SMITH"},
                              {"Al-Hassan", "ALHASSAN"},
                              {"El Sayed", "ELSAYED"},
                              {"St. Clair", "STCLAIR"},
                              {"Saint Clair", "STCLAIR"},
                              {"San Martin", "SANMARTIN"},
                              {"Van", "VAN"},
                              {"Le", "LE"},
                              {"De La", "DELA"},
                              {"Saint", "SAINT"},
                              {"Smith Jr.", "SMITH"},
                              {"Smith, Jr", "SMITH"},
                              {"Smith Sr", "SMITH"},
                              {"Smith II", "SMITH"},
                              {"Smith III", "SMITH"},
                              {"Smith IV", "SMITH"},
                              {"Smith V", "SMITH"},
                              {"Smith 2nd", "SMITH"},
                              {"Smith Jr III", "SMITH"},
                              {"Smith, MD", "SMITH"},
                              {"Mr. Smith", "SMITH"},
                              {"V", "V"},
                              {"Smith nee Jones", "SMITH/JONES other_name"},
                              {"Smith n\u00e9e Jones", "SMITH/JONES other_name"},
                              {"Smith (Jones)", "SMITH/JONES other_name"},
                              {"Smith (nee Jones)", "SMITH/JONES other_name"},
                              {"Smith (Jones) (Brown)", "SMITH/JONES/BROWN other_name"},
                              {"Nee", "NEE"},
                              {"Smith2", "SMITH"},
                              {"LNU", " placeholder"},
                              {"*", " placeholder"},
                              {"?", " placeholder"},
                              {"X", " placeholder"},
                              {"no last name", " placeholder"},
                              {"000", " unreadable"}};
  for (const Example& e : examples) {
    CAPTURE(e.text);
    CHECK(surname(e.text) == e.expected);
  }
}

TEST_CASE("middle names") {
  const Example examples[] = {{"", ""},
                              {"Ann", "ANN"},
                              {"Ann Marie", "ANN MARIE"},
                              {"A", "A"},
                              {"A.", "A"},
                              {"X", "X"},
                              {"*", ""},
                              {"NMN", ""},
                              {"no middle name", ""},
                              {"JR", " placeholder"},
                              {"Lee Jr", "LEE"},
                              {"none", " placeholder"},
                              {"N/A", " placeholder"},
                              {"de la Luz", "DELALUZ"},
                              {"7", " unreadable"},
                              {"(Bill)", " unreadable"}};
  for (const Example& e : examples) {
    CAPTURE(e.text);
    CHECK(middle(e.text) == e.expected);
  }
}

TEST_CASE("nickname groups go with the parts of a given name") {
  std::vector<Name> names;
  char initial = 0;
  read_given_name("Billy Joe", names, initial);
  REQUIRE(names.size() == 1);
  CHECK(names[0].parts == std::vector<std::string>{"BILLY", "JOE"});
  CHECK(names[0].groups == std::vector<std::string>{"WILLIAM", "JOSEPH"});
}

TEST_CASE("a further name is added once, and only if it is another") {
  std::vector<Name> names;
  CHECK(read_surname("Smith", names) == Finding::none);
  CHECK(read_surname("SMITH JR", names) == Finding::none);
  CHECK(read_surname("Jones", names) == Finding::none);
  CHECK(show(names) == "SMITH/JONES");
}
