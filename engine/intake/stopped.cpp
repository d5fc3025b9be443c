#include "engine/intake/stopped.h"

#include <fmt/format.h>

#include "engine/schema/stoppable.h"

namespace tessera::intake {
namespace {

using registry::Collect;

std::string notice_of(const schema::Field& field, bool refused, bool seen) {
  const std::string name = field.kind == schema::Kind::ssn ? "SSN" : field.name;
  if (refused) return name + " refused: its collection is stopped; nothing was stored";
  if (seen) return name + " taken out: its collection is stopped; it was not stored";
  return name +
         " taken out of every record that had it: its collection is stopped; it was not stored";
}

// 1 for each record that has the field; nothing where that is hidden.
Result<std::optional<std::vector<std::uint8_t>>> holders(const schema::Schema& schema,
                                                         std::span<const SentFile> files,
                                                         std::size_t f, std::size_t field,
                                                         const WhoHas& who_has) {
  std::optional<std::vector<std::uint8_t>> out;
  if (schema.fields[field].kind == schema::Kind::ssn) {
    out.emplace();
    for (const encoded::JoinRecord& r : files[f].records)
      out->push_back(r.ssn_state == encoded::SsnState::provided ? 1 : 0);
    return out;
  }
  if (!who_has)
    return Error{ErrorCode::conflict,
                 fmt::format("may carry '{}', whose collection is stopped, and nobody sees it in "
                             "slips: agree on a schema without it",
                             schema.fields[field].name),
                 std::string(files[f].path)};
  if (!schema::pass_that_shows(schema, field)) return out;
  TESSERA_TRY(out, who_has(f, field));
  return out;
}

Result<void> enforce(Collect rule, const schema::Schema& schema, std::span<const SentFile> files,
                     std::size_t f, std::size_t field, const WhoHas& who_has, Enforced& out) {
  const SentFile& file = files[f];
  TESSERA_TRY(const auto has, holders(schema, files, f, field, who_has));
  const bool strips = schema::can_strip(schema, field);
  // A rule that the schema of this epoch cannot follow is followed the other way.
  const bool refuse = !strips || (rule == Collect::refuse && has);
  const std::string text = notice_of(schema.fields[field], refuse, has.has_value());
  std::uint64_t n = 0;
  for (std::size_t r = 0; r < file.records.size(); ++r) {
    if (has && (*has)[r] == 0) continue;
    ++n;
    if (has) out.notices.push_back({std::string(file.owner), file.records[r].key, text});
  }
  if (!has && n > 0) out.notices.push_back({std::string(file.owner), std::nullopt, text});
  // All records of the file, those without a value too: what a record's entries are does not hang
  // on who else is in the file.
  if (strips) out.stopped[f].push_back(field);
  if (n == 0) return {};
  out.records[schema.fields[field].name] += n;
  if (!strips) out.shown = true;
  if (refuse && out.refused.empty()) {
    out.refused = file.path;
    out.because = schema.fields[field].name;
  }
  return {};
}

}  // namespace

Result<Enforced> find_stopped(std::span<const registry::CollectionRule> rules,
                              const schema::Schema& schema, std::span<const SentFile> files,
                              std::string_view day, const WhoHas& who_has) {
  Enforced out;
  out.stopped.resize(files.size());
  for (std::size_t f = 0; f < files.size(); ++f)
    for (std::size_t field = 0; field < schema.fields.size(); ++field) {
      const Collect rule = registry::rule_on(rules, schema.fields[field].name, files[f].owner, day);
      if (rule != Collect::allow)
        TESSERA_CHECK(enforce(rule, schema, files, f, field, who_has, out));
    }
  return out;
}

Enforced join(std::vector<Enforced> by_epoch) {
  Enforced out = std::move(by_epoch.front());
  for (const Enforced& older : std::span(by_epoch).subspan(1)) {
    if (!out.refused.empty()) break;
    out.refused = older.refused;
    out.because = older.because;
  }
  return out;
}

}  // namespace tessera::intake
