// Block keys read pass by pass, written for reading, not for speed.
#include "tests/reference/block_keys_plain.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/record/phonetic.h"

namespace tessera::reference {
namespace {

using encode::BlockKey;
using encode::NameChoice;
using record::Date;
using schema::KeyPart;
using schema::Kind;
using schema::Part;

std::string code_of(Part part, const std::string& name) {
  return part == Part::initial ? name.substr(0, 1)
                               : record::phonetic_code(name, record::Phonetic::soundex);
}

struct Reading {
  std::string text;
  NameChoice shows;
  std::size_t rank = 0;  // 0 = the most telling
};

// Codes of one name field: whole, then parts, then nickname groups; current name, then former ones.
std::vector<Reading> name_readings(const schema::Schema& schema, Part part, std::size_t field,
                                   const record::Fields& fields) {
  std::vector<Reading> out;
  const auto& names = fields.values[field].names;
  const bool given = schema.fields[field].kind == Kind::given_name;
  for (std::size_t k = 0; k < names.size(); ++k) {
    NameChoice shows;
    (given ? shows.given : shows.surname) = static_cast<std::uint8_t>(k);
    auto add = [&](const std::string& text) {
      std::string code = code_of(part, text);
      if (!code.empty() && std::ranges::find(out, code, &Reading::text) == out.end())
        out.push_back({std::move(code), shows, out.size()});
    };
    add(names[k].whole);
    for (const std::string& p : names[k].parts) add(p);
    for (const std::string& g : names[k].groups) add(g);
  }
  return out;
}

std::vector<Reading> date_reading(Part part, const Date& d, bool beside_both_names) {
  const bool need_year = part == Part::exact || part == Part::year;
  const bool need_day = part != Part::year;
  if ((need_year && d.year == 0) || (need_day && (d.month == 0 || d.day == 0))) return {};
  if (need_day && d.doubted && !beside_both_names) return {};
  switch (part) {
    case Part::exact:
      return {{fmt::format("{:04}{:02}{:02}", d.year, d.month, d.day), {}, 0}};
    case Part::year:
      return {{fmt::format("{:04}", d.year), {}, 0}};
    case Part::month:
      return {{fmt::format("m{:02}", d.month), {}, 0}};
    case Part::day:
      return {{fmt::format("d{:02}", d.day), {}, 0}};
    default:
      return {
          {fmt::format("{:02}{:02}", std::min(d.month, d.day), std::max(d.month, d.day)), {}, 0}};
  }
}

void by_rank(std::vector<Reading>& list) { std::ranges::stable_sort(list, {}, &Reading::rank); }

// Unordered pairs of a code of one field and a code of another, so that swapped names meet.
std::vector<Reading> pair_readings(const schema::Schema& schema, const KeyPart& key,
                                   const record::Fields& fields) {
  const auto left = name_readings(schema, key.part, key.fields[0], fields);
  const auto right = name_readings(schema, key.part, key.fields[1], fields);
  std::vector<Reading> out;
  for (const Reading& a : left)
    for (const Reading& b : right) {
      NameChoice shows;
      shows.given = std::max(a.shows.given, b.shows.given);
      shows.surname = std::max(a.shows.surname, b.shows.surname);
      out.push_back(
          {std::min(a.text, b.text) + "&" + std::max(a.text, b.text), shows, a.rank + b.rank});
    }
  by_rank(out);
  return out;
}

std::vector<Reading> readings(const schema::Schema& schema, const KeyPart& key,
                              const record::Fields& fields, bool beside_both_names) {
  const std::size_t field = key.fields[0];
  const record::Value& value = fields.values[field];
  if (key.set && key.fields.size() == 2) return pair_readings(schema, key, fields);
  if (key.part == Part::phonetic || key.part == Part::initial) {
    std::vector<Reading> out;
    for (const std::size_t f : key.fields)
      for (Reading& r : name_readings(schema, key.part, f, fields)) out.push_back(std::move(r));
    by_rank(out);
    return out;
  }
  if (schema.fields[field].kind == Kind::date)
    return date_reading(key.part, value.date, beside_both_names);
  if (value.text.empty()) return {};
  return {{value.text, {}, 0}};
}

// A share in a group's list, in millionths.
std::uint64_t listed(const schema::NameGroup& group, std::size_t field, const std::string& code) {
  for (const schema::CodesOfField& names : group.names)
    for (const schema::CodeShare& c : names.codes)
      if (names.field == field && c.code == code) return c.millionths;
  return 0;
}

// People of 10^12 who hold the codes, in either order.
std::uint64_t expected(const schema::Schema& schema, const std::vector<std::size_t>& pair,
                       const std::string& a, const std::string& b) {
  std::uint64_t out = 0;
  for (const schema::NameGroup& group : schema.common_names) {
    std::uint64_t share = listed(group, pair[0], a) * listed(group, pair[1], b);
    if (a != b) share += listed(group, pair[0], b) * listed(group, pair[1], a);
    out += share * group.millionths / 1000000;
  }
  return out;
}

// Adds the further part to every key whose pair of names more than one of the people are expected
// to hold.
void lengthen(const schema::Schema& schema, const schema::Pass& pass, const record::Fields& fields,
              std::vector<Reading>& keys) {
  std::vector<std::size_t> pair;
  for (const KeyPart& part : pass.key)
    if (part.set) pair = part.fields;
  const auto more = readings(schema, pass.adaptive->add, fields, true);
  std::vector<Reading> out;
  for (const Reading& k : keys) {
    const std::size_t between = k.text.find('&');  // no other part of a key has one
    const std::string a = k.text.substr(k.text.rfind(':', between) + 1, 4);
    const std::string b = k.text.substr(between + 1, 4);
    if (expected(schema, pair, a, b) <= 1000000000000 / pass.adaptive->people) {
      out.push_back(k);
      continue;
    }
    for (const Reading& m : more)
      out.push_back({fmt::format("{}{}:{}", k.text, m.text.size(), m.text), k.shows, k.rank});
  }
  keys = std::move(out);
}

}  // namespace

std::vector<BlockKey> block_keys(const schema::Schema& schema, const schema::Pass& pass,
                                 const record::Fields& fields) {
  std::vector<Reading> keys{{"", {}, 0}};
  for (const KeyPart& part : pass.key) {
    const bool both_names = std::ranges::any_of(
        pass.key, [](const KeyPart& p) { return p.set && p.fields.size() == 2; });
    const std::vector<Reading> more = readings(schema, part, fields, both_names);
    std::vector<Reading> crossed;
    for (const Reading& k : keys)
      for (const Reading& m : more) {
        NameChoice shows;
        shows.given = std::max(k.shows.given, m.shows.given);
        shows.surname = std::max(k.shows.surname, m.shows.surname);
        crossed.push_back(
            {fmt::format("{}{}:{}", k.text, m.text.size(), m.text), shows, k.rank + m.rank});
      }
    keys = std::move(crossed);
  }
  if (pass.adaptive) lengthen(schema, pass, fields, keys);
  by_rank(keys);
  std::vector<BlockKey> out;
  for (Reading& k : keys) {
    if (out.size() == pass.most) break;
    if (std::ranges::find(out, k.text, &BlockKey::value) == out.end())
      out.push_back({std::move(k.text), k.shows, k.rank});
  }
  return out;
}

void cap_keys(const schema::Schema& schema, std::vector<std::vector<BlockKey>>& keys_of_pass) {
  std::size_t all = 0;
  for (const auto& keys : keys_of_pass) all += keys.size();
  for (; all > schema.tags_in_all; --all)
    std::ranges::max_element(keys_of_pass, {}, &std::vector<BlockKey>::size)->pop_back();
}

}  // namespace tessera::reference
