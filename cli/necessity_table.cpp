#include "cli/necessity_table.h"

#include <fmt/format.h>

#include "engine/cells/publish.h"
#include "engine/cells/suppress.h"

namespace tessera::cli {
namespace {

using link::Verdict;

// The printed counts of a row, as positions in Sums::value.
struct Row {
  std::uint32_t automatic = 0, compared = 0;
  std::vector<std::uint32_t> turned;  // in the order of the header
};

class Counts {
 public:
  std::uint32_t add(std::int64_t value, bool is_total = false) {
    sums.value.push_back(value);
    sums.is_total.push_back(is_total);
    return static_cast<std::uint32_t>(sums.value.size() - 1);
  }
  // What is left of a total beside parts that are printed, which a reader can work out.
  void rest(std::uint32_t total, std::vector<std::uint32_t> parts) {
    std::int64_t left = sums.value[total];
    for (const std::uint32_t p : parts) left -= sums.value[p];
    parts.push_back(add(left));
    sums.relations.push_back({total, std::move(parts)});
  }
  Row add_row(const link::Turns& t, std::uint32_t automatic) {
    Row row{automatic, add(t.compared), {}};
    for (const auto& [from, to] : {std::pair{Verdict::automatic, Verdict::review},
                                   {Verdict::automatic, Verdict::none},
                                   {Verdict::review, Verdict::automatic},
                                   {Verdict::review, Verdict::none},
                                   {Verdict::none, Verdict::review},
                                   {Verdict::none, Verdict::automatic}})
      row.turned.push_back(add(t.turned(from, to)));
    rest(automatic, {row.compared});
    rest(automatic, {row.turned[0], row.turned[1]});
    return row;
  }

  cells::Sums sums;
};

std::string joined(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, "+"));
}

}  // namespace

Result<AnswerTable> necessity_table(const schema::Schema& schema,
                                    const std::vector<link::Need>& needs,
                                    const std::vector<std::string>& kinds, Progress& progress) {
  Counts counts;
  std::vector<std::uint32_t> totals;  // by kind: the same in every row
  std::vector<Row> rows;
  for (const link::Need& need : needs)
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      if (totals.size() <= k)
        totals.push_back(counts.add(need.turns[k].with(Verdict::automatic), true));
      rows.push_back(counts.add_row(need.turns[k], totals[k]));
    }
  const cells::Rule rule{.show_zeros = true};
  TESSERA_TRY(const cells::Pattern pattern, cells::suppress(counts.sums, rule, {}, progress));
  // One sign for both, as in every published table: that a hidden count is small narrows the
  // others.
  const auto shown = [&](std::uint32_t cell) {
    return pattern.mark[cell] == cells::Mark::shown ? std::to_string(counts.sums.value[cell])
                                                    : std::string(cells::kHidden);
  };
  AnswerTable out{{"without", "pairs", "automatic", "compared", "automatic_to_review",
                   "automatic_to_none", "review_to_automatic", "review_to_none", "none_to_review",
                   "none_to_automatic", "passes_gone"},
                  {}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const link::Need& need = needs[i / kinds.size()];
    std::vector<std::string> fields, passes;
    for (const std::size_t f : need.fields) fields.push_back(schema.fields[f].name);
    for (const std::size_t p : need.passes) passes.push_back(schema.passes[p].name);
    auto& row = out.rows.emplace_back();
    row = {joined(fields), kinds[i % kinds.size()], shown(rows[i].automatic),
           shown(rows[i].compared)};
    for (const std::uint32_t cell : rows[i].turned) row.push_back(shown(cell));
    row.push_back(joined(passes));
  }
  return out;
}

}  // namespace tessera::cli
