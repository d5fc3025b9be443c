// Loading and drawing from the name tables.
#include "engine/lab/synth_names.h"

#include <algorithm>
#include <charconv>
#include <functional>

#include "engine/core/csv.h"
#include "engine/core/file.h"

namespace tessera::lab {
namespace {

constexpr std::string_view kEthnicityNames[kEthnicities] = {"white", "black",  "hispanic",
                                                            "asian", "native", "two_or_more"};

// Calls `use` for each row of a table, its cells in the order of `columns`.
Result<void> each_row(const std::string& folder, const char* file,
                      const std::vector<std::string_view>& columns,
                      const std::function<bool(const std::vector<std::string_view>&)>& use) {
  TESSERA_TRY(const std::string text, read_file(folder + "/" + file));
  TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, file));
  TESSERA_TRY(const std::vector<std::size_t> at, reader.require(columns));
  csv::Row row;
  std::vector<std::string_view> cells(columns.size());
  for (;;) {
    TESSERA_TRY(const bool more, reader.next(row));
    if (!more) return {};
    for (std::size_t i = 0; i < at.size(); ++i) cells[i] = row[at[i]];
    if (!use(cells))
      return Error{ErrorCode::format,
                   "a cell of this row of a name table is not what its column says",
                   reader.where()};
  }
}

bool whole(std::string_view text, std::uint64_t& out) {
  const auto r = std::from_chars(text.data(), text.data() + text.size(), out);
  return r.ec == std::errc{} && r.ptr == text.data() + text.size();
}

bool sex_index(std::string_view text, std::size_t& out) {
  if (text != "F" && text != "M") return false;
  out = text == "F" ? 0 : 1;
  return true;
}

const std::vector<std::string>* find_in(const WordLists& lists, std::string key) {
  const auto it = lists.find(key);
  return it == lists.end() ? nullptr : &it->second;
}

}  // namespace

std::string_view name_of(Ethnicity ethnicity) {
  return kEthnicityNames[static_cast<std::size_t>(ethnicity)];
}

void WeightedList::add(std::uint32_t item, std::uint64_t weight) {
  if (weight == 0) return;
  items_.push_back(item);
  ends_.push_back((ends_.empty() ? 0 : ends_.back()) + weight);
}

std::uint32_t WeightedList::draw(Splitmix& rng) const {
  const std::uint64_t at = rng.below(ends_.back());
  const auto it = std::upper_bound(ends_.begin(), ends_.end(), at);
  return items_[static_cast<std::size_t>(it - ends_.begin())];
}

std::uint32_t NameTables::intern(std::string_view name, bool is_given) {
  std::string key = (is_given ? "g:" : "s:") + std::string(name);
  const auto next = static_cast<std::uint32_t>(names_.size());
  const auto [it, fresh] = index_.emplace(key, next);
  if (fresh) {
    const auto spelled = spellings_.find(key);
    names_.push_back({std::string(name), spelled == spellings_.end() ? "" : spelled->second});
  }
  return it->second;
}

Result<void> NameTables::load_spellings(const std::string& folder) {
  return each_row(folder, "spellings.csv", {"kind", "plain", "spelled"}, [&](const auto& c) {
    if (c[0] != "given" && c[0] != "surname") return false;
    spellings_[(c[0] == "given" ? "g:" : "s:") + std::string(c[1])] = std::string(c[2]);
    return true;
  });
}

Result<void> NameTables::load_given(const std::string& folder) {
  return each_row(folder, "given_names.csv", {"births_from", "sex", "name", "count"},
                  [&](const auto& c) {
                    std::uint64_t from = 0, count = 0;
                    std::size_t sex = 0;
                    if (!whole(c[0], from) || !sex_index(c[1], sex) || !whole(c[3], count))
                      return false;
                    if (periods_.empty() || periods_.back().from != static_cast<int>(from))
                      periods_.push_back({static_cast<int>(from), {}});
                    periods_.back().by_sex[sex].add(intern(c[2], true), count);
                    return true;
                  });
}

Result<void> NameTables::load_ethnic(const std::string& folder) {
  return each_row(
      folder, "given_names_by_ethnicity.csv", {"name", "sex", "ethnicity", "count"},
      [&](const auto& c) {
        std::uint64_t count = 0;
        std::size_t sex = 0;
        const auto* e = std::find(kEthnicityNames, kEthnicityNames + kEthnicities, c[2]);
        if (e == kEthnicityNames + kEthnicities || !sex_index(c[1], sex) || !whole(c[3], count))
          return false;
        ethnic_[static_cast<std::size_t>(e - kEthnicityNames)][sex].add(intern(c[0], true), count);
        return true;
      });
}

Result<void> NameTables::load_surnames(const std::string& folder) {
  std::vector<std::string_view> columns = {"name", "count"};
  columns.insert(columns.end(), kEthnicityNames, kEthnicityNames + kEthnicities);
  return each_row(folder, "surnames.csv", columns, [&](const auto& c) {
    std::uint64_t count = 0;
    if (!whole(c[1], count)) return false;
    const std::uint32_t item = intern(c[0], false);
    for (std::size_t e = 0; e < kEthnicities; ++e) {
      std::uint64_t share = 0;
      if (!whole(c[2 + e], share)) return false;
      surnames_[e].add(item, count * share);
    }
    return true;
  });
}

