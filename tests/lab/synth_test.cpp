// The folder that synth writes: the same bytes from the same seed, and what it must hold.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <unistd.h>

#include <fmt/format.h>

#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/core/parallel.h"
#include "tests/lab/synth_fixture.h"

namespace synth_test {

using namespace tessera;
using namespace tessera::lab;
using namespace tessera::lab::test;

namespace {

namespace fs = std::filesystem;

// A folder of this test's own, removed with it.
struct Scratch {
  fs::path path = fs::temp_directory_path() / fmt::format("tessera-synth-{}", ::getpid());
  Scratch() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Scratch() { fs::remove_all(path); }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
};

using Files = std::map<std::string, std::string>;
Files files_of(const std::string& folder) {
  Files out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    auto text = read_file(entry.path().string());
    REQUIRE(text.has_value());
    out[fs::relative(entry.path(), folder).string()] = *text;
  }
  return out;
}

SynthOptions small(const std::string& out) {
  SynthOptions o;
  o.shape.seed = 20;
  o.shape.students = 1800;
  o.shape.years = 2;
  o.shape.districts = 4;
  o.shape.colleges = 1;
  o.shape.nights = 2;
  o.names = TESSERA_DATA "/synthetic/names";
  o.out = out;
  return o;
}

Files make(const SynthOptions& o) {
  Silent silent;
  const auto made = write_state(o, silent);
  REQUIRE(made.has_value());
  return files_of(o.out);
}

std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  auto reader = csv::Reader::open(text, "table");
  REQUIRE(reader.has_value());
  std::vector<std::vector<std::string>> out;
  csv::Row row;
  for (;;) {
    const auto more = reader->next(row);
    REQUIRE(more.has_value());
    if (!*more) return out;
    out.emplace_back(row.begin(), row.end());
  }
}

}  // namespace

TEST_CASE("the same seed gives the same bytes on one thread and on four, and the shipped state") {
  const Scratch scratch;
  set_threads(1);
  const Files one = make(small(scratch / "one"));
  set_threads(4);
  const Files four = make(small(scratch / "four"));
  set_threads(0);
  CHECK(one == four);
  const Files shipped = files_of(TESSERA_DATA "/synthetic/state");
  REQUIRE(shipped.size() == one.size());
  for (const auto& [name, text] : one) {
    CAPTURE(name);
    REQUIRE(shipped.count(name) == 1);
    CHECK(shipped.at(name) == text);
  }
  std::size_t bytes = 0;
  for (const auto& [name, text] : shipped) bytes += text.size();
  CHECK(bytes < 3000000);
}

TEST_CASE("truth and groups name every line of every roster") {
  const Files state = files_of(TESSERA_DATA "/synthetic/state");
  std::set<std::pair<std::string, std::string>> known;
  for (const auto& row : rows_of(state.at("truth.csv")))
    CHECK(known.insert({row[0], row[1]}).second);
  const auto groups = rows_of(state.at("groups.csv"));
  CHECK(groups.size() == known.size());
  for (const auto& row : groups) CHECK(known.count({row[0], row[1]}) == 1);
  std::size_t rosters = 0;
  for (const auto& [name, text] : state) {
    const fs::path path(name);
    if (path.begin()->string().find("year") != 0 || path.extension() != ".csv") continue;
    std::string owner = path.stem().string();
    if (owner == "users") owner = path.parent_path().filename().string();
    if (owner == "roles" || owner == "demographics" || owner == "manifest" || owner == "orgs")
      continue;
    if (owner.find("wages_") == 0) owner = fmt::format("wages_y{}q{}", name[4], owner.back());
    ++rosters;
    std::set<std::string> ids;
    for (const auto& row : rows_of(text)) {
      CHECK(known.count({owner, row[0]}) == 1);
      CHECK(ids.insert(row[0]).second);
    }
  }
  CHECK(rosters > 30);
  for (const auto& row : rows_of(state.at("moves.csv"))) {
    CHECK(known.count({row[0], row[1]}) == 1);
    CHECK(known.count({row[2], row[3]}) == 1);
  }
}

