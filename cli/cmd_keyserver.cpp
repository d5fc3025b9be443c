// tessera keyserver: makes a key service and keeps it: keys, owners, quotas, log.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "cli/group.h"
#include "cli/identity.h"
#include "cli/key_safe.h"
#include "cli/keyserver_verbs.h"
#include "cli/random_source.h"
#include "cli/say.h"
#include "engine/core/bytes.h"
#include "engine/core/file.h"
#include "engine/core/json.h"
#include "engine/keyserver/state.h"
#include "engine/schema/schema.h"
#include "engine/seal/key_text.h"

namespace tessera::cli {
namespace keyserver_verb {
namespace {

using keyserver::State;

struct Options {
  std::string state;
  std::string schema = "default";
  std::string name;
  std::string epoch;
  std::string output = "-";
  std::string owner;
  std::uint64_t enrolment = 0;
  double tags = 1.2;
  double margin = 1.1;
  std::uint64_t burst = 0;
  std::vector<std::string> quotas;
  bool restore = false;
  bool force = false;
  bool json = false;
  bool yes = false;
  bool locked = false;
  PassphraseOption passphrase;
  SeedOption seed;
};

// The epoch named, or else the only one that lives.
Result<std::string> epoch_of(State& state, const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  TESSERA_TRY(const auto epochs, state.epochs());
  std::vector<std::string> living;
  for (const auto& e : epochs)
    if (!e.destroyed) living.push_back(e.name);
  if (living.size() != 1)
    return Error{ErrorCode::usage,
                 fmt::format("name the epoch with --epoch; there are: {}", fmt::join(living, ", ")),
                 ""};
  return living[0];
}

Result<int> add_keys(const Options& o, State& state) {
  TESSERA_TRY(const schema::Schema s, schema::load(o.schema));
  const std::string epoch = o.epoch.empty() ? s.epoch : o.epoch;
  const auto names = schema::key_names(s);
  const auto random = o.seed.source();
  TESSERA_CHECK(state.add_epoch(epoch, names, *random, clock_seconds()));
  fmt::print("{}: key service {}, epoch {}: {} keys ({})\n", o.state, state.name(), epoch,
             names.size(), fmt::join(names, ", "));
  return kDone;
}

Result<int> init(const Options& o) {
  TESSERA_TRY(const schema::Schema s, schema::load(o.schema));  // before anything is made
  keyserver::Safe safe;
  if (o.locked || o.passphrase.given()) {
    TESSERA_TRY(SecretText words, o.passphrase.choose());
    safe = safe_under(std::move(words));
  }
  const bool open = !safe.lock;
  TESSERA_TRY(State state, State::create(o.state, o.name, clock_seconds(), std::move(safe)));
  TESSERA_TRY(const int done, add_keys(o, state));
  if (open)
    say_note(
        "this file holds the keys: whoever has it and the project key can test guesses. Keep it "
        "from owners and from the linkage unit.");
  return done;
}

Result<int> rotate(const Options& o) {
  TESSERA_TRY(State state, open_unlocked(o.state, o.passphrase));
  return add_keys(o, state);
}

Result<int> publish(const Options& o) {
  TESSERA_TRY(State state, State::open(o.state));
  TESSERA_TRY(const std::string epoch, epoch_of(state, o.epoch));
  TESSERA_TRY(const auto keys, state.public_keys(epoch));
  TESSERA_CHECK(write_file(o.output, json::to_text(schema::to_json(keys)), {.force = o.force}));
  return kDone;
}

// "KEY=N" of --quota.
Result<std::pair<std::string, std::uint64_t>> quota_named(const std::string& text) {
  const auto at = text.find('=');
  char* end = nullptr;
  const std::string number = at == std::string::npos ? "" : text.substr(at + 1);
  const std::uint64_t n = std::strtoull(number.c_str(), &end, 10);
  if (number.empty() || number[0] == '-' || *end != '\0')
    return Error{ErrorCode::usage, "--quota wants KEY=NUMBER, a key as 'keyserver show' lists it",
                 ""};
  return std::pair(text.substr(0, at), n);
}

Result<int> admit(const Options& o) {
  TESSERA_TRY(const seal::PublicFile file, seal::read_public(o.owner));
  const seal::PublicKey& owner = file.key;
  if (owner.use != seal::Use::owner || file.before)
    return Error{ErrorCode::crypto, "not an owner's first public key", o.owner};
  TESSERA_TRY(State state, State::open(o.state));
  TESSERA_TRY(const std::string epoch, epoch_of(state, o.epoch));
  TESSERA_TRY(const auto keys, state.public_keys(epoch));
  const auto usual =
      static_cast<std::uint64_t>(std::ceil(o.margin * o.tags * static_cast<double>(o.enrolment)));
  std::map<std::string, std::uint64_t> more;
  for (const auto& key : keys.service.keys)
    more[key.first] =
        key.first == schema::kSsnKey
            ? static_cast<std::uint64_t>(std::ceil(o.margin * static_cast<double>(o.enrolment)))
            : usual;
  for (const std::string& text : o.quotas) {
    TESSERA_TRY(const auto named, quota_named(text));
    if (!more.contains(named.first))
      return Error{ErrorCode::usage,
                   fmt::format("--quota: there is no key '{}' in epoch {}", named.first, epoch),
                   ""};
    more[named.first] = named.second;
  }
  const keyserver::Seconds now = clock_seconds();
  TESSERA_CHECK(state.admit(owner.name, owner.bytes, now));
  for (const auto& [key, n] : more)
    TESSERA_CHECK(state.grant(owner.name, epoch, key, n, o.burst == 0 ? n : o.burst, now));
  fmt::print("{}: admitted for epoch {}\n", owner.name, epoch);
  for (const auto& [key, n] : more) fmt::print("  {:<16} {} evaluations more\n", key, n);
  return kDone;
}

Result<int> revoke(const Options& o) {
  TESSERA_TRY(State state, State::open(o.state));
  TESSERA_CHECK(state.revoke(o.owner, !o.restore, clock_seconds()));
  fmt::print("{}: {}\n", o.owner, o.restore ? "answered again" : "answered no more");
  return kDone;
}

Result<int> destroy(const Options& o) {
  if (!o.yes)
    return Error{
        ErrorCode::usage,
        "destroying an epoch's keys cannot be undone: nothing can be encoded under it again. "
        "Give --yes",
        ""};
  TESSERA_TRY(State state, State::open(o.state));
  TESSERA_TRY(const auto head, state.destroy_epoch(o.epoch, clock_seconds()));
  fmt::print("{}: the keys of epoch {} are destroyed; log line {}, head {}\n", o.state, o.epoch,
             head.seq, to_hex(head.hash));
  return kDone;
}

Result<int> verify(const Options& o) {
  TESSERA_TRY(State state, State::open(o.state));
  const auto progress = progress_bar();
  TESSERA_TRY(const auto head, state.verify(*progress));
  fmt::print("{}: sound; {} log lines, head {}\n", o.state, head.seq, to_hex(head.hash));
  return kDone;
}

json::Value described(const State& state, const std::vector<keyserver::Epoch>& epochs,
                      const std::vector<keyserver::Owner>& owners,
                      const std::vector<keyserver::Quota>& quotas) {
  json::Array epoch_list, owner_list;
  for (const auto& e : epochs) {
    json::Object keys;
    for (const auto& key : e.keys) keys.emplace_back(key.first, to_hex(key.second));
    epoch_list.emplace_back(
        json::Object{{"epoch", e.name}, {"destroyed", e.destroyed}, {"keys", std::move(keys)}});
  }
  for (const auto& w : owners) {
    json::Array quota_list;
    for (const auto& q : quotas)
      if (q.owner == w.name)
        quota_list.emplace_back(json::Object{{"epoch", q.epoch},
                                             {"key", q.key},
                                             {"most", q.most},
                                             {"used", q.used},
                                             {"burst", q.burst}});
    owner_list.emplace_back(json::Object{{"owner", w.name},
                                         {"key", to_hex(w.key)},
                                         {"revoked", w.revoked},
                                         {"quotas", std::move(quota_list)}});
  }
  return json::Object{
      {"name", state.name()}, {"epochs", std::move(epoch_list)}, {"owners", std::move(owner_list)}};
}

Result<int> show(const Options& o) {
  TESSERA_TRY(State state, State::open(o.state));
  TESSERA_TRY(const auto epochs, state.epochs());
  TESSERA_TRY(const auto owners, state.owners());
  TESSERA_TRY(const auto quotas, state.quotas());
  if (o.json) {
    fmt::print("{}", json::to_text(described(state, epochs, owners, quotas)));
    return kDone;
  }
  fmt::print("key service  {}\n", state.name());
  for (const auto& e : epochs)
    fmt::print("epoch        {}: {}\n", e.name,
               e.destroyed ? "destroyed" : fmt::format("{} keys", e.keys.size()));
  for (const auto& w : owners) {
    fmt::print("owner        {}{}\n", w.name, w.revoked ? " (revoked)" : "");
    for (const auto& q : quotas)
      if (q.owner == w.name)
        fmt::print("  {:<10} {:<16} {} of {} used, {} an hour\n", q.epoch, q.key, q.used, q.most,
                   q.burst);
  }
  return kDone;
}

using Run = Result<int> (*)(const Options&);

// A verb on a state file, with options of its own.
CLI::App* add(CLI::App& group, Action& chosen, const std::shared_ptr<Options>& o, const char* name,
              const char* what, Run run, const char* footer) {
  CLI::App* verb = group.add_subcommand(name, what);
  verb->add_option("STATE", o->state, "the key service's file")->required();
  verb->footer(footer);
  verb->callback([&chosen, o, run] { chosen = [o, run] { return run(*o); }; });
  return verb;
}

void add_admit(CLI::App& group, Action& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* v = add(
      group, chosen, o, "admit", "answer an owner, up to a quota; again: raise the quota", admit,
      "Example:\n  tessera keyserver admit ks.db --owner north.pub --enrolment 13000\n"
      "Quota of a key and epoch: margin * enrolment * tags, added to what was granted "
      "before.");
  v->add_option("--owner", o->owner, "the owner's public key file")->required();
  v->add_option("--enrolment", o->enrolment, "records of the owner")->required();
  v->add_option("--epoch", o->epoch, "epoch (default: the only one)");
  v->add_option("--tags", o->tags, "mean block keys of a record in a pass")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 16.0));
  v->add_option("--margin", o->margin, "factor on the expected need")
      ->capture_default_str()
      ->check(CLI::Range(1.0, 100.0));
  v->add_option("--burst", o->burst, "most in an hour, of each key (default: the quota)");
  v->add_option("--quota", o->quotas, "KEY=N, in place of the computed quota")->take_all();
}

}  // namespace
}  // namespace keyserver_verb

