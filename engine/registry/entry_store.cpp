#include "engine/registry/entry_store.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "engine/registry/entry_tables.h"

namespace tessera::registry {
namespace {

using ledger::Database;
using ledger::Statement;
using ledger::Transaction;

constexpr std::uint32_t kApplication = 0x74657345;  // "tesE"
constexpr std::size_t kChunkBytes = std::size_t{64} << 20;
constexpr std::size_t kSmallGenerations = 12;

Database::Options options(Database::Mode mode) {
  return {.mode = mode,
          .application_id = kApplication,
          .version = 1,
          .page_size = 65536,
          .cache_mib = 64};
}

bool copy(ByteView from, std::span<std::uint8_t> to) {
  if (from.size() != to.size()) return false;
  std::copy(from.begin(), from.end(), to.begin());
  return true;
}

// Takes the columns' rows in the order of (tag, handle); most often they have it already.
encoded::PassColumns in_order(std::vector<encoded::PassColumns> parts, std::uint32_t stride) {
  std::erase_if(parts, [](const encoded::PassColumns& p) { return p.tags.empty(); });
  encoded::PassColumns out;
  out.stride = stride;
  if (parts.size() == 1) out = std::move(parts[0]);
  if (parts.size() > 1) {
    std::size_t total = 0;
    for (const auto& p : parts) total += p.tags.size();
    out.tags.reserve(total);
    out.handles.reserve(total);
    out.presence.reserve(total);
    out.bits.reserve(total * stride);
    std::vector<std::size_t> at(parts.size(), 0);
    for (std::size_t n = 0; n < total; ++n) {
      std::size_t best = parts.size();
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (at[i] == parts[i].tags.size()) continue;
        if (best == parts.size() ||
            std::pair(parts[i].tags[at[i]], parts[i].handles[at[i]]) <
                std::pair(parts[best].tags[at[best]], parts[best].handles[at[best]]))
          best = i;
      }
      const encoded::PassColumns& p = parts[best];
      const std::size_t row = at[best]++;
      out.tags.push_back(p.tags[row]);
      out.handles.push_back(p.handles[row]);
      out.presence.push_back(p.presence[row]);
      const auto bits = p.bits.begin() + static_cast<std::ptrdiff_t>(row * stride);
      out.bits.insert(out.bits.end(), bits, bits + stride);
      if (p.ssn_tokens.size() == p.tags.size()) out.ssn_tokens.push_back(p.ssn_tokens[row]);
    }
  }
  if (out.ssn_tokens.size() != out.tags.size()) out.ssn_tokens.clear();
  return out;
}

}  // namespace

struct EntryStore::State {
  State(Database database, Access how) : db(std::move(database)), access(how) {}
  Database db;
  Access access;
  std::optional<Transaction> snapshot;
  std::optional<SlabReader> reader;
  std::vector<std::uint32_t> strides;
  std::vector<std::vector<Generation>> generations;  // of each pass, live ones
  std::vector<std::pair<std::size_t, Generation>> staged;
  std::vector<Tombstones::Stone> stones;
  std::vector<Tombstones::Stone> staged_stones;
  Tombstones tombstones;
  std::int64_t live = 0;

  Result<void> read_passes();
  Result<void> drop_staged();
  Result<void> load();
  Result<void> join(const Generation& g, std::size_t pass, std::span<const encoded::Tag> tags,
                    encoded::PassColumns& out);
  void append_live(const SlabView& slab, std::uint32_t begin, std::uint32_t end, std::int64_t batch,
                   encoded::PassColumns& out) const;
  Result<void> merge(std::size_t pass, const std::vector<std::size_t>& which);
  Result<void> forget_moot_stones();
};

EntryStore::EntryStore() = default;
EntryStore::EntryStore(EntryStore&&) noexcept = default;
EntryStore& EntryStore::operator=(EntryStore&&) noexcept = default;
EntryStore::~EntryStore() = default;

