#include "engine/core/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_set>

#include <fmt/format.h>
#define RAPIDJSON_HAS_STDSTRING 1
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace tessera::json {
namespace {

constexpr std::size_t kDeepest = 64;

// Builds a Value from RapidJSON's events; `refused` says why it stopped the parse.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  Value root;
  const char* refused = nullptr;

  bool Null() { return add(Value()); }         // NOLINT(readability-identifier-naming)
  bool Bool(bool b) { return add(Value(b)); }  // NOLINT(readability-identifier-naming)
  // Numbers arrive as written: RapidJSON 1.1 asserts on some that overflow a double.
  // NOLINTNEXTLINE(readability-identifier-naming)
  bool RawNumber(const char* s, rapidjson::SizeType n, bool) {
    const std::string_view text(s, n);
    const char* const end = text.data() + text.size();
    std::int64_t whole_number = 0;
    if (const auto [at, fault] = std::from_chars(text.data(), end, whole_number);
        fault == std::errc{} && at == end)
      return integer(whole_number);
    double real = 0;
    if (const auto [at, fault] = std::from_chars(text.data(), end, real);
        fault == std::errc{} && at == end)
      return rational(real);
    refused = "a number that no double holds";
    return false;
  }
  // NOLINTNEXTLINE(readability-identifier-naming)
  bool String(const char* s, rapidjson::SizeType n, bool) {
    return whole(s, n) && add(Value(std::string(s, n)));
  }
  // NOLINTNEXTLINE(readability-identifier-naming)
  bool Key(const char* s, rapidjson::SizeType n, bool) {
    if (!whole(s, n)) return false;
    std::string name(s, n);
    if (!open_.back().names.insert(name).second) {
      refused = "a name occurs twice in one object";
      return false;
    }
    open_.back().name = std::move(name);
    return true;
  }
  bool StartObject() { return start(Value(Object{})); }     // NOLINT(readability-identifier-naming)
  bool StartArray() { return start(Value(Array{})); }       // NOLINT(readability-identifier-naming)
  bool EndObject(rapidjson::SizeType) { return finish(); }  // NOLINT(readability-identifier-naming)
  bool EndArray(rapidjson::SizeType) { return finish(); }   // NOLINT(readability-identifier-naming)

 private:
  struct Open {
    Value value;
    std::string name;                       // of the member being read
    std::unordered_set<std::string> names;  // of the members so far
  };
  std::vector<Open> open_;

  bool integer(std::int64_t n) { return add(Value(n)); }
  bool rational(double x) { return add(Value(x)); }
  // RapidJSON lets the escape of half a surrogate pair through, which is no text in UTF-8.
  bool whole(const char* s, std::size_t n) {
    for (std::size_t i = 0; i + 1 < n; ++i)
      if (s[i] == '\xED' && static_cast<unsigned char>(s[i + 1]) >= 0xA0) {
        refused = "half of a surrogate pair";
        return false;
      }
    return true;
  }
  bool start(Value container) {
    if (open_.size() == kDeepest) {
      refused = "nested too deep";
      return false;
    }
    open_.push_back({std::move(container), {}, {}});
    return true;
  }
  bool finish() {
    Value done = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(done));
  }
  // Inlined, g++ 12 would take the moved-from variant for uninitialised
  // (a false alarm of -Wmaybe-uninitialized).
  [[gnu::noinline]] bool add(Value value) {
    if (open_.empty()) {
      root = std::move(value);
    } else if (Array* array = open_.back().value.as_array()) {
      array->push_back(std::move(value));
    } else {
      open_.back().value.as_object()->emplace_back(std::move(open_.back().name), std::move(value));
    }
    return true;
  }
};

void quote(std::string& out, std::string_view s) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.String(s.data(), static_cast<rapidjson::SizeType>(s.size()));
  out.append(buffer.GetString(), buffer.GetSize());
}

// Shortest text that reads back as the same real: with a point or an exponent, or it would read
// back as an integer.
std::string real_text(double real) {
  if (!std::isfinite(real)) return "null";
  std::string out = fmt::format("{}", real == 0 ? 0.0 : real);
  if (out.find_first_of(".e") == std::string::npos) out += ".0";
  return out;
}

