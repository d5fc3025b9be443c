// tessera split purge: the comparer carries out a registrar's order to purge SSNs, or the end of an
// epoch.
#include <memory>

#include <fmt/format.h>

#include "cli/group.h"
#include "cli/opening_options.h"
#include "cli/paths.h"
#include "cli/say.h"
#include "cli/split_verbs.h"
#include "engine/comparer/purge_store.h"

namespace tessera::cli {
namespace split_purge_verb {
namespace {

struct Options {
  std::string order, store, from, sign_with, output;
  bool force = false;
  PassphraseOption passphrase;
};

Result<int> run(const Options& o) {
  TESSERA_CHECK(check_paths({{o.order}, {o.output}, o.force}));
  TESSERA_TRY(const seal::KeyPair signer, read_office_signer(o.sign_with, o.passphrase.ask()));
  TESSERA_TRY(const seal::PublicKey sender, read_office(o.from));
  TESSERA_TRY(const slips::PurgeOrder order, slips::read_order(o.order, sender));
  const auto progress = progress_bar();
  TESSERA_TRY(const slips::PurgeReceipt receipt,
              comparer::purge_store(o.store, order, o.order, *progress));
  TESSERA_CHECK(slips::write_receipt(o.output, receipt, signer, {.force = o.force}));
  if (order.ended)
    fmt::print("{}: epoch {} has ended, and {} entries are shredded\n", o.output,
               order.schema.epoch, receipt.entries);
  else
    fmt::print("{}: {} tokens and {} entries gone; {} handles are live no more\n", o.output,
               receipt.tokens, receipt.entries, receipt.gone.size());
  say_note("mixes and copies made before today still hold them: destroy them, or their keys");
  return kDone;
}

}  // namespace
}  // namespace split_purge_verb

void add_split_purge(CLI::App& group, Action& chosen) {
  using namespace split_purge_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand(
      "purge", "comparer: take SSNs, or all of an epoch that has ended, out of the store for good");
  verb->add_option("ORDER", o->order,
                   "from 'ssn purge --order' or 'registry epoch end --order' of the registrar")
      ->required();
  verb->add_option("--store", o->store, "the comparer's store of entries")->required();
  verb->add_option("--from", o->from, "the registrar's public key")->required();
  verb->add_option("--sign-with", o->sign_with, "the comparer's signing key")->required();
  verb->add_option("-o,--output", o->output, "receipt to write, for the registrar")->required();
  verb->add_flag("--force", o->force, "replace an existing file");
  o->passphrase.add_to(*verb);
  verb->footer(
      "Example:\n  tessera split purge purge.order --store store.db --from registrar.pub "
      "--sign-with \\\n    comparer.key -o purge.receipt\n"
      "Cut short, give the same order again. Exit status: 0 done, 2 usage, 3 io, 4 damaged, 5 a "
      "key, 6 an\norder of another registry or moment, or another process is reading.");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