Result<EntryStore> EntryStore::create(const std::string& path, const RegistryName& name,
                                      const std::vector<std::uint32_t>& strides) {
  TESSERA_TRY(Database db, Database::open(path, options(Database::Mode::create)));
  TESSERA_TRY(Transaction transaction, Transaction::begin(db, Transaction::Kind::write));
  TESSERA_CHECK(db.exec(entry_ddl()));
  TESSERA_TRY(Statement meta, db.prepare("INSERT INTO meta(registry) VALUES(?1)"));
  TESSERA_CHECK(meta.bind(1, ByteView(name)).run());
  TESSERA_TRY(Statement pass, db.prepare("INSERT INTO pass(pass, stride) VALUES(?1, ?2)"));
  for (std::size_t p = 0; p < strides.size(); ++p)
    TESSERA_CHECK(
        pass.bind(1, static_cast<std::int64_t>(p)).bind(2, std::int64_t{strides[p]}).run());
  TESSERA_CHECK(transaction.commit());
  EntryStore store;
  store.state_ = std::make_unique<State>(std::move(db), Access::write);
  TESSERA_CHECK(store.state_->read_passes());
  return store;
}

Result<EntryStore> EntryStore::open(const std::string& path, const RegistryName& name,
                                    Access access) {
  const auto mode =
      access == Access::write ? Database::Mode::read_write : Database::Mode::read_only;
  TESSERA_TRY(Database db, Database::open(path, options(mode)));
  EntryStore store;
  store.state_ = std::make_unique<State>(std::move(db), access);
  State& s = *store.state_;
  if (access == Access::read) {
    TESSERA_TRY(Transaction transaction, Transaction::begin(s.db, Transaction::Kind::read));
    s.snapshot.emplace(std::move(transaction));
  }
  TESSERA_CHECK(s.db.require_schema(entry_ddl()));
  TESSERA_TRY(Statement meta, s.db.prepare("SELECT registry FROM meta"));
  TESSERA_TRY(const bool row, meta.step());
  RegistryName found{};
  if (!row || !copy(meta.blob(0), found))
    return Error{ErrorCode::format, "the entry store has no name", path};
  meta.reset();
  if (found != name)
    return Error{ErrorCode::conflict,
                 "this entry store belongs to another registry; restore the two together", path};
  TESSERA_CHECK(s.read_passes());
  return store;
}

Result<void> EntryStore::State::read_passes() {
  TESSERA_TRY(Statement pass, db.prepare("SELECT stride FROM pass ORDER BY pass"));
  for (;;) {
    TESSERA_TRY(const bool row, pass.step());
    if (!row) break;
    strides.push_back(static_cast<std::uint32_t>(pass.integer(0)));
  }
  generations.resize(strides.size());
  TESSERA_TRY(reader, SlabReader::open(db));
  return {};
}

Result<void> EntryStore::begin(std::int64_t live) {
  state_->live = live;
  if (state_->access == Access::write) TESSERA_CHECK(state_->drop_staged());
  return state_->load();
}

Result<void> EntryStore::State::drop_staged() {
  const std::string where = fmt::format("(SELECT id FROM generation WHERE batch > {})", live);
  const std::string slabs =
      fmt::format("(SELECT slab FROM slab_range WHERE generation IN {})", where);
  TESSERA_TRY(Transaction transaction, Transaction::begin(db, Transaction::Kind::write));
  TESSERA_CHECK(db.exec(
      fmt::format("DELETE FROM slab WHERE id IN {0}; DELETE FROM token WHERE slab IN {0};"
                  "DELETE FROM slab_range WHERE generation IN {1};"
                  "DELETE FROM generation WHERE batch > {2}; DELETE FROM dead WHERE batch > {2};",
                  slabs, where, live)));
  return transaction.commit();
}

