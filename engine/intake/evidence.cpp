#include "engine/intake/evidence.h"

#include <algorithm>
#include <map>

#include "engine/registry/registry.h"

namespace tessera::intake {
namespace {

using encoded::PassColumns;
using registry::RecordId;

struct Best {
  bool met = false;
  double weight = 0;
  std::size_t pass = 0;
  std::uint32_t pattern = 0;
  bool tokens = false;
};

block::Entry entry(const PassColumns& c, std::size_t row) {
  const std::uint16_t token = c.ssn_tokens.empty() ? std::uint16_t{0} : c.ssn_tokens[row];
  return {0, c.presence[row], token, c.bits.data() + row * c.stride};
}

// Every pair of the record's rows and others' rows of the same tag.
void compare_pass(const PassColumns& rows, std::span<const RecordId> whose, RecordId record,
                  std::size_t pass, const link::Comparator& comparator, const Weigh& weigh,
                  std::map<RecordId, Best>& best) {
  for (std::size_t a = 0; a < rows.tags.size(); ++a) {
    if (whose[a] != record) continue;
    for (std::size_t b = 0; b < rows.tags.size(); ++b) {
      if (whose[b] == record || whose[b] == 0 || rows.tags[a] != rows.tags[b]) continue;
      const std::uint32_t pattern = comparator.compare(entry(rows, a), entry(rows, b));
      const double weight = weigh(pass, comparator, pattern);
      Best& now = best[whose[b]];
      if (!now.met || weight > now.weight)
        now = {true, weight, pass, pattern, !rows.ssn_tokens.empty()};
    }
  }
}

}  // namespace

Result<std::vector<Evidence>> evidence_of(registry::Registry& registry,
                                          const registry::OpenReview& review, const Weigh& weigh) {
  TESSERA_TRY(const auto handles, registry.handles_of(review.record));
  TESSERA_TRY(const auto places, registry.entries().asked(handles));
  std::map<std::size_t, std::vector<encoded::Tag>> tags;
  for (const auto& p : places) tags[p.pass].push_back(p.tag);
  std::map<RecordId, Best> best;
  for (auto& [pass, of_pass] : tags) {
    std::sort(of_pass.begin(), of_pass.end());
    of_pass.erase(std::unique(of_pass.begin(), of_pass.end()), of_pass.end());
    TESSERA_TRY(const PassColumns rows, registry.entries().read_matching(pass, of_pass));
    TESSERA_TRY(const auto whose, registry.records_of(rows.handles));
    const link::Comparator comparator(registry.schema(), pass, !rows.ssn_tokens.empty());
    compare_pass(rows, whose, review.record, pass, comparator, weigh, best);
  }
  std::vector<RecordId> met;
  for (const auto& [record, b] : best) met.push_back(record);
  TESSERA_TRY(const registry::Stored around, registry.around(met));
  std::vector<Evidence> out;
  for (const auto& c : review.candidates) {
    Evidence& e = out.emplace_back();
    e.id = c.id;
    e.decinats = c.decinats;
    TESSERA_TRY(const auto person, registry::resolve(registry.database(), c.id));
    double most = 0;
    for (const registry::Stored::Record& r : around.records) {
      const auto at = best.find(r.record);
      if (r.person != person.person || at == best.end()) continue;
      if (e.met && at->second.weight <= most) continue;
      most = at->second.weight;
      e.met = true;
      e.owner = r.owner;
      e.pass = at->second.pass;
      e.pattern = at->second.pattern;
      e.tokens = at->second.tokens;
    }
  }
  return out;
}

}  // namespace tessera::intake
