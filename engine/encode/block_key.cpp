// Ingredients are read once for all passes that use them, then crossed pass by pass.
#include "engine/encode/block_key.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "engine/record/phonetic.h"
#include "engine/schema/adaptive.h"

namespace tessera::encode {
namespace {

using record::Date;
using schema::KeyPart;
using schema::Kind;
using schema::Part;

bool on_names(const KeyPart& key) {
  return (key.set && key.fields.size() == 2) || key.part == Part::phonetic ||
         key.part == Part::initial;
}

std::string code_of(Part part, const std::string& name) {
  return part == Part::initial ? name.substr(0, 1)
                               : record::phonetic_code(name, record::Phonetic::soundex);
}

// In decimal, with zeros in front up to `width` digits.
void append_number(std::string& out, std::size_t value, std::size_t width) {
  std::array<char, 20> digits{};
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  const auto size = static_cast<std::size_t>(end - digits.data());
  if (size < width) out.append(width - size, '0');
  out.append(digits.data(), size);
}

// A doubted day serves beside both names, where the few who share it are worth comparing. With one
// name or none it would bring together everybody whose birthday a school did not know.
bool serves(Part part, const Date& d, bool beside_both_names) {
  const bool need_year = part == Part::exact || part == Part::year;
  const bool need_day = part != Part::year;
  return !(need_year && d.year == 0) && !(need_day && (d.month == 0 || d.day == 0)) &&
         !(need_day && d.doubted && !beside_both_names);
}

void read_date(Part part, const Date& d, KeyList& out) {
  std::string& text = out.add().value;
  switch (part) {
    case Part::exact:
      append_number(text, d.year, 4);
      append_number(text, d.month, 2);
      return append_number(text, d.day, 2);
    case Part::year:
      return append_number(text, d.year, 4);
    case Part::month:
      text = 'm';
      return append_number(text, d.month, 2);
    case Part::day:
      text = 'd';
      return append_number(text, d.day, 2);
    default:  // without order
      append_number(text, std::min(d.month, d.day), 2);
      return append_number(text, std::max(d.month, d.day), 2);
  }
}

// Stable; a list of one or in order already costs nothing.
void by_rank(KeyList& list) {
  if (!std::ranges::is_sorted(list.all(), {}, &BlockKey::rank))
    std::ranges::stable_sort(list.all(), {}, &BlockKey::rank);
}

NameChoice both(NameChoice a, NameChoice b) {
  return {std::max(a.given, b.given), std::max(a.surname, b.surname)};
}

// The key and one more text, after its length in decimal and a colon.
void add_crossed(const BlockKey& k, const BlockKey& m, KeyList& out) {
  BlockKey& key = out.add();
  key.value = k.value;
  append_number(key.value, m.value.size(), 1);
  key.value += ':';
  key.value += m.value;
  key.shows = both(k.shows, m.shows);
  key.rank = k.rank + m.rank;
  key.share = std::max(k.share, m.share);
}

bool of_both_names(const KeyPart& part) { return part.set && part.fields.size() == 2; }

bool same(const KeyPart& a, const KeyPart& b) {
  return a.part == b.part && a.fields == b.fields && a.any == b.any && a.set == b.set;
}

}  // namespace

BlockKey& KeyList::add() {
  if (size_ == keys_.size()) keys_.emplace_back();
  BlockKey& key = keys_[size_++];
  key.value.clear();
  key.shows = {};
  key.rank = 0;
  key.share = 0;
  return key;
}

bool KeyList::has(std::string_view value) const {
  return std::ranges::any_of(all(), [&](const BlockKey& k) { return k.value == value; });
}

void KeyList::swap(KeyList& other) noexcept {
  keys_.swap(other.keys_);
  std::swap(size_, other.size_);
}

KeyReader::KeyReader(const schema::Schema& schema)
    : KeyReader(schema, schema.passes, schema.tags_in_all) {}

KeyReader::KeyReader(const schema::Schema& schema, std::span<const schema::Pass> passes)
    : KeyReader(schema, passes, std::numeric_limits<std::size_t>::max()) {}

KeyReader::KeyReader(const schema::Schema& schema, std::span<const schema::Pass> passes,
                     std::size_t most)
    : schema_(schema), passes_(passes), most_(most), keys_(passes.size()) {
  for (const schema::Pass& pass : passes) {
    Recipe& recipe = recipes_.emplace_back();
    const bool both_names = std::ranges::any_of(pass.key, of_both_names);
    for (const KeyPart& part : pass.key) recipe.parts.push_back(ingredient(part, both_names));
    if (pass.adaptive) recipe.added = ingredient(pass.adaptive->add, both_names);
  }
}

std::size_t KeyReader::ingredient(const KeyPart& part, bool beside_both_names) {
  for (std::size_t i = 0; i < ingredients_.size(); ++i)
    if (same(*ingredients_[i].part, part) && ingredients_[i].beside_both_names == beside_both_names)
      return i;
  Ingredient made{&part, beside_both_names, {}, {}};
  if (on_names(part))
    for (const std::size_t field : part.fields) made.names.push_back(name_codes(part.part, field));
  ingredients_.push_back(std::move(made));
  return ingredients_.size() - 1;
}

std::size_t KeyReader::name_codes(Part part, std::size_t field) {
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (names_[i].part == part && names_[i].field == field) return i;
  names_.push_back({part, field, {}});
  return names_.size() - 1;
}

// Whole, then parts, then nickname groups; current name, then former ones.
void KeyReader::read_names(NameCodes& codes, const record::Fields& fields) const {
  codes.list.clear();
  const auto& names = fields.values[codes.field].names;
  const bool given = schema_.fields[codes.field].kind == Kind::given_name;
  for (std::size_t k = 0; k < names.size(); ++k) {
    const std::string& whole = names[k].whole;
    auto add = [&](const std::string& text) {
      const std::string code = code_of(codes.part, text);
      if (code.empty() || codes.list.has(code)) return;
      const std::size_t rank = codes.list.size();
      BlockKey& key = codes.list.add();
      key.value = code;
      (given ? key.shows.given : key.shows.surname) = static_cast<std::uint8_t>(k);
      key.rank = rank;
    };
    add(whole);
    // Most names are one part, and most parts their own group: the same text has the same code.
    for (const std::string& p : names[k].parts)
      if (p != whole) add(p);
    for (const std::string& g : names[k].groups)
      if (g != whole) add(g);
  }
}

// Unordered pairs of a code of one field and a code of another, so that swapped names meet.
void KeyReader::read_pairs(const Ingredient& made, KeyList& out) const {
  for (const BlockKey& a : names_[made.names[0]].list.all())
    for (const BlockKey& b : names_[made.names[1]].list.all()) {
      BlockKey& key = out.add();
      key.value = std::min(a.value, b.value);
      key.value += '&';
      key.value += std::max(a.value, b.value);
      key.shows = both(a.shows, b.shows);
      key.rank = a.rank + b.rank;
      if (!schema_.common_names.empty())
        key.share = schema::share_of_pair(schema_, *made.part, a.value, b.value);
    }
  by_rank(out);
}

void KeyReader::read_part(Ingredient& made, const record::Fields& fields) const {
  const KeyPart& key = *made.part;
  made.list.clear();
  if (of_both_names(key)) return read_pairs(made, made.list);
  if (on_names(key)) {
    for (const std::size_t n : made.names)
      for (const BlockKey& code : names_[n].list.all()) made.list.add() = code;
    return by_rank(made.list);
  }
  const std::size_t field = key.fields.front();
  const record::Value& value = fields.values[field];
  if (schema_.fields[field].kind == Kind::date) {
    if (serves(key.part, value.date, made.beside_both_names))
      read_date(key.part, value.date, made.list);
    return;
  }
  if (!value.text.empty()) made.list.add().value = value.text;
}

// All combinations of the ingredients' texts.
void KeyReader::cross(std::size_t pass) {
  KeyList& keys = keys_[pass];
  keys.clear();
  keys.add();
  for (const std::size_t i : recipes_[pass].parts) {
    crossed_.clear();
    for (const BlockKey& k : std::as_const(keys).all())
      for (const BlockKey& m : ingredients_[i].list.all()) add_crossed(k, m, crossed_);
    keys.swap(crossed_);
  }
  if (recipes_[pass].added) lengthen(pass);
  by_rank(keys);
  const std::span<BlockKey> all = keys.all();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all.size() && kept < passes_[pass].most; ++i) {
    const auto known = all.first(kept);
    if (std::ranges::find(known, all[i].value, &BlockKey::value) != known.end()) continue;
    if (i != kept) std::swap(all[i], all[kept]);
    ++kept;
  }
  keys.keep(kept);
}

