#include "engine/intake/crowd.h"

#include <algorithm>

#include "engine/registry/plausible.h"

namespace tessera::intake {
namespace {

using registry::RecordId;

constexpr std::uint32_t kCommonNames = 3;  // tags in a pass: a compound surname and its parts

}  // namespace

Result<Crowd> Crowd::open(registry::Registry& registry, const registry::Epoch& epoch,
                          const std::vector<File>& files, std::vector<Member> members) {
  Crowd c(registry);
  c.members_ = std::move(members);
  c.held_.assign(c.members_.size(), 0);
  c.many_.assign(c.members_.size(), 0);
  for (const schema::Pass& p : epoch.schema.passes)
    c.common_.push_back(std::max<std::uint32_t>(p.least, kCommonNames));
  TESSERA_TRY(const auto shares, registry.pass_shares(epoch));
  for (std::size_t f = 0; f < files.size(); ++f) {
    Owner& owner = c.owners_.emplace_back();
    owner.first = files[f].first;
    TESSERA_TRY(owner.number, registry.owner_number(files[f].owner));
    TESSERA_TRY(std::uint64_t enrolment, registry.enrolment(owner.number));
    // Records that are new here make the enrolment what the batch says it is.
    const std::size_t end = f + 1 < files.size() ? files[f + 1].first : c.members_.size();
    for (std::size_t r = files[f].first; r < end; ++r)
      if (c.members_[r].role == Role::fresh) ++enrolment;
    for (const std::optional<double>& share : shares)
      owner.most.push_back(share ? std::optional(registry::plausible_records(*share, enrolment))
                                 : std::nullopt);
  }
  return c;
}

const Crowd::Owner& Crowd::owner_of_file(std::uint32_t record) const {
  return *std::prev(std::ranges::upper_bound(owners_, record, {}, &Owner::first));
}

void Crowd::count_names(std::size_t pass, const std::vector<std::span<const std::uint32_t>>& rows) {
  std::vector<std::uint8_t> tags(members_.size(), 0);
  for (const auto& some : rows)
    for (const std::uint32_t r : some)
      if (++tags[r] > common_[pass]) many_[r] = 1;
}

std::optional<std::uint64_t> Crowd::harmless(std::size_t pass) const {
  std::optional<std::uint64_t> least;
  for (const Owner& o : owners_)
    if (o.most[pass]) least = std::min(least.value_or(*o.most[pass]), *o.most[pass]);
  return least;
}

Result<void> Crowd::see(std::size_t pass, const std::vector<block::Source>& batch,
                        const encoded::PassColumns& stored, std::span<const RecordId> whose) {
  std::vector<std::span<const std::uint32_t>> rows;
  for (const block::Source& s : batch) rows.push_back(s.records);
  count_names(pass, rows);
  for (const block::Source& s : batch) {
    if (s.records.empty() || !owner_of_file(s.records.front()).most[pass]) continue;
    auto at = stored.tags.begin();
    for (std::size_t row = 0; row < s.view.rows();) {
      const encoded::Tag& tag = s.view.tags[row];
      const std::size_t begin = row;
      while (row < s.view.rows() && s.view.tags[row] == tag) ++row;
      at = std::lower_bound(at, stored.tags.end(), tag);
      const auto end = std::upper_bound(at, stored.tags.end(), tag);
      const auto first = static_cast<std::size_t>(at - stored.tags.begin());
      TESSERA_CHECK(see_file(pass, s.records.subspan(begin, row - begin),
                             whose.subspan(first, static_cast<std::size_t>(end - at))));
    }
  }
  return {};
}

Result<void> Crowd::see_block(std::size_t pass, std::span<const std::uint32_t> records,
                              std::span<const RecordId> stored) {
  for (std::size_t begin = 0, end = 0; begin < records.size(); begin = end) {
    const Owner* const owner = &owner_of_file(records[begin]);
    while (end < records.size() && &owner_of_file(records[end]) == owner) ++end;
    TESSERA_CHECK(see_file(pass, records.subspan(begin, end - begin), stored));
  }
  return {};
}

Result<void> Crowd::see_file(std::size_t pass, std::span<const std::uint32_t> rows,
                             std::span<const RecordId> stored) {
  const Owner& owner = owner_of_file(rows.front());
  if (!owner.most[pass]) return {};
  const std::uint64_t most = *owner.most[pass];
  if (rows.size() + stored.size() <= most) return {};
  std::vector<std::uint32_t> fresh;
  for (const std::uint32_t r : rows)
    if (members_[r].role != Role::settled) fresh.push_back(r);
  if (fresh.empty() || fresh.size() + stored.size() <= most) return {};
  return judge(most, owner, fresh, stored);
}

Result<void> Crowd::judge(std::uint64_t most, const Owner& owner, std::vector<std::uint32_t>& fresh,
                          std::span<const RecordId> stored) {
  std::sort(fresh.begin(), fresh.end());  // of one file: in the order of record keys
  fresh.erase(std::unique(fresh.begin(), fresh.end()), fresh.end());
  std::vector<RecordId> others;
  for (const RecordId r : stored) {
    auto known = owner_of_.find(r);
    if (known == owner_of_.end()) {
      TESSERA_TRY(const std::int64_t number, registry_->owner_of(r));
      known = owner_of_.emplace(r, number).first;
    }
    if (known->second == owner.number && owner.number != 0) others.push_back(r);
  }
  std::sort(others.begin(), others.end());
  others.erase(std::unique(others.begin(), others.end()), others.end());
  // A record that was let in before and only changes is not one more.
  std::vector<std::uint32_t> more;
  for (const std::uint32_t r : fresh)
    if (!std::binary_search(others.begin(), others.end(), members_[r].own)) more.push_back(r);
  const std::uint64_t room = most > others.size() ? most - others.size() : 0;
  for (std::size_t i = room; i < more.size(); ++i) held_[more[i]] = 1;
  return {};
}

}  // namespace tessera::intake
