// The clock and the flags behind an act on the disclosure book.
#include "cli/book_act.h"

#include <fmt/format.h>

#include "cli/today.h"
#include "engine/core/file.h"

namespace tessera::cli {

void add_book_options(CLI::App& verb, BookOptions& options, bool changes) {
  verb.add_option("--book", options.book, "disclosure book")->required();
  if (changes)
    verb.add_option("--by", options.by, "account of the person who does this")->required();
  verb.add_option("--day", options.day, "day it counts for, as 2026-11-21 (default: today)");
}

Result<Day> day_of(const std::string& text, std::string_view flag) {
  if (text.empty()) return today();
  const std::optional<Day> day = parse_day(text);
  if (!day)
    return Error{ErrorCode::usage, fmt::format("{} is no day; write it as 2026-11-21", flag), ""};
  return *day;
}

Result<Day> day_of(const std::string& text) { return day_of(text, "--day"); }

Result<disclosure::Act> act_of(const BookOptions& options) {
  TESSERA_CHECK(disclosure::require_person(options.by));
  TESSERA_TRY(const Day day, day_of(options.day));
  return disclosure::Act{options.by, day};
}

Result<Sha256> digest_of(const std::string& path) {
  TESSERA_TRY(const std::string text, read_file(path));
  return sha256(as_bytes(text));
}

}  // namespace tessera::cli
