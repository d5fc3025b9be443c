#include "engine/registry/handle_map.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace tessera::registry {
namespace {

constexpr std::size_t kBlockRows = 4000;  // 64 kB
constexpr std::size_t kRow = 16;
constexpr std::size_t kGenerations = 12;

// Handles use all 64 bits, so they are kept as bytes: SQLite's integers are signed.
std::array<std::uint8_t, 8> to_bytes(encoded::Handle handle) {
  std::array<std::uint8_t, 8> bytes{};
  store_le(bytes.data(), handle);
  return bytes;
}

Error damaged(std::string_view what, const ledger::Database& database) {
  return {ErrorCode::format,
          fmt::format("{}; restore the registry and its entry store from a backup", what),
          database.path()};
}

}  // namespace

Result<HandleMap> HandleMap::read_list(ledger::Database& database, std::int64_t epoch) {
  HandleMap map;
  map.database_ = &database;
  map.epoch_ = epoch;
  TESSERA_TRY(map.read_, database.prepare("SELECT body FROM handle_block WHERE id = ?1"));
  TESSERA_TRY(map.last_record_, database.prepare("SELECT ifnull(max(id), 0) FROM record"));
  TESSERA_TRY(map.insert_,
              database.prepare("INSERT INTO handle_block(generation, rows, first, last, body, "
                               "epoch, sum) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
  map.insert_.bind(6, epoch);
  TESSERA_TRY(auto s, database.prepare("SELECT id, generation, rows, first, last, sum FROM "
                                       "handle_block WHERE epoch = ?1 ORDER BY id"));
  s.bind(1, epoch);
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return map;
    if (s.blob(3).size() != 8 || s.blob(4).size() != 8)
      return damaged("the list of blocks of handles is damaged", database);
    if (map.generations_.empty() || map.generations_.back().id != s.integer(1))
      map.generations_.push_back({s.integer(1), 0, {}});
    const auto rows = static_cast<std::uint32_t>(s.integer(2));
    map.generations_.back().rows += rows;
    map.generations_.back().blocks.push_back({s.integer(0),
                                              load_le<std::uint64_t>(s.blob(3).data()),
                                              load_le<std::uint64_t>(s.blob(4).data()),
                                              rows,
                                              {}});
    copy_whole(s.blob(5), map.generations_.back().blocks.back().sum);
  }
}

Checksum HandleMap::sum_of_list() const {
  Bytes list;
  for (const Generation& g : generations_)
    for (const Block& b : g.blocks) {
      for (const std::uint64_t value :
           {static_cast<std::uint64_t>(b.id), static_cast<std::uint64_t>(g.id),
            std::uint64_t{b.rows}, b.first, b.last})
        append_le(list, value);
      list.insert(list.end(), b.sum.begin(), b.sum.end());
    }
  return checksum(list);
}

Result<void> HandleMap::keep_sum() {
  TESSERA_TRY(auto s, database_->prepare("UPDATE encoding SET blocks = ?1 WHERE epoch = ?2"));
  return s.bind(1, ByteView(sum_of_list())).bind(2, epoch_).run();
}

Result<HandleMap> HandleMap::open(ledger::Database& database, std::int64_t epoch) {
  TESSERA_TRY(HandleMap map, read_list(database, epoch));
  TESSERA_TRY(auto s, database.prepare("SELECT blocks FROM encoding WHERE epoch = ?1"));
  TESSERA_TRY(const bool there, s.bind(1, epoch).step());
  Checksum kept{};
  if (!there || !copy_whole(s.blob(0), kept) || kept != map.sum_of_list())
    return damaged("a block of handles is missing, or the list of them is damaged", database);
  return map;
}

Result<void> HandleMap::add_sums(ledger::Database& database, std::int64_t epoch) {
  TESSERA_TRY(HandleMap map, read_list(database, epoch));
  TESSERA_TRY(auto set, database.prepare("UPDATE handle_block SET sum = ?1 WHERE id = ?2"));
  for (Generation& g : map.generations_)
    for (Block& b : g.blocks) {
      TESSERA_TRY(const bool there, map.read_.bind(1, b.id).step());
      if (there) b.sum = checksum(map.read_.blob(0));
      map.read_.reset();
      TESSERA_CHECK(set.bind(1, ByteView(b.sum)).bind(2, b.id).run());
    }
  return map.keep_sum();
}

Result<std::vector<HandleRow>> HandleMap::read(const Block& block) {
  read_.reset();  // an error may have left it open
  TESSERA_TRY(const bool there, read_.bind(1, block.id).step());
  const ByteView body = there ? read_.blob(0) : ByteView{};
  if (body.size() != block.rows * kRow || checksum(body) != block.sum)
    return damaged("a block of handles does not match its checksum", *database_);
  TESSERA_TRY(const bool any, last_record_.step());
  const std::int64_t last = any ? last_record_.integer(0) : 0;
  last_record_.reset();
  std::vector<HandleRow> rows(block.rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::uint8_t* p = body.data() + i * kRow;
    rows[i] = {load_le<std::uint64_t>(p), load_le<std::uint32_t>(p + 8),
               load_le<std::uint32_t>(p + 12)};
    if (rows[i].record == 0 || rows[i].record > last)
      return damaged("a block of handles names a record that is not there", *database_);
  }
  read_.reset();
  return rows;
}

Result<std::vector<RecordId>> HandleMap::records_of(std::span<const encoded::Handle> handles) {
  std::vector<std::uint32_t> order(handles.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return handles[a] < handles[b]; });
  std::vector<RecordId> out(handles.size(), 0);
  std::vector<std::uint32_t> newest(handles.size(), 0);
  for (const Generation& g : generations_) {
    auto ask = order.begin();
    for (const Block& block : g.blocks) {
      ask = std::lower_bound(ask, order.end(), block.first,
                             [&](std::uint32_t i, encoded::Handle h) { return handles[i] < h; });
      if (ask == order.end()) break;
      if (handles[*ask] > block.last) continue;
      TESSERA_TRY(const auto rows, read(block));
      auto row = rows.begin();
      for (auto i = ask; i != order.end() && handles[*i] <= block.last; ++i) {
        row = std::lower_bound(row, rows.end(), handles[*i],
                               [](const HandleRow& r, encoded::Handle h) { return r.handle < h; });
        for (auto r = row; r != rows.end() && r->handle == handles[*i]; ++r)
          if (r->batch >= newest[*i]) {
            newest[*i] = r->batch;
            out[*i] = r->record;
          }
      }
    }
  }
  return out;
}

