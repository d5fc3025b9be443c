// Keys of each pass, then a row for each; dummies up to the pass's least.
#include "engine/encode/entries.h"

#include <algorithm>
#include <cstring>

#include "engine/encode/key_inputs.h"

namespace tessera::encode {

using encoded::PassColumns;
using encoded::RecordKey;

Entries::Entries(const schema::Schema& schema, const std::vector<schema::Layout>& layouts,
                 std::size_t records)
    : passes(layouts.size()), record(layouts.size()), real(layouts.size()) {
  for (std::size_t p = 0; p < layouts.size(); ++p) {
    const std::size_t rows = records * schema.passes[p].least;
    PassColumns& c = passes[p];
    c.stride = layouts[p].stride;
    c.tags.reserve(rows);
    c.presence.reserve(rows);
    c.bits.reserve(rows * c.stride);
    if (schema.ssn) c.ssn_tokens.reserve(rows);
    record[p].reserve(rows);
  }
}

void Entries::fit() {
  for (std::size_t p = 0; p < passes.size(); ++p) {
    PassColumns& c = passes[p];
    c.tags.shrink_to_fit();
    c.presence.shrink_to_fit();
    c.bits.shrink_to_fit();
    c.ssn_tokens.shrink_to_fit();
    record[p].shrink_to_fit();
  }
}

encoded::Tag EntryMaker::EntryKey::tag() const {
  encoded::Tag t;
  std::memcpy(t.data(), bytes.data(), t.size());
  return t;
}

EntryMaker::EntryMaker(const schema::Schema& schema, const std::vector<schema::Layout>& layouts,
                       const Secrets& secrets)
    : schema_(schema),
      layouts_(layouts),
      seeds_(secrets.seeds.reader()),
      project_(secrets.project.reveal()),
      dummies_(secrets.owner.reveal()),
      ssn_field_(schema.field(schema::Kind::ssn)),
      keys_(schema) {
  for (std::size_t p = 0; p < schema.passes.size(); ++p) {
    const schema::Pass& pass = schema.passes[p];
    Bytes& label = dummy_labels_.emplace_back();
    append_sized(label, "tessera dummy 1");
    append_sized(label, schema.epoch);
    append_sized(label, pass.name);
    // Passes that compare the same fields have the same layout, and share their plans.
    const auto first = std::ranges::find(schema.passes, pass.compare, &schema::Pass::compare);
    like_.push_back(static_cast<std::size_t>(first - schema.passes.begin()));
    planners_.emplace_back(schema, layouts[p]);
  }
}

void EntryMaker::add(const record::Fields& fields, std::uint32_t index, const RecordKey& key,
                     encoded::JoinRecord& join, Entries& out) {
  keys_.read(fields);
  const std::string_view noise(reinterpret_cast<const char*>(key.data()), 12);
  const std::string ssn = ssn_value(fields);
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

// Plans depend on the layout and the names shown. The plans of the record before lend their memory.
// References hold until the next record.
const RowPlan& EntryMaker::plan_for(std::size_t like, NameChoice shows,
                                    const record::Fields& fields, std::string_view noise,
                                    std::string_view ssn) {
  for (std::size_t i = 0; i < plans_used_; ++i)
    if (plans_[i].like == like && plans_[i].shows == shows) return plans_[i].plan;
  if (plans_used_ == plans_.size()) plans_.emplace_back();
  KeptPlan& kept = plans_[plans_used_++];
  kept.like = like;
  kept.shows = shows;
  kept.plan = planners_[like].row(fields, shows, noise, ssn, std::move(kept.plan));
  return kept.plan;
}

// Empty if there is none.
std::string EntryMaker::ssn_value(const record::Fields& fields) {
  if (!ssn_field_ || fields.values[*ssn_field_].text.empty()) return {};
  keys::Mac x = seeds_->ssn(fields.values[*ssn_field_].text);
  std::string out(reinterpret_cast<const char*>(x.data()), 12);
  wipe(x);
  return out;
}

EntryMaker::EntryKey EntryMaker::real_key(std::size_t pass, std::string_view value) {
  keys::Mac seed = seeds_->block(pass, value);
  message_.assign(seed.begin(), seed.end());
  append_sized(message_, "tessera entry 1");
  const EntryKey out{project_(message_)};
  wipe(seed);
  wipe(message_);
  return out;
}

EntryMaker::EntryKey EntryMaker::dummy_key(std::size_t pass, const RecordKey& key, std::size_t i) {
  message_ = dummy_labels_[pass];
  message_.insert(message_.end(), key.begin(), key.end());
  append_le<std::uint32_t>(message_, static_cast<std::uint32_t>(i));
  return {dummies_(message_)};
}

void EntryMaker::add_entry(std::size_t pass, EntryKey key, const RowPlan& plan, std::uint32_t index,
                           Entries& out) {
  PassColumns& c = out.passes[pass];
  c.tags.push_back(key.tag());
  prf_.rekey(key.field_key());
  const std::size_t at = c.bits.size();
  c.bits.resize(at + c.stride);
  const std::uint16_t token =
      writer_.write(layouts_[pass], plan, prf_, std::span(c.bits).subspan(at));
  c.presence.push_back(plan.presence);
  if (ssn_field_) c.ssn_tokens.push_back(token);
  out.record[pass].push_back(index);
  wipe(key.bytes);
}

}  // namespace tessera::encode
