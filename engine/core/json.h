// JSON values: parsed with RapidJSON, kept in order, written canonically.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/result.h"

namespace tessera::json {

class Value;
using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;
using Object = std::vector<Member>;  // in file order; names are unique after parse()

// A JSON value. Copies are deep. Thread safe for reading.
class Value {
 public:
  Value() = default;  // null
  Value(bool b) : data_(b) {}
  Value(int n) : data_(static_cast<std::int64_t>(n)) {}
  Value(std::int64_t n) : data_(n) {}
  Value(std::uint64_t n) {  // beyond 63 bits: a real, as parse() gives
    if (n <= INT64_MAX)
      data_ = static_cast<std::int64_t>(n);
    else
      data_ = static_cast<double>(n);
  }
  Value(double x) : data_(x) {}
  Value(const char* s) : data_(std::string(s)) {}
  Value(std::string_view s) : data_(std::string(s)) {}
  Value(std::string s) : data_(std::move(s)) {}
  Value(Array a) : data_(std::move(a)) {}
  Value(Object o) : data_(std::move(o)) {}

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  // nullptr where the value is of another type.
  const bool* as_bool() const { return std::get_if<bool>(&data_); }
  const std::int64_t* as_int() const { return std::get_if<std::int64_t>(&data_); }
  const std::string* as_string() const { return std::get_if<std::string>(&data_); }
  const Array* as_array() const { return std::get_if<Array>(&data_); }
  const Object* as_object() const { return std::get_if<Object>(&data_); }
  Array* as_array() { return std::get_if<Array>(&data_); }
  Object* as_object() { return std::get_if<Object>(&data_); }
  // An integer or a real number; false if neither.
  bool number(double& out) const;

  // Member of an object; nullptr if absent or if this is no object.
  const Value* find(std::string_view name) const;
  // Adds or replaces a member. REQUIRES: this is an object (or null, which becomes one).
  Value& set(std::string_view name, Value value);

  bool operator==(const Value&) const = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> data_;
};

// Strict RFC 8259 in UTF-8. Refuses repeated member names, nesting over 64, integers beyond
// 64 bits become reals. The error's `where` is "<name>:<line>".
Result<Value> parse(std::string_view text, std::string_view name);

// Indented by two blanks for people; a final newline.
std::string to_text(const Value& value);
// One line, members sorted by name (bytewise), shortest round-trip reals: equal values give equal
// bytes, so its digest names the value.
std::string to_canonical(const Value& value);

}  // namespace tessera::json
