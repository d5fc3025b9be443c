#include "engine/schema/layout.h"

#include <algorithm>

namespace tessera::schema {
namespace {

// Lays the slots of one field after another. What is known of the field has the numbers 0 and 1.
class Builder {
 public:
  void begin(std::size_t field, bool hidden) {
    field_ = field;
    hidden_ = hidden;
    first_slot_ = out_.slots.size();
    known_ = 0;
  }
  void filter(std::uint32_t bits, std::uint32_t weight, std::uint32_t known) {
    add(Holds::filter, bits, weight, known);
  }
  void code(Holds holds, std::uint32_t known) { add(holds, kCodeBits, kCodeWeight, known); }
  void end() {
    if (!hidden_) {
      out_.presence_bits += known_;
      return;
    }
    const std::size_t last_value = out_.slots.size();
    for (std::uint32_t k = 0; k < known_; ++k) {
      const std::uint32_t at = at_;
      code(Holds::known, k);
      for (std::size_t s = first_slot_; s < last_value; ++s)
        if (known_of_[s] == k) out_.slots[s].known = at;
      out_.slots.back().known = at;
    }
  }
  Layout finish() {
    out_.stride = (at_ + 7) / 8 * 8;
    return std::move(out_);
  }

 private:
  void add(Holds holds, std::uint32_t bits, std::uint32_t weight, std::uint32_t known) {
    const std::uint32_t presence = hidden_ ? Slot::kHiddenPresence : out_.presence_bits + known;
    out_.slots.push_back({field_, holds, at_, bits, weight, presence, 0});
    known_of_.push_back(known);
    known_ = std::max(known_, known + 1);
    at_ += bits / 8;
  }
  Layout out_;
  std::vector<std::uint32_t> known_of_;  // per slot
  std::uint32_t at_ = 0;
  std::size_t field_ = 0, first_slot_ = 0;
  std::uint32_t known_ = 0;  // of this field, so far
  bool hidden_ = false;
};

void add_values(Builder& b, Kind kind, const Encoding& e) {
  switch (kind) {
    case Kind::given_name:
    case Kind::surname:
      b.filter(e.name_bits, e.name_weight, 0);
      b.code(Holds::part1, 0);
      b.code(Holds::part2, 0);
      break;
    case Kind::middle_name:
      b.code(Holds::initial, 0);
      b.filter(e.middle_bits, e.middle_weight, 1);
      break;
    case Kind::date:
      for (const Holds h : {Holds::decade, Holds::unit}) b.code(h, 0);
      for (const Holds h : {Holds::month, Holds::day_tens, Holds::day_units, Holds::month_day})
        b.code(h, 1);
      break;
    case Kind::category:
      b.code(Holds::value, 0);
      break;
    case Kind::number:
      b.filter(e.number_bits, e.number_weight, 0);
      break;
    case Kind::ssn:
      break;  // compared by token, in a section of its own
  }
}

}  // namespace

const Slot* Layout::find(std::size_t field, Holds holds) const {
  const auto it = std::ranges::find_if(
      slots, [&](const Slot& s) { return s.field == field && s.holds == holds; });
  return it == slots.end() ? nullptr : &*it;
}

Layout layout(const Schema& schema, std::size_t pass) {
  Builder b;
  for (const std::size_t f : schema.passes[pass].compare) {
    b.begin(f, schema.fields[f].hidden_presence);
    add_values(b, schema.fields[f].kind, schema.encoding);
    b.end();
  }
  return b.finish();
}

}  // namespace tessera::schema
