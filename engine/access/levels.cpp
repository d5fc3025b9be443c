#include "engine/access/levels.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/json.h"

namespace tessera::access {
namespace {

// Reads members of one object; the first fault is remembered with its path.
class Members {
 public:
  Members(const json::Value& value, std::string path, std::string& fault)
      : value_(value), path_(std::move(path)), fault_(fault) {}
  void fail(std::string_view name) const {
    if (fault_.empty()) fault_ = path_ + std::string(name);
  }
  const json::Object* object(std::string_view name) const {
    const json::Value* v = value_.find(name);
    const json::Object* o = v == nullptr ? nullptr : v->as_object();
    if (o == nullptr) fail(name);
    return o;
  }
  std::string text(std::string_view name) const {
    const json::Value* v = value_.find(name);
    const std::string* s = v == nullptr ? nullptr : v->as_string();
    if (s == nullptr) fail(name);
    return s == nullptr ? std::string() : *s;
  }
  std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most) const {
    const json::Value* v = value_.find(name);
    const std::int64_t* n = v == nullptr ? nullptr : v->as_int();
    if (n != nullptr && *n >= least && *n <= most) return *n;
    fail(name);
    return least;
  }
  // The same for a member that older policies have not: `out` then keeps what it has.
  void may_have(std::string_view name, int& out, std::int64_t least, std::int64_t most) const {
    if (value_.find(name) != nullptr) out = static_cast<int>(integer(name, least, most));
  }
  bool flag(std::string_view name) const {
    const json::Value* v = value_.find(name);
    if (v == nullptr) return false;
    if (v->as_bool() == nullptr) fail(name);
    return v->as_bool() != nullptr && *v->as_bool();
  }
  std::vector<std::string> words(std::string_view name, bool needed) const {
    std::vector<std::string> out;
    const json::Value* v = value_.find(name);
    if (v == nullptr && !needed) return out;
    const json::Array* list = v == nullptr ? nullptr : v->as_array();
    if (list == nullptr || (needed && list->empty())) fail(name);
    for (const json::Value& item : list == nullptr ? json::Array{} : *list)
      if (item.as_string() != nullptr)
        out.push_back(*item.as_string());
      else
        fail(name);
    return out;
  }
  std::vector<int> levels(std::string_view name) const {
    std::vector<int> out;
    const json::Value* v = value_.find(name);
    const json::Array* list = v == nullptr ? nullptr : v->as_array();
    if (list == nullptr) fail(name);
    for (const json::Value& item : list == nullptr ? json::Array{} : *list)
      if (item.as_int() != nullptr && *item.as_int() >= 1 && *item.as_int() <= kMostOpen)
        out.push_back(static_cast<int>(*item.as_int()));
      else
        fail(name);
    return out;
  }

