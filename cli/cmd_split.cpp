// tessera split: link and assign in two offices. The registrar knows whose a record is and opens no
// entry, the comparer opens entries and does not know whose they are.
#include <memory>

#include <fmt/format.h>

#include "cli/assign_answer.h"
#include "cli/calendar_option.h"
#include "cli/gate.h"
#include "cli/group.h"
#include "cli/link_output.h"
#include "cli/lost_option.h"
#include "cli/matcher_option.h"
#include "cli/opening_options.h"
#include "cli/paths.h"
#include "cli/random_source.h"
#include "cli/say.h"
#include "cli/split_verbs.h"
#include "cli/today.h"
#include "cli/verb.h"
#include "engine/cluster/groups.h"
#include "engine/comparer/compare_stored.h"
#include "engine/link/compete.h"
#include "engine/registrar/assigning.h"
#include "engine/registrar/mixing.h"
#include "engine/seal/key_text.h"

namespace tessera::cli {
namespace split_verb {
namespace {

struct Options {
  std::vector<std::string> files;  // of slips
  std::string mix, output, pairs;
  std::vector<std::string> mixes;   // to be written: one for each epoch of the files
  std::vector<std::string> scores;  // one for each mix
  std::string sign_with;            // this office's own signing key
  std::string from;                 // the other office's public key
  std::string registry;             // the registrar's
  std::string store;                // the comparer's
  std::string out, day;             // of assign
  bool anew = false;
  bool shred = false;
  bool again = false;
  bool provisional = false;
  CalendarOption calendar;
  LostOption lost;
  Gate gate;
  double threshold = 0.9;
  double pairs_floor = 0.0001;
  bool force = false;
  MatcherOption matcher;
  OpeningOptions sealed;  // the registrar's
  std::string open_with;  // the comparer's
  PassphraseOption passphrase;
  SeedOption seed;
};

// The registrar's half of the keys, and no more: an office with both keys could open everything.
Result<encoded::Opening> read_registrars(Options& o) {
  TESSERA_TRY(const encoded::Opening opening, o.sealed.read());
  if (opening.entries != nullptr)
    return Error{ErrorCode::usage, "a registrar opens no entries: give the key for join alone", ""};
  return opening;
}

// The registry, and what of the files may not be collected: the files hide it from here on.
struct Opened {
  registry::Registry registry;
  intake::Enforced stops;
};
Result<Opened> open_registry(const Options& o, std::span<registrar::SlipSet> sets,
                             registry::Access access) {
  TESSERA_TRY(registry::Registry registry, registry::Registry::open(o.registry, access));
  TESSERA_TRY(const std::string day, day_of_rules(o.gate, registry));
  for (const registrar::SlipSet& set : sets) TESSERA_CHECK(o.calendar.obey(set.files(), day));
  TESSERA_CHECK(registrar::admit(registry, sets, o.again));
  TESSERA_TRY(intake::Enforced stops, registrar::obey_stops(registry, sets, day));
  return Opened{std::move(registry), std::move(stops)};
}

Result<int> mix_for_registry(Options& o, const encoded::Opening& opening,
                             const seal::KeyPair& signer) {
  TESSERA_TRY(auto sets, registrar::SlipSet::open_apart(o.files, opening));
  TESSERA_TRY(Opened opened, open_registry(o, sets, registry::Access::read));
  if (!opened.stops.refused.empty())
    return Error{
        ErrorCode::conflict,
        fmt::format("carries '{}', whose collection is stopped: 'split assign' would refuse "
                    "it; encode again without the column",
                    opened.stops.because),
        opened.stops.refused};
  const auto random = o.seed.source();
  TESSERA_TRY(
      const std::vector<registrar::Mixed> mixed,
      registrar::mix_changed(opened.registry, sets, o.mixes, signer, *random, {.force = o.force}));
  for (const registrar::Mixed& m : mixed)
    fmt::print("{}: {} of {} records have something new to say{}\n", m.path, m.records, m.of,
               mixed.size() > 1 ? " under epoch " + m.epoch : "");
  return kDone;
}

Result<int> run_mix(Options& o) {
  TESSERA_CHECK(check_paths({o.files, o.mixes, o.force}));
  if (!o.registry.empty()) TESSERA_CHECK(o.gate.ask(o.registry, "assign"));
  TESSERA_TRY(const seal::KeyPair signer, read_office_signer(o.sign_with, o.sealed.ask()));
  TESSERA_TRY(const encoded::Opening opening, read_registrars(o));
  if (!o.registry.empty()) return mix_for_registry(o, opening, signer);
  if (o.mixes.size() > 1)
    return Error{ErrorCode::usage, "several mixes are for several epochs of a --registry", ""};
  TESSERA_TRY(auto files, registrar::SlipSet::open(o.files, opening));
  const auto random = o.seed.source();
  TESSERA_CHECK(registrar::mix(files, o.mixes.front(), signer, *random, {.force = o.force}));
  std::uint64_t slips = 0;
  for (const slips::SlipFile& f : files.files()) slips += f.handles().size();
  fmt::print("{}: {} slips of {} records from {} files\n", o.mixes.front(), slips, files.records(),
             files.files().size());
  return kDone;
}

// Entries go into the store before the scores come out: without the scores the same mix is compared
// again, and finds its own entries not live.
Result<int> compare_with_store(const Options& o, const slips::MixFile& mix,
                               const seal::KeyPair& entries, const seal::KeyPair& signer,
                               const link::Matcher& matcher) {
  if (o.store.empty())
    return Error{ErrorCode::usage, "is mixed for a registry: name the store with --store", o.mix};
  const auto progress = progress_bar();
  TESSERA_TRY(auto store, comparer::Store::open(o.store, mix, o.anew, *progress));
  TESSERA_TRY(const auto opened, comparer::OpenedMix::open(mix, entries, *progress));
  TESSERA_TRY(auto found, comparer::compare_stored(mix, opened, store, matcher, *progress));
  TESSERA_CHECK(store.take_in(opened, *progress));
  if (o.shred) TESSERA_CHECK(store.shred(*progress));
  const auto counts = found.compared.counts;
  const auto fit = found.compared.fit;
  const slips::ScoreFile file = comparer::answer_to(mix, opened, std::move(found), matcher);
  TESSERA_CHECK(slips::write_scores(o.output, file, signer, {.force = o.force}));
  say_compared(mix.header().schema, counts, fit);
  fmt::print("{}: {} pairs of entries, {} crowded blocks\n", o.output, file.scores.size(),
             file.crowds.size());
  return kDone;
}

Result<int> run_compare(Options& o) {
  TESSERA_CHECK(check_paths({{o.mix, o.matcher.model_file()}, {o.output}, o.force}));
  TESSERA_TRY(const seal::KeyPair signer, read_office_signer(o.sign_with, o.passphrase.ask()));
  TESSERA_TRY(const seal::PublicKey sender, read_office(o.from));
  TESSERA_TRY(const seal::KeyPair entries, seal::read_pair(o.open_with, o.passphrase.ask()));
  if (entries.open.use != seal::Use::entries)
    return Error{ErrorCode::usage, "a comparer opens entries alone: give the key for entries",
                 o.open_with};
  TESSERA_TRY(const std::unique_ptr<link::Matcher> matcher, o.matcher.make());
  TESSERA_TRY(const slips::MixFile mix, slips::MixFile::open(o.mix, sender));
  if (mix.header().standing) return compare_with_store(o, mix, entries, signer, *matcher);
  if (!o.store.empty())
    return Error{ErrorCode::usage, "is not mixed for a registry: it needs no store", o.mix};
  const auto progress = progress_bar();
  TESSERA_TRY(const auto opened, comparer::OpenedMix::open(mix, entries, *progress));
  TESSERA_TRY(const comparer::Compared compared,
              comparer::compare(opened, *matcher, floor_of(o.pairs_floor), *progress));
  const slips::ScoreHeader header{mix.header().batch, o.pairs_floor, compared.scores.size()};
  TESSERA_CHECK(
      slips::write_scores(o.output, {header, compared.scores, {}}, signer, {.force = o.force}));
  say_compared(mix.header().schema, compared.counts, compared.fit);
  fmt::print("{}: {} pairs of entries\n", o.output, compared.scores.size());
  return kDone;
}

Result<int> run_link(Options& o) {
  if (!(o.threshold >= 0.5 && o.threshold < 1))
    return Error{ErrorCode::usage, "--threshold is from 0.5 to below 1", ""};
  if (o.scores.size() > 1)
    return Error{ErrorCode::usage, "files are linked by the scores of one mix", ""};
  const std::string& where = o.scores.front();
  Paths paths{o.files, {o.output, o.pairs}, o.force};
  paths.read.push_back(where);
  TESSERA_CHECK(check_paths(paths));
  TESSERA_TRY(const seal::PublicKey sender, read_office(o.from));
  TESSERA_TRY(const encoded::Opening opening, read_registrars(o));
  TESSERA_TRY(const slips::ScoreFile scores, slips::read_scores(where, sender));
  TESSERA_TRY(const auto files, registrar::SlipSet::open(o.files, opening));
  TESSERA_TRY(const auto pairs, registrar::pairs_of(scores, files, where));
  const auto group = files.groups();
  const std::vector<float> probability = link::compete(pairs, group);
  const Names names(files);
  const LinkOutput output{o.output, o.pairs, scores.header.pairs_floor, o.force};
  if (!o.pairs.empty()) TESSERA_CHECK(write_pairs(output, names, pairs, probability));
  const auto links = links_of(pairs, probability, group, true);
  const auto root = cluster::clusters(links, group, {.threshold = link::logit_of(o.threshold)});
  TESSERA_TRY(const std::size_t clusters, write_clusters(output, names, root, links));
  say_clusters(pairs.size(), clusters);
  return kDone;
}

Result<int> run_assign(Options& o) {
  TESSERA_TRY(const Day day, day_of(o.day));
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "assign"));
  TESSERA_TRY(const seal::PublicKey sender, read_office(o.from));
  TESSERA_TRY(const encoded::Opening opening, read_registrars(o));
  TESSERA_TRY(const std::vector<registrar::Scores> scores, read_all_scores(o.scores, sender));
  TESSERA_TRY(auto sets, registrar::SlipSet::open_apart(o.files, opening));
  TESSERA_TRY(Opened opened, open_registry(o, sets, registry::Access::write));
  registry::Registry& registry = opened.registry;
  const AnswerFolder folder{o.out, o.force};
  if (!opened.stops.refused.empty()) return folder.refuse(opened.stops);
  TESSERA_TRY(intake::Weighed weighed, registrar::weigh(registry, sets, scores));
  TESSERA_CHECK(folder.prepare());  // nothing is made before all of the input was found good
  TESSERA_CHECK(o.lost.recall(registry));
  weighed.batch.provisional = o.provisional;
  weighed.batch.day = to_text(day);
  warn_if_over(registry.current(), weighed.batch.day);
  const auto random = o.seed.source();
  const auto progress = progress_bar();
  TESSERA_TRY(const registry::Receipt receipt,
              registrar::commit(registry, sets, scores, weighed, *random, *progress));
  Answer answer = answer_of(weighed, receipt);
  std::vector<intake::Notice> notices = std::move(opened.stops.notices);
  const std::vector<intake::Notice> repeated = intake::repeated_ssns(weighed);
  notices.insert(notices.end(), repeated.begin(), repeated.end());
  add_notices(notices, answer);
  json::Value summary = summary_of(weighed, receipt, answer);
  // What only the comparer knows.
  std::erase_if(*summary.as_object(), [](const json::Member& m) {
    return m.first == "pairs_compared" || m.first == "notes";
  });
  summary.set("stopped", stops_of(opened.stops));
  summary.set("ssn_repeated", static_cast<std::uint64_t>(repeated.size()));
  answer.text["summary.json"] = json::to_text(summary);
  TESSERA_CHECK(folder.give_out(pass, receipt, answer));
  o.lost.say(receipt);
  warn_of_stops(opened.stops, repeated.size());
  say_outcome(weighed, receipt, answer);
  return answer.statuses["review"] + answer.statuses["conflict"] > 0 ? kAttention : kDone;
}

CLI::App* add_office(CLI::App& group, const std::string& name, const std::string& help,
                     const std::shared_ptr<Options>& o, Result<int> (*run)(Options&),
                     Action& chosen) {
  CLI::App* verb = group.add_subcommand(name, help);
  verb->add_flag("--force", o->force, "replace existing files");
  verb->callback([&chosen, o, run] { chosen = [o, run] { return run(*o); }; });
  return verb;
}

// What a registrar reads: slips, and what opens their join sections.
void add_files(CLI::App& verb, Options& o) {
  o.sealed.add_to(verb);
  verb.add_option("FILES", o.files, "files of slips, as 'tessera encode --one-by-one' makes them")
      ->required()
      ->expected(1, 1 << 20);
}

void add_mix(CLI::App& group, Action& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* verb = add_office(group, "mix", "registrar: put the slips of all owners into one heap",
                              o, run_mix, chosen);
  add_files(*verb, *o);
  verb->add_option("-o,--output", o->mixes,
                   "mix to write, for the comparer; with files of several epochs one for each, the "
                   "newest first")
      ->required()
      ->take_all()
      ->allow_extra_args(false);
  verb->add_option("--sign-with", o->sign_with, "the registrar's signing key")->required();
  verb->add_option("--registry", o->registry,
                   "mix for 'split assign': only records with something new to say");
  verb->add_flag("--again", o->again, "take files that a batch took before");
  o->calendar.add_to(*verb);
  o->gate.add_to(*verb);
  o->seed.add_to(*verb);
  verb->footer(
      "Example:\n  tessera split mix north.slips south.slips --owners owners.json --open-with "
      "join.key \\\n    --sign-with registrar.key -o batch.mix");
}

void add_compare(CLI::App& group, Action& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* verb =
      add_office(group, "compare", "comparer: score the entries of a mix", o, run_compare, chosen);
  verb->add_option("MIX", o->mix, "mix from the registrar")->required();
  verb->add_option("-o,--output", o->output, "scores to write, for the registrar")->required();
  verb->add_option("--open-with", o->open_with, "the unit's key for entries")->required();
  o->passphrase.add_to(*verb);
  verb->add_option("--from", o->from, "the registrar's public key")->required();
  verb->add_option("--sign-with", o->sign_with, "the comparer's signing key")->required();
  verb->add_option("--store", o->store,
                   "the comparer's own store of entries, for a mix that is to be assigned");
  verb->add_flag("--anew", o->anew,
                 "the mix before this one will never be assigned: forget its entries");
  verb->add_flag("--shred", o->shred,
                 "write the store anew: of what the registrar has destroyed no byte stays in it");
  verb->add_option("--pairs-floor", o->pairs_floor,
                   "least probability of a pair to tell when linking; 0 tells all compared")
      ->capture_default_str();
  o->matcher.add_to(*verb);
  verb->footer(
      "Example:\n  tessera split compare batch.mix --from registrar.pub --open-with entries.key "
      "\\\n    --sign-with comparer.key -o batch.scores");
}

void add_split_link(CLI::App& group, Action& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* verb =
      add_office(group, "link", "registrar: clusters of records, from scores of their entries", o,
                 run_link, chosen);
  add_files(*verb, *o);
  verb->add_option("--scores", o->scores, "what the comparer made of their mix")
      ->required()
      ->expected(1);
  verb->add_option("--from", o->from, "the comparer's public key")->required();
  verb->add_option("-o,--output", o->output, "clusters to write: cluster,owner,record,probability")
      ->required();
  verb->add_option(
      "--pairs", o->pairs,
      "scored pairs: left_owner,left_record,right_owner,right_record,weight,probability");
  verb->add_option("--threshold", o->threshold, "least probability of a link")
      ->capture_default_str();
  verb->footer(
      "Example:\n  tessera split link north.slips south.slips --owners owners.json --open-with "
      "join.key \\\n    --scores batch.scores --from comparer.pub -o links.csv");
}

void add_split_assign(CLI::App& group, Action& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* verb = add_office(group, "assign", "registrar: permanent IDs, from scores of entries",
                              o, run_assign, chosen);
  add_files(*verb, *o);
  verb->add_option("--registry", o->registry, "registry made with --split")->required();
  verb->add_option("--scores", o->scores,
                   "what the comparer made of their mix; once for each mix of several epochs")
      ->required()
      ->take_all()
      ->allow_extra_args(false);
  verb->add_option("--from", o->from, "the comparer's public key")->required();
  verb->add_option("--out", o->out, "folder for the answer, as of 'tessera assign'")->required();
  verb->add_flag("--provisional", o->provisional,
                 "records that wait for review get a provisional ID");
  verb->add_flag("--again", o->again, "take files that a batch took before");
  o->calendar.add_to(*verb);
  o->lost.add_to(*verb);
  verb->add_option("--day", o->day,
                   "day of the batch, for the age of its questions (default: today, UTC)");
  o->seed.add_to(*verb);
  o->gate.add_to(*verb);
  verb->footer(
      "Example:\n  tessera split assign north.slips south.slips --owners owners.json --open-with "
      "join.key \\\n    --scores batch.scores --from comparer.pub --registry state.db --out "
      "batch-01\nExit status: as of 'tessera assign'.");
}

}  // namespace
}  // namespace split_verb

