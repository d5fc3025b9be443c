#include "engine/intake/stopped.h"

namespace tessera::intake {

Enforced find_stopped(std::span<const registry::CollectionRule> rules, const schema::Schema& schema,
                      std::span<const SentFile> files, std::string_view day) {
  Enforced out;
  out.stopped.assign(files.size(), 0);
  const auto field = schema.field(schema::Kind::ssn);
  if (!field) return out;
  const std::string& name = schema.fields[*field].name;
  for (std::size_t f = 0; f < files.size(); ++f) {
    const SentFile& file = files[f];
    const registry::Collect rule = registry::rule_on(rules, name, file.owner, day);
    if (rule == registry::Collect::allow) continue;
    const bool refuse = rule == registry::Collect::refuse;
    bool any = false;
    for (const encoded::JoinRecord& r : file.records) {
      if (r.ssn_state != encoded::SsnState::provided) continue;
      any = true;
      out.notices.push_back({std::string(file.owner), r.key,
                             refuse
                                 ? "SSN refused: its collection is stopped; nothing was stored"
                                 : "SSN taken out: its collection is stopped; it was not stored"});
    }
    if (refuse && any && out.refused.empty()) out.refused = file.path;
    out.stopped[f] = 1;
  }
  return out;
}

}  // namespace tessera::intake
