// Which pairs --explain shows, and in which form it writes them.
#include "cli/link_explain.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include "engine/core/bytes.h"
#include "engine/core/file.h"
#include "engine/link/compete.h"
#include "engine/link/explain.h"
#include "engine/report/waterfall.h"

namespace tessera::cli {
namespace {

// Indices of the pairs to show: those of one record from the strongest down, or those nearest the
// threshold, where a reviewer's doubts lie.
std::vector<std::uint32_t> chosen(const ExplainFlags& flags, const link::FileSet& files,
                                  const link::Scored& scored, std::span<const float> probability,
                                  double threshold) {
  std::vector<std::uint32_t> out;
  const auto key = [&](std::uint32_t r) { return to_hex(files.record(r).key); };
  for (std::uint32_t i = 0; i < scored.pairs.size(); ++i)
    if (flags.record.empty() || key(scored.pairs[i].a) == flags.record ||
        key(scored.pairs[i].b) == flags.record)
      out.push_back(i);
  const int line = link::logit_of(threshold);
  const auto rank = [&](std::uint32_t i) {
    const int logit = link::logit_of(probability[i]);
    return flags.record.empty() ? std::abs(logit - line) : -logit;
  };
  std::ranges::stable_sort(out, {}, rank);
  out.resize(std::min(out.size(), flags.most));
  return out;
}

bool ends_with(const std::string& path, std::string_view suffix) {
  return path.size() >= suffix.size() && std::string_view(path).ends_with(suffix);
}

}  // namespace

Result<void> write_explanations(const ExplainFlags& flags, const link::FileSet& files,
                                const link::Run& run, const link::Scored& scored,
                                std::span<const float> probability, double threshold) {
  std::vector<link::Comparator> comparators;
  for (std::size_t p = 0; p < run.schema->passes.size(); ++p)
    comparators.emplace_back(*run.schema, p, run.tokens);
  const link::Rivals rivals(scored.pairs, run.group);
  std::vector<report::Told> told;
  json::Array values;
  for (const std::uint32_t i : chosen(flags, files, scored, probability, threshold)) {
    const link::Pair& pair = scored.pairs[i];
    auto e = link::explain(*run.schema, comparators, scored.fit, pair, probability[i]);
    if (const std::uint32_t next = rivals.runner_up(i); next != link::Rivals::kNone)
      e.runner_up = {scored.pairs[next].logit / 10.0, probability[next]};
    const auto owner = [&](std::uint32_t r) {
      return files.files()[files.file_of(r)].header().owner;
    };
    const auto key = [&](std::uint32_t r) { return to_hex(files.record(r).key); };
    json::Value value = link::to_json(e);
    value.set("left_owner", owner(pair.a));
    value.set("left_record", key(pair.a));
    value.set("right_owner", owner(pair.b));
    value.set("right_record", key(pair.b));
    values.push_back(std::move(value));
    told.push_back(
        {fmt::format("{} {} and {} {}", owner(pair.a), key(pair.a), owner(pair.b), key(pair.b)),
         std::move(e)});
  }
  std::string text;
  if (ends_with(flags.path, ".html")) {
    text = report::to_page(told, "tessera: why these pairs");
  } else if (ends_with(flags.path, ".json")) {
    text = json::to_text(json::Object{{"pairs", std::move(values)}});
  } else {
    for (const report::Told& t : told)
      text += t.who + "\n" + report::to_lines(t.explanation) + "\n";
  }
  return write_file(flags.path, text, {.force = flags.force, .mode = 0600});
}

}  // namespace tessera::cli
