#include "tests/registry/world.h"

#include <algorithm>
#include <map>
#include <numeric>

#include <doctest/doctest.h>

#include "engine/encoded/payload.h"
#include "engine/registry/epoch.h"

namespace tessera::test {
namespace {

using namespace tessera::registry;

constexpr std::int32_t kSure = 120, kLikely = 10;

encoded::Tag tag_of(std::uint64_t marker, std::size_t pass) {
  Splitmix g(marker, pass);
  encoded::Tag tag;
  for (std::size_t i = 0; i < tag.size(); i += 8) store_le(tag.data() + i, g.next());
  return tag;
}

// Presence word 2: blurred; first byte of bits: the version.
struct Columns {
  encoded::PassColumns rows;
  std::vector<std::uint32_t> record_of;
};

Columns encode(const std::vector<Row>& rows, std::size_t pass, std::uint32_t stride,
               Random& random) {
  std::vector<std::uint32_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(tag_of(rows[a].marker, pass), a) < std::pair(tag_of(rows[b].marker, pass), b);
  });
  std::vector<encoded::Handle> handles(rows.size());
  for (auto& h : handles) h = random.next64();
  std::sort(handles.begin(), handles.end());  // within equal tags they must ascend
  Columns out;
  out.rows.stride = stride;
  out.rows.handles = handles;
  out.record_of = order;
  for (const std::uint32_t i : order) {
    out.rows.tags.push_back(tag_of(rows[i].marker, pass));
    out.rows.presence.push_back(rows[i].blurred ? 2 : 1);
    out.rows.bits.insert(out.rows.bits.end(), stride, rows[i].version);
  }
  return out;
}

struct Flow {
  Registry& registry;
  Question question;
  Batch batch;
  std::vector<std::vector<Columns>> columns;  // by roster, pass

  Result<void> pair_up();
  void add(std::uint32_t record, bool in_batch, std::uint64_t target, bool blurred) {
    question.candidates.push_back(
        {record, in_batch, target, blurred ? kLikely : kSure, blurred ? .73 : .99999});
  }
};

// Candidates: rows of the batch with each other, and with what is stored, by equal tags of pass 0.
Result<void> Flow::pair_up() {
  std::map<encoded::Tag, std::vector<std::pair<std::uint32_t, bool>>> by_tag;
  std::uint32_t base = 0;
  for (const auto& passes : columns) {
    for (std::size_t i = 0; i < passes[0].record_of.size(); ++i)
      by_tag[passes[0].rows.tags[i]].emplace_back(base + passes[0].record_of[i],
                                                  passes[0].rows.presence[i] == 2);
    base += static_cast<std::uint32_t>(passes[0].record_of.size());
  }
  std::vector<encoded::Tag> tags;
  for (const auto& [tag, rows] : by_tag) tags.push_back(tag);
  TESSERA_TRY(const auto stored, registry.entries().read_matching(0, tags));
  TESSERA_TRY(const auto records, registry.records_of(registry.current(), stored.handles));
  std::vector<RecordId> met = records;
  for (const BatchRecord& r : question.records)
    if (r.known.record != 0) met.push_back(r.known.record);
  TESSERA_TRY(question.stored, registry.around(met));
  for (std::size_t i = 0; i < stored.tags.size(); ++i)
    for (const auto& [record, blurred] : by_tag[stored.tags[i]])
      add(record, false, records[i], blurred || stored.presence[i] == 2);
  for (const auto& [tag, rows] : by_tag)
    for (std::size_t a = 0; a < rows.size(); ++a)
      for (std::size_t b = a + 1; b < rows.size(); ++b)
        add(rows[a].first, true, rows[b].first, rows[a].second || rows[b].second);
  return {};
}

}  // namespace

encoded::RecordKey key_of(std::uint8_t first) {
  encoded::RecordKey key{};
  key[0] = first;
  key[15] = 7;
  return key;
}

void create_registry(const std::string& path, std::uint64_t seed) {
  CreateOptions options;
  options.schema = *schema::load("default");
  options.protection = encoded::Protection::trial;
  const auto random = seeded_random(seed);
  const auto made = Registry::create(path, options, *random);
  if (!made) FAIL(made.error().what);
}

