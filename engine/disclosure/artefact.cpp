#include "engine/disclosure/artefact.h"

#include <algorithm>

#include "engine/disclosure/agreement.h"
#include "engine/disclosure/days_seen.h"
#include "engine/seal/stream.h"

namespace tessera::disclosure {

using ledger::Statement;

namespace {

constexpr std::string_view kMagic = "TESSART1";
constexpr std::size_t kNameBytes = 16;
constexpr std::size_t kHead = 8 + kNameBytes;

Error damaged(const std::string& where) {
  return {ErrorCode::crypto,
          "the artefact does not open: it was changed or cut short; fetch the file again", where};
}

}  // namespace

std::string draw_artefact_name(Random& random) {
  std::array<std::uint8_t, kNameBytes> bytes{};
  random.fill(bytes);
  return to_hex(bytes);
}

Bytes seal_artefact(const std::string& name, const ArtefactKey& key, std::string_view content) {
  Bytes out(kMagic.begin(), kMagic.end());
  const Bytes id = from_hex(name).value_or(Bytes(kNameBytes));
  out.insert(out.end(), id.begin(), id.end());
  out.reserve(kHead + seal::sealed_length(content.size()));
  seal::SectionSealer sealer(key, id, content.size(), [&](ByteView sealed) {
    out.insert(out.end(), sealed.begin(), sealed.end());
  });
  sealer.add(as_bytes(content));
  sealer.finish();
  return out;
}

Result<std::string> artefact_name(ByteView file, const std::string& where) {
  if (file.size() < kHead + seal::sealed_length(0) || as_text(file.first(8)) != kMagic)
    return Error{ErrorCode::format, "this is no released artefact", where};
  return to_hex(file.subspan(8, kNameBytes));
}

Result<std::string> open_artefact(ByteView file, const ArtefactKey& key, const std::string& where) {
  TESSERA_TRY(const std::string name, artefact_name(file, where));
  const ByteView sealed = file.subspan(kHead);
  const std::optional<std::uint64_t> length = seal::plain_length(sealed.size());
  if (!length) return damaged(where);
  std::string out(*length, '\0');
  const std::span<std::uint8_t> bytes(reinterpret_cast<std::uint8_t*>(out.data()), out.size());
  if (!seal::open_section(key, file.subspan(8, kNameBytes), sealed, bytes)) {
    wipe(bytes);
    return damaged(where);
  }
  return out;
}

Result<std::vector<Artefact>> artefacts(Book& book, Day today) {
  TESSERA_TRY(Statement all,
              book.database().prepare("SELECT name, release, expires, downloads, revoked_on FROM "
                                      "artefact ORDER BY release"));
  std::vector<Artefact> out;
  for (;;) {
    TESSERA_TRY(const bool more, all.step());
    if (!more) return out;
    Artefact a{std::string(all.text(0)), all.integer(1), parse_day(all.text(2)).value_or(Day{}),
               all.integer(3), "open"};
    if (!all.is_null(4))
      a.state = "revoked";
    else if (a.expires < today)
      a.state = "expired";
    out.push_back(std::move(a));
  }
}

Result<std::string> fetch(Book& book, ByteView file, const std::string& where, const Act& act) {
  TESSERA_TRY(const std::string name, artefact_name(file, where));
  TESSERA_TRY(Statement find,
              book.database().prepare("SELECT a.expires, a.key, r.agreement FROM artefact a JOIN "
                                      "release r ON r.id = a.release WHERE a.name = ?1"));
  TESSERA_TRY(const bool there, find.bind(1, std::string_view(name)).step());
  if (!there)
    return Error{ErrorCode::conflict, "no artefact of this book has the file's name", where};
  const Day expires = parse_day(find.text(0)).value_or(Day{});
  const bool revoked = find.is_null(1);
  ArtefactKey key;
  if (!revoked && find.blob(1).size() == 32)
    std::copy_n(find.blob(1).begin(), 32, key.fill().begin());
  const std::int64_t agreement = find.integer(2);
  find.reset();
  if (revoked) return Error{ErrorCode::conflict, "the artefact was revoked: no copy opens", where};
  TESSERA_TRY(const std::vector<Day> days,
              days_to_judge_by(book, act.day, {"release", "artefact", name}));
  if (expires < days.back())
    return Error{ErrorCode::conflict, "the artefact expired on " + to_text(expires), where};
  TESSERA_TRY(const Card card, find_agreement(book, agreement, days.back()));
  const std::vector<std::string>& people = card.request.people;
  if (std::find(people.begin(), people.end(), act.by) == people.end())
    return Error{ErrorCode::conflict,
                 "--by is not among the people that the agreement lets see the data", where};
  for (const Day day : days)
    TESSERA_CHECK(require_welcome(book, card.request.recipient, people, day));
  TESSERA_TRY(std::string content, open_artefact(file, key, where));
  const auto changes = [&]() -> Result<void> {
    TESSERA_TRY(
        Statement count,
        book.database().prepare("UPDATE artefact SET downloads = downloads + 1 WHERE name = ?1"));
    TESSERA_CHECK(count.bind(1, std::string_view(name)).run());
    TESSERA_TRY(Statement note, book.database().prepare("INSERT INTO download VALUES(?1, ?2, ?3)"));
    const std::string day = to_text(act.day);
    return note.bind(1, std::string_view(name))
        .bind(2, std::string_view(day))
        .bind(3, std::string_view(act.by))
        .run();
  };
  TESSERA_CHECK(book.change("fetch", {{"artefact", name}}, act, changes));
  return content;
}

Result<void> revoke(Book& book, const std::string& name, const Act& act) {
  TESSERA_TRY(Statement find,
              book.database().prepare("SELECT revoked_on FROM artefact WHERE name = ?1"));
  TESSERA_TRY(const bool there, find.bind(1, std::string_view(name)).step());
  const bool before = there && !find.is_null(0);
  find.reset();
  if (!there)
    return Error{ErrorCode::conflict, "no artefact of that name; 'tessera release list' shows them",
                 book.database().path()};
  if (before) return Error{ErrorCode::conflict, "the artefact is revoked already", ""};
  const auto changes = [&]() -> Result<void> {
    TESSERA_TRY(
        Statement drop,
        book.database().prepare("UPDATE artefact SET key = NULL, revoked_on = ?2 WHERE name = ?1"));
    const std::string day = to_text(act.day);
    return drop.bind(1, std::string_view(name)).bind(2, std::string_view(day)).run();
  };
  TESSERA_CHECK(book.change("revoke", {{"artefact", name}}, act, changes));
  return book.settle();
}

Result<void> drop_keys_of(Book& book, std::int64_t agreement, Day day) {
  TESSERA_TRY(Statement drop,
              book.database().prepare(
                  "UPDATE artefact SET key = NULL, revoked_on = ?2 WHERE revoked_on IS NULL AND "
                  "release IN (SELECT id FROM release WHERE agreement = ?1)"));
  const std::string text = to_text(day);
  return drop.bind(1, agreement).bind(2, std::string_view(text)).run();
}

}  // namespace tessera::disclosure
