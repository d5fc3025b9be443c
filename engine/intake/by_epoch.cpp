#include "engine/intake/by_epoch.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

namespace tessera::intake {
namespace {

using Name = std::tuple<std::string_view, encoded::Population, encoded::RecordKey>;

Name name_of(const link::FileSet& files, std::uint32_t record) {
  const encoded::Header& h = files.files()[files.file_of(record)].header();
  return {h.owner, h.population, files.record(record).key};
}

Result<void> number_like(const EpochFiles& newest, EpochFiles& older) {
  std::map<Name, std::uint32_t> numbers;
  for (std::uint32_t r = 0; r < newest.files->records(); ++r)
    numbers.emplace(name_of(*newest.files, r), r);
  for (std::uint32_t r = 0; r < older.files->records(); ++r) {
    const auto at = numbers.find(name_of(*older.files, r));
    if (at == numbers.end())
      return Error{
          ErrorCode::conflict,
          fmt::format("has records that its owner's file of epoch {} has not; encode the whole "
                      "roster under {}, and under {} those that are new",
                      newest.epoch->name, newest.epoch->name, older.epoch->name),
          older.files->files()[older.files->file_of(r)].path()};
    older.record.push_back(at->second);
  }
  return {};
}

}  // namespace

Result<std::vector<EpochFiles>> by_epoch(const registry::Registry& registry,
                                         std::span<link::FileSet> sets, Taker taker) {
  TESSERA_CHECK(registry.require_entries());
  std::vector<EpochFiles> out;
  for (link::FileSet& files : sets) {
    for (const encoded::File& f : files.files()) {
      encoded::Header header = f.header();
      if (taker == Taker::look_up) header.population = encoded::Population::student;
      TESSERA_CHECK(registry.accepts(header, f.path()));
    }
    out.push_back({&files, registry.epoch_of(files.files().front().header().schema_digest), {}});
  }
  std::ranges::sort(out, std::greater{}, [](const EpochFiles& e) { return e.epoch->number; });
  out.front().record.resize(out.front().files->records());
  std::iota(out.front().record.begin(), out.front().record.end(), 0U);
  for (std::size_t i = 1; i < out.size(); ++i) TESSERA_CHECK(number_like(out.front(), out[i]));
  return out;
}

namespace {

// Per record of the batch: 1 if the registry has never seen its key.
Result<std::vector<std::uint8_t>> new_here(registry::Registry& registry, const EpochFiles& newest) {
  std::vector<std::uint8_t> out;
  for (const encoded::File& f : newest.files->files()) {
    std::vector<encoded::RecordKey> keys;
    for (const encoded::JoinRecord& r : f.records()) keys.push_back(r.key);
    TESSERA_TRY(const auto known,
                registry.look_up(*newest.epoch, f.header().owner, f.header().population, keys,
                                 std::vector<Checksum>(keys.size())));
    for (const registry::Known& k : known) out.push_back(k.record == 0 ? 1 : 0);
  }
  return out;
}

}  // namespace

Result<void> require_every_epoch(registry::Registry& registry,
                                 const std::vector<EpochFiles>& batch) {
  const EpochFiles& newest = batch.front();
  if (std::ranges::count_if(registry.epochs(), &registry::Epoch::live) == 1) return {};
  TESSERA_TRY(const std::vector<std::uint8_t> fresh, new_here(registry, newest));
  for (const registry::Epoch& e : registry.epochs()) {
    if (!e.live()) continue;
    std::vector<std::uint8_t> missing = fresh;
    for (const EpochFiles& of_epoch : batch)
      if (of_epoch.epoch == &e)
        for (const std::uint32_t r : of_epoch.record) missing[r] = 0;
    const auto first = std::ranges::find(missing, 1);
    if (first == missing.end()) continue;
    const auto record = static_cast<std::uint32_t>(first - missing.begin());
    return Error{ErrorCode::conflict,
                 fmt::format("{} records of the batch are new here and in no file of epoch {}, "
                             "which is live: encode them under it too ('tessera encode --known')",
                             std::ranges::count(missing, 1), e.name),
                 newest.files->files()[newest.files->file_of(record)].path()};
  }
  return {};
}

}  // namespace tessera::intake
