#include "engine/clk/mask_memo.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/core/digest.h"
#include "engine/core/secret.h"

namespace tessera::clk {
namespace {

constexpr std::size_t kArena = std::size_t{32} << 10;  // bytes
constexpr int kFirstLog = 8;                           // of the slots of a new memo

}  // namespace

MaskStore::MaskStore(std::size_t words, std::size_t budget, std::size_t more)
    : words_(words),
      most_(budget / (words * 8 + more)),
      per_chunk_(std::max<std::size_t>(1, kArena / (words * 8))) {}

MaskStore::~MaskStore() {
  for (const auto& chunk : chunks_)
    wipe({reinterpret_cast<std::uint8_t*>(chunk.get()), per_chunk_ * words_ * 8});
}

const std::uint64_t* MaskStore::add(const std::uint64_t* mask) {
  const std::size_t at = size_ % per_chunk_;
  if (at == 0)
    chunks_.push_back(std::make_unique_for_overwrite<Line[]>((per_chunk_ * words_ + 7) / 8));
  auto* to = reinterpret_cast<std::uint64_t*>(chunks_.back().get()) + at * words_;
  std::memcpy(to, mask, words_ * 8);
  ++size_;
  return to;
}

// The first and the last bytes, which overlap. A byte that both have gives way to the size, without
// which "aaaa" would be "aaaaa".
ShortKey ShortKey::of(std::string_view text) {
  const char* p = text.data();
  const std::size_t n = text.size();
  const auto load = [](const char* from, auto word) {
    std::memcpy(&word, from, sizeof word);
    return std::uint64_t{word};
  };
  if (n >= 8) {
    const std::uint64_t last = load(p + n - 8, std::uint64_t{});
    if constexpr (std::endian::native == std::endian::little)
      return {load(p, std::uint64_t{}), (last & ~std::uint64_t{0xff}) | n};
    else
      return {load(p, std::uint64_t{}), (last & (~std::uint64_t{0} >> 8)) | std::uint64_t{n} << 56};
  }
  if (n >= 4) return {load(p, std::uint32_t{}) | load(p + n - 4, std::uint32_t{}) << 32, n};
  if (n == 0) return {};
  return {load(p, std::uint8_t{}) | load(p + n / 2, std::uint8_t{}) << 8 |
              load(p + n - 1, std::uint8_t{}) << 16,
          n};
}

ShortMemo::ShortMemo(std::size_t words, std::size_t budget)
    : masks_(words, budget, 64), slots_(std::size_t{1} << kFirstLog), shift_(64 - kFirstLog) {}

void ShortMemo::place(Slot slot) {
  std::size_t i = home(slot.key);
  while (slots_[i].mask != nullptr) i = (i + 1) & (slots_.size() - 1);
  slots_[i] = slot;
}

const std::uint64_t* ShortMemo::keep(ShortKey key, const std::uint64_t* mask) {
  if (masks_.size() * 2 >= slots_.size()) {
    std::vector<Slot> old(slots_.size() * 4);
    old.swap(slots_);
    shift_ -= 2;
    for (const Slot& s : old)
      if (s.mask != nullptr) place(s);
  }
  const std::uint64_t* kept = masks_.add(mask);
  place({key, kept});
  return kept;
}

MaskMemo::MaskMemo(std::size_t words, std::size_t budget)
    : short_(words, budget), masks_(words, budget, 80), slots_(std::size_t{1} << kFirstLog) {}

const std::uint64_t* MaskMemo::find_long(std::string_view text) const {
  const std::uint64_t hash = hash64(as_bytes(text));
  for (std::size_t i = hash & (slots_.size() - 1);; i = (i + 1) & (slots_.size() - 1)) {
    const Slot& s = slots_[i];
    if (s.entry == 0) return nullptr;
    if (s.hash != hash) continue;
    const Entry& e = entries_[s.entry - 1];
    if (std::string_view(texts_).substr(e.at, e.size) == text) return e.mask;
  }
}

const std::uint64_t* MaskMemo::keep(std::string_view text, const std::uint64_t* mask) {
  if (text.size() <= ShortKey::kLongest) return short_.keep(ShortKey::of(text), mask);
  if (entries_.size() * 2 >= slots_.size()) grow();
  entries_.push_back({texts_.size(), text.size(), masks_.add(mask)});
  texts_ += text;
  const std::uint64_t hash = hash64(as_bytes(text));
  std::size_t i = hash & (slots_.size() - 1);
  while (slots_[i].entry != 0) i = (i + 1) & (slots_.size() - 1);
  slots_[i] = {hash, static_cast<std::uint32_t>(entries_.size())};
  return entries_.back().mask;
}

void MaskMemo::grow() {
  std::vector<Slot> wider(slots_.size() * 2);
  for (const Slot& s : slots_) {
    if (s.entry == 0) continue;
    std::size_t i = s.hash & (wider.size() - 1);
    while (wider[i].entry != 0) i = (i + 1) & (wider.size() - 1);
    wider[i] = s;
  }
  slots_ = std::move(wider);
}

}  // namespace tessera::clk
