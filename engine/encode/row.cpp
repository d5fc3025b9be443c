#include "engine/encode/row.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "engine/core/bytes.h"

namespace tessera::encode {
namespace {

using schema::Holds;
using schema::Kind;
using schema::Slot;

// Positions a 16-byte block gives: one byte each up to 256 bits, two bytes above.
std::uint32_t positions_per_block(std::uint32_t bits) { return bits <= 256 ? 16 : 8; }

// Counters to plan so that running out is rare: expected draws to set `weight` of `bits` distinct
// positions (coupon collecting), a margin, shared out over the tokens.
std::uint32_t rounds_needed(const Slot& slot, std::size_t tokens) {
  const double draws =
      -static_cast<double>(slot.bits) *
      std::log(1.0 - static_cast<double>(slot.weight) / static_cast<double>(slot.bits));
  const double each = (draws + 3 * std::sqrt(draws)) / static_cast<double>(tokens) + 1;
  return static_cast<std::uint32_t>(std::ceil(each / positions_per_block(slot.bits)));
}

void set_counter(Block& b, std::uint32_t counter) {
  b[2] = static_cast<std::uint8_t>(counter);
  b[3] = static_cast<std::uint8_t>(counter >> 8);
}

// One load, which g++ 12 does not make of load_le's loop.
std::uint64_t load_word(const std::uint8_t* p) {
  if constexpr (std::endian::native != std::endian::little) return load_le<std::uint64_t>(p);
  std::uint64_t word = 0;
  std::memcpy(&word, p, sizeof(word));
  return word;
}

class Planner {
 public:
  Planner(RowPlan& plan, std::string_view noise) : plan_(plan), noise_(noise) {}

  void noise(const Slot& slot) {
    tokens_.assign(1, token_block(static_cast<std::uint8_t>(
                                      static_cast<std::size_t>(Domain::noise) + plan_.slots.size()),
                                  0, noise_));
    add(slot);
  }
  void code(const Slot& slot, Domain domain, std::string_view value) {
    if (value.empty()) return noise(slot);
    tokens_.assign(1, token_block(static_cast<std::uint8_t>(domain), 0, value));
    known(slot);
    add(slot);
  }
  void bigrams(const Slot& slot, Domain domain, std::string_view text) {
    if (text.empty()) return noise(slot);
    tokens_.clear();
    append_bigrams(domain, text, tokens_);
    known(slot);
    add(slot);
  }
  void digits(const Slot& slot, std::string_view text) {
    if (text.empty()) return noise(slot);
    tokens_.clear();
    append_digits(Domain::number, text, tokens_);
    known(slot);
    add(slot);
  }
  // Stands after the values it speaks of. Named by its place, so that no two of a row are alike.
  void known_code(const Slot& slot) {
    if (std::ranges::find(known_, slot.offset) == known_.end()) return noise(slot);
    std::array<char, 4> place{};
    store_le<std::uint32_t>(reinterpret_cast<std::uint8_t*>(place.data()), slot.offset);
    tokens_.assign(1, token_block(static_cast<std::uint8_t>(Domain::known), 0,
                                  std::string_view(place.data(), place.size())));
    add(slot);
  }

