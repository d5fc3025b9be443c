// Older linkage schemas in the words of newer ones, as clkhash upgrades them.
#include <cmath>

#include "engine/clk/linkage_schema.h"

namespace tessera::clk {
namespace {

using json::Value;

Value without(const Value& object, std::string_view name) {
  json::Object out;
  for (const auto& member : *object.as_object())
    if (member.first != name) out.push_back(member);
  return out;
}

bool ignored(const Value& feature) {
  const Value* v = feature.find("ignored");
  return v != nullptr && v->as_bool() != nullptr && *v->as_bool();
}

// k = round(weight x k), a weight of 0 ignores the feature, and the one hash is everybody's.
Value feature_2(const Value& feature, const Value& k, const Value& hash) {
  if (ignored(feature)) return feature;
  const Value* hashing = feature.find("hashing");
  double weight = 1;
  if (const Value* given = hashing->find("weight")) given->number(weight);
  if (weight == 0) {
    Value out;
    out.set("identifier", *feature.find("identifier"));
    out.set("ignored", true);
    return out;
  }
  double whole = 0;
  k.number(whole);
  Value strategy;
  // std::nearbyint rounds half to even, as Python's round() does.
  strategy.set("k", static_cast<std::int64_t>(std::nearbyint(weight * whole)));
  Value changed = without(*hashing, "weight");
  changed.set("strategy", strategy);
  changed.set("hash", hash);
  Value out = feature;
  out.set("hashing", changed);
  return out;
}

Value feature_3(const Value& feature) {
  if (ignored(feature)) return feature;
  const Value* hashing = feature.find("hashing");
  Value comparison;
  comparison.set("type", "ngram");
  comparison.set("n", *hashing->find("ngram"));
  const Value* positional = hashing->find("positional");
  comparison.set("positional", positional != nullptr ? *positional : Value(false));
  Value changed = without(without(*hashing, "ngram"), "positional");
  const Value& old = *hashing->find("strategy");
  Value strategy = old;
  for (const auto& [from, to] :
       {std::pair{"k", "bitsPerToken"}, std::pair{"numBits", "bitsPerFeature"}})
    if (const Value* bits = old.find(from)) {
      strategy = without(strategy, from);
      strategy.set(to, *bits);
      break;
    }
  changed.set("strategy", strategy);
  changed.set("comparison", comparison);
  Value out = feature;
  out.set("hashing", changed);
  return out;
}

}  // namespace

Value upgraded(const Value& document, int version) {
  Value out = document;
  if (version == 1) {
    const Value& config = *document.find("clkConfig");
    Value changed;
    changed.set("l", *config.find("l"));
    const Value* folds = config.find("xor_folds");
    changed.set("xor_folds", folds != nullptr ? *folds : Value(0));
    changed.set("kdf", *config.find("kdf"));
    json::Array features;
    for (const Value& f : *document.find("features")->as_array())
      features.push_back(feature_2(f, *config.find("k"), *config.find("hash")));
    out = Value();
    out.set("version", 2);
    out.set("clkConfig", changed);
    out.set("features", features);
  }
  json::Array features;
  for (const Value& f : *out.find("features")->as_array()) features.push_back(feature_3(f));
  out.set("version", 3);
  out.set("features", features);
  return out;
}

}  // namespace tessera::clk
