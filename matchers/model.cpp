#include "matchers/model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "engine/core/file.h"
#include "engine/link/levels.h"

namespace tessera::matchers {

extern const std::string_view kShippedModelText;  // made from data/models/shipped.json

namespace {

using schema::Kind;
using schema::Part;

std::string_view word(Part part) {
  switch (part) {
    case Part::exact:
      return "exact";
    case Part::year:
      return "year";
    case Part::month:
      return "month";
    case Part::day:
      return "day";
    case Part::month_day:
      return "month_day";
    case Part::phonetic:
      return "phonetic";
    case Part::initial:
      return "initial";
  }
  return "";
}

// Of a table's name: before the bar of a condition, after the last slash of a pass's table.
std::string_view kind_in(std::string_view table) {
  const auto slash = table.rfind('/');
  return slash != std::string_view::npos ? table.substr(slash + 1)
                                         : table.substr(0, table.find('|'));
}

std::optional<Kind> kind_named(std::string_view name) {
  for (int k = 0; k <= static_cast<int>(Kind::ssn); ++k)
    if (schema::name_of(static_cast<Kind>(k)) == name) return static_cast<Kind>(k);
  return std::nullopt;
}

// Every level stays possible: a table of counts that never saw one must not forbid it.
void smooth(std::vector<double>& p) {
  constexpr double kLeast = 1e-6;
  double sum = 0;
  for (std::size_t i = 1; i < p.size(); ++i) sum += p[i] = std::max(p[i], kLeast);
  for (std::size_t i = 1; i < p.size(); ++i) p[i] /= sum;
}

Result<std::vector<double>> read_levels(const json::Value& table, std::string_view which,
                                        std::span<const std::string_view> names,
                                        const std::string& where) {
  const json::Value* v = table.find(which);
  if (v == nullptr || v->as_object() == nullptr)
    return Error{ErrorCode::format, fmt::format("\"{}\" is missing", which), where};
  std::vector<double> out(names.size());
  for (const json::Member& m : *v->as_object()) {
    const auto at = std::ranges::find(names, m.first);
    double p = 0;
    if (at == names.end() || at == names.begin() || !m.second.number(p) || !(p >= 0) || p > 1)
      return Error{ErrorCode::format,
                   fmt::format("\"{}\": levels are {}, each from 0 to 1", which,
                               fmt::join(names.subspan(1), ", ")),
                   where};
    out[static_cast<std::size_t>(at - names.begin())] = p;
  }
  if (std::accumulate(out.begin(), out.end(), 0.0) <= 0)
    return Error{ErrorCode::format,
                 fmt::format("\"{}\": at least one level must be above 0", which), where};
  smooth(out);
  return out;
}

json::Value write_levels(const std::vector<double>& p, std::span<const std::string_view> names) {
  json::Object o;
  for (std::size_t i = 1; i < p.size(); ++i)
    o.emplace_back(std::string(names[i]), std::round(p[i] * 1e7) / 1e7);
  return o;
}

// Conditions to try in turn where a model has no table of its own.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kNearest{
    {{"set", "phonetic"},
     {"any", "open"},
     {"phonetic", "set"},
     {"initial", "open"},
     {"month+year", "year"},
     {"day+year", "year"},
     {"month_day", "day"},
     {"day+month", "month_day"},
     {"year", "open"}}};

}  // namespace

std::string condition(const schema::Schema& schema, const schema::Pass& pass, std::size_t field) {
  std::vector<std::string> parts;
  for (const schema::KeyPart& k : pass.key)
    if (std::ranges::find(k.fields, field) != k.fields.end())
      parts.emplace_back(k.any ? "any" : k.set ? "set" : word(k.part));
  std::ranges::sort(parts);
  return fmt::format("{}|{}", schema::name_of(schema.fields[field].kind),
                     parts.empty() ? "open" : fmt::format("{}", fmt::join(parts, "+")));
}

std::string pass_table(const schema::Schema& schema, const schema::Pass& pass, std::size_t field) {
  return fmt::format("{}/{}", pass.text, schema::name_of(schema.fields[field].kind));
}

