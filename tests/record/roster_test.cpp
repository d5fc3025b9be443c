// Rosters in CSV: rows, rejects, and the checks that need the whole file.
#include "engine/record/roster.h"

#include <cstdlib>
#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>

#include "engine/core/file.h"
#include "engine/core/parallel.h"
#include "engine/core/random.h"
#include "rosters.h"

using namespace tessera;
using namespace tessera::record;

namespace {
const std::string kHeader =
    "id,first_name,middle_name,last_name,date_of_birth,sex,ssn,ssn_status\n";
}

TEST_CASE("cells and header cells are trimmed, columns come in any order") {
  const Roster r = must_read(
      "\xEF\xBB\xBFssn_status, Last Name ,SSN,DOB,id,FIRST-NAME,mi,library_card,Sex\r\n"
      ",\"O'Brien-de la Cruz, Jr.\", 116-68-9290,3/4/2010, 0071 ,Billy  (Buddy),q.,1234567897, "
      "Female\r\n"
      "\r\n"
      ", Smith ,,,72,Ann,,,\r\n");
  REQUIRE(r.records.size() == 2);
  const Fields& f = r.records[0];
  CHECK(f.local_id == "0071");
  REQUIRE(f.values[kFirst].names.size() == 2);
  CHECK(f.values[kFirst].names[0].whole == "BILLY");
  CHECK(f.values[kFirst].names[0].groups[0] == "WILLIAM");
  CHECK(f.values[kFirst].names[1].whole == "BUDDY");
  CHECK(f.values[kMiddle].text == "Q");
  CHECK(f.values[kLast].names[0].whole == "OBRIEN DELACRUZ");
  CHECK(f.values[kDob].date.year == 2010);
  CHECK(f.values[kDob].date.month == 3);
  CHECK(f.values[kDob].date.day == 4);
  CHECK(f.values[kSex].text == "F");
  CHECK(f.values[kSsn].text == "116689290");
  CHECK(f.ssn_state == encoded::SsnState::provided);
  CHECK(f.values[kCard].text == "1234567897");
  CHECK(r.lines == std::vector<std::size_t>{2, 4});
  const Fields& g = r.records[1];
  CHECK(g.values[kDob].date.year == 0);
  CHECK(g.values[kSex].text.empty());
  CHECK(g.ssn_state == encoded::SsnState::not_available);
  CHECK(r.report.rows == 2);
  CHECK(r.report.fields[kFirst].known == 2);
  CHECK(r.report.fields[kDob].known == 1);
  CHECK(r.report.fields[kFirst].columns == std::vector<std::string>{"FIRST-NAME"});
}

TEST_CASE("broken rows and bad local IDs are rejected, one by one") {
  std::string text = kHeader + sound_rows(200, ",Ann,,Lee,2010-03-04,F,,");
  text += "a,Ann,,Lee\n";                        // 202: too few cells
  text += "b,Ann,,Lee,2010-03-04,F,,,,\n";       // 203: too many
  text += "c,A\"nn,,Lee,2010-03-04,F,,\n";       // 204: stray quote
  text += " ,Ann,,Lee,2010-03-04,F,,\n";         // 205: no local ID
  text += "p7,Bob,,Ray,2010-03-04,M,,\n";        // 206: repeated
  text += "d,A\xFF,,Lee,2010-03-04,F,,\n";       // 207: not UTF-8
  text += "e,Ev\xC3\xA9,,Lee,2010-03-04,F,,\n";  // 208: sound, in UTF-8
  const Roster r = must_read(text);
  CHECK(r.records.size() == 201);
  CHECK(r.records.back().local_id == "e");
  CHECK(r.lines.back() == 208);
  CHECK(r.records[7].values[kFirst].names[0].whole == "ANN");  // the first p7 is kept
  std::vector<std::pair<std::size_t, RowRule>> got;
  for (const Reject& reject : r.report.rejects) {
    got.emplace_back(reject.line, reject.rule);
    CHECK_FALSE(reject.remedy.empty());
  }
  const std::vector<std::pair<std::size_t, RowRule>> expected = {
      {202, RowRule::structure},   {203, RowRule::structure},         {204, RowRule::structure},
      {205, RowRule::no_local_id}, {206, RowRule::repeated_local_id}, {207, RowRule::structure}};
  CHECK(got == expected);
  CHECK(rejects_csv(r.report.rejects)
            .starts_with("file,line,rule,remedy\nroster.csv,202,structure,4 cells where the "
                         "header has 8; quote cells that hold a separator\n"));
}

