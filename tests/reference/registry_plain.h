// What a registry's events add up to, the plain way: maps, one event after the other.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/json.h"

namespace tessera::reference {

// Reads the events' JSON by itself, knowing docs/format/registry-v1.md and none of the registry's
// code. An event that makes no sense is noted in `faults`.
class PlainRegistry {
 public:
  struct Id {
    std::int64_t person = 0;
    std::string state;     // live, provisional, retired, archived
    std::string survivor;  // "" or an ID
    bool operator==(const Id&) const = default;
  };
  struct Kept {  // what undoing a change needs
    std::string kind, a, b;
    std::vector<std::int64_t> records;
    bool undone = false;
  };
  void apply(std::string_view type, const json::Value& body);
  std::string resolve(std::string id) const;  // "" for a ring

  std::map<std::string, Id> ids;
  std::map<std::int64_t, std::int64_t> record_person;  // 0: none
  std::map<std::int64_t, std::string> id_of_person;
  std::map<std::int64_t, Kept> changes;
  std::map<std::pair<std::string, std::string>, std::string> aliases;
  std::set<std::pair<std::string, std::string>> linked;
  std::set<std::pair<std::int64_t, std::int64_t>> different;
  std::set<std::int64_t> open_reviews;
  std::vector<std::string> faults;

 private:
  void assign(const json::Value& body);
  void change(const json::Value& body);
  void undo(const json::Value& body);
  void move(const std::vector<std::int64_t>& records, const std::string& id);
};

}  // namespace tessera::reference