// Keys of common names get the further part, and are lost where the record lacks it.
void KeyReader::lengthen(std::size_t pass) {
  KeyList& keys = keys_[pass];
  crossed_.clear();
  for (const BlockKey& k : std::as_const(keys).all()) {
    if (schema::is_common(*passes_[pass].adaptive, k.share))
      for (const BlockKey& m : ingredients_[*recipes_[pass].added].list.all())
        add_crossed(k, m, crossed_);
    else
      crossed_.add() = k;
  }
  keys.swap(crossed_);
}

void KeyReader::cap() {
  std::size_t all = 0;
  for (const KeyList& keys : keys_) all += keys.size();
  for (; all > most_; --all) {
    KeyList& longest = *std::ranges::max_element(keys_, {}, &KeyList::size);
    longest.keep(longest.size() - 1);
  }
}

void KeyReader::read(const record::Fields& fields) {
  for (NameCodes& codes : names_) read_names(codes, fields);
  for (Ingredient& made : ingredients_) read_part(made, fields);
  for (std::size_t p = 0; p < passes_.size(); ++p) cross(p);
  cap();
}

std::vector<BlockKey> block_keys(const schema::Schema& schema, const schema::Pass& pass,
                                 const record::Fields& fields) {
  KeyReader reader(schema, {&pass, 1});
  reader.read(fields);
  const auto keys = reader.of(0);
  return {keys.begin(), keys.end()};
}

}  // namespace tessera::encode
