// Local IDs: numbers without order for the spells of each owner, and the transfers between them.
#include <algorithm>
#include <tuple>

#include "engine/core/parallel.h"
#include "engine/lab/synth_life.h"
#include "engine/lab/synth_stream.h"

namespace tessera::lab {
namespace {

auto by_person(const Spell& s) {
  return std::tuple(s.owner, s.person, s.begin, s.generation, s.end);
}
auto by_number(const Spell& s) { return std::tuple(s.owner, s.number, s.begin); }

// Ranks 0.. in one owner's spells, sorted by person: one for each person and generation.
std::uint32_t rank(Spell* begin, Spell* end) {
  std::uint32_t next = 0;
  for (Spell* s = begin; s != end; ++s) {
    const Spell* known = s;
    while (known != begin && (known - 1)->person == s->person) {
      --known;
      if (known->generation == s->generation) break;
    }
    const bool again =
        known != s && known->person == s->person && known->generation == s->generation;
    s->number = again ? known->number : next++;
  }
  return next;
}

// The size of the space the numbers are drawn from: a power of ten for local IDs; as many as
// there are records for a file of wages, where the number is the line.
std::uint64_t space(Sector sector, std::uint32_t ranks) {
  if (sector == Sector::wage) return std::max<std::uint32_t>(ranks, 1);
  std::uint64_t size = 100000;
  while (size < 4ULL * ranks) size *= 10;
  return size;
}

}  // namespace

void number_spells(std::vector<Spell>& spells, const Owners& owners, std::uint64_t seed) {
  parallel_sort(spells.begin(), spells.end(),
                [](const Spell& a, const Spell& b) { return by_person(a) < by_person(b); });
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < spells.size(); ++i)
    if (i == 0 || spells[i].owner != spells[i - 1].owner) starts.push_back(i);
  starts.push_back(spells.size());
  parallel_for(starts.size() - 1, 1, [&](std::size_t from, std::size_t to) {
    for (std::size_t o = from; o < to; ++o) {
      Spell* begin = spells.data() + starts[o];
      Spell* end = spells.data() + starts[o + 1];
      const std::uint32_t ranks = rank(begin, end);
      const std::uint64_t size = space(owners.of(begin->owner).sector, ranks);
      const std::uint64_t key =
          mix(seed, static_cast<std::uint64_t>(Purpose::local_id), begin->owner);
      for (Spell* s = begin; s != end; ++s) s->number = permuted(s->number, size, key);
    }
  });
}

std::vector<Move> transfers(const std::vector<Spell>& spells) {
  std::vector<Move> out;
  for (const Spell& to : spells) {
    if (to.from == kNobody) continue;
    Spell wanted;
    wanted.owner = to.from;
    wanted.person = to.person;
    wanted.begin = to.begin;
    wanted.generation = 0;
    auto it = std::lower_bound(
        spells.begin(), spells.end(), wanted,
        [](const Spell& a, const Spell& b) { return by_person(a) < by_person(b); });
    // The latest spell there that began before this one and is not a second entry.
    while (it != spells.begin()) {
      --it;
      if (it->owner != to.from || it->person != to.person) break;
      if (it->generation >= kTwice || it->concurrent) continue;
      const bool same_id = it->owner == to.owner && it->number == to.number;  // just came back
      if (!same_id) out.push_back({to, it->number});
      break;
    }
  }
  return out;
}

void sort_by_number(std::vector<Spell>& spells) {
  parallel_sort(spells.begin(), spells.end(),
                [](const Spell& a, const Spell& b) { return by_number(a) < by_number(b); });
}

}  // namespace tessera::lab
