// Numbers of records decide in which order masses are added up, so they come from the registry's
// own numbers and from nothing else.
#include "engine/intake/judge.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "engine/link/compete.h"

namespace tessera::intake {
namespace {

using registry::RecordId;

// Groups and units for competition: records of one file are rivals for a person; stored persons are
// rivals for a record; stored records of one person are one unit.
void name_rivals(std::span<const std::uint32_t> file_of, Compared& out) {
  const std::uint32_t total = out.batch + static_cast<std::uint32_t>(out.stored.size());
  out.group.resize(total);
  out.unit.resize(total);
  for (std::uint32_t r = 0; r < out.batch; ++r) {
    out.group[r] = file_of[r];
    out.unit[r] = r;
  }
  const std::uint32_t store = file_of.empty() ? 0 : *std::ranges::max_element(file_of) + 1;
  std::unordered_map<registry::PersonId, std::uint32_t> first;
  for (std::uint32_t r = out.batch; r < total; ++r) {
    out.group[r] = store;
    const RecordId id = out.stored[r - out.batch];
    const auto it =
        std::ranges::lower_bound(out.around.records, id, {}, &registry::Stored::Record::record);
    const registry::PersonId person =
        it != out.around.records.end() && it->record == id ? it->person : 0;
    out.unit[r] = person == 0 ? r : first.try_emplace(person, r).first->second;
  }
}

// Stored records of the pairs alone, by RecordId.
void number_stored(Compared& out) {
  std::vector<RecordId> met;
  for (const link::Pair& p : out.pairs)
    if (p.b >= out.batch) met.push_back(out.stored[p.b - out.batch]);
  std::ranges::sort(met);
  met.erase(std::unique(met.begin(), met.end()), met.end());
  for (link::Pair& p : out.pairs)
    if (p.b >= out.batch)
      p.b =
          out.batch + static_cast<std::uint32_t>(
                          std::ranges::lower_bound(met, out.stored[p.b - out.batch]) - met.begin());
  out.stored = std::move(met);
}

}  // namespace

Result<void> set_rivals(registry::Registry& registry, std::span<const std::uint32_t> file_of,
                        const std::vector<Attendance>& attendance, Compared& out) {
  std::erase_if(out.pairs, [&out](const link::Pair& p) {
    return out.held[p.a] != 0 || (p.b < out.batch && out.held[p.b] != 0);
  });
  std::vector<RecordId> met;
  for (const Attendance& a : attendance)  // whom else a provisional person's records are
    if (a.own != 0) met.push_back(a.own);
  const auto note = [&](std::uint32_t record) {
    if (attendance[record].member.own != 0) met.push_back(attendance[record].member.own);
  };
  for (const link::Pair& p : out.pairs) {
    if (p.b >= out.batch) {
      met.push_back(out.stored[p.b - out.batch]);
      continue;
    }
    // Who attaches through a record of the batch alone may meet no other of its person's.
    note(p.a);
    note(p.b);
  }
  TESSERA_TRY(out.around, registry.around(met));
  std::erase_if(out.pairs, [&out](const link::Pair& p) {
    // Records of a retired ID are not around, and nobody's rivals.
    return p.b >= out.batch &&
           !std::ranges::binary_search(out.around.records, out.stored[p.b - out.batch], {},
                                       &registry::Stored::Record::record);
  });
  number_stored(out);
  link::keep_strongest(out.pairs);
  name_rivals(file_of, out);
  out.probability = link::compete(out.pairs, out.group, out.unit);
  return {};
}

void judge(Compared compared, Weighed& out) {
  for (std::size_t i = 0; i < compared.pairs.size(); ++i) {
    const link::Pair& p = compared.pairs[i];
    const bool in_batch = p.b < compared.batch;
    out.question.candidates.push_back({p.a, in_batch,
                                       in_batch ? p.b : compared.stored[p.b - compared.batch],
                                       p.logit, static_cast<double>(compared.probability[i])});
  }
  for (std::size_t i = 0; i < out.batch.records.size(); ++i) {
    out.question.records[i].held = compared.held[i] != 0;
    out.question.records[i].many_names = compared.many_names[i] != 0;
    out.batch.records[i].many_names = compared.many_names[i] != 0;
  }
  out.question.stored = std::move(compared.around);
  out.decisions = registry::decide(out.question);
  out.fit = std::move(compared.fit);
  out.compared = compared.entries_compared;
}

}  // namespace tessera::intake
