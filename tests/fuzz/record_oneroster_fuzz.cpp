// Any bytes as a OneRoster zip: a roster or an error, whatever the damage.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "engine/record/roster.h"

namespace {

tessera::schema::Schema make_schema() {
  using tessera::schema::Kind;
  tessera::schema::Schema s;
  const std::pair<const char*, Kind> fields[] = {
      {"first", Kind::given_name}, {"middle", Kind::middle_name}, {"last", Kind::surname},
      {"dob", Kind::date},         {"sex", Kind::category},       {"ssn", Kind::ssn},
      {"card", Kind::number}};
  for (const auto& [name, kind] : fields) {
    tessera::schema::Field f;
    f.name = name;
    f.kind = kind;
    if (kind == Kind::date) f.formats = {"%Y-%m-%d", "%m/%d/%y"};
    if (kind == Kind::category) f.values = {{"F", {"female"}}, {"M", {"male"}}};
    s.fields.push_back(std::move(f));
  }
  return s;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tessera::record;
  static const tessera::schema::Schema schema = make_schema();
  ReadOptions options;
  options.today = {2026, 11, 21, false};
  for (const SourceKind kind : {SourceKind::oneroster}) {
    options.kind = kind;
    tessera::Silent silent;
    const auto r = read_roster_bytes({data, size}, "fuzz", schema, options, silent);
    if (!r) {
      if (r.error().what.empty()) std::abort();
      continue;
    }
    std::set<std::string> ids;
    for (const Fields& f : r->records)
      if (f.local_id.empty() || !ids.insert(f.local_id).second || f.values.size() != 7)
        std::abort();
    if (r->report.rows != r->records.size() + r->report.rejects.size()) std::abort();
    if (r->lines.size() != r->records.size()) std::abort();
    if (r->report.rejects.size() * 20 > r->report.rows) std::abort();
  }
  return 0;
}
