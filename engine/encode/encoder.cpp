#include "engine/encode/encoder.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <numeric>

#include "engine/core/parallel.h"
#include "engine/core/secret.h"
#include "engine/core/spread_sort.h"
#include "engine/encode/block_key.h"
#include "engine/encode/prf.h"
#include "engine/encode/row.h"
#include "engine/encoded/sorted_whole.h"
#include "engine/keys/hmac.h"

namespace tessera::encode {
namespace {

using encoded::PassColumns;
using encoded::RecordKey;

constexpr std::size_t kChunk = 512;

// Keys that every thread needs its own copy of.
struct KeyRing {
  std::unique_ptr<SeedReader> seeds;  // block value -> seed
  keys::Expander project;             // seed -> tag and field key: one HKDF-Expand an entry
  keys::Expander dummies;             // record key, pass, number -> tag and field key of a dummy

  explicit KeyRing(const Secrets& s)
      : seeds(s.seeds.reader()), project(s.project.reveal()), dummies(s.owner.reveal()) {}
};

// In a trial the owner's own secret is derived from the shared key; with a key service it is the
// owner's alone (docs/decisions/0008 says what that costs).
Secret<32> trial_owner_secret(const keys::ProjectKey& key, const std::string& owner) {
  Bytes label;
  append_sized(label, "tessera owner secret 1");
  append_sized(label, owner);
  keys::Mac secret = keys::Hmac(key.offline.reveal())(label);
  Secret<32> out(secret);
  wipe(secret);
  return out;
}

// Tag and field key of one entry.
struct EntryKey {
  std::array<std::uint8_t, 64> bytes{};  // tag, field key, 16 bytes unused
  encoded::Tag tag() const {
    encoded::Tag t;
    std::memcpy(t.data(), bytes.data(), t.size());
    return t;
  }
  std::span<const std::uint8_t, 32> field_key() const {
    return std::span<const std::uint8_t, 32>(bytes.data() + 16, 32);
  }
};

// Entries of one chunk of records, pass by pass, in record order.
struct ChunkOut {
  std::vector<PassColumns> passes;
  std::vector<std::vector<std::uint32_t>> record;  // per pass and row: index into the roster
  std::vector<std::uint64_t> real;
  std::uint64_t without_evidence = 0;
};

class ChunkEncoder {
 public:
  ChunkEncoder(const schema::Schema& schema, const std::vector<schema::Layout>& layouts,
               KeyRing ring)
      : schema_(schema),
        layouts_(layouts),
        ring_(std::move(ring)),
        ssn_field_(schema.field(schema::Kind::ssn)),
        keys_(schema) {
    for (std::size_t p = 0; p < schema.passes.size(); ++p) {
      const schema::Pass& pass = schema.passes[p];
      Bytes& bytes = dummy_labels_.emplace_back();
      append_sized(bytes, "tessera dummy 1");
      append_sized(bytes, schema.epoch);
      append_sized(bytes, pass.name);
      // Passes that compare the same fields have the same layout, and share their plans.
      const auto first = std::ranges::find(schema.passes, pass.compare, &schema::Pass::compare);
      like_.push_back(static_cast<std::size_t>(first - schema.passes.begin()));
      planners_.emplace_back(schema, layouts[p]);
    }
  }

  void add(const record::Fields& fields, std::uint32_t index, const RecordKey& key,
           encoded::JoinRecord& join, ChunkOut& out) {
    keys_.read(fields);
    const std::string_view noise(reinterpret_cast<const char*>(key.data()), 12);
    std::string ssn;
    if (ssn_field_ && !fields.values[*ssn_field_].text.empty())
      ssn = ssn_value(fields.values[*ssn_field_].text);
    join = {key, fields.ssn_state, 0, 1};
    plans_used_ = 0;
    for (std::size_t p = 0; p < schema_.passes.size(); ++p) {
      const schema::Pass& pass = schema_.passes[p];
      const std::span<const BlockKey> keys = keys_.of(p);
      for (const BlockKey& k : keys) {
        const RowPlan& plan = plan_for(like_[p], k.shows, fields, noise, ssn);
        add_entry(p, real_key(p, k.value), plan, index, out);
      }
      if (!keys.empty())
        ++join.usable_passes;
      else if (pass.mandatory)
        join.mandatory = 0;
      out.real[p] += keys.size();
      if (keys.size() >= pass.least) continue;
      // Dummies of a record differ by their keys alone.
      const std::uint16_t presence = plan_for(like_[p], {}, fields, noise, ssn).presence;
      const RowPlan& dummy = planners_[like_[p]].dummy(presence, noise);
      for (std::size_t i = keys.size(); i < pass.least; ++i)
        add_entry(p, dummy_key(p, key, i), dummy, index, out);
    }
    if (join.usable_passes == 0) ++out.without_evidence;
  }

