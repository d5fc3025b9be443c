// tessera inspect: what an encoded file says about itself, and what the linkage unit can see in it.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/inspect_hex.h"
#include "cli/opening_options.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/core/file.h"
#include "engine/core/json.h"
#include "engine/encoded/overview.h"
#include "engine/encoded/reader.h"

namespace tessera::cli {
namespace inspect_verb {
namespace {

struct Flags {
  std::string file;
  bool json = false;
  bool hex = false;
  std::size_t entries = 0;
  std::shared_ptr<OpeningOptions> sealed = std::make_shared<OpeningOptions>();
};

// Patterns rarer than this are not counted out: what inspect prints gets pasted into mails.
constexpr std::uint64_t kFew = 10;

std::string count_text(std::uint64_t n) { return n > 0 && n < kFew ? "<10" : fmt::format("{}", n); }
json::Value count_value(std::uint64_t n) {
  if (n > 0 && n < kFew) return "<10";
  return n;
}

std::string_view meaning(encoded::Protection protection) {
  if (protection == encoded::Protection::trial)
    return "block keys were made without a key service: whoever holds the project key can try "
           "names and dates against this file. A registry takes it only if created with --trial";
  return "block keys were made with the key service, so nobody can try names and dates against "
         "this file without asking it";
}

// What each presence bit of a pass stands for: "last", "dob (year)", "dob (month and day)".
std::vector<std::string> presence_names(const schema::Schema& schema,
                                        const schema::Layout& layout) {
  std::vector<std::string> names(layout.presence_bits);
  for (const schema::Slot& slot : layout.slots) {
    if (slot.hidden()) continue;
    std::string& name = names[slot.presence];
    if (!name.empty()) continue;
    const schema::Field& field = schema.fields[slot.field];
    name = field.name;
    if (field.kind == schema::Kind::date)
      name += slot.holds == schema::Holds::decade ? " (year)" : " (month and day)";
    if (field.kind == schema::Kind::middle_name)
      name += slot.holds == schema::Holds::initial ? " (initial)" : " (whole)";
  }
  return names;
}

// The names of the bits that are set: "last, dob (year)"; "nothing".
std::string known_in(std::uint16_t word, const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t b = 0; b < names.size(); ++b)
    if ((word >> b & 1) != 0) out += (out.empty() ? "" : ", ") + names[b];
  return out.empty() ? "nothing" : out;
}

void print_header(const encoded::File& file) {
  const encoded::Header& h = file.header();
  const auto sections = file.sections();
  std::uint64_t entries = 0;
  for (std::size_t p = 0; p < file.passes(); ++p) entries += file.rows(p);
  const std::uint64_t last = sections.back().length;
  fmt::print(
      "format         {}-v1, {} bytes, valid\n", file.sealed() ? "sealed" : "encoded",
      sections.back().offset + encoded::padded(file.sealed() ? seal::sealed_length(last) : last));
  fmt::print("owner          {}\n", h.owner);
  fmt::print("population     {}\n", name_of(h.population));
  fmt::print("created        {}\n", h.created);
  fmt::print("epoch          {}\n", h.schema.epoch);
  fmt::print("schema         {}\n", h.schema.name);
  fmt::print("schema digest  {}\n", to_hex(h.schema_digest));
  fmt::print("key check      {}\n", to_hex(h.key_check));
  fmt::print("submission     {}\n", to_hex(file.digest()));
  fmt::print("protection     {}: {}\n", name_of(h.protection), meaning(h.protection));
  fmt::print("records        {}{}\n", file.records().size(), h.decoys ? ", decoys among them" : "");
  fmt::print("entries        {}\n", entries);
}

void print_sections(const encoded::File& file) {
  fmt::print("\n{:<36} {:>12} {:>12} {:>10}  checksum\n", "section", "offset", "bytes", "rows");
  for (const encoded::Section& s : file.sections())
    fmt::print("{:<36} {:>12} {:>12} {:>10}  ok\n", name_of(s, file.header().schema), s.offset,
               s.length, s.rows);
  const bool purged = file.header().schema.ssn && file.sections().size() == file.passes() + 1;
  if (purged) fmt::print("ssn tokens were purged from this file\n");
}

void print_pass(const encoded::File& file, std::size_t p, const encoded::PassOverview& o) {
  const schema::Schema& schema = file.header().schema;
  const auto names = presence_names(schema, file.layout(p));
  fmt::print("\n  pass {} ({})\n", schema.passes[p].name, schema.passes[p].text);
  fmt::print("    entries          {} ({} to {} for each record, dummies among them)\n", o.entries,
             schema.passes[p].least, schema.passes[p].most);
  fmt::print("    distinct tags    {}\n", o.tags);
  fmt::print("    blocks of 1, 2, 3-4, 5 or more entries: {}, {}, {}, {}\n", o.blocks[0],
             o.blocks[1], o.blocks[2], o.blocks[3]);
  for (const auto& [word, count] : o.presence)
    fmt::print("    known: {:<44} {:>8} entries\n", known_in(word, names), count_text(count));
}

void print_seen(const encoded::File& file, const encoded::Overview& o) {
  fmt::print("\nwhat the linkage unit can see\n");
  fmt::print("  weights constant: yes, each slot of each entry has the schema's exact weight\n");
  for (std::size_t s = 1; s < o.ssn_states.size(); ++s)
    if (o.ssn_states[s] > 0)
      fmt::print("  ssn {:<18} {:>8} records\n", name_of(static_cast<encoded::SsnState>(s)),
                 count_text(o.ssn_states[s]));
  for (std::size_t u = 0; u < o.usable.size(); ++u)
    if (o.usable[u] > 0)
      fmt::print("  usable passes: {:<7} {:>8} records\n", u, count_text(o.usable[u]));
  for (std::size_t p = 0; p < file.passes(); ++p) print_pass(file, p, o.passes[p]);
}

// A pass that was looked at before, so that it opens.
encoded::PassView shown(const encoded::File& file, std::size_t p) {
  const auto pass = file.load(p);
  return pass ? *pass : encoded::PassView{};
}

void print_entries(const encoded::File& file, std::size_t most) {
  for (std::size_t p = 0; p < file.passes() && most > 0; ++p) {
    const encoded::PassView pass = shown(file, p);
    const auto names = presence_names(file.header().schema, file.layout(p));
    fmt::print("\nentries of pass {}\n  {:<32}  {:<16}  known\n",
               file.header().schema.passes[p].name, "tag", "handle");
    for (std::size_t i = 0; i < std::min(most, pass.rows()); ++i)
      fmt::print("  {}  {:016x}  {}\n", to_hex(pass.tags[i]), pass.handles[i],
                 known_in(pass.presence[i], names));
  }
}

json::Value pass_value(const encoded::File& file, std::size_t p, const encoded::PassOverview& o,
                       std::size_t most) {
  const auto names = presence_names(file.header().schema, file.layout(p));
  json::Array known;
  for (const auto& [word, count] : o.presence) {
    json::Array fields;
    for (std::size_t b = 0; b < names.size(); ++b)
      if ((word >> b & 1) != 0) fields.emplace_back(names[b]);
    known.emplace_back(json::Object{{"known", std::move(fields)}, {"entries", count_value(count)}});
  }
  json::Object out{
      {"name", file.header().schema.passes[p].name},
      {"entries", o.entries},
      {"distinct_tags", o.tags},
      {"blocks",
       json::Object{
           {"1", o.blocks[0]}, {"2", o.blocks[1]}, {"3-4", o.blocks[2]}, {"5+", o.blocks[3]}}},
      {"presence", std::move(known)}};
  if (most > 0) {
    const encoded::PassView pass = shown(file, p);
    json::Array rows;
    for (std::size_t i = 0; i < std::min(most, pass.rows()); ++i)
      rows.emplace_back(json::Object{{"tag", to_hex(pass.tags[i])},
                                     {"handle", fmt::format("{:016x}", pass.handles[i])},
                                     {"presence", std::int64_t{pass.presence[i]}}});
    out.emplace_back("rows", std::move(rows));
  }
  return json::Value(std::move(out));
}

json::Value to_value(const encoded::File& file, const encoded::Overview& o, std::size_t most) {
  const encoded::Header& h = file.header();
  json::Array sections;
  for (const encoded::Section& s : file.sections())
    sections.emplace_back(json::Object{{"name", name_of(s, h.schema)},
                                       {"offset", s.offset},
                                       {"bytes", s.length},
                                       {"rows", s.rows},
                                       {"checksum", "ok"}});
  json::Object states;
  for (std::size_t s = 1; s < o.ssn_states.size(); ++s)
    states.emplace_back(name_of(static_cast<encoded::SsnState>(s)), count_value(o.ssn_states[s]));
  json::Array usable;
  for (const std::uint64_t n : o.usable) usable.push_back(count_value(n));
  json::Array passes;
  for (std::size_t p = 0; p < file.passes(); ++p)
    passes.push_back(pass_value(file, p, o.passes[p], most));
  return json::Object{{"format", file.sealed() ? "sealed-v1" : "encoded-v1"},
                      {"valid", true},
                      {"owner", h.owner},
                      {"population", name_of(h.population)},
                      {"created", h.created},
                      {"epoch", h.schema.epoch},
                      {"protection", name_of(h.protection)},
                      {"schema", h.schema.name},
                      {"schema_digest", to_hex(h.schema_digest)},
                      {"key_check", to_hex(h.key_check)},
                      {"submission", to_hex(file.digest())},
                      {"records", std::uint64_t{file.records().size()}},
                      {"decoys", h.decoys},
                      {"sections", std::move(sections)},
                      {"weights_constant", true},
                      {"ssn_states", std::move(states)},
                      {"usable_passes", std::move(usable)},
                      {"passes", std::move(passes)}};
}

// What anybody may know of a sealed file: what its owner signed.
json::Object front_object(const encoded::SealedFront& front) {
  const encoded::Header& h = front.header;
  const encoded::Envelope& e = front.envelope;
  return {{"format", "sealed-v1"},
          {"owner", h.owner},
          {"population", name_of(h.population)},
          {"created", h.created},
          {"expires", e.expires},
          {"collection", e.collection},
          {"epoch", h.schema.epoch},
          {"protection", name_of(h.protection)},
          {"schema", h.schema.name},
          {"schema_digest", to_hex(h.schema_digest)},
          {"key_check", to_hex(h.key_check)},
          {"submission", to_hex(front.digest())},
          {"records", e.records},
          {"decoys", h.decoys},
          {"entries", e.entries},
          {"signed_by", seal::fingerprint(seal::Use::owner, e.signer)},
          {"entries_sealed_to", seal::fingerprint(seal::Use::entries, e.entries_key)},
          {"join_sealed_to", seal::fingerprint(seal::Use::join, e.join_key)}};
}

Result<int> inspect_sealed(const Flags& flags, ByteView bytes) {
  auto front = encoded::look_at_sealed(bytes);
  if (!front) return Error{front.error().code, front.error().what, flags.file};
  const json::Object all = front_object(*front);
  if (flags.json) {
    fmt::print("{}", json::to_text(all));
    return kDone;
  }
  for (const auto& [name, value] : all) {
    std::string label = name;
    std::ranges::replace(label, '_', ' ');
    const std::string* text = value.as_string();
    fmt::print("{:<19}{}\n", label, text != nullptr ? *text : json::to_canonical(value));
  }
  fmt::print(
      "the signature holds for the key named; whether to trust it, the register of owners "
      "says\n");
  return kDone;
}

Result<int> inspect(const Flags& flags) {
  TESSERA_TRY(const MappedFile mapped, MappedFile::open(flags.file));
  const bool sealed = encoded::is_sealed(mapped.view());
  if (sealed && flags.hex)
    return Error{ErrorCode::usage, "--hex is for files that are not sealed", flags.file};
  if (sealed && !flags.sealed->any()) return inspect_sealed(flags, mapped.view());
  TESSERA_TRY(const encoded::Opening opening, flags.sealed->read());
  TESSERA_TRY(const encoded::File file, encoded::File::open(flags.file, opening));
  if (flags.hex) {
    fmt::print("{}", annotated_hex(mapped.view(), file));
    return kDone;
  }
  TESSERA_TRY(const encoded::Overview seen, encoded::overview(file));
  if (flags.json) {
    fmt::print("{}", json::to_text(to_value(file, seen, flags.entries)));
    return kDone;
  }
  print_header(file);
  print_sections(file);
  print_seen(file, seen);
  print_entries(file, flags.entries);
  return kDone;
}

}  // namespace
}  // namespace inspect_verb

void add_inspect(CLI::App& root, Action& chosen) {
  using namespace inspect_verb;
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = root.add_subcommand(
      "inspect", "validate an encoded file and say what is in it and what it shows");
  verb->add_option("FILE", flags->file, "the encoded file (.tess)")->required();
  auto* json = verb->add_flag("--json", flags->json, "print JSON");
  verb->add_flag("--hex", flags->hex, "print annotated bytes: header, directory, start of sections")
      ->excludes(json);
  verb->add_option("--entries", flags->entries, "also print the first N entries of each pass");
  flags->sealed->add_to(*verb);
  verb->footer(
      "Example: tessera inspect district-7.tess\n"
      "Of a sealed file: its signed front, and with the unit's keys and --owners all the rest.\n"
      "Counts below 10 of a presence pattern or SSN state are printed as <10.\n"
      "Exit status: 0 the file is valid, 2 usage, 3 cannot be read, 4 not a valid encoded file.");
  verb->callback([flags, &chosen] { chosen = [flags] { return inspect(*flags); }; });
}

}  // namespace tessera::cli
