#include "tests/registry/world.h"

#include <algorithm>
#include <map>
#include <numeric>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/encoded/payload.h"
#include "engine/registry/epoch.h"
#include "engine/schema/ssn_pass.h"
#include "engine/schema/variants.h"

namespace tessera::test {
namespace {

using namespace tessera::registry;

constexpr std::int32_t kSure = 120, kLikely = 10;

// `pass` as the entry store numbers it: epochs do not meet.
encoded::Tag tag_of(std::uint64_t marker, std::size_t pass) {
  Splitmix g(marker, pass);
  encoded::Tag tag;
  for (std::size_t i = 0; i < tag.size(); i += 8) store_le(tag.data() + i, g.next());
  return tag;
}

KeyCheck key_check_of(std::int64_t epoch) { return {1, 2, 3, static_cast<std::uint8_t>(3 + epoch)}; }

// Presence word 2: blurred; first byte of bits: the version.
struct Columns {
  encoded::PassColumns rows;
  std::vector<std::uint32_t> record_of;  // index into the rows of the roster
};

Columns encode(const Roster& roster, const std::vector<std::uint32_t>& who, std::size_t pass,
               std::uint32_t stride, Random& random) {
  const std::vector<Row>& rows = roster.rows;
  std::vector<std::uint32_t> order = who;
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(tag_of(rows[a].marker, pass), a) < std::pair(tag_of(rows[b].marker, pass), b);
  });
  std::vector<encoded::Handle> handles(order.size());
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
    if (roster.ssn) out.rows.ssn_tokens.push_back(static_cast<std::uint16_t>(rows[i].marker));
  }
  return out;
}

// A roster under one epoch.
struct Sent {
  std::uint32_t roster = 0;
  const Epoch* epoch = nullptr;
  std::vector<std::uint32_t> rows;  // of the roster
  std::vector<Columns> passes;
  std::vector<std::uint32_t> record;  // of each row of the roster, its number in the batch
  std::vector<std::uint8_t> is_new;   // by row of the roster: its payload is, here
  std::vector<std::vector<std::uint8_t>> keep;  // by pass, row
};

struct Flow {
  Registry& registry;
  const std::vector<Roster>& rosters;
  Random& random;
  Question question;
  Batch batch;
  std::vector<Sent> files;

  Result<std::vector<Known>> encode_file(Sent& file, std::vector<Checksum>& payloads);
  Result<void> take_newest(std::uint32_t roster, const Epoch& epoch);
  Result<void> take_older(const Sent& newest, const Epoch& epoch);
  Result<void> pair_up();
  Result<void> stage(const std::vector<Decision>& decisions);
};

// Entries, payload digests, and what is known; by row sent.
Result<std::vector<Known>> Flow::encode_file(Sent& file, std::vector<Checksum>& payloads) {
  const Roster& roster = rosters[file.roster];
  encoded::PayloadDigests digests(roster.rows.size());
  for (std::size_t p = 0; p < file.epoch->schema.passes.size(); ++p) {
    const bool sent = roster.ssn || !schema::keyed_by_ssn(file.epoch->schema, p);
    const std::size_t pass = file.epoch->first_pass + p;
    file.passes.push_back(encode(roster, sent ? file.rows : std::vector<std::uint32_t>(), pass,
                                 registry.entries().stride(pass), random));
    digests.add_pass(static_cast<std::uint8_t>(p), file.passes[p].rows.view(),
                     file.passes[p].record_of);
  }
  std::vector<encoded::RecordKey> keys;
  for (const std::uint32_t i : file.rows) {
    keys.push_back(key_of(roster.rows[i].key));
    payloads.push_back(digests.finish()[i]);
  }
  batch.submissions.push_back({roster.owner, roster.population, sha256(as_bytes(roster.owner)),
                               key_check_of(file.epoch->number), file.epoch->number});
  return registry.look_up(*file.epoch, roster.owner, roster.population, keys, payloads);
}