 private:
  struct KeptPlan {
    std::size_t like = 0;  // the first pass of its layout
    NameChoice shows;
    RowPlan plan;
  };

  // Plans depend on the layout and the names shown. The plans of the record before lend their
  // memory. References hold until the next record.
  const RowPlan& plan_for(std::size_t like, NameChoice shows, const record::Fields& fields,
                          std::string_view noise, std::string_view ssn) {
    for (std::size_t i = 0; i < plans_used_; ++i)
      if (plans_[i].like == like && plans_[i].shows == shows) return plans_[i].plan;
    if (plans_used_ == plans_.size()) plans_.emplace_back();
    KeptPlan& kept = plans_[plans_used_++];
    kept.like = like;
    kept.shows = shows;
    kept.plan = planners_[like].row(fields, shows, noise, ssn, std::move(kept.plan));
    return kept.plan;
  }

  std::string ssn_value(std::string_view digits) {
    keys::Mac x = ring_.seeds->ssn(digits);
    std::string out(reinterpret_cast<const char*>(x.data()), 12);
    wipe(x);
    return out;
  }

  EntryKey real_key(std::size_t p, std::string_view value) {
    keys::Mac seed = ring_.seeds->block(p, value);
    message_.assign(seed.begin(), seed.end());
    append_sized(message_, "tessera entry 1");
    const EntryKey out{ring_.project(message_)};
    wipe(seed);
    wipe(message_);
    return out;
  }

  EntryKey dummy_key(std::size_t p, const RecordKey& key, std::size_t i) {
    message_ = dummy_labels_[p];
    message_.insert(message_.end(), key.begin(), key.end());
    append_le<std::uint32_t>(message_, static_cast<std::uint32_t>(i));
    return {ring_.dummies(message_)};
  }

  void add_entry(std::size_t p, EntryKey key, const RowPlan& plan, std::uint32_t index,
                 ChunkOut& out) {
    PassColumns& c = out.passes[p];
    c.tags.push_back(key.tag());
    prf_.rekey(key.field_key());
    const std::size_t at = c.bits.size();
    c.bits.resize(at + c.stride);
    const std::uint16_t token =
        writer_.write(layouts_[p], plan, prf_, std::span(c.bits).subspan(at));
    c.presence.push_back(plan.presence);
    if (ssn_field_) c.ssn_tokens.push_back(token);
    out.record[p].push_back(index);
    wipe(key.bytes);
  }