TEST_CASE("wage records are 275 bytes, with names cut to 20, 12 and 1, and no birthday") {
  const Files state = files_of(TESSERA_DATA "/synthetic/state");
  const std::string& text = state.at("year2/wages/wages_3.txt");
  const auto rows = rows_of(state.at("year2/wages/wages_3.csv"));
  REQUIRE(text.size() == rows.size() * 277);
  std::size_t unnamed = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string line = text.substr(i * 277, 275);
    CHECK(line[0] == 'S');
    CHECK(text.substr(i * 277 + 275, 2) == "\r\n");
    CHECK(rows[i][0] == std::to_string(i + 1));
    auto cut = [&](std::size_t at, std::size_t width) {
      std::string field = line.substr(at - 1, width);
      while (!field.empty() && field.back() == ' ') field.pop_back();
      return field;
    };
    CHECK(cut(11, 20) == rows[i][3]);
    CHECK(cut(31, 12) == rows[i][1]);
    CHECK(cut(43, 1) == rows[i][2]);
    CHECK(cut(2, 9) == (rows[i][4].empty() ? "I" : rows[i][4]));
    CHECK(line.substr(142, 4) == "UTAX");
    unnamed += rows[i][3].empty();
  }
  CHECK(unnamed > 0);
}

TEST_CASE("a state without SSN has no such column, and no nights means none") {
  const Scratch scratch;
  SynthOptions o = small(scratch / "bare");
  o.shape.students = 400;
  o.shape.nights = 0;
  o.ssn_share = 0;
  for (const auto& [name, text] : make(o)) {
    CHECK(name.find("night") == std::string::npos);
    if (name.find("october") != std::string::npos) CHECK(text.find("ssn") == std::string::npos);
  }
}

TEST_CASE("a folder that synth did not make is never replaced") {
  const Scratch scratch;
  SynthOptions o = small(scratch / "taken");
  o.shape.students = 50;
  fs::create_directories(o.out);
  REQUIRE(write_file(o.out + "/thesis.txt", "years of work", {}).has_value());
  Silent silent;
  for (const bool force : {false, true}) {
    o.force = force;
    const auto made = write_state(o, silent);
    REQUIRE(!made.has_value());
    CHECK(made.error().code == ErrorCode::usage);
  }
  CHECK(file_exists(o.out + "/thesis.txt"));
  o.out = scratch / "fresh";
  o.force = false;
  CHECK(write_state(o, silent).has_value());
  CHECK(!write_state(o, silent).has_value());
  o.force = true;
  CHECK(write_state(o, silent).has_value());
  CHECK(!file_exists(o.out + ".part"));
}

TEST_CASE("a pair of rosters overlaps as asked") {
  const Scratch scratch;
  PairOptions o;
  o.people = 2000;
  o.overlap = 0.3;
  o.names = TESSERA_DATA "/synthetic/names";
  o.out = scratch / "pair";
  Silent silent;
  REQUIRE(write_pair(o, silent).has_value());
  const Files files = files_of(o.out);
  CHECK(rows_of(files.at("a.csv")).size() == 2000);
  CHECK(rows_of(files.at("b.csv")).size() == 2000);
  std::map<std::string, int> seen;
  for (const auto& row : rows_of(files.at("truth.csv"))) ++seen[row[2]];
  CHECK(seen.size() == 3400);
  CHECK(std::count_if(seen.begin(), seen.end(), [](const auto& e) { return e.second == 2; }) ==
        600);
}

TEST_CASE("the page shows the table of rates that the code uses") {
  const auto page = read_file(TESSERA_DATA "/../docs/synthetic-state.md");
  REQUIRE(page.has_value());
  std::string table = "| group | rate | value | of what |\n|---|---|---|---|\n";
  for (const RateLine& line : rate_lines())
    table += fmt::format("| {} | {} | {} | {} |\n", line.group, line.name, line.value, line.what);
  CHECK(page->find(table + "\n") != std::string::npos);
}

TEST_CASE("the FEBRL pair comes with the truth of its record numbers") {
  auto truth = read_file(TESSERA_DATA "/synthetic/febrl4/truth.csv");
  REQUIRE(truth.has_value());
  std::map<std::string, std::set<std::string>> people;
  for (const auto& row : rows_of(*truth)) {
    const std::string number = row[1].substr(4, row[1].find('-', 4) - 4);
    CHECK(row[1] == "rec-" + number + (row[0] == "a" ? "-org" : "-dup-0"));
    CHECK(row[2] == number);
    people[row[2]].insert(row[0]);
  }
  CHECK(people.size() == 5000);
  for (const auto& [person, owners] : people) CHECK(owners.size() == 2);
}

}  // namespace synth_test