 private:
  const json::Value& value_;
  std::string path_;
  std::string& fault_;
};

Rules read_rules(const json::Value& value, std::string& fault) {
  const json::Value* v = value.find("rules");
  const json::Value none;
  const Members m(v == nullptr ? none : *v, "rules.", fault);
  Rules r;
  const auto take = [&m](std::string_view name, int& out, int least, int most) {
    out = static_cast<int>(m.integer(name, least, most));
  };
  take("failures", r.failures, 1, 100);
  take("lock_minutes", r.lock_minutes, 1, 100'000);
  take("session_minutes", r.session_minutes, 1, 100'000);
  take("account_days", r.account_days, 1, 3660);
  take("initial_password_days", r.initial_password_days, 1, 366);
  take("dormant_days", r.dormant_days, 1, 3660);
  take("shared_minutes", r.shared_minutes, 1, 1440);
  take("password_least", r.password_least, 8, 128);
  m.may_have("utc_offset_minutes", r.utc_offset_minutes, -840, 840);
  return r;
}

// A policy from before these rules gets the ones of LocatorRules.
LocatorRules read_locator(const json::Value& value, std::string& fault) {
  LocatorRules r;
  const json::Value* v = value.find("locator");
  if (v == nullptr) return r;
  const Members m(*v, "locator.", fault);
  const auto take = [&m](std::string_view name, int& out, int least, int most) {
    out = static_cast<int>(m.integer(name, least, most));
  };
  take("opens", r.opens, 0, 23);
  take("closes", r.closes, r.opens + 1, 24);
  r.weekend = m.flag("weekend");
  take("burst", r.burst, 1, 1'000'000);
  take("burst_minutes", r.burst_minutes, 1, 1440);
  take("hits_after", r.hits_after, 1, 1'000'000);
  take("hits_least", r.hits_least, 0, 100);
  take("owners", r.owners, 1, 1'000'000);
  take("alarm_days", r.alarm_days, 1, 3660);
  return r;
}

void read_verbs(const Members& top, Levels& out, std::string& fault) {
  const json::Object* verbs = top.object("verbs");
  for (const auto& [name, value] : verbs == nullptr ? json::Object{} : *verbs) {
    const Members m(value, "verbs." + name + ".", fault);
    VerbRule rule;
    rule.levels = m.levels("levels");
    rule.sets = m.words("sets", false);
    rule.purposes = m.words("purposes", true);
    rule.administrator = m.flag("administrator");
    rule.change = m.flag("change");
    m.may_have("per_day", rule.per_day, 1, 1'000'000);
    for (const std::string& set : rule.sets)
      if (!out.sets.contains(set)) m.fail("sets");
    for (const std::string& purpose : rule.purposes)
      if (std::ranges::none_of(out.purposes, [&](const Purpose& p) { return p.name == purpose; }))
        m.fail("purposes");
    out.verbs.emplace(name, std::move(rule));
  }
}

void read_answers(const Members& top, Levels& out, std::string& fault) {
  const json::Object* answers = top.object("answers");
  for (const auto& [name, value] : answers == nullptr ? json::Object{} : *answers) {
    const Members m(value, "answers." + name + ".", fault);
    const json::Object* fields = value.as_object();
    if (fields == nullptr || fields->empty()) m.fail("");
    for (const auto& [field, level] : fields == nullptr ? json::Object{} : *fields)
      out.answers[name][field] = static_cast<int>(m.integer(field, 1, kMostOpen));
  }
}

}  // namespace

const VerbRule* Levels::verb(std::string_view name) const {
  const auto at = verbs.find(name);
  return at == verbs.end() ? nullptr : &at->second;
}

bool Levels::shows(std::string_view answer, std::string_view field, int level) const {
  if (level == 1) return true;
  const auto of = answers.find(answer);
  if (of == answers.end()) return false;
  const auto at = of->second.find(field);
  return at != of->second.end() && at->second >= level;
}

std::vector<std::string> Levels::fields_shown(std::string_view answer, int level) const {
  std::vector<std::string> out;
  const auto of = answers.find(answer);
  if (of == answers.end()) return out;
  for (const auto& [field, of_field] : of->second)
    if (shows(answer, field, level)) out.push_back(field);
  return out;
}

Result<Levels> read_levels(std::string_view text, const std::string& name) {
  TESSERA_TRY(const json::Value value, json::parse(text, name));
  std::string fault;
  const Members top(value, "", fault);
  Levels out;
  out.version = top.integer("version", 1, INT32_MAX);
  out.effective = top.text("effective");
  out.rules = read_rules(value, fault);
  out.locator = read_locator(value, fault);
  out.generic_names = top.words("generic_names", true);
  const json::Value* purposes = value.find("purposes");
  if (purposes == nullptr || purposes->as_array() == nullptr) top.fail("purposes");
  if (fault.empty())
    for (const json::Value& p : *purposes->as_array()) {
      const Members m(p, "purposes.", fault);
      out.purposes.push_back({m.text("name"), m.text("owner"), m.text("until")});
    }
  const json::Object* sets = top.object("sets");
  for (const auto& [set, value_of] : sets == nullptr ? json::Object{} : *sets)
    out.sets[set] = static_cast<int>(
        Members(value_of, "sets." + set + ".", fault).integer("sees", 2, kMostOpen));
  read_verbs(top, out, fault);
  read_answers(top, out, fault);
  if (fault.empty()) return out;
  return Error{ErrorCode::format,
               fmt::format("member '{}' is missing or is not what a policy needs there", fault),
               name};
}

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// Whether a word is put together from generic words and nothing else; digits at its end aside.
bool generic(std::string_view word, const std::vector<std::string>& words) {
  while (!word.empty() && word.back() >= '0' && word.back() <= '9') word.remove_suffix(1);
  std::vector<bool> reached(word.size() + 1, false);
  reached[0] = true;
  for (std::size_t at = 0; at < word.size(); ++at) {
    if (!reached[at]) continue;
    for (const std::string& w : words)
      if (!w.empty() && word.substr(at).starts_with(w)) reached[at + w.size()] = true;
  }
  return reached[word.size()];
}

}  // namespace

std::string_view fault_of_name(const Levels& levels, const std::vector<std::string>& owners,
                               std::string_view name) {
  if (name.size() < 3 || name.size() > 64) return "has fewer than 3 or more than 64 characters";
  std::vector<std::string> words = levels.generic_names;
  for (const std::string& owner : owners) words.push_back(lower(owner));
  bool individual = false;
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t end = std::min(name.find_first_of(".-", at), name.size());
    const std::string_view word = name.substr(at, end - at);
    if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") != std::string_view::npos)
      return "has other characters than a-z, 0-9, '.' and '-'";
    if (word.size() > 1 && !generic(word, words)) individual = true;
    at = end + 1;
  }
  return individual && !generic(name, words) ? "" : "names an office or a group, not one person";
}

}  // namespace tessera::access