TEST_CASE("more than 5 % rejected rows stop the reading, and say how many") {
  std::string text = kHeader + sound_rows(95, ",Ann,,Lee,2010-03-04,F,,");
  for (int i = 0; i < 5; ++i) text += ",Ann,,Lee,2010-03-04,F,,\n";
  CHECK(must_read(text).records.size() == 95);  // 5 of 100
  text += ",Ann,,Lee,2010-03-04,F,,\n";         // 6 of 101
  Silent silent;
  std::vector<Reject> rejects;
  const auto stopped = read_roster_bytes(as_bytes(text), "roster.csv", full_schema(),
                                         student_options(), silent, &rejects);
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().code == ErrorCode::format);
  CHECK(stopped.error().what.starts_with("6 of 101 rows rejected, 6 no_local_id;"));
  CHECK(stopped.error().where == "roster.csv:97");
  CHECK(rejects.size() == 6);
}

namespace {
// Rows with the days of a year of twelve times 28 days, from `first` up to `last`.
std::string days_of_a_year(bool day_first, unsigned first = 0, unsigned last = 336) {
  std::string text;
  for (unsigned i = first; i < last; ++i) {
    const unsigned month = i / 28 + 1;
    const unsigned day = i % 28 + 1;
    text += fmt::format("{}{},Ann,,Lee,{:02}/{:02}/2010,F,,\n", day_first ? 'd' : 'm', i,
                        day_first ? day : month, day_first ? month : day);
  }
  return text;
}
}  // namespace

TEST_CASE("a roster that writes the day first is refused, and read when that is said") {
  const std::string text = kHeader + days_of_a_year(true);
  const auto refused = read_text(text);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::format);
  CHECK(refused.error().where == "roster.csv:14");  // 13 January
  CHECK(refused.error().what.starts_with("192 of 336 dates of dob are valid only with day and"));
  CHECK(refused.error().what.find("--date-format %d/%m/%Y") != std::string::npos);
  ReadOptions options = student_options();
  options.date_formats = {"%d/%m/%Y"};
  const Roster r = must_read(text, options);
  CHECK(findings(r, kDob).of(Finding::swapped) == 0);
  CHECK(r.records[1].values[kDob].date.month == 1);
  CHECK(r.records[1].values[kDob].date.day == 2);
  // Said of one that writes the month first, it is refused the same way.
  CHECK_FALSE(read_text(kHeader + days_of_a_year(false), options));
}

TEST_CASE("slips of single people are read and remarked; a twentieth of the dates is too many") {
  const std::string sound = days_of_a_year(false, 28, 336);  // 308
  const auto with = [&](unsigned slips) {                    // all after the 12th
    return read_text(kHeader + sound + days_of_a_year(true, 12, 12 + slips));
  };
  const auto sixteen = with(16);  // of 324: 4.9 %
  REQUIRE(sixteen);
  CHECK(findings(*sixteen, kDob).of(Finding::swapped) == 16);
  CHECK_FALSE(read_text(kHeader + days_of_a_year(false, 28, 308) + days_of_a_year(true, 12, 28)));
  // Four dates are too few to tell, of however many: one person's question must be readable.
  CHECK(read_text(kHeader + days_of_a_year(true, 12, 16)));
  CHECK_FALSE(read_text(kHeader + days_of_a_year(true, 12, 17)));
}

