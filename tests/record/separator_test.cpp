// Separators by name, and the hint that a header gives.
#include "engine/record/separator.h"

#include "rosters.h"

using namespace tessera;
using namespace tessera::record;

TEST_CASE("separators have names") {
  CHECK(separator_named("comma") == ',');
  CHECK(separator_named("semicolon") == ';');
  CHECK(separator_named("tab") == '\t');
  CHECK(separator_named("bar") == '|');
  CHECK_FALSE(separator_named(";"));
}

TEST_CASE("a header not parted where it should be says by what it seems to be") {
  CHECK(likely_separator({"id;first_name;dob"}, ',') == "semicolon");
  CHECK(likely_separator({"id\tfirst_name\tdob"}, ',') == "tab");
  CHECK(likely_separator({"id|first, or only|dob"}, ',') == "bar");
  CHECK(likely_separator({"id,first_name,dob"}, ';') == "comma");
  CHECK(likely_separator({"id", "first;only", "dob"}, ',').empty());
  CHECK(likely_separator({"id"}, ',').empty());
}

TEST_CASE("a roster with semicolons or tabs: the message names the remedy, and it works") {
  for (const auto& [name, c] : {std::pair("semicolon", ';'), std::pair("tab", '\t')}) {
    std::string text = "id,first_name,dob\n1,Ann,2010-03-04\n";
    std::ranges::replace(text, ',', c);
    ReadOptions options = student_options();
    options.columns = {"dob=dob"};  // a column asked for is not there either
    const auto refused = read_text(text, options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::format);
    CHECK(refused.error().where == "roster.csv:1");
    CHECK(refused.error().what ==
          std::string("the cells seem to be parted by another separator; give --separator ") +
              name);
    options.separator = *separator_named(name);
    CHECK(must_read(text, options).records.front().values[kDob].date.day == 4);
  }
}

TEST_CASE("a line that tells a spreadsheet of the separator is named") {
  const auto refused = read_text("sep=,\nid,first_name\n1,Ann\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what == "this line tells a spreadsheet of the separator; take it out");
}

TEST_CASE("a separator for what is no CSV file is refused") {
  ReadOptions options = student_options();
  options.separator = ';';
  for (const SourceKind kind : {SourceKind::wage, SourceKind::oneroster}) {
    options.kind = kind;
    const auto refused = read_text("S", options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::usage);
  }
}
