// Looks each shown segment up among the dictionary's.
#include "engine/attack/segment.h"

#include <map>
#include <set>
#include <vector>

namespace tessera::attack {

SegmentResult segment_attack(const bits::Matrix& seen, std::span<const std::string> truth,
                             const bits::Matrix& made, std::span<const std::string> dictionary,
                             std::size_t words) {
  using Segment = std::vector<std::uint64_t>;
  const auto segment = [words](const bits::Matrix& m, std::size_t i) {
    return Segment(m.row(i), m.row(i) + words);
  };
  std::map<Segment, std::set<std::string>> fitting;
  for (std::size_t j = 0; j < dictionary.size(); ++j)
    fitting[segment(made, j)].insert(dictionary[j]);
  SegmentResult out;
  out.rows = truth.size();
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto it = fitting.find(segment(seen, i));
    if (it == fitting.end()) continue;
    if (!it->second.contains(truth[i]))
      ++out.wrong;
    else if (it->second.size() == 1)
      ++out.exact;
    else
      ++out.among;
  }
  return out;
}

}  // namespace tessera::attack
