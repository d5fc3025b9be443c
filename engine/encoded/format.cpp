// Names of the persisted enums, and the order of a pass.
#include "engine/encoded/format.h"

#include <utility>

#include "engine/core/parallel.h"

namespace tessera::encoded {
namespace {

template <class E>
struct Named {
  E value;
  std::string_view name;
};
constexpr Named<Population> kPopulations[] = {{Population::student, "student"},
                                              {Population::staff, "staff"},
                                              {Population::college, "college"},
                                              {Population::wage, "wage"}};
constexpr Named<SsnState> kSsnStates[] = {{SsnState::provided, "provided"},
                                          {SsnState::declined, "declined"},
                                          {SsnState::not_asked, "not asked"},
                                          {SsnState::not_available, "not available"},
                                          {SsnState::purged, "purged"}};
constexpr Named<Protection> kProtections[] = {{Protection::trial, "trial"},
                                              {Protection::oprf, "oprf"}};

template <class E, std::size_t N>
std::string_view find_name(const Named<E> (&table)[N], E value) {
  for (const Named<E>& n : table)
    if (n.value == value) return n.name;
  return "unknown";
}
template <class E, std::size_t N>
std::optional<E> find_value(const Named<E> (&table)[N], std::string_view name) {
  for (const Named<E>& n : table)
    if (n.name == name) return n.value;
  return std::nullopt;
}

// A row's place in the order, small enough to sort in place of the row itself. The two halves of
// the tag are read big-endian, so that comparing numbers compares bytes.
struct Place {
  std::uint64_t high, low;
  Handle handle;
  std::uint64_t row;
  bool operator<(const Place& other) const {
    if (high != other.high) return high < other.high;
    if (low != other.low) return low < other.low;
    if (handle != other.handle) return handle < other.handle;
    return row < other.row;
  }
};

std::uint64_t big_endian(const std::uint8_t* p) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = (value << 8) | p[i];
  return value;
}

constexpr std::size_t kGrain = 1 << 14;

template <class T>
void reorder(std::vector<T>& column, const std::vector<Place>& places) {
  std::vector<T> out(column.size());
  parallel_for(places.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) out[i] = column[places[i].row];
  });
  column = std::move(out);
}

}  // namespace

std::string_view name_of(Population population) { return find_name(kPopulations, population); }
std::optional<Population> population_named(std::string_view name) {
  return find_value(kPopulations, name);
}
std::string_view name_of(SsnState state) { return find_name(kSsnStates, state); }
std::string_view name_of(Protection protection) { return find_name(kProtections, protection); }
std::optional<Protection> protection_named(std::string_view name) {
  return find_value(kProtections, name);
}

void PassColumns::sort() {
  const std::size_t n = tags.size();
  std::vector<Place> places(n);
  parallel_for(n, kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      places[i] = {big_endian(tags[i].data()), big_endian(tags[i].data() + 8), handles[i], i};
  });
  parallel_sort(places.begin(), places.end());
  reorder(tags, places);
  reorder(handles, places);
  reorder(presence, places);
  if (!ssn_tokens.empty()) reorder(ssn_tokens, places);
  std::vector<std::uint8_t> rows(bits.size());
  parallel_for(n, kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end && stride > 0; ++i)
      std::memcpy(rows.data() + i * stride, bits.data() + places[i].row * stride, stride);
  });
  bits = std::move(rows);
}

}  // namespace tessera::encoded