CLI::Validator organisation_name() {
  return {
      [](std::string& s) {
        const bool good = !s.empty() && s.size() <= 64 && std::ranges::all_of(s, [](char c) {
          return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' ||
                 c == '-';
        });
        return good ? std::string()
                    : std::string("expected 1 to 64 letters, digits, dots, hyphens or underscores");
      },
      ""};
}

void add_keyserver_keeping(CLI::App& group, Action& chosen) {
  using namespace keyserver_verb;
  auto o = std::make_shared<Options>();
  CLI::App* v =
      add(group, chosen, o, "init", "make a key service: its file, and keys for one epoch", init,
          "Example:\n  tessera keyserver init ks.db --name registrar --schema schema.json");
  v->add_option("--name", o->name, "what schemas will call it: letters, digits, dots, hyphens")
      ->required()
      ->check(organisation_name());
  v->add_option("--schema", o->schema, "the schema whose passes get keys")->capture_default_str();
  v->add_flag("--passphrase", o->locked, "lock the keys with a passphrase");
  o->passphrase.add_to(*v);
  o->seed.add_to(*v);

  o = std::make_shared<Options>();
  v = add(group, chosen, o, "rotate", "make keys for a further epoch; the others stay", rotate,
          "Example:\n  tessera keyserver rotate ks.db --schema schema.json --epoch 2031");
  v->add_option("--schema", o->schema, "the schema whose passes get keys")->capture_default_str();
  v->add_option("--epoch", o->epoch, "name of the new epoch (default: the schema's)");
  o->passphrase.add_to(*v);
  o->seed.add_to(*v);

  o = std::make_shared<Options>();
  v = add(group, chosen, o, "public", "the public keys of an epoch, to be named by a schema",
          publish,
          "Example:\n  tessera keyserver public ks.db -o registrar.json\n"
          "  tessera schema show default --key-service registrar.json -o schema.json");
  v->add_option("--epoch", o->epoch, "epoch (default: the only one)");
  v->add_option("-o,--output", o->output, "file to write (default: standard output)");
  v->add_flag("--force", o->force, "replace an existing file");

  o = std::make_shared<Options>();
  v = add(group, chosen, o, "show", "epochs, owners and what they used", show,
          "Example:\n  tessera keyserver show ks.db");
  v->add_flag("--json", o->json, "for programs");

  add_admit(group, chosen);

  o = std::make_shared<Options>();
  v = add(group, chosen, o, "revoke", "answer an owner no more, from its next request on", revoke,
          "Example:\n  tessera keyserver revoke ks.db --owner north");
  v->add_option("--owner", o->owner, "the owner's name")->required();
  v->add_flag("--restore", o->restore, "answer it again");

  o = std::make_shared<Options>();
  v = add(group, chosen, o, "destroy", "destroy an epoch's keys, for good", destroy,
          "Example:\n  tessera keyserver destroy ks.db --epoch 2026 --yes\n"
          "What is printed is the certificate: the log's line and head.");
  v->add_option("--epoch", o->epoch, "epoch")->required();
  v->add_flag("--yes", o->yes, "yes, for good");

  o = std::make_shared<Options>();
  add(group, chosen, o, "verify", "check the log's chain, and that the file holds what the log says",
      verify,
      "Example:\n  tessera keyserver verify ks.db\nExit status: 0 sound, 4 damaged or changed.");
}

void add_keyserver(CLI::App& root, Action& chosen) {
  using namespace keyserver_verb;
  CLI::App* group =
      add_group(root, "keyserver", "a key service: evaluates blinded block keys, sees none of them",
                "tessera keyserver init ks.db --name registrar --schema schema.json");
  add_keyserver_keeping(*group, chosen);
  add_keyserver_serving(*group, chosen);
}

}  // namespace tessera::cli