TEST_CASE("the day changes what is said of ages and what two digits of a year mean, no more") {
  const std::string text = kHeader + "1,Ann,,Lee,2010-03-04,F,,\n2,Bob,,Ray,3/4/26,M,,\n";
  ReadOptions later = student_options();
  later.today = {2046, 1, 1, false};
  const Roster now = must_read(text);
  const Roster then = must_read(text, later);
  CHECK(now.records[0].values[kDob].date.year == then.records[0].values[kDob].date.year);
  CHECK(findings(now, kDob).of(Finding::implausible_age) == 1);  // a child of eight months
  CHECK(findings(then, kDob).of(Finding::implausible_age) == 1);
  CHECK(findings(then, kDob).first_line[static_cast<std::size_t>(Finding::implausible_age)] == 2);
  CHECK(to_text(then.report).ends_with("ages are those of 2046-01-01\n"));
  CHECK(*to_json(then.report).find("day")->as_string() == "2046-01-01");
  later.today = {2020, 1, 1, false};
  CHECK(must_read(text, later).records[1].values[kDob].date.year == 1926);
}

TEST_CASE("a value that cannot be read is counted and missing; the row stays") {
  const Roster r = must_read(kHeader +
                             "1,12345,,Lee,2010-02-31,maybe,116-68-929O,\n"
                             "2,Ann,,UNKNOWN,25/12/2010,F,000-12-3456,\n"
                             "3,Baby Boy,NMN,Lee,1900-01-01,n/a,078-05-1120,\n"
                             "4,Ann,,Ann,2010-05-00,M,912-70-1234,\n"
                             "5,Ann Q,,Lee,1990-05-05,M,16689290,\n");
  CHECK(r.records.size() == 5);
  CHECK(r.report.rejects.empty());
  CHECK(findings(r, kFirst).of(Finding::unreadable) == 1);
  CHECK(findings(r, kFirst).first_line[static_cast<std::size_t>(Finding::unreadable)] == 2);
  CHECK(findings(r, kFirst).of(Finding::placeholder) == 1);
  CHECK(findings(r, kFirst).of(Finding::one_name) == 1);
  CHECK(findings(r, kLast).of(Finding::placeholder) == 1);
  CHECK(findings(r, kDob).of(Finding::unreadable) == 1);
  CHECK(findings(r, kDob).of(Finding::swapped) == 1);
  CHECK(findings(r, kDob).of(Finding::placeholder) == 1);
  CHECK(findings(r, kDob).of(Finding::day_not_known) == 1);
  CHECK(findings(r, kDob).of(Finding::implausible_age) == 1);
  CHECK(findings(r, kSex).of(Finding::not_listed) == 1);
  CHECK(findings(r, kSex).of(Finding::placeholder) == 1);
  CHECK(findings(r, kSsn).of(Finding::not_digits) == 1);
  CHECK(findings(r, kSsn).of(Finding::impossible) == 1);
  CHECK(findings(r, kSsn).of(Finding::fake) == 1);
  CHECK(findings(r, kSsn).of(Finding::itin) == 1);
  CHECK(findings(r, kSsn).of(Finding::wrong_length) == 1);
  CHECK(r.records[1].values[kDob].date.swapped);
  // One legal name, in both cells: both are kept.
  CHECK(r.records[3].values[kFirst].names[0].whole == "ANN");
  CHECK(r.records[3].values[kLast].names[0].whole == "ANN");
  // An initial inside the first name is the middle name where there is none.
  CHECK(r.records[4].values[kFirst].names[0].whole == "ANN");
  CHECK(r.records[4].values[kMiddle].text == "Q");
}

TEST_CASE("an age out of the population's range is a remark, no more") {
  const std::string text = kHeader + "1,Ann,,Lee,1980-05-05,F,,\n2,Bob,,Ray,2030-05-05,F,,\n";
  CHECK(findings(must_read(text), kDob).of(Finding::implausible_age) == 2);
  ReadOptions staff = student_options();
  staff.population = encoded::Population::staff;
  CHECK(findings(must_read(text, staff), kDob).of(Finding::implausible_age) == 1);
  ReadOptions undated;
  CHECK(findings(must_read(text, undated), kDob).of(Finding::implausible_age) == 0);
  CHECK(must_read(text).records[0].values[kDob].date.year == 1980);
}

