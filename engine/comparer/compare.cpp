// The line itself does the work; here its numbers become handles.
#include "engine/comparer/compare.h"

#include <algorithm>

#include "engine/core/parallel.h"

namespace tessera::comparer {

Compared told(link::Scored scored, const std::function<encoded::Handle(std::uint32_t)>& handle_of) {
  Compared out;
  out.scores.reserve(scored.pairs.size());
  for (const link::Pair& p : scored.pairs) {
    const auto [first, second] = std::minmax({handle_of(p.a), handle_of(p.b)});
    out.scores.push_back({first, second, p.logit});
  }
  parallel_sort(out.scores.begin(), out.scores.end());
  out.fit = std::move(scored.fit);
  out.counts = std::move(scored.counts);
  return out;
}

Result<Compared> compare(const OpenedMix& mix, const link::Matcher& matcher, link::Decinats floor,
                         Progress& progress) {
  TESSERA_TRY(link::Scored scored, link::score(mix.run(), matcher, floor, progress));
  return told(std::move(scored), [&mix](std::uint32_t n) { return mix.handle(n); });
}

}  // namespace tessera::comparer
