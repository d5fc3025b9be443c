// The clock and the flags behind an act on the disclosure book.
#include "cli/book_act.h"

#include <fmt/format.h>

#include "cli/today.h"
#include "engine/core/file.h"
#include "engine/registry/registry.h"

namespace tessera::cli {

void add_book_options(CLI::App& verb, BookOptions& options, BookVerb kind) {
  verb.add_option("--book", options.book, "disclosure book")->required();
  verb.add_option("--registry", options.registry, "registry that the book belongs to");
  if (kind != BookVerb::look)
    verb.add_option("--by", options.by, "the person who does this (default: who is signed in)");
  if (kind != BookVerb::let_out)
    verb.add_option("--day", options.day, "day it counts for, as 2026-11-21 (default: today)");
  options.gate.add_to(verb);
}

namespace {

// Whether the registry named is the book's, if the book has one.
Result<void> require_registry(disclosure::Book& book, const BookOptions& o) {
  TESSERA_TRY(const auto of, book.registry());
  if (!of) return {};
  if (o.registry.empty())
    return Error{ErrorCode::usage, "this book belongs to a registry: name it with --registry",
                 o.book};
  TESSERA_TRY(const registry::Registry r,
              registry::Registry::open(o.registry, registry::Access::read));
  if (r.name() == *of) return {};
  return Error{ErrorCode::conflict, "this book belongs to another registry", o.book};
}

}  // namespace

Result<BookVisit> visit(const BookOptions& o, std::string_view verb, Visit how) {
  TESSERA_TRY(const Day day, day_of(o.day.empty() ? access::day_of(o.gate.now()) : o.day));
  TESSERA_TRY(disclosure::Book book, disclosure::Book::open(o.book, how != Visit::look));
  TESSERA_CHECK(require_registry(book, o));
  Pass pass;
  if (!o.registry.empty()) {
    TESSERA_TRY(pass, o.gate.ask(o.registry, verb));
  }
  disclosure::Act act{o.by, day};
  if (pass.enforced() && how != Visit::on_behalf) {
    TESSERA_TRY(act.by, pass.author(o.by));
  }
  if (how != Visit::look) TESSERA_CHECK(disclosure::require_person(act.by));
  return BookVisit{std::move(book), std::move(act), std::move(pass)};
}

Result<Sha256> digest_of(const std::string& path) {
  TESSERA_TRY(const std::string text, read_file(path));
  return sha256(as_bytes(text));
}

}  // namespace tessera::cli
