// What the registry knows around a batch: owners, records of handles, persons and their records.
#include <algorithm>

#include "engine/registry/epoch.h"
#include "engine/registry/registry.h"
#include "engine/registry/registry_state.h"

namespace tessera::registry {

using ledger::Statement;

Result<std::int64_t> Registry::owner_number(std::string_view owner) {
  TESSERA_TRY(Statement s, state_->db.prepare("SELECT id FROM owner WHERE name = ?1"));
  TESSERA_TRY(const bool row, s.bind(1, owner).step());
  return row ? s.integer(0) : 0;
}

Result<std::uint64_t> Registry::enrolment(std::int64_t owner) {
  TESSERA_TRY(Statement s, state_->db.prepare("SELECT count(*) FROM record WHERE owner = ?1"));
  TESSERA_TRY(const bool row, s.bind(1, owner).step());
  return row ? static_cast<std::uint64_t>(s.integer(0)) : 0;
}

Result<std::int64_t> Registry::owner_of(RecordId record) {
  if (!state_->owner_of) {
    TESSERA_TRY(state_->owner_of, state_->db.prepare("SELECT owner FROM record WHERE id = ?1"));
  }
  Statement& s = *state_->owner_of;
  TESSERA_TRY(const bool row, s.bind(1, as_integer(record)).step());
  const std::int64_t owner = row ? s.integer(0) : 0;
  s.reset();
  return owner;
}

Result<std::vector<std::optional<double>>> Registry::pass_shares(const Epoch& epoch) {
  std::vector<std::optional<double>> out(epoch.schema.passes.size());
  TESSERA_TRY(const Checksum sum, sum_of_shares(state_->db, epoch.number));
  TESSERA_TRY(Statement kept, state_->db.prepare("SELECT shares FROM encoding WHERE epoch = ?1"));
  TESSERA_TRY(const bool there, kept.bind(1, epoch.number).step());
  if (!there || !std::ranges::equal(kept.blob(0), sum))
    return Error{ErrorCode::format,
                 "the weights of passes are damaged; restore the registry and its entry store from "
                 "a backup",
                 state_->db.path()};
  kept.reset();
  TESSERA_TRY(Statement s, state_->db.prepare("SELECT pass, share FROM pass_share"));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    const auto pass = static_cast<std::size_t>(s.integer(0)) - epoch.first_pass;  // or far off
    if (pass < out.size()) out[pass] = static_cast<double>(s.integer(1)) / kShareUnit;
  }
}

Result<std::vector<std::uint32_t>> batches_stored(ledger::Database& db, std::int64_t epoch) {
  TESSERA_TRY(const std::int64_t last, db.integer("SELECT ifnull(max(id), 0) FROM record"));
  std::vector<std::uint32_t> out(static_cast<std::size_t>(last) + 1, 0);
  TESSERA_TRY(Statement s, db.prepare("SELECT record, stored FROM payload WHERE epoch = ?1"));
  s.bind(1, epoch);
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    const auto record = static_cast<std::size_t>(s.integer(0));  // a negative one is far off
    if (record >= out.size())
      return Error{ErrorCode::format, "a payload is of no record; restore from a backup",
                   db.path()};
    out[record] = static_cast<std::uint32_t>(s.integer(1));
  }
}

Result<void> each_live_handle(ledger::Database& db, HandleMap& map, const Epoch& epoch,
                              const std::function<void(encoded::Handle)>& take) {
  TESSERA_TRY(const auto stored, batches_stored(db, epoch.number));
  return map.each([&](const HandleRow& row) {
    if (row.record < stored.size() && stored[row.record] == row.batch) take(row.handle);
  });
}

Result<std::vector<RecordId>> Registry::records_of(const Epoch& epoch,
                                                   std::span<const encoded::Handle> handles) {
  TESSERA_TRY(auto records, state_->handles_of(epoch).records_of(handles));
  if (std::ranges::find(records, RecordId{0}) != records.end())
    return Error{ErrorCode::format,
                 "a stored entry is of no record; restore the registry and its entry store from a "
                 "backup",
                 state_->db.path()};
  return records;
}

