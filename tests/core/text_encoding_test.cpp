// Encodings told apart: refused as a whole, let through, or left to be found row by row.
#include "engine/core/text_encoding.h"

#include <string>

#include <doctest/doctest.h>

using namespace tessera;
using namespace std::string_view_literals;

namespace {

// "LINE ENCODING" of the refusal; empty if there is none.
std::string refused(std::string_view text) {
  const Result<void> done = refuse_other_encodings(text, "r.csv");
  if (done) return "";
  CHECK(done.error().code == ErrorCode::format);
  const std::string& what = done.error().what;
  CHECK(what.starts_with("not UTF-8"));
  const std::string line = done.error().where.substr(std::string_view("r.csv:").size());
  const std::size_t from = what.find("iconv -f ");
  if (from == std::string::npos) return line;
  return line + " " + what.substr(from + 9, what.find(' ', from + 9) - from - 9);
}

std::string wide(std::string_view ascii, bool big_endian) {
  std::string out;
  for (const char c : ascii) {
    if (big_endian) out.push_back('\0');
    out.push_back(c);
    if (!big_endian) out.push_back('\0');
  }
  return out;
}

}  // namespace

TEST_CASE("another encoding is refused at its first byte, and named") {
  CHECK(refused("id,name\n1,Ann\n2,Ren\xE9\n3,Nu\xF1"
                "ez\n"sv) == "3 WINDOWS-1252");
  CHECK(refused("id,name\n1,O\x92"
                "Brien\n"sv) == "2 WINDOWS-1252");
  CHECK(refused("id,name\n1,Jos\x82\n2,Nu\xA4"
                "ez\n3,Garc\xA1"
                "a\n"sv) == "2 CP850");
  CHECK(refused("id,name\n1,Jos\x8E\n2,Nu\x96"
                "ez\n3,Garc\x87\n"sv) == "2 MACINTOSH");
  CHECK(refused("id\xB7name\n"sv) == "1");
  CHECK(refused("\xC9\xC4\x6B\xD5\xC1\xD4\xC5\x25\xF1\x6B\xC1\xD5\xD5\x40\x25"sv) == "1 IBM037");
}

TEST_CASE("what is no text is said to be none") {
  for (const std::string_view bytes :
       {"\x1F\x8B\x08\0\0\xFF\xFE"sv, "\x89PNG\r\n\x1A\n\0\0\xE9"sv}) {
    const Result<void> done = refuse_other_encodings(bytes, "r.csv");
    REQUIRE_FALSE(done);
    CHECK(done.error().what == "this is no text; give a table in CSV UTF-8");
    CHECK(done.error().where == "r.csv");
  }
}

TEST_CASE("two bytes a character: by their mark, or by their zeros") {
  CHECK(refused("\xFF\xFE" + wide("id,name\n", false)) == "1 UTF-16");
  CHECK(refused("\xFE\xFF" + wide("id,name\n", true)) == "1 UTF-16");
  CHECK(refused("\xFF\xFE\0\0i\0\0\0"sv) == "1 UTF-32");
  CHECK(refused(wide("id,name\n1,Ann\n", false)) == "1 UTF-16LE");
  CHECK(refused(wide("id,name\n1,Ann\n", true)) == "1 UTF-16BE");
  CHECK(refused("id,name\n1,A\0n\n"sv).empty());  // one zero byte is its row's fault
}

TEST_CASE("UTF-8 passes, and so do stray bytes that proper characters outnumber or equal") {
  CHECK(refused("").empty());
  CHECK(refused("id,name\n1,Ann\n").empty());
  CHECK(refused("\xEF\xBB\xBFid,name\n1,Ren\xC3\xA9\n").empty());
  CHECK(refused("1,Ren\xC3\xA9\n2,\xFF\n").empty());
  CHECK(refused("1,Ren\xC3\xA9\n2,\xFF\n3,\xFE\n") == "2 WINDOWS-1252");
  CHECK(refused("\xEF\xBB\xBF"
                "1,\xFF\n"sv) == "1 WINDOWS-1252");  // the mark is no character
}

TEST_CASE("no part of the text stands in the refusal") {
  const Result<void> done = refuse_other_encodings("id\nZebulon Ren\xE9\n", "r.csv");
  REQUIRE_FALSE(done);
  CHECK(done.error().what.find("Zebulon") == std::string::npos);
  CHECK(done.error().what.find('\xE9') == std::string::npos);
}