const Levels* find_levels(const Model& model, const schema::Schema& schema,
                          const schema::Pass& pass, std::size_t field) {
  if (const auto it = model.levels.find(pass_table(schema, pass, field)); it != model.levels.end())
    return &it->second;
  const std::string wanted = condition(schema, pass, field);
  const auto bar = wanted.find('|');
  const std::string kind = wanted.substr(0, bar);
  std::string part = wanted.substr(bar + 1);
  for (int tries = 0; tries < 4; ++tries) {
    if (const auto it = model.levels.find(kind + "|" + part); it != model.levels.end())
      return &it->second;
    const auto* next = std::ranges::find(kNearest, part, [](const auto& n) { return n.first; });
    part = next != kNearest.end() ? std::string(next->second) : "open";
  }
  const auto it = model.levels.find(kind + "|open");
  return it != model.levels.end() ? &it->second : nullptr;
}

Result<Model> model_from_json(const json::Value& value, std::string_view where_view) {
  const std::string where(where_view);
  const json::Value* version = value.find("tessera_model");
  if (version == nullptr || version->as_int() == nullptr || *version->as_int() != 1)
    return Error{ErrorCode::format, "\"tessera_model\": expected 1: this is not a tessera model",
                 where};
  Model m;
  for (const auto& [name, text] :
       {std::pair{"name", &m.name}, std::pair{"trained_on", &m.trained_on}})
    if (const json::Value* v = value.find(name); v != nullptr && v->as_string() != nullptr)
      *text = *v->as_string();
  for (const auto& [name, number] :
       {std::pair{"relative_share", &m.relative_share}, std::pair{"automatic", &m.automatic},
        std::pair{"review", &m.review}})
    if (const json::Value* v = value.find(name);
        v != nullptr && (!v->number(*number) || !(*number > 0) || *number >= 1))
      return Error{ErrorCode::format,
                   fmt::format("\"{}\": expected a number between 0 and 1", name), where};
  if (m.review > m.automatic)
    return Error{ErrorCode::format, "\"review\" is above \"automatic\"", where};
  const json::Value* levels = value.find("levels");
  if (levels == nullptr || levels->as_object() == nullptr)
    return Error{ErrorCode::format, "\"levels\" is missing", where};
  for (const json::Member& member : *levels->as_object()) {
    const auto kind = kind_named(kind_in(member.first));
    const std::string at = fmt::format("{}: levels.{}", where, member.first);
    if (!kind)
      return Error{ErrorCode::format,
                   "expected a name like \"surname|phonetic\" or \"dob + phonetic(last)/surname\"",
                   at};
    const auto names = link::level_names(*kind);
    Levels l;
    TESSERA_TRY(l.match, read_levels(member.second, "match", names, at));
    TESSERA_TRY(l.relative, read_levels(member.second, "relative", names, at));
    TESSERA_TRY(l.stranger, read_levels(member.second, "stranger", names, at));
    m.levels.emplace(member.first, std::move(l));
  }
  return m;
}

json::Value model_to_json(const Model& m) {
  json::Object levels;
  for (const auto& [name, l] : m.levels) {
    const auto names = link::level_names(*kind_named(kind_in(name)));
    levels.emplace_back(name, json::Object{{"match", write_levels(l.match, names)},
                                           {"relative", write_levels(l.relative, names)},
                                           {"stranger", write_levels(l.stranger, names)}});
  }
  return json::Object{{"tessera_model", 1},         {"name", m.name},
                      {"trained_on", m.trained_on}, {"relative_share", m.relative_share},
                      {"automatic", m.automatic},   {"review", m.review},
                      {"levels", std::move(levels)}};
}

const Model& shipped_model() {
  static const Model kModel = [] {
    const auto value = json::parse(kShippedModelText, "shipped model");
    // The text is part of the program and tested; a failure here is a broken build.
    return *model_from_json(*value, "shipped model");
  }();
  return kModel;
}

Result<Model> load_model(const std::string& path) {
  if (path.empty()) return shipped_model();
  TESSERA_TRY(const std::string text, read_file(path, std::size_t{1} << 24));
  TESSERA_TRY(const json::Value value, json::parse(text, path));
  return model_from_json(value, path);
}

}  // namespace tessera::matchers