  const schema::Schema& schema_;
  const std::vector<schema::Layout>& layouts_;
  KeyRing ring_;
  std::optional<std::size_t> ssn_field_;
  Prf prf_;
  RowWriter writer_;
  KeyReader keys_;
  std::vector<std::size_t> like_;    // per pass: the first that compares the same fields
  std::deque<RowPlanner> planners_;  // per pass; a deque: they do not move
  std::deque<KeptPlan> plans_;       // a deque: references stay
  std::size_t plans_used_ = 0;
  std::vector<Bytes> dummy_labels_;
  Bytes message_;
};

// A student and a member of staff may have one local ID at one owner: the population keeps their
// keys, and so their noise and dummies, apart.
std::vector<RecordKey> record_keys(std::span<const record::Fields> records,
                                   const Secret<32>& owner_secret, encoded::Population population) {
  std::vector<RecordKey> out(records.size());
  parallel_for(records.size(), 4096, [&](std::size_t begin, std::size_t end) {
    keys::Hmac owner(owner_secret.reveal());
    for (std::size_t i = begin; i < end; ++i) {
      Bytes message;
      append_sized(message, "tessera record 2");
      append_sized(message, encoded::name_of(population));
      append_sized(message, records[i].local_id);
      const keys::Mac m = owner(message);
      std::memcpy(out[i].data(), m.data(), out[i].size());
    }
  });
  return out;
}

// Joins the chunks of one pass in their final order, draws a handle for each row and notes whose it
// is. Rows are copied once, from where they were made to where they stay.
PassColumns gather(std::vector<ChunkOut>& chunks, std::size_t p,
                   const std::vector<std::uint32_t>& rank, Random& random,
                   std::vector<encoded::JoinHandle>& handles) {
  std::vector<PassColumns*> parts;
  std::size_t rows = 0;
  for (ChunkOut& c : chunks) {
    PassColumns& from = c.passes[p];
    parts.push_back(&from);
    rows += from.tags.size();
    from.handles.reserve(from.tags.size());
    for (const std::uint32_t record : c.record[p]) {
      from.handles.push_back(random.next64());
      handles.push_back({from.handles.back(), rank[record]});
    }
    c.record[p] = {};
  }
  PassColumns all = encoded::sorted_whole(parts);
  for (PassColumns* from : parts) *from = {};
  return all;
}

}  // namespace

Encoded encode(const schema::Schema& schema, std::span<const record::Fields> records,
               const Secrets& secrets, encoded::Population population, Random& random,
               Progress& progress) {
  std::vector<schema::Layout> layouts;
  for (std::size_t p = 0; p < schema.passes.size(); ++p)
    layouts.push_back(schema::layout(schema, p));

  const std::vector<RecordKey> keys = record_keys(records, secrets.owner, population);
  std::vector<std::uint32_t> order(records.size());
  std::iota(order.begin(), order.end(), 0U);
  parallel_sort(order.begin(), order.end(),
                [&](std::uint32_t a, std::uint32_t b) { return keys[a] < keys[b]; });
  std::vector<std::uint32_t> rank(records.size());
  for (std::size_t i = 0; i < order.size(); ++i) rank[order[i]] = static_cast<std::uint32_t>(i);

  progress.begin("encoding", records.size(), "records");
  Encoded out;
  out.records.resize(records.size());
  std::vector<ChunkOut> chunks((records.size() + kChunk - 1) / kChunk);
  parallel_for(records.size(), kChunk, [&](std::size_t begin, std::size_t end) {
    ChunkEncoder encoder(schema, layouts, KeyRing(secrets));
    ChunkOut& chunk = chunks[begin / kChunk];
    chunk.passes.resize(layouts.size());
    chunk.record.resize(layouts.size());
    chunk.real.resize(layouts.size());
    for (std::size_t p = 0; p < layouts.size(); ++p) {
      const std::size_t rows = (end - begin) * (schema.passes[p].least + 1);
      chunk.passes[p].stride = layouts[p].stride;
      chunk.passes[p].bits.reserve(rows * layouts[p].stride);
      chunk.passes[p].tags.reserve(rows);
    }
    for (std::size_t i = begin; i < end; ++i)
      encoder.add(records[i], static_cast<std::uint32_t>(i), keys[i], out.records[rank[i]], chunk);
    progress.advance(end - begin);
  });

  out.real_entries.resize(layouts.size());
  for (const ChunkOut& c : chunks) {
    for (std::size_t p = 0; p < layouts.size(); ++p) out.real_entries[p] += c.real[p];
    out.without_evidence += c.without_evidence;
  }
  progress.begin("sorting", layouts.size(), "passes");
  for (std::size_t p = 0; p < layouts.size(); ++p) {
    out.passes.push_back(gather(chunks, p, rank, random, out.handles));
    progress.advance(1);
  }
  spread_sort(
      out.handles, [](const encoded::JoinHandle& h) { return h.handle; },
      [](const encoded::JoinHandle& a, const encoded::JoinHandle& b) {
        return a.handle != b.handle ? a.handle < b.handle : a.record < b.record;
      });
  out.map.reserve(records.size());
  for (const std::uint32_t i : order) out.map.emplace_back(keys[i], records[i].local_id);
  return out;
}

Encoded encode(const schema::Schema& schema, std::span<const record::Fields> records,
               const keys::ProjectKey& key, const std::string& owner,
               encoded::Population population, Random& random, Progress& progress,
               const Secret<32>* own) {
  const Secret<32> secret = own != nullptr ? own->clone() : trial_owner_secret(key, owner);
  const OfflineSeeds seeds(schema, key);
  return encode(schema, records, {key.project, secret, seeds}, population, random, progress);
}

}  // namespace tessera::encode
