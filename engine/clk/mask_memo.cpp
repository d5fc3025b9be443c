#include "engine/clk/mask_memo.h"

#include <algorithm>

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

}  // namespace tessera::clk
