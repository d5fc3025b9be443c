// A released file that only the book can open, until its day or until its key is thrown away.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/core/secret.h"
#include "engine/disclosure/book.h"

namespace tessera::disclosure {

using ArtefactKey = Secret<32>;

// docs/format/artefact.md: magic, name, then libsodium's secretstream (XChaCha20-Poly1305) in
// pieces of 64 KiB, the name bound into every piece and the last one marked, so that a cut, swapped
// or changed file does not open.
Bytes seal_artefact(const std::string& name, const ArtefactKey& key, std::string_view content);
// The name in a sealed file's head; error format if it is none.
Result<std::string> artefact_name(ByteView file, const std::string& where);
// Error crypto if anything about the file is not as it was sealed.
Result<std::string> open_artefact(ByteView file, const ArtefactKey& key, const std::string& where);

// 32 hexadecimal digits drawn at random: the artefact's identity, in its head and in the book.
std::string draw_artefact_name(Random& random);

struct Artefact {
  std::string name;
  std::int64_t release = 0;
  Day expires;
  std::int64_t downloads = 0;
  std::string state;  // open, expired, revoked, on the day asked
};
Result<std::vector<Artefact>> artefacts(Book& book, Day today);

// Opens the file for `by`, who must be one of the people of the agreement, and counts it; the
// count is written before the content is given. REQUIRES: act.day is the clock's. Error conflict:
// expired, by the clock or by what the book has seen (days_seen.h), revoked, not theirs.
Result<std::string> fetch(Book& book, ByteView file, const std::string& where, const Act& act);
// Throws the key away and writes the book's log back: no copy of the file opens again (R74).
// Error conflict if it was revoked before.
Result<void> revoke(Book& book, const std::string& name, const Act& act);
// The same for all of an agreement. REQUIRES: inside Book::change; Book::settle() after it.
Result<void> drop_keys_of(Book& book, std::int64_t agreement, Day day);

}  // namespace tessera::disclosure
