// Keys are told apart by what they say they are for.
#include "cli/opening_options.h"

#include "cli/today.h"
#include "engine/core/file.h"
#include "engine/seal/key_text.h"

namespace tessera::cli {

void OpeningOptions::add_to(CLI::App& verb) {
  verb.add_option("--open-with", keys_,
                  "the unit's key for entries, and that for join: sealed files")
      ->take_all();
  verb.add_option("--owners", owners_, "register of owners: whose signatures are trusted");
  verb.add_option("--collection", collection_, "take sealed files of this collection only");
  passphrase_.add_to(verb);
}

Result<encoded::Opening> OpeningOptions::read() {
  encoded::Opening out;
  for (const std::string& path : keys_) {
    TESSERA_TRY(seal::KeyPair pair, seal::read_pair(path, passphrase_.ask()));
    const seal::KeyPair*& place = pair.open.use == seal::Use::join ? out.join : out.entries;
    if (seal::signs(pair.open.use))
      return Error{
          ErrorCode::usage,
          "a signing key opens nothing; --open-with wants the unit's keys for entries and join",
          path};
    if (place != nullptr)
      return Error{ErrorCode::usage, fmt::format("a second key for {}", name_of(pair.open.use)),
                   path};
    pairs_.push_back(std::make_unique<seal::KeyPair>(std::move(pair)));
    place = pairs_.back().get();
  }
  if (owners_.empty()) return out;
  TESSERA_TRY(const std::string text, read_file(owners_));
  TESSERA_TRY(trust_.keys, encoded::trust_from_json(text, owners_));
  trust_.today = to_text(today());
  trust_.collection = collection_;
  out.trust = &trust_;
  return out;
}

}  // namespace tessera::cli
