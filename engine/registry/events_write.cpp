// Events written: canonical JSON, members sorted by name, no blanks.
#include <array>

#include <fmt/format.h>

#include "engine/core/json.h"
#include "engine/registry/events.h"

namespace tessera::registry {
namespace {

constexpr std::array<std::string_view, std::variant_size_v<Happening>> kTypes = {
    "create",    "owner",   "submit", "assign", "ssn",   "claim", "review", "settle",
    "different", "alarm",   "rule",   "change", "undo",  "live",  "alias",  "unalias",
    "signer",    "collect", "purge",  "access", "epoch", "end",   "destroy"};
constexpr std::array<std::string_view, 6> kChanges = {"",       "merge",   "split",
                                                      "retire", "archive", "link"};

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

// An epoch's name, or a person's reason, may hold any character.
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
  Body body;
  body.add("batch", e.batch);
  if (!e.day.empty()) body.add("day", e.day);
  if (e.epoch != 1) body.add("epoch", e.epoch);
  return body.add("file", to_hex(e.file))
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
std::string write(const SignerNamed& e) { return Body().add("key", e.key).text(); }
std::string write(const Collection& e) {
  return Body()
      .add("field", e.field)
      .add("from", e.from)
      .add("owner", e.owner)
      .add("rule", name_of(e.rule))
      .text();
}
std::string write(const SsnPurged& e) {
  return Body().add("entries", e.entries).add("records", e.records).add("tokens", e.tokens).text();
}
std::string write(const AccessKept& e) { return Body().add("log", e.log).text(); }
std::string write(const EpochOpened& e) {
  return Body().add("epoch", e.epoch).raw("name", quoted(e.name)).add("schema", e.schema).text();
}
std::string write(const EpochEnded& e) {
  return Body()
      .add("entries", e.entries)
      .add("epoch", e.epoch)
      .add("not_found", e.not_found)
      .add("records", e.records)
      .raw("who", quoted(e.who))
      .raw("why", quoted(e.why))
      .text();
}
std::string numbers(const std::vector<RecordId>& records) {
  return fmt::format("[{}]", fmt::join(records, ","));
}
std::string write(const Destroyed& e) {
  std::string ids;
  for (const StateId id : e.ids) ids += (ids.empty() ? "\"" : ",\"") + to_text(id) + '"';
  return Body()
      .add("entries", e.entries)
      .raw("ids", "[" + ids + "]")
      .add("payloads", e.payloads)
      .raw("records", numbers(e.records))
      .raw("who", quoted(e.who))
      .raw("why", quoted(e.why))
      .text();
}
std::string write(const Ruled& e) {
  Body body;
  body.add("review", e.review);
  if (e.id != 0) body.add("state_id", to_text(e.id));
  return body.add("verdict", name_of(e.verdict))
      .raw("who", quoted(e.who))
      .raw("why", quoted(e.why))
      .text();
}
std::string write(const Changed& e) {
  Body body;
  body.add("a", to_text(e.a));
  if (e.b != 0) body.add("b", to_text(e.b));
  body.add("change", e.change).add("kind", name_of(e.kind));
  if (e.person != 0) body.add("person", e.person);
  if (!e.records.empty()) body.raw("records", numbers(e.records));
  return body.raw("who", quoted(e.who)).raw("why", quoted(e.why)).text();
}
std::string write(const Undone& e) {
  Body body;
  body.add("change", e.change);
  if (e.into != 0) body.add("into", to_text(e.into));
  if (!e.records.empty()) body.raw("records", numbers(e.records));
  return body.raw("who", quoted(e.who)).raw("why", quoted(e.why)).text();
}
std::string write(const MadeLive& e) {
  return Body().add("batch", e.batch).add("state_id", to_text(e.id)).text();
}
std::string write(const AliasAdded& e) {
  return Body()
      .raw("alias", quoted(e.alias))
      .add("state_id", to_text(e.id))
      .raw("system", quoted(e.system))
      .raw("who", quoted(e.who))
      .text();
}
std::string write(const AliasRemoved& e) {
  return Body()
      .raw("alias", quoted(e.alias))
      .raw("system", quoted(e.system))
      .raw("who", quoted(e.who))
      .text();
}

}  // namespace

std::string_view name_of(Collect rule) {
  return rule == Collect::allow ? "allow" : rule == Collect::strip ? "strip" : "refuse";
}

std::string_view type_of(const Happening& happening) { return kTypes[happening.index()]; }
std::string_view name_of(ChangeKind kind) { return kChanges[static_cast<std::size_t>(kind)]; }

std::string body_of(const Happening& happening) {
  return std::visit([](const auto& e) { return write(e); }, happening);
}

}  // namespace tessera::registry
