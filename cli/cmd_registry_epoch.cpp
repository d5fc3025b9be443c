// tessera registry epoch: spans of years with keys of their own, opened, counted and ended.
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/certificate.h"
#include "cli/gated_verb.h"
#include "cli/group.h"
#include "cli/opening_options.h"
#include "cli/paths.h"
#include "cli/registry_verbs.h"
#include "cli/say.h"
#include "cli/split_verbs.h"
#include "cli/today.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/registrar/purging.h"
#include "engine/registry/change.h"
#include "engine/registry/epoch.h"
#include "engine/registry/state_id.h"
#include "engine/schema/epoch_span.h"

namespace tessera::cli {
namespace registry_epoch_verb {
namespace {

struct Options {
  std::string registry, schema, key_check, epoch, output, lost;
  std::string order, receipt, sign_with, from;  // of a registrar's end
  PassphraseOption passphrase;
  registry::Author author;
  bool json = false, force = false;
  Gate gate;
};

Result<const registry::Epoch*> epoch_named(const registry::Registry& r, const std::string& name) {
  const auto at = std::ranges::find(r.epochs(), name, &registry::Epoch::name);
  if (at != r.epochs().end()) return &*at;
  return Error{ErrorCode::usage,
               fmt::format("has no epoch {}; 'tessera registry epoch list' names them", name),
               r.path()};
}

Result<int> add(const Options& o) {
  TESSERA_TRY(const schema::Schema schema, schema::load(o.schema));
  std::optional<registry::KeyCheck> key_check;
  if (!o.key_check.empty()) {
    TESSERA_TRY(key_check, parse_key_check(o.key_check));
  }
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "registry epoch add"));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::write));
  TESSERA_TRY(const auto head, registry::open_epoch(r, schema, key_check));
  TESSERA_CHECK(pass.answered({.head = head_text(head.head)}));
  fmt::print("{}: epoch {} is the current one; live: ", o.registry, r.current().name);
  std::string comma;
  for (const registry::Epoch& e : r.epochs())
    if (e.live()) fmt::print("{}{}", std::exchange(comma, ", "), e.name);
  fmt::print("\n");
  return kDone;
}

std::string state_of(const registry::Registry& r, const registry::Epoch& e,
                     const registry::EpochCount& n) {
  if (!e.live()) return n.entries == 0 ? "ended" : "ended, end it again: not all is shredded";
  const auto span = schema::epoch_span(e.name);
  const bool over = span && to_text(today()) > span->last;
  return (e.number == r.current().number ? "current" : "live") +
         std::string(over ? ", its years are over" : "");
}

Result<int> list(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "registry epoch list"));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  json::Array all;
  std::string text = "epoch,state,key_check,records,entries,persons_only_here\n";
  for (const registry::Epoch& e : r.epochs()) {
    TESSERA_TRY(const registry::EpochCount n, registry::count_epoch(r, e));
    const std::string check = e.key_check ? to_hex(*e.key_check) : "";
    const std::string state = state_of(r, e, n);
    all.push_back(json::Object{{"epoch", e.name},
                               {"state", state},
                               {"key_check", check},
                               {"records", n.records},
                               {"entries", n.entries},
                               {"persons_only_here", n.only_here}});
    csv::append_row(text, {e.name, state, check, std::to_string(n.records),
                           std::to_string(n.entries), std::to_string(n.only_here)});
  }
  TESSERA_CHECK(pass.answered(
      {.fields = {"epoch", "state", "key_check", "records", "entries", "persons_only_here"},
       .rows = static_cast<std::int64_t>(r.epochs().size())}));
  fmt::print("{}", o.json ? json::to_text(json::Object{{"epochs", std::move(all)}}) : text);
  return kDone;
}

// One table for the state, and one for each owner with what it may see of it.
Result<void> write_lists(const std::string& folder, const std::vector<registry::LeftBehind>& left,
                         bool force) {
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec) return Error{ErrorCode::io, "cannot make this folder: " + ec.message(), folder};
  std::map<std::string, std::string> files;
  std::string& all = files["left-behind.csv"] = "state_id,owner,population,record\n";
  for (const registry::LeftBehind& l : left) {
    const std::string id = registry::to_text(l.id);
    const std::string key = to_hex(l.key);
    csv::append_row(all, {id, l.owner, encoded::name_of(l.population), key});
    std::string& own = files[l.owner + ".csv"];
    if (own.empty()) own = "record,state_id,status\n";
    csv::append_row(own, {key, id, "left behind"});
  }
  for (const auto& [name, text] : files)
    TESSERA_CHECK(write_file(folder + "/" + name, text, {.force = force, .mode = 0640}));
  return {};
}

access::AccessLog::Shown shown_of(const std::vector<registry::LeftBehind>& left) {
  access::AccessLog::Shown shown;
  shown.fields = {"state_id", "owner", "population", "record"};
  for (const registry::LeftBehind& l : left) shown.ids.push_back(registry::to_text(l.id));
  shown.rows = static_cast<std::int64_t>(left.size());
  return shown;
}

