// tessera schema dictionary: what owners are to send, and what each error asks them to do.
#include <memory>

#include <fmt/format.h>

#include "cli/verb.h"
#include "engine/core/file.h"
#include "engine/record/dictionary.h"

namespace tessera::cli {
namespace schema_dictionary_verb {
namespace {

struct Options {
  std::string schema;
  std::string output = "-";
  bool force = false;
  bool json = false;
};

std::string words_of(const json::Value& list) {
  std::string out;
  for (const json::Value& v : *list.as_array())
    out += (out.empty() ? "" : ", ") +
           (v.as_string() != nullptr ? *v.as_string() : *v.find("value")->as_string());
  return out;
}

// For people: an element a paragraph, an error a line.
std::string as_text(const json::Value& dictionary) {
  std::string out;
  const auto add_error = [&out](const json::Value& e) {
    const json::Value* value = e.find("value");
    out +=
        fmt::format("  {:<18} {}{}\n", *e.find("error")->as_string(),
                    value != nullptr && *value->as_string() == "missing" ? "read as missing; " : "",
                    *e.find("remedy")->as_string());
  };
  for (const json::Value& e : *dictionary.find("elements")->as_array()) {
    out += fmt::format(
        "{} ({}{}): columns {}\n", *e.find("element")->as_string(), *e.find("kind")->as_string(),
        *e.find("needed")->as_bool() ? ", needed for an ID" : "", words_of(*e.find("columns")));
    for (const char* list : {"formats", "code_set", "states"})
      if (const json::Value* v = e.find(list)) out += fmt::format("  {}: {}\n", list, words_of(*v));
    for (const json::Value& error : *e.find("errors")->as_array()) add_error(error);
  }
  out += "rows\n";
  for (const json::Value& error : *dictionary.find("rows")->as_array()) add_error(error);
  return out;
}

Result<int> run(const Options& o) {
  TESSERA_TRY(const schema::Schema schema, schema::load(o.schema));
  const json::Value dictionary = record::dictionary(schema);
  TESSERA_CHECK(write_file(o.output, o.json ? json::to_text(dictionary) : as_text(dictionary),
                           {.force = o.force}));
  return kDone;
}

}  // namespace
}  // namespace schema_dictionary_verb

void add_schema_dictionary(CLI::App& group, Action& chosen) {
  using namespace schema_dictionary_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand(
      "dictionary", "elements, code sets, and every error with what to do about it");
  verb->add_option("SCHEMA", o->schema, "name or file")->required();
  verb->add_option("-o,--output", o->output, "file to write (default: standard output)");
  verb->add_flag("--force", o->force, "replace an existing file");
  verb->add_flag("--json", o->json, "for programs");
  verb->footer(
      "Example:\n  tessera schema dictionary schema.json --json -o dictionary.json\n"
      "The names and remedies are those that 'tessera encode' prints of a roster. When the files "
      "are due,\nand until when a version is taken, stands in the data calendar (docs/desk.md).");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
