#include "engine/schema/schema.h"

#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

#include "engine/core/file.h"
#include "engine/schema/adaptive.h"
#include "engine/schema/date_format.h"
#include "engine/schema/key_part.h"
#include "engine/schema/layout.h"
#include "engine/schema/object_reader.h"

namespace tessera::schema {
namespace {

constexpr std::array<std::string_view, 7> kKinds{"given_name", "middle_name", "surname", "date",
                                                 "category",   "number",      "ssn"};
constexpr std::size_t kMostPasses = 16;
constexpr std::size_t kMostFields = 12;

bool is_identifier(std::string_view s) {
  return !s.empty() && s.size() <= 32 && s[0] >= 'a' && s[0] <= 'z' &&
         std::ranges::all_of(s, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

Result<std::vector<CategoryValue>> read_values(const json::Value* v, const std::string& where) {
  std::vector<CategoryValue> out;
  const json::Object* o = v != nullptr ? v->as_object() : nullptr;
  if (o == nullptr || o->empty())
    return Error{ErrorCode::format, "\"values\": a category needs an object of value: [spellings]",
                 where};
  for (const json::Member& m : *o) {
    CategoryValue value{m.first, {}};
    const json::Array* a = m.second.as_array();
    if (a == nullptr)
      return Error{ErrorCode::format, "\"values\": expected lists of spellings", where};
    for (const json::Value& s : *a) {
      if (s.as_string() == nullptr)
        return Error{ErrorCode::format, "\"values\": expected lists of spellings", where};
      value.spellings.push_back(*s.as_string());
    }
    out.push_back(std::move(value));
  }
  return out;
}

Result<Field> read_field(const json::Value& v, const std::string& where, const Schema& so_far) {
  Field f;
  ObjectReader in(v, where);
  in.text("name", f.name);
  std::string kind;
  in.text("kind", kind);
  in.texts("columns", f.columns, false);
  in.texts("formats", f.formats, kind == "date");
  const json::Value* values = in.member("values", kind == "category");
  in.count("length", f.length, 4, 32);
  in.flag("luhn", f.luhn);
  std::string presence = "clear";
  in.text("presence", presence, false);
  f.hidden_presence = presence == "hidden";
  if (presence != "clear" && presence != "hidden")
    in.fail("presence", "expected \"clear\" or \"hidden\"");
  const auto* at = std::ranges::find(kKinds, kind);
  if (at == kKinds.end())
    in.fail("kind", fmt::format("expected one of: {}", fmt::join(kKinds, ", ")));
  else
    f.kind = static_cast<Kind>(at - kKinds.begin());
  if (!is_identifier(f.name)) in.fail("name", "expected a-z, 0-9 and _, starting with a letter");
  if (so_far.field(f.name)) in.fail("name", "repeats an earlier field's name");
  if (f.kind == Kind::date && f.formats.empty()) in.fail("formats", "a date needs at least one");
  if (const std::string fault = fault_of_formats(f.formats); !fault.empty())
    in.fail("formats", fault);
  if (f.kind == Kind::number && f.length == 0)
    in.fail("length", "a number needs its count of digits");
  if (f.kind == Kind::ssn && so_far.field(Kind::ssn)) in.fail("kind", "a schema has one ssn field");
  TESSERA_CHECK(in.finish());
  if (f.kind == Kind::category) {
    TESSERA_TRY(f.values, read_values(values, where));
  }
  return f;
}

Result<void> read_compare(const std::vector<std::string>& names, Schema& s, Pass& p,
                          const std::string& where) {
  for (std::size_t i = 0; i < s.fields.size(); ++i) {
    const bool asked = names.empty() || std::ranges::find(names, s.fields[i].name) != names.end();
    if (asked && s.fields[i].kind != Kind::ssn) p.compare.push_back(i);
  }
  for (const std::string& n : names) {
    const auto f = s.field(n);
    if (!f)
      return Error{ErrorCode::format, fmt::format("\"compare\": no field is called '{}'", n),
                   where};
    if (s.fields[*f].kind == Kind::ssn)
      return Error{ErrorCode::format,
                   "\"compare\": an SSN is compared by its token, never listed here", where};
  }
  return {};
}

Result<Pass> read_pass(const json::Value& v, const std::string& where, Schema& s) {
  Pass p;
  ObjectReader in(v, where);
  std::vector<std::string> key;
  std::vector<std::string> compare;
  in.text("name", p.name);
  in.texts("key", key, true);
  in.texts("compare", compare, false);
  in.flag("mandatory", p.mandatory);
  const json::Value* adaptive = in.member("adaptive", false);
  in.count("least", p.least, 1, 16);
  in.count("most", p.most, 1, 16);
  if (!is_identifier(p.name)) in.fail("name", "expected a-z, 0-9 and _, starting with a letter");
  if (std::ranges::find(s.passes, p.name, &Pass::name) != s.passes.end())
    in.fail("name", "repeats an earlier pass's name");
  if (p.least > p.most) in.fail("least", "is more than \"most\"");
  if (key.empty()) in.fail("key", "a pass needs a block key");
  TESSERA_CHECK(in.finish());
  for (std::size_t i = 0; i < key.size(); ++i) {
    auto part = parse_key_part(key[i], s);
    if (!part)
      return Error{ErrorCode::format, part.error().what, fmt::format("{}.key[{}]", where, i)};
    p.key.push_back(*std::move(part));
    p.text += (i > 0 ? " + " : "") + key[i];
  }
  if (adaptive != nullptr) {
    TESSERA_TRY(p.adaptive, adaptive_from_json(*adaptive, s, where + ".adaptive"));
  }
  TESSERA_CHECK(read_compare(compare, s, p, where));
  return p;
}

Result<Encoding> read_encoding(const json::Value& v, const std::string& where) {
  Encoding e;
  ObjectReader in(v, where);
  in.count("name_bits", e.name_bits, 64, 4096);
  in.count("name_weight", e.name_weight, 8, 2048);
  in.count("middle_bits", e.middle_bits, 32, 4096);
  in.count("middle_weight", e.middle_weight, 4, 2048);
  in.count("number_bits", e.number_bits, 64, 4096);
  in.count("number_weight", e.number_weight, 8, 2048);
  for (const auto& [bits, weight] :
       {std::pair{e.name_bits, e.name_weight}, std::pair{e.middle_bits, e.middle_weight},
        std::pair{e.number_bits, e.number_weight}}) {
    if (!std::has_single_bit(bits)) in.fail("", "filter sizes must be powers of two");
    if (weight * 4 > bits * 3)
      in.fail("", "a filter's weight may be at most three quarters of its bits");
  }
  TESSERA_CHECK(in.finish());
  return e;
}

Result<void> check_whole(const Schema& s, std::string_view where) {
  auto bad = [&](std::string what) {
    return Error{ErrorCode::format, std::move(what), std::string(where)};
  };
  if (s.ssn != s.field(Kind::ssn).has_value())
    return bad(s.ssn ? "\"ssn\" is true but no field is of kind ssn"
                     : "a field is of kind ssn but \"ssn\" is not true: collecting it is a "
                       "decision to be stated");
  for (std::size_t i = 0; i < s.passes.size(); ++i) {
    const Pass& p = s.passes[i];
    if (layout(s, i).presence_bits > 16)
      return bad(fmt::format("pass {}: too many fields to compare (16 presence bits)", p.name));
    const bool loose = p.key.size() == 1 && p.key[0].part != Part::exact;
    const bool lone_date = p.key.size() == 1 && p.key[0].part == Part::exact &&
                           s.fields[p.key[0].fields[0]].kind == Kind::date;
    if ((loose || lone_date) && !s.trusted_unit)
      return bad(
          fmt::format("pass {}: its key alone has too few values to protect anyone; only a schema "
                      "with \"trusted_unit\": true may use it",
                      p.name));
  }
  TESSERA_CHECK(check_adaptive(s, std::string(where)));
  return check_key_services(s, std::string(where));
}

}  // namespace

std::string key_text(const Pass& pass) {
  return pass.text + (pass.adaptive ? ", of common names + " + pass.adaptive->text : "");
}

std::string_view name_of(Kind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::optional<std::size_t> Schema::field(std::string_view field_name) const {
  const auto it = std::ranges::find(fields, field_name, &Field::name);
  if (it == fields.end()) return std::nullopt;
  return static_cast<std::size_t>(it - fields.begin());
}
std::optional<std::size_t> Schema::field(Kind kind) const {
  const auto it = std::ranges::find(fields, kind, &Field::kind);
  if (it == fields.end()) return std::nullopt;
  return static_cast<std::size_t>(it - fields.begin());
}

Result<Schema> from_json(const json::Value& value, std::string_view where_view) {
  const std::string where(where_view);
  Schema s;
  ObjectReader in(value, where);
  std::uint32_t version = 0;
  in.count("tessera_schema", version, 1, 1);
  if (version != 1) in.fail("tessera_schema", "expected 1: this is not a tessera linkage schema");
  in.text("name", s.name);
  in.text("purpose", s.purpose, false);
  in.count("normalisation", s.normalisation, 1, 1);
  in.text("epoch", s.epoch);
  in.flag("ssn", s.ssn);
  in.flag("trusted_unit", s.trusted_unit);
  in.count("tags_in_all", s.tags_in_all, 1, 64);
  const json::Value* fields = in.member("fields", true);
  const json::Value* passes = in.member("passes", true);
  const json::Value* encoding = in.member("encoding", false);
  const json::Value* services = in.member("key_services", false);
  const json::Value* common = in.member("common_names", false);
  in.flag("single_key_service", s.single_key_service);
  if (s.epoch.empty() || s.epoch.size() > 32) in.fail("epoch", "expected 1 to 32 characters");
  if (fields != nullptr && (fields->as_array() == nullptr || fields->as_array()->empty() ||
                            fields->as_array()->size() > kMostFields))
    in.fail("fields", fmt::format("expected a list of 1 to {} fields", kMostFields));
  if (passes != nullptr && (passes->as_array() == nullptr || passes->as_array()->empty() ||
                            passes->as_array()->size() > kMostPasses))
    in.fail("passes", fmt::format("expected a list of 1 to {} passes", kMostPasses));
  TESSERA_CHECK(in.finish());
  for (std::size_t i = 0; i < fields->as_array()->size(); ++i) {
    TESSERA_TRY(Field f,
                read_field((*fields->as_array())[i], fmt::format("{}: fields[{}]", where, i), s));
    s.fields.push_back(std::move(f));
  }
  if (encoding != nullptr) {
    TESSERA_TRY(s.encoding, read_encoding(*encoding, where + ": encoding"));
  }
  for (std::size_t i = 0; i < passes->as_array()->size(); ++i) {
    TESSERA_TRY(Pass p,
                read_pass((*passes->as_array())[i], fmt::format("{}: passes[{}]", where, i), s));
    s.passes.push_back(std::move(p));
  }
  if (common != nullptr) {
    TESSERA_TRY(s.common_names, common_names_from_json(*common, s, where + ": common_names"));
  }
  if (services != nullptr) {
    TESSERA_TRY(s.key_services, key_services_from_json(*services, where + ": key_services"));
  }
  TESSERA_CHECK(check_whole(s, where));
  return s;
}

json::Value to_json(const Schema& s) {
  auto texts = [](const std::vector<std::string>& in) {
    json::Array out;
    for (const std::string& t : in) out.emplace_back(t);
    return json::Value(std::move(out));
  };
  json::Array fields;
  for (const Field& f : s.fields) {
    json::Value o(json::Object{{"name", f.name}, {"kind", name_of(f.kind)}});
    if (!f.columns.empty()) o.set("columns", texts(f.columns));
    if (!f.formats.empty()) o.set("formats", texts(f.formats));
    if (!f.values.empty()) {
      json::Object values;
      for (const CategoryValue& v : f.values) values.emplace_back(v.value, texts(v.spellings));
      o.set("values", json::Value(std::move(values)));
    }
    if (f.length > 0) o.set("length", std::int64_t{f.length});
    if (f.luhn) o.set("luhn", true);
    if (f.hidden_presence) o.set("presence", "hidden");  // absent where clear: digests stay
    fields.push_back(std::move(o));
  }
  json::Array passes;
  for (const Pass& p : s.passes) {
    json::Array key;
    for (const KeyPart& k : p.key) key.emplace_back(key_part_text(k, s));
    json::Array compare;
    for (const std::size_t f : p.compare) compare.emplace_back(s.fields[f].name);
    json::Value o(json::Object{{"name", p.name},
                               {"key", std::move(key)},
                               {"compare", std::move(compare)},
                               {"mandatory", p.mandatory},
                               {"least", std::int64_t{p.least}},
                               {"most", std::int64_t{p.most}}});
    if (p.adaptive) o.set("adaptive", to_json(*p.adaptive));
    passes.push_back(std::move(o));
  }
  const Encoding& e = s.encoding;
  json::Value out =
      json::Object{{"tessera_schema", 1},
                   {"name", s.name},
                   {"purpose", s.purpose},
                   {"normalisation", std::int64_t{s.normalisation}},
                   {"epoch", s.epoch},
                   {"ssn", s.ssn},
                   {"trusted_unit", s.trusted_unit},
                   {"tags_in_all", std::int64_t{s.tags_in_all}},
                   {"fields", std::move(fields)},
                   {"encoding", json::Object{{"name_bits", std::int64_t{e.name_bits}},
                                             {"name_weight", std::int64_t{e.name_weight}},
                                             {"middle_bits", std::int64_t{e.middle_bits}},
                                             {"middle_weight", std::int64_t{e.middle_weight}},
                                             {"number_bits", std::int64_t{e.number_bits}},
                                             {"number_weight", std::int64_t{e.number_weight}}}},
                   {"passes", std::move(passes)}};
  // Absent where they say nothing, so that a schema without them keeps its digest.
  if (!s.common_names.empty()) out.set("common_names", to_json(s.common_names, s));
  if (!s.key_services.empty()) out.set("key_services", to_json(s.key_services));
  if (s.single_key_service) out.set("single_key_service", true);
  return out;
}

Sha256 digest(const Schema& schema) {
  return sha256(as_bytes(json::to_canonical(to_json(schema))));
}

Result<Schema> load(const std::string& path_or_name) {
  std::string text;
  if (!file_exists(path_or_name)) {
    const auto it = std::ranges::find(shipped(), path_or_name, &Shipped::name);
    if (it == shipped().end())
      return Error{
          ErrorCode::io,
          "no such file, and no shipped schema of that name (default, high-recall, high-privacy)",
          path_or_name};
    text = it->text;
  } else {
    TESSERA_TRY(text, read_file(path_or_name, std::size_t{1} << 20));
  }
  TESSERA_TRY(const json::Value value, json::parse(text, path_or_name));
  return from_json(value, path_or_name);
}

}  // namespace tessera::schema
