#include "engine/desk/calendar.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "engine/core/day.h"
#include "engine/core/json.h"

namespace tessera::desk {
namespace {

// Texts of one object; the first member that is missing or wrong is remembered.
class Reader {
 public:
  explicit Reader(std::string& fault) : fault_(fault) {}
  void fail(const std::string& path) const {
    if (fault_.empty()) fault_ = path;
  }
  std::string text(const json::Value& value, const std::string& path, const char* name) const {
    const json::Value* v = value.find(name);
    const std::string* s = v == nullptr ? nullptr : v->as_string();
    if (s == nullptr || s->empty()) fail(path + name);
    return s == nullptr ? std::string() : *s;
  }
  std::string day(const json::Value& value, const std::string& path, const char* name) const {
    std::string out = text(value, path, name);
    if (!is_day(out)) fail(path + name);
    return out;
  }
  const json::Array& list(const json::Value& value, const char* name) const {
    static const json::Array kNone;
    const json::Value* v = value.find(name);
    if (v == nullptr || v->as_array() == nullptr || v->as_array()->empty()) fail(name);
    return v == nullptr || v->as_array() == nullptr ? kNone : *v->as_array();
  }

 private:
  std::string& fault_;
};

void read_dictionaries(const json::Value& value, const Reader& read, Calendar& out) {
  std::set<std::string> names;
  for (const json::Value& v : read.list(value, "dictionaries")) {
    const std::string path = "dictionaries.";
    Dictionary d{read.text(v, path, "name"), read.text(v, path, "schema"),
                 read.day(v, path, "until")};
    if (!names.insert(d.name).second) read.fail(path + "name");
    out.dictionaries.push_back(std::move(d));
  }
}

void read_collections(const json::Value& value, const Reader& read, Calendar& out) {
  std::set<std::string> names;
  for (const json::Value& v : read.list(value, "collections")) {
    const std::string path = "collections.";
    Collection c{read.text(v, path, "name"),       read.text(v, path, "people"),
                 read.text(v, path, "dictionary"), read.day(v, path, "opens"),
                 read.day(v, path, "due"),         read.day(v, path, "closes")};
    if (!names.insert(c.name).second) read.fail(path + "name");
    if (c.people != "student" && c.people != "staff") read.fail(path + "people");
    if (c.opens > c.due) read.fail(path + "due");
    if (c.due > c.closes) read.fail(path + "closes");
    const auto d = std::ranges::find(out.dictionaries, c.dictionary, &Dictionary::name);
    if (d == out.dictionaries.end() || d->until < c.due) read.fail(path + "dictionary");
    out.collections.push_back(std::move(c));
  }
}

}  // namespace

Result<Calendar> read_calendar(std::string_view text, const std::string& name) {
  TESSERA_TRY(const json::Value value, json::parse(text, name));
  std::string fault;
  const Reader read(fault);
  Calendar out;
  const json::Value* version = value.find("version");
  if (version == nullptr || version->as_int() == nullptr || *version->as_int() < 1)
    read.fail("version");
  else
    out.version = *version->as_int();
  for (const json::Value& v : read.list(value, "owners")) {
    if (v.as_string() == nullptr || v.as_string()->empty())
      read.fail("owners");
    else
      out.owners.push_back(*v.as_string());
  }
  read_dictionaries(value, read, out);
  read_collections(value, read, out);
  if (fault.empty()) return out;
  return Error{ErrorCode::format,
               fmt::format("member '{}' is missing or is not what a calendar needs there", fault),
               name};
}

Result<void> require_in_force(const Calendar& calendar, std::string_view schema,
                              std::string_view day, const std::string& file) {
  const auto at = std::ranges::find(calendar.dictionaries, schema, &Dictionary::schema);
  if (at != calendar.dictionaries.end() && day <= at->until) return {};
  std::string in_force;
  for (const Dictionary& d : calendar.dictionaries)
    if (day <= d.until)
      in_force += fmt::format("{}{} (schema {}, until {})", in_force.empty() ? "" : ", ", d.name,
                              d.schema.substr(0, 8), d.until);
  const std::string remedy = in_force.empty() ? "none is in force on " + std::string(day)
                                              : "encode it again under " + in_force;
  if (at == calendar.dictionaries.end())
    return Error{ErrorCode::conflict,
                 fmt::format("its schema {} is of no dictionary that the calendar lists; {}",
                             schema.substr(0, 8), remedy),
                 file};
  return Error{ErrorCode::conflict,
               fmt::format("its dictionary {} was taken until {}, and it is {}; {}", at->name,
                           at->until, day, remedy),
               file};
}

}  // namespace tessera::desk
