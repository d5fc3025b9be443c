#include "engine/report/one_to_one.h"

#include <algorithm>
#include <unordered_set>

namespace tessera::report {
namespace {

// Which (record, owner) ends are taken. One bit per record serves two owners; more need a set.
class Taken {
 public:
  explicit Taken(const People& people) : people_(people) {
    const auto highest = std::ranges::max_element(people.owner);
    two_ = highest == people.owner.end() || *highest <= 1;
    if (two_ && !people.within) one_bit_.resize(people.owner.size());
    two_ = two_ && !people.within;
  }
  bool free(std::uint32_t record, std::uint32_t towards) const {
    if (two_) return !one_bit_[record];
    return !many_.contains(end_of(record, towards));
  }
  void take(std::uint32_t record, std::uint32_t towards) {
    if (two_)
      one_bit_[record] = true;
    else
      many_.insert(end_of(record, towards));
  }

 private:
  std::uint64_t end_of(std::uint32_t record, std::uint32_t towards) const {
    return std::uint64_t{record} << 32 | people_.owner[towards];
  }
  const People& people_;
  bool two_ = false;
  std::vector<bool> one_bit_;
  std::unordered_set<std::uint64_t> many_;
};

}  // namespace

std::vector<Pair> one_to_one(std::span<const Pair> ranked, const People& people) {
  Taken taken(people);
  std::vector<Pair> out;
  for (const Pair& pair : ranked) {
    if (!taken.free(pair.left, pair.right) || !taken.free(pair.right, pair.left)) continue;
    taken.take(pair.left, pair.right);
    taken.take(pair.right, pair.left);
    out.push_back(pair);
  }
  return out;
}

}  // namespace tessera::report