Result<void> EntryStore::State::load() {
  for (auto& of_pass : generations) of_pass.clear();
  staged.clear();
  staged_stones.clear();
  stones.clear();
  TESSERA_TRY(
      Statement g,
      db.prepare("SELECT id, pass, batch, rows FROM generation WHERE batch <= ?1 ORDER BY id"));
  TESSERA_TRY(Statement r, db.prepare("SELECT slab, first, last, rows, sum FROM slab_range "
                                      "WHERE generation = ?1 ORDER BY slab"));
  g.bind(1, live);
  for (;;) {
    TESSERA_TRY(const bool row, g.step());
    if (!row) break;
    Generation generation{g.integer(0), g.integer(2), static_cast<std::uint64_t>(g.integer(3)), {}};
    const auto pass = static_cast<std::size_t>(g.integer(1));
    r.bind(1, generation.id);
    for (;;) {
      TESSERA_TRY(const bool slab, r.step());
      if (!slab) break;
      SlabRange range;
      range.slab = r.integer(0);
      range.rows = static_cast<std::uint32_t>(r.integer(3));
      if (!copy(r.blob(1), range.first) || !copy(r.blob(2), range.last) ||
          !copy(r.blob(4), range.sum) || pass >= strides.size())
        return Error{ErrorCode::format, "the list of slabs is damaged; restore from a backup",
                     db.path()};
      generation.slabs.push_back(range);
    }
    generations[pass].push_back(std::move(generation));
  }
  TESSERA_TRY(Statement d, db.prepare("SELECT handle, batch FROM dead WHERE batch <= ?1"));
  d.bind(1, live);
  for (;;) {
    TESSERA_TRY(const bool row, d.step());
    if (!row) break;
    stones.push_back({static_cast<encoded::Handle>(d.integer(0)), d.integer(1)});
  }
  tombstones = Tombstones(stones);
  return {};
}

Result<void> EntryStore::make_live(std::int64_t live) {
  State& s = *state_;
  s.live = live;
  for (auto& [pass, generation] : s.staged)
    if (generation.rows > 0) s.generations[pass].push_back(std::move(generation));
  s.staged.clear();
  s.stones.insert(s.stones.end(), s.staged_stones.begin(), s.staged_stones.end());
  s.staged_stones.clear();
  s.tombstones = Tombstones(s.stones);
  return {};
}

std::size_t EntryStore::passes() const { return state_->strides.size(); }
std::uint32_t EntryStore::stride(std::size_t pass) const { return state_->strides[pass]; }
std::uint64_t EntryStore::rows(std::size_t pass) const {
  std::uint64_t n = 0;
  for (const Generation& g : state_->generations[pass]) n += g.rows;
  return n;
}

void EntryStore::State::append_live(const SlabView& slab, std::uint32_t begin, std::uint32_t end,
                                    std::int64_t batch, encoded::PassColumns& out) const {
  if (tombstones.empty()) return slab.append(begin, end, out);
  for (std::uint32_t row = begin; row < end;) {
    std::uint32_t run = row;
    while (run < end && !tombstones.hides(slab.handle(run), batch)) ++run;
    if (run > row) slab.append(row, run, out);
    row = run + 1;
  }
}

// One walk over the slabs' ranges and the tags together; inside a slab, a binary search per tag
// where few tags meet it and a step-by-step merge where many do.
Result<void> EntryStore::State::join(const Generation& g, std::size_t pass,
                                     std::span<const encoded::Tag> tags,
                                     encoded::PassColumns& out) {
  auto tag = tags.begin();
  for (auto range = g.slabs.begin(); range != g.slabs.end() && tag != tags.end();) {
    tag = std::lower_bound(tag, tags.end(), range->first);
    if (tag == tags.end()) break;
    if (*tag > range->last) {
      range = std::partition_point(range, g.slabs.end(),
                                   [&](const SlabRange& x) { return x.last < *tag; });
      continue;
    }
    TESSERA_TRY(const SlabView slab, reader->read(*range, strides[pass]));
    std::uint32_t row = 0;
    for (auto t = tag; t != tags.end() && *t <= range->last && row < slab.rows(); ++t) {
      row = slab.lower_bound(*t, row);
      std::uint32_t end = row;
      while (end < slab.rows() && slab.tag(end) == *t) ++end;
      if (end > row) append_live(slab, row, end, g.batch, out);
      row = end;
    }
    ++range;  // the next slab may begin with the tag that this one ended with
  }
  return {};
}