Registry open_registry(const std::string& path, Access access) {
  auto r = Registry::open(path, access, 20'000);
  if (!r) FAIL(r.error().what);
  return *std::move(r);
}

Result<Receipt> submit(Registry& r, const std::vector<Roster>& rosters, std::uint64_t seed,
                       bool provisional, LostIds* lost) {
  Flow flow{r, {}, {}, {}};
  flow.batch.lost = lost;
  // Neighbouring seeds give one stream, shifted: mixed here, as handles must not repeat.
  const auto random = seeded_random(Splitmix(seed, 99).next());
  flow.batch.provisional = provisional;
  const std::size_t passes = r.entries().passes();
  for (std::uint32_t s = 0; s < rosters.size(); ++s) {
    const Roster& roster = rosters[s];
    const auto base = static_cast<std::uint32_t>(flow.batch.records.size());
    flow.question.owners.push_back(roster.owner);
    flow.batch.submissions.push_back(
        {roster.owner, roster.population, sha256(as_bytes(roster.owner)), {1, 2, 3, 4}});
    encoded::PayloadDigests digests(roster.rows.size());
    auto& columns = flow.columns.emplace_back();
    for (std::size_t p = 0; p < passes; ++p) {
      columns.push_back(encode(roster.rows, p, r.entries().stride(p), *random));
      digests.add_pass(static_cast<std::uint8_t>(p), columns[p].rows.view(), columns[p].record_of);
    }
    const auto payloads = digests.finish();
    std::vector<encoded::RecordKey> keys;
    for (const Row& row : roster.rows) keys.push_back(key_of(row.key));
    TESSERA_TRY(const auto known,
                r.look_up(r.current(), roster.owner, roster.population, keys, payloads));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      flow.question.records.push_back({s, keys[i], roster.population, roster.rows[i].usable,
                                       roster.rows[i].mandatory, roster.rows[i].many_names,
                                       roster.rows[i].held, known[i]});
      flow.batch.records.push_back({s, keys[i], encoded::SsnState::not_asked, payloads[i],
                                    roster.rows[i].many_names, known[i]});
      if (!stores_entries(known[i]) || roster.rows[i].held) continue;
      for (std::size_t p = 0; p < passes; ++p)
        for (std::size_t row = 0; row < keys.size(); ++row)
          if (columns[p].record_of[row] == i)
            flow.batch.handles.push_back(
                {columns[p].rows.handles[row], base + static_cast<std::uint32_t>(i)});
    }
  }
  TESSERA_CHECK(flow.pair_up());
  const auto decisions = decide(flow.question);
  for (std::size_t p = 0; p < passes; ++p) {
    std::vector<std::vector<std::uint8_t>> keep;
    std::vector<EntryStore::Source> sources;
    std::size_t base = 0;
    for (const auto& columns : flow.columns) {
      auto& mask = keep.emplace_back();
      for (const std::uint32_t record : columns[p].record_of)
        mask.push_back(stores_entries(flow.batch.records[base + record].known) &&
                               !flow.question.records[base + record].held
                           ? 1
                           : 0);
      base += columns[p].record_of.size();
    }
    for (std::size_t i = 0; i < keep.size(); ++i)
      sources.push_back({flow.columns[i][p].rows.view(), keep[i]});
    TESSERA_TRY(const auto stored, r.entries().add_pass(r.next_batch(), p, sources));
    (void)stored;
  }
  Silent silent;
  return r.commit(flow.batch, decisions, *random, silent);
}

Result<Receipt> submit(const std::string& path, const std::vector<Roster>& rosters,
                       std::uint64_t seed, bool provisional) {
  TESSERA_TRY(Registry r, Registry::open(path, Access::write, 20'000));
  return submit(r, rosters, seed, provisional);
}

std::string verified(const std::string& path) {
  auto r = Registry::open(path, Access::read);
  if (!r) return r.error().what;
  Silent silent;
  const auto head = r->verify(silent);
  return head ? "" : head.error().what;
}

}  // namespace tessera::test
