#include "engine/lab/linked.h"

#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "engine/core/csv.h"
#include "engine/core/digest.h"
#include "engine/core/file.h"

namespace tessera::lab {
namespace {

// A large table read once: mapped, and its pages given back as they are done with.
class Table {
 public:
  static Result<Table> open(const std::string& path, const std::vector<std::string_view>& columns,
                            Progress& progress) {
    TESSERA_TRY(MappedFile file, MappedFile::open(path));
    const std::string_view text = as_text(file.view());
    TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, path));
    TESSERA_TRY(std::vector<std::size_t> at, reader.require(columns));
    progress.begin("reading " + path, text.size(), "bytes");
    return Table(std::move(file), std::move(reader), std::move(at), progress);
  }
  Result<bool> next() {
    TESSERA_TRY(const bool more, reader_.next(row_));
    constexpr std::size_t kPiece = std::size_t{1} << 25;
    if (!more || reader_.offset() - done_ >= kPiece) {
      progress_->advance(reader_.offset() - done_);
      if (more) file_.release(done_ - std::min(done_, kPiece), kPiece);
      done_ = reader_.offset();
    }
    return more;
  }
  std::string_view cell(std::size_t i) const { return row_[at_[i]]; }
  std::optional<std::string_view> cell_if(std::optional<std::size_t> column) const {
    return column ? std::optional(row_[*column]) : std::nullopt;
  }
  std::optional<std::size_t> column(std::string_view name) const { return reader_.column(name); }
  std::string where() const { return reader_.where(); }
  std::size_t bytes() const { return file_.view().size(); }

  // The record of two cells, whose owner is claimed on the way; Mapped::kUnmapped where no map
  // has it.
  Result<std::uint32_t> record(std::size_t owner, std::size_t key, Mapped& mapped) const {
    auto found = mapped.find(cell(key), "");
    if (!found) return Error{found.error().code, found.error().what, where()};
    if (*found == Mapped::kUnmapped) return *found;
    if (auto claimed = mapped.claim(*found, cell(owner), ""); !claimed)
      return Error{claimed.error().code, claimed.error().what, where()};
    return *found;
  }

 private:
  Table(MappedFile file, csv::Reader reader, std::vector<std::size_t> at, Progress& progress)
      : file_(std::move(file)),
        reader_(std::move(reader)),
        at_(std::move(at)),
        progress_(&progress) {}
  MappedFile file_;
  csv::Reader reader_;
  std::vector<std::size_t> at_;
  csv::Row row_;
  Progress* progress_;
  std::size_t done_ = 0;
};

bool parse_number(std::string_view text, double& out) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  return fault == std::errc() && end == text.data() + text.size() && std::isfinite(out);
}

}  // namespace

Result<LinkedPairs> read_pairs(const std::string& path, Mapped& mapped, Progress& progress) {
  TESSERA_TRY(Table table, Table::open(path,
                                       {"left_owner", "left_record", "right_owner", "right_record",
                                        "weight", "probability"},
                                       progress));
  LinkedPairs out;
  constexpr std::size_t kShortestRow = 85;  // two keys of 32 digits, two short owners, two numbers
  out.pairs.reserve(table.bytes() / kShortestRow + 1);
  for (;;) {
    TESSERA_TRY(const bool more, table.next());
    if (!more) break;
    report::Pair pair;
    TESSERA_TRY(pair.left, table.record(0, 1, mapped));
    TESSERA_TRY(pair.right, table.record(2, 3, mapped));
    if (!parse_number(table.cell(4), pair.weight))
      return Error{ErrorCode::format, "column weight is not a number", table.where()};
    if (!parse_number(table.cell(5), pair.probability) || pair.probability < 0 ||
        pair.probability > 1)
      return Error{ErrorCode::format, "column probability is not a number from 0 to 1",
                   table.where()};
    if (pair.left == Mapped::kUnmapped || pair.right == Mapped::kUnmapped)
      ++out.unmapped;
    else if (pair.left == pair.right)
      return Error{ErrorCode::format, "a record paired with itself", table.where()};
    else
      out.pairs.push_back(pair);
  }
  return out;
}

Result<LinkedClusters> read_clusters(const std::string& path, Mapped& mapped, Progress& progress) {
  TESSERA_TRY(Table table, Table::open(path, {"cluster", "owner", "record"}, progress));
  LinkedClusters out;
  out.cluster.assign(mapped.size(), report::kAlone);
  KeyIndex clusters;
  for (;;) {
    TESSERA_TRY(const bool more, table.next());
    if (!more) break;
    TESSERA_TRY(const std::uint32_t record, table.record(1, 2, mapped));
    if (record == Mapped::kUnmapped) {
      ++out.unmapped;
      continue;
    }
    if (out.cluster[record] != report::kAlone)
      return Error{ErrorCode::format, "column record: this record stands in an earlier row as well",
                   table.where()};
    out.cluster[record] = clusters.add(checksum(as_bytes(table.cell(0)))).number;
  }
  return out;
}

Result<IssuedIds> read_ids(const std::string& path, Mapped& mapped, Progress& progress) {
  TESSERA_TRY(Table table, Table::open(path, {"owner", "record", "state_id", "status"}, progress));
  const auto decided_by = table.column("decided_by");
  IssuedIds out;
  KeyIndex ids;
  for (;;) {
    TESSERA_TRY(const bool more, table.next());
    if (!more) break;
    report::Issued row;
    TESSERA_TRY(row.record, table.record(0, 1, mapped));
    const std::string_view status = table.cell(3);
    if (status == "existing")
      row.status = report::Status::existing;
    else if (status == "new")
      row.status = report::Status::fresh;
    else if (status == "review")
      row.status = report::Status::review;
    else if (status == "conflict")
      row.status = report::Status::conflict;
    else
      return Error{ErrorCode::format, "column status is not existing, new, review or conflict",
                   table.where()};
    if (!table.cell(2).empty()) row.id = ids.add(checksum(as_bytes(table.cell(2)))).number;
    row.by_score = table.cell_if(decided_by).value_or("score") == "score";
    if (row.record == Mapped::kUnmapped)
      ++out.unmapped;
    else
      out.rows.push_back(row);
  }
  return out;
}

}  // namespace tessera::lab
