// Reading stored entries: those of given tags, or all of a pass, in order whatever their
// generation.
#include <algorithm>

#include "engine/registry/entry_store_state.h"

namespace tessera::registry {
namespace {

// Takes the columns' rows in the order of (tag, handle); most often they have it already.
encoded::PassColumns in_order(std::vector<encoded::PassColumns> parts, std::uint32_t stride) {
  std::erase_if(parts, [](const encoded::PassColumns& p) { return p.tags.empty(); });
  encoded::PassColumns out;
  out.stride = stride;
  if (parts.size() == 1) out = std::move(parts[0]);
  if (parts.size() > 1) {
    std::size_t total = 0;
    for (const auto& p : parts) total += p.tags.size();
    out.tags.reserve(total);
    out.handles.reserve(total);
    out.presence.reserve(total);
    out.bits.reserve(total * stride);
    std::vector<std::size_t> at(parts.size(), 0);
    for (std::size_t n = 0; n < total; ++n) {
      std::size_t best = parts.size();
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (at[i] == parts[i].tags.size()) continue;
        if (best == parts.size() ||
            std::pair(parts[i].tags[at[i]], parts[i].handles[at[i]]) <
                std::pair(parts[best].tags[at[best]], parts[best].handles[at[best]]))
          best = i;
      }
      const encoded::PassColumns& p = parts[best];
      const std::size_t row = at[best]++;
      out.tags.push_back(p.tags[row]);
      out.handles.push_back(p.handles[row]);
      out.presence.push_back(p.presence[row]);
      const auto bits = p.bits.begin() + static_cast<std::ptrdiff_t>(row * stride);
      out.bits.insert(out.bits.end(), bits, bits + stride);
      if (p.ssn_tokens.size() == p.tags.size()) out.ssn_tokens.push_back(p.ssn_tokens[row]);
    }
  }
  if (out.ssn_tokens.size() != out.tags.size()) out.ssn_tokens.clear();
  return out;
}

}  // namespace

void EntryStore::State::append_live(const SlabView& slab, std::uint32_t begin, std::uint32_t end,
                                    std::int64_t batch, encoded::PassColumns& out) const {
  if (tombstones.empty()) return slab.append(begin, end, out);
  for (std::uint32_t row = begin; row < end;) {
    std::uint32_t run = row;
    while (run < end && !tombstones.hides(slab.handle(run), batch)) ++run;
    if (run > row) slab.append(row, run, out);
    row = run + 1;
  }
}

// One walk over the slabs' ranges and the tags together; inside a slab, a binary search per tag
// where few tags meet it and a step-by-step merge where many do.
Result<void> EntryStore::State::join(const Generation& g, std::size_t pass,
                                     std::span<const encoded::Tag> tags,
                                     encoded::PassColumns& out) {
  auto tag = tags.begin();
  for (auto range = g.slabs.begin(); range != g.slabs.end() && tag != tags.end();) {
    tag = std::lower_bound(tag, tags.end(), range->first);
    if (tag == tags.end()) break;
    if (*tag > range->last) {
      range = std::partition_point(range, g.slabs.end(),
                                   [&](const SlabRange& x) { return x.last < *tag; });
      continue;
    }
    TESSERA_TRY(const SlabView slab, reader->read(*range, strides[pass]));
    std::uint32_t row = 0;
    for (auto t = tag; t != tags.end() && *t <= range->last && row < slab.rows(); ++t) {
      row = slab.lower_bound(*t, row);
      std::uint32_t end = row;
      while (end < slab.rows() && slab.tag(end) == *t) ++end;
      if (end > row) append_live(slab, row, end, g.batch, out);
      row = end;
    }
    ++range;  // the next slab may begin with the tag that this one ended with
  }
  return {};
}

Result<encoded::PassColumns> EntryStore::read_matching(std::size_t pass,
                                                       std::span<const encoded::Tag> tags) const {
  std::vector<encoded::PassColumns> parts;
  for (const Generation& g : state_->generations[pass]) {
    parts.emplace_back().stride = stride(pass);
    TESSERA_CHECK(state_->join(g, pass, tags, parts.back()));
  }
  state_->reader->reset();
  return in_order(std::move(parts), stride(pass));
}

Result<encoded::PassColumns> EntryStore::read_all(std::size_t pass) const {
  std::vector<encoded::PassColumns> parts;
  for (const Generation& g : state_->generations[pass]) {
    parts.emplace_back().stride = stride(pass);
    for (const SlabRange& range : g.slabs) {
      TESSERA_TRY(const SlabView slab, state_->reader->read(range, stride(pass)));
      state_->append_live(slab, 0, slab.rows(), g.batch, parts.back());
    }
  }
  state_->reader->reset();
  return in_order(std::move(parts), stride(pass));
}

}  // namespace tessera::registry
