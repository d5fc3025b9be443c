// One run of the PRF draws all of a row's streams; then each slot is filled from its own.
#include "engine/encode/row.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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
      : drawn_(drawn),
        order_(order.data()),
        tokens_(s.tokens),
        turn_(turn),
        turns_(std::size_t{s.rounds} * kBlock) {
    at_ = place();
  }
  bool over() const { return turn_ == turns_; }
  std::uint8_t next() {
    const std::uint8_t byte = at_[std::size_t{order_[k_]} * kBlock];
    if (++k_ == tokens_) {
      k_ = 0;
      ++turn_;
      at_ = place();
    }
    return byte;
  }

 private:
  const std::uint8_t* place() const {
    return drawn_ + turn_ / kBlock * tokens_ * kBlock + turn_ % kBlock;
  }
  const std::uint8_t* drawn_;
  const std::uint32_t* order_;
  std::size_t tokens_;
  std::size_t turn_;
  std::size_t turns_;
  std::size_t k_ = 0;
  const std::uint8_t* at_ = nullptr;
};

// Bytes of 0 or 1 to bits. REQUIRES: bits is a multiple of 16.
void pack(const std::array<std::uint8_t, 256>& set, std::size_t bits, std::uint8_t* out) {
#ifdef __SSE2__
  for (std::size_t i = 0; i < bits; i += 16) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(set.data() + i));
    const int sixteen = _mm_movemask_epi8(_mm_slli_epi16(x, 7));  // the top bits of the bytes
    store_le<std::uint16_t>(out + i / 8, static_cast<std::uint16_t>(sixteen));
  }
#else
  for (std::size_t i = 0; i < bits; i += 8)  // byte k of eight moves to bit 56 + k
    out[i / 8] = static_cast<std::uint8_t>((load_word(set.data() + i) * 0x0102040810204080U) >> 56);
#endif
}

// Calls set(byte) for the draws of the first `whole` turns, in no order to rely on.
template <class Set>
void whole_turns(const std::uint8_t* drawn, std::size_t tokens, std::size_t whole, Set set) {
  std::size_t from = 0;
  for (; from + kBlock <= whole; from += kBlock)
    for (const std::uint8_t* b = drawn + from * tokens; b < drawn + (from + kBlock) * tokens; ++b)
      set(*b);
  for (std::size_t t = 0; t < tokens; ++t)
    for (std::size_t i = 0; i < whole - from; ++i) set(drawn[from * tokens + t * kBlock + i]);
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

// The same for at most 256 bits: a byte for every bit, so that no draw waits for the one before.
bool RowWriter::fill_narrow(const Slot& slot, const RowPlan::SlotPlan& s, std::uint8_t* out) {
  if (std::size_t{s.rounds} * kBlock * s.tokens < slot.weight || slot.weight > 255) return false;
  const std::uint8_t* const drawn = drawn_.data() + std::size_t{s.first} * kBlock;
  const auto mask = static_cast<std::uint8_t>(slot.bits - 1);
  alignas(64) std::array<std::uint8_t, 256> set{};
  const std::size_t whole = slot.weight / s.tokens;
  if (mask == 0xff)
    whole_turns(drawn, s.tokens, whole, [&](std::uint8_t b) { set[b] = 1; });
  else
    whole_turns(drawn, s.tokens, whole, [&](std::uint8_t b) { set[b & mask] = 1; });
  Turns turns(drawn, s, order_, whole);
  for (std::size_t k = slot.weight % s.tokens; k > 0; --k) set[turns.next() & mask] = 1;
  std::uint64_t sums = 0;  // eight sums of at most 32, side by side
  for (std::size_t i = 0; i < set.size(); i += 8) sums += load_word(set.data() + i);
  std::uint32_t left = slot.weight - static_cast<std::uint32_t>((sums * 0x0101010101010101U) >> 56);
  while (left > 0) {
    if (turns.over()) return false;
    std::uint8_t& bit = set[turns.next() & mask];
    left -= 1U - bit;
    bit = 1;
  }
  pack(set, slot.bits, out);
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