Result<std::vector<encoded::Handle>> HandleMap::handles_of(std::span<const StoredIn> stored) {
  std::vector<encoded::Handle> out;
  if (stored.empty()) return out;
  for (const Generation& g : generations_)
    for (const Block& block : g.blocks) {
      TESSERA_TRY(const auto rows, read(block));
      for (const HandleRow& r : rows) {
        const auto at = std::lower_bound(
            stored.begin(), stored.end(), r.record,
            [](const StoredIn& s, std::uint32_t record) { return s.record < record; });
        if (at != stored.end() && at->record == r.record && at->batch == r.batch)
          out.push_back(r.handle);
      }
    }
  return out;
}

Result<void> HandleMap::each(const std::function<void(const HandleRow&)>& body) {
  for (const Generation& g : generations_)
    for (const Block& block : g.blocks) {
      TESSERA_TRY(const auto rows, read(block));
      std::ranges::for_each(rows, body);
    }
  return {};
}

Result<void> HandleMap::write(std::span<const HandleRow> sorted, std::int64_t generation) {
  Generation g{generation, sorted.size(), {}};
  for (std::size_t at = 0; at < sorted.size(); at += kBlockRows) {
    const auto rows = sorted.subspan(at, std::min(kBlockRows, sorted.size() - at));
    Bytes body(rows.size() * kRow);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      store_le<std::uint64_t>(body.data() + i * kRow, rows[i].handle);
      store_le<std::uint32_t>(body.data() + i * kRow + 8, rows[i].record);
      store_le<std::uint32_t>(body.data() + i * kRow + 12, rows[i].batch);
    }
    const auto first = to_bytes(rows.front().handle);
    const auto last = to_bytes(rows.back().handle);
    const Checksum sum = checksum(body);
    insert_.bind(1, generation)
        .bind(2, static_cast<std::int64_t>(rows.size()))
        .bind(3, ByteView(first));
    TESSERA_CHECK(
        insert_.bind(4, ByteView(last)).bind(5, ByteView(body)).bind(7, ByteView(sum)).run());
    g.blocks.push_back({database_->last_rowid(), rows.front().handle, rows.back().handle,
                        static_cast<std::uint32_t>(rows.size()), sum});
  }
  generations_.push_back(std::move(g));
  return keep_sum();
}

Result<void> HandleMap::add(std::vector<HandleRow> rows) {
  if (rows.empty()) return {};
  std::sort(rows.begin(), rows.end());
  TESSERA_TRY(
      const std::int64_t next,
      database_->integer(fmt::format(
          "SELECT ifnull(max(generation), 0) + 1 FROM handle_block WHERE epoch = {}", epoch_)));
  return write(rows, next);
}

bool HandleMap::untidy() const {
  std::uint64_t total = 0;
  std::uint64_t most = 0;
  for (const Generation& g : generations_) {
    total += g.rows;
    most = std::max(most, g.rows);
  }
  return generations_.size() > kGenerations || (total - most) * 10 > most;
}

Result<void> HandleMap::merge(const std::function<bool(const HandleRow&)>& current) {
  std::vector<HandleRow> all;
  std::int64_t newest = 0;
  for (const Generation& g : generations_) newest = std::max(newest, g.id);
  TESSERA_CHECK(each([&](const HandleRow& row) {
    if (current(row)) all.push_back(row);
  }));
  std::sort(all.begin(), all.end());
  TESSERA_CHECK(clear());
  return all.empty() ? Result<void>{} : write(all, newest + 1);
}

Result<void> HandleMap::clear() {
  TESSERA_CHECK(database_->exec(fmt::format("DELETE FROM handle_block WHERE epoch = {}", epoch_)));
  generations_.clear();
  return keep_sum();
}

}  // namespace tessera::registry
