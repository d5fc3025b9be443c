// The passes one by one from the product of their parts, and all together over drawn people.
#include "engine/lab/schema_check.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include <fmt/format.h>

#include "engine/lab/pass_blocks.h"
#include "engine/lab/synth_stream.h"

namespace tessera::lab {
namespace {

PassCheck check_pass(const schema::Schema& schema, const schema::Pass& pass,
                     const BlockSizes& blocks, const CheckOptions& options, Opened& heaviest) {
  PassCheck out;
  out.name = pass.name;
  out.key = schema::key_text(pass);
  out.blocks = blocks.blocks();
  out.tags = blocks.tags_per_person();
  out.heaviest = blocks.heaviest(1).share * out.tags;  // entries to people
  out.sizes = blocks.sizes(static_cast<double>(options.people));
  const auto enrolment = static_cast<double>(options.enrolment);
  out.quota = static_cast<std::uint64_t>(std::ceil(kQuotaFactor * enrolment * out.tags));
  heaviest = blocks.heaviest(static_cast<double>(out.quota));
  out.opened = heaviest.share;
  out.at_most = std::max(out.opened, blocks.heaviest_known(static_cast<double>(options.people),
                                                           static_cast<double>(out.quota)));
  out.own_seeds = blocks.opened_by_roster(enrolment);
  out.refused = out.opened > kMostOpened && !schema.trusted_unit;
  return out;
}

// Of blocks that weigh the same the thief takes some: which, their names decide.
bool opens(const Opened& heaviest, const PersonsBlock& block) {
  const std::size_t rank = BlockSizes::rank_of(block.share);
  if (rank != heaviest.rank) return rank > heaviest.rank;
  return static_cast<double>(mix(block.name) >> 11) * 0x1.0p-53 < heaviest.part_at_rank;
}

void check_together(const std::vector<PassBlocks>& passes, const std::vector<Opened>& heaviest,
                    const PublicPeople& people, const CheckOptions& options, Progress& progress,
                    SchemaCheck& out) {
  out.sample = std::min(options.people, kSample);
  progress.begin("all passes", options.enrolment + out.sample, "people");
  std::vector<std::unordered_set<std::uint64_t>> own(passes.size());
  Splitmix roster(options.seed, 1);
  for (std::uint64_t i = 0; i < options.enrolment; ++i) {
    const PublicPerson person = people.draw(roster);
    for (std::size_t p = 0; p < passes.size(); ++p)
      for (const PersonsBlock& block : passes[p].blocks_of(person)) own[p].insert(block.name);
    progress.advance(1);
  }
  std::uint64_t by_quota = 0, by_seeds = 0, by_both = 0;
  Splitmix others(options.seed, 2);
  for (std::uint64_t i = 0; i < out.sample; ++i) {
    const PublicPerson person = people.draw(others);
    bool quota = false, seeds = false;
    for (std::size_t p = 0; p < passes.size(); ++p)
      for (const PersonsBlock& block : passes[p].blocks_of(person)) {
        quota = quota || opens(heaviest[p], block);
        seeds = seeds || own[p].contains(block.name);
      }
    by_quota += quota;
    by_seeds += seeds;
    by_both += quota || seeds;
    progress.advance(1);
  }
  const auto all = static_cast<double>(out.sample);
  out.opened = static_cast<double>(by_quota) / all;
  out.own_seeds = static_cast<double>(by_seeds) / all;
  out.both = static_cast<double>(by_both) / all;
}

}  // namespace

bool SchemaCheck::refused() const { return std::ranges::any_of(passes, &PassCheck::refused); }

Result<SchemaCheck> check_schema(const schema::Schema& schema, const PublicPeople& people,
                                 const CheckOptions& options, Progress& progress) {
  if (options.people == 0 || options.enrolment >= options.people)
    return Error{ErrorCode::usage, "the enrolment of one owner must be below the population", ""};
  NameCodesOfSchema codes(schema, people, options.seed);
  std::vector<PassBlocks> passes;
  passes.reserve(schema.passes.size());
  progress.begin("reading names", schema.passes.size(), "passes");
  for (const schema::Pass& pass : schema.passes) {
    TESSERA_TRY(PassBlocks blocks, PassBlocks::make(pass, codes));
    passes.push_back(std::move(blocks));
    progress.advance(1);
  }
  SchemaCheck out;
  std::vector<Opened> heaviest(passes.size());
  for (std::size_t p = 0; p < passes.size(); ++p) {
    progress.begin(fmt::format("pass {}", schema.passes[p].name), PassBlocks::kChunks, "parts");
    out.passes.push_back(
        check_pass(schema, schema.passes[p], passes[p].sizes(progress), options, heaviest[p]));
  }
  check_together(passes, heaviest, people, options, progress, out);
  return out;
}

}  // namespace tessera::lab
