// Chunks of records on all threads; then, for each pass, handles and an order over all chunks.
#include "engine/encode/draft.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <optional>

#include "engine/core/parallel.h"
#include "engine/core/spread_sort.h"
#include "engine/encode/key_inputs.h"
#include "engine/encoded/section_bytes.h"
#include "engine/encoded/sorted_whole.h"
#include "engine/keys/hmac.h"

namespace tessera::encode {
namespace {

using encoded::JoinHandle;
using encoded::PassColumns;
using encoded::RecordKey;

constexpr std::size_t kChunk = 512;

using Values = std::vector<record::Value>;  // "= {}" would keep the memory

// A student and a member of staff may have one local ID at one owner: the population keeps their
// keys, and so their noise and dummies, apart.
std::vector<RecordKey> record_keys(std::span<const record::Fields> records,
                                   const Secret<32>& owner_secret, encoded::Population population) {
  std::vector<RecordKey> out(records.size());
  parallel_for(records.size(), 4096, [&](std::size_t begin, std::size_t end) {
    keys::Hmac owner(owner_secret.reveal());
    Bytes message;
    for (std::size_t i = begin; i < end; ++i) {
      message.clear();
      append_sized(message, "tessera record 2");
      append_sized(message, encoded::name_of(population));
      append_sized(message, records[i].local_id);
      const keys::Mac m = owner(message);
      std::memcpy(out[i].data(), m.data(), out[i].size());
    }
  });
  return out;
}

}  // namespace

Draft::Draft(const schema::Schema& schema, std::span<const record::Fields> records,
             std::span<record::Fields> spent, const Secrets& secrets,
             encoded::Population population, Random& random, Progress& progress)
    : schema_(schema), roster_(records), random_(random), join_(records.size()) {
  const std::vector<RecordKey> keys = record_keys(records, secrets.owner, population);
  order_records(keys);
  progress.begin("encoding", records.size(), "records");
  make(spent, secrets, keys, progress);
}

void Draft::order_records(const std::vector<RecordKey>& keys) {
  struct Place {
    std::uint64_t high;  // first half of the key
    std::uint32_t record;
  };
  std::vector<Place> places;
  places.reserve(keys.size());
  for (std::uint32_t i = 0; i < keys.size(); ++i)
    places.push_back({encoded::first_half(keys[i]), i});
  spread_sort(
      places, [](const Place& p) { return p.high; },
      [&](const Place& a, const Place& b) {
        return a.high != b.high ? a.high < b.high : keys[a.record] < keys[b.record];
      });
  order_.reserve(keys.size());
  rank_.resize(keys.size());
  for (const Place& p : places) {
    rank_[p.record] = static_cast<std::uint32_t>(order_.size());
    order_.push_back(p.record);
  }
}

void Draft::make(std::span<record::Fields> spent, const Secrets& secrets,
                 const std::vector<RecordKey>& keys, Progress& progress) {
  const std::size_t passes = schema_.passes.size();
  std::vector<schema::Layout> layouts;
  for (std::size_t p = 0; p < passes; ++p) layouts.push_back(schema::layout(schema_, p));
  std::vector<std::optional<Entries>> made((roster_.size() + kChunk - 1) / kChunk);
  parallel_for(roster_.size(), kChunk, [&](std::size_t begin, std::size_t end) {
    EntryMaker maker(schema_, layouts, secrets);
    Entries& chunk = made[begin / kChunk].emplace(schema_, layouts, end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      maker.add(roster_[i], static_cast<std::uint32_t>(i), keys[i], join_[rank_[i]], chunk);
      if (!spent.empty()) spent[i].values = Values();
    }
    chunk.fit();
    progress.advance(end - begin);
  });
  rows_.resize(passes);
  real_.resize(passes);
  tokens_.resize(passes);
  chunks_.reserve(made.size());
  for (std::optional<Entries>& chunk : made) {
    for (std::size_t p = 0; p < passes; ++p) {
      rows_[p] += chunk->passes[p].tags.size();
      real_[p] += chunk->real[p];
    }
    without_evidence_ += chunk->without_evidence;
    chunks_.push_back(std::move(*chunk));
  }
  handles_.reserve(std::accumulate(rows_.begin(), rows_.end(), std::uint64_t{0}));
}

// The rows of a pass where they were made, each with a handle drawn for it.
std::vector<const PassColumns*> Draft::parts(std::size_t pass) {
  std::vector<const PassColumns*> out;
  for (Entries& c : chunks_) {
    PassColumns& rows = c.passes[pass];
    out.push_back(&rows);
    rows.handles.reserve(rows.tags.size());
    for (const std::uint32_t record : c.record[pass]) {
      rows.handles.push_back(random_.next64());
      handles_.push_back({rows.handles.back(), rank_[record]});
    }
    c.record[pass] = std::vector<std::uint32_t>();
  }
  return out;
}

void Draft::let_go(std::size_t pass) {
  for (Entries& c : chunks_) c.passes[pass] = {};
}

void Draft::sort_handles() {
  spread_sort(
      handles_, [](const JoinHandle& h) { return h.handle; },
      [](const JoinHandle& a, const JoinHandle& b) {
        return a.handle != b.handle ? a.handle < b.handle : a.record < b.record;
      });
}

void Draft::put(const encoded::Section& section, const encoded::Sink& sink) {
  const std::size_t pass = section.pass;
  switch (section.kind) {
    case encoded::SectionKind::entries: {
      const encoded::SortedRows rows(parts(pass));
      encoded::put_entries(rows, sink);
      if (rows.has_tokens()) {
        tokens_[pass].resize(rows.size());
        rows.ssn_tokens(0, tokens_[pass]);
      }
      return let_go(pass);
    }
    case encoded::SectionKind::join:
      sort_handles();
      return encoded::put_join(join_, handles_, sink);
    case encoded::SectionKind::ssn_tokens:
      return encoded::put_tokens(tokens_[pass], sink);
  }
}

Encoded Draft::whole() {
  Encoded out;
  for (std::size_t p = 0; p < schema_.passes.size(); ++p) {
    out.passes.push_back(encoded::sorted_whole(parts(p)));
    let_go(p);
  }
  sort_handles();
  out.map.reserve(order_.size());
  for (std::size_t n = 0; n < order_.size(); ++n) out.map.emplace_back(key(n), local_id(n));
  out.records = join_;  // records() still counts them
  out.handles = std::move(handles_);
  out.real_entries = real_;
  out.without_evidence = without_evidence_;
  return out;
}

}  // namespace tessera::encode
