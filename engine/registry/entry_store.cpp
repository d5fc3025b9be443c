#include "engine/registry/entry_store.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/registry/entry_store_state.h"
#include "engine/registry/registry_state.h"

namespace tessera::registry {

using ledger::Database;
using ledger::Statement;
using ledger::Transaction;

namespace {

constexpr std::size_t kChunkBytes = std::size_t{64} << 20;

Database::Options options(Database::Mode mode, std::uint32_t wait_ms = EntryStore::kLongestWait) {
  return {.mode = mode,
          .application_id = kEntryStoreKind,
          .version = kFormat,
          .page_size = 65536,
          .cache_mib = 64,
          .wait_ms = wait_ms};
}

}  // namespace

EntryStore::EntryStore() = default;
EntryStore::EntryStore(EntryStore&&) noexcept = default;
EntryStore& EntryStore::operator=(EntryStore&&) noexcept = default;
EntryStore::~EntryStore() = default;

Result<EntryStore> EntryStore::create(const std::string& path, const RegistryName& name,
                                      const std::vector<std::uint32_t>& strides,
                                      const ledger::Head& head) {
  TESSERA_TRY(Database db, Database::open(path, options(Database::Mode::create)));
  TESSERA_TRY(Transaction transaction, Transaction::begin(db, Transaction::Kind::write));
  TESSERA_CHECK(db.exec(entry_ddl()));
  TESSERA_TRY(Statement meta, db.prepare("INSERT INTO meta(registry) VALUES(?1)"));
  TESSERA_CHECK(meta.bind(1, ByteView(name)).run());
  TESSERA_TRY(Statement pass, db.prepare("INSERT INTO pass(pass, stride) VALUES(?1, ?2)"));
  for (std::size_t p = 0; p < strides.size(); ++p)
    TESSERA_CHECK(
        pass.bind(1, static_cast<std::int64_t>(p)).bind(2, std::int64_t{strides[p]}).run());
  TESSERA_CHECK(add_head(db, head));
  TESSERA_CHECK(transaction.commit());
  EntryStore store;
  store.state_ = std::make_unique<State>(std::move(db), Access::write);
  TESSERA_CHECK(store.state_->read_passes());
  store.state_->db.keep();
  return store;
}

Result<EntryStore> EntryStore::open(const std::string& path, const RegistryName& name,
                                    Access access, std::uint32_t wait_ms) {
  const auto mode =
      access == Access::write ? Database::Mode::read_write : Database::Mode::read_only;
  TESSERA_TRY(Database db, Database::open(path, options(mode, wait_ms)));
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
  if (!row || !copy_whole(meta.blob(0), found))
    return Error{ErrorCode::format, "the entry store has no name", path};
  meta.reset();
  if (found != name)
    return Error{
        ErrorCode::conflict,
        "this entry store belongs to another registry, or a comparer's to another epoch of "
        "it; take the one that goes with it",
        path};
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

Result<void> EntryStore::set_passes(std::size_t first, const std::vector<std::uint32_t>& strides) {
  State& s = *state_;
  TESSERA_TRY(Transaction transaction, Transaction::begin(s.db, Transaction::Kind::write));
  TESSERA_CHECK(s.db.exec(fmt::format("DELETE FROM pass WHERE pass >= {}", first)));
  TESSERA_TRY(Statement pass, s.db.prepare("INSERT INTO pass(pass, stride) VALUES(?1, ?2)"));
  for (std::size_t p = 0; p < strides.size(); ++p)
    TESSERA_CHECK(
        pass.bind(1, static_cast<std::int64_t>(first + p)).bind(2, std::int64_t{strides[p]}).run());
  TESSERA_CHECK(transaction.commit());
  s.strides.resize(first);
  s.strides.insert(s.strides.end(), strides.begin(), strides.end());
  s.generations.resize(s.strides.size());
  return {};
}

Result<void> EntryStore::begin(std::int64_t live, const ledger::Head& now,
                               const std::string& registry) {
  TESSERA_CHECK(state_->check_moment(now, registry));
  state_->live = live;
  if (state_->access == Access::write) TESSERA_CHECK(state_->drop_staged(now));
  return state_->load();
}

Result<void> EntryStore::State::drop_staged(const ledger::Head& now) {
  const std::string where = fmt::format("(SELECT id FROM generation WHERE batch > {})", live);
  const std::string slabs =
      fmt::format("(SELECT slab FROM slab_range WHERE generation IN {})", where);
  TESSERA_TRY(Transaction transaction, Transaction::begin(db, Transaction::Kind::write));
  TESSERA_CHECK(db.exec(
      fmt::format("DELETE FROM slab WHERE id IN {0}; DELETE FROM token WHERE slab IN {0};"
                  "DELETE FROM slab_range WHERE generation IN {1};"
                  "DELETE FROM generation WHERE batch > {2}; DELETE FROM dead WHERE batch > {2};"
                  "DELETE FROM asked WHERE batch > {2}; DELETE FROM head WHERE seq <> {3};",
                  slabs, where, live, now.seq)));
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
    if (pass >= strides.size())
      return Error{ErrorCode::format, "the list of passes is damaged; restore from a backup",
                   db.path()};
    r.bind(1, generation.id);
    for (;;) {
      TESSERA_TRY(const bool slab, r.step());
      if (!slab) break;
      SlabRange range;
      range.slab = r.integer(0);
      range.rows = static_cast<std::uint32_t>(r.integer(3));
      if (!copy_whole(r.blob(1), range.first) || !copy_whole(r.blob(2), range.last) ||
          !copy_whole(r.blob(4), range.sum))
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

Result<void> EntryStore::note_asked(std::int64_t batch, std::span<const Place> places) {
  State& s = *state_;
  if (places.empty()) return {};
  TESSERA_TRY(Transaction transaction, Transaction::begin(s.db, Transaction::Kind::write));
  TESSERA_TRY(Statement insert, s.db.prepare("INSERT OR REPLACE INTO asked(handle, pass, tag, "
                                             "batch) VALUES(?1, ?2, ?3, ?4)"));
  for (const Place& p : places) {
    insert.bind(1, static_cast<std::int64_t>(p.handle)).bind(2, static_cast<std::int64_t>(p.pass));
    TESSERA_CHECK(insert.bind(3, ByteView(p.tag)).bind(4, batch).run());
  }
  return transaction.commit();
}

Result<std::vector<EntryStore::Place>> EntryStore::asked(
    std::span<const encoded::Handle> handles) const {
  TESSERA_TRY(Statement find, state_->db.prepare("SELECT pass, tag FROM asked WHERE handle = ?1 "
                                                 "AND batch <= ?2"));
  std::vector<Place> out;
  for (const encoded::Handle h : handles) {
    TESSERA_TRY(const bool row,
                find.bind(1, static_cast<std::int64_t>(h)).bind(2, state_->live).step());
    if (!row) continue;
    Place p{h, static_cast<std::size_t>(find.integer(0)), {}};
    if (!copy_whole(find.blob(1), p.tag) || p.pass >= passes())
      return Error{ErrorCode::format, "the places of entries are damaged; restore from a backup",
                   state_->db.path()};
    find.reset();
    out.push_back(p);
  }
  return out;
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
