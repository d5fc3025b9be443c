// A Fellegi-Sunter model: how often each comparison level occurs among matches, relatives and
// strangers, by kind of field and by what the block key already says of it. Format:
// docs/format/model.md.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/json.h"
#include "engine/core/result.h"
#include "engine/schema/schema.h"

namespace tessera::matchers {

// Probabilities of a field's levels, in the order of link::level_names, over the values present:
// [0] (missing) is 0 and the rest sum to 1.
struct Levels {
  std::vector<double> match;
  std::vector<double> relative;  // another person of the family: twins, siblings
  std::vector<double> stranger;
};

struct Model {
  std::string name;
  std::string trained_on;  // provenance, for people
  // By block key and kind ("dob + phonetic(last)/surname"), for passes seen in training: selection
  // inside a pass shapes its tables. By condition() ("surname|phonetic") for passes never seen.
  std::map<std::string, Levels> levels;
  double relative_share = 0.02;  // of the non-matches in a block, before the data speak
  double automatic = 0.9995;     // probabilities
  double review = 0.5;
};

// What a pass's block key says of a field: its kind, then the parts of the key that use it, sorted
// ("date|exact", "surname|set", "given_name|any", "category|open").
std::string condition(const schema::Schema& schema, const schema::Pass& pass, std::size_t field);
// Name of a table that belongs to one block key.
std::string pass_table(const schema::Schema& schema, const schema::Pass& pass, std::size_t field);
// The model's table for the pass, else for its condition, else for the nearest condition it has;
// nullptr only if it has none of the kind.
const Levels* find_levels(const Model& model, const schema::Schema& schema,
                          const schema::Pass& pass, std::size_t field);

Result<Model> model_from_json(const json::Value& value, std::string_view where);
json::Value model_to_json(const Model& model);
// The model that ships, trained on the synthetic state; data/models/shipped.json.
const Model& shipped_model();
// A model file; an empty path is the shipped model.
Result<Model> load_model(const std::string& path);

}  // namespace tessera::matchers
