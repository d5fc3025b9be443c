#include "engine/intake/epoch_records.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

namespace tessera::intake {
namespace {

using Name = std::tuple<std::string_view, encoded::Population, encoded::RecordKey>;

Name name_of(const Arrival& file, const encoded::JoinRecord& record) {
  return {file.header.owner, file.header.population, record.key};
}

Result<void> number_like(const EpochRecords& newest, EpochRecords& older) {
  std::map<Name, std::uint32_t> numbers;
  std::uint32_t next = 0;
  for (const Arrival& file : newest.arrivals)
    for (const encoded::JoinRecord& r : file.records) numbers.emplace(name_of(file, r), next++);
  for (const Arrival& file : older.arrivals)
    for (const encoded::JoinRecord& r : file.records) {
      const auto at = numbers.find(name_of(file, r));
      if (at == numbers.end())
        return Error{
            ErrorCode::conflict,
            fmt::format("has records that its owner's file of epoch {} has not; encode the whole "
                        "roster under {}, and under {} those that are new",
                        newest.epoch->name, newest.epoch->name, older.epoch->name),
            file.path};
      older.record.push_back(at->second);
    }
  return {};
}

}  // namespace

Result<std::vector<EpochRecords>> order_epochs(const registry::Registry& registry,
                                               std::vector<std::vector<Arrival>> sets,
                                               Taker taker) {
  std::vector<EpochRecords> out;
  for (std::size_t s = 0; s < sets.size(); ++s) {
    for (const Arrival& file : sets[s]) {
      encoded::Header header = file.header;
      if (taker == Taker::look_up) header.population = encoded::Population::student;
      TESSERA_CHECK(registry.accepts(header, file.path));
    }
    const registry::Epoch* epoch = registry.epoch_of(sets[s].front().header.schema_digest);
    out.push_back({s, std::move(sets[s]), epoch, {}});
  }
  std::ranges::sort(out, std::greater{}, [](const EpochRecords& e) { return e.epoch->number; });
  std::size_t records = 0;
  for (const Arrival& file : out.front().arrivals) records += file.records.size();
  out.front().record.resize(records);
  std::iota(out.front().record.begin(), out.front().record.end(), 0U);
  for (std::size_t i = 1; i < out.size(); ++i) TESSERA_CHECK(number_like(out.front(), out[i]));
  return out;
}

namespace {

// Per record of the batch: 1 if the registry has never seen its key.
Result<std::vector<std::uint8_t>> new_here(registry::Registry& registry,
                                           const EpochRecords& newest) {
  std::vector<std::uint8_t> out;
  for (const Arrival& file : newest.arrivals) {
    std::vector<encoded::RecordKey> keys;
    for (const encoded::JoinRecord& r : file.records) keys.push_back(r.key);
    TESSERA_TRY(const auto known,
                registry.look_up(*newest.epoch, file.header.owner, file.header.population, keys,
                                 std::vector<Checksum>(keys.size())));
    for (const registry::Known& k : known) out.push_back(k.record == 0 ? 1 : 0);
  }
  return out;
}

const std::string& path_of(const EpochRecords& of_epoch, std::size_t record) {
  auto file = of_epoch.arrivals.begin();
  for (; record >= file->records.size(); ++file) record -= file->records.size();
  return file->path;
}

Result<void> require_every_epoch(registry::Registry& registry,
                                 const std::vector<EpochRecords>& batch) {
  const EpochRecords& newest = batch.front();
  if (std::ranges::count_if(registry.epochs(), &registry::Epoch::live) == 1) return {};
  TESSERA_TRY(const std::vector<std::uint8_t> fresh, new_here(registry, newest));
  for (const registry::Epoch& e : registry.epochs()) {
    if (!e.live()) continue;
    std::vector<std::uint8_t> missing = fresh;
    for (const EpochRecords& of_epoch : batch)
      if (of_epoch.epoch == &e)
        for (const std::uint32_t r : of_epoch.record) missing[r] = 0;
    const auto first = std::ranges::find(missing, 1);
    if (first == missing.end()) continue;
    return Error{ErrorCode::conflict,
                 fmt::format("{} records of the batch are new here and in no file of epoch {}, "
                             "which is live: encode them under it too ('tessera encode --known')",
                             std::ranges::count(missing, 1), e.name),
                 path_of(newest, static_cast<std::size_t>(first - missing.begin()))};
  }
  return {};
}

}  // namespace

Result<void> admit(registry::Registry& registry, const std::vector<EpochRecords>& batch,
                   bool again) {
  for (const EpochRecords& e : batch)
    for (const Arrival& file : e.arrivals)
      TESSERA_CHECK(admit_file(registry, *e.epoch, file, again));
  return require_every_epoch(registry, batch);
}

}  // namespace tessera::intake