Result<void> Flow::take_newest(std::uint32_t s, const Epoch& epoch) {
  const Roster& roster = rosters[s];
  Sent file{s, &epoch, std::vector<std::uint32_t>(roster.rows.size()), {}, {}, {}, {}};
  std::iota(file.rows.begin(), file.rows.end(), 0U);
  question.owners.push_back(roster.owner);
  std::vector<Checksum> payloads;
  TESSERA_TRY(const auto known, encode_file(file, payloads));
  for (std::size_t i = 0; i < known.size(); ++i) {
    const Row& row = roster.rows[i];
    file.record.push_back(static_cast<std::uint32_t>(batch.records.size()));
    file.is_new.push_back(stores_entries(known[i]) ? 1 : 0);
    question.records.push_back({s, key_of(row.key), roster.population, row.usable, row.mandatory,
                                row.many_names, row.held, known[i]});
    batch.records.push_back(
        {s, key_of(row.key),
         roster.ssn ? encoded::SsnState::provided : encoded::SsnState::not_asked, payloads[i],
         row.many_names, known[i]});
  }
  files.push_back(std::move(file));
  return {};
}

Result<void> Flow::take_older(const Sent& newest, const Epoch& epoch) {
  Sent file{newest.roster, &epoch, {}, {}, newest.record, {}, {}};
  file.is_new.resize(newest.rows.size(), 0);
  for (const std::uint32_t i : newest.rows)
    if (batch.records[newest.record[i]].known.record == 0 || random.next64() % 2 == 0)
      file.rows.push_back(i);
  const auto submission = static_cast<std::uint32_t>(batch.submissions.size());
  std::vector<Checksum> payloads;
  TESSERA_TRY(const auto known, encode_file(file, payloads));
  for (std::size_t n = 0; n < known.size(); ++n) {
    const std::uint32_t record = newest.record[file.rows[n]];
    file.is_new[file.rows[n]] = stores_entries(known[n]) ? 1 : 0;
    batch.further.push_back({submission, record, payloads[n], known[n].payload});
    if (known[n].payload != Known::Payload::excess) continue;
    batch.records[record].known.payload = Known::Payload::excess;
    question.records[record].known.payload = Known::Payload::excess;
  }
  files.push_back(std::move(file));
  return {};
}

// Candidates: rows of the batch with each other, and with what is stored, by equal tags of an
// epoch's first pass; a pair that meets under two epochs counts once.
Result<void> Flow::pair_up() {
  std::map<std::tuple<std::uint32_t, bool, std::uint64_t>, bool> met;  // blurred
  const auto add = [&met](std::uint32_t record, bool in_batch, std::uint64_t target, bool blurred) {
    const auto at = met.try_emplace({record, in_batch, target}, blurred).first;
    at->second = at->second && blurred;
  };
  std::vector<RecordId> records;
  for (const Epoch& epoch : registry.epochs()) {
    if (!epoch.live()) continue;
    std::map<encoded::Tag, std::vector<std::pair<std::uint32_t, bool>>> by_tag;
    for (const Sent& file : files)
      for (std::size_t i = 0; file.epoch == &epoch && i < file.passes[0].record_of.size(); ++i)
        by_tag[file.passes[0].rows.tags[i]].emplace_back(file.record[file.passes[0].record_of[i]],
                                                         file.passes[0].rows.presence[i] == 2);
    std::vector<encoded::Tag> tags;
    for (const auto& [tag, rows] : by_tag) tags.push_back(tag);
    TESSERA_TRY(const auto stored, registry.entries().read_matching(epoch.first_pass, tags));
    TESSERA_TRY(const auto of, registry.records_of(epoch, stored.handles));
    records.insert(records.end(), of.begin(), of.end());
    for (std::size_t i = 0; i < stored.tags.size(); ++i)
      for (const auto& [record, blurred] : by_tag[stored.tags[i]])
        add(record, false, of[i], blurred || stored.presence[i] == 2);
    for (const auto& [tag, rows] : by_tag)
      for (std::size_t a = 0; a < rows.size(); ++a)
        for (std::size_t b = a + 1; b < rows.size(); ++b)
          add(rows[a].first, true, rows[b].first, rows[a].second || rows[b].second);
  }
  for (const auto& [pair, blurred] : met)
    question.candidates.push_back({std::get<0>(pair), std::get<1>(pair), std::get<2>(pair),
                                   blurred ? kLikely : kSure, blurred ? .73 : .99999});
  for (const BatchRecord& r : question.records)
    if (r.known.record != 0) records.push_back(r.known.record);
  TESSERA_TRY(question.stored, registry.around(records));
  return {};
}

