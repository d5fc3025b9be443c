// Fixed-width wage records: positions, other types, faults.
#include "engine/record/roster.h"
#include "rosters.h"

using namespace tessera;
using namespace tessera::record;

namespace {

// An S-record of 275 bytes. The employer's account stands at 147-161.
std::string s_record(std::string_view ssn, std::string_view last, std::string_view first,
                     std::string_view middle, std::string_view account = "ACCOUNT-1") {
  std::string r(275, ' ');
  r[0] = 'S';
  r.replace(1, ssn.size(), ssn);
  r.replace(10, last.size(), last);
  r.replace(30, first.size(), first);
  r.replace(42, middle.size(), middle);
  r.replace(146, account.size(), account);
  return r;
}
std::string other_record(char type) {
  std::string r(275, ' ');
  r.replace(0, 5, std::string(1, type) + "2026");
  return r;
}
ReadOptions wage_options() {
  ReadOptions options = student_options();
  options.population = encoded::Population::wage;
  return options;
}

}  // namespace

TEST_CASE("wage records: S is read, the rest is counted") {
  const std::string text = other_record('A') + "\r\n" + other_record('E') + "\r\n" +
                           s_record("116689290", "MONTGOMERY-FITZGERAL", "CHRISTOPHERS", "Q") +
                           "\r\n" + s_record("I", "LEE", "ANN", " ") + "\r\n" +
                           s_record("078051120", "RAY", "BOB", "A").substr(0, 43) + "\n" +
                           other_record('T') + "\n" + other_record('F');
  const Roster r = must_read(text, wage_options());
  CHECK(r.report.kind == SourceKind::wage);
  REQUIRE(r.records.size() == 3);
  CHECK(r.report.other_types == 4);
  CHECK(r.records[0].local_id == "S3");
  CHECK(r.records[0].values[kSsn].text == "116689290");
  CHECK(r.records[0].ssn_state == encoded::SsnState::provided);
  CHECK(r.records[0].values[kLast].names[0].whole == "MONTGOMERY FITZGERAL");
  CHECK(r.records[0].values[kFirst].names[0].whole == "CHRISTOPHERS");
  CHECK(r.records[0].values[kMiddle].text == "Q");
  CHECK(r.records[1].local_id == "S4");
  CHECK(r.records[1].values[kSsn].text.empty());
  CHECK(r.records[1].values[kMiddle].text.empty());
  CHECK(r.records[2].values[kFirst].names[0].whole == "BOB");  // trailing blanks were stripped
  CHECK(findings(r, kSsn).of(Finding::fake) == 1);
  CHECK(findings(r, kSsn).of(Finding::not_digits) == 0);
}

TEST_CASE("wage records without line ends") {
  const std::string text = other_record('A') + s_record("116689290", "LEE", "ANN", "B") +
                           s_record("116689291", "RAY", "BOB", "C");
  const Roster r = must_read(text, wage_options());
  REQUIRE(r.records.size() == 2);
  CHECK(r.records[1].local_id == "S3");
  CHECK(r.records[1].values[kLast].names[0].whole == "RAY");
}

TEST_CASE("a person with several employers stays a record of each, with the SSN") {
  const std::string text = s_record("116689290", "LEE", "WILLIAM", "B") + "\n" +
                           s_record("116689290", "LEE", "BILL", "") + "\n" +
                           s_record("116689291", "LEE", "ANN", "") + "\n" +
                           s_record("116689291", "RAY", "BOB", "") + "\n";
  const Roster r = must_read(text, wage_options());
  REQUIRE(r.records.size() == 4);
  CHECK(r.records[0].values[kSsn].text == "116689290");
  CHECK(r.records[1].values[kSsn].text == "116689290");
  CHECK(findings(r, kSsn).of(Finding::shared) == 2);
}

TEST_CASE("other positions may be mapped, but not the SSN as local ID") {
  ReadOptions options = wage_options();
  options.columns = {"local_id=147-161", "first+=62-65"};
  std::string one = s_record("116689290", "LEE", "ANN", "B", "W-1");
  one.replace(61, 4, "NANA");
  const Roster r = must_read(one + "\n" + s_record("116689291", "RAY", "BOB", "C", "W-2"), options);
  CHECK(r.records[0].local_id == "W-1");
  CHECK(r.records[0].values[kFirst].names[1].whole == "NANA");
  const auto refused = [&](const char* map) {
    options.columns = {map};
    const auto result = read_text(one, options);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::usage);
  };
  refused("local_id=2-10");
  refused("local_id=10-12");
  refused("local_id=ssn");
  refused("local_id=270-276");
  refused("local_id=9-4");
  refused("local_id=0-4");
  refused("local_id=badge");
}

TEST_CASE("broken wage records are rejected") {
  std::string text;
  for (int i = 0; i < 100; ++i) text += s_record("", "LEE", "ANN", "") + "\n";
  text += s_record("", "LEE", "ANN", "") + "more\n";  // 101: too long
  text += s_record("",
                   "L\xC3\x89"
                   "E",
                   "ANN", "") +
          "\n";                                                   // 102: not ASCII
  text += "X" + s_record("", "LEE", "ANN", "").substr(1) + "\n";  // 103: no such type
  text += "   \n";                                                // 104: blank
  text += s_record("", "LEE", "ANN", "") + "\n";                  // 105
  ReadOptions options = wage_options();
  options.kind = SourceKind::wage;
  const Roster r = must_read(text, options);
  CHECK(r.records.size() == 101);
  CHECK(r.records.back().local_id == "S105");
  REQUIRE(r.report.rejects.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(r.report.rejects[i].line == 101 + i);
    CHECK(r.report.rejects[i].rule == RowRule::structure);
  }
}

TEST_CASE("what is no wage file is not taken for one") {
  for (const char* text : {"Student ID,first_name\n1,Ann\n", "First_Name,id\nAnn,1\n", "id\n", "A",
                           "", "S1234,id,first_name\n1,2,3\n"}) {
    CAPTURE(text);
    const auto r = read_text(text, wage_options());
    CHECK((!r || r->report.kind == SourceKind::csv));
  }
}
