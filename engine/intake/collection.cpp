#include "engine/intake/collection.h"

#include "engine/schema/layout.h"
#include "engine/schema/stoppable.h"

namespace tessera::intake {
namespace {

// Every entry of a record, a dummy too, has the record's presence word.
Result<std::vector<std::uint8_t>> who_has(const schema::Schema& schema, const encoded::File& file,
                                          std::size_t field) {
  const std::size_t pass = *schema::pass_that_shows(schema, field);
  std::uint32_t mask = 0;
  for (const schema::Slot& s : schema::layout(schema, pass).slots)
    if (s.field == field) mask |= 1U << s.presence;
  TESSERA_TRY(const encoded::PassView view, file.load(pass));
  std::vector<std::uint8_t> out(file.records().size());
  for (std::size_t i = 0; i < view.rows(); ++i)
    if ((view.presence[i] & mask) != 0) out[file.record_of(view.handles[i])] = 1;
  file.release(pass);
  return out;
}

}  // namespace

Result<Enforced> enforce_collection(std::span<const registry::CollectionRule> rules,
                                    link::FileSet& files, std::string_view day) {
  std::vector<SentFile> sent;
  for (const encoded::File& f : files.files())
    sent.push_back({f.header().owner, f.path(), f.records()});
  TESSERA_TRY(Enforced out,
              find_stopped(rules, files.schema(), sent, day, [&](std::size_t f, std::size_t field) {
                return who_has(files.schema(), files.files()[f], field);
              }));
  for (std::size_t f = 0; f < sent.size(); ++f)
    for (const std::size_t field : out.stopped[f]) files.strip(f, field);
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
