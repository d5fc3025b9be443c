// Finds both entries, reads their block, and takes the comparison apart.
#include "engine/comparer/evidence.h"

#include <algorithm>
#include <array>
#include <optional>

#include "engine/link/bare_tables.h"
#include "engine/link/compete.h"
#include "engine/registry/entry_store.h"

namespace tessera::comparer {
namespace {

using registry::EntryStore;

struct Place {
  std::size_t pass = 0;
  encoded::Tag tag{};
  bool operator==(const Place&) const = default;
};

using Places = std::array<std::optional<Place>, 2>;

// Handles are in no order, so that all of them are looked at: once, for both.
Result<Places> find(const EntryStore& store, const std::array<encoded::Handle, 2>& handles,
                    Progress& progress) {
  Places found;
  progress.begin("reading handles", store.passes(), "passes");
  for (std::size_t p = 0; p < store.passes() && !(found[0] && found[1]); ++p) {
    TESSERA_CHECK(store.each_live(p, [&](const encoded::PassView& rows) -> Result<void> {
      for (std::size_t i = 0; i < handles.size(); ++i) {
        const auto at = std::ranges::find(rows.handles, handles[i]);
        if (at != rows.handles.end())
          found[i] = Place{p, rows.tags[static_cast<std::size_t>(at - rows.handles.begin())]};
      }
      return {};
    }));
    progress.advance(1);
  }
  return found;
}

std::size_t row_of(const encoded::PassColumns& block, encoded::Handle handle) {
  return static_cast<std::size_t>(std::ranges::find(block.handles, handle) - block.handles.begin());
}

}  // namespace

Result<link::Explanation> evidence_of(const std::string& path, const slips::MixFile& mix,
                                      encoded::Handle first, encoded::Handle second,
                                      const link::Matcher& matcher, Progress& progress) {
  const schema::Schema& schema = mix.header().schema;
  if (!mix.header().standing)
    return Error{ErrorCode::usage, "is a mix for linking, which no store has", mix.path()};
  TESSERA_TRY(EntryStore store,
              EntryStore::open(path, mix.header().standing->registry, registry::Access::read));
  TESSERA_TRY(const ledger::Head head, store.newest_head());
  TESSERA_CHECK(store.begin(head.seq, head, path));
  if (store.passes() != schema.passes.size())
    return Error{ErrorCode::conflict, "was made under another schema than the mix", path};
  TESSERA_TRY(const Places places, find(store, {first, second}, progress));
  const auto& [one, other] = places;
  if (!one || !other)
    return Error{ErrorCode::conflict,
                 "does not hold such an entry: dropped since, or a handle of another registry",
                 path};
  if (first == second || *one != *other)
    return Error{ErrorCode::conflict, "these two entries share no block, so they never met", path};
  TESSERA_TRY(const auto block, store.read_matching(one->pass, {&one->tag, 1}));
  TESSERA_TRY(const auto tables,
              link::BareTables::of(schema, matcher, schema.ssn && !block.ssn_tokens.empty()));
  const link::Pair pair = tables.weigh(one->pass, block, row_of(block, first),
                                       row_of(block, second), block.handles.size() - 1);
  return link::explain(schema, tables.comparators, tables.fit, pair,
                       link::probability_of(pair.logit));
}

}  // namespace tessera::comparer
