// tessera schema: shows, extends and checks linkage schemas.
#include <memory>

#include <fmt/format.h>

#include "cli/group.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/core/bytes.h"
#include "engine/core/file.h"
#include "engine/schema/layout.h"
#include "engine/schema/schema.h"
#include "engine/schema/variants.h"

namespace tessera::cli {
namespace schema_verb {
namespace {

struct ShowOptions {
  std::string schema;
  bool ssn = false;
  std::uint32_t number = 0;
  std::string epoch;
  std::vector<std::string> key_services;
  bool single_key_service = false;
  std::string output = "-";
  bool force = false;
};

// Names the services whose public keys the files hold, in their order.
Result<void> pin_services(const ShowOptions& o, schema::Schema& s) {
  if (!o.key_services.empty()) s.key_services.clear();
  for (const std::string& path : o.key_services) {
    TESSERA_TRY(const std::string text, read_file(path, 1 << 20));
    TESSERA_TRY(const json::Value value, json::parse(text, path));
    TESSERA_TRY(schema::PublicKeys keys, schema::public_keys_from_json(value, path));
    if (keys.epoch != s.epoch)
      return Error{
          ErrorCode::conflict,
          fmt::format("these keys are for epoch {}, the schema is of {}", keys.epoch, s.epoch),
          path};
    s.key_services.push_back(std::move(keys.service));
  }
  s.single_key_service = s.single_key_service || o.single_key_service;
  return {};
}

Result<int> show(const ShowOptions& o) {
  TESSERA_TRY(schema::Schema s, schema::load(o.schema));
  if (o.ssn) {
    TESSERA_TRY(s, schema::with_ssn(s));
  }
  if (o.number > 0) {
    TESSERA_TRY(s, schema::with_number(s, o.number));
  }
  if (!o.epoch.empty()) s.epoch = o.epoch;
  TESSERA_CHECK(pin_services(o, s));
  json::Value v = schema::to_json(s);
  TESSERA_TRY(s, schema::from_json(v, o.schema));  // an epoch that is refused is refused here
  TESSERA_CHECK(write_file(o.output, json::to_text(v), {.force = o.force}));
  return kDone;
}

Result<int> digest(const std::string& path, bool as_json) {
  TESSERA_TRY(const schema::Schema s, schema::load(path));
  const std::string hex = to_hex(schema::digest(s));
  if (as_json) {
    json::Array passes;
    for (std::size_t p = 0; p < s.passes.size(); ++p)
      passes.emplace_back(
          json::Object{{"name", s.passes[p].name},
                       {"key", schema::key_text(s.passes[p])},
                       {"bytes_per_entry", std::int64_t{schema::layout(s, p).stride}}});
    fmt::print("{}", json::to_text(json::Object{{"name", s.name},
                                                {"digest", hex},
                                                {"ssn", s.ssn},
                                                {"epoch", s.epoch},
                                                {"passes", std::move(passes)}}));
    return kDone;
  }
  fmt::print("name    {}\ndigest  {}\nepoch   {}\nssn     {}\n", s.name, hex, s.epoch,
             s.ssn ? "allowed" : "off");
  for (std::size_t p = 0; p < s.passes.size(); ++p)
    fmt::print("pass    {:<16} {}{}, {} to {} entries of {} bytes\n", s.passes[p].name,
               schema::key_text(s.passes[p]), s.passes[p].mandatory ? " (mandatory)" : "",
               s.passes[p].least, s.passes[p].most, schema::layout(s, p).stride);
  return kDone;
}

}  // namespace
}  // namespace schema_verb

void add_schema(CLI::App& root, Action& chosen) {
  using namespace schema_verb;
  CLI::App* group = add_group(root, "schema", "show, extend or check a linkage schema",
                              "tessera schema show default -o schema.json");
#ifdef TESSERA_OWNER
#ifndef TESSERA_NO_LINKAGE
  add_schema_adapt(*group, chosen);
  add_schema_check(*group, chosen);
#endif
  add_schema_dictionary(*group, chosen);
#endif
  auto o = std::make_shared<ShowOptions>();
  CLI::App* s =
      group->add_subcommand("show", "print a schema: default, high-recall, high-privacy or a file");
  s->add_option("SCHEMA", o->schema, "name or file")->required();
  s->add_flag("--ssn", o->ssn, "allow the SSN: tokens in every pass, and a pass of its own");
  s->add_option("--number", o->number, "add an identifier of so many digits that is not an SSN");
  s->add_option("--epoch", o->epoch, "name of the epoch");
  s->add_option("--key-service", o->key_services,
                "public keys of a key service, from 'tessera keyserver public'; once for each, in "
                "the order they are asked")
      ->take_all();
  s->add_flag("--single-key-service", o->single_key_service,
              "one key service is enough, though there are SSNs");
  s->add_option("-o,--output", o->output, "file to write (default: standard output)");
  s->add_flag("--force", o->force, "replace an existing file");
  s->footer("Example:\n  tessera schema show default --ssn -o schema.json");
  s->callback([&chosen, o] { chosen = [o] { return show(*o); }; });

  auto path = std::make_shared<std::string>();
  auto as_json = std::make_shared<bool>(false);
  CLI::App* d =
      group->add_subcommand("digest", "validate a schema and print its digest and passes");
  d->add_option("SCHEMA", *path, "name or file")->required();
  d->add_flag("--json", *as_json, "for programs");
  d->footer("Example:\n  tessera schema digest schema.json");
  d->callback(
      [&chosen, path, as_json] { chosen = [path, as_json] { return digest(*path, *as_json); }; });
}

}  // namespace tessera::cli
