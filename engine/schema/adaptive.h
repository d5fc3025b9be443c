// Adaptive keys: a pass asks for a further part of those whose names are common, so that no block
// becomes large, and of nobody else, so that nothing is lost where blocks are small anyway.
//
// Which names are common is public and stands in the schema: for groups of people who draw their
// names alike, how many of a million hold each phonetic code. Owners must agree on it, as keys must
// be equal. One list for all would miss the names that are common among a few: few people are
// called Nguyen, few Van, and many of those few are called both.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/schema/schema.h"

namespace tessera::schema {

inline constexpr std::uint64_t kMillion = 1'000'000;

// Of a million people of the group, how many hold the code in a name field.
std::uint64_t share_in(const NameGroup& group, std::size_t field, std::string_view code);
// What a group adds to the share of a pair of codes, from the shares of those codes in its two
// names: so (a in one, b in the other) and the other way round, which is the same pair if a is b.
inline std::uint64_t held_in(std::uint64_t group_millionths, std::uint64_t so, std::uint64_t turned,
                             bool same) {
  return (so + (same ? 0 : turned)) * group_millionths / kMillion;
}
// The share of the people, in 10^-12, who are expected to hold `a` in one of the pair's two names
// and `b` in the other, in either order; names are taken to be independent inside a group. 0
// where the schema lists neither order. REQUIRES: pair.set, two fields.
std::uint64_t share_of_pair(const Schema& schema, const KeyPart& pair, std::string_view a,
                            std::string_view b);
// Whether a key whose pair of names has this share gets the further part: more than one of
// `adaptive.people` is expected to hold the pair.
inline bool is_common(const Adaptive& adaptive, std::uint64_t share) {
  return share > kMillion * kMillion / adaptive.people;
}
// The pair of names that decides; nullptr in a key without one.
const KeyPart* pair_of_names(const Pass& pass);

// The members "adaptive" of a pass and "common_names" of a schema, with the path in errors.
Result<Adaptive> adaptive_from_json(const json::Value& value, const Schema& schema,
                                    const std::string& where);
Result<std::vector<NameGroup>> common_names_from_json(const json::Value& value,
                                                      const Schema& schema,
                                                      const std::string& where);
json::Value to_json(const Adaptive& adaptive);
json::Value to_json(const std::vector<NameGroup>& common, const Schema& schema);
// What from_json must refuse of the whole. Errors: format.
Result<void> check_adaptive(const Schema& schema, const std::string& where);

}  // namespace tessera::schema
