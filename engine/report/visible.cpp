#include "engine/report/visible.h"

#include <algorithm>
#include <map>
#include <string>

#include <fmt/format.h>

namespace tessera::report {
namespace {

// Numbers of the values in their sorted order.
Grouping grouping(std::string column, const std::vector<std::string>& value) {
  std::map<std::string_view, std::uint32_t> number;
  for (const std::string& v : value) number.emplace(v, 0);
  Grouping out{std::move(column), {}, {}};
  for (auto& [v, n] : number) {
    n = static_cast<std::uint32_t>(out.values.size());
    out.values.emplace_back(v);
  }
  out.value.reserve(value.size());
  for (const std::string& v : value) out.value.push_back(number.at(v));
  return out;
}

// Bit f of a record: field f has a value. Dummies copy their record's presence, so any entry will
// do.
Result<std::vector<std::uint64_t>> known_fields(link::FileSet& files) {
  std::vector<std::uint64_t> out(files.records(), 0);
  for (std::size_t p = 0; p < files.schema().passes.size(); ++p) {
    TESSERA_TRY(const std::vector<block::Source> sources, files.sources(p));
    const schema::Layout layout = schema::layout(files.schema(), p);
    for (const block::Source& s : sources)
      for (std::size_t row = 0; row < s.view.rows(); ++row)
        for (const schema::Slot& slot : layout.slots)
          if (!slot.hidden() && (s.view.presence[row] >> slot.presence & 1U) != 0)
            out[s.records[row]] |= std::uint64_t{1} << slot.field;
  }
  return out;
}

std::string names_of(const schema::Schema& schema, std::uint64_t fields) {
  std::string out;
  for (std::size_t f = 0; f < schema.fields.size(); ++f)
    if ((fields >> f & 1U) != 0) out += (out.empty() ? "" : " ") + schema.fields[f].name;
  return out.empty() ? "none" : out;
}

}  // namespace

Result<std::vector<Grouping>> visible_groupings(link::FileSet& files) {
  TESSERA_TRY(const std::vector<std::uint64_t> fields, known_fields(files));
  std::vector<std::string> owner, population, known, ssn, passes;
  for (std::uint32_t r = 0; r < files.records(); ++r) {
    const encoded::Header& header = files.files()[files.file_of(r)].header();
    const encoded::JoinRecord shown = files.shown(r);
    owner.push_back(header.owner);
    population.emplace_back(name_of(header.population));
    known.push_back(names_of(files.schema(), fields[r]));
    ssn.emplace_back(name_of(shown.ssn_state));
    passes.push_back(fmt::format("{}", shown.usable_passes));
  }
  return std::vector<Grouping>{grouping("owner", owner), grouping("population", population),
                               grouping("known fields", known), grouping("SSN state", ssn),
                               grouping("passes", passes)};
}

}  // namespace tessera::report
