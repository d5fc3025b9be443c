// Names of the persisted enums; rows of columns.
#include "engine/encoded/format.h"

#include <utility>

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

}  // namespace

void PassColumns::append_row(const PassView& from, std::size_t row) {
  tags.push_back(from.tags[row]);
  handles.push_back(from.handles[row]);
  presence.push_back(from.presence[row]);
  const auto row_bits = from.bits.subspan(row * from.stride, from.stride);
  bits.insert(bits.end(), row_bits.begin(), row_bits.end());
  if (!from.ssn_tokens.empty()) ssn_tokens.push_back(from.ssn_tokens[row]);
}

std::string_view name_of(Population population) { return find_name(kPopulations, population); }
std::optional<Population> population_named(std::string_view name) {
  return find_value(kPopulations, name);
}
std::string_view name_of(SsnState state) { return find_name(kSsnStates, state); }
std::string_view name_of(Protection protection) { return find_name(kProtections, protection); }
std::optional<Protection> protection_named(std::string_view name) {
  return find_value(kProtections, name);
}

}  // namespace tessera::encoded
