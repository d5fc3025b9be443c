// tessera encode: a roster becomes an encoded file and the map that only its owner keeps.
#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>

#include <fmt/format.h>

#include "cli/decoy_option.h"
#include "cli/key_exchange.h"
#include "cli/opening_options.h"
#include "cli/passphrase.h"
#include "cli/paths.h"
#include "cli/random_source.h"
#include "cli/roster_options.h"
#include "cli/say.h"
#include "cli/sealing_options.h"
#include "cli/verb.h"
#include "engine/core/bytes.h"
#include "engine/core/csv.h"
#include "engine/core/day.h"
#include "engine/core/file.h"
#include "engine/encode/decoys.h"
#include "engine/encode/encoder.h"
#include "engine/encoded/header_json.h"
#include "engine/encoded/sealed_writer.h"
#include "engine/encoded/writer.h"
#include "engine/keys/key_file.h"
#include "engine/record/known.h"
#include "engine/record/roster.h"
#include "engine/slips/slip_file.h"

namespace tessera::cli {
namespace encode_verb {
namespace {

struct Options {
  std::string roster;
  std::string schema = "default";
  std::string key;
  std::string owner;
  std::string output;
  RosterOptions reading;
  std::vector<std::string> known;
  std::string rejects;
  std::string report;
  KeyServiceOptions services;
  DecoyOption decoys;
  SealingOptions sealing;
  PassphraseOption passphrase;
  SeedOption seed;
  bool force = false;
  bool question = false;  // one record for the locator: no map, nothing to put back
};

// Where the map goes: beside the encoded file, .map in place of .tess.
std::string map_path(const std::string& output) {
  constexpr std::string_view kEnding = ".tess";
  return (output.ends_with(kEnding) ? output.substr(0, output.size() - kEnding.size()) : output) +
         ".map";
}

Result<void> write_rejects(const Options& o, const std::vector<record::Reject>& rejects) {
  if (rejects.empty() || o.rejects.empty()) return {};
  TESSERA_CHECK(
      write_file(o.rejects, record::rejects_csv(rejects), {.force = o.force, .mode = 0600}));
  say_note(fmt::format("the rejected rows are listed in {}", o.rejects));
  return {};
}

// Who did not ask for the list sees the first few of it alone.
void hint_at_list(const Options& o, const std::vector<record::Reject>& rejects) {
  if (!rejects.empty() && o.rejects.empty() && !o.question)
    say_note("--rejects FILE lists all rejected rows");
}

// Who is encoded and not in the map is a decoy.
std::string map_csv(const encode::Draft& draft, bool decoys) {
  std::string text = "record,local_id\n";
  for (std::size_t n = 0; n < draft.records(); ++n)
    if (!decoys || !encode::is_decoy(draft.local_id(n)))
      csv::append_row(text, {to_hex(draft.key(n)), draft.local_id(n)});
  return text;
}

void summarise(const Options& o, const schema::Schema& s, const encode::Draft& draft,
               const record::Report& report) {
  fmt::print("{}: {} records encoded, {} rows rejected\n", o.output, draft.records(),
             report.rejects.size());
  for (std::size_t p = 0; p < s.passes.size(); ++p)
    fmt::print("  pass {:<16} {} entries, {} of them real\n", s.passes[p].name, draft.rows(p),
               draft.real_entries(p));
  const std::string findings = record::to_text(report);
  if (!findings.empty()) fmt::print(stderr, "{}", findings);
  hint_at_list(o, report.rejects);
  if (draft.without_evidence() > 0)
    say_warning(
        fmt::format("{} records hold too little to be found again (no pass has what its key needs)",
                    draft.without_evidence()));
}

Result<void> write_encoded(const Options& o, const encoded::Header& header, encode::Draft& draft,
                           Ceremony& ceremony, Random& random, const AtomicFile::Options& options) {
  if (!ceremony.sealing) return encoded::write(o.output, header, draft, options);
  ceremony.sealing->owner = &*ceremony.owner;
  if (o.sealing.one_by_one()) {
    const encode::Encoded all = draft.whole();
    return slips::write_slips(o.output, header, all.passes, all.records, all.handles,
                              *ceremony.sealing, random, options);
  }
  return encoded::write_sealed(o.output, header, draft, *ceremony.sealing, options);
}

// The map gets its name when the encoded file is whole, and right before that one: a run that is
// stopped leaves neither, or in that moment the map alone, which nobody sends. An encoded file
// without its map would be sent, and its answer be of no use to its owner.
Result<void> write_outputs(const Options& o, const encoded::Header& header, encode::Draft& draft,
                           Ceremony& ceremony, Random& random) {
  if (o.question) return write_encoded(o, header, draft, ceremony, random, {.force = o.force});
  TESSERA_TRY(AtomicFile map,
              AtomicFile::create(map_path(o.output), {.force = o.force, .mode = 0600}));
  map.write(map_csv(draft, header.decoys));
  return write_encoded(o, header, draft, ceremony, random,
                       {.force = o.force, .before_name = [&map] { return map.commit(); }});
}

Result<void> check_key(const keys::ProjectKey& key, const schema::Schema& s,
                       const std::string& path) {
  if (!key.trial && key.epoch != s.epoch)
    return Error{ErrorCode::usage,
                 fmt::format("this key is for epoch {}, the schema is of {}", key.epoch, s.epoch),
                 path};
  if (!key.trial && s.key_services.empty())
    return Error{ErrorCode::usage,
                 "this key is for a project with a key service, and the schema names none", path};
  return {};
}

Result<encode::Draft> encode_in_trial(const Options& o, const schema::Schema& s,
                                      std::span<record::Fields> records,
                                      const keys::ProjectKey& key, encoded::Population population,
                                      Random& random, Progress& progress,
                                      const Ceremony& ceremony) {
  if (o.services.given())
    return Error{ErrorCode::usage,
                 "this schema names no key service; 'tessera schema show --key-service' adds one",
                 o.schema};
  return encode::draft(s, records, key, o.owner, population, random, progress,
                       ceremony.owner ? &ceremony.owner->records : nullptr);
}

// nullopt: requests to a key service were written, and its answers are to come.
Result<std::optional<encode::Draft>> encode_with_services(Options& o, const schema::Schema& s,
                                                          std::span<record::Fields> records,
                                                          const keys::ProjectKey& key,
                                                          encoded::Population population,
                                                          Random& random, Progress& progress,
                                                          const Ceremony& ceremony) {
  if (!ceremony.owner)
    return Error{ErrorCode::usage,
                 "a schema with key services wants the owner's own key: give --owner-key", ""};
  const seal::KeyPair& owner = *ceremony.owner;
  TESSERA_TRY(const auto seeds,
              o.services.seeds(s, records, owner, o.output, o.force, random, progress));
  if (!seeds) return std::optional<encode::Draft>();
  return std::optional<encode::Draft>(std::in_place, s, records, records,
                                      encode::Secrets{key.project, owner.records, *seeds},
                                      population, random, progress);
}

// Under an older epoch, someone new alone. False: there is nobody.
Result<bool> keep_unknown(const Options& o, record::Roster& roster) {
  if (o.known.empty()) return true;
  if (o.sealing.owner_key().empty())
    return Error{ErrorCode::usage,
                 "--known needs --owner-key: without one, record keys come from the project key, "
                 "and are others in each epoch",
                 ""};
  TESSERA_TRY(const std::uint64_t known, record::leave_out_known(roster, o.known));
  say_note(
      fmt::format("{} records are known and left out, {} are new", known, roster.records.size()));
  if (roster.records.empty()) say_note("nobody is new: no file is written");
  return !roster.records.empty();
}

// The roster's people who are to be encoded; nullopt: there is nobody.
Result<std::optional<record::Roster>> read_people(const Options& o, const schema::Schema& s,
                                                  const record::ReadOptions& options,
                                                  Progress& progress) {
  std::vector<record::Reject> rejects;
  auto roster = record::read_roster(o.roster, s, options, progress, &rejects);
  if (!roster) {
    fmt::print(stderr, "{}", record::to_text(rejects));
    hint_at_list(o, rejects);
    TESSERA_CHECK(write_rejects(o, rejects));
    return roster.error();
  }
  if (roster->report.kind == record::SourceKind::wage &&
      options.population != encoded::Population::wage)
    return Error{ErrorCode::usage, "these are wage records; give --population wage", o.roster};
  if (roster->records.empty()) {
    fmt::print(stderr, "{}", record::to_text(roster->report));
    return Error{ErrorCode::format, "no record to encode", o.roster};
  }
  if (o.question && roster->records.size() != 1)
    return Error{ErrorCode::usage, "a question is about one person: a header line and one row",
                 o.roster};
  TESSERA_CHECK(write_rejects(o, roster->report.rejects));
  TESSERA_TRY(const bool anyone, keep_unknown(o, *roster));
  return anyone ? std::optional(std::move(*roster)) : std::nullopt;
}

Paths paths_of(const Options& o) {
  Paths out{{o.roster, o.key, o.schema}, {o.output, o.report}, o.force};
  std::ranges::copy(o.sealing.paths(), std::back_inserter(out.read));
  std::ranges::copy(o.known, std::back_inserter(out.read));
  if (!o.question) out.write.push_back(map_path(o.output));
  out.write.push_back(o.rejects);
  return out;
}

Result<int> run(Options& o) {
  if (!encoded::is_owner(o.owner))
    return Error{ErrorCode::usage,
                 "--owner is 1 to 64 letters, digits, dots, hyphens or underscores, and not ids, "
                 "review or decisions",
                 ""};
  if (o.output == "-")
    return Error{ErrorCode::usage, "an encoded file cannot go to standard output; name a file", ""};
  TESSERA_CHECK(check_paths(paths_of(o)));
  TESSERA_TRY(const schema::Schema s, schema::load(o.schema));
  TESSERA_TRY(const keys::ProjectKey key, keys::read_key(o.key, o.passphrase.ask()));
  TESSERA_CHECK(check_key(key, s, o.key));
  TESSERA_TRY(const Day day, o.reading.day());
  TESSERA_TRY(Ceremony ceremony, o.sealing.read(o.owner, o.passphrase.ask()));
  TESSERA_TRY(const record::ReadOptions options, o.reading.read(day));
  const auto progress = progress_bar();
  TESSERA_TRY(auto roster, read_people(o, s, options, *progress));
  if (!roster) return kDone;
  TESSERA_CHECK(
      o.decoys.add(s, ceremony.owner ? &*ceremony.owner : nullptr, o.roster, roster->records));
  const auto random = o.seed.source();
  std::optional<encode::Draft> made;
  if (s.key_services.empty()) {
    TESSERA_TRY(encode::Draft draft, encode_in_trial(o, s, roster->records, key, options.population,
                                                     *random, *progress, ceremony));
    made.emplace(std::move(draft));
  } else {
    TESSERA_TRY(auto draft, encode_with_services(o, s, roster->records, key, options.population,
                                                 *random, *progress, ceremony));
    if (!draft) return kDone;
    made.emplace(std::move(*draft));
  }

  encoded::Header header;
  header.schema = s;
  header.schema_digest = schema::digest(s);
  header.owner = o.owner;
  header.population = options.population;
  header.protection =
      s.key_services.empty() ? encoded::Protection::trial : encoded::Protection::oprf;
  header.key_check = keys::key_check(key);
  header.created = to_text(day);
  header.question = o.question;
  header.decoys = o.decoys.given();
  progress->begin("writing", 2, "files");
  TESSERA_CHECK(write_outputs(o, header, *made, ceremony, *random));
  o.services.finish();
  if (!o.report.empty())
    TESSERA_CHECK(
        write_file(o.report, json::to_text(record::to_json(roster->report)), {.force = o.force}));
  summarise(o, s, *made, roster->report);
  // Every roster has gaps, and wages many; where most records have them, a column was not read.
  const bool unread = made->without_evidence() * 2 > made->records();
  return unread || !roster->report.rejects.empty() ? kAttention : kDone;
}

void add_common(CLI::App& verb, const std::shared_ptr<Options>& o) {
  verb.add_option("--schema", o->schema,
                  "linkage schema: a file, or default, high-recall, high-privacy")
      ->capture_default_str();
  verb.add_option("--key", o->key, "project key file")->required();
  verb.add_option("--owner", o->owner, "name of this organisation")->required();
  o->reading.add_columns(verb);
  o->sealing.add_to(verb);
  o->passphrase.add_to(verb);
  o->services.add_to(verb);
  verb.add_flag("--force", o->force, "replace existing files");
  o->seed.add_to(verb);
}

}  // namespace
}  // namespace encode_verb

void add_locate_ask(CLI::App& group, Action& chosen) {
  using namespace encode_verb;
  auto o = std::make_shared<Options>();
  o->question = true;
  CLI::App* verb = group.add_subcommand("ask", "encode a question about one person");
  verb->add_option(
          "PERSON", o->roster,
          "CSV with a header line and one row, columns as in a roster, local_id too; '-' is "
          "standard input")
      ->required();
  add_common(*verb, o);
  o->reading.add_population(*verb, "student or staff");
  verb->add_option("-o,--output", o->output, "question to write")->required();
  verb->footer(
      "The local ID is the one that the person has here, or will have: by it the registry knows "
      "whom\nit has seen from this owner before. It leaves only as a record key, and no map is "
      "made.\n"
      "Example:\n  tessera locate ask newcomer.csv --key project.key --owner south -o "
      "question.tess");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

void add_encode(CLI::App& root, Action& chosen) {
  using namespace encode_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb = root.add_subcommand(
      "encode", "encode a roster; keeps the map from record keys to local IDs beside it");
  verb->add_option("ROSTER", o->roster, "CSV, OneRoster folder or zip, or UI wage file")
      ->required();
  add_common(*verb, o);
  o->reading.add_population(*verb, "student, staff, college or wage");
  verb->add_option("-o,--output", o->output, "encoded file to write; the map goes beside it")
      ->required();
  o->reading.add_kind(*verb);
  o->reading.add_day(*verb);
  verb->add_option("--known", o->known,
                   "maps of earlier files: encode only who stands in none, for an older epoch")
      ->take_all();
  o->decoys.add_to(*verb);
  o->sealing.add_one_by_one(*verb);
  verb->add_option("--rejects", o->rejects, "file for the rejected rows: file, line, rule, remedy");
  verb->add_option("--report", o->report, "what was odd about the roster, as JSON");
  verb->footer(
      "Example:\n  tessera encode roster.csv --schema schema.json --key project.key --owner north "
      "\\\n"
      "    --population student -o north.tess\n"
      "  tessera encode roster.csv --schema schema.json --key project.key --owner north -o "
      "north.tess \\\n"
      "    --owner-key north.key --keyserver https://keys.example.org:8443\n"
      "A schema that names no key service is for trials: block keys then come from the key file, "
      "so "
      "whoever\nholds it can test guesses offline.");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
