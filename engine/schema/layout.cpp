#include "engine/schema/layout.h"

#include <algorithm>

namespace tessera::schema {
namespace {

class Builder {
 public:
  void filter(std::size_t field, std::uint32_t bits, std::uint32_t weight, std::uint32_t presence) {
    add(field, Holds::filter, bits, weight, presence);
  }
  void code(std::size_t field, Holds holds, std::uint32_t presence) {
    add(field, holds, kCodeBits, kCodeWeight, presence);
  }
  std::uint32_t presence() { return out_.presence_bits++; }
  Layout finish() {
    out_.stride = (at_ + 7) / 8 * 8;
    return std::move(out_);
  }

 private:
  void add(std::size_t field, Holds holds, std::uint32_t bits, std::uint32_t weight,
           std::uint32_t presence) {
    out_.slots.push_back({field, holds, at_, bits, weight, presence});
    at_ += bits / 8;
  }
  Layout out_;
  std::uint32_t at_ = 0;
};

void add_field(Builder& b, std::size_t f, Kind kind, const Encoding& e) {
  const std::uint32_t known = kind == Kind::ssn ? 0 : b.presence();
  switch (kind) {
    case Kind::given_name:
    case Kind::surname:
      b.filter(f, e.name_bits, e.name_weight, known);
      b.code(f, Holds::part1, known);
      b.code(f, Holds::part2, known);
      break;
    case Kind::middle_name:
      b.code(f, Holds::initial, known);
      b.filter(f, e.middle_bits, e.middle_weight, b.presence());
      break;
    case Kind::date: {
      for (const Holds h : {Holds::decade, Holds::unit}) b.code(f, h, known);
      const std::uint32_t day_known = b.presence();
      for (const Holds h : {Holds::month, Holds::day_tens, Holds::day_units, Holds::month_day})
        b.code(f, h, day_known);
      break;
    }
    case Kind::category:
      b.code(f, Holds::value, known);
      break;
    case Kind::number:
      b.filter(f, e.number_bits, e.number_weight, known);
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
  for (const std::size_t f : schema.passes[pass].compare)
    add_field(b, f, schema.fields[f].kind, schema.encoding);
  return b.finish();
}

}  // namespace tessera::schema
