#include "engine/link/explain.h"

#include <algorithm>
#include <cmath>

namespace tessera::link {
namespace {

double rounded(double x) { return std::round(x * 1e6) / 1e6; }

Error broken(std::string_view where) {
  return Error{ErrorCode::format, "this is not an explanation of a pair", std::string(where)};
}

bool read(const json::Value& value, std::string_view name, double& out) {
  const json::Value* v = value.find(name);
  return v != nullptr && v->number(out) && std::isfinite(out);
}

bool read(const json::Value& value, std::string_view name, std::string& out) {
  const json::Value* v = value.find(name);
  if (v == nullptr || v->as_string() == nullptr) return false;
  out = *v->as_string();
  return true;
}

// A record without an SSN carries a token that equals no other, so that nobody sees who has none:
// "far" would say more than is known.
std::string word_for(schema::Kind kind, std::uint32_t level) {
  if (kind == schema::Kind::ssn && level == level::ssn_far) return "unequal";
  return std::string(level_names(kind)[level]);
}

}  // namespace

double log_odds(const ClassLogs& mass) {
  const double top = std::max(mass[1], mass[2]);
  return mass[0] - (top + std::log(std::exp(mass[1] - top) + std::exp(mass[2] - top)));
}

ClassLogs mass_of(const PassEvidence& evidence, const Comparator& comparator,
                  std::uint32_t pattern) {
  ClassLogs mass = evidence.log_share[comparator.stratum(pattern)];
  for (std::size_t d = 0; d < evidence.log_level.size(); ++d) {
    const ClassLogs& said = evidence.log_level[d][comparator.level(pattern, d)];
    for (std::size_t k = 0; k < mass.size(); ++k) mass[k] += said[k];
  }
  return mass;
}

Explanation explain(const schema::Schema& schema, std::span<const Comparator> comparators,
                    const Fit& fit, const Pair& pair, double probability) {
  const Comparator& comparator = comparators[pair.pass];
  const PassEvidence& evidence = fit.evidence[pair.pass];
  Explanation out;
  out.pass = schema.passes[pair.pass].name;
  out.probability = probability;
  out.logit = pair.logit / 10.0;
  const std::uint32_t stratum = comparator.stratum(pair.pattern);
  out.candidates = Comparator::stratum_name(stratum);
  ClassLogs mass = evidence.log_share[stratum];
  out.start = log_odds(mass);
  double total = out.start;
  for (std::size_t d = 0; d < evidence.log_level.size(); ++d) {
    const Digit& digit = comparator.digits()[d];
    const std::uint32_t level = comparator.level(pair.pattern, d);
    for (std::size_t k = 0; k < mass.size(); ++k) mass[k] += evidence.log_level[d][level][k];
    const double now = log_odds(mass);
    out.steps.push_back(
        {schema.fields[digit.field].name, word_for(digit.kind, level), now - total, now});
    total = now;
  }
  // Beyond rounding and the clamp at kSurest, a lower logit is a rule's doing.
  out.held_back = std::min(total, kSurest / 10.0) - out.logit > 0.06;
  return out;
}

Rivals::Rivals(std::span<const Pair> pairs, std::span<const std::uint32_t> group)
    : pairs_(pairs), group_(group), first_(group.size() + 1), pair_of_(pairs.size() * 2) {
  for (const Pair& p : pairs) {
    ++first_[p.a + 1];
    ++first_[p.b + 1];
  }
  for (std::size_t r = 1; r < first_.size(); ++r) first_[r] += first_[r - 1];
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  for (std::uint32_t i = 0; i < pairs.size(); ++i) {
    pair_of_[next[pairs[i].a]++] = i;
    pair_of_[next[pairs[i].b]++] = i;
  }
}

std::uint32_t Rivals::runner_up(std::uint32_t pair) const {
  const Pair& wanted = pairs_[pair];
  std::uint32_t best = kNone;
  const auto look = [&](std::uint32_t at, std::uint32_t far_group) {
    for (std::uint32_t i = first_[at]; i < first_[at + 1]; ++i) {
      const std::uint32_t other = pair_of_[i];
      const Pair& p = pairs_[other];
      if (other == pair || group_[p.a == at ? p.b : p.a] != far_group) continue;
      if (best == kNone || p.logit > pairs_[best].logit ||
          (p.logit == pairs_[best].logit && other < best))
        best = other;
    }
  };
  look(wanted.a, group_[wanted.b]);
  look(wanted.b, group_[wanted.a]);
  return best;
}

json::Value to_json(const Explanation& e) {
  json::Array fields;
  for (const Step& s : e.steps)
    fields.push_back(json::Object{{"field", s.field},
                                  {"level", s.level},
                                  {"weight", rounded(s.weight)},
                                  {"total", rounded(s.total)}});
  json::Value runner_up;
  if (e.runner_up)
    runner_up = json::Object{{"logit", rounded(e.runner_up->logit)},
                             {"probability", rounded(e.runner_up->probability)}};
  return json::Object{{"pass", e.pass},
                      {"candidates", e.candidates},
                      {"start", rounded(e.start)},
                      {"fields", std::move(fields)},
                      {"logit", rounded(e.logit)},
                      {"held_back", e.held_back},
                      {"probability", rounded(e.probability)},
                      {"runner_up", std::move(runner_up)}};
}

Result<Explanation> explanation_from_json(const json::Value& value, std::string_view where) {
  Explanation out;
  const json::Value* fields = value.find("fields");
  const json::Value* held = value.find("held_back");
  if (!read(value, "pass", out.pass) || !read(value, "candidates", out.candidates) ||
      !read(value, "start", out.start) || !read(value, "logit", out.logit) ||
      !read(value, "probability", out.probability) || fields == nullptr ||
      fields->as_array() == nullptr || held == nullptr || held->as_bool() == nullptr)
    return broken(where);
  out.held_back = *held->as_bool();
  for (const json::Value& v : *fields->as_array()) {
    Step& s = out.steps.emplace_back();
    if (!read(v, "field", s.field) || !read(v, "level", s.level) || !read(v, "weight", s.weight) ||
        !read(v, "total", s.total))
      return broken(where);
  }
  const json::Value* next = value.find("runner_up");
  if (next == nullptr) return broken(where);
  if (!next->is_null()) {
    RunnerUp& r = out.runner_up.emplace();
    if (!read(*next, "logit", r.logit) || !read(*next, "probability", r.probability))
      return broken(where);
  }
  return out;
}

}  // namespace tessera::link