Result<int> left(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "registry epoch left"));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(const registry::Epoch* epoch, epoch_named(r, o.epoch));
  TESSERA_TRY(const auto left, registry::left_behind(r, *epoch));
  TESSERA_TRY(const registry::EpochCount n, registry::count_epoch(r, *epoch));
  TESSERA_CHECK(pass.answered(shown_of(left)));
  TESSERA_CHECK(write_lists(o.lost, left, o.force));
  fmt::print("{}: {} persons, {} records {}\n", o.epoch, n.only_here, left.size(),
             epoch->live() ? "that no other live epoch shows" : "left behind when it ended");
  return n.only_here == 0 ? kDone : kAttention;
}

// Which of its three forms an end has: in the plain deployment, or a registrar's two steps.
Result<void> check_form(const Options& o, const registry::Registry& r) {
  if (!r.split() && (!o.order.empty() || !o.receipt.empty()))
    return Error{ErrorCode::conflict,
                 "holds its entries itself: its epochs end without --order and --receipt",
                 o.registry};
  if (r.split() && o.order.empty() && o.receipt.empty())
    return Error{ErrorCode::conflict,
                 "is a registrar's, whose entries are with a comparer: end the epoch with --order, "
                 "and take the comparer's answer in with --receipt",
                 o.registry};
  if (o.order.empty() == o.output.empty())
    return Error{ErrorCode::usage,
                 "-o names the certificate to write; with --order there is none yet", ""};
  if (o.order.empty() != o.sign_with.empty() || o.receipt.empty() != o.from.empty())
    return Error{ErrorCode::usage, "--order goes with --sign-with, --receipt with --from", ""};
  return {};
}

// What the comparer shredded; the epoch has ended here before.
Result<registrar::Receipt> read_answer(const Options& o) {
  TESSERA_TRY(const seal::PublicKey sender, read_office(o.from));
  TESSERA_TRY(slips::PurgeReceipt file, slips::read_receipt(o.receipt, sender));
  return registrar::Receipt{std::move(file), o.receipt};
}

Result<int> give_order(const Options& o, const registry::Registry& r, const registry::Epoch& epoch,
                       const registry::EpochEnd& n, const seal::KeyPair& signer) {
  TESSERA_CHECK(
      slips::write_order(o.order, registrar::order_end(r, epoch, n), signer, {.force = o.force}));
  fmt::print(
      "epoch {} has ended: handles of {} entries of {} records are gone; {} persons left behind\n"
      "{}: the comparer's order to shred its store of the epoch\n",
      epoch.name, n.entries, n.records, n.not_found, o.order);
  say_note("without the comparer's receipt there is no certificate");
  return kDone;
}

Result<json::Value> certificate_of(const Options& o, const registry::Registry& r,
                                   const registry::Epoch& epoch, const registry::EpochEnd& n) {
  json::Value key_check;
  if (epoch.key_check) key_check = to_hex(*epoch.key_check);
  json::Value out = json::Object{{"what", "tessera-epoch-certificate-v1"},
                                 {"day", access::day_of(o.gate.now())},
                                 {"registry", to_hex(r.name())},
                                 {"public_key", to_hex(r.public_key())},
                                 {"epoch", epoch.name},
                                 {"key_check", key_check},
                                 {"records", n.records},
                                 {"entries", n.entries},
                                 {"persons_left_behind", n.not_found},
                                 {"by", n.who},
                                 {"reason", n.why}};
  if (!o.receipt.empty()) {
    TESSERA_TRY(const registrar::Receipt receipt, read_answer(o));
    TESSERA_CHECK(registrar::check_ended(r, epoch, n, receipt));
    TESSERA_TRY(const seal::PublicKey sender, read_office(o.from));
    out.set("comparer", to_hex(sender.bytes));
    out.set("comparer_entries", receipt.file.entries);
  }
  out.set("chain", to_json(n.head));
  return out;
}

