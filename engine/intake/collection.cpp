#include "engine/intake/collection.h"

namespace tessera::intake {

Enforced enforce_collection(std::span<const registry::CollectionRule> rules, link::FileSet& files,
                            std::string_view day) {
  Enforced out;
  const auto field = files.schema().field(schema::Kind::ssn);
  if (!field) return out;
  const std::string& name = files.schema().fields[*field].name;
  for (std::size_t f = 0; f < files.files().size(); ++f) {
    const encoded::File& file = files.files()[f];
    const registry::Collect rule = registry::rule_on(rules, name, file.header().owner, day);
    if (rule == registry::Collect::allow) continue;
    const bool refuse = rule == registry::Collect::refuse;
    bool any = false;
    for (const encoded::JoinRecord& r : file.records()) {
      if (r.ssn_state != encoded::SsnState::provided) continue;
      any = true;
      out.notices.push_back({file.header().owner, r.key,
                             refuse
                                 ? "SSN refused: its collection is stopped; nothing was stored"
                                 : "SSN taken out: its collection is stopped; it was not stored"});
    }
    if (refuse && any && out.refused.empty()) out.refused = file.path();
    files.strip_ssn(f);
  }
  return out;
}

std::vector<Notice> repeated_ssns(const Weighed& weighed) {
  std::vector<Notice> out;
  for (std::size_t i = 0; i < weighed.batch.records.size(); ++i) {
    const registry::Incoming& r = weighed.batch.records[i];
    if (r.known.record == 0 || r.known.ssn != encoded::SsnState::provided ||
        r.ssn != encoded::SsnState::provided)
      continue;
    out.push_back({weighed.batch.submissions[r.submission].owner, r.key,
                   "SSN sent again: it was given before and need not be asked for or sent"});
  }
  return out;
}

}  // namespace tessera::intake
