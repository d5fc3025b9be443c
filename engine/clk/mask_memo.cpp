#include "engine/clk/mask_memo.h"

#include <algorithm>
#include <cstring>

#include "engine/core/digest.h"

namespace tessera::clk {

MaskMemo::MaskMemo(std::size_t words, std::size_t budget)
    : words_(words), most_(std::max<std::size_t>(64, budget / (words * 8 + 64))), slots_(256) {}

const std::uint64_t* MaskMemo::find(std::string_view key) const {
  const std::uint64_t hash = hash64(as_bytes(key));
  for (std::size_t i = hash & (slots_.size() - 1);; i = (i + 1) & (slots_.size() - 1)) {
    const Slot& s = slots_[i];
    if (s.entry == 0) return nullptr;
    if (s.hash != hash) continue;
    const Entry& e = entries_[s.entry - 1];
    if (std::string_view(keys_).substr(e.at, e.size) == key)
      return masks_.data() + (s.entry - 1) * words_;
  }
}

void MaskMemo::keep(std::string_view key, const std::uint64_t* mask) {
  if (entries_.size() >= most_) return;
  if (entries_.size() * 2 >= slots_.size()) grow();
  entries_.push_back({keys_.size(), key.size()});
  keys_ += key;
  masks_.insert(masks_.end(), mask, mask + words_);
  const std::uint64_t hash = hash64(as_bytes(key));
  std::size_t i = hash & (slots_.size() - 1);
  while (slots_[i].entry != 0) i = (i + 1) & (slots_.size() - 1);
  slots_[i] = {hash, static_cast<std::uint32_t>(entries_.size())};
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

ShortMemo::ShortMemo(std::size_t words, std::size_t budget)
    : words_(words), most_(std::max<std::size_t>(64, budget / (words * 8 + 32))), slots_(256) {}

// Six bytes, 13 bits for k, 3 for the length: a zero byte is a character like any other.
std::uint64_t ShortMemo::number(std::string_view token, std::uint64_t k) {
  if (token.empty() || token.size() > 6 || k >= 8192) return 0;
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < token.size(); ++i)
    out |= std::uint64_t{static_cast<unsigned char>(token[i])} << (8 * i);
  return out | k << 48 | std::uint64_t{token.size()} << 61;
}

const std::uint64_t* ShortMemo::find(std::uint64_t number) const {
  for (std::size_t i = hash(number) & (slots_.size() - 1);; i = (i + 1) & (slots_.size() - 1)) {
    const Slot& s = slots_[i];
    if (s.number == number) return masks_.data() + s.entry * words_;
    if (s.number == 0) return nullptr;
  }
}

void ShortMemo::keep(std::uint64_t number, const std::uint64_t* mask) {
  if (entries_ >= most_) return;
  const auto place = [](std::vector<Slot>& slots, Slot s) {
    std::size_t i = hash(s.number) & (slots.size() - 1);
    while (slots[i].number != 0) i = (i + 1) & (slots.size() - 1);
    slots[i] = s;
  };
  if (entries_ * 2 >= slots_.size()) {
    std::vector<Slot> wider(slots_.size() * 4);
    for (const Slot& s : slots_)
      if (s.number != 0) place(wider, s);
    slots_ = std::move(wider);
  }
  place(slots_, {number, entries_++});
  masks_.insert(masks_.end(), mask, mask + words_);
}

}  // namespace tessera::clk
