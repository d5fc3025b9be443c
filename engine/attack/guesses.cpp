// Guesses about single values, and what the answers to them look like.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "engine/attack/malicious.h"
#include "engine/core/random.h"

namespace tessera::attack {
namespace {

using record::Fields;

enum class Wrong : std::uint8_t { nothing, first, middle, last, sex, day, month, year };
constexpr std::pair<Wrong, const char*> kKinds[] = {
    {Wrong::nothing, "all right"},   {Wrong::first, "wrong first name"},
    {Wrong::middle, "wrong middle"}, {Wrong::last, "wrong surname"},
    {Wrong::sex, "wrong sex"},       {Wrong::day, "wrong day"},
    {Wrong::month, "wrong month"},   {Wrong::year, "wrong year"}};

schema::Kind kind_of(Wrong wrong) {
  switch (wrong) {
    case Wrong::first:
      return schema::Kind::given_name;
    case Wrong::middle:
      return schema::Kind::middle_name;
    case Wrong::last:
      return schema::Kind::surname;
    case Wrong::sex:
      return schema::Kind::category;
    default:
      return schema::Kind::date;
  }
}

std::uint16_t other_of(std::uint16_t value, std::uint16_t most, Splitmix& rng) {
  return static_cast<std::uint16_t>(1 + (value - 1U + 1U + rng.below(most - 1U)) % most);
}

bool same_value(const record::Value& a, const record::Value& b) {
  return a.text == b.text && a.names.empty() == b.names.empty() &&
         (a.names.empty() || a.names[0].whole == b.names[0].whole);
}

// Spoils one value; values of names and categories come from somebody else who has another one.
void spoil(Fields& row, Wrong wrong, const schema::Schema& schema, std::span<const Fields> others,
           Splitmix& rng) {
  const auto at = schema.field(kind_of(wrong));
  if (wrong == Wrong::nothing || !at) return;
  record::Value& value = row.values[*at];
  if (wrong == Wrong::day)
    value.date.day = static_cast<std::uint8_t>(other_of(value.date.day, 28, rng));
  else if (wrong == Wrong::month)
    value.date.month = static_cast<std::uint8_t>(other_of(value.date.month, 12, rng));
  else if (wrong == Wrong::year)
    value.date.year = static_cast<std::uint16_t>(value.date.year + (rng.chance(0.5) ? 1 : -1));
  else
    for (int tries = 0; tries < 100; ++tries) {
      const record::Value& other = others[rng.below(others.size())].values[*at];
      if (same_value(value, other)) continue;
      value = other;
      return;
    }
}

// What the owner sees of an answer. `known`: IDs that it was told before, and when.
std::string sight_of(const Told& told, std::map<registry::StateId, std::size_t>& known) {
  std::string out(registry::name_of(told.status));
  if (told.id == 0) return out;
  const auto [at, fresh] = known.try_emplace(told.id, known.size());
  if (!fresh) out += fmt::format(", ID {} again", at->second);
  return out;
}

}  // namespace

Guesses guesses_about(const schema::Schema& schema, std::span<const Fields> victims,
                      std::span<const Fields> strangers, const std::string& name,
                      std::uint64_t seed) {
  Guesses out;
  Splitmix rng(seed, 57);
  for (std::size_t i = 0; i < victims.size(); ++i) {
    const auto& [wrong, kind] = kKinds[i % std::size(kKinds)];
    Fields row = victims[i];
    spoil(row, wrong, schema, victims, rng);
    out.rows.push_back(std::move(row));
    out.secret.emplace_back(kind);
  }
  for (const Fields& stranger : strangers) {
    out.rows.push_back(stranger);
    out.secret.emplace_back("not there");
  }
  for (std::size_t i = 0; i < out.rows.size(); ++i)
    out.rows[i].local_id = fmt::format("{}{}", name, i);
  return out;
}

Result<Channel> answers_to(StateOffice& office, const std::string& owner, const Guesses& guesses,
                           std::span<const Fields> under, Progress& progress) {
  std::map<registry::StateId, std::size_t> known;
  std::vector<Fields> rows = guesses.rows;
  if (!under.empty()) {
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].local_id = under[i].local_id;
    TESSERA_TRY(const Batch first, office.assign(owner, under, progress));
    // The IDs of its own records: known, and no sign of anything.
    for (const Told& t : first.told)
      if (t.id != 0) known.try_emplace(t.id, known.size());
  }
  TESSERA_TRY(const Batch batch, office.assign(owner, rows, progress));
  Channel out;
  for (std::size_t i = 0; i < rows.size(); ++i)
    out.add(guesses.secret[i], under.empty()
                                   ? sight_of(batch.told[i], known)
                                   : std::string(registry::name_of(batch.told[i].status)));
  return out;
}

Result<Channel> replies_to(StateOffice& office, const std::string& owner, const Guesses& guesses,
                           Progress& progress) {
  Channel out;
  for (std::size_t i = 0; i < guesses.rows.size(); ++i) {
    TESSERA_TRY(const intake::Located told, office.locate(owner, guesses.rows[i], progress));
    out.add(guesses.secret[i], told.reply == intake::Reply::found  ? "found"
                               : told.reply == intake::Reply::none ? "none"
                                                                   : "contact");
  }
  return out;
}

}  // namespace tessera::attack
