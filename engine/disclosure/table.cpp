#include "engine/disclosure/table.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/csv.h"
#include "engine/registry/state_id.h"

namespace tessera::disclosure {
namespace {

// 123-45-6789 and the like, written as SSNs are.
bool looks_like_ssn(std::string_view cell) {
  if (cell.size() != 11) return false;
  for (std::size_t i = 0; i < 11; ++i) {
    const bool mark = i == 3 || i == 6;
    if (mark ? (cell[i] != '-' && cell[i] != ' ') : (cell[i] < '0' || cell[i] > '9')) return false;
  }
  return true;
}

Error no_ssn(std::string where, const std::string& column) {
  return {ErrorCode::conflict,
          fmt::format("column '{}' holds Social Security numbers by its name or its look: they are "
                      "never released; take the column out",
                      column),
          std::move(where)};
}

}  // namespace

// "ssn", "SSN_last4", "Social Security No.": letters alone, lower case, then a search.
bool names_ssn(std::string_view column) {
  std::string letters;
  for (const char c : column) {
    if (c >= 'A' && c <= 'Z') letters.push_back(static_cast<char>(c - 'A' + 'a'));
    if (c >= 'a' && c <= 'z') letters.push_back(c);
  }
  return letters.find("ssn") != std::string::npos ||
         letters.find("socialsec") != std::string::npos ||
         letters.find("socsec") != std::string::npos;
}

std::vector<std::uint64_t> Table::students() const {
  std::vector<std::uint64_t> out = state_id;
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Result<Table> read_table(const std::string& text, const std::string& name,
                         const std::string& id_column) {
  TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, name));
  TESSERA_TRY(const std::vector<std::size_t> at, reader.require({id_column}));
  Table table;
  table.content = sha256(as_bytes(text));
  std::vector<std::size_t> places;
  for (std::size_t c = 0; c < reader.header().size(); ++c) {
    const std::string& column = reader.header()[c];
    if (names_ssn(column)) return no_ssn(name + ":1", column);
    if (c == at[0]) continue;
    table.fields.push_back(column);
    places.push_back(c);
  }
  csv::Row row;
  for (;;) {
    TESSERA_TRY(const bool more, reader.next(row));
    if (!more) return table;
    Result<registry::StateId> id = registry::parse_state_id(row[at[0]]);
    if (!id)
      return Error{ErrorCode::format,
                   fmt::format("column '{}' holds no state ID: {}", id_column, id.error().what),
                   reader.where()};
    table.state_id.push_back(*id);
    table.where.push_back(reader.where());
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (looks_like_ssn(row[places[i]])) return no_ssn(reader.where(), table.fields[i]);
      cells.emplace_back(row[places[i]]);
    }
    table.cells.push_back(std::move(cells));
  }
}

}  // namespace tessera::disclosure