Result<int> end(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "registry epoch end"));
  TESSERA_TRY(const std::string by, pass.author(o.author.who));
  TESSERA_CHECK(check_paths({{o.registry, o.receipt}, {o.output, o.order}, o.force}));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::write));
  TESSERA_CHECK(check_form(o, r));
  std::optional<seal::KeyPair> signer;
  if (!o.order.empty()) {
    TESSERA_TRY(signer, read_office_signer(o.sign_with, o.passphrase.ask()));
  }
  TESSERA_TRY(const registry::Epoch* epoch, epoch_named(r, o.epoch));
  if (!o.receipt.empty() && epoch->live())
    return Error{ErrorCode::conflict,
                 fmt::format("epoch {} has not ended here: end it with --order first", o.epoch),
                 o.registry};
  if (!o.receipt.empty()) TESSERA_CHECK(read_answer(o));
  TESSERA_TRY(const auto left, registry::left_behind(r, *epoch));
  TESSERA_TRY(const SigningKey key, SigningKey::read(o.registry + ".key"));
  if (!o.lost.empty()) TESSERA_CHECK(write_lists(o.lost, left, o.force));
  const auto progress = progress_bar();
  TESSERA_TRY(const registry::EpochEnd n,
              registry::end_epoch(r, epoch->number, {by, o.author.why}, *progress));
  access::AccessLog::Shown shown = shown_of(left);
  shown.head = head_text(n.head.head);
  TESSERA_CHECK(pass.answered(std::move(shown)));
  if (signer) return give_order(o, r, *epoch, n, *signer);
  TESSERA_TRY(json::Value certificate, certificate_of(o, r, *epoch, n));
  TESSERA_CHECK(write_certificate(o.output, std::move(certificate), key, o.force));
  fmt::print("epoch {} has ended: {} entries of {} records are shredded; {} persons left behind\n",
             epoch->name, n.entries, n.records, n.not_found);
  say_note(
      "now destroy the epoch's project key wherever it is held, its keys at the key service "
      "('tessera keyserver destroy'), and backups made before today");
  return kDone;
}

CLI::App* add_verb(CLI::App& group, Action& chosen, const char* name, const char* what,
                   const std::shared_ptr<Options>& o, Result<int> (*run)(const Options&)) {
  return add_gated_verb(group, chosen, name, what, "REGISTRY", o, run);
}

void add_left_and_end(CLI::App& group, Action& chosen) {
  auto b = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(group, chosen, "left", "who is lost when an epoch ends, or was", b, left);
  verb->add_option("--epoch", b->epoch, "its name")->required();
  verb->add_option("--out", b->lost, "folder for left-behind.csv and a list for each owner")
      ->required();
  verb->add_flag("--force", b->force, "replace existing files");
  verb->footer(
      "Example:\n  tessera registry epoch left state.db --epoch 2025-2029 --out left\n"
      "An owner that encodes these records under the current epoch takes them off the list. Exit "
      "status:\n0 nobody, 1 somebody, 2 usage, 3 io.");
  auto e = std::make_shared<Options>();
  verb = add_verb(group, chosen, "end", "end an epoch: shred all that came from its keys", e, end);
  verb->add_option("--epoch", e->epoch, "its name")->required();
  verb->add_option("--by", e->author.who, "who answers for it (default: who is signed in)");
  verb->add_option("--reason", e->author.why, "why, in a few words; it stays for ever")->required();
  verb->add_option("-o,--output", e->output, "certificate to write");
  verb->add_option("--order", e->order,
                   "of a registrar: end it here, and write the order for 'tessera split purge'");
  verb->add_option("--sign-with", e->sign_with, "the registrar's signing key, with --order");
  verb->add_option("--receipt", e->receipt, "of a registrar: what the comparer answered the order");
  verb->add_option("--from", e->from, "the comparer's public key, with --receipt");
  e->passphrase.add_to(*verb);
  verb->add_option("--out", e->lost, "folder for the lists of who is left behind");
  verb->add_flag("--force", e->force, "replace existing files");
  verb->footer(
      "Example:\n  tessera registry epoch end state.db --epoch 2025-2029 --by e.dunn --reason "
      "'five years' -o ended.json --out left\n"
      "A registrar's registry: first --order, then 'tessera split purge' at the comparer, then "
      "--receipt.\n"
      "State IDs stay; a known record key keeps its ID. Run it again if it was cut short. Exit "
      "status: 0\ndone, 2 usage, 3 io, 6 refused, or another process is reading.");
}

}  // namespace
}  // namespace registry_epoch_verb

void add_registry_epoch(CLI::App& registry, Action& chosen) {
  using namespace registry_epoch_verb;
  CLI::App* group = add_group(registry, "epoch", "epochs: opened, counted, ended",
                              "tessera registry epoch list state.db");
  auto a = std::make_shared<Options>();
  CLI::App* verb = add_verb(*group, chosen, "add", "take files of the next epoch too", a, add);
  verb->add_option("--schema", a->schema, "linkage schema with the new epoch's name")->required();
  verb->add_option("--key-check", a->key_check,
                   "check value of the epoch's project key (default: the first batch's)");
  verb->footer(
      "Example:\n  tessera registry epoch add state.db --schema 2030.json --key-check 01234567\n"
      "From here on someone new is encoded under every live epoch, the others under this one. "
      "Exit\nstatus: 0 done, 2 usage, 3 io, 6 refused.");
  auto l = std::make_shared<Options>();
  verb = add_verb(*group, chosen, "list", "epochs and what they hold", l, list);
  verb->add_flag("--json", l->json, "as JSON");
  verb->footer("Example:\n  tessera registry epoch list state.db");
  add_left_and_end(*group, chosen);
  add_certificate_check(*group, chosen, "check the signature of an epoch's certificate",
                        "registry epoch check ended.json --key registry.pub");
}

}  // namespace tessera::cli