struct Style {
  bool canonical;
};

void write(std::string& out, const Value& v, Style style, std::size_t depth) {
  auto line = [&](std::size_t d) {
    if (!style.canonical) {
      out.push_back('\n');
      out.append(d * 2, ' ');
    }
  };
  double real = 0;
  if (v.is_null()) {
    out += "null";
  } else if (const bool* b = v.as_bool()) {
    out += *b ? "true" : "false";
  } else if (const std::int64_t* n = v.as_int()) {
    out += fmt::format("{}", *n);
  } else if (v.number(real)) {
    out += real_text(real);
  } else if (const std::string* s = v.as_string()) {
    quote(out, *s);
  } else if (const Array* a = v.as_array()) {
    out.push_back('[');
    // Arrays of plain values stay on one line, for people.
    const bool flat = std::ranges::none_of(
        *a, [](const Value& x) { return x.as_array() != nullptr || x.as_object() != nullptr; });
    for (std::size_t i = 0; i < a->size(); ++i) {
      if (i > 0) out += flat && !style.canonical ? ", " : ",";
      if (!flat) line(depth + 1);
      write(out, (*a)[i], style, depth + 1);
    }
    if (!flat) line(depth);
    out.push_back(']');
  } else if (const Object* o = v.as_object()) {
    std::vector<const Member*> members;
    for (const Member& m : *o) members.push_back(&m);
    if (style.canonical)
      std::ranges::sort(members, {},
                        [](const Member* m) -> const std::string& { return m->first; });
    out.push_back('{');
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out.push_back(',');
      line(depth + 1);
      quote(out, members[i]->first);
      out += style.canonical ? ":" : ": ";
      write(out, members[i]->second, style, depth + 1);
    }
    if (!members.empty()) line(depth);
    out.push_back('}');
  }
}

}  // namespace

bool Value::number(double& out) const {
  if (const auto* n = std::get_if<std::int64_t>(&data_)) {
    out = static_cast<double>(*n);
    return true;
  }
  if (const auto* x = std::get_if<double>(&data_)) {
    out = *x;
    return true;
  }
  return false;
}

const Value* Value::find(std::string_view name) const {
  const Object* o = as_object();
  if (o == nullptr) return nullptr;
  const auto it = std::ranges::find(*o, name, &Member::first);
  return it == o->end() ? nullptr : &it->second;
}

Value& Value::set(std::string_view name, Value value) {
  if (is_null()) data_ = Object{};
  Object& o = std::get<Object>(data_);
  const auto it = std::ranges::find(o, name, &Member::first);
  if (it != o.end()) return it->second = std::move(value);
  return o.emplace_back(std::string(name), std::move(value)).second;
}

Result<Value> parse(std::string_view text, std::string_view name) {
  std::string copy(text);
  copy.append(4, '\0');  // a broken sequence makes RapidJSON read up to three bytes past its end
  rapidjson::StringStream stream(copy.c_str());
  rapidjson::Reader reader;
  Builder builder;
  constexpr unsigned kFlags = rapidjson::kParseValidateEncodingFlag |
                              rapidjson::kParseIterativeFlag |
                              rapidjson::kParseNumbersAsStringsFlag;
  const rapidjson::ParseResult ok = reader.Parse<kFlags>(stream, builder);
  if (ok && text.find('\0') == std::string_view::npos) return std::move(builder.root);
  const std::size_t at = std::min(ok.Offset(), text.size());
  const auto line =
      1 + std::count(copy.begin(), copy.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  const std::string why = builder.refused != nullptr ? builder.refused
                          : ok                       ? "a zero byte"
                                                     : rapidjson::GetParseError_En(ok.Code());
  return Error{ErrorCode::format, "not valid JSON: " + why, fmt::format("{}:{}", name, line)};
}

std::string to_text(const Value& value) {
  std::string out;
  write(out, value, {.canonical = false}, 0);
  out.push_back('\n');
  return out;
}

std::string to_canonical(const Value& value) {
  std::string out;
  write(out, value, {.canonical = true}, 0);
  return out;
}

}  // namespace tessera::json
