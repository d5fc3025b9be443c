// tessera ssn: the purge with its certificate, and how declining fares.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "cli/certificate.h"
#include "cli/collection_verb.h"
#include "cli/gated_verb.h"
#include "cli/group.h"
#include "cli/opening_options.h"
#include "cli/paths.h"
#include "cli/random_source.h"
#include "cli/say.h"
#include "cli/split_verbs.h"
#include "cli/verb.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/core/json.h"
#include "engine/registrar/purging.h"
#include "engine/registry/collection.h"

namespace tessera::cli {
namespace ssn_verb {
namespace {

struct Options {
  std::string registry, from, output;
  std::vector<std::string> orders, receipts;  // of a registrar's purge, one for each epoch
  std::string sign_with;
  PassphraseOption passphrase;
  bool json = false, force = false;
  Gate gate;
  SeedOption seed;
};

Result<std::string> ssn_field(const registry::Registry& r) {
  const auto field = r.schema().field(schema::Kind::ssn);
  if (field) return r.schema().fields[*field].name;
  return Error{ErrorCode::usage, "the registry's schema has no SSN, so none is ever taken",
               r.path()};
}

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

Result<int> show_parity(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "ssn parity"));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(const auto rows, registry::parity(r));
  const std::vector<std::string_view> header = {
      "ssn_state",    "records",     "with_id",     "assign_rate",
      "waiting",      "review_rate", "provisional", "suspected_duplicates",
      "batches_to_id"};
  json::Array all;
  std::string text;
  csv::append_row(text, header);
  for (const registry::Parity& p : rows) {
    const std::string cells[] = {std::string(encoded::name_of(p.state)),
                                 std::to_string(p.records),
                                 std::to_string(p.with_id),
                                 fmt::format("{:.4f}", share(p.with_id, p.records)),
                                 std::to_string(p.waiting),
                                 fmt::format("{:.4f}", share(p.waiting, p.records)),
                                 std::to_string(p.provisional),
                                 std::to_string(p.suspected),
                                 fmt::format("{:.4f}", share(p.batches, p.with_id))};
    json::Object object;
    std::vector<std::string_view> row;
    for (std::size_t i = 0; i < header.size(); ++i) {
      object.emplace_back(std::string(header[i]), cells[i]);
      row.push_back(cells[i]);
    }
    all.emplace_back(std::move(object));
    csv::append_row(text, row);
  }
  TESSERA_CHECK(pass.answered(
      {.fields = {header.begin(), header.end()}, .rows = static_cast<std::int64_t>(rows.size())}));
  fmt::print("{}", o.json ? json::to_text(json::Object{{"states", std::move(all)}}) : text);
  return kDone;
}

// A registry whose SSNs nobody may send any more.
Result<registry::Registry> open_stopped(const Options& o, registry::Access access) {
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, access));
  TESSERA_TRY(const std::string field, ssn_field(r));
  TESSERA_TRY(const auto rules, registry::collection_rules(r));
  if (!registry::stopped_for_all(rules, field, access::day_of(o.gate.now())))
    return Error{ErrorCode::conflict,
                 "SSNs may still be sent: stop them for all owners first with 'tessera ssn stop'",
                 o.registry};
  return r;
}

// A registrar's: the comparer holds what is to go.
Result<int> order(const Options& o) {
  TESSERA_CHECK(check_paths({{o.registry}, o.orders, o.force}));
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "ssn purge"));
  TESSERA_TRY(const seal::KeyPair signer, read_office_signer(o.sign_with, o.passphrase.ask()));
  TESSERA_TRY(registry::Registry r, open_stopped(o, registry::Access::read));
  TESSERA_TRY(const std::vector<registrar::EpochOrder> orders, registrar::order_purge(r));
  if (orders.size() != o.orders.size())
    return Error{ErrorCode::usage,
                 fmt::format("the comparer has stores of {} epochs: give --order for each, the "
                             "newest epoch's first",
                             orders.size()),
                 o.registry};
  for (std::size_t i = 0; i < orders.size(); ++i)
    TESSERA_CHECK(slips::write_order(o.orders[i], orders[i].order, signer, {.force = o.force}));
  TESSERA_CHECK(pass.answered({}));
  for (std::size_t i = 0; i < orders.size(); ++i)
    fmt::print("{}: an order over {} entries{}; nothing is purged until its receipt is taken in\n",
               o.orders[i], orders[i].order.live.size(),
               orders.size() > 1 ? " of epoch " + orders[i].epoch : "");
  return kDone;
}