Result<std::vector<Sha256>> Registry::last_files(const Epoch& epoch) {
  TESSERA_TRY(Statement s,
              state_->db.prepare("SELECT s.file FROM submission s JOIN owner o ON o.id = s.owner "
                                 "WHERE s.epoch = ?1 AND s.batch = (SELECT max(batch) FROM "
                                 "submission WHERE epoch = ?1) ORDER BY o.name, s.population, "
                                 "s.file"));
  s.bind(1, epoch.number);
  std::vector<Sha256> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    if (!copy_whole(s.blob(0), out.emplace_back()))
      return Error{ErrorCode::format, "a submission names no file; restore from a backup",
                   state_->db.path()};
  }
}

Result<std::vector<encoded::Handle>> Registry::all_handles(const Epoch& epoch) {
  std::vector<encoded::Handle> out;
  TESSERA_CHECK(each_live_handle(state_->db, state_->handles_of(epoch), epoch,
                                 [&out](encoded::Handle h) { out.push_back(h); }));
  std::sort(out.begin(), out.end());
  return out;
}

Result<std::vector<encoded::Handle>> Registry::handles_of(const Epoch& epoch,
                                                          std::span<const RecordId> records) {
  std::vector<RecordId> sorted(records.begin(), records.end());
  std::sort(sorted.begin(), sorted.end());
  return stored_handles(state_->db, state_->handles_of(epoch), epoch.number, sorted);
}

Result<std::vector<encoded::Handle>> Registry::handles_of(const Epoch& epoch, RecordId record) {
  return handles_of(epoch, std::span(&record, 1));
}

namespace {

Result<void> read_records(Statement& s, std::int64_t by, std::vector<Stored::Record>& out) {
  s.bind(1, by);
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return {};
    out.push_back({static_cast<RecordId>(s.integer(0)), static_cast<PersonId>(s.integer(1)),
                   std::string(s.text(2)), static_cast<encoded::Population>(s.integer(3)),
                   s.integer(4) != 0});
  }
}

// Records of a person whose ID was retired without a survivor are nobody's candidates.
constexpr std::string_view kRecord =
    "SELECT r.id, r.person, o.name, r.population, EXISTS(SELECT 1 FROM many_names m WHERE m.record "
    "= r.id) FROM record r JOIN owner o ON o.id = r.owner WHERE (r.person IS NULL OR EXISTS(SELECT "
    "1 FROM state_id i WHERE i.person = r.person AND i.state <> 3)) AND ";

void sort_unique(std::vector<std::uint64_t>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

}  // namespace

Result<Stored> Registry::around(std::span<const RecordId> records) {
  Stored out;
  std::vector<std::uint64_t> ids(records.begin(), records.end());
  sort_unique(ids);
  TESSERA_TRY(Statement one, state_->db.prepare(std::string(kRecord) + "r.id = ?1"));
  TESSERA_TRY(Statement all, state_->db.prepare(std::string(kRecord) + "r.person = ?1"));
  std::vector<std::uint64_t> persons;
  std::vector<Stored::Record> alone;
  for (const RecordId id : ids) {
    alone.clear();
    TESSERA_CHECK(read_records(one, as_integer(id), alone));
    if (alone.empty()) continue;
    if (alone[0].person != 0)
      persons.push_back(alone[0].person);
    else
      out.records.push_back(alone[0]);
  }
  sort_unique(persons);
  for (const PersonId person : persons)
    TESSERA_CHECK(read_records(all, as_integer(person), out.records));
  std::sort(out.records.begin(), out.records.end(),
            [](const Stored::Record& x, const Stored::Record& y) { return x.record < y.record; });
  TESSERA_TRY(Statement d,
              state_->db.prepare("SELECT d.a, d.b, x.person, y.person FROM different d "
                                 "JOIN record x ON x.id = d.a JOIN record y ON y.id = d.b"));
  for (;;) {
    TESSERA_TRY(const bool row, d.step());
    if (!row) return out;
    out.different.push_back(
        {static_cast<RecordId>(d.integer(0)), static_cast<RecordId>(d.integer(1)),
         static_cast<PersonId>(d.integer(2)), static_cast<PersonId>(d.integer(3))});
  }
}

}  // namespace tessera::registry
