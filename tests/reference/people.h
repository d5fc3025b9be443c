// Made-up people for tests: fields from a line of plain text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/random.h"
#include "engine/record/fields.h"
#include "engine/schema/schema.h"

namespace tessera::reference {

// A person as a test writes it. Names in capitals, parts by blanks; "" is missing. `former`: a
// second surname. Dates "YYYY-MM-DD", "YYYY", or "".
struct Person {
  std::string id, first, middle, last, dob, sex, ssn, former;
};

// Fields under any schema; a given name's parts are their own nickname groups.
record::Fields fields_of(const schema::Schema& schema, const Person& person);
std::vector<record::Fields> roster(const schema::Schema& schema, const std::vector<Person>& people);
// Somebody drawn from short lists of names and birth dates.
Person draw_person(Splitmix& random, std::string id);
// So many, with this and a number as IDs.
std::vector<Person> draw_people(int n, std::uint64_t seed, const std::string& id);
// The same person as another roster might have it: a typo, a missing or swapped value now and then.
Person copy_of(const Person& person, Splitmix& random, std::string id);

}  // namespace tessera::reference
