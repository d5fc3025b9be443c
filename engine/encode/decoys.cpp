// Donors are found on a ring of the roster's people, so that a changed roster changes few decoys.
#include "engine/encode/decoys.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "engine/core/bytes.h"
#include "engine/encode/key_inputs.h"
#include "engine/keys/hmac.h"

namespace tessera::encode {
namespace {

constexpr char kMark = '\x1f';  // a control character: no roster's local ID begins with one

bool of_the_first_name(schema::Kind kind) {
  return kind == schema::Kind::given_name || kind == schema::Kind::middle_name ||
         kind == schema::Kind::category;
}

bool is_number(schema::Kind kind) {
  return kind == schema::Kind::number || kind == schema::Kind::ssn;
}

// People and draws at places that follow from the owner's secret; a draw's donor is who stands
// next.
class Ring {
 public:
  Ring(std::span<const record::Fields> people, const Secret<32>& owner) : draw_(owner.reveal()) {
    places_.reserve(people.size());
    for (std::size_t i = 0; i < people.size(); ++i)
      places_.emplace_back(at("tessera decoy 1 donor", people[i].local_id), i);
    std::ranges::sort(places_);
  }
  // Of a decoy's field, somebody other than `taken`.
  std::size_t donor(std::uint64_t decoy, std::uint64_t field, std::size_t taken) {
    const std::uint64_t place = load_le<std::uint64_t>(drawn(decoy, field, 0).data());
    auto next = std::ranges::lower_bound(places_, place, {}, &Place::first);
    for (;; ++next) {
      if (next == places_.end()) next = places_.begin();
      if (next->second != taken) return next->second;
    }
  }
  // As long as `number`, and nobody's.
  std::string digits(std::uint64_t decoy, std::uint64_t field, std::string_view number) {
    const auto bytes = drawn(decoy, field, 1);
    std::string out(number);
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = static_cast<char>('0' + bytes[i % bytes.size()] % 10);
    return out;
  }

 private:
  using Place = std::pair<std::uint64_t, std::size_t>;

  std::uint64_t at(std::string_view label, std::string_view text) {
    Bytes info;
    append_sized(info, label);
    append_sized(info, text);
    return load_le<std::uint64_t>(draw_(info).data());
  }
  std::array<std::uint8_t, 64> drawn(std::uint64_t decoy, std::uint64_t field, std::uint8_t what) {
    Bytes info;
    append_sized(info, "tessera decoy 1 draw");
    append_le(info, decoy);
    append_le(info, field);
    append_le(info, what);
    return draw_(info);
  }

  keys::Expander draw_;
  std::vector<Place> places_;
};

}  // namespace

std::vector<record::Fields> decoys(const schema::Schema& schema,
                                   std::span<const record::Fields> from, std::size_t count,
                                   const Secret<32>& owner) {
  Ring ring(from, owner);
  std::vector<record::Fields> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    record::Fields& made = out[i];
    // Whoever gives the first name gives nothing else, or the decoy could be that person.
    const std::size_t first = ring.donor(i, schema.fields.size(), from.size());
    made.local_id = fmt::format("{}{}{}{}", kMark, i, kMark, from[first].local_id);
    made.ssn_state = from[first].ssn_state;
    made.values.resize(schema.fields.size());
    for (std::size_t f = 0; f < schema.fields.size(); ++f) {
      const schema::Kind kind = schema.fields[f].kind;
      const std::size_t donor = of_the_first_name(kind) ? first : ring.donor(i, f, first);
      made.values[f] = from[donor].values[f];
      if (is_number(kind)) made.values[f].text = ring.digits(i, f, made.values[f].text);
      if (kind == schema::Kind::ssn) made.ssn_state = from[donor].ssn_state;
      // Another donor, another decoy: no record key stays while a birth date changes.
      made.local_id += kMark;
      made.local_id += from[donor].local_id;
    }
  }
  return out;
}

bool is_decoy(std::string_view local_id) { return local_id.starts_with(kMark); }

}  // namespace tessera::encode
