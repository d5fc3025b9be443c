// Checked before anything is read that takes long.
#include "cli/sealing_options.h"

#include "cli/today.h"
#include "engine/core/day.h"
#include "engine/seal/key_text.h"

namespace tessera::cli {

void SealingOptions::add_to(CLI::App& verb) {
  verb.add_option("--owner-key", owner_key_, "the owner's own key: names records, signs");
  verb.add_option("--seal-to", seal_to_,
                  "seal to the linkage unit: its public keys for entries and for join")
      ->take_all();
  verb.add_option("--collection", collection_, "sealed: the call for data that this answers");
  verb.add_option("--expires", expires_,
                  "sealed: last day to take it, YYYY-MM-DD (default: in 30 days)");
}

void SealingOptions::add_one_by_one(CLI::App& verb) {
  verb.add_flag("--one-by-one", one_by_one_,
                "sealed: each entry by itself, for a linkage unit that is split into two offices");
}

std::vector<std::string> SealingOptions::paths() const {
  std::vector<std::string> out = seal_to_;
  out.push_back(owner_key_);
  return out;
}

Result<void> SealingOptions::read_units(encoded::Sealing& out) const {
  bool entries = false;
  bool join = false;
  for (const std::string& path : seal_to_) {
    TESSERA_TRY(const seal::PublicFile file, seal::read_public(path));
    const bool is_join = file.key.use == seal::Use::join;
    if (seal::signs(file.key.use) || (is_join ? join : entries))
      return Error{ErrorCode::usage,
                   "--seal-to wants two public keys: the unit's for entries, and for join", path};
    (is_join ? join : entries) = true;
    (is_join ? out.join : out.entries) = file.key;
  }
  if (!entries || !join)
    return Error{ErrorCode::usage,
                 "--seal-to wants two public keys: the unit's for entries, and for join", ""};
  return {};
}

Result<Ceremony> SealingOptions::read(const std::string& owner,
                                      const seal::AskPassphrase& ask) const {
  Ceremony out;
  if (!owner_key_.empty()) {
    TESSERA_TRY(out.owner, seal::read_pair(owner_key_, ask));
    if (out.owner->open.use != seal::Use::owner)
      return Error{ErrorCode::usage, "is not an owner's key; make one with --kind owner",
                   owner_key_};
    if (out.owner->open.name != owner)
      return Error{ErrorCode::usage, "is the key of another owner than --owner names", owner_key_};
  }
  if (seal_to_.empty()) {
    if (!collection_.empty() || !expires_.empty() || one_by_one_)
      return Error{ErrorCode::usage,
                   "--collection, --expires and --one-by-one are for sealed files; give --seal-to",
                   ""};
    return out;
  }
  if (!out.owner || collection_.empty())
    return Error{ErrorCode::usage, "a sealed file needs --owner-key and --collection", ""};
  encoded::Sealing& sealing = out.sealing.emplace();
  TESSERA_CHECK(read_units(sealing));
  sealing.collection = collection_;
  constexpr int kDays = 30;
  sealing.expires = expires_.empty() ? add_days(to_text(today()), kDays) : expires_;
  return out;
}

}  // namespace tessera::cli
