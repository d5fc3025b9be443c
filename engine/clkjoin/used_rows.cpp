#include "engine/clkjoin/used_rows.h"

#include <algorithm>

#include "engine/core/parallel.h"

namespace tessera::clkjoin {
namespace {

constexpr std::size_t kMostDatasets = 64;
constexpr std::size_t kFewRows = 1 << 20;

void sort_once(std::vector<std::uint32_t>& rows) {
  parallel_sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
}

}  // namespace

Result<void> UsedRows::add(std::span<const Pair> pairs) {
  for (const Pair& p : pairs) {
    const std::uint32_t largest = std::max(p.dataset0, p.dataset1);
    if (largest >= kMostDatasets)
      return Error{ErrorCode::limit, "at most 64 datasets are linked at once", ""};
    if (largest >= rows_.size()) {
      rows_.resize(largest + 1);
      sorted_.resize(largest + 1);
    }
    rows_[p.dataset0].push_back(p.row0);
    rows_[p.dataset1].push_back(p.row1);
  }
  for (std::size_t d = 0; d < rows_.size(); ++d) {
    if (rows_[d].size() < 2 * sorted_[d] + kFewRows) continue;
    sort_once(rows_[d]);
    sorted_[d] = rows_[d].size();
  }
  return {};
}

void UsedRows::finish() {
  for (auto& rows : rows_) sort_once(rows);
}

std::vector<std::uint32_t> UsedRows::counts() const {
  std::vector<std::uint32_t> out;
  for (const auto& rows : rows_) out.push_back(static_cast<std::uint32_t>(rows.size()));
  return out;
}

std::uint32_t UsedRows::place(std::uint32_t dataset, std::uint32_t row) const {
  const auto& rows = rows_[dataset];
  return static_cast<std::uint32_t>(std::ranges::lower_bound(rows, row) - rows.begin());
}

}  // namespace tessera::clkjoin
