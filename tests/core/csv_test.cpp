// RFC 4180, held against a plain machine that looks at one character at a time.
#include "engine/core/csv.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace tessera;

namespace {

// A row as read: its line, and its cells or its fault.
struct Read {
  std::size_t line = 0;
  bool broken = false;
  std::vector<std::string> cells;
  bool operator==(const Read&) const = default;
};

// One character at a time, one state at a time.
class PlainReader {
 public:
  explicit PlainReader(std::string text) : text_(std::move(text)) {}

  std::vector<Read> rows() {
    std::vector<Read> out;
    while (at_ < text_.size()) {
      if (ends_line()) {  // blank
        take_line_end();
        continue;
      }
      out.push_back(row());
    }
    return out;
  }

 private:
  enum class State { start, plain, quoted, closed, lost };

  bool ends_line() const {
    return text_[at_] == '\n' ||
           (text_[at_] == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] == '\n'));
  }
  void take_line_end() {
    if (text_[at_] == '\r') ++at_;
    if (at_ < text_.size()) ++at_;
    ++line_;
  }
  Read row() {
    Read out{line_, false, {""}};
    const std::size_t begin = at_;
    State state = State::start;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (state == State::quoted) {
        if (c == '"' && at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
          out.cells.back() += '"';
          ++at_;
        } else if (c == '"') {
          state = State::closed;
        } else {
          if (c == '\n') ++line_;
          out.cells.back() += c;
        }
        continue;
      }
      if (ends_line()) {
        take_line_end();
        return finish(out);
      }
      if (c == ',') {
        out.cells.emplace_back();
        state = State::start;
      } else if (c == '"' && state == State::start) {
        state = State::quoted;
      } else if (state == State::closed || state == State::lost || c == '"') {
        state = State::lost;
        out.broken = true;
      } else {
        state = State::plain;
        out.cells.back() += c;
      }
    }
    if (state == State::quoted) {  // never closed: give up the line on which the row began
      out.broken = true;
      at_ = begin;
      while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      if (at_ < text_.size()) ++at_;
      line_ = out.line + 1;
    }
    return finish(out);
  }
  static Read finish(Read& out) {
    if (out.broken) out.cells.clear();
    return out;
  }

  std::string text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

std::string header_of(std::size_t columns) {
  std::string out = "h0";
  for (std::size_t i = 1; i < columns; ++i) out += ",h" + std::to_string(i);
  return out + "\n";
}

std::vector<Read> read_all(const std::string& text) {
  auto reader = csv::Reader::open(text, "t.csv");
  REQUIRE(reader);
  std::vector<Read> out;
  csv::Row row;
  for (std::size_t turns = 0; turns <= text.size() + 1; ++turns) {  // it must come to an end
    const auto more = reader->next(row);
    if (!more) {
      CHECK(more.error().code == ErrorCode::format);
      CHECK(more.error().where == "t.csv:" + std::to_string(reader->line()));
      out.push_back({reader->line(), true, {}});
      continue;
    }
    if (!*more) return out;
    out.push_back({reader->line(), false, {row.begin(), row.end()}});
  }
  FAIL("the reader goes on for ever");
  return out;
}

std::vector<Read> expected(const std::string& body, std::size_t columns) {
  std::vector<Read> out = PlainReader(header_of(columns) + body).rows();
  out.erase(out.begin());  // the header
  for (Read& r : out)
    if (r.cells.size() != columns) r = {r.line, true, {}};
  return out;
}

std::string refusal(std::string_view text) {
  auto reader = csv::Reader::open(text, "t.csv");
  if (!reader) return reader.error().where + ": " + reader.error().what;
  csv::Row row;
  for (;;) {
    const auto more = reader->next(row);
    if (!more) return more.error().where + ": " + more.error().what;
    if (!*more) return "";
  }
}

}  // namespace

TEST_CASE("every text over a , \" LF CR up to seven characters, as the plain machine reads it") {
  constexpr std::string_view kAlphabet = "a,\"\n\r";
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr std::size_t kLongest = 5;
#else
  constexpr std::size_t kLongest = 7;
#endif
  std::size_t texts = 0;
  for (std::size_t length = 0; length <= kLongest; ++length) {
    std::vector<std::size_t> digits(length);
    for (bool done = false; !done;) {
      std::string body;
      for (const std::size_t d : digits) body.push_back(kAlphabet[d]);
      ++texts;
      for (const std::size_t columns : {1, 2, 3}) {
        const auto got = read_all(header_of(columns) + body);
        if (got != expected(body, columns)) {
          CAPTURE(columns);
          FAIL(body);
        }
      }
      done = true;
      for (std::size_t& d : digits) {
        if (++d < kAlphabet.size()) {
          done = false;
          break;
        }
        d = 0;
      }
    }
  }
  CHECK(texts >= 3906);
}

TEST_CASE("what is written is read back") {
  std::vector<std::string> values = {"",     "a",    ",",   "\"",   "\n",     "\r",
                                     "a\"b", "\"\"", " a ", "\r\n", "a,b\nc", "\xC3\xA9"};
  for (const std::string& a : values)
    for (const std::string& b : values) {
      std::string text = header_of(2);
      csv::append_row(text, {a, b});
      csv::append_row(text, {b, a});
      const auto rows = read_all(text);
      REQUIRE(rows.size() == 2);
      CHECK(rows[0].cells == std::vector<std::string>{a, b});
      CHECK(rows[1].cells == std::vector<std::string>{b, a});
      std::string one = header_of(1);
      csv::append_row(one, {a});
      REQUIRE(read_all(one).size() == 1);
      CHECK(read_all(one)[0].cells == std::vector<std::string>{a});
    }
}

