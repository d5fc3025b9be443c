#include "engine/schema/adaptive.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/schema/key_part.h"
#include "engine/schema/object_reader.h"

namespace tessera::schema {
namespace {

constexpr std::uint32_t kMostPeople = 1'000'000'000;
constexpr std::size_t kMostCodes = 4096;  // of a field
constexpr std::size_t kMostGroups = 16;

Error bad(const std::string& where, std::string what) {
  return {ErrorCode::format, std::move(what), where};
}

// A field's codes in order, each once: an object keeps its members as they were written.
Result<CodesOfField> codes_from_json(std::size_t field, const json::Object& codes,
                                     const std::string& where) {
  CodesOfField out{field, {}};
  if (codes.size() > kMostCodes)
    return bad(where, fmt::format("expected at most {} phonetic codes", kMostCodes));
  for (const json::Member& m : codes) {
    const std::int64_t* share = m.second.as_int();
    if (m.first.empty() || share == nullptr || *share < 1 || *share > std::int64_t{kMillion})
      return bad(where, fmt::format("\"{}\": expected a phonetic code and how many of a million "
                                    "people hold it",
                                    m.first));
    out.codes.push_back({m.first, static_cast<std::uint32_t>(*share)});
  }
  std::ranges::sort(out.codes, {}, &CodeShare::code);
  if (std::ranges::adjacent_find(out.codes, {}, &CodeShare::code) != out.codes.end())
    return bad(where, "a phonetic code stands twice");
  return out;
}

Result<NameGroup> group_from_json(const json::Value& value, const Schema& schema,
                                  const std::string& where) {
  NameGroup out;
  ObjectReader in(value, where);
  in.count("people", out.millionths, 1, kMillion);
  const json::Value* names = in.member("names", true);
  if (out.millionths == 0) in.fail("people", "is missing");
  if (names != nullptr && names->as_object() == nullptr)
    in.fail("names", "expected an object of name field: {code: people}");
  TESSERA_CHECK(in.finish());
  for (const json::Member& m : *names->as_object()) {
    const auto field = schema.field(m.first);
    const json::Object* codes = m.second.as_object();
    if (!field || codes == nullptr)
      return bad(where,
                 fmt::format("\"{}\": expected a field and an object of its codes", m.first));
    if (std::ranges::find(out.names, *field, &CodesOfField::field) != out.names.end())
      return bad(where, fmt::format("\"{}\" stands twice", m.first));
    TESSERA_TRY(CodesOfField of_field, codes_from_json(*field, *codes, where + "." + m.first));
    out.names.push_back(std::move(of_field));
  }
  std::ranges::sort(out.names, {}, &CodesOfField::field);
  return out;
}

}  // namespace

std::uint64_t share_in(const NameGroup& group, std::size_t field, std::string_view code) {
  const auto names = std::ranges::find(group.names, field, &CodesOfField::field);
  if (names == group.names.end()) return 0;
  const auto at = std::ranges::lower_bound(names->codes, code, {}, &CodeShare::code);
  return at != names->codes.end() && at->code == code ? at->millionths : 0;
}

std::uint64_t share_of_pair(const Schema& schema, const KeyPart& pair, std::string_view a,
                            std::string_view b) {
  const std::size_t one = pair.fields[0];
  const std::size_t other = pair.fields[1];
  std::uint64_t sum = 0;
  for (const NameGroup& group : schema.common_names)
    sum += held_in(group.millionths, share_in(group, one, a) * share_in(group, other, b),
                   share_in(group, one, b) * share_in(group, other, a), a == b);
  return sum;
}

const KeyPart* pair_of_names(const Pass& pass) {
  const auto at = std::ranges::find(pass.key, true, &KeyPart::set);
  return at == pass.key.end() ? nullptr : &*at;
}

Result<Adaptive> adaptive_from_json(const json::Value& value, const Schema& schema,
                                    const std::string& where) {
  Adaptive out;
  ObjectReader in(value, where);
  in.text("add", out.text);
  in.count("people", out.people, 1, kMostPeople);
  if (out.people == 0) in.fail("people", "is missing");
  TESSERA_CHECK(in.finish());
  auto part = parse_key_part(out.text, schema);
  if (!part) return bad(where + ".add", part.error().what);
  out.add = *std::move(part);
  if (schema.fields[out.add.fields.front()].kind != Kind::date)
    return bad(where + ".add", "expected a part of a date");
  return out;
}

Result<std::vector<NameGroup>> common_names_from_json(const json::Value& value,
                                                      const Schema& schema,
                                                      const std::string& where) {
  std::vector<NameGroup> out;
  const json::Array* groups = value.as_array();
  if (groups == nullptr || groups->size() > kMostGroups)
    return bad(where, fmt::format("expected a list of at most {} groups of people", kMostGroups));
  for (std::size_t g = 0; g < groups->size(); ++g) {
    TESSERA_TRY(NameGroup group,
                group_from_json((*groups)[g], schema, fmt::format("{}[{}]", where, g)));
    out.push_back(std::move(group));
  }
  return out;
}

json::Value to_json(const Adaptive& adaptive) {
  return json::Object{{"add", adaptive.text}, {"people", std::int64_t{adaptive.people}}};
}

json::Value to_json(const std::vector<NameGroup>& common, const Schema& schema) {
  json::Array out;
  for (const NameGroup& group : common) {
    json::Object names;
    for (const CodesOfField& of_field : group.names) {
      json::Object codes;
      for (const CodeShare& c : of_field.codes)
        codes.emplace_back(c.code, std::int64_t{c.millionths});
      names.emplace_back(schema.fields[of_field.field].name, std::move(codes));
    }
    out.emplace_back(
        json::Object{{"people", std::int64_t{group.millionths}}, {"names", std::move(names)}});
  }
  return out;
}

Result<void> check_adaptive(const Schema& schema, const std::string& where) {
  bool used = false;
  for (const Pass& pass : schema.passes) {
    if (!pass.adaptive) continue;
    used = true;
    const KeyPart* pair = pair_of_names(pass);
    if (pair == nullptr)
      return bad(where, fmt::format("pass {}: an adaptive key needs a pair of names, such as "
                                    "phonetic(first&last)",
                                    pass.name));
    if (schema.common_names.empty())
      return bad(where, fmt::format("pass {}: its key is adaptive, but \"common_names\" is "
                                    "missing; 'tessera schema adapt' writes it",
                                    pass.name));
  }
  if (!used && !schema.common_names.empty())
    return bad(where, "\"common_names\" is there, but no pass has an adaptive key");
  return {};
}

}  // namespace tessera::schema
