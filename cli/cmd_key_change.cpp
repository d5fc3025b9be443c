// tessera key rotate, revoke, export-public: a key is followed by another, or given up, or shown.
#include <memory>

#include <fmt/format.h>

#include "cli/key_verbs.h"
#include "cli/opening_options.h"
#include "cli/say.h"
#include "cli/today.h"
#include "engine/core/file.h"
#include "engine/core/shred.h"
#include "engine/seal/destruction.h"
#include "engine/seal/key_text.h"
#ifdef TESSERA_OWNER
#include "cli/project_key.h"
#endif

namespace tessera::cli {
namespace key_change_verb {
namespace {

struct Options {
  std::string key;
  std::string output;
  std::string public_file;
  std::string epoch;
  std::string owner_key;
  bool locked = false;
  bool force = false;
  PassphraseOption passphrase;
};

Result<int> rotate_pair(const Options& o, const seal::KeyPair& old, bool locked, Random& random) {
  seal::KeyPair next = seal::new_key_pair(old.open.use, old.open.name, random);
  next.records = old.records.clone();  // the owner's records keep their keys
  const std::string shown = o.public_file.empty() ? o.output + ".pub" : o.public_file;
  if (!o.force && file_exists(shown))
    return Error{ErrorCode::usage, "already exists; give --force to replace it", shown};
  TESSERA_CHECK(
      write_private(o.output, seal::to_text(next), locked, o.passphrase, random, o.force));
  TESSERA_CHECK(write_file(shown,
                           seal::public_text(next, seal::signs(next.open.use) ? &old : nullptr),
                           {.force = o.force}));
  fmt::print("{}: {} key of {}, fingerprint {}\n", o.output, name_of(next.open.use), next.open.name,
             seal::fingerprint(next.open));
  if (seal::signs(next.open.use))
    say_note(
        fmt::format("{} carries the old key's signature; send it, and revoke the old key once "
                    "it is in the register.",
                    shown));
  else
    say_note(
        fmt::format("give {} to every owner, and keep the old key until the last file sealed "
                    "to it is in.",
                    shown));
  return kDone;
}

Result<int> rotate(const Options& o) {
  const auto random = system_random();
  TESSERA_TRY(const SecretText sealed, read_secret(o.key));
  TESSERA_TRY(const SecretText text, seal::read_private(o.key, o.passphrase.ask()));
  const bool locked = o.locked || seal::is_locked(sealed.reveal());
#ifdef TESSERA_OWNER
  if (is_project_text(text.reveal())) {
    TESSERA_TRY(const NewText next, next_project_text(text.reveal(), o.epoch, o.key, *random));
    TESSERA_CHECK(write_private(o.output, next.text, locked, o.passphrase, *random, o.force));
    fmt::print("{}: {}\n", o.output, next.said);
    say_note("what was encoded under the old key never meets what is encoded under this one.");
    return kDone;
  }
#endif
  TESSERA_TRY(const seal::KeyPair old, seal::pair_from_text(text.reveal(), o.key));
  return rotate_pair(o, old, locked, *random);
}

Result<int> revoke(const Options& o) {
  TESSERA_TRY(const seal::KeyPair pair, seal::read_pair(o.key, o.passphrase.ask()));
  if (!seal::signs(pair.open.use))
    return Error{ErrorCode::usage,
                 "a key that files are sealed to signs nothing; give owners another one instead",
                 o.key};
  TESSERA_CHECK(
      write_file(o.output, seal::revocation_text(pair, to_text(today())), {.force = o.force}));
  say_note("a key that was lost or stolen can be revoked without its file, by its fingerprint.");
  return kDone;
}

#ifdef TESSERA_OWNER
// The statement is ready before the key goes, and there to be read only after.
Result<int> destroy(const Options& o) {
  TESSERA_TRY(const seal::KeyPair owner, seal::read_pair(o.owner_key, o.passphrase.ask()));
  if (owner.open.use != seal::Use::owner)
    return Error{ErrorCode::usage, "is not an owner's key; make one with --kind owner",
                 o.owner_key};
  std::string check;
  {
    TESSERA_TRY(const SecretText text, seal::read_private(o.key, o.passphrase.ask()));
    if (!is_project_text(text.reveal()))
      return Error{ErrorCode::usage, "is not a project key; others are revoked", o.key};
    TESSERA_TRY(check, project_check(text.reveal(), o.key));
  }
  TESSERA_TRY(AtomicFile statement, AtomicFile::create(o.output, {.force = o.force}));
  statement.write(seal::destruction_text(owner, check, to_text(today())));
  const auto random = system_random();
  TESSERA_CHECK(shred_file(o.key, *random));
  TESSERA_CHECK(statement.commit());
  fmt::print("{}: project key {} destroyed\n", o.key, check);
  say_note("copies elsewhere are not; send the statement to the linkage unit.");
  return kDone;
}
#endif

Result<int> destroyed(const Options& o) {
  TESSERA_TRY(const seal::PublicFile trusted, seal::read_public(o.public_file));
  TESSERA_TRY(const std::string text, read_file(o.key, 1 << 16));
  TESSERA_TRY(const seal::Destruction d, seal::destruction_from_text(text, o.key));
  if (d.owner != trusted.key)
    return Error{ErrorCode::crypto, "this statement is signed with another key", o.key};
  fmt::print("{}: {} destroyed its copy of project key {} on {}\n", o.key, d.owner.name, d.check,
             d.day);
  return kDone;
}

Result<int> export_public(const Options& o) {
  TESSERA_TRY(const seal::KeyPair pair, seal::read_pair(o.key, o.passphrase.ask()));
  TESSERA_CHECK(write_file(o.output, seal::public_text(pair, nullptr), {.force = o.force}));
  fmt::print("{}: {} key of {}, fingerprint {}\n", o.output, name_of(pair.open.use), pair.open.name,
             seal::fingerprint(pair.open));
  return kDone;
}

CLI::App* add_common(CLI::App& key, const char* name, const char* words,
                     const std::shared_ptr<Options>& o, const char* what) {
  CLI::App* verb = key.add_subcommand(name, words);
  verb->add_option("KEY", o->key, "secret key file")->required();
  verb->add_option("-o,--output", o->output, what)->required();
  o->passphrase.add_to(*verb);
  verb->add_flag("--force", o->force, "replace existing files");
  return verb;
}

void add_destroy(CLI::App& key, Action& chosen) {
#ifdef TESSERA_OWNER
  auto d = std::make_shared<Options>();
  CLI::App* verb =
      add_common(key, "destroy", "overwrite and remove a project key, and say so, signed", d,
                 "statement to write");
  verb->add_option("--owner-key", d->owner_key, "the owner's key, which signs")->required();
  verb->footer(
      "Example:\n  tessera key destroy k1 --owner-key north.key -o north.destroyed\n"
      "When an epoch has ended. Nothing can be encoded under it again.");
  verb->callback([&chosen, d] { chosen = [d] { return destroy(*d); }; });
#endif
  auto s = std::make_shared<Options>();
  CLI::App* check = key.add_subcommand("destroyed", "check a statement that a key was destroyed");
  check->add_option("STATEMENT", s->key, "what 'tessera key destroy' wrote")->required();
  check->add_option("--public-key", s->public_file, "the owner's public key")->required();
  check->footer("Example:\n  tessera key destroyed north.destroyed --public-key north.pub");
  check->callback([&chosen, s] { chosen = [s] { return destroyed(*s); }; });
}

}  // namespace
}  // namespace key_change_verb

void add_key_changes(CLI::App& key, Action& chosen) {
  using namespace key_change_verb;
  auto r = std::make_shared<Options>();
  CLI::App* verb =
      add_common(key, "rotate", "make the key that takes a key's place", r, "file of the new key");
  verb->add_option("--public", r->public_file, "file of its public half (default: KEY.pub)");
#ifdef TESSERA_OWNER
  verb->add_option("--epoch", r->epoch, "project: the new epoch's name");
#endif
  verb->add_flag("--passphrase", r->locked, "lock it, even if the old one was not");
  verb->footer(
      "An owner's record keys stay the same. A locked key is followed by a locked one.\n"
      "Example:\n  tessera key rotate north.key -o north-2.key --public north-2.pub");
  verb->callback([&chosen, r] { chosen = [r] { return rotate(*r); }; });
  auto v = std::make_shared<Options>();
  verb = add_common(key, "revoke", "say, signed, that a key is not to be trusted any more", v,
                    "statement to write");
  verb->footer("Example:\n  tessera key revoke north.key -o north.revoked");
  verb->callback([&chosen, v] { chosen = [v] { return revoke(*v); }; });
  add_destroy(key, chosen);
  auto e = std::make_shared<Options>();
  verb = add_common(key, "export-public", "write the half of a key that others may have", e,
                    "public key file to write");
  verb->footer("Example:\n  tessera key export-public north.key -o north.pub");
  verb->callback([&chosen, e] { chosen = [e] { return export_public(*e); }; });
}

}  // namespace tessera::cli
