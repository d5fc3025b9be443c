// Positions drawn one after another, two bytes each, until a slot has its weight.
#include "engine/encoded/blanked.h"

#include <algorithm>

#include "engine/core/digest.h"

namespace tessera::encoded {
namespace {

// SHA-256 of a seed and a counter, byte by byte.
class Draws {
 public:
  explicit Draws(Bytes seed) : seed_(std::move(seed)) {}
  std::uint32_t below(std::uint32_t bits) {  // bits: a power of two
    if (at_ == block_.size()) {
      Bytes counted = seed_;
      append_le<std::uint32_t>(counted, counter_++);
      block_ = sha256(counted);
      at_ = 0;
    }
    const auto drawn = load_le<std::uint16_t>(block_.data() + at_);
    at_ += 2;
    return drawn % bits;
  }

 private:
  Bytes seed_;
  std::uint32_t counter_ = 0;
  Sha256 block_{};
  std::size_t at_ = block_.size();
};

void append_text(Bytes& out, std::string_view text) {
  append_le<std::uint64_t>(out, text.size());
  out.insert(out.end(), text.begin(), text.end());
}

}  // namespace

Blanked::Blanked(const schema::Schema& schema, std::size_t pass,
                 const std::vector<std::size_t>& fields)
    : pass_(pass) {
  for (const schema::Slot& s : schema::layout(schema, pass).slots) {
    if (std::ranges::find(fields, s.field) == fields.end()) continue;
    slots_.push_back(s);
    if (!s.hidden()) cleared_ = static_cast<std::uint16_t>(cleared_ | (1U << s.presence));
  }
}

void Blanked::blank(const Header& of, const RecordKey& record, const Tag& tag,
                    std::uint16_t& presence, std::uint8_t* row) const {
  presence = static_cast<std::uint16_t>(presence & ~cleared_);
  Bytes seed;
  append_text(seed, "tessera: an entry without a field, v1");
  append_text(seed, of.owner);
  seed.push_back(static_cast<std::uint8_t>(of.population));
  seed.insert(seed.end(), record.begin(), record.end());
  append_le<std::uint32_t>(seed, static_cast<std::uint32_t>(pass_));
  seed.insert(seed.end(), tag.begin(), tag.end());
  for (const schema::Slot& s : slots_) {
    Bytes of_slot = seed;
    append_le<std::uint32_t>(of_slot, s.offset);
    Draws draws(std::move(of_slot));
    std::uint8_t* slot = row + s.offset;
    std::fill_n(slot, s.bits / 8, std::uint8_t{0});
    for (std::uint32_t left = s.weight; left > 0;) {
      const std::uint32_t bit = draws.below(s.bits);
      const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
      if ((slot[bit / 8] & mask) != 0) continue;
      slot[bit / 8] = static_cast<std::uint8_t>(slot[bit / 8] | mask);
      --left;
    }
  }
}

}  // namespace tessera::encoded
