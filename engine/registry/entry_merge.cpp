// Rewriting stored entries: generations merged, dropped entries and purged tokens left behind.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "engine/registry/entry_store_state.h"

namespace tessera::registry {
namespace {

using ledger::Statement;
using ledger::Transaction;

constexpr std::size_t kSmallGenerations = 12;

}  // namespace

Result<void> EntryStore::State::merge(std::size_t pass, const std::vector<std::size_t>& which) {
  auto& all = generations[pass];
  std::vector<Run> runs;
  // The result counts as stored in the live batch: no tombstone of today hides a row of it.
  for (const std::size_t i : which) {
    auto held = std::make_shared<encoded::PassColumns>();
    held->stride = strides[pass];
    Run run;
    run.keeps = [this, stored = all[i].batch](const encoded::PassView& rows, std::size_t row) {
      return !tombstones.hides(rows.handles[row], stored);
    };
    run.refill = [this, pass, held, g = &all[i],
                  next = std::size_t{0}](Run& r) mutable -> Result<bool> {
      if (next == g->slabs.size()) return false;
      TESSERA_TRY(const SlabView slab, reader->read(g->slabs[next++], strides[pass]));
      *held = encoded::PassColumns{};
      held->stride = strides[pass];
      slab.append(0, slab.rows(), *held);
      r.rows = held->view();
      return true;
    };
    runs.push_back(std::move(run));
  }
  TESSERA_TRY(Transaction transaction, Transaction::begin(db, Transaction::Kind::write));
  TESSERA_TRY(GenerationWriter writer, GenerationWriter::open(db, pass, live, strides[pass], 0));
  TESSERA_CHECK(merge_runs(runs, writer));
  reader->reset();
  TESSERA_TRY(Generation merged, writer.finish());
  for (const std::size_t i : which)
    TESSERA_CHECK(db.exec(fmt::format(
        "DELETE FROM slab WHERE id IN (SELECT slab FROM slab_range WHERE generation = {0});"
        "DELETE FROM token WHERE slab IN (SELECT slab FROM slab_range WHERE generation = {0});"
        "DELETE FROM slab_range WHERE generation = {0}; DELETE FROM generation WHERE id = {0};",
        all[i].id)));
  TESSERA_CHECK(transaction.commit());
  std::vector<Generation> kept;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (std::find(which.begin(), which.end(), i) == which.end()) kept.push_back(std::move(all[i]));
  kept.push_back(std::move(merged));
  all = std::move(kept);
  return {};
}

// A tombstone hides only what is older: once no generation is, it has done its work.
Result<void> EntryStore::State::forget_moot_stones() {
  std::int64_t oldest = live;
  for (const auto& of_pass : generations)
    for (const Generation& g : of_pass) oldest = std::min(oldest, g.batch);
  const std::size_t before = stones.size();
  std::erase_if(stones, [oldest](const Tombstones::Stone& s) { return s.batch <= oldest; });
  if (stones.size() == before) return {};
  tombstones = Tombstones(stones);
  return db.exec(fmt::format("DELETE FROM dead WHERE batch <= {}", oldest));
}

Result<void> EntryStore::tidy(Progress& progress) {
  State& s = *state_;
  std::uint64_t total = 0;
  for (std::size_t p = 0; p < passes(); ++p) total += rows(p);
  if (s.stones.size() * 10 > total) return compact(progress);
  progress.begin("merging stored entries", passes(), "passes");
  for (std::size_t p = 0; p < passes(); ++p) {
    const auto& all = s.generations[p];
    std::vector<std::size_t> which(all.size());
    std::iota(which.begin(), which.end(), std::size_t{0});
    const auto base =
        std::max_element(all.begin(), all.end(),
                         [](const Generation& a, const Generation& b) { return a.rows < b.rows; });
    if (all.size() > 1 && (rows(p) - base->rows) * 10 > base->rows) {
      TESSERA_CHECK(s.merge(p, which));
    } else if (all.size() > kSmallGenerations) {
      which.erase(which.begin() + (base - all.begin()));
      TESSERA_CHECK(s.merge(p, which));
    }
    progress.advance(1);
  }
  return s.forget_moot_stones();
}

Result<void> EntryStore::compact(Progress& progress) {
  State& s = *state_;
  progress.begin("rewriting stored entries", passes(), "passes");
  for (std::size_t p = 0; p < passes(); ++p) {
    std::vector<std::size_t> which(s.generations[p].size());
    std::iota(which.begin(), which.end(), std::size_t{0});
    if (which.size() > 1 || (which.size() == 1 && !s.stones.empty()))
      TESSERA_CHECK(s.merge(p, which));
    progress.advance(1);
  }
  // Whatever is left was stored in the newest batch or has just been rewritten without the dropped.
  return s.forget_moot_stones();
}

}  // namespace tessera::registry
