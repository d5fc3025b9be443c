// Slot by slot, from values to tokens to blocks.
#include "engine/encode/row_plan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "engine/core/bytes.h"

namespace tessera::encode {
namespace {

using schema::Holds;
using schema::Kind;
using schema::Slot;

// Positions a 16-byte block gives: one byte each up to 256 bits, two bytes above.
std::uint32_t positions_per_block(std::uint32_t bits) { return bits <= 256 ? 16 : 8; }

// Expected draws to set `weight` of `bits` distinct positions (coupon collecting), and a margin
// that makes running out rare.
double draws_needed(const Slot& slot) {
  const double draws =
      -static_cast<double>(slot.bits) *
      std::log(1.0 - static_cast<double>(slot.weight) / static_cast<double>(slot.bits));
  return draws + 3 * std::sqrt(draws);
}

Block block_of(Domain domain, std::string_view token) {
  return token_block(static_cast<std::uint8_t>(domain), 0, token);
}

}  // namespace

RowPlanner::RowPlanner(const schema::Schema& schema, const schema::Layout& layout)
    : schema_(schema), layout_(layout) {
  for (const Slot& slot : layout.slots)
    draws_.push_back(slot.holds == Holds::filter ? draws_needed(slot) : 0);
}

void RowPlanner::emptied(RowPlan& plan) const {
  plan.blocks.clear();
  plan.blocks.reserve(96);
  plan.slots.clear();
  plan.presence = 0;
}

void RowPlanner::note_known(const Slot& slot) {
  if (slot.hidden())
    known_.push_back(slot.known);
  else
    plan_->presence = static_cast<std::uint16_t>(plan_->presence | (1U << slot.presence));
}

// The slot's blocks from tokens_, with as many counters as it is likely to need.
void RowPlanner::add(std::size_t slot) {
  const Slot& about = layout_.slots[slot];
  std::uint32_t rounds = 1;
  if (about.holds == Holds::filter) {
    const double each = draws_[slot] / static_cast<double>(tokens_.size()) + 1;
    rounds = static_cast<std::uint32_t>(std::ceil(each / positions_per_block(about.bits)));
  }
  plan_->slots.push_back({static_cast<std::uint32_t>(plan_->blocks.size()),
                          static_cast<std::uint32_t>(tokens_.size()), rounds});
  plan_->blocks.resize(plan_->blocks.size() + rounds * tokens_.size());
  Block* out = plan_->blocks.data() + plan_->slots.back().first;
  for (std::uint32_t c = 0; c < rounds; ++c)
    for (const Block& b : tokens_) {
      *out = b;
      set_counter(*out++, c);
    }
}

void RowPlanner::noise(std::size_t slot) {
  const auto domain =
      static_cast<std::uint8_t>(static_cast<std::size_t>(Domain::noise) + plan_->slots.size());
  tokens_.assign(1, token_block(domain, 0, noise_));
  add(slot);
}

void RowPlanner::code(std::size_t slot, Domain domain, std::string_view value) {
  if (value.empty()) return noise(slot);
  tokens_.assign(1, block_of(domain, value));
  note_known(layout_.slots[slot]);
  add(slot);
}

// A filter of a name's bigrams or a number's digits.
void RowPlanner::text(std::size_t slot, Domain domain, std::string_view value) {
  if (value.empty()) return noise(slot);
  tokens_.clear();
  if (domain == Domain::number)
    append_digits(domain, value, tokens_);
  else
    append_bigrams(domain, value, tokens_);
  note_known(layout_.slots[slot]);
  add(slot);
}

// Stands after the values it speaks of. Named by its place, so that no two of a row are alike.
void RowPlanner::known_code(std::size_t slot) {
  const std::uint32_t offset = layout_.slots[slot].offset;
  if (std::ranges::find(known_, offset) == known_.end()) return noise(slot);
  std::array<char, 4> place{};
  store_le<std::uint32_t>(reinterpret_cast<std::uint8_t*>(place.data()), offset);
  tokens_.assign(1, block_of(Domain::known, std::string_view(place.data(), place.size())));
  add(slot);
}

// The number plus one, in decimal: 0 is a value too.
void RowPlanner::number_code(std::size_t slot, Domain domain, bool known, unsigned value) {
  if (!known) return noise(slot);
  std::array<char, 10> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value + 1).ptr;
  code(slot, domain, {digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void RowPlanner::date(std::size_t slot, const record::Date& d) {
  const bool year = d.year != 0;
  const bool day = d.month != 0 && d.day != 0 && !d.doubted;
  switch (layout_.slots[slot].holds) {
    case Holds::decade:
      return number_code(slot, Domain::decade, year, d.year / 10U);
    case Holds::unit:
      return number_code(slot, Domain::unit, year, d.year % 10U);
    case Holds::month:
      return number_code(slot, Domain::month, day, d.month);
    case Holds::day_tens:
      return number_code(slot, Domain::day_tens, day, d.day / 10U);
    case Holds::day_units:
      return number_code(slot, Domain::day_units, day, d.day % 10U);
    default:
      return number_code(slot, Domain::month_day, day,
                         100U * std::min(d.month, d.day) + std::max(d.month, d.day));
  }
}

void RowPlanner::name(std::size_t slot, Kind kind, const std::vector<record::Name>& names,
                      std::size_t shows) {
  if (names.empty()) return noise(slot);
  const record::Name& name = names[std::min(shows, names.size() - 1)];
  const Holds holds = layout_.slots[slot].holds;
  if (holds == Holds::filter) return text(slot, Domain::name, name.whole);
  const auto& parts = kind == Kind::given_name ? name.groups : name.parts;
  const Domain domain = kind == Kind::given_name ? Domain::nickname : Domain::surname_part;
  if (holds == Holds::part1) return code(slot, domain, parts.front());
  // A single name has no second part: noise, so that nobody sees whether a name is compound.
  if (parts.size() < 2) return noise(slot);
  code(slot, domain, parts.back());
}

void RowPlanner::value(std::size_t slot, const record::Fields& fields, NameChoice shows) {
  const Slot& about = layout_.slots[slot];
  const Kind kind = schema_.fields[about.field].kind;
  const record::Value& v = fields.values[about.field];
  switch (kind) {
    case Kind::given_name:
      return name(slot, kind, v.names, shows.given);
    case Kind::surname:
      return name(slot, kind, v.names, shows.surname);
    case Kind::middle_name:
      if (about.holds == Holds::initial)
        return code(slot, Domain::initial, std::string_view(v.text).substr(0, 1));
      return text(slot, Domain::middle,
                  v.text.size() > 1 ? std::string_view(v.text) : std::string_view());
    case Kind::date:
      return date(slot, v.date);
    case Kind::category:
      return code(slot, Domain::category, v.text);
    case Kind::number:
      return text(slot, Domain::number, v.text);
    case Kind::ssn:  // never compared
      return;
  }
}

RowPlan RowPlanner::row(const record::Fields& fields, NameChoice shows, std::string_view noise,
                        std::string_view ssn, RowPlan used) {
  emptied(used);
  plan_ = &used;
  noise_ = noise;
  known_.clear();
  for (std::size_t i = 0; i < layout_.slots.size(); ++i) {
    if (layout_.slots[i].holds == Holds::known)
      known_code(i);
    else
      value(i, fields, shows);
  }
  used.ssn_block = static_cast<std::uint32_t>(used.blocks.size());
  used.blocks.push_back(ssn.empty() ? block_of(Domain::no_ssn, noise) : block_of(Domain::ssn, ssn));
  return used;
}

const RowPlan& RowPlanner::dummy(std::uint16_t presence, std::string_view noise) {
  if (dummy_.slots.empty()) {
    emptied(dummy_);
    plan_ = &dummy_;
    noise_ = noise;
    for (std::size_t i = 0; i < layout_.slots.size(); ++i) this->noise(i);
    dummy_.ssn_block = static_cast<std::uint32_t>(dummy_.blocks.size());
    dummy_.blocks.push_back(block_of(Domain::no_ssn, noise));
  } else {  // every block holds the noise at the same place
    Block fresh = block_of(Domain::no_ssn, noise);
    for (Block& b : dummy_.blocks) std::memcpy(b.data() + 4, fresh.data() + 4, 12);
  }
  dummy_.presence = presence;
  return dummy_;
}

}  // namespace tessera::encode
