// Questions of a batch: one open question per record, asked anew only if it has changed.
#include <algorithm>

#include "engine/registry/committer.h"

namespace tessera::registry {

std::vector<Suspect> Committer::persons_suspected(const Decision& d) const {
  std::vector<Suspect> out;
  for (Suspect s : d.suspects) {
    if (s.person == 0) {
      const auto at = persons_of_groups_.find(s.group);
      if (at == persons_of_groups_.end()) continue;
      s = {at->second, 0, s.decinats};
    }
    if (const auto moved = resolved_.find(s.person); moved != resolved_.end())
      s.person = moved->second;
    const bool listed = std::any_of(out.begin(), out.end(),
                                    [&s](const Suspect& x) { return x.person == s.person; });
    if (!listed) out.push_back(s);
  }
  if (d.also != 0 && out.empty()) out.push_back({d.also, 0, 0});
  return out;
}

Result<bool> Committer::same_question(std::int64_t review, Reason reason,
                                      const std::vector<Suspect>& suspects) {
  if (open_review_.integer(1) != static_cast<std::int64_t>(reason)) return false;
  std::vector<PersonId> asked;
  for (const Suspect& s : suspects) asked.push_back(s.person);
  std::sort(asked.begin(), asked.end());
  std::vector<PersonId> stored;
  suspects_.bind(1, review);
  for (;;) {
    TESSERA_TRY(const bool row, suspects_.step());
    if (!row) return asked == stored;
    stored.push_back(static_cast<PersonId>(suspects_.integer(0)));
  }
}

// One open question per record: kept if it is the same, settled if it has gone, else asked anew.
Result<void> Committer::review(std::uint32_t i) {
  const Decision& d = decisions_[i];
  if (d.reason == Reason::waiting) return {};  // its question is open already
  TESSERA_TRY(const bool known_link, linked(i));
  const bool asks =
      d.status == Status::review || d.status == Status::conflict || (d.also != 0 && !known_link);
  const Reason reason = d.reason == Reason::none ? Reason::other_space : d.reason;
  const std::vector<Suspect> suspects = asks ? persons_suspected(d) : std::vector<Suspect>{};
  if (batch_.records[i].known.record != 0) {
    TESSERA_TRY(const bool open, open_review_.bind(1, as_integer(record_ids_[i])).step());
    const std::int64_t review = open ? open_review_.integer(0) : 0;
    bool same = false;
    if (open && asks) {
      TESSERA_TRY(same, same_question(review, reason, suspects));
    }
    open_review_.reset();
    if (same) return {};
    if (open) TESSERA_CHECK(happen(Settled{review, number_}));
  }
  if (!asks) return {};
  ++receipt_.reviews_opened;
  return happen(Reviewed{next_review_++, number_, record_ids_[i], reason, suspects});
}

}  // namespace tessera::registry