Result<encoded::PassColumns> EntryStore::read_matching(std::size_t pass,
                                                       std::span<const encoded::Tag> tags) const {
  std::vector<encoded::PassColumns> parts;
  for (const Generation& g : state_->generations[pass]) {
    parts.emplace_back().stride = stride(pass);
    TESSERA_CHECK(state_->join(g, pass, tags, parts.back()));
  }
  state_->reader->reset();
  return in_order(std::move(parts), stride(pass));
}

Result<encoded::PassColumns> EntryStore::read_all(std::size_t pass) const {
  std::vector<encoded::PassColumns> parts;
  for (const Generation& g : state_->generations[pass]) {
    parts.emplace_back().stride = stride(pass);
    for (const SlabRange& range : g.slabs) {
      TESSERA_TRY(const SlabView slab, state_->reader->read(range, stride(pass)));
      state_->append_live(slab, 0, slab.rows(), g.batch, parts.back());
    }
  }
  state_->reader->reset();
  return in_order(std::move(parts), stride(pass));
}

Result<std::uint64_t> EntryStore::add_pass(std::int64_t batch, std::size_t pass,
                                           std::span<const Source> sources) {
  State& s = *state_;
  std::vector<Run> runs;
  for (const Source& source : sources) {
    if (source.rows.stride != s.strides[pass])
      return Error{ErrorCode::format, "entries of another length than the registry's schema has",
                   s.db.path()};
    Run run;
    run.rows = source.rows;
    if (!source.keep.empty())
      run.keeps = [keep = source.keep](const encoded::PassView&, std::size_t row) {
        return keep[row] != 0;
      };
    runs.push_back(std::move(run));
  }
  TESSERA_TRY(Transaction transaction, Transaction::begin(s.db, Transaction::Kind::write));
  TESSERA_TRY(GenerationWriter writer,
              GenerationWriter::open(s.db, pass, batch, s.strides[pass], kChunkBytes));
  TESSERA_CHECK(merge_runs(runs, writer));
  TESSERA_TRY(Generation generation, writer.finish());
  TESSERA_CHECK(transaction.commit());
  const std::uint64_t rows = generation.rows;
  s.staged.emplace_back(pass, std::move(generation));
  return rows;
}

Result<void> EntryStore::drop_handles(std::int64_t batch,
                                      std::span<const encoded::Handle> handles) {
  State& s = *state_;
  if (handles.empty()) return {};
  std::vector<encoded::Handle> sorted(handles.begin(), handles.end());
  std::sort(sorted.begin(), sorted.end());
  TESSERA_TRY(Transaction transaction, Transaction::begin(s.db, Transaction::Kind::write));
  TESSERA_TRY(Statement insert,
              s.db.prepare("INSERT OR IGNORE INTO dead(handle, batch) VALUES(?1, ?2)"));
  for (const encoded::Handle handle : sorted) {
    TESSERA_CHECK(insert.bind(1, static_cast<std::int64_t>(handle)).bind(2, batch).run());
    s.staged_stones.push_back({handle, batch});
  }
  return transaction.commit();
}

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

Result<void> EntryStore::purge_tokens() {
  TESSERA_CHECK(state_->db.exec("PRAGMA secure_delete=ON; DELETE FROM token;"));
  TESSERA_CHECK(state_->db.exec("PRAGMA wal_checkpoint(TRUNCATE)"));
  return state_->db.exec("PRAGMA secure_delete=OFF");
}

Result<void> EntryStore::verify(Progress& progress) {
  State& s = *state_;
  TESSERA_CHECK(s.db.require_schema(entry_ddl()));
  TESSERA_CHECK(s.db.check_integrity());
  for (std::size_t p = 0; p < passes(); ++p) {
    progress.begin("checking stored entries", rows(p), "entries");
    for (const Generation& g : s.generations[p]) {
      std::uint64_t found = 0;
      for (const SlabRange& range : g.slabs) {
        TESSERA_TRY(const SlabView slab, s.reader->read(range, s.strides[p]));
        found += slab.rows();
        progress.advance(slab.rows());
      }
      if (found != g.rows)
        return Error{ErrorCode::format,
                     "a generation of entries has lost rows; restore from a backup", s.db.path()};
    }
  }
  s.reader->reset();
  return {};
}

}  // namespace tessera::registry
