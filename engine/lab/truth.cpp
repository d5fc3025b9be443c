#include "engine/lab/truth.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "engine/core/csv.h"
#include "engine/core/digest.h"
#include "engine/core/file.h"
#include "engine/core/parallel.h"

namespace tessera::lab {
namespace {

constexpr std::size_t kMostValues = 200;  // more is no group but an identifier

bool parse_key(std::string_view hex, Key16& key) {
  const auto bytes = hex.size() == 32 ? from_hex(hex) : std::nullopt;
  if (!bytes) return false;
  std::ranges::copy(*bytes, key.begin());
  return true;
}

// Names an (owner, local ID) in the truth's index.
Key16 place(std::uint32_t owner, const Key16& local) {
  std::array<std::uint8_t, 20> both{};
  store_le(both.data(), owner);
  std::ranges::copy(local, both.begin() + 4);
  return checksum(both);
}

// Numbers for names, in order of arrival.
class Names {
 public:
  std::uint32_t add(std::string_view name) {
    if (!last_.empty() && name == last_) return last_number_;
    const auto [at, fresh] =
        number_.try_emplace(std::string(name), static_cast<std::uint32_t>(names_.size()));
    if (fresh) names_.emplace_back(name);
    last_ = name;
    return last_number_ = at->second;
  }
  const std::vector<std::string>& all() const { return names_; }

 private:
  std::unordered_map<std::string, std::uint32_t> number_;
  std::vector<std::string> names_;
  std::string last_;  // files are sorted by owner as a rule
  std::uint32_t last_number_ = 0;
};

// A column of the table of groups.
struct GroupColumn {
  std::size_t cell;
  Names values;
  std::vector<std::uint32_t> of_truth;  // value of each record of the truth

  // The number of a value; kNobody of an empty cell.
  Result<std::uint32_t> add(std::string_view value, const std::string& where) {
    if (value.empty()) return report::kNobody;
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::ranges::any_of(value, control))
      return Error{ErrorCode::format, fmt::format("column {}: a control character", cell + 1),
                   where};
    const std::uint32_t number = values.add(value);
    if (values.all().size() > kMostValues)
      return Error{ErrorCode::limit,
                   fmt::format("column {} has more than {} different values, so it is no group; "
                               "leave it out",
                               cell + 1, kMostValues),
                   where};
    return number;
  }
};

}  // namespace

Result<Mapped> Mapped::read(const std::vector<MapFile>& maps, Progress& progress) {
  Mapped out;
  for (const MapFile& file : maps) {
    const auto map = static_cast<std::uint32_t>(out.path_.size());
    out.path_.push_back(file.path);
    out.owner_.push_back(file.owner);
    TESSERA_TRY(const std::string text, read_file(file.path));
    TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, file.path));
    TESSERA_TRY(const auto at, reader.require({"record", "local_id"}));
    progress.begin("reading maps", text.size(), "bytes");
    KeyIndex locals;
    csv::Row row;
    for (std::size_t done = 0;;
         progress.advance(reader.offset() - std::exchange(done, reader.offset()))) {
      TESSERA_TRY(const bool more, reader.next(row));
      if (!more) break;
      Key16 key{};
      if (!parse_key(row[at[0]], key))
        return Error{ErrorCode::format, "column record is not a record key of 32 hex digits",
                     reader.where()};
      const Key16 local = checksum(as_bytes(row[at[1]]));
      if (!locals.add(local).fresh)
        return Error{ErrorCode::format, "column local_id repeats the local ID of an earlier row",
                     reader.where()};
      const auto [number, fresh] = out.index_.add(key);
      if (fresh) {
        out.map_.push_back(map);
        out.local_.push_back(local);
      } else if (out.local_[number] != local) {
        return Error{ErrorCode::format,
                     "column record repeats an earlier record key with another local ID",
                     reader.where()};
      }
    }
  }
  // Renumber by record key.
  std::vector<std::uint32_t> order(out.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  parallel_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return out.index_.key(a) < out.index_.key(b);
  });
  KeyIndex index;
  std::vector<std::uint32_t> map;
  std::vector<Key16> local;
  for (const std::uint32_t i : order) {
    index.add(out.index_.key(i));
    map.push_back(out.map_[i]);
    local.push_back(out.local_[i]);
  }
  out.index_ = std::move(index);
  out.map_ = std::move(map);
  out.local_ = std::move(local);
  return out;
}

