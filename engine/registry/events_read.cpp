// Events read back; whatever is missing or of a wrong kind is refused by its name.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/json.h"
#include "engine/registry/events.h"

namespace tessera::registry {
namespace {

// Reads members; the first fault is remembered and told at the end.
class Members {
 public:
  explicit Members(const json::Value& value) : value_(value) {}
  bool has(std::string_view name) const { return value_.find(name) != nullptr; }
  template <class T>
  void take(std::string_view name, T& out) {
    const json::Value* member = value_.find(name);
    const std::int64_t* n = member == nullptr ? nullptr : member->as_int();
    if (n == nullptr || *n < 0) return fail(name);
    out = static_cast<T>(*n);
  }
  void take(std::string_view name, std::string& out) {
    const json::Value* member = value_.find(name);
    const std::string* s = member == nullptr ? nullptr : member->as_string();
    if (s == nullptr) return fail(name);
    out = *s;
  }
  void take_hex(std::string_view name, std::span<std::uint8_t> out) {
    std::string text;
    take(name, text);
    const auto bytes = from_hex(text);
    if (!bytes || bytes->size() != out.size()) return fail(name);
    std::copy(bytes->begin(), bytes->end(), out.begin());
  }
  void take_id(std::string_view name, StateId& out) {
    std::string text;
    take(name, text);
    const auto id = parse_state_id(text);
    if (!id) return fail(name);
    out = *id;
  }
  void take_records(std::vector<RecordId>& out) {
    const json::Value* member = value_.find("records");
    if (member == nullptr) return;
    const json::Array* list = member->as_array();
    if (list == nullptr) return fail("records");
    for (const json::Value& item : *list) {
      const std::int64_t* n = item.as_int();
      if (n == nullptr || *n <= 0) return fail("records");
      out.push_back(static_cast<RecordId>(*n));
    }
  }
  void take_ids(std::vector<StateId>& out) {
    const json::Value* member = value_.find("ids");
    const json::Array* list = member == nullptr ? nullptr : member->as_array();
    if (list == nullptr) return fail("ids");
    for (const json::Value& item : *list) {
      const auto id = item.as_string() == nullptr ? Result<StateId>(Error{})
                                                  : parse_state_id(*item.as_string());
      if (!id) return fail("ids");
      out.push_back(*id);
    }
  }
  void take_people(std::string& who, std::string& why) {
    take("who", who);
    take("why", why);
  }
  void take_population(encoded::Population& out) {
    std::string text;
    take("population", text);
    const auto found = encoded::population_named(text);
    if (!found) return fail("population");
    out = *found;
  }
  void take_ssn(encoded::SsnState& out) {
    std::string text;
    take("ssn", text);
    for (std::uint8_t i = 1; i <= 5; ++i)
      if (encoded::name_of(static_cast<encoded::SsnState>(i)) == text) {
        out = static_cast<encoded::SsnState>(i);
        return;
      }
    fail("ssn");
  }
  void take_suspects(std::vector<Suspect>& out) {
    const json::Value* member = value_.find("suspects");
    const json::Array* list = member == nullptr ? nullptr : member->as_array();
    if (list == nullptr) return fail("suspects");
    for (const json::Value& item : *list) {
      const json::Array* pair = item.as_array();
      if (pair == nullptr || pair->size() != 2 || (*pair)[0].as_int() == nullptr ||
          (*pair)[1].as_int() == nullptr)
        return fail("suspects");
      out.push_back({static_cast<PersonId>(*(*pair)[0].as_int()), 0,
                     static_cast<std::int32_t>(*(*pair)[1].as_int())});
    }
  }
  void fail(std::string_view name) {
    if (fault_.empty()) fault_ = name;
  }
  Result<Happening> done(Happening happening) const {
    if (fault_.empty()) return happening;
    return Error{ErrorCode::format,
                 fmt::format("an event's member '{}' is missing or wrong", fault_), ""};
  }

