#include "engine/lab/key_index.h"

#include "engine/core/digest.h"

namespace tessera::lab {

std::size_t KeyIndex::slot_of(const Key16& key) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = static_cast<std::size_t>(hash64(key)) & mask;
  while (slots_[at] != kFree && keys_[slots_[at]] != key) at = (at + 1) & mask;
  return at;
}

void KeyIndex::grow() {
  slots_.assign(slots_.empty() ? 64 : slots_.size() * 2, kFree);
  for (std::size_t i = 0; i < keys_.size(); ++i)
    slots_[slot_of(keys_[i])] = static_cast<std::uint32_t>(i);
}

KeyIndex::Added KeyIndex::add(const Key16& key) {
  if (4 * (keys_.size() + 1) > 3 * slots_.size()) grow();
  const std::size_t at = slot_of(key);
  if (slots_[at] != kFree) return {slots_[at], false};
  slots_[at] = static_cast<std::uint32_t>(keys_.size());
  keys_.push_back(key);
  return {slots_[at], true};
}

std::optional<std::uint32_t> KeyIndex::find(const Key16& key) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t number = slots_[slot_of(key)];
  return number == kFree ? std::nullopt : std::optional(number);
}

}  // namespace tessera::lab
