#include "engine/comparer/question_log.h"

#include <sys/stat.h>

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "tests/ledger/scratch.h"

namespace question_log_test {

using namespace tessera;
using comparer::log_question;

namespace {

comparer::AskedPair asked(const std::string& why) {
  return {"2026-10-01T08:05:09Z", 1, 0xfedcba9876543210U, "r.lee", why};
}

std::string said_against(const std::string& path) {
  const auto done = log_question(path, asked("another"));
  return done ? "" : done.error().what;
}

}  // namespace

TEST_CASE("each question is a line that holds the digest of the one before") {
  const test::Scratch folder;
  const std::string path = folder / "questions.log";
  REQUIRE(log_question(path, asked("case-1")));
  const std::string first = *read_file(path);
  CHECK(
      first ==
      R"({"at":"2026-10-01T08:05:09Z","before":")" + std::string(64, '0') +
          R"(","by":"r.lee","first":"0000000000000001","reason":"case-1","second":"fedcba9876543210"})" +
          "\n");
  REQUIRE(log_question(path, asked("case-2")));
  const std::string both = *read_file(path);
  CHECK(both.starts_with(first));
  CHECK(both.find(to_hex(sha256(as_bytes(std::string_view(first).substr(0, first.size() - 1))))) !=
        std::string::npos);
  struct stat s {};
  REQUIRE(stat(path.c_str(), &s) == 0);
  CHECK((s.st_mode & 0777) == 0600);
}

TEST_CASE("a log that was changed, or lost lines but its last, takes no more") {
  const test::Scratch folder;
  const std::string path = folder / "questions.log";
  for (const char* why : {"case-1", "case-2", "case-3"}) REQUIRE(log_question(path, asked(why)));
  const std::string whole = *read_file(path);
  std::string changed = whole;
  changed[changed.find("case-1") + 5] = '7';
  const std::string cut = whole.substr(whole.find('\n') + 1);
  const std::string torn = whole.substr(0, whole.size() - 1);
  for (const std::string& bad : {changed, cut, torn}) {
    REQUIRE(write_file(path, bad, {.force = true}));
    CHECK(said_against(path).find("does not follow from the one before") != std::string::npos);
    CHECK(*read_file(path) == bad);
  }
}

TEST_CASE("handles are sixteen hexadecimal digits") {
  CHECK(*comparer::parse_handle(comparer::handle_text(0xfedcba9876543210U)) == 0xfedcba9876543210U);
  for (const char* bad : {"", "12", "fedcba987654321", "fedcba98765432100", "fedcba987654321g"})
    CHECK_FALSE(comparer::parse_handle(bad));
}

}  // namespace question_log_test
