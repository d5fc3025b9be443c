#include "engine/link/pipeline.h"

#include <algorithm>

#include "engine/core/parallel.h"
#include "engine/link/right_side.h"

namespace tessera::link {
namespace {

using block::Entry;

// Entries of the group that has most in the block; they are ordered by group.
std::size_t largest_group(std::span<const Entry> block, const std::vector<std::uint32_t>& group) {
  std::size_t most = 0;
  for (std::size_t i = 0, end = 0; i < block.size(); i = end) {
    while (end < block.size() && group[block[end].record] == group[block[i].record]) ++end;
    most = std::max(most, end - i);
  }
  return most;
}

// The right side is turned in pieces of this many entries, so that a heavy block takes no more
// memory than a small one and stays in a core's cache.
constexpr std::size_t kPiece = 1024;

// Calls visit(left, right, patterns, candidates) so that every pair that the rule wants is there
// once: `left` with each entry of `right`. Entries are ordered by record, and records by group, so
// that all partners of an entry are those after the last of its own record, or group. `candidates`:
// how many a record may have in the block, the most entries of one group or all others.
template <class Visit>
void visit_pairs(std::span<const Entry> block, const Run& run, RightSide& side, Visit&& visit) {
  const auto together = [&](const Entry& x, const Entry& y) {
    return run.rule == PairRule::across ? run.group[x.record] == run.group[y.record]
                                        : x.record == y.record;
  };
  const auto first_after = [&](std::size_t i) {
    std::size_t end = i + 1;
    while (end < block.size() && together(block[i], block[end])) ++end;
    return end;
  };
  const std::size_t candidates =
      run.rule == PairRule::across ? largest_group(block, run.group) : block.size() - 1;
  const bool batch = run.rule == PairRule::from_batch;
  if (batch && block.front().record >= run.batch) return;
  for (std::size_t begin = first_after(0); begin < block.size(); begin += kPiece) {
    const std::span<const Entry> right =
        block.subspan(begin, std::min(kPiece, block.size() - begin));
    side.set(right);
    for (std::size_t i = 0, partners = 0; i < block.size(); ++i) {
      if (batch && block[i].record >= run.batch) break;
      if (partners <= i) partners = first_after(i);
      if (partners >= begin + right.size()) break;
      const std::size_t from = partners > begin ? partners - begin : 0;
      visit(block[i], right.subspan(from), side.against(block[i], from), candidates);
    }
  }
}

std::uint64_t rows_of(std::span<const block::Source> sources) {
  std::uint64_t rows = 0;
  for (const block::Source& s : sources) rows += s.view.rows();
  return rows;
}

bool stronger_first(const Pair& x, const Pair& y) {
  if (x.a != y.a) return x.a < y.a;
  if (x.b != y.b) return x.b < y.b;
  if (x.logit != y.logit) return x.logit > y.logit;
  if (x.pass != y.pass) return x.pass < y.pass;
  return x.pattern < y.pattern;
}

// Patterns of one pass, told apart by label.
std::vector<PassCounts> count_pass(
    const Run& run, std::span<const block::Source> sources, const Comparator& comparator,
    std::size_t labels, const std::function<std::size_t(std::uint32_t, std::uint32_t)>& label) {
  const std::uint64_t rows = rows_of(sources);
  // Each range has counters of its own, so they must stay few; 64 keep two dozen threads busy.
  const std::size_t ranges = std::min<std::size_t>(block::ranges_for(rows), 64);
  std::vector<std::vector<PassCounts>> parts(ranges, std::vector<PassCounts>(labels));
  for (auto& part : parts)
    for (PassCounts& c : part) c.pairs.assign(comparator.patterns(), 0);
  const TilePlan plan = TilePlan::of(comparator);
  block::for_each_block(sources, ranges, [&](std::size_t range) {
    return [&, side = RightSide(comparator, plan, best_tile_kernel()),
            &mine = parts[range]](std::span<const Entry> block) mutable {
      visit_pairs(block, run, side,
                  [&](const Entry& x, auto right, auto patterns, auto candidates) {
                    const std::uint32_t base = comparator.in_block(candidates);
                    if (!label) {
                      for (const std::uint32_t pattern : patterns) ++mine[0].pairs[base + pattern];
                      mine[0].compared += patterns.size();
                      return;
                    }
                    for (std::size_t i = 0; i < right.size(); ++i) {
                      PassCounts& counts = mine[label(x.record, right[i].record)];
                      ++counts.pairs[base + patterns[i]];
                      ++counts.compared;
                    }
                  });
    };
  });
  std::vector<PassCounts> out(labels);
  for (std::size_t l = 0; l < labels; ++l) {
    out[l].entries = rows;
    out[l].pairs.assign(comparator.patterns(), 0);
    for (const auto& part : parts) {
      out[l].compared += part[l].compared;
      for (std::size_t g = 0; g < out[l].pairs.size(); ++g) out[l].pairs[g] += part[l].pairs[g];
    }
  }
  return out;
}

void emit_pass(const Run& run, std::span<const block::Source> sources, const Comparator& comparator,
               const std::vector<Decinats>& logit, std::size_t pass, Decinats floor,
               std::vector<Pair>& out) {
  const std::size_t ranges = block::ranges_for(rows_of(sources));
  std::vector<std::vector<Pair>> parts(ranges);
  const auto muted = [&run](std::uint32_t r) { return r < run.muted.size() && run.muted[r] != 0; };
  const TilePlan plan = TilePlan::of(comparator);
  block::for_each_block(sources, ranges, [&](std::size_t range) {
    return [&, side = RightSide(comparator, plan, best_tile_kernel()),
            &mine = parts[range]](std::span<const Entry> block) mutable {
      visit_pairs(block, run, side,
                  [&](const Entry& x, auto right, auto patterns, auto candidates) {
                    if (muted(x.record)) return;
                    const std::uint32_t base = comparator.in_block(candidates);
                    for (std::size_t i = 0; i < right.size(); ++i) {
                      const std::uint32_t pattern = base + patterns[i];
                      const Decinats score = logit[pattern];
                      if (score < floor) continue;
                      const std::uint32_t y = right[i].record;
                      if (muted(y)) continue;
                      mine.push_back({std::min(x.record, y), std::max(x.record, y), score,
                                      static_cast<std::uint8_t>(pass), pattern});
                    }
                  });
    };
  });
  for (std::vector<Pair>& part : parts) {
    out.insert(out.end(), part.begin(), part.end());
    part = {};
  }
}

std::vector<Comparator> comparators_of(const Run& run) {
  std::vector<Comparator> out;
  for (std::size_t p = 0; p < run.schema->passes.size(); ++p)
    out.emplace_back(*run.schema, p, run.tokens);
  return out;
}

}  // namespace

void keep_strongest(std::vector<Pair>& pairs) {
  parallel_sort(pairs.begin(), pairs.end(), stronger_first);
  const auto same = [](const Pair& x, const Pair& y) { return x.a == y.a && x.b == y.b; };
  pairs.erase(std::unique(pairs.begin(), pairs.end(), same), pairs.end());
}

std::uint64_t possible_across(std::span<const std::uint32_t> first) {
  std::uint64_t pairs = 0;
  for (std::size_t f = 0; f + 1 < first.size(); ++f)
    for (std::size_t g = f + 1; g + 1 < first.size(); ++g)
      pairs += std::min(first[f + 1] - first[f], first[g + 1] - first[g]);
  return pairs;
}

Result<std::vector<std::vector<PassCounts>>> count(
    const Run& run, std::size_t labels,
    const std::function<std::size_t(std::uint32_t, std::uint32_t)>& label, Progress& progress) {
  const std::vector<Comparator> comparators = comparators_of(run);
  std::vector<std::vector<PassCounts>> out;
  progress.begin("comparing", comparators.size(), "passes");
  for (std::size_t p = 0; p < comparators.size(); ++p) {
    TESSERA_TRY(const std::vector<block::Source> sources, run.sources(p));
    out.push_back(count_pass(run, sources, comparators[p], labels, label));
    progress.advance(1);
  }
  return out;
}

Result<Scored> score(const Run& run, const Matcher& matcher, Decinats floor, Progress& progress) {
  Scored out;
  TESSERA_TRY(auto counted, count(run, 1, nullptr, progress));
  for (auto& c : counted) out.counts.push_back(std::move(c.front()));
  const std::vector<Comparator> comparators = comparators_of(run);
  RunSize size = run.size;
  size.met_only = true;  // a question about one student meets hundreds of a million patterns
  TESSERA_TRY(out.fit, matcher.fit(*run.schema, comparators, out.counts, size));
  progress.begin("scoring", comparators.size(), "passes");
  for (std::size_t p = 0; p < comparators.size(); ++p) {
    TESSERA_TRY(const std::vector<block::Source> sources, run.sources(p));
    emit_pass(run, sources, comparators[p], out.fit.logit[p], p, floor, out.pairs);
    // A pair found in several passes is kept once; merging as we go bounds memory by the result.
    keep_strongest(out.pairs);
    progress.advance(1);
  }
  return out;
}

}  // namespace tessera::link