Result<void> NameTables::load_words(const std::string& folder) {
  TESSERA_CHECK(each_row(folder, "nicknames.csv", {"name", "nickname"}, [&](const auto& c) {
    nicknames_[std::string(c[0])].emplace_back(c[1]);
    return true;
  }));
  TESSERA_CHECK(each_row(folder, "similar.csv", {"sex", "name", "similar"}, [&](const auto& c) {
    similar_[std::string(c[0]) + std::string(c[1])].emplace_back(c[2]);
    return true;
  }));
  return each_row(folder, "variants.csv", {"kind", "name", "variant"}, [&](const auto& c) {
    (c[0] == "given" ? given_variants_ : surname_variants_)[std::string(c[1])].emplace_back(c[2]);
    return c[0] == "given" || c[0] == "surname";
  });
}

Result<void> NameTables::load_rules(const std::string& folder) {
  TESSERA_CHECK(each_row(folder, "phonetic.csv", {"where", "from", "to"}, [&](const auto& c) {
    constexpr std::string_view kWhere[] = {"all", "start", "middle", "end"};
    const auto* w = std::find(std::begin(kWhere), std::end(kWhere), c[0]);
    if (w == std::end(kWhere) || c[1].empty()) return false;
    phonetic_.push_back({static_cast<Where>(w - kWhere), std::string(c[1]), std::string(c[2])});
    return true;
  }));
  TESSERA_CHECK(each_row(folder, "ocr.csv", {"from", "to"}, [&](const auto& c) {
    ocr_.push_back({Where::all, std::string(c[0]), std::string(c[1])});
    return !c[0].empty();
  }));
  return each_row(folder, "keyboard.csv", {"key", "neighbours"}, [&](const auto& c) {
    if (c[0].size() != 1 || c[0][0] < 'a' || c[0][0] > 'z') return false;
    keyboard_[static_cast<std::size_t>(c[0][0] - 'a')] = std::string(c[1]);
    return true;
  });
}

Result<NameTables> NameTables::load(const std::string& folder) {
  NameTables tables;
  TESSERA_CHECK(tables.load_spellings(folder));
  TESSERA_CHECK(tables.load_given(folder));
  TESSERA_CHECK(tables.load_ethnic(folder));
  TESSERA_CHECK(tables.load_surnames(folder));
  TESSERA_CHECK(tables.load_words(folder));
  TESSERA_CHECK(tables.load_rules(folder));
  bool complete = !tables.periods_.empty() && !tables.phonetic_.empty() && !tables.ocr_.empty();
  for (const Period& p : tables.periods_)
    complete = complete && !p.by_sex[0].empty() && !p.by_sex[1].empty();
  for (const WeightedList& list : tables.surnames_) complete = complete && !list.empty();
  if (!complete)
    return Error{ErrorCode::format, "a name table lacks names for a sex, a period or an ethnicity",
                 folder};
  return tables;
}

std::size_t NameTables::period_of(int birth_year) const {
  std::size_t p = 0;
  while (p + 1 < periods_.size() && periods_[p + 1].from <= birth_year) ++p;
  return p;
}

const WeightedList& NameTables::given_list(int birth_year, char sex, Ethnicity ethnicity,
                                           bool ethnic) const {
  const std::size_t s = sex == 'F' ? 0 : 1;
  const WeightedList& list = ethnic_[static_cast<std::size_t>(ethnicity)][s];
  if (ethnic && !list.empty()) return list;
  return periods_[period_of(birth_year)].by_sex[s];
}

const WeightedList& NameTables::surname_list(Ethnicity ethnicity) const {
  return surnames_[static_cast<std::size_t>(ethnicity)];
}

const SpelledName& NameTables::given(int birth_year, char sex, Ethnicity ethnicity, bool ethnic,
                                     Splitmix& rng) const {
  return names_[given_list(birth_year, sex, ethnicity, ethnic).draw(rng)];
}

const SpelledName& NameTables::surname(Ethnicity ethnicity, Splitmix& rng) const {
  return names_[surname_list(ethnicity).draw(rng)];
}

const std::vector<std::string>* NameTables::nicknames(std::string_view given) const {
  return find_in(nicknames_, std::string(given));
}
const std::vector<std::string>* NameTables::similar(char sex, std::string_view given) const {
  return find_in(similar_, sex + std::string(given));
}
const std::vector<std::string>* NameTables::given_variants(std::string_view given) const {
  return find_in(given_variants_, std::string(given));
}
const std::vector<std::string>* NameTables::surname_variants(std::string_view surname) const {
  return find_in(surname_variants_, std::string(surname));
}

const std::string& NameTables::neighbours(char key) const {
  static const std::string kNone;
  return key >= 'a' && key <= 'z' ? keyboard_[static_cast<std::size_t>(key - 'a')] : kNone;
}

}  // namespace tessera::lab