TEST_CASE("the first of January is a placeholder where there are too many") {
  const auto roster = [](int first, int others) {
    std::string text = kHeader;
    int id = 0;
    for (int i = 0; i < first; ++i) text += std::to_string(id++) + ",Ann,,Lee,2010-01-01,F,,\n";
    for (int i = 0; i < others; ++i) text += std::to_string(id++) + ",Ann,,Lee,2010-03-04,F,,\n";
    return must_read(text);
  };
  const auto doubted = [](const Roster& r) { return r.records[0].values[kDob].date.doubted; };
  CHECK_FALSE(doubted(roster(4, 0)));  // fewer than five say nothing
  CHECK(doubted(roster(5, 0)));
  CHECK(doubted(roster(5, 603)));        // 5 of 608: more than 3/365
  CHECK_FALSE(doubted(roster(5, 604)));  // 5 of 609: 5 * 365 = 1825 <= 1827
  const Roster suspicious = roster(5, 100);
  CHECK(suspicious.records[0].values[kDob].date.year == 2010);
  CHECK_FALSE(suspicious.records[50].values[kDob].date.doubted);
  CHECK(findings(suspicious, kDob).of(Finding::day_not_known) == 5);
}

TEST_CASE("the status of an SSN") {
  const Roster r = must_read(kHeader +
                             "1,Ann,,Lee,,,116-68-9290,\n"
                             "2,Bob,,Lee,,,116-68-9291,provided\n"
                             "3,Cid,,Lee,,,,Declined\n"
                             "4,Dot,,Lee,,,,not asked\n"
                             "5,Eve,,Lee,,,,NOT_AVAILABLE\n"
                             "6,Fay,,Lee,,,,\n"
                             "7,Gus,,Lee,,,116-68-9292,declined\n"
                             "8,Hal,,Lee,,,116-68-9293,opt-out\n"
                             "9,Ida,,Lee,,,,provided\n"
                             "10,Jo,,Lee,,,078-05-1120,provided\n");
  using encoded::SsnState;
  const SsnState expected[] = {
      SsnState::provided,      SsnState::provided,      SsnState::declined, SsnState::not_asked,
      SsnState::not_available, SsnState::not_available, SsnState::declined, SsnState::not_available,
      SsnState::not_available, SsnState::not_available};
  REQUIRE(r.records.size() == 10);
  for (std::size_t i = 0; i < 10; ++i) {
    CAPTURE(i);
    CHECK(r.records[i].ssn_state == expected[i]);
    CHECK(r.records[i].values[kSsn].text.empty() == (i > 1));
  }
  CHECK(findings(r, kSsn).of(Finding::not_wanted) == 1);
  CHECK(findings(r, kSsn).of(Finding::not_listed) == 1);
  CHECK(r.report.provided == 2);
  CHECK(r.report.declined == 2);
  CHECK(r.report.not_asked == 1);
  CHECK(r.report.not_available == 5);
}

TEST_CASE("further columns give further names") {
  ReadOptions options = student_options();
  options.columns = {"last+=former_last", "first+=alias_first"};
  const Roster r = must_read(
      "id,first_name,last_name,former_last,alias_first\n"
      "1,William,Lee,Smith Jr,Skip\n"
      "2,Ann,Lee,LEE,\n"
      "3,,,Jones,\n",
      options);
  CHECK(r.records[0].values[kLast].names.size() == 2);
  CHECK(r.records[0].values[kLast].names[1].whole == "SMITH");
  CHECK(r.records[0].values[kFirst].names[1].whole == "SKIP");
  CHECK(r.records[1].values[kLast].names.size() == 1);
  CHECK(r.records[2].values[kLast].names[0].whole == "JONES");
  CHECK(findings(r, kLast).of(Finding::other_name) == 1);
}

