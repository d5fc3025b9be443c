// tessera audit: proof of what happened, for people who trust nothing but a public key.
#include <memory>

#include <fmt/format.h>

#include "cli/access_verbs.h"
#include "cli/gate.h"
#include "cli/group.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/core/file.h"
#include "engine/core/json.h"
#include "engine/ledger/chain_file.h"
#include "engine/registry/registry.h"

namespace tessera::cli {
namespace audit_verb {
namespace {

struct Options {
  std::string chain;     // an exported chain
  std::string registry;  // or a registry
  std::string key;
  std::vector<std::string> receipts;
  std::string output;
  bool json = false;
  bool access = false;  // the access log's chain
  bool force = false;
  Gate gate;
};

Result<std::vector<ledger::SignedHead>> read_receipts(const std::vector<std::string>& paths) {
  std::vector<ledger::SignedHead> out;
  for (const std::string& path : paths) {
    TESSERA_TRY(const std::string text, read_file(path, std::size_t{1} << 26));
    TESSERA_TRY(const ledger::SignedHead head, ledger::read_receipt(text, path));
    out.push_back(head);
  }
  return out;
}

Result<ledger::CheckedChain> check(const Options& o, const PublicKey& key,
                                   const std::vector<ledger::SignedHead>& receipts) {
  if (!o.chain.empty()) {
    TESSERA_TRY(const MappedFile file, MappedFile::open(o.chain));
    return ledger::check_chain(as_text(file.view()), o.chain, key, receipts);
  }
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  ledger::CheckedChain out;
  out.chain.assign(r.name().begin(), r.name().end());
  ledger::ChainCheck chain(key, out.chain, receipts, o.registry);
  const auto progress = progress_bar();
  TESSERA_TRY(out.head, ledger::verify_signed_chain(r.database(), chain, *progress));
  out.signed_heads = chain.signed_heads();
  return out;
}

Result<int> verify(const Options& o) {
  if (o.chain.empty() == o.registry.empty())
    return Error{ErrorCode::usage, "give an exported chain, or --registry", ""};
  TESSERA_TRY(const PublicKey key, read_public_key(o.key));
  TESSERA_TRY(const auto receipts, read_receipts(o.receipts));
  TESSERA_TRY(const ledger::CheckedChain found, check(o, key, receipts));
  for (std::size_t i = 0; i < receipts.size(); ++i)
    if (!ledger::verifies(key, found.chain, receipts[i]))
      return Error{ErrorCode::format, "the signature of this receipt is not the registry's",
                   o.receipts[i]};
  if (o.json) {
    fmt::print("{}",
               json::to_text(json::Object{{"intact", true},
                                          {"chain", to_hex(found.chain)},
                                          {"events", found.head.seq},
                                          {"signed_heads", found.signed_heads},
                                          {"receipts", static_cast<std::uint64_t>(receipts.size())},
                                          {"head", to_hex(found.head.hash)}}));
    return kDone;
  }
  fmt::print("intact: {} events, {} signed heads, {} receipt{} met, head {}\n", found.head.seq,
             found.signed_heads, receipts.size(), receipts.size() == 1 ? "" : "s",
             to_hex(found.head.hash));
  if (receipts.empty())
    say_note("without a receipt nobody can tell whether the newest commits were cut off");
  return kDone;
}

Result<int> export_chain(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "audit export"));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(AtomicFile out, AtomicFile::create(o.output, {.force = o.force, .mode = 0640}));
  const auto progress = progress_bar();
  if (o.access) {
    if (!pass.enforced())
      return Error{ErrorCode::usage, "this registry has no accounts, so no access log", o.registry};
    TESSERA_CHECK(ledger::write_chain(pass.log().database(), pass.log().chain(), r.public_key(),
                                      out, *progress));
  } else {
    TESSERA_CHECK(ledger::write_chain(r.database(), r.name(), r.public_key(), out, *progress));
  }
  TESSERA_CHECK(pass.answered({.fields = {"chain"}}));
  TESSERA_CHECK(out.commit());
  return kDone;
}

Result<int> show_key(const Options& o) {
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_CHECK(write_file(o.output, public_key_text(r.public_key()), {.force = o.force}));
  return kDone;
}

void add_verify(CLI::App& group, Action& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand(
      "verify", "recompute every hash and check every signature, offline, with the public key");
  verb->add_option("CHAIN", o->chain, "exported chain ('tessera audit export')");
  verb->add_option("--registry", o->registry, "a registry in place of an exported chain");
  verb->add_option("--key", o->key, "public key of the registry ('tessera audit key')")->required();
  verb->add_option("--receipt", o->receipts,
                   "summary.json of an assign: the chain must still contain its head");
  verb->add_flag("--json", o->json, "as JSON");
  verb->footer(
      "Example:\n  tessera audit verify chain.jsonl --key registry.pub --receipt "
      "batch-09/summary.json\n"
      "Finds any event that was altered, dropped, moved, added or cut off. The newest commits can\n"
      "be cut off without a trace inside the file: give the last receipt you know of.\n"
      "Exit status: 0 intact, 2 usage, 3 io, 4 not what the registry signed.");
  verb->callback([&chosen, o] { chosen = [o] { return verify(*o); }; });
}

void add_files(CLI::App& group, Action& chosen) {
  auto e = std::make_shared<Options>();
  CLI::App* out = group.add_subcommand("export", "write the whole chain, for a third party");
  out->add_option("--registry", e->registry, "registry")->required();
  out->add_option("-o,--output", e->output, "file to write, JSON lines")->required();
  out->add_flag("--access-log", e->access,
                "the chain of the access log in place of the registry's");
  out->add_flag("--force", e->force, "replace an existing file");
  e->gate.add_to(*out);
  out->footer(
      "Example:\n  tessera audit export --registry state.db -o chain.jsonl\n"
      "Events hold state IDs and record keys, no names, tags or tokens: for an auditor bound by\n"
      "agreement. 'tessera audit pack' is for everybody else.");
  out->callback([&chosen, e] { chosen = [e] { return export_chain(*e); }; });
  auto k = std::make_shared<Options>();
  k->output = "-";
  CLI::App* key = group.add_subcommand("key", "the public key that the registry's signatures need");
  key->add_option("--registry", k->registry, "registry")->required();
  key->add_option("-o,--output", k->output, "file to write (default: standard output)");
  key->add_flag("--force", k->force, "replace an existing file");
  key->footer(
      "Example:\n  tessera audit key --registry state.db -o registry.pub\n"
      "Publish it: whoever checks a chain must have the key from elsewhere than the chain.");
  key->callback([&chosen, k] { chosen = [k] { return show_key(*k); }; });
}

}  // namespace
}  // namespace audit_verb

void add_audit(CLI::App& root, Action& chosen) {
  using namespace audit_verb;
  CLI::App* group = add_group(root, "audit", "proof of what happened in a registry",
                              "tessera audit export --registry state.db -o chain.jsonl");
  add_verify(*group, chosen);
  add_files(*group, chosen);
  add_audit_access(*group, chosen);
  add_audit_breach(*group, chosen);
}

}  // namespace tessera::cli
