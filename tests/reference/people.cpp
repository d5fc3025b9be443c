#include "tests/reference/people.h"

#include <array>
#include <cstdlib>

#include <fmt/format.h>

namespace tessera::reference {
namespace {

using schema::Kind;

constexpr std::array<std::string_view, 16> kFirst{
    "MARIA", "JOSE",  "ANNA", "LIAM",  "EMMA", "NOAH",    "OLIVIA", "JAMES",
    "SOFIA", "LUCAS", "MIA",  "ETHAN", "AVA",  "WILLIAM", "ISABEL", "JON"};
constexpr std::array<std::string_view, 12> kMiddle{"",      "",  "",      "A",    "ROSE", "LEE",
                                                   "MARIE", "J", "GRACE", "PAUL", "RAY",  "LYNN"};
constexpr std::array<std::string_view, 20> kLast{
    "SMITH", "GARCIA", "JOHNSON", "NGUYEN", "BROWN",        "MILLER", "LOPEZ",
    "KIM",   "JONES",  "WILSON",  "DAVIS",  "MOORE",        "TAYLOR", "CLARK",
    "YOUNG", "WRIGHT", "GREEN",   "HALL",   "GARCIA LOPEZ", "CHEN"};

record::Name name_of(std::string_view text) {
  record::Name n;
  n.whole = text;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    n.parts.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  n.groups = n.parts;
  return n;
}

record::Date date_of(const std::string& text) {
  record::Date d;
  if (text.size() >= 4) d.year = static_cast<std::uint16_t>(std::atoi(text.substr(0, 4).c_str()));
  if (text.size() == 10) {
    d.month = static_cast<std::uint8_t>(std::atoi(text.substr(5, 2).c_str()));
    d.day = static_cast<std::uint8_t>(std::atoi(text.substr(8, 2).c_str()));
  }
  return d;
}

template <std::size_t N>
std::string pick(const std::array<std::string_view, N>& from, Splitmix& random) {
  return std::string(from[random.below(N)]);
}

}  // namespace

record::Fields fields_of(const schema::Schema& schema, const Person& person) {
  record::Fields out;
  out.local_id = person.id;
  for (const schema::Field& f : schema.fields) {
    record::Value& v = out.values.emplace_back();
    switch (f.kind) {
      case Kind::given_name:
        if (!person.first.empty()) v.names.push_back(name_of(person.first));
        break;
      case Kind::surname:
        if (!person.last.empty()) v.names.push_back(name_of(person.last));
        if (!person.former.empty()) v.names.push_back(name_of(person.former));
        break;
      case Kind::middle_name:
        v.text = person.middle;
        break;
      case Kind::date:
        v.date = date_of(person.dob);
        break;
      case Kind::category:
        v.text = person.sex;
        break;
      case Kind::number:
      case Kind::ssn:
        v.text = person.ssn;
        break;
    }
  }
  if (schema.ssn)
    out.ssn_state = person.ssn.empty() ? encoded::SsnState::declined : encoded::SsnState::provided;
  return out;
}

std::vector<record::Fields> roster(const schema::Schema& schema,
                                   const std::vector<Person>& people) {
  std::vector<record::Fields> out;
  for (const Person& p : people) out.push_back(fields_of(schema, p));
  return out;
}

Person draw_person(Splitmix& random, std::string id) {
  Person p;
  p.id = std::move(id);
  p.first = pick(kFirst, random);
  p.middle = pick(kMiddle, random);
  p.last = pick(kLast, random);
  p.dob = fmt::format("{:04}-{:02}-{:02}", 2008 + random.below(4), 1 + random.below(12),
                      1 + random.below(28));
  p.sex = random.chance(0.5) ? "F" : "M";
  if (random.chance(0.5)) p.ssn = fmt::format("{:09}", 100000000 + random.below(500000000));
  return p;
}

std::vector<Person> draw_people(int n, std::uint64_t seed, const std::string& id) {
  Splitmix random(seed);
  std::vector<Person> out;
  for (int i = 0; i < n; ++i) out.push_back(draw_person(random, id + std::to_string(i)));
  return out;
}

Person copy_of(const Person& person, Splitmix& random, std::string id) {
  Person p = person;
  p.id = std::move(id);
  if (random.chance(0.1)) p.first[random.below(p.first.size())] = 'E';
  if (random.chance(0.1)) p.last[random.below(p.last.size())] = 'O';
  if (random.chance(0.2)) p.middle = p.middle.substr(0, 1);
  if (random.chance(0.05)) std::swap(p.first, p.last);
  if (random.chance(0.05)) p.dob[9] = p.dob[9] == '1' ? '2' : '1';
  if (random.chance(0.1)) p.sex.clear();
  if (random.chance(0.2)) p.ssn.clear();
  return p;
}

}  // namespace tessera::reference
