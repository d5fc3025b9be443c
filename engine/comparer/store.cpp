// An entry store whose batches are mixes: its head counts them, and is called by the last one's
// name.
#include "engine/comparer/store.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/file.h"
#include "engine/schema/layout.h"

namespace tessera::comparer {
namespace {

using registry::EntryStore;

Result<void> create(const std::string& path, const slips::MixHeader& mix) {
  if (mix.standing->stored > 0)
    return Error{ErrorCode::io, "there is no such store, and the registry has entries in one",
                 path};
  std::vector<std::uint32_t> strides;
  for (std::size_t p = 0; p < mix.schema.passes.size(); ++p)
    strides.push_back(schema::layout(mix.schema, p).stride);
  TESSERA_TRY(const EntryStore made,
              EntryStore::create(path, mix.standing->registry, strides, {0, {}}));
  return {};
}

}  // namespace

Result<EntryStore> open_store(const std::string& path, const registry::RegistryName& name,
                              const schema::Schema& schema) {
  TESSERA_TRY(EntryStore store, EntryStore::open(path, name, registry::Access::write));
  TESSERA_TRY(const ledger::Head head, store.newest_head());
  TESSERA_CHECK(store.begin(head.seq, head, path));
  bool same = store.passes() == schema.passes.size();
  for (std::size_t p = 0; same && p < store.passes(); ++p)
    same = store.stride(p) == schema::layout(schema, p).stride;
  if (same) return store;
  return Error{ErrorCode::conflict, "was made under another schema than the registry's", path};
}

Result<Store> Store::open(const std::string& path, const slips::MixFile& mix, bool anew,
                          Progress& progress) {
  const slips::MixHeader& header = mix.header();
  const slips::Standing& standing = *header.standing;
  if (!file_exists(path)) TESSERA_CHECK(create(path, header));
  TESSERA_TRY(EntryStore store, open_store(path, standing.registry, header.schema));
  TESSERA_TRY(const ledger::Head head, store.newest_head());
  Store out(std::move(store), head, mix);
  TESSERA_CHECK(out.read_dead(progress));
  if (head.hash != standing.follows && head.hash != header.batch && !anew)
    return Error{ErrorCode::conflict,
                 "holds entries of a mix that the registry has not taken in: have that one "
                 "assigned first, or say --anew if it never will be",
                 path};
  return out;
}

// Reads every handle once: what is stored and not live, and that all that is live is stored.
Result<void> Store::read_dead(Progress& progress) {
  std::uint64_t found = 0;
  progress.begin("reading handles", store_.passes(), "passes");
  for (std::size_t p = 0; p < store_.passes(); ++p) {
    TESSERA_CHECK(store_.each_live(p, [&](const encoded::PassView& rows) -> Result<void> {
      for (const encoded::Handle h : rows.handles) {
        if (live(h))
          ++found;
        else
          dead_.push_back(h);
      }
      return {};
    }));
    progress.advance(1);
  }
  const std::uint64_t wanted = mix_->handles().live.size();
  if (found == wanted) return {};
  return Error{ErrorCode::conflict,
               fmt::format("the store holds {} of the {} entries that the registry has; if SSNs "
                           "were purged here, have the receipt taken in and mix anew; else restore "
                           "the store, or the registry, from a backup of the same day",
                           found, wanted),
               mix_->path()};
}

bool Store::live(encoded::Handle handle) const {
  return std::ranges::binary_search(mix_->handles().live, handle);
}

Result<encoded::PassColumns> Store::matching(std::size_t pass,
                                             std::span<const encoded::Tag> tags) const {
  TESSERA_TRY(encoded::PassColumns all, store_.read_matching(pass, tags));
  if (std::ranges::all_of(all.handles, [this](encoded::Handle h) { return live(h); })) return all;
  return encoded::PassColumns::rows_of(all.view(),
                                       [&](std::size_t i) { return live(all.handles[i]); });
}

Result<void> Store::take_in(const OpenedMix& entries, Progress& progress) {
  const ledger::Head next{head_.seq + 1, batch_};
  TESSERA_CHECK(store_.drop_handles(next.seq, dead_));
  progress.begin("storing entries", store_.passes(), "passes");
  for (std::size_t p = 0; p < store_.passes(); ++p) {
    const encoded::PassView view = entries.source(p).view;
    const auto rows = entries.apart(p, [&](std::size_t i) { return !live(view.handles[i]); });
    const EntryStore::Source sources[] = {{rows.whole.view(), {}}, {rows.bare.view(), {}}};
    TESSERA_TRY(const std::uint64_t stored, store_.add_pass(next.seq, p, sources));
    (void)stored;
    progress.advance(1);
  }
  TESSERA_CHECK(store_.announce(next));
  TESSERA_CHECK(store_.make_live(next.seq));
  TESSERA_CHECK(store_.settle(next));
  head_ = next;
  return store_.tidy(progress);
}

Result<void> Store::shred(Progress& progress) {
  TESSERA_CHECK(store_.compact(progress));
  return store_.rewrite();
}

}  // namespace tessera::comparer
