// The product of a key's parts, walked row by row.
#include "engine/lab/pass_blocks.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

#include "engine/core/parallel.h"
#include "engine/encode/block_key.h"
#include "engine/lab/synth_stream.h"
#include "engine/schema/key_part.h"

namespace tessera::lab {
namespace {

using schema::KeyPart;
using schema::Kind;

constexpr double kSsns = 898.0 * 99 * 9999;  // areas x groups x serials that can be issued

Error no_table(const schema::Pass& pass, std::string_view why) {
  return {ErrorCode::usage,
          fmt::format("pass {}: the public tables cannot say how large its blocks are: {}",
                      pass.name, why),
          ""};
}

}  // namespace

const NameCodes& NameCodesOfSchema::of(const std::vector<KeyPart>& parts, std::uint32_t most) {
  std::string name = std::to_string(most);
  for (const KeyPart& p : parts) name += " " + schema::key_part_text(p, schema_);
  std::unique_ptr<NameCodes>& slot = made_[name];
  if (!slot) {
    slot = std::make_unique<NameCodes>(schema_, parts, most, people_, book_);
    slot->count(seed_);
  }
  return *slot;
}

// A key sorted by what its parts read.
struct PassBlocks::Ingredients {
  std::vector<KeyPart> dates, given, surname;
};

Result<PassBlocks::Ingredients> PassBlocks::sort_parts(const schema::Schema& schema,
                                                       const schema::Pass& pass) {
  Ingredients out;
  std::size_t name_parts = 0;
  auto add_name = [&](const KeyPart& part, std::size_t field) {
    auto& side = schema.fields[field].kind == Kind::given_name ? out.given : out.surname;
    if (!side.empty() && side.front().fields.front() != field) return false;
    side.push_back({part.part, {field}, false, false});
    return true;
  };
  for (const KeyPart& part : pass.key) {
    const schema::Field& field = schema.fields[part.fields.front()];
    if (field.kind == Kind::date) {
      if (!out.dates.empty() && out.dates.front().fields != part.fields)
        return no_table(pass, "it reads two dates");
      out.dates.push_back(part);
    } else if (field.kind == Kind::ssn) {
      numbers_ *= kSsns;
    } else if (field.kind == Kind::number) {
      numbers_ *= std::pow(10, field.length - (field.luhn ? 1 : 0));
    } else {
      ++name_parts;
      for (const std::size_t f : part.fields)
        if (!add_name(part, f)) return no_table(pass, "it reads two names of one kind");
      if (part.fields.size() > 1)
        names_ = part.set && part.fields.size() == 2 ? Names::pair : Names::either;
    }
  }
  if (names_ != Names::apart &&
      (name_parts > 1 || out.given.size() != 1 || out.surname.size() != 1))
    return no_table(pass, "beside phonetic() of two names it reads a name");
  return out;
}

PassBlocks::Dates PassBlocks::read_dates(const schema::Schema& schema,
                                         const std::vector<KeyPart>& parts) const {
  Dates out;
  std::unordered_map<std::string, std::size_t> value_of_key;
  std::vector<std::vector<double>> days;  // by value, period
  const std::vector<std::string> keys = date_keys(schema, parts, people_);
  for (std::size_t day = 0; day < keys.size(); ++day) {
    const std::size_t value = value_of_key.emplace(keys[day], days.size()).first->second;
    if (value == days.size()) days.emplace_back(people_.periods());
    days[value][people_.period(day)] += 1;
    out.value_of_day.push_back(value);
  }
  std::map<std::vector<double>, std::size_t> shapes;
  std::vector<std::size_t> shape_of_value;
  for (const auto& d : days) {
    const std::size_t shape = shapes.emplace(d, out.shapes.size()).first->second;
    if (shape == out.shapes.size()) out.shapes.push_back({d, 0});
    out.shapes[shape].values += 1;
    shape_of_value.push_back(shape);
  }
  for (const std::size_t value : out.value_of_day)
    out.shape_of_day.push_back(shape_of_value[value]);
  return out;
}

void PassBlocks::read_common(const schema::Pass& pass, const NameCodesOfSchema& codes) {
  std::vector<std::string> code_of_column(given_.columns);
  for (std::uint32_t c = 0; c < given_.at.size(); ++c)
    if (given_.at[c] != kNoName)
      code_of_column[given_.at[c]] = phonetic_code_of(codes.book().text(c));
  common_ = AdaptivePairs(codes.schema(), pass, code_of_column);
}

// The columns of `codes` that anybody holds; with `both`, of either.
PassBlocks::Side PassBlocks::side_of(const NameCodes* codes, std::size_t rows,
                                     const NameCodes* both) {
  Side side;
  side.codes = codes;
  if (codes == nullptr) {
    side.rows.assign(rows, {1.0});
    return side;
  }
  auto see = [&](const NameCodes& c) {
    for (const auto& row : c.rows()) {
      if (row.size() > side.at.size()) side.at.resize(row.size(), kNoName);
      for (std::size_t i = 0; i < row.size(); ++i)
        if (row[i] > 0) side.at[i] = 0;
    }
  };
  see(*codes);
  if (both != nullptr) see(*both);
  std::uint32_t next = 0;
  for (std::uint32_t& at : side.at)
    if (at == 0) at = next++;
  side.columns = next;
  side.rows.assign(rows, std::vector<double>(next));
  for (std::size_t r = 0; r < rows; ++r) {
    const auto& row = codes->rows()[r];
    for (std::size_t i = 0; i < row.size(); ++i)
      if (side.at[i] != kNoName) side.rows[r][side.at[i]] = std::min(1.0, row[i]);
  }
  return side;
}

void PassBlocks::read_names(const schema::Pass& pass, const Ingredients& found,
                            NameCodesOfSchema& codes) {
  const std::size_t rows = people_.periods() * kEthnicities;
  const NameCodes* given = found.given.empty() ? nullptr : &codes.of(found.given, pass.most);
  const NameCodes* surname = found.surname.empty() ? nullptr : &codes.of(found.surname, pass.most);
  const bool shared = names_ != Names::apart;
  given_ = side_of(given, rows, shared ? surname : nullptr);
  surname_ = side_of(surname, rows, shared ? given : nullptr);
  if (names_ != Names::either) return;
  // Whoever holds a code in either name: one side takes both in, the other is left blank.
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t i = 0; i < given_.columns; ++i)
      given_.rows[r][i] = 1 - (1 - given_.rows[r][i]) * (1 - surname_.rows[r][i]);
  surname_.rows.assign(rows, {1.0});
  surname_.columns = 1;
}