Result<std::uint32_t> Mapped::find(std::string_view hex, std::string_view where) const {
  Key16 key{};
  if (!parse_key(hex, key))
    return Error{ErrorCode::format, "not a record key of 32 hex digits", std::string(where)};
  return index_.find(key).value_or(kUnmapped);
}

Result<void> Mapped::claim(std::uint32_t record, std::string_view owner, std::string_view where) {
  std::string& known = owner_[map_[record]];
  if (known == owner) return {};
  if (!known.empty() || owner.empty())
    return Error{
        ErrorCode::conflict,
        fmt::format("the owner of this record is not the owner of the others in {}; was the "
                    "right map given?",
                    path_[map_[record]]),
        std::string(where)};
  known = owner;
  return {};
}

// Joins truth and groups to the mapped records.
class TruthReader {
 public:
  explicit TruthReader(const Mapped& mapped) : mapped_(mapped), map_owner_(mapped.owner_) {}

  Result<void> read(const std::string& path, Progress& progress) {
    TESSERA_TRY(const std::string text, read_file(path));
    TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, path));
    TESSERA_TRY(const auto at, reader.require({"owner", "local_id", "person"}));
    progress.begin("reading the truth", text.size(), "bytes");
    KeyIndex persons;
    csv::Row row;
    for (std::size_t done = 0;;
         progress.advance(reader.offset() - std::exchange(done, reader.offset()))) {
      TESSERA_TRY(const bool more, reader.next(row));
      if (!more) break;
      if (row[at[2]].empty())
        return Error{ErrorCode::format, "column person is empty", reader.where()};
      const std::uint32_t owner = owners_.add(row[at[0]]);
      const std::uint32_t person = persons.add(checksum(as_bytes(row[at[2]]))).number;
      const auto [number, fresh] = truth_.add(place(owner, checksum(as_bytes(row[at[1]]))));
      if (fresh) {
        person_.push_back(person);
        owner_.push_back(owner);
      } else if (person_[number] != person) {
        return Error{ErrorCode::conflict,
                     "column local_id: an earlier row gives it to another person", reader.where()};
      }
    }
    return {};
  }

  // Maps whose owner nothing has told yet: the one owner of the truth who has local IDs of theirs.
  Result<void> settle_owners() {
    for (std::size_t map = 0; map < map_owner_.size(); ++map) {
      if (!map_owner_[map].empty()) continue;
      std::uint32_t candidates = 0;
      for (std::uint32_t o = 0; o < owners_.all().size(); ++o) {
        bool has = false;
        for (std::size_t r = 0; r < mapped_.size() && !has; ++r)
          has = mapped_.map_[r] == map && truth_.find(place(o, mapped_.local_[r])).has_value();
        if (!has) continue;
        ++candidates;
        map_owner_[map] = owners_.all()[o];
      }
      if (candidates > 1)
        return Error{ErrorCode::usage,
                     "cannot tell whose map this is, as several owners use such local IDs; give it "
                     "as --map OWNER=FILE",
                     mapped_.path_[map]};
    }
    return {};
  }

  Known known(bool dedupe) {
    Known out;
    const std::size_t n = mapped_.size();
    std::vector<std::uint32_t> of_map;
    for (const std::string& name : map_owner_) of_map.push_back(owners_.add(name));
    std::vector<std::uint32_t> dense(owners_.all().size(), report::kNobody);
    std::vector<bool> met(truth_.size());
    for (std::size_t r = 0; r < n; ++r) {
      const std::uint32_t owner = of_map[mapped_.map_[r]];
      if (dense[owner] == report::kNobody) dense[owner] = static_cast<std::uint32_t>(out.owners++);
      out.people.owner.push_back(dense[owner]);
      const auto at = truth_.find(place(owner, mapped_.local_[r]));
      out.people.person.push_back(at ? person_[*at] : report::kNobody);
      if (at) met[*at] = true;
      truth_of_record_.emplace_back(at.value_or(report::kNobody));
    }
    out.people.within = dedupe || out.owners <= 1;
    out.truth_records = truth_.size();
    out.unmapped = truth_.size() - static_cast<std::uint64_t>(std::ranges::count(met, true));
    const std::vector<std::uint64_t> key(person_.begin(), person_.end());
    out.true_pairs_in_all = report::count_pairs(key, owner_, out.people.within);
    return out;
  }

  Result<void> read_groups(const std::string& path, Known& known) {
    TESSERA_TRY(const std::string text, read_file(path));
    TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, path));
    TESSERA_TRY(const auto at, reader.require({"owner", "local_id"}));
    std::vector<GroupColumn> columns;
    for (std::size_t c = 0; c < reader.header().size(); ++c)
      if (c != at[0] && c != at[1])
        columns.push_back({c, {}, std::vector<std::uint32_t>(truth_.size(), report::kNobody)});
    std::vector<bool> met(truth_.size());
    csv::Row row;
    for (;;) {
      TESSERA_TRY(const bool more, reader.next(row));
      if (!more) break;
      const auto number =
          truth_.find(place(owners_.add(row[at[0]]), checksum(as_bytes(row[at[1]]))));
      if (!number) continue;
      if (met[*number])
        return Error{ErrorCode::conflict,
                     "column local_id: an earlier row has the groups of this record; keep one row "
                     "for each",
                     reader.where()};
      met[*number] = true;
      for (GroupColumn& column : columns) {
        TESSERA_TRY(column.of_truth[*number], column.add(row[column.cell], reader.where()));
      }
    }
    for (GroupColumn& column : columns)
      known.groups.push_back(
          grouping(reader.header()[column.cell], column.values.all(), column.of_truth));
    return {};
  }

 private:
  // Values in their own order; records without one get "not given", the last.
  report::Grouping grouping(const std::string& name, const std::vector<std::string>& values,
                            const std::vector<std::uint32_t>& of_truth) const {
    std::vector<std::uint32_t> order(values.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
    std::ranges::sort(order, {}, [&](std::uint32_t i) -> const std::string& { return values[i]; });
    report::Grouping out{name, {}, {}};
    std::vector<std::uint32_t> rank(values.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      rank[order[i]] = static_cast<std::uint32_t>(i);
      out.values.push_back(values[order[i]]);
    }
    out.values.emplace_back("not given");
    const auto absent = static_cast<std::uint32_t>(values.size());
    for (const std::uint32_t truth : truth_of_record_) {
      const std::uint32_t value = truth == report::kNobody ? report::kNobody : of_truth[truth];
      out.value.push_back(value == report::kNobody ? absent : rank[value]);
    }
    return out;
  }

  const Mapped& mapped_;
  std::vector<std::string> map_owner_;
  Names owners_;
  KeyIndex truth_;                     // place -> row of the truth
  std::vector<std::uint32_t> person_;  // of each row of the truth
  std::vector<std::uint32_t> owner_;
  std::vector<std::uint32_t> truth_of_record_;  // row of the truth of each mapped record
};

Result<Known> read_truth(const Mapped& mapped, const std::string& truth_path,
                         const std::string& groups_path, bool dedupe, Progress& progress) {
  TruthReader reader(mapped);
  TESSERA_CHECK(reader.read(truth_path, progress));
  TESSERA_CHECK(reader.settle_owners());
  Known known = reader.known(dedupe);
  if (!groups_path.empty()) TESSERA_CHECK(reader.read_groups(groups_path, known));
  return known;
}

}  // namespace tessera::lab