 private:
  void known(const Slot& slot) {
    if (slot.hidden())
      known_.push_back(slot.known);
    else
      plan_.presence = static_cast<std::uint16_t>(plan_.presence | (1U << slot.presence));
  }
  void add(const Slot& slot) {
    const std::uint32_t rounds =
        slot.holds == Holds::filter ? rounds_needed(slot, tokens_.size()) : 1;
    plan_.slots.push_back({static_cast<std::uint32_t>(plan_.blocks.size()),
                           static_cast<std::uint32_t>(tokens_.size()), rounds});
    for (std::uint32_t c = 0; c < rounds; ++c)
      for (Block& b : tokens_) {
        set_counter(b, c);
        plan_.blocks.push_back(b);
      }
  }
  RowPlan& plan_;
  std::string_view noise_;
  std::vector<Block> tokens_;
  std::vector<std::uint32_t> known_;  // places of the codes of what is known
};

RowPlan emptied(RowPlan plan) {
  plan.blocks.clear();
  plan.blocks.reserve(96);
  plan.slots.clear();
  plan.presence = 0;
  return plan;
}

// Small numbers as text without allocation worries: at most 4 digits.
std::string digits_of(unsigned n) { return n == 0 ? std::string() : fmt::format("{}", n); }

void plan_date(Planner& p, const Slot& slot, const record::Date& d) {
  const bool year = d.year != 0;
  const bool day = d.month != 0 && d.day != 0;
  auto text = [](bool known, unsigned n) { return known ? digits_of(n + 1) : std::string(); };
  switch (slot.holds) {
    case Holds::decade:
      return p.code(slot, Domain::decade, text(year, d.year / 10U));
    case Holds::unit:
      return p.code(slot, Domain::unit, text(year, d.year % 10U));
    case Holds::month:
      return p.code(slot, Domain::month, text(day, d.month));
    case Holds::day_tens:
      return p.code(slot, Domain::day_tens, text(day, d.day / 10U));
    case Holds::day_units:
      return p.code(slot, Domain::day_units, text(day, d.day % 10U));
    default:
      return p.code(slot, Domain::month_day,
                    text(day, 100U * std::min(d.month, d.day) + std::max(d.month, d.day)));
  }
}

void plan_name(Planner& p, const Slot& slot, Kind kind, const std::vector<record::Name>& names,
               std::size_t shows) {
  const record::Name* name = names.empty() ? nullptr : &names[std::min(shows, names.size() - 1)];
  if (name == nullptr) return p.noise(slot);
  if (slot.holds == Holds::filter) return p.bigrams(slot, Domain::name, name->whole);
  const auto& parts = kind == Kind::given_name ? name->groups : name->parts;
  const Domain domain = kind == Kind::given_name ? Domain::nickname : Domain::surname_part;
  if (slot.holds == Holds::part1) return p.code(slot, domain, parts.front());
  // A single name has no second part: noise, so that nobody sees whether a name is compound.
  if (parts.size() < 2) return p.noise(slot);
  p.code(slot, domain, parts.back());
}

// The 12870 words of 16 bits with 8 set, in rising order.
constexpr std::size_t kCodeWords = 12870;
const std::array<std::uint16_t, kCodeWords>& code_words() {
  static const std::array<std::uint16_t, kCodeWords> kWords = [] {
    std::array<std::uint16_t, kCodeWords> out{};
    std::size_t n = 0;
    for (std::uint32_t w = 0; w < 65536; ++w)
      if (std::popcount(w) == static_cast<int>(schema::kCodeWeight))
        out[n++] = static_cast<std::uint16_t>(w);
    return out;
  }();
  return kWords;
}

}  // namespace

RowPlan plan_row(const schema::Schema& schema, const schema::Layout& layout,
                 const record::Fields& fields, NameChoice shows, std::string_view noise,
                 std::string_view ssn, RowPlan used) {
  RowPlan plan = emptied(std::move(used));
  Planner p(plan, noise);
  for (const Slot& slot : layout.slots) {
    const Kind kind = schema.fields[slot.field].kind;
    const record::Value& v = fields.values[slot.field];
    if (slot.holds == Holds::known) {
      p.known_code(slot);
      continue;
    }
    switch (kind) {
      case Kind::given_name:
        plan_name(p, slot, kind, v.names, shows.given);
        break;
      case Kind::surname:
        plan_name(p, slot, kind, v.names, shows.surname);
        break;
      case Kind::middle_name:
        if (slot.holds == Holds::initial)
          p.code(slot, Domain::initial, std::string_view(v.text).substr(0, 1));
        else
          p.bigrams(slot, Domain::middle,
                    v.text.size() > 1 ? std::string_view(v.text) : std::string_view());
        break;
      case Kind::date:
        plan_date(p, slot, v.date);
        break;
      case Kind::category:
        p.code(slot, Domain::category, v.text);
        break;
      case Kind::number:
        p.digits(slot, v.text);
        break;
      case Kind::ssn:
        break;
    }
  }
  plan.ssn_block = static_cast<std::uint32_t>(plan.blocks.size());
  plan.blocks.push_back(ssn.empty()
                            ? token_block(static_cast<std::uint8_t>(Domain::no_ssn), 0, noise)
                            : token_block(static_cast<std::uint8_t>(Domain::ssn), 0, ssn));
  return plan;
}

RowPlan plan_noise(const schema::Layout& layout, std::uint16_t presence, std::string_view noise,
                   RowPlan used) {
  RowPlan plan = emptied(std::move(used));
  Planner p(plan, noise);
  for (const Slot& slot : layout.slots) p.noise(slot);
  plan.presence = presence;
  plan.ssn_block = static_cast<std::uint32_t>(plan.blocks.size());
  plan.blocks.push_back(token_block(static_cast<std::uint8_t>(Domain::no_ssn), 0, noise));
  return plan;
}

std::uint16_t RowWriter::write(const schema::Layout& layout, const RowPlan& plan, Prf& prf,
                               std::span<std::uint8_t> row) {
  drawn_.resize(plan.blocks.size() * sizeof(Block));
  prf({plan.blocks.data()->data(), drawn_.size()}, drawn_);
  std::ranges::fill(row, std::uint8_t{0});
  for (std::size_t i = 0; i < layout.slots.size(); ++i) {
    const Slot& slot = layout.slots[i];
    const RowPlan::SlotPlan& s = plan.slots[i];
    if (slot.holds == Holds::filter) {
      fill_filter(slot, plan, s, prf, row.data() + slot.offset);
    } else {
      const auto draw = load_word(drawn_.data() + std::size_t{s.first} * sizeof(Block));
      store_le<std::uint16_t>(row.data() + slot.offset, code_words()[draw % kCodeWords]);
    }
  }
  return load_le<std::uint16_t>(drawn_.data() + std::size_t{plan.ssn_block} * sizeof(Block));
}

void RowWriter::order_tokens(const RowPlan::SlotPlan& s) {
  const std::uint8_t* drawn = drawn_.data() + std::size_t{s.first} * sizeof(Block);
  order_.resize(s.tokens);
  for (std::uint32_t t = 0; t < s.tokens; ++t)
    order_[t] = {load_word(drawn + std::size_t{t} * sizeof(Block)), t};
  std::ranges::sort(order_);
}

// A filter of at most 256 bits from the counters planned: a byte for every bit, so that no draw
// waits for the one before. False if they run out, which is rare; `out` is then untouched.
// The first `weight` draws are needed whatever they hit, so their order is free but for the last
// few; only those that follow are watched.
bool RowWriter::fill_narrow(const Slot& slot, const RowPlan::SlotPlan& s, std::uint8_t* out) {
  const std::size_t turns = std::size_t{s.rounds} * sizeof(Block);
  if (turns * s.tokens < slot.weight || slot.weight > 255) return false;
  const std::uint8_t* const drawn = drawn_.data() + std::size_t{s.first} * sizeof(Block);
  const auto mask = static_cast<std::uint8_t>(slot.bits - 1);
  alignas(64) std::array<std::uint8_t, 256> set{};
  // What token t draws in turn i.
  const auto draw = [&](std::size_t i, std::size_t t) {
    const std::size_t block = i / sizeof(Block) * s.tokens + t;
    return static_cast<std::uint8_t>(drawn[block * sizeof(Block) + i % sizeof(Block)] & mask);
  };
  const std::size_t whole = slot.weight / s.tokens;  // turns in which every token draws
  for (std::size_t from = 0; from < whole; from += sizeof(Block)) {
    const std::uint8_t* block = drawn + from * s.tokens;
    const std::size_t bytes = std::min(whole - from, sizeof(Block));
    for (std::size_t t = 0; t < s.tokens; ++t, block += sizeof(Block))
      for (std::size_t i = 0; i < bytes; ++i) set[block[i] & mask] = 1;
  }
  std::size_t turn = whole;
  std::size_t k = slot.weight % s.tokens;
  for (std::size_t j = 0; j < k; ++j) set[draw(turn, order_[j].second)] = 1;
  std::uint64_t sums = 0;  // eight sums of at most 32, side by side
  for (std::size_t i = 0; i < set.size(); i += 8) sums += load_word(set.data() + i);
  std::uint32_t left = slot.weight - static_cast<std::uint32_t>((sums * 0x0101010101010101U) >> 56);
  for (; left > 0; ++k) {
    if (k == s.tokens) k = 0, ++turn;
    if (turn == turns) return false;
    std::uint8_t& bit = set[draw(turn, order_[k].second)];
    left -= 1U - bit;
    bit = 1;
  }
  for (std::size_t byte = 0; byte < slot.bits / 8; ++byte) {
    // Eight bytes of 0 or 1 to eight bits: byte i moves to bit 56 + i.
    const auto eight = load_word(set.data() + 8 * byte);
    out[byte] = static_cast<std::uint8_t>((eight * 0x0102040810204080U) >> 56);
  }
  return true;
}

void RowWriter::fill_filter(const Slot& slot, const RowPlan& plan, const RowPlan::SlotPlan& s,
                            Prf& prf, std::uint8_t* out) {
  order_tokens(s);
  if (slot.bits <= 256 && fill_narrow(slot, s, out)) return;
  const std::uint8_t* drawn = drawn_.data() + std::size_t{s.first} * sizeof(Block);
  const std::uint32_t mask = slot.bits - 1;
  const std::uint32_t width = slot.bits <= 256 ? 1 : 2;  // bytes of a position
  words_.assign((slot.bits + 63) / 64, 0);
  std::uint32_t left = slot.weight;
  for (std::uint32_t round = 0; left > 0; ++round) {
    const std::uint8_t* streams = drawn + std::size_t{round} * s.tokens * sizeof(Block);
    if (round >= s.rounds) {  // rare: draw the next counter of every token
      more_.resize(std::size_t{s.tokens} * sizeof(Block));
      for (std::uint32_t t = 0; t < s.tokens; ++t) {
        Block b = plan.blocks[s.first + t];
        set_counter(b, round);
        std::memcpy(more_.data() + std::size_t{t} * sizeof(Block), b.data(), sizeof(Block));
      }
      prf(more_, more_);
      streams = more_.data();
    }
    for (std::uint32_t i = 0; i < sizeof(Block) && left > 0; i += width)
      for (std::size_t k = 0; k < order_.size() && left > 0; ++k) {
        const std::uint8_t* b = streams + std::size_t{order_[k].second} * sizeof(Block) + i;
        const std::uint32_t p = (width == 1 ? *b : load_le<std::uint16_t>(b)) & mask;
        // Whether the bit was set already is a coin's toss: counted, not branched on.
        std::uint64_t& word = words_[p / 64];
        left -= static_cast<std::uint32_t>(~(word >> (p % 64)) & 1U);
        word |= std::uint64_t{1} << (p % 64);
      }
  }
  for (std::size_t w = 0; w < words_.size(); ++w)
    for (std::size_t byte = 0; byte < std::min<std::size_t>(8, slot.bits / 8 - 8 * w); ++byte)
      out[8 * w + byte] = static_cast<std::uint8_t>(words_[w] >> (8 * byte));
}

}  // namespace tessera::encode