Result<seal::PublicKey> read_office(const std::string& path) {
  TESSERA_TRY(const seal::PublicFile file, seal::read_public(path));
  if (file.key.use != seal::Use::unit)
    return Error{ErrorCode::usage, "is no office's public key; --from wants one of --kind unit",
                 path};
  return file.key;
}

Result<seal::KeyPair> read_office_signer(const std::string& path, const seal::AskPassphrase& ask) {
  TESSERA_TRY(seal::KeyPair pair, seal::read_pair(path, ask));
  if (pair.open.use != seal::Use::unit)
    return Error{ErrorCode::usage, "is no office's signing key; make one with --kind unit", path};
  return pair;
}

Result<std::vector<registrar::Scores>> read_all_scores(const std::vector<std::string>& paths,
                                                       const seal::PublicKey& comparer) {
  std::vector<registrar::Scores> out;
  for (const std::string& path : paths) {
    TESSERA_TRY(slips::ScoreFile file, slips::read_scores(path, comparer));
    out.push_back({std::move(file), path});
  }
  return out;
}

void add_split(CLI::App& root, Action& chosen) {
  CLI::App* group = add_group(
      root, "split",
      "link and assign in two offices: one knows whose records are, the other compares them",
      "tessera split mix north.slips south.slips --owners owners.json --open-with join.key "
      "--sign-with registrar.key -o batch.mix");
  split_verb::add_mix(*group, chosen);
  split_verb::add_compare(*group, chosen);
  split_verb::add_split_link(*group, chosen);
  split_verb::add_split_assign(*group, chosen);
  add_split_ask(*group, chosen);
  add_split_evidence(*group, chosen);
  add_split_purge(*group, chosen);
}

}  // namespace tessera::cli
