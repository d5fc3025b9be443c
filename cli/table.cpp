#include "cli/table.h"

#include <fmt/format.h>

#include "engine/core/csv.h"
#include "engine/core/json.h"

namespace tessera::cli {
namespace {

constexpr int kOwnRecords = 2;

std::string as_json(const AnswerTable& table) {
  json::Array all;
  for (const auto& row : table.rows) {
    json::Object object;
    for (std::size_t i = 0; i < row.size(); ++i) object.emplace_back(table.header[i], row[i]);
    all.emplace_back(std::move(object));
  }
  return json::to_text(json::Object{{"rows", std::move(all)}});
}

std::string as_csv(const AnswerTable& table) {
  std::string out;
  const auto append = [&out](const std::vector<std::string>& cells) {
    csv::append_row(out, std::vector<std::string_view>(cells.begin(), cells.end()));
  };
  append(table.header);
  for (const auto& row : table.rows) append(row);
  return out;
}

}  // namespace

Result<void> show_table(const Pass& pass, std::string_view answer, AnswerTable table, bool json,
                        std::vector<std::string> ids) {
  // Who sees one district's rows alone sees them as the policy's level 2 does.
  const int for_all = pass.level_for_all();
  const int level = for_all != 0 ? for_all : kOwnRecords;
  for (std::size_t i = table.header.size(); i-- > 0;) {
    if (pass.shows(answer, table.header[i], level)) continue;
    const auto at = static_cast<std::ptrdiff_t>(i);
    table.header.erase(table.header.begin() + at);
    for (auto& row : table.rows) row.erase(row.begin() + at);
  }
  TESSERA_CHECK(pass.answered({.fields = table.header,
                               .ids = std::move(ids),
                               .rows = static_cast<std::int64_t>(table.rows.size())}));
  fmt::print("{}", json ? as_json(table) : as_csv(table));
  return {};
}

}  // namespace tessera::cli