 private:
  const json::Value& value_;
  std::string fault_;
};

Result<Happening> read_assigned(Members m) {
  Assigned e;
  m.take("batch", e.batch);
  m.take("record", e.record);
  e.first = m.has("key");
  if (e.first) {
    m.take_hex("key", e.key);
    m.take("owner", e.owner);
    m.take_population(e.population);
    m.take_ssn(e.ssn);
  }
  if (m.has("person")) m.take("person", e.person);
  e.provisional = m.has("provisional");
  if (m.has("state_id")) {
    std::string text;
    m.take_id("state_id", e.issued);
    m.take("space", text);
    e.space = text == name_of(Space::staff) ? Space::staff : Space::student;
  }
  return m.done(e);
}

Result<Happening> read_reviewed(Members m) {
  Reviewed e;
  std::string reason;
  m.take("review", e.review);
  m.take("batch", e.batch);
  m.take("record", e.record);
  m.take("reason", reason);
  m.take_suspects(e.suspects);
  if (!reason_named(reason, e.reason)) m.fail("reason");
  return m.done(e);
}

Result<Happening> read_submitted(Members m) {
  Submitted e;
  m.take("batch", e.batch);
  m.take("owner", e.owner);
  m.take("records", e.records);
  m.take_population(e.population);
  m.take_hex("file", e.file);
  if (m.has("day")) m.take("day", e.day);
  if (m.has("epoch")) m.take("epoch", e.epoch);
  return m.done(e);
}

Result<Happening> read_created(Members m) {
  Created e;
  m.take("registry", e.registry);
  m.take("schema", e.schema);
  m.take("epoch", e.epoch);
  m.take("protection", e.protection);
  return m.done(e);
}

Result<Happening> read_ruled(Members m) {
  Ruled e;
  std::string verdict;
  m.take("review", e.review);
  m.take("verdict", verdict);
  if (!verdict_named(verdict, e.verdict)) m.fail("verdict");
  if (m.has("state_id")) m.take_id("state_id", e.id);
  m.take_people(e.who, e.why);
  return m.done(e);
}

Result<Happening> read_changed(Members m) {
  Changed e;
  std::string kind;
  m.take("change", e.change);
  m.take("kind", kind);
  m.take_id("a", e.a);
  if (m.has("b")) m.take_id("b", e.b);
  if (m.has("person")) m.take("person", e.person);
  m.take_records(e.records);
  m.take_people(e.who, e.why);
  for (std::uint8_t k = 1; k <= 5; ++k) {
    e.kind = ChangeKind{k};
    if (name_of(e.kind) == kind) return m.done(e);
  }
  m.fail("kind");
  return m.done(e);
}

Result<Happening> read_undone(Members m) {
  Undone e;
  m.take("change", e.change);
  if (m.has("into")) m.take_id("into", e.into);
  m.take_records(e.records);
  m.take_people(e.who, e.why);
  return m.done(e);
}

Result<Happening> read_alias(bool added, Members m) {
  AliasAdded e;
  m.take("system", e.system);
  m.take("alias", e.alias);
  m.take("who", e.who);
  if (!added) return m.done(AliasRemoved{e.system, e.alias, e.who});
  m.take_id("state_id", e.id);
  return m.done(e);
}

Result<Happening> read_epoch(bool opened, Members m) {
  if (opened) {
    EpochOpened e;
    m.take("epoch", e.epoch);
    m.take("name", e.name);
    m.take("schema", e.schema);
    return m.done(e);
  }
  EpochEnded e;
  m.take("epoch", e.epoch);
  m.take("records", e.records);
  m.take("entries", e.entries);
  m.take("not_found", e.not_found);
  m.take_people(e.who, e.why);
  return m.done(e);
}

Result<Happening> read_destroyed(Members m) {
  Destroyed e;
  m.take_ids(e.ids);
  m.take_records(e.records);
  m.take("entries", e.entries);
  m.take("payloads", e.payloads);
  m.take_people(e.who, e.why);
  return m.done(e);
}

Result<Happening> read_small(std::string_view type, Members m) {
  if (type == "owner") {
    OwnerNamed e;
    m.take("owner", e.owner);
    m.take("name", e.name);
    return m.done(e);
  }
  if (type == "ssn") {
    SsnChanged e;
    m.take("record", e.record);
    m.take_ssn(e.ssn);
    return m.done(e);
  }
  if (type == "claim") {
    Claimed e;
    m.take("batch", e.batch);
    m.take("record", e.record);
    m.take("person", e.person);
    return m.done(e);
  }
  if (type == "settle") {
    Settled e;
    m.take("review", e.review);
    m.take("batch", e.batch);
    return m.done(e);
  }
  if (type == "different") {
    MarkedDifferent e;
    m.take("a", e.a);
    m.take("b", e.b);
    return m.done(e);
  }
  if (type == "signer") {
    SignerNamed e;
    m.take("key", e.key);
    return m.done(e);
  }
  if (type == "collect") {
    Collection e;
    std::string rule;
    m.take("field", e.field);
    m.take("from", e.from);
    m.take("owner", e.owner);
    m.take("rule", rule);
    bool known = false;
    for (const Collect c : {Collect::allow, Collect::strip, Collect::refuse})
      if (name_of(c) == rule) {
        e.rule = c;
        known = true;
      }
    if (!known) m.fail("rule");
    return m.done(e);
  }
  if (type == "purge") {
    SsnPurged e;
    m.take("entries", e.entries);
    m.take("records", e.records);
    m.take("tokens", e.tokens);
    return m.done(e);
  }
  if (type == "access") {
    AccessKept e;
    m.take("log", e.log);
    return m.done(e);
  }
  if (type == "alarm") {
    Alarmed e;
    m.take("batch", e.batch);
    m.take("record", e.record);
    m.take("rule", e.rule);
    return m.done(e);
  }
  if (type == "live") {
    MadeLive e;
    m.take("batch", e.batch);
    m.take_id("state_id", e.id);
    return m.done(e);
  }
  return Error{ErrorCode::format, "an event of a type that this program does not know", ""};
}

}  // namespace

Result<Happening> read_happening(std::string_view type, std::string_view body) {
  TESSERA_TRY(const json::Value value, json::parse(body, "event"));
  const Members members(value);
  if (type == "assign") return read_assigned(members);
  if (type == "review") return read_reviewed(members);
  if (type == "submit") return read_submitted(members);
  if (type == "create") return read_created(members);
  if (type == "rule") return read_ruled(members);
  if (type == "change") return read_changed(members);
  if (type == "undo") return read_undone(members);
  if (type == "alias" || type == "unalias") return read_alias(type == "alias", members);
  if (type == "destroy") return read_destroyed(members);
  if (type == "epoch" || type == "end") return read_epoch(type == "epoch", members);
  return read_small(type, members);
}

}  // namespace tessera::registry
