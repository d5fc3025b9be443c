// One object of a schema's JSON, member by member.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/core/json.h"
#include "engine/core/result.h"

namespace tessera::schema {

// Reads one JSON object member by member; remembers the first fault and the members it was asked
// for, so that a misspelt one is refused rather than ignored.
class ObjectReader {
 public:
  ObjectReader(const json::Value& value, std::string where)
      : value_(value), where_(std::move(where)) {
    if (value.as_object() == nullptr) fail("", "expected an object");
  }
  void text(std::string_view name, std::string& out, bool required = true) {
    if (const json::Value* v = member(name, required)) {
      if (const std::string* s = v->as_string())
        out = *s;
      else
        fail(name, "expected a text");
    }
  }
  void count(std::string_view name, std::uint32_t& out, std::uint32_t least, std::uint32_t most) {
    if (const json::Value* v = member(name, false)) {
      const std::int64_t* n = v->as_int();
      if (n == nullptr || *n < least || *n > most)
        fail(name, fmt::format("expected a whole number from {} to {}", least, most));
      else
        out = static_cast<std::uint32_t>(*n);
    }
  }
  void flag(std::string_view name, bool& out) {
    if (const json::Value* v = member(name, false)) {
      if (const bool* b = v->as_bool())
        out = *b;
      else
        fail(name, "expected true or false");
    }
  }
  void texts(std::string_view name, std::vector<std::string>& out, bool required) {
    if (const json::Value* v = member(name, required)) {
      const json::Array* a = v->as_array();
      if (a == nullptr) return fail(name, "expected a list of texts");
      for (const json::Value& item : *a) {
        if (item.as_string() == nullptr) return fail(name, "expected a list of texts");
        out.push_back(*item.as_string());
      }
    }
  }
  const json::Value* member(std::string_view name, bool required) {
    known_.push_back(name);
    const json::Value* v = value_.find(name);
    if (v == nullptr && required) fail(name, "is missing");
    return v;
  }
  void fail(std::string_view name, std::string_view why) {
    if (!error_)
      error_ =
          Error{ErrorCode::format,
                name.empty() ? std::string(why) : fmt::format("\"{}\": {}", name, why), where_};
  }
  Result<void> finish() {
    if (const json::Object* o = value_.as_object(); o != nullptr && !error_)
      for (const json::Member& m : *o)
        if (std::ranges::find(known_, m.first) == known_.end()) {
          fail("", fmt::format("\"{}\" is no member known here; expected one of: {}", m.first,
                               fmt::join(known_, ", ")));
          break;
        }
    if (error_) return *error_;
    return {};
  }
  const std::string& where() const { return where_; }

 private:
  const json::Value& value_;
  std::string where_;
  std::vector<std::string_view> known_;
  std::optional<Error> error_;
};

}  // namespace tessera::schema