Result<PassBlocks> PassBlocks::make(const schema::Pass& pass, NameCodesOfSchema& codes) {
  PassBlocks out(codes.people());
  TESSERA_TRY(const Ingredients found, out.sort_parts(codes.schema(), pass));
  out.dates_ = out.read_dates(codes.schema(), found.dates);
  out.read_names(pass, found, codes);
  if (pass.adaptive) {
    std::vector<KeyPart> longer = found.dates;
    longer.push_back(pass.adaptive->add);
    if (longer.front().fields != longer.back().fields) return no_table(pass, "it reads two dates");
    out.longer_ = out.read_dates(codes.schema(), longer);
    out.read_common(pass, codes);
  }
  return out;
}

// The share of a period's people with codes x and y.
double PassBlocks::share_of(std::size_t period, std::size_t x, std::size_t y) const {
  double sum = 0;
  for (std::size_t e = 0; e < kEthnicities; ++e) {
    const auto& g = given_.rows[period * kEthnicities + e];
    const auto& s = surname_.rows[period * kEthnicities + e];
    const double held = names_ == Names::pair && x != y ? g[x] * s[y] + g[y] * s[x] : g[x] * s[y];
    sum += people_.share(e) * held;
  }
  return sum;
}

// Adds the blocks of code x with every other code (of a pair: every code from x on).
void PassBlocks::add_row(std::size_t x, std::vector<std::vector<double>>& row,
                         BlockSizes& out) const {
  const std::size_t from = names_ == Names::pair ? x : 0, to = surname_.columns;
  bool any = false;
  for (std::size_t p = 0; p < people_.periods(); ++p) {
    std::fill(row[p].begin(), row[p].end(), 0.0);
    for (std::size_t e = 0; e < kEthnicities; ++e) {
      const auto& g = given_.rows[p * kEthnicities + e];
      const auto& s = surname_.rows[p * kEthnicities + e];
      const double gx = people_.share(e) * g[x];
      if (gx > 0)
        for (std::size_t y = from; y < to; ++y) row[p][y] += gx * s[y];
      const double sx = names_ == Names::pair ? people_.share(e) * s[x] : 0;
      if (sx > 0)
        for (std::size_t y = x + 1; y < to; ++y) row[p][y] += sx * g[y];
      any = any || gx > 0 || sx > 0;
    }
  }
  if (!any) return;
  const double all = static_cast<double>(people_.days()) * numbers_;
  for (std::size_t y = from; y < to; ++y)
    for (const DateShape& date : dates_of(x, y).shapes) {
      double share = 0;
      for (std::size_t p = 0; p < row.size(); ++p) share += date.days[p] * row[p][y];
      out.add(share / all, date.values * numbers_);
    }
}

