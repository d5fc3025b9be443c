// One SSN, several people: found by sorting, decided by comparing names and dates.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "engine/core/parallel.h"
#include "engine/record/date.h"
#include "engine/record/number.h"

namespace tessera::record {
namespace {

// Beyond this many rows with one SSN, a row is compared with its neighbour and the first only.
constexpr std::size_t kCompareAll = 64;

struct Holder {
  std::uint32_t ssn;
  std::uint32_t row;
  bool operator<(const Holder& other) const {
    return ssn != other.ssn ? ssn < other.ssn : row < other.row;
  }
};

bool same_start(std::string_view a, std::string_view b) {
  if (a.size() == 1 || b.size() == 1) return a.front() == b.front();
  return a.size() >= 3 && b.size() >= 3 && (a.starts_with(b) || b.starts_with(a));
}

// Any name of one side with any of the other: a part, a nickname group or a beginning in common.
bool names_agree(const Value& a, const Value& b) {
  if (a.names.empty() || b.names.empty()) return true;
  for (const Name& x : a.names)
    for (const Name& y : b.names) {
      if (same_start(x.whole, y.whole)) return true;
      for (const std::string& g : x.groups)
        if (std::ranges::find(y.groups, g) != y.groups.end()) return true;
    }
  return false;
}

bool dates_agree(const Date& a, const Date& b) {
  if (is_missing(a) || is_missing(b)) return true;
  if (a.year != b.year) return false;
  if (a.doubted || b.doubted) return true;
  const bool months = a.month == 0 || b.month == 0 || a.month == b.month;
  return months && (a.day == 0 || b.day == 0 || a.day == b.day);
}

}  // namespace

std::size_t drop_shared_ssns(std::span<Fields> records, std::span<const std::size_t> lines,
                             std::size_t ssn_field, std::span<const std::size_t> given_fields,
                             std::span<const std::size_t> surname_fields,
                             std::span<const std::size_t> date_fields, Tally& tally) {
  std::vector<Holder> holders;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string& digits = records[i].values[ssn_field].text;
    if (!digits.empty())
      holders.push_back({static_cast<std::uint32_t>(std::strtoul(digits.c_str(), nullptr, 10)),
                         static_cast<std::uint32_t>(i)});
  }
  parallel_sort(holders.begin(), holders.end());

  const auto agree = [&](const Holder& x, const Holder& y) {
    const Fields& a = records[x.row];
    const Fields& b = records[y.row];
    const auto names = [&](std::size_t f) { return names_agree(a.values[f], b.values[f]); };
    return std::ranges::all_of(given_fields, names) && std::ranges::all_of(surname_fields, names) &&
           std::ranges::all_of(date_fields, [&](std::size_t f) {
             return dates_agree(a.values[f].date, b.values[f].date);
           });
  };
  std::vector<std::uint32_t> changed;
  for (std::size_t begin = 0, end = 0; begin < holders.size(); begin = end) {
    while (end < holders.size() && holders[end].ssn == holders[begin].ssn) ++end;
    bool differ = false;
    for (std::size_t i = begin + 1; i < end && !differ; ++i) {
      const std::size_t from = i - begin <= kCompareAll ? begin : i - 1;
      for (std::size_t j = from; j < i && !differ; ++j) differ = !agree(holders[j], holders[i]);
      differ = differ || !agree(holders[begin], holders[i]);
    }
    if (!differ) continue;
    for (std::size_t i = begin; i < end; ++i) changed.push_back(holders[i].row);
  }
  for (const std::uint32_t row : changed) {
    records[row].values[ssn_field].text.clear();
    records[row].ssn_state = encoded::SsnState::not_available;
    tally.add(Finding::shared, lines[row]);
  }
  return changed.size();
}

}  // namespace tessera::record
