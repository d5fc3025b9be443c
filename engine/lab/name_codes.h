// The codes that a block key makes of the names of one field, and how common each is.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/lab/public_people.h"
#include "engine/schema/schema.h"

namespace tessera::lab {

// Numbers codes from 0 in the order they are first met.
class CodeBook {
 public:
  std::uint32_t number_of(const std::string& code) {
    const auto [at, fresh] = numbers_.emplace(code, static_cast<std::uint32_t>(numbers_.size()));
    if (fresh) texts_.push_back(&at->first);
    return at->second;
  }
  const std::string& text(std::uint32_t number) const { return *texts_[number]; }
  std::size_t size() const { return numbers_.size(); }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<const std::string*> texts_;  // keys of a map stay where they are
};

// The phonetic code in the text of a key that has no other part.
inline std::string phonetic_code_of(const std::string& key) {
  return key.substr(key.find(':') + 1);
}

// What date parts of a key, all of one field, make of every day of birth: by day, the text of the
// key. The same text for all where there are none.
std::vector<std::string> date_keys(const schema::Schema& schema,
                                   const std::vector<schema::KeyPart>& parts,
                                   const PublicPeople& people);

// The ingredients of a key that read one name field: [phonetic(last), initial(last)] is one code.
// Codes come from encode::block_keys, so they are those of real entries: of the whole name, its
// parts and its nickname groups. `people` and `book` must outlive it.
class NameCodes {
 public:
  using Codes = std::vector<std::uint32_t>;  // numbers in the book, the most telling first

  // parts: each reads the same field of kind given_name or surname. most: codes of a person.
  NameCodes(const schema::Schema& schema, const std::vector<schema::KeyPart>& parts,
            std::uint32_t most, const PublicPeople& people, CodeBook& book);

  // Fills rows(): exact for names in one part; for names in two, shares among seeded draws.
  void count(std::uint64_t seed);
  // Share of the people of a period and ethnicity who hold each code; [period * kEthnicities +
  // ethnicity][number in the book]. All rows are of one length; a code beyond it is held by nobody.
  const std::vector<std::vector<double>>& rows() const { return rows_; }

  Codes codes_of(const NameItems& name) const;
  Codes codes_of(const PublicPerson& person) const {
    return codes_of(given_ ? person.given : person.surname);
  }

 private:
  Codes read(const std::string& name) const;
  void count_row(std::size_t period, std::size_t ethnicity, std::uint64_t seed);

  schema::Schema schema_;  // the schema with one pass, whose key is `parts`
  bool given_ = false;
  std::size_t field_ = 0;
  const PublicPeople& people_;
  CodeBook& book_;
  std::vector<Codes> of_item_;  // codes of names in one part
  std::vector<std::vector<double>> rows_;
};

}  // namespace tessera::lab