TEST_CASE("the same roster whatever the threads, in the order of the file") {
  Splitmix random(11);
  std::string text = kHeader;
  for (int i = 0; i < 70000; ++i) {
    const std::string id = std::to_string(random.below(69000) + (i % 2 ? 0U : 100000U));
    text += id + ",\"Ann \"\"" + std::to_string(i % 7) + "Bee\"\"\",Q,Lee" +
            (i % 3 ? "" : "\xC3\xA9") + ",20" + std::to_string(10 + i % 10) + "-" +
            std::to_string(i % 25 == 0 ? 13 : 1 + i % 12) + "-11,F,,\n";
  }
  // A third of the IDs repeat, which would stop the reading: keep each line's number in its ID.
  std::string unique = kHeader;
  std::size_t line = 0;
  for (std::size_t at = kHeader.size(); at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    unique += "r" + std::to_string(line++) + "-" + text.substr(at, end - at);
    at = end;
  }
  const auto summary = [&](std::size_t n) {
    set_threads(n);
    const Roster r = must_read(unique);
    std::string out = json::to_canonical(to_json(r.report));
    for (const Fields& f : r.records) {
      out +=
          f.local_id + f.values[kLast].names[0].whole + std::to_string(f.values[kDob].date.month);
      for (const Name& name : f.values[kFirst].names) out += "/" + name.whole;
    }
    return out;
  };
  const std::string one = summary(1);
  CHECK(one.size() > 70000 * 10);
  CHECK(one == summary(2));
  CHECK(one == summary(5));
  set_threads(0);
}

TEST_CASE("files: by path, standard errors") {
  std::string folder = std::filesystem::temp_directory_path() / "tessera-roster-XXXXXX";
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string path = folder + "/r.csv";
  REQUIRE(write_file(path, kHeader + "1,Ann,,Lee,2010-03-04,F,,\n", {}));
  Silent silent;
  const auto roster = read_roster(path, full_schema(), student_options(), silent);
  REQUIRE(roster);
  CHECK(roster->records.size() == 1);
  CHECK(roster->report.kind == SourceKind::csv);
  CHECK(read_roster(folder + "/none.csv", full_schema(), student_options(), silent).error().code ==
        ErrorCode::io);
  CHECK(read_roster(folder, full_schema(), student_options(), silent).error().code ==
        ErrorCode::format);  // a folder without users.csv
  std::filesystem::remove_all(folder);
  CHECK(read_text("").error().code == ErrorCode::format);
  CHECK(must_read(kHeader).records.empty());
}

TEST_CASE("no message and no report holds a value") {
  const std::string marker = "Zyqxmarker";
  const std::string rows[] = {
      marker + ",A\"" + marker + ",,,,,,\n",
      "1," + marker + "\n",
      "1,(12) " + marker + "99,,Lee," + marker + "," + marker + "," + marker + "," + marker + "\n",
      marker + ",,,,,,,\n" + marker + ",,,,,,,\n",
      "1,\"" + marker + ",,,\n2,,,,,,,\n",
      "\xFF" + marker + ",,,,,,,\n"};
  std::string all;
  for (const std::string& row : rows) {
    for (const std::string& start :
         {kHeader, kHeader + sound_rows(60, ",Ann,,Lee,,,,"), std::string()}) {
      Silent silent;
      std::vector<Reject> rejects;
      const auto r = read_roster_bytes(as_bytes(start + row), "r.csv", full_schema(),
                                       student_options(), silent, &rejects);
      if (!r) {
        all += r.error().what + r.error().where + rejects_csv(rejects);
      } else {
        all +=
            json::to_text(to_json(r->report)) + to_text(r->report) + rejects_csv(r->report.rejects);
      }
    }
  }
  CHECK(all.size() > 1000);
  CHECK(all.find("yqxmarker") == std::string::npos);
  CHECK(all.find("YQXMARKER") == std::string::npos);
}
