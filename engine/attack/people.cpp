// Draws persons from the generator, as roster lines, and reads them as an owner would.
#include "engine/attack/people.h"

#include <string>

#include <fmt/format.h>

#include "engine/core/bytes.h"
#include "engine/lab/synth.h"
#include "engine/lab/synth_rows.h"
#include "engine/lab/synth_stream.h"
#include "engine/record/roster.h"

namespace tessera::attack {
namespace {

constexpr double kSsnShare = 0.5;  // where the schema knows an SSN at all

std::string roster_text(const lab::State& state, const Draw& draw, bool with_ssn) {
  std::string text = lab::roster_header(lab::Sector::student, with_ssn);
  if (text.back() != '\n') text += '\n';
  for (std::uint32_t i = 0; i < draw.count; ++i) {
    lab::Spell spell;
    spell.person = draw.first + i;
    spell.owner = draw.owner;
    spell.number = i;
    spell.end = 1;
    const lab::Person person = state.people.person(spell.person);
    const lab::Copy copy = state.typist.copy(spell, person, 0);
    lab::append_roster(text, {state.lives.owners(), spell, person, copy, 0, 0}, with_ssn);
  }
  return text;
}

}  // namespace

Result<std::vector<record::Fields>> draw_people(const lab::NameTables& names,
                                                const schema::Schema& schema, const Draw& draw,
                                                Progress& progress) {
  if (draw.owner > 1 ||
      std::uint64_t{draw.first} + draw.count > 2 * std::uint64_t{draw.state_people})
    return Error{ErrorCode::usage, "the state has two owners and twice its students as persons",
                 ""};
  lab::Shape shape;
  shape.seed = draw.seed;
  shape.students = draw.state_people;
  shape.districts = 2;
  shape.nights = 0;
  shape.school_age_only = true;
  const lab::State state(names, shape, draw.noise, schema.ssn ? kSsnShare : 0);
  const std::string text = roster_text(state, draw, schema.ssn);
  TESSERA_TRY(record::Roster roster,
              record::read_roster_bytes(as_bytes(text), "drawn people", schema, {}, progress));
  if (roster.records.size() != draw.count)
    return Error{ErrorCode::format, "the schema rejects rows of the synthetic state", schema.name};
  for (std::uint32_t i = 0; i < draw.count; ++i)
    roster.records[i].local_id = fmt::format("{}", draw.first + i);
  return std::move(roster.records);
}

}  // namespace tessera::attack
