// The dictionary lists what reading gives: every error of an element, and none that never comes.
#include "engine/record/dictionary.h"

#include <map>
#include <set>

#include "engine/core/random.h"
#include "rosters.h"

using namespace tessera;
using namespace tessera::record;

namespace {

using Errors = std::map<std::string, std::string>;  // name to remedy

Errors errors_in(const json::Value& element) {
  Errors out;
  for (const json::Value& e : *element.find("errors")->as_array())
    out.emplace(*e.find("error")->as_string(), *e.find("remedy")->as_string());
  return out;
}

// What reading one roster said, by element, taken from the report that encode prints.
void add_said(const Report& report, std::map<std::string, Errors>& said) {
  const json::Value out = to_json(report);
  for (const json::Value& f : *out.find("fields")->as_array())
    for (const json::Value& e : *f.find("findings")->as_array())
      said[*f.find("field")->as_string()].emplace(*e.find("finding")->as_string(),
                                                  *e.find("remedy")->as_string());
}

// Rosters in which each element meets each of its errors once.
const std::vector<std::string> kRosters = {
    "id,first_name,middle_name,last_name,dob,sex,ssn,ssn_status,library_card\n"
    "1,UNKNOWN,JR,UNKNOWN,1900-01-01,UNKNOWN,UNKNOWN,,UNKNOWN\n"
    "2,12,12,12,soon,it,12x,,12x\n"
    "3,Ann,Al,Lee,25/12/2010,F,12,,12\n"
    "4,Ann,Al,Lee,2010-00-00,F,000-12-3456,,0000000000\n"
    "5,Lee,Al,Lee,1910-05-05,F,078-05-1120,,4532015113\n"
    "6,Jo (Joe),J\xC3\x83\xC2\xA9r,Ray (Roe),2010-05-05,F,912-70-1234,,1234567890\n"
    "7,J\xC3\x83\xC2\xA9r,Al,J\xC3\x83\xC2\xA9r,2010-05-05,F,212-44-6788,declined,\n"
    "8,Ann,Al,Lee,2010-05-05,F,212-44-6789,mumble,\n"
    "9,Bob,Al,Roy,2011-05-06,M,212-44-6781,,\n"
    "10,Eve,Al,Moss,2012-05-07,F,212-44-6781,,\n"};

}  // namespace

TEST_CASE("R43: the dictionary lists each element's errors as encode gives them") {
  const json::Value listed = dictionary(full_schema());
  std::map<std::string, Errors> said;
  for (const std::string& roster : kRosters) add_said(must_read(roster).report, said);
  for (const json::Value& e : *listed.find("elements")->as_array()) {
    const std::string& name = *e.find("element")->as_string();
    INFO(name);
    Errors all = errors_in(e);
    for (const auto& [error, remedy] : all) INFO(error);
    for (const auto& [error, remedy] : said[name]) {
      INFO(error);
      CHECK(all.contains(error));
      CHECK(all[error] == remedy);
      all.erase(error);
    }
    std::string left;
    for (const auto& [error, remedy] : all) left += error + " ";
    CHECK(left == "");  // listed, and never said
  }
}

TEST_CASE("nothing that reading gives is missing from the dictionary, whatever the cells") {
  const schema::Schema schema = full_schema();
  Splitmix random(43);
  const std::vector<std::string> cells = {
      "",    "UNKNOWN",     "*",     "12",          "1/1/11",     "Ann", "2010-13-01", "F",
      "x y", "987-65-4320", "Jo-Al", "078-05-1120", "4532015112", "N/A", "00/00/2010"};
  for (int turn = 0; turn < 300; ++turn) {
    std::string text = "id,first_name,middle_name,last_name,dob,sex,ssn,ssn_status,library_card\n";
    for (int row = 0; row < 4; ++row) {
      text += std::to_string(row);
      for (int c = 0; c < 8; ++c) text += "," + cells[random.below(cells.size())];
      text += "\n";
    }
    const auto roster = read_text(text);
    if (!roster) continue;  // refused as a whole
    for (std::size_t f = 0; f < schema.fields.size(); ++f) {
      const std::vector<Finding> may = findings_of(schema.fields[f]);
      for (std::size_t i = 1; i < kFindings; ++i)
        if (findings(*roster, f).count[i] > 0)
          CHECK(std::ranges::find(may, static_cast<Finding>(i)) != may.end());
    }
  }
}

TEST_CASE("R43: a rejected row's remedy is the dictionary's") {
  const json::Value listed = dictionary(full_schema());
  Errors rows;
  for (const json::Value& e : *listed.find("rows")->as_array())
    rows.emplace(*e.find("error")->as_string(), *e.find("remedy")->as_string());
  CHECK(rows.size() == kRowRules.size());
  const Roster r = must_read("id,first_name\n" + sound_rows(60, ",Ann") + ",Bob\np1,Eve\n");
  REQUIRE(r.report.rejects.size() == 2);
  for (const Reject& reject : r.report.rejects)
    CHECK(rows[std::string(name_of(reject.rule))] == reject.remedy);
}

TEST_CASE("what the schema says of an element stands in the dictionary") {
  const json::Value listed = dictionary(full_schema());
  const json::Array& e = *listed.find("elements")->as_array();
  CHECK(e[kSex].find("code_set")->as_array()->size() == 2);
  CHECK(e[kDob].find("formats")->as_array()->size() == 4);
  CHECK(*e[kCard].find("length")->as_int() == 10);
  CHECK(*e[kCard].find("check_digit")->as_string() == "luhn");
  CHECK(e[kSsn].find("states")->as_array()->size() == 4);
  const json::Value shipped = dictionary(*schema::load("default"));
  bool any = false;
  for (const json::Value& f : *shipped.find("elements")->as_array())
    any = any || *f.find("needed")->as_bool();
  CHECK(any);
}
