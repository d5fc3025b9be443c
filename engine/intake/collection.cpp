#include "engine/intake/collection.h"

namespace tessera::intake {

Enforced enforce_collection(std::span<const registry::CollectionRule> rules, link::FileSet& files,
                            std::string_view day) {
  std::vector<SentFile> sent;
  for (const encoded::File& f : files.files())
    sent.push_back({f.header().owner, f.path(), f.records()});
  Enforced out = find_stopped(rules, files.schema(), sent, day);
  for (std::size_t f = 0; f < sent.size(); ++f)
    if (out.stopped[f] != 0) files.strip_ssn(f);
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
