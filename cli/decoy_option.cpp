// Project runs alone: a registry would give nobody an ID.
#include "cli/decoy_option.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "cli/say.h"
#include "engine/encode/decoys.h"

namespace tessera::cli {

void DecoyOption::add_to(CLI::App& verb) {
  verb.add_option("--decoys", share_,
                  "project runs: so many records of nobody more, as a share of the roster")
      ->check(CLI::Range(0.01, 1.0));
}

Result<void> DecoyOption::add(const schema::Schema& schema, const seal::KeyPair* owner,
                              const std::string& roster,
                              std::vector<record::Fields>& records) const {
  if (!given()) return {};
  if (owner == nullptr)
    return Error{ErrorCode::usage,
                 "--decoys needs --owner-key: without one, whoever has the project key can tell "
                 "which they are",
                 ""};
  if (std::ranges::any_of(records, encode::is_decoy, &record::Fields::local_id))
    return Error{ErrorCode::usage,
                 "--decoys: a local ID begins with a control character, as decoys' do; give the "
                 "roster local IDs that can be read",
                 roster};
  if (records.size() < 2)
    return Error{ErrorCode::usage, "--decoys: one record is too few to make decoys of", roster};
  const auto count =
      static_cast<std::size_t>(std::lround(share_ * static_cast<double>(records.size())));
  std::vector<record::Fields> made = encode::decoys(schema, records, count, owner->records);
  std::ranges::move(made, std::back_inserter(records));
  say_note(fmt::format("{} decoys among the records; the map leaves them out", count));
  return {};
}

}  // namespace tessera::cli
