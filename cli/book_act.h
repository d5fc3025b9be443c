// What every verb of the disclosure book takes: the book, who acts, on which day.
#pragma once

#include <string>

#include "cli/verb.h"
#include "engine/disclosure/book.h"

namespace tessera::cli {

struct BookOptions {
  std::string book;
  std::string by;
  std::string day;  // "" = today
};

// --book and --day; --by too where the verb changes the book.
void add_book_options(CLI::App& verb, BookOptions& options, bool changes);
// The day given, or today where the command runs. Error usage if it is no day.
Result<Day> day_of(const std::string& text);
Result<Day> day_of(const std::string& text, std::string_view flag);
Result<disclosure::Act> act_of(const BookOptions& options);
// SHA-256 of a document that is kept elsewhere.
Result<Sha256> digest_of(const std::string& path);

}  // namespace tessera::cli