TEST_CASE("a broken row names its line, and reading goes on") {
  const auto rows = read_all(
      "name,note\n"   // 1
      "a,\"x\ny\"\n"  // 2, 3
      "b,c\"d\n"      // 4: stray quote
      "e,\"f\"g\n"    // 5: text after the closing quote
      "h\n"           // 6: too few
      "\r\n"          // 7: blank
      "i,j,k\n"       // 8: too many
      "l,\"m\n"       // 9: never closed
      "n,o");         // 10
  REQUIRE(rows.size() == 7);
  CHECK(rows[0] == Read{2, false, {"a", "x\ny"}});
  CHECK(rows[1] == Read{4, true, {}});
  CHECK(rows[2] == Read{5, true, {}});
  CHECK(rows[3] == Read{6, true, {}});
  CHECK(rows[4] == Read{8, true, {}});
  CHECK(rows[5] == Read{9, true, {}});
  CHECK(rows[6] == Read{10, false, {"n", "o"}});
}

TEST_CASE("lines that end in CR alone are refused by name; a header line alone is one") {
  CHECK(refusal("id,dob\r1,2010-03-04\r") ==
        "t.csv: its lines end in CR alone; convert them with \"tr '\\r' '\\n'\"");
  CHECK(refusal("id,dob") == "");
  CHECK(refusal("id,dob\r") == "");
}

TEST_CASE("columns without a name may be several") {
  auto reader = csv::Reader::open("id,,dob,\n1,a,x,b\n", "t.csv");
  REQUIRE(reader);
  CHECK(reader->column("dob") == 2);
  csv::Row row;
  CHECK(*reader->next(row));
  CHECK(row[2] == "x");
  CHECK(refusal("id,dob,dob\n").find("column 3 repeats") != std::string::npos);
}

TEST_CASE("another separator; the comma is then text") {
  auto reader = csv::Reader::open("a;b\n1,5;\"x;y\"\n", "t.csv", ';');
  REQUIRE(reader);
  csv::Row row;
  REQUIRE(*reader->next(row));
  CHECK(row[0] == "1,5");
  CHECK(row[1] == "x;y");
}

TEST_CASE("only UTF-8: the line is named, the text is not") {
  CHECK(refusal("a\nx\n\xC3\x28\n").find("t.csv:3: not UTF-8") == 0);
  // A stray byte in a text of proper characters spoils its row alone.
  CHECK(refusal("a\nRen\xC3\xA9\nRen\xE9\n")
            .starts_with("t.csv:3: not UTF-8 in a file that otherwise is"));
  // Table 3-7 of Unicode: overlong, surrogate, beyond U+10FFFF, cut short, lone tail.
  for (const char* bad : {"\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80",
                          "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82",
                          "\xF0\x9F\x98", "\x80", "\xFF", "12345678\xC3", "1234567\xE2\x82"})
    CHECK(refusal("a\n" + std::string(bad) + "\n").find("not UTF-8") != std::string::npos);
  for (const char* good : {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "1234567\xE2\x82\xAC"})
    CHECK(refusal("a\n" + std::string(good) + "\n") == "");
  using namespace std::string_view_literals;
  CHECK(refusal("a\nb\0c\n"sv).find("t.csv:2: a zero byte") == 0);
  CHECK(refusal("\xFF\xFE"
                "a\0\n\0"sv)
            .find("UTF-16") != std::string::npos);
  CHECK(refusal("\xFE\xFF\0a\0\n"sv).find("UTF-16") != std::string::npos);
  CHECK(refusal("a\nZebulon\"\n").find("Zebulon") == std::string::npos);
}

TEST_CASE("the header: byte order mark, names, what is missing") {
  const std::string text =
      "\xEF\xBB\xBF"
      "id,\"last,name\",dob\r\n1,x,y\r\n";
  auto reader = csv::Reader::open(text, "t.csv");
  REQUIRE(reader);
  CHECK(reader->header() == std::vector<std::string>{"id", "last,name", "dob"});
  CHECK(reader->column("dob") == 2);
  CHECK(!reader->column("DOB"));
  CHECK(*reader->require({"dob", "id"}) == std::vector<std::size_t>{2, 0});
  const auto missing = reader->require({"first", "id", "sex"});
  REQUIRE(!missing);
  CHECK(missing.error().what == "missing column: first, sex");
  csv::Row row;
  CHECK(*reader->next(row));
  CHECK(row[2] == "y");
  CHECK(!*reader->next(row));
  CHECK(!*reader->next(row));
  CHECK(refusal("a,b,a\n").find("column 3 repeats") != std::string::npos);
  for (const char* empty : {"", "\n\n", "\r\n", "\xEF\xBB\xBF"})
    CHECK(refusal(empty).find("no header line") != std::string::npos);
}

TEST_CASE("a row is at most 1 MiB, and many open quotes cost no more than reading them") {
  CHECK(refusal("a\n" + std::string((1 << 20) + 1, 'x') + "\n").find("1 MiB") != std::string::npos);
  CHECK(refusal("a\n" + std::string((1 << 20) - 1, 'x') + "\n") == "");
  std::string text = "a\n";
  for (int i = 0; i < 200; ++i) text += "\"never closed\n";
  text.pop_back();
  text += "\n" + std::string(3 << 20, 'x') + "\nlast\n";
  std::size_t broken = 0;
  for (const Read& r : read_all(text)) broken += r.broken ? 1 : 0;
  // Pairs of quotes close each other across lines: each such row is broken, and so is the long one.
  CHECK(broken == 101);
}
