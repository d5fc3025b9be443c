#include "engine/intake/crowd.h"

#include <algorithm>

#include "engine/registry/plausible.h"

namespace tessera::intake {
namespace {

using registry::RecordId;

constexpr std::uint32_t kCommonNames = 3;  // tags in a pass: a compound surname and its parts

}  // namespace

Result<Crowd> Crowd::open(registry::Registry& registry, const registry::Epoch& epoch,
                          const link::FileSet& files, std::vector<Member> members) {
  Crowd c(registry, files);
  const std::uint32_t records = files.records();
  c.members_ = std::move(members);
  c.held_.assign(records, 0);
  c.many_.assign(records, 0);
  TESSERA_TRY(c.shares_, registry.pass_shares(epoch));
  for (std::size_t f = 0; f < files.files().size(); ++f) {
    Owner& owner = c.owners_.emplace_back();
    TESSERA_TRY(owner.number, registry.owner_number(files.files()[f].header().owner));
    TESSERA_TRY(owner.enrolment, registry.enrolment(owner.number));
  }
  // Records that are new here make the enrolment what the batch says it is.
  for (std::uint32_t r = 0; r < records; ++r)
    if (c.members_[r].role == Role::fresh) ++c.owners_[files.file_of(r)].enrolment;
  return c;
}

void Crowd::count_names(std::size_t pass, const std::vector<block::Source>& batch) {
  const std::uint32_t common = std::max(files_->schema().passes[pass].least, kCommonNames);
  std::vector<std::uint8_t> tags(files_->records(), 0);
  for (const block::Source& s : batch)
    for (const std::uint32_t r : s.records)
      if (++tags[r] > common) many_[r] = 1;
}

Result<void> Crowd::see(std::size_t pass, const std::vector<block::Source>& batch,
                        const encoded::PassColumns& stored, std::span<const RecordId> whose) {
  count_names(pass, batch);
  if (!shares_[pass]) return {};
  std::vector<std::uint32_t> fresh;
  for (const block::Source& s : batch) {
    if (s.records.empty()) continue;
    const Owner& owner = owners_[files_->file_of(s.records[0])];
    const std::uint64_t most = registry::plausible_records(*shares_[pass], owner.enrolment);
    auto at = stored.tags.begin();
    for (std::size_t row = 0; row < s.view.rows();) {
      const encoded::Tag& tag = s.view.tags[row];
      fresh.clear();
      for (; row < s.view.rows() && s.view.tags[row] == tag; ++row)
        if (members_[s.records[row]].role != Role::settled) fresh.push_back(s.records[row]);
      if (fresh.empty()) continue;
      at = std::lower_bound(at, stored.tags.end(), tag);
      const auto end = std::upper_bound(at, stored.tags.end(), tag);
      const auto first = static_cast<std::size_t>(at - stored.tags.begin());
      const auto count = static_cast<std::size_t>(end - at);
      if (fresh.size() + count <= most) continue;
      TESSERA_CHECK(judge(most, owner, fresh, whose.subspan(first, count)));
    }
  }
  return {};
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
