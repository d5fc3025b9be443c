// A disclosure book on a fresh folder, and the acts that most tests of this room begin with.
#pragma once

#include <filesystem>
#include <string>
#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/core/check_digit.h"
#include "engine/core/file.h"
#include "engine/disclosure/agreement.h"
#include "engine/disclosure/release.h"

namespace tessera::disclosure {

inline Day day(const char* text) { return parse_day(text).value(); }

// The state ID of nine digits: adds the check digit.
inline std::string id_text(int nine) {
  const std::string digits = std::to_string(100'000'000 + nine);
  return digits + check_digit(digits);
}
inline std::uint64_t id_of(int nine) { return std::stoull(id_text(nine)); }

class Desk {
 public:
  Desk() {
    static int count = 0;
    folder_ = std::filesystem::temp_directory_path() /
              fmt::format("tessera-desk-{}-{}", ::getpid(), ++count);
    std::filesystem::create_directories(folder_);
    REQUIRE(Book::create(path(), {3}, today()).has_value());
  }
  ~Desk() { std::filesystem::remove_all(folder_); }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  std::string path() const { return (folder_ / "state.book").string(); }
  std::string file(const char* name) const { return (folder_ / name).string(); }
  Act today(const char* by = "m.ames") const { return {by, day("2026-11-21")}; }
  Book open() const {
    Result<Book> book = Book::open(path(), true);
    REQUIRE(book.has_value());
    return *std::move(book);
  }
  static Request request() {
    return {"State University", {"r.lee"},         "college-going",  "study",
            "who goes on",      "Education",       "locked server",  {"grade", "program"},
            day("2026-09-01"),  day("2027-08-31"), day("2027-12-31")};
  }
  // An agreement in force.
  std::int64_t agreed(Book& book, const Request& r = request()) const {
    const Result<std::int64_t> id = submit(book, r, today());
    REQUIRE(id.has_value());
    REQUIRE(approve(book, *id, sha256(as_bytes("signed")), today("e.dunn")).has_value());
    return *id;
  }
  // A table of `students` lines, one student each.
  static Table table(int students) {
    std::string text = "state_id,grade,program\n";
    for (int i = 0; i < students; ++i) text += fmt::format("{},9,p{}\n", id_text(i), i);
    Result<Table> table = read_table(text, "table.csv", "state_id");
    REQUIRE(table.has_value());
    return *std::move(table);
  }
  Made made(Book& book, std::int64_t agreement, const Table& table) const {
    const Result<Proposal> p = propose(book, agreement, table, Audience::organisation, today());
    REQUIRE(p.has_value());
    if (p->needs_second) REQUIRE(approve_release(book, p->release, today("e.dunn")).has_value());
    const std::unique_ptr<Random> random = system_random();
    Result<Made> made = make_release(book, p->release, table, day("2027-06-30"), *random, today());
    REQUIRE(made.has_value());
    return *std::move(made);
  }

 private:
  std::filesystem::path folder_;
};

// Whether the text stands anywhere in the book's files: database, log, shared memory.
inline bool bytes_hold(const Desk& desk, std::string_view text) {
  for (const char* ending : {"", "-wal", "-shm"}) {
    const Result<std::string> bytes = read_file(desk.path() + ending);
    if (bytes && bytes->find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace tessera::disclosure
