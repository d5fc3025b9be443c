#include "engine/registry/events.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/core/json.h"

namespace tessera::registry {
namespace {

constexpr std::array<std::string_view, 10> kTypes = {"create",    "owner", "submit", "assign",
                                                     "ssn",       "claim", "review", "settle",
                                                     "different", "alarm"};

// Writes members in the order given, which must be that of their names. Values are numbers, or text
// that needs no escape: hexadecimal, digits, owners' names, our own words.
class Body {
 public:
  Body& add(std::string_view name, std::int64_t value) {
    fmt::format_to(std::back_inserter(text_), "{}\"{}\":{}", separator(), name, value);
    return *this;
  }
  Body& add(std::string_view name, std::uint64_t value) {
    return add(name, static_cast<std::int64_t>(value));
  }
  Body& add(std::string_view name, std::string_view value) {
    fmt::format_to(std::back_inserter(text_), "{}\"{}\":\"{}\"", separator(), name, value);
    return *this;
  }
  Body& raw(std::string_view name, std::string_view json) {
    fmt::format_to(std::back_inserter(text_), "{}\"{}\":{}", separator(), name, json);
    return *this;
  }
  std::string text() { return text_ + "}"; }

 private:
  std::string_view separator() const { return text_.size() > 1 ? "," : ""; }
  std::string text_ = "{";
};

// An epoch's name comes from the schema and may hold any character.
std::string quoted(const std::string& text) { return json::to_canonical(json::Value(text)); }

std::string write(const Created& e) {
  return Body()
      .raw("epoch", quoted(e.epoch))
      .add("protection", static_cast<std::int64_t>(e.protection))
      .add("registry", e.registry)
      .add("schema", e.schema)
      .text();
}
std::string write(const OwnerNamed& e) {
  return Body().add("name", e.name).add("owner", e.owner).text();
}
std::string write(const Submitted& e) {
  return Body()
      .add("batch", e.batch)
      .add("file", to_hex(e.file))
      .add("owner", e.owner)
      .add("population", encoded::name_of(e.population))
      .add("records", e.records)
      .text();
}
std::string write(const Assigned& e) {
  Body body;
  body.add("batch", e.batch);
  if (e.first) body.add("key", to_hex(e.key)).add("owner", e.owner);
  if (e.person != 0) body.add("person", e.person);
  if (e.first) body.add("population", encoded::name_of(e.population));
  if (e.provisional) body.raw("provisional", "true");
  body.add("record", e.record);
  if (e.issued != 0) body.add("space", name_of(e.space));
  if (e.first) body.add("ssn", encoded::name_of(e.ssn));
  if (e.issued != 0) body.add("state_id", to_text(e.issued));
  return body.text();
}
std::string write(const SsnChanged& e) {
  return Body().add("record", e.record).add("ssn", encoded::name_of(e.ssn)).text();
}
std::string write(const Claimed& e) {
  return Body().add("batch", e.batch).add("person", e.person).add("record", e.record).text();
}
std::string write(const Reviewed& e) {
  std::string suspects = "[";
  for (const Suspect& s : e.suspects)
    suspects += fmt::format("{}[{},{}]", suspects.size() > 1 ? "," : "", s.person, s.decinats);
  return Body()
      .add("batch", e.batch)
      .add("reason", name_of(e.reason))
      .add("record", e.record)
      .add("review", e.review)
      .raw("suspects", suspects + "]")
      .text();
}
std::string write(const Settled& e) {
  return Body().add("batch", e.batch).add("review", e.review).text();
}
std::string write(const MarkedDifferent& e) { return Body().add("a", e.a).add("b", e.b).text(); }
std::string write(const Alarmed& e) {
  return Body().add("batch", e.batch).add("record", e.record).add("rule", e.rule).text();
}

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
    m.take("state_id", text);
    if (const auto id = parse_state_id(text))
      e.issued = *id;
    else
      m.fail("state_id");
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
  if (type == "alarm") {
    Alarmed e;
    m.take("batch", e.batch);
    m.take("record", e.record);
    m.take("rule", e.rule);
    return m.done(e);
  }
  return Error{ErrorCode::format, "an event of a type that this program does not know", ""};
}

}  // namespace

std::string_view type_of(const Happening& happening) { return kTypes[happening.index()]; }

std::string body_of(const Happening& happening) {
  return std::visit([](const auto& e) { return write(e); }, happening);
}

Result<Happening> read_happening(std::string_view type, std::string_view body) {
  TESSERA_TRY(const json::Value value, json::parse(body, "event"));
  const Members members(value);
  if (type == "assign") return read_assigned(members);
  if (type == "review") return read_reviewed(members);
  if (type == "submit") return read_submitted(members);
  if (type == "create") return read_created(members);
  return read_small(type, members);
}

}  // namespace tessera::registry