BlockSizes PassBlocks::sizes(Progress& progress) const {
  std::vector<BlockSizes> parts(kChunks);  // fixed in number: sums do not depend on threads
  parallel_for(kChunks, 1, [&](std::size_t begin, std::size_t end) {
    std::vector<std::vector<double>> row(people_.periods(), std::vector<double>(surname_.columns));
    for (std::size_t c = begin; c < end; ++c) {
      for (std::size_t x = c; x < given_.columns; x += kChunks) add_row(x, row, parts[c]);
      progress.advance(1);
    }
  });
  BlockSizes out;
  for (const BlockSizes& part : parts) out.add(part);
  return out;
}

// Pairs of the person's codes, each once; 0 stands for a name that the key does not read.
std::vector<std::pair<std::uint32_t, std::uint32_t>> PassBlocks::names_of(
    const PublicPerson& person) const {
  const auto given = given_.codes == nullptr ? NameCodes::Codes{0} : given_.codes->codes_of(person);
  const auto surname =
      surname_.codes == nullptr ? NameCodes::Codes{0} : surname_.codes->codes_of(person);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> out;
  if (names_ == Names::either) {
    for (const auto* codes : {&given, &surname})
      for (const std::uint32_t x : *codes) out.emplace_back(x, 0);
  } else {
    for (const std::uint32_t x : given)
      for (const std::uint32_t y : surname) {
        const bool turn = names_ == Names::pair && y < x;
        out.emplace_back(turn ? y : x, turn ? x : y);
      }
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<PersonsBlock> PassBlocks::blocks_of(const PublicPerson& person) const {
  std::vector<PersonsBlock> out;
  const double all = static_cast<double>(people_.days()) * numbers_;
  const std::uint64_t number = person.number % static_cast<std::uint64_t>(numbers_);
  for (const auto& [a, b] : names_of(person)) {
    PersonsBlock block;
    const std::uint32_t x = given_.column(a), y = names_ == Names::either ? 0 : surname_.column(b);
    const bool known = x != kNoName && y != kNoName;
    const Dates& dates = known ? dates_of(x, y) : dates_;
    const DateShape& date = dates.shapes[dates.shape_of_day[person.day]];
    block.name = mix(std::uint64_t{a} << 32 | b, dates.value_of_day[person.day], number);
    for (std::size_t p = 0; known && p < people_.periods(); ++p)
      block.share += date.days[p] * share_of(p, x, y) / all;
    out.push_back(block);
  }
  return out;
}

}  // namespace tessera::lab
