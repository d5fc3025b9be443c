// What every verb of the disclosure book takes: the book, who acts, on which day, and the policy's
// leave where the book belongs to a registry with accounts.
#pragma once

#include <string>

#include "cli/gate.h"
#include "cli/verb.h"
#include "engine/disclosure/book.h"

namespace tessera::cli {

struct BookOptions {
  std::string book;
  std::string registry;  // "": the book belongs to none
  std::string by;
  std::string day;  // "" = today; never given where data go out
  Gate gate;
};

// --book, --registry, and who asks; --by too where the verb changes the book; --day where it lets
// no data out: for what does, the day is the clock's.
enum class BookVerb : std::uint8_t { look, change, let_out };
void add_book_options(CLI::App& verb, BookOptions& options, BookVerb kind);

// An open book, and who does what with it.
struct BookVisit {
  disclosure::Book book;
  disclosure::Act act;  // by: the account signed in, or else --by, which is believed
  Pass pass;
};
enum class Visit : std::uint8_t {
  look,       // changes nothing
  change,     // in the asker's name
  on_behalf,  // in the name that --by gives, by the asker's hand: a recipient's people
};
// Asks the policy for `verb` (as levels.json calls it), then opens the book. Error `usage` without
// the registry that the book belongs to, or if --by names another account than the one signed in;
// `conflict` for another registry, or where the policy refuses.
Result<BookVisit> visit(const BookOptions& options, std::string_view verb, Visit how);

// SHA-256 of a document that is kept elsewhere.
Result<Sha256> digest_of(const std::string& path);

}  // namespace tessera::cli
