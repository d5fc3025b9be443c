// Reading the name tables with the encoder's own rules.
#include "engine/lab/name_codes.h"

#include "engine/encode/block_key.h"
#include "engine/lab/synth_stream.h"
#include "engine/record/name.h"

namespace tessera::lab {
namespace {

// Draws of names in two parts per row: enough that their noise, in the tenth of the people who
// bear such names, is lost beside the rest.
constexpr std::size_t kManyDraws = 32768, kFewDraws = 4096;

}  // namespace

std::vector<std::string> date_keys(const schema::Schema& schema,
                                   const std::vector<schema::KeyPart>& parts,
                                   const PublicPeople& people) {
  schema::Pass pass;
  pass.key = parts;
  record::Fields fields;
  fields.values.resize(schema.fields.size());
  std::vector<std::string> out;
  for (std::size_t day = 0; day < people.days(); ++day) {
    const BirthDate& b = people.date(day);
    if (!parts.empty())
      fields.values[parts.front().fields.front()].date = {static_cast<std::uint16_t>(b.year),
                                                          static_cast<std::uint8_t>(b.month),
                                                          static_cast<std::uint8_t>(b.day), false};
    out.push_back(encode::block_keys(schema, pass, fields).front().value);
  }
  return out;
}

NameCodes::NameCodes(const schema::Schema& schema, const std::vector<schema::KeyPart>& parts,
                     std::uint32_t most, const PublicPeople& people, CodeBook& book)
    : schema_(schema), field_(parts.front().fields.front()), people_(people), book_(book) {
  given_ = schema.fields[field_].kind == schema::Kind::given_name;
  schema::Pass pass;
  pass.key = parts;
  pass.most = most;
  schema_.passes = {pass};
  of_item_.resize(people.names().size());
  std::vector<bool> known(of_item_.size());
  const PublicPeople::Use use = [&](std::uint32_t item, double) {
    if (known[item]) return;
    known[item] = true;
    of_item_[item] = read(people.names().name(item).plain);
  };
  for (std::size_t e = 0; e < kEthnicities; ++e) {
    if (!given_) people.each_surname(e, use);
    for (std::size_t p = 0; given_ && p < people.periods(); ++p) people.each_given(p, e, use);
  }
}

NameCodes::Codes NameCodes::read(const std::string& name) const {
  record::Fields fields;
  fields.values.resize(schema_.fields.size());
  char initial = 0;
  if (given_)
    record::read_given_name(name, fields.values[field_].names, initial);
  else
    record::read_surname(name, fields.values[field_].names);
  Codes codes;
  for (const encode::BlockKey& key : encode::block_keys(schema_, schema_.passes[0], fields))
    codes.push_back(book_.number_of(key.value));
  return codes;
}

NameCodes::Codes NameCodes::codes_of(const NameItems& name) const {
  if (name[1] == kNoName) return of_item_[name[0]];
  const NameTables& names = people_.names();
  return read(names.name(name[0]).plain + " " + names.name(name[1]).plain);
}

void NameCodes::count_row(std::size_t period, std::size_t ethnicity, std::uint64_t seed) {
  const std::size_t at = period * kEthnicities + ethnicity;
  std::vector<double>& row = rows_[at];
  auto add = [&](const Codes& codes, double share) {
    for (const std::uint32_t c : codes) {
      if (c >= row.size()) row.resize(c + 1);
      row[c] += share;
    }
  };
  const double two = given_ ? people_.two_given() : people_.two_surnames(ethnicity);
  const PublicPeople::Use use = [&](std::uint32_t item, double share) {
    add(of_item_[item], (1 - two) * share);
  };
  if (given_)
    people_.each_given(period, ethnicity, use);
  else
    people_.each_surname(ethnicity, use);
  const std::size_t draws = two > 0.1 ? kManyDraws : two > 0 ? kFewDraws : 0;
  Splitmix rng(seed, mix(at, given_));
  for (std::size_t i = 0; i < draws; ++i)
    add(codes_of(given_ ? people_.draw_given(period, ethnicity, true, rng)
                        : people_.draw_surname(ethnicity, true, rng)),
        two / static_cast<double>(draws));
}

void NameCodes::count(std::uint64_t seed) {
  rows_.assign(people_.periods() * kEthnicities, {});
  for (std::size_t e = 0; e < kEthnicities; ++e)
    for (std::size_t p = 0; p < people_.periods(); ++p) {
      if (given_ || p == 0)
        count_row(p, e, seed);
      else
        rows_[p * kEthnicities + e] = rows_[e];  // surnames do not change with the years
    }
  for (auto& row : rows_) row.resize(book_.size());
}

}  // namespace tessera::lab
