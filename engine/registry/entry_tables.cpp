#include "engine/registry/entry_tables.h"

#include <algorithm>

namespace tessera::registry {

namespace {

// Tables of format 2 that format 1 had not.
constexpr std::string_view kAddedBy2 = R"sql(
CREATE TABLE asked(handle INTEGER PRIMARY KEY, pass INTEGER NOT NULL, tag BLOB NOT NULL,
                   batch INTEGER NOT NULL) STRICT;
)sql";

// And of format 5.
constexpr std::string_view kAddedBy5 = R"sql(
CREATE TABLE head(seq INTEGER PRIMARY KEY, hash BLOB NOT NULL CHECK(length(hash) = 32)) STRICT;
)sql";

}  // namespace

std::string added_entry_ddl(std::uint32_t from) {
  return std::string(from < 2 ? kAddedBy2 : "") + std::string(from < 5 ? kAddedBy5 : "");
}

std::string entry_ddl() {
  return R"sql(
CREATE TABLE meta(registry BLOB NOT NULL) STRICT;
CREATE TABLE pass(pass INTEGER PRIMARY KEY, stride INTEGER NOT NULL) STRICT;
CREATE TABLE generation(id INTEGER PRIMARY KEY, pass INTEGER NOT NULL REFERENCES pass(pass),
                        batch INTEGER NOT NULL, rows INTEGER NOT NULL) STRICT;
CREATE TABLE slab_range(slab INTEGER PRIMARY KEY, generation INTEGER NOT NULL,
                        first BLOB NOT NULL, last BLOB NOT NULL, rows INTEGER NOT NULL,
                        sum BLOB NOT NULL) STRICT;
CREATE INDEX slab_range_generation ON slab_range(generation);
CREATE TABLE slab(id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TABLE token(slab INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TABLE dead(handle INTEGER NOT NULL, batch INTEGER NOT NULL,
                  PRIMARY KEY(handle, batch)) STRICT, WITHOUT ROWID;
)sql" + added_entry_ddl(0);
}

Result<SlabReader> SlabReader::open(ledger::Database& database) {
  SlabReader reader;
  reader.where_ = database.path();
  TESSERA_TRY(reader.body_, database.prepare("SELECT body FROM slab WHERE id = ?1"));
  TESSERA_TRY(reader.token_, database.prepare("SELECT body FROM token WHERE slab = ?1"));
  return reader;
}

void SlabReader::reset() {
  body_.reset();
  token_.reset();
}

Result<SlabView> SlabReader::read(const SlabRange& range, std::uint32_t stride) {
  reset();
  TESSERA_TRY(const bool there, body_.bind(1, range.slab).step());
  if (!there) return Error{ErrorCode::format, "a slab of entries is missing", where_};
  TESSERA_TRY(const bool tokens, token_.bind(1, range.slab).step());
  if (checksum(body_.blob(0)) != range.sum)
    return Error{ErrorCode::format,
                 "a slab of entries does not match its checksum; restore from a backup", where_};
  auto view =
      SlabView::open(body_.blob(0), tokens ? token_.blob(0) : ByteView{}, range.rows, stride);
  if (!view) return Error{view.error().code, view.error().what, where_};
  return view;
}

Result<GenerationWriter> GenerationWriter::open(ledger::Database& database, std::size_t pass,
                                                std::int64_t batch, std::uint32_t stride,
                                                std::size_t chunk_bytes) {
  GenerationWriter w;
  w.database_ = &database;
  w.limit_ = slab_rows(stride);
  w.chunk_bytes_ = chunk_bytes;
  w.held_.stride = stride;
  w.generation_.batch = batch;
  TESSERA_TRY(w.next_slab_, database.integer("SELECT ifnull(max(slab), 0) + 1 FROM slab_range"));
  TESSERA_TRY(w.body_, database.prepare("INSERT INTO slab(id, body) VALUES(?1, ?2)"));
  TESSERA_TRY(w.token_, database.prepare("INSERT INTO token(slab, body) VALUES(?1, ?2)"));
  TESSERA_TRY(w.range_,
              database.prepare("INSERT INTO slab_range(slab, generation, first, last, rows, sum) "
                               "VALUES(?1, ?2, ?3, ?4, ?5, ?6)"));
  TESSERA_TRY(ledger::Statement row,
              database.prepare("INSERT INTO generation(pass, batch, rows) VALUES(?1, ?2, 0)"));
  TESSERA_CHECK(row.bind(1, static_cast<std::int64_t>(pass)).bind(2, batch).run());
  w.generation_.id = database.last_rowid();
  return w;
}

Result<void> GenerationWriter::add(const encoded::PassView& rows, std::size_t row) {
  held_.append_row(rows, row);  // a slab keeps tokens only if all its rows have one
  if (held_.tags.size() == limit_) return flush();
  return {};
}

Result<void> GenerationWriter::flush() {
  if (held_.tags.empty()) return {};
  const Bytes body = pack_slab(held_.view());
  const SlabRange range{next_slab_++, held_.tags.front(), held_.tags.back(),
                        static_cast<std::uint32_t>(held_.tags.size()), checksum(body)};
  TESSERA_CHECK(body_.bind(1, range.slab).bind(2, ByteView(body)).run());
  if (held_.ssn_tokens.size() == held_.tags.size()) {
    const ByteView tokens{reinterpret_cast<const std::uint8_t*>(held_.ssn_tokens.data()),
                          held_.ssn_tokens.size() * sizeof(std::uint16_t)};
    TESSERA_CHECK(token_.bind(1, range.slab).bind(2, tokens).run());
  }
  range_.bind(1, range.slab)
      .bind(2, generation_.id)
      .bind(3, ByteView(range.first))
      .bind(4, ByteView(range.last));
  TESSERA_CHECK(range_.bind(5, std::int64_t{range.rows}).bind(6, ByteView(range.sum)).run());
  generation_.slabs.push_back(range);
  generation_.rows += range.rows;
  held_.tags.clear();
  held_.handles.clear();
  held_.presence.clear();
  held_.bits.clear();
  held_.ssn_tokens.clear();
  written_ += body.size();
  if (chunk_bytes_ == 0 || written_ < chunk_bytes_) return {};
  written_ = 0;
  return database_->exec("COMMIT; BEGIN IMMEDIATE");
}

Result<Generation> GenerationWriter::finish() {
  TESSERA_CHECK(flush());
  TESSERA_TRY(ledger::Statement s,
              database_->prepare("UPDATE generation SET rows = ?1 WHERE id = ?2"));
  TESSERA_CHECK(
      s.bind(1, static_cast<std::int64_t>(generation_.rows)).bind(2, generation_.id).run());
  return std::move(generation_);
}

namespace {

// Moves to the next row that is kept; false at the end of the run.
Result<bool> settle(Run& run) {
  for (;;) {
    for (; run.at < run.rows.rows(); ++run.at)
      if (!run.keeps || run.keeps(run.rows, run.at)) return true;
    if (!run.refill) return false;
    run.at = 0;
    TESSERA_TRY(const bool more, run.refill(run));
    if (!more) return false;
  }
}

}  // namespace

Result<void> merge_runs(std::vector<Run>& runs, GenerationWriter& writer) {
  // A heap with the smallest (tag, handle) on top; ties by run, so the order is total.
  std::vector<std::size_t> heap;
  const auto after = [&runs](std::size_t a, std::size_t b) {
    const Run& x = runs[a];
    const Run& y = runs[b];
    const int c =
        std::memcmp(x.rows.tags[x.at].data(), y.rows.tags[y.at].data(), sizeof(encoded::Tag));
    if (c != 0) return c > 0;
    if (x.rows.handles[x.at] != y.rows.handles[y.at])
      return x.rows.handles[x.at] > y.rows.handles[y.at];
    return a > b;
  };
  for (std::size_t i = 0; i < runs.size(); ++i) {
    TESSERA_TRY(const bool any, settle(runs[i]));
    if (any) heap.push_back(i);
  }
  std::make_heap(heap.begin(), heap.end(), after);
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), after);
    Run& run = runs[heap.back()];
    TESSERA_CHECK(writer.add(run.rows, run.at));
    ++run.at;
    TESSERA_TRY(const bool more, settle(run));
    if (more)
      std::push_heap(heap.begin(), heap.end(), after);
    else
      heap.pop_back();
  }
  return {};
}

}  // namespace tessera::registry
