#include "engine/disclosure/pseudonyms.h"

namespace tessera::disclosure {
namespace {

// Without I, L, O and U, which people misread.
constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

std::string draw(Random& random) {
  std::string code;
  std::uint64_t bits = random.next64();
  for (int i = 0; i < 12; ++i, bits >>= 5) code.push_back(kLetters[bits & 31]);
  return code;
}

}  // namespace

Result<std::vector<std::string>> codes_for(Book& book, const std::string& project,
                                           std::span<const std::uint64_t> state_ids,
                                           Random& random) {
  TESSERA_TRY(
      ledger::Statement find,
      book.database().prepare("SELECT code FROM pseudonym WHERE project = ?1 AND state_id = ?2"));
  // IGNORE: a code that is taken is drawn again.
  TESSERA_TRY(ledger::Statement add,
              book.database().prepare("INSERT OR IGNORE INTO pseudonym VALUES(?1, ?2, ?3)"));
  std::vector<std::string> codes;
  codes.reserve(state_ids.size());
  for (const std::uint64_t id : state_ids) {
    const auto key = static_cast<std::int64_t>(id);
    for (;;) {
      TESSERA_TRY(const bool there, find.bind(1, std::string_view(project)).bind(2, key).step());
      if (there) {
        codes.emplace_back(find.text(0));
        find.reset();
        break;
      }
      const std::string code = draw(random);
      TESSERA_CHECK(add.bind(1, std::string_view(project))
                        .bind(2, key)
                        .bind(3, std::string_view(code))
                        .run());
    }
  }
  return codes;
}

Result<void> shred_pseudonyms(Book& book, const std::string& project) {
  TESSERA_TRY(ledger::Statement drop,
              book.database().prepare("DELETE FROM pseudonym WHERE project = ?1"));
  return drop.bind(1, std::string_view(project)).run();
}

}  // namespace tessera::disclosure
