// tessera registry owner: the register of owners, whose signatures the linkage unit trusts.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "cli/group.h"
#include "cli/opening_options.h"
#include "cli/say.h"
#include "cli/today.h"
#include "cli/verb.h"
#include "engine/core/file.h"
#include "engine/encoded/trust.h"
#include "engine/seal/key_text.h"

namespace tessera::cli {
namespace registry_owner_verb {
namespace {

using encoded::TrustedKey;

struct Options {
  std::string file;
  std::string key;
  std::string fingerprint;
  std::string statement;
  bool json = false;
};

Result<std::vector<TrustedKey>> read_register(const std::string& path, bool may_be_new) {
  if (may_be_new && !file_exists(path)) return std::vector<TrustedKey>();
  TESSERA_TRY(const std::string text, read_file(path));
  return encoded::trust_from_json(text, path);
}

Result<void> write_register(const std::string& path, const std::vector<TrustedKey>& keys) {
  return write_file(path, encoded::trust_to_json(keys), {.force = true});
}

std::string print_of(const TrustedKey& k) { return seal::fingerprint(seal::Use::owner, k.key); }

// Spaces are for the eye.
bool same_print(std::string a, std::string b) {
  std::erase(a, ' ');
  std::erase(b, ' ');
  return a == b;
}

bool vouched_for(const seal::PublicFile& file, const std::vector<TrustedKey>& keys) {
  return file.before && std::ranges::any_of(keys, [&](const TrustedKey& k) {
           return k.owner == file.key.name && k.key == *file.before && k.revoked.empty();
         });
}

Result<int> add(const Options& o) {
  TESSERA_TRY(std::vector<TrustedKey> keys, read_register(o.file, true));
  TESSERA_TRY(const seal::PublicFile file, seal::read_public(o.key));
  if (file.key.use != seal::Use::owner)
    return Error{ErrorCode::usage, "is not an owner's public key", o.key};
  const std::string print = seal::fingerprint(file.key);
  if (!o.fingerprint.empty() && !same_print(o.fingerprint, print))
    return Error{
        ErrorCode::crypto,
        "this key has another fingerprint than the one given: somebody changed it on its way",
        o.key};
  if (o.fingerprint.empty() && !vouched_for(file, keys))
    return Error{
        ErrorCode::usage,
        "no key in the register vouches for this one; ask the owner for its fingerprint by "
        "another way than the file came, and give it with --fingerprint",
        o.key};
  for (const TrustedKey& k : keys)
    if (k.key == file.key.bytes)
      return Error{ErrorCode::conflict,
                   k.revoked.empty() ? "is in the register already"
                                     : "was revoked, and a revoked key never comes back",
                   o.key};
  keys.push_back({file.key.name, file.key.bytes, ""});
  TESSERA_CHECK(write_register(o.file, keys));
  fmt::print("{}: owner {} signs with {}\n", o.file, file.key.name, print);
  return kDone;
}

Result<int> revoke(const Options& o) {
  if (o.statement.empty() == o.fingerprint.empty())
    return Error{ErrorCode::usage, "give --statement or --fingerprint", ""};
  TESSERA_TRY(std::vector<TrustedKey> keys, read_register(o.file, false));
  std::string day = to_text(today());
  std::string print = o.fingerprint;
  if (!o.statement.empty()) {
    TESSERA_TRY(const std::string text, read_file(o.statement, 1 << 16));
    TESSERA_TRY(const seal::Revocation r, seal::revocation_from_text(text, o.statement));
    print = seal::fingerprint(r.key);
    day = std::min(day, r.day);
  }
  const auto it = std::ranges::find_if(
      keys, [&](const TrustedKey& k) { return same_print(print_of(k), print); });
  if (it == keys.end())
    return Error{ErrorCode::conflict, "no key of the register has this fingerprint", o.file};
  if (!it->revoked.empty())
    return Error{ErrorCode::conflict, "this key was revoked already", o.file};
  it->revoked = day;
  TESSERA_CHECK(write_register(o.file, keys));
  fmt::print("{}: owner {} no longer signs with {}\n", o.file, it->owner, print_of(*it));
  return kDone;
}

Result<int> list(const Options& o) {
  TESSERA_TRY(const std::vector<TrustedKey> keys, read_register(o.file, false));
  if (o.json) {
    fmt::print("{}", encoded::trust_to_json(keys));
    return kDone;
  }
  for (const TrustedKey& k : keys)
    fmt::print("{:<20} {}{}\n", k.owner, print_of(k),
               k.revoked.empty() ? "" : "  revoked " + k.revoked);
  return kDone;
}

CLI::App* verb_of(CLI::App& group, const char* name, const char* words,
                  const std::shared_ptr<Options>& o) {
  CLI::App* verb = group.add_subcommand(name, words);
  verb->add_option("REGISTER", o->file, "register of owners (JSON)")->required();
  return verb;
}

}  // namespace
}  // namespace registry_owner_verb

void add_registry_owner(CLI::App& registry, Action& chosen) {
  using namespace registry_owner_verb;
  CLI::App* group = add_group(registry, "owner", "whose signed files are trusted",
                              "tessera registry owner list owners.json");
  auto a = std::make_shared<Options>();
  CLI::App* verb = verb_of(*group, "add", "trust a signing key of an owner", a);
  verb->add_option("--public-key", a->key, "the owner's public key file")->required();
  verb->add_option("--fingerprint", a->fingerprint,
                   "as the owner read it out; not needed where a trusted key signed this one");
  verb->footer(
      "Example:\n  tessera registry owner add owners.json --public-key north.pub \\\n"
      "    --fingerprint '0123 4567 89ab cdef 0123 4567 89ab cdef'");
  verb->callback([&chosen, a] { chosen = [a] { return add(*a); }; });
  auto r = std::make_shared<Options>();
  verb =
      verb_of(*group, "revoke", "trust a key no longer, from today or its statement's day on", r);
  verb->add_option("--statement", r->statement, "what 'tessera key revoke' wrote");
  verb->add_option("--fingerprint", r->fingerprint, "of a key that was lost");
  verb->footer("Example:\n  tessera registry owner revoke owners.json --statement north.revoked");
  verb->callback([&chosen, r] { chosen = [r] { return revoke(*r); }; });
  auto l = std::make_shared<Options>();
  verb = verb_of(*group, "list", "owners and the fingerprints of their keys", l);
  verb->add_flag("--json", l->json, "print JSON");
  verb->footer("Example:\n  tessera registry owner list owners.json");
  verb->callback([&chosen, l] { chosen = [l] { return list(*l); }; });
}

}  // namespace tessera::cli
