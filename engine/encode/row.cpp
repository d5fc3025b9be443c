// One run of the PRF draws all of a row's streams; then each slot is filled from its own.
#include "engine/encode/row.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "engine/core/bytes.h"

namespace tessera::encode {
namespace {

using schema::Holds;
using schema::Slot;

constexpr std::size_t kBlock = sizeof(Block);

// One load, which g++ 12 does not make of load_le's loop.
std::uint64_t load_word(const std::uint8_t* p) {
  if constexpr (std::endian::native != std::endian::little) return load_le<std::uint64_t>(p);
  std::uint64_t word = 0;
  std::memcpy(&word, p, sizeof(word));
  return word;
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

// The draws that follow a filter's whole turns, one after another: token by token in their order,
// then the next byte of each.
class Turns {
 public:
  Turns(const std::uint8_t* drawn, const RowPlan::SlotPlan& s,
        const std::vector<std::uint32_t>& order, std::size_t turn)
      : order_(order.data()),
        tokens_(s.tokens),
        left_(std::size_t{s.rounds} * kBlock - turn),
        at_(drawn + turn / kBlock * tokens_ * kBlock + turn % kBlock) {}
  bool over() const { return left_ == 0; }
  std::uint8_t next() {
    const std::uint8_t byte = at_[std::size_t{order_[k_]} * kBlock];
    if (++k_ < tokens_) return byte;
    k_ = 0;
    ++at_;
    if (--left_ % kBlock == 0) at_ += (tokens_ - 1) * kBlock;  // the blocks of the next counter
    return byte;
  }

 private:
  const std::uint32_t* order_;
  std::size_t tokens_;
  std::size_t left_;  // turns
  std::size_t k_ = 0;
  const std::uint8_t* at_;  // where the first token's byte of this turn lies
};

// 256 bits, and each of them alone.
using Bits = std::array<std::uint64_t, 4>;
constexpr std::array<Bits, 256> single_bits() {
  std::array<Bits, 256> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i][i / 64] = std::uint64_t{1} << (i % 64);
  return out;
}
alignas(64) constexpr std::array<Bits, 256> kSingle = single_bits();

// Calls set(byte) for the draws of the first `whole` turns, in no order to rely on.
template <class Set>
void whole_turns(const std::uint8_t* drawn, std::size_t tokens, std::size_t whole, Set set) {
  for (std::size_t from = 0; from < whole; from += kBlock) {
    // All bytes of all blocks of a counter, or as many of each.
    const std::size_t bytes = std::min(whole - from, kBlock);
    for (std::size_t t = 0; t < tokens; ++t, drawn += kBlock)
      for (std::size_t i = 0; i < bytes; ++i) set(drawn[i]);
  }
}

}  // namespace

std::uint16_t RowWriter::write(const schema::Layout& layout, const RowPlan& plan, Prf& prf,
                               std::span<std::uint8_t> row) {
  drawn_.resize(plan.blocks.size() * kBlock);
  prf({plan.blocks.data()->data(), drawn_.size()}, drawn_);
  std::ranges::fill(row, std::uint8_t{0});
  const auto& words = code_words();
  for (std::size_t i = 0; i < layout.slots.size(); ++i) {
    const Slot& slot = layout.slots[i];
    const RowPlan::SlotPlan& s = plan.slots[i];
    if (slot.holds == Holds::filter) {
      fill_filter(slot, plan, s, prf, row.data() + slot.offset);
    } else {
      const auto draw = load_word(drawn_.data() + std::size_t{s.first} * kBlock);
      store_le<std::uint16_t>(row.data() + slot.offset, words[draw % kCodeWords]);
    }
  }
  return load_le<std::uint16_t>(drawn_.data() + std::size_t{plan.ssn_block} * kBlock);
}

// By the first 8 bytes of each, then by number. A name has few tokens: each is told its rank by
// counting, without a branch to guess wrong.
void RowWriter::order_tokens(const RowPlan::SlotPlan& s) {
  constexpr std::uint32_t kFew = 24;
  const std::uint8_t* const drawn = drawn_.data() + std::size_t{s.first} * kBlock;
  order_.resize(s.tokens);
  if (s.tokens > kFew) {
    sorted_.resize(s.tokens);
    for (std::uint32_t t = 0; t < s.tokens; ++t) sorted_[t] = {load_word(drawn + t * kBlock), t};
    std::ranges::sort(sorted_);
    std::ranges::transform(sorted_, order_.begin(), [](const auto& p) { return p.second; });
    return;
  }
  std::array<std::uint64_t, kFew> first;
  std::array<std::uint32_t, kFew> rank;
  for (std::uint32_t t = 0; t < s.tokens; ++t) {
    first[t] = load_word(drawn + t * kBlock);
    std::uint32_t after = 0;  // how many of those before t it comes after
    for (std::uint32_t u = 0; u < t; ++u) {
      const std::uint32_t later = first[t] < first[u] ? 0 : 1;
      after += later;
      rank[u] += 1 - later;
    }
    rank[t] = after;
  }
  for (std::uint32_t t = 0; t < s.tokens; ++t) order_[rank[t]] = t;
}

// A filter of at most 64 bits from the counters planned, held in one word. False if they run out,
// which is rare; `out` is then untouched. The first `weight` draws are needed whatever they hit, so
// their order is free but for the last few; only those that follow are watched.
bool RowWriter::fill_word(const Slot& slot, const RowPlan::SlotPlan& s, std::uint8_t* out) {
  if (std::size_t{s.rounds} * kBlock * s.tokens < slot.weight) return false;
  const std::uint8_t* const drawn = drawn_.data() + std::size_t{s.first} * kBlock;
  const std::uint32_t mask = slot.bits - 1;
  std::uint64_t word = 0;
  const std::size_t whole = slot.weight / s.tokens;  // turns in which every token draws
  whole_turns(drawn, s.tokens, whole,
              [&](std::uint8_t b) { word |= std::uint64_t{1} << (b & mask); });
  Turns turns(drawn, s, order_, whole);
  for (std::size_t k = slot.weight % s.tokens; k > 0; --k)
    word |= std::uint64_t{1} << (turns.next() & mask);
  auto left = slot.weight - static_cast<std::uint32_t>(std::popcount(word));
  while (left > 0) {
    if (turns.over()) return false;
    const std::uint32_t p = turns.next() & mask;
    left -= static_cast<std::uint32_t>(~(word >> p) & 1U);
    word |= std::uint64_t{1} << p;
  }
  for (std::size_t byte = 0; byte < slot.bits / 8; ++byte)
    out[byte] = static_cast<std::uint8_t>(word >> (8 * byte));
  return true;
}

// The same for at most 256 bits, in four words. What a draw adds comes from a table: no draw waits
// for the one before.
bool RowWriter::fill_narrow(const Slot& slot, const RowPlan::SlotPlan& s, std::uint8_t* out) {
  if (std::size_t{s.rounds} * kBlock * s.tokens < slot.weight) return false;
  const std::uint8_t* const drawn = drawn_.data() + std::size_t{s.first} * kBlock;
  const std::uint32_t mask = slot.bits - 1;
  Bits set{};
  const auto add = [&](std::uint32_t p) {
    for (std::size_t w = 0; w < set.size(); ++w) set[w] |= kSingle[p][w];
  };
  const std::size_t whole = slot.weight / s.tokens;
  whole_turns(drawn, s.tokens, whole, [&](std::uint8_t b) { add(b & mask); });
  Turns turns(drawn, s, order_, whole);
  for (std::size_t k = slot.weight % s.tokens; k > 0; --k) add(turns.next() & mask);
  std::uint32_t left = slot.weight;
  for (const std::uint64_t word : set) left -= static_cast<std::uint32_t>(std::popcount(word));
  while (left > 0) {
    if (turns.over()) return false;
    const std::uint32_t p = turns.next() & mask;
    std::uint64_t& word = set[p / 64];
    left -= static_cast<std::uint32_t>(~(word >> (p % 64)) & 1U);
    word |= std::uint64_t{1} << (p % 64);
  }
  for (std::size_t w = 0; w < slot.bits / 64; ++w) store_le(out + 8 * w, set[w]);
  return true;
}

// Any width, any number of counters.
void RowWriter::fill_any(const Slot& slot, const RowPlan& plan, const RowPlan::SlotPlan& s,
                         Prf& prf, std::uint8_t* out) {
  const std::uint8_t* drawn = drawn_.data() + std::size_t{s.first} * kBlock;
  const std::uint32_t mask = slot.bits - 1;
  const std::uint32_t width = slot.bits <= 256 ? 1 : 2;  // bytes of a position
  words_.assign((slot.bits + 63) / 64, 0);
  std::uint32_t left = slot.weight;
  for (std::uint32_t round = 0; left > 0; ++round) {
    const std::uint8_t* streams = drawn + std::size_t{round} * s.tokens * kBlock;
    if (round >= s.rounds) {  // rare: draw the next counter of every token
      more_.resize(std::size_t{s.tokens} * kBlock);
      for (std::uint32_t t = 0; t < s.tokens; ++t) {
        Block b = plan.blocks[s.first + t];
        set_counter(b, round);
        std::memcpy(more_.data() + std::size_t{t} * kBlock, b.data(), kBlock);
      }
      prf(more_, more_);
      streams = more_.data();
    }
    for (std::uint32_t i = 0; i < kBlock && left > 0; i += width)
      for (std::size_t k = 0; k < order_.size() && left > 0; ++k) {
        const std::uint8_t* b = streams + std::size_t{order_[k]} * kBlock + i;
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

void RowWriter::fill_filter(const Slot& slot, const RowPlan& plan, const RowPlan::SlotPlan& s,
                            Prf& prf, std::uint8_t* out) {
  order_tokens(s);
  if (slot.bits <= 64 && fill_word(slot, s, out)) return;
  if (slot.bits <= 256 && fill_narrow(slot, s, out)) return;
  fill_any(slot, plan, s, prf, out);
}

}  // namespace tessera::encode
