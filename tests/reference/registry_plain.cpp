#include "tests/reference/registry_plain.h"

namespace tessera::reference {
namespace {

std::int64_t number(const json::Value& body, std::string_view name) {
  const json::Value* v = body.find(name);
  return v == nullptr || v->as_int() == nullptr ? 0 : *v->as_int();
}
std::string text(const json::Value& body, std::string_view name) {
  const json::Value* v = body.find(name);
  return v == nullptr || v->as_string() == nullptr ? "" : *v->as_string();
}
std::vector<std::int64_t> numbers(const json::Value& body, std::string_view name) {
  std::vector<std::int64_t> out;
  const json::Value* v = body.find(name);
  if (v != nullptr && v->as_array() != nullptr)
    for (const json::Value& n : *v->as_array()) out.push_back(*n.as_int());
  return out;
}

}  // namespace

std::string PlainRegistry::resolve(std::string id) const {
  for (std::size_t n = 0; n <= ids.size(); ++n) {
    const std::string& next = ids.at(id).survivor;
    if (next.empty()) return id;
    id = next;
  }
  return "";
}

void PlainRegistry::move(const std::vector<std::int64_t>& records, const std::string& id) {
  for (const std::int64_t r : records) {
    if (!record_person.contains(r)) faults.push_back("a record moves that is not there");
    record_person[r] = ids[id].person;
  }
}

void PlainRegistry::assign(const json::Value& body) {
  const std::int64_t person = number(body, "person");
  if (const std::string id = text(body, "state_id"); !id.empty()) {
    if (ids.contains(id)) faults.push_back("an ID is issued twice");
    if (id_of_person.contains(person)) faults.push_back("a person gets a second ID");
    ids[id] = {person, body.find("provisional") != nullptr ? "provisional" : "live", ""};
    id_of_person[person] = id;
  }
  const std::int64_t record = number(body, "record");
  if (body.find("key") != nullptr && record_person.contains(record))
    faults.push_back("a record is first seen twice");
  record_person[record] = person;
}

void PlainRegistry::change(const json::Value& body) {
  const Kept kept{text(body, "kind"), text(body, "a"), text(body, "b"), numbers(body, "records"),
                  false};
  if (!ids.contains(kept.a)) faults.push_back("a change of an ID never issued");
  changes[number(body, "change")] = kept;
  if (kept.kind == "merge") {
    ids[kept.a].state = "retired";
    ids[kept.a].survivor = kept.b;
    move(kept.records, kept.b);
  } else if (kept.kind == "split") {
    if (ids.contains(kept.b)) faults.push_back("an ID is issued twice");
    ids[kept.b] = {number(body, "person"), "live", ""};
    id_of_person[number(body, "person")] = kept.b;
    move(kept.records, kept.b);
  } else if (kept.kind == "retire" || kept.kind == "archive") {
    ids[kept.a].state = kept.kind + "d";
    if (kept.kind == "retire") ids[kept.a].state = "retired";
  } else if (kept.kind == "link") {
    linked.emplace(kept.a, kept.b);
  } else {
    faults.push_back("a change of no kind");
  }
}

void PlainRegistry::undo(const json::Value& body) {
  Kept& kept = changes[number(body, "change")];
  if (kept.undone || kept.kind.empty()) faults.push_back("an undo of nothing");
  kept.undone = true;
  if (kept.kind == "link") {
    linked.erase({kept.a, kept.b});
    return;
  }
  if (kept.kind == "split") {
    const std::string into = text(body, "into");
    ids[kept.b].state = "retired";
    ids[kept.b].survivor = into;
    move(numbers(body, "records"), into);
    return;
  }
  ids[kept.a].state = "live";
  ids[kept.a].survivor.clear();
  move(numbers(body, "records"), kept.a);
}

void PlainRegistry::apply(std::string_view type, const json::Value& body) {
  if (type == "assign") return assign(body);
  if (type == "change") return change(body);
  if (type == "undo") return undo(body);
  if (type == "live") {
    Id& id = ids[text(body, "state_id")];
    if (id.state == "retired" || id.person == 0)
      faults.push_back("a retired ID comes back by itself");
    id.state = "live";
  } else if (type == "alias") {
    if (!aliases.try_emplace({text(body, "system"), text(body, "alias")}, text(body, "state_id"))
             .second)
      faults.push_back("an alias is given twice");
  } else if (type == "unalias") {
    aliases.erase({text(body, "system"), text(body, "alias")});
  } else if (type == "different") {
    different.emplace(number(body, "a"), number(body, "b"));
  } else if (type == "review") {
    open_reviews.insert(number(body, "review"));
  } else if (type == "settle") {
    open_reviews.erase(number(body, "review"));
  } else if (type == "rule") {
    const std::string verdict = text(body, "verdict");
    if (verdict == "same" || (verdict == "different" && text(body, "state_id").empty()))
      open_reviews.erase(number(body, "review"));
  }
}

}  // namespace tessera::reference