// Entries that are new here, of records that are not held.
Result<void> Flow::stage(const std::vector<Decision>& decisions) {
  std::map<std::size_t, std::vector<EntryStore::Source>> sources;  // by pass
  for (Sent& file : files)
    for (std::size_t p = 0; p < file.passes.size(); ++p) {
      const Columns& columns = file.passes[p];
      auto& mask = file.keep.emplace_back();
      for (std::size_t row = 0; row < columns.record_of.size(); ++row) {
        const std::uint32_t record = file.record[columns.record_of[row]];
        const bool kept =
            file.is_new[columns.record_of[row]] != 0 && !is_held(decisions[record].reason);
        mask.push_back(kept ? 1 : 0);
        if (kept) batch.handles.push_back({columns.rows.handles[row], record, file.epoch->number});
      }
    }
  for (const Sent& file : files)
    for (std::size_t p = 0; p < file.passes.size(); ++p)
      sources[file.epoch->first_pass + p].push_back({file.passes[p].rows.view(), file.keep[p]});
  for (const auto& [pass, of_pass] : sources) {
    TESSERA_TRY(const auto stored,
                registry.entries().add_pass(registry.next_batch(), pass, of_pass));
    (void)stored;
  }
  return {};
}

}  // namespace

encoded::RecordKey key_of(std::uint8_t first) {
  encoded::RecordKey key{};
  key[0] = first;
  key[15] = 7;
  return key;
}

void create_registry(const std::string& path, std::uint64_t seed, bool ssn) {
  CreateOptions options;
  options.schema = *schema::load("default");
  if (ssn) options.schema = *schema::with_ssn(options.schema);
  options.protection = encoded::Protection::trial;
  const auto random = seeded_random(seed);
  const auto made = Registry::create(path, options, *random);
  if (!made) FAIL(made.error().what);
}

Result<ledger::SignedHead> add_epoch(Registry& r) {
  schema::Schema next = r.schema();
  const auto number = static_cast<std::int64_t>(r.epochs().size()) + 1;
  next.epoch = fmt::format("e{}", number);
  return open_epoch(r, next, key_check_of(number));
}

Registry open_registry(const std::string& path, Access access) {
  auto r = Registry::open(path, access, 20'000);
  if (!r) FAIL(r.error().what);
  return *std::move(r);
}

Result<Receipt> submit(Registry& r, const std::vector<Roster>& rosters, std::uint64_t seed,
                       bool provisional) {
  // Neighbouring seeds give one stream, shifted: mixed here, as handles must not repeat.
  const auto random = seeded_random(Splitmix(seed, 99).next());
  Flow flow{r, rosters, *random, {}, {}, {}};
  flow.batch.provisional = provisional;
  for (std::uint32_t s = 0; s < rosters.size(); ++s)
    TESSERA_CHECK(flow.take_newest(s, r.current()));
  for (const Epoch& e : r.epochs())
    for (std::uint32_t s = 0; e.live() && &e != &r.current() && s < rosters.size(); ++s)
      TESSERA_CHECK(flow.take_older(Sent(flow.files[s]), e));
  TESSERA_CHECK(flow.pair_up());
  const auto decisions = decide(flow.question);
  TESSERA_CHECK(flow.stage(decisions));
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
