#include "engine/lab/adapt.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "engine/lab/name_codes.h"
#include "engine/schema/adaptive.h"

namespace tessera::lab {
namespace {

using schema::KeyPart;
using schema::Kind;

// A code is left out where it adds less than this part of what makes a pair common.
constexpr double kTooFew = 0.2;

// The share of all birthdays that the fullest value of the key's date parts holds.
double fullest_date(const schema::Schema& schema, const schema::Pass& pass,
                    const PublicPeople& people) {
  std::vector<KeyPart> dates;
  for (const KeyPart& part : pass.key)
    if (schema.fields[part.fields.front()].kind == Kind::date) dates.push_back(part);
  std::map<std::string, std::size_t> days;
  std::size_t most = 0;
  for (const std::string& key : date_keys(schema, dates, people))
    most = std::max(most, ++days[key]);
  return static_cast<double>(most) / static_cast<double>(people.days());
}

// The share of each code among the people of an ethnicity, over all birth periods.
std::map<std::string, double> shares_of(const NameCodes& codes, const CodeBook& book,
                                        const PublicPeople& people, std::size_t ethnicity) {
  std::vector<double> days(people.periods());
  for (std::size_t day = 0; day < people.days(); ++day) days[people.period(day)] += 1;
  std::map<std::string, double> out;
  for (std::size_t p = 0; p < people.periods(); ++p) {
    const std::vector<double>& row = codes.rows()[p * kEthnicities + ethnicity];
    for (std::uint32_t c = 0; c < row.size(); ++c)
      if (row[c] > 0)
        out[phonetic_code_of(book.text(c))] +=
            std::min(1.0, row[c]) * days[p] / static_cast<double>(people.days());
  }
  return out;
}

double largest(const std::map<std::string, double>& shares) {
  double most = 0;
  for (const auto& [code, share] : shares) most = std::max(most, share);
  return most;
}

schema::CodesOfField kept(std::size_t field, const std::map<std::string, double>& shares,
                          double least) {
  schema::CodesOfField out{field, {}};
  for (const auto& [code, share] : shares)
    if (const auto n = static_cast<std::uint32_t>(std::lround(share * schema::kMillion));
        share >= least && n > 0)
      out.codes.push_back({code, n});
  return out;
}

}  // namespace

Result<schema::Schema> adapt(const schema::Schema& schema, const AdaptOptions& options,
                             const PublicPeople& people) {
  schema::Schema out = schema;
  const auto pass = std::ranges::find(out.passes, options.pass, &schema::Pass::name);
  if (pass == out.passes.end())
    return Error{ErrorCode::usage, fmt::format("the schema has no pass {}", options.pass), ""};
  const KeyPart* pair = schema::pair_of_names(*pass);
  if (pair == nullptr)
    return Error{ErrorCode::usage,
                 fmt::format("pass {}: its key has no pair of names, such as phonetic(first&last)",
                             options.pass),
                 ""};
  const double sharing =
      static_cast<double>(options.people) * fullest_date(schema, *pass, people) / options.expected;
  const json::Value adaptive(json::Object{
      {"add", options.add}, {"people", std::max<std::int64_t>(1, std::llround(sharing))}});
  TESSERA_TRY(pass->adaptive, schema::adaptive_from_json(adaptive, schema, options.pass));
  std::uint32_t most_people = 0;  // the list serves every adaptive pass
  for (const schema::Pass& p : out.passes)
    if (p.adaptive) most_people = std::max(most_people, p.adaptive->people);
  CodeBook book;
  std::vector<NameCodes> sides;
  for (const std::size_t field : pair->fields) {
    const std::vector<KeyPart> parts{{pair->part, {field}, false, false}};
    sides.emplace_back(schema, parts, pass->most, people, book).count(options.seed);
  }
  out.common_names.clear();
  for (std::size_t e = 0; e < kEthnicities; ++e) {
    const auto one = shares_of(sides[0], book, people, e);
    const auto other = shares_of(sides[1], book, people, e);
    const double least = kTooFew / (most_people * people.share(e));
    schema::NameGroup group;
    group.millionths = static_cast<std::uint32_t>(std::lround(people.share(e) * schema::kMillion));
    group.names = {kept(pair->fields[0], one, least / largest(other)),
                   kept(pair->fields[1], other, least / largest(one))};
    if (!group.names[0].codes.empty() && !group.names[1].codes.empty())
      out.common_names.push_back(std::move(group));
  }
  if (out.common_names.empty())
    return Error{ErrorCode::usage,
                 fmt::format("pass {}: no names are common among so few people, so its key needs "
                             "no further part",
                             options.pass),
                 ""};
  return schema::from_json(schema::to_json(out), schema.name);
}

}  // namespace tessera::lab