Result<int> purge(const Options& o) {
  if (!o.orders.empty()) {
    if (o.sign_with.empty() || !o.receipts.empty() || !o.output.empty())
      return Error{ErrorCode::usage, "--order goes with --sign-with alone", ""};
    return order(o);
  }
  if (o.output.empty()) return Error{ErrorCode::usage, "-o names the certificate to write", ""};
  if (o.receipts.empty() != o.from.empty())
    return Error{ErrorCode::usage, "--receipt goes with --from", ""};
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "ssn purge"));
  TESSERA_TRY(registry::Registry r, open_stopped(o, registry::Access::write));
  TESSERA_TRY(const SigningKey key, SigningKey::read(o.registry + ".key"));
  json::Value certificate = json::Object{{"what", "tessera-purge-certificate-v1"},
                                         {"day", access::day_of(o.gate.now())},
                                         {"registry", to_hex(r.name())},
                                         {"public_key", to_hex(r.public_key())}};
  const auto random = o.seed.source();
  const auto progress = progress_bar();
  registry::PurgeCount n;
  if (o.receipts.empty()) {
    if (r.split())
      return Error{ErrorCode::conflict,
                   "is a registrar's, whose entries are with a comparer: write an order with "
                   "--order, and take the comparer's answer in with --receipt",
                   o.registry};
    TESSERA_TRY(n, registry::purge_ssn(r, *random, *progress));
  } else {
    TESSERA_TRY(const seal::PublicKey sender, read_office(o.from));
    std::vector<registrar::Receipt> receipts;
    for (const std::string& path : o.receipts) {
      TESSERA_TRY(slips::PurgeReceipt receipt, slips::read_receipt(path, sender));
      receipts.push_back({std::move(receipt), path});
    }
    TESSERA_TRY(n, registrar::take_receipts(r, receipts, *random, *progress));
    certificate.set("comparer", to_hex(sender.bytes));
  }
  TESSERA_CHECK(pass.answered({.head = head_text(n.head.head)}));
  certificate.set("records", n.records);
  certificate.set("tokens", n.tokens);
  certificate.set("entries", n.entries);
  certificate.set("payload_digests", n.payloads);
  certificate.set("chain", to_json(n.head));
  TESSERA_CHECK(write_certificate(o.output, std::move(certificate), key, o.force));
  fmt::print("purged: {} records held an SSN; {} tokens, {} entries and {} payload digests gone\n",
             n.records, n.tokens, n.entries, n.payloads);
  say_note("copies made before today still hold them: destroy old backups, or their keys");
  return kDone;
}

CLI::App* add_verb(CLI::App& group, Action& chosen, const char* name, const char* what,
                   const std::shared_ptr<Options>& o, Result<int> (*run)(const Options&)) {
  return add_gated_verb(group, chosen, name, what, "--registry", o, run);
}

}  // namespace
}  // namespace ssn_verb

void add_ssn(CLI::App& root, Action& chosen) {
  using namespace ssn_verb;
  CLI::App* group = add_group(root, "ssn", "stop, count and purge Social Security numbers",
                              "tessera ssn parity --registry state.db");
  add_stop_switch(*group, chosen, true);
  auto y = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(*group, chosen, "parity", "how records fare by SSN state", y, show_parity);
  verb->add_flag("--json", y->json, "as JSON");
  verb->footer(
      "Example:\n  tessera ssn parity --registry state.db\n"
      "Declining must cost nothing: compare the rates of declined and provided.");
  auto p = std::make_shared<Options>();
  verb = add_verb(*group, chosen, "purge", "take every byte that came from an SSN out for good", p,
                  purge);
  verb->add_option("-o,--output", p->output, "certificate to write");
  verb->add_option(
          "--order", p->orders,
          "of a registrar: order to write for 'tessera split purge', and nothing else; one "
          "for each live epoch, the newest first")
      ->take_all()
      ->allow_extra_args(false);
  verb->add_option("--sign-with", p->sign_with, "the registrar's signing key, with --order");
  verb->add_option("--receipt", p->receipts,
                   "of a registrar: what the comparer answered the order; every epoch's")
      ->take_all()
      ->allow_extra_args(false);
  verb->add_option("--from", p->from, "the comparer's public key, with --receipt");
  p->passphrase.add_to(*verb);
  verb->add_flag("--force", p->force, "replace an existing file");
  p->seed.add_to(*verb);
  verb->footer(
      "Example:\n  tessera ssn purge --registry state.db -o certificate.json\n"
      "A registrar's registry: first --order, then 'tessera split purge' at the comparer, then "
      "--receipt.\n"
      "Needs a stop for all owners. State IDs and links stay; the certificate counts what went and "
      "is\nsigned. Exit status: 0 done, 2 usage, 3 io, 6 refused, or another process is reading.");
  add_certificate_check(*group, chosen, "check the signature of a purge certificate",
                        "ssn check certificate.json --key registry.pub");
}

}  // namespace tessera::cli
