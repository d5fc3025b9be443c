// The three-party vectors from CLKs to pairs, against anonlink's files.
#include "engine/clkjoin/link.h"

#include <algorithm>
#include <filesystem>

#include "engine/core/random.h"
#include "tests/bits/filters.h"
#include "tests/clkjoin/parties.h"

using namespace tessera;
using namespace tessera::clkjoin;

namespace {

std::vector<Pair> linked(std::vector<bits::Matrix> parties, const LinkOptions& options,
                         const std::vector<RowBlocks>& blocks = {}, std::size_t names = 0,
                         LinkTally* tally = nullptr) {
  Silent silent;
  std::vector<Pair> out;
  const auto done = link(std::move(parties), blocks, names, options, silent,
                         [&](std::span<const Pair> some) -> Result<void> {
                           out.insert(out.end(), some.begin(), some.end());
                           return {};
                         });
  REQUIRE_MESSAGE(done, (done ? std::string() : done.error().what));
  CHECK(done->candidates == out.size());
  if (tally != nullptr) *tally = *done;
  return out;
}

LinkOptions at(const char* threshold, std::uint32_t k = 0) {
  LinkOptions o;
  o.join.threshold = *bits::parse_threshold(threshold);
  o.top_k = k;
  o.folder = std::filesystem::temp_directory_path().string();
  return o;
}

}  // namespace

TEST_CASE("pairs are anonlink's, with and without top-k, for every kernel and little memory") {
  struct Case {
    const char* threshold;
    std::uint32_t k;
    std::string name;
  };
  for (const Case& c : std::initializer_list<Case>{{"0.75", 0, "cand_t0.75_kNone"},
                                                   {"0.75", 2, "cand_t0.75_k2"},
                                                   {"0.8", 0, "cand_t0.8_kNone"},
                                                   {"0.8", 2, "cand_t0.8_k2"}}) {
    const std::vector<Pair> want = pairs_in(golden(c.name + ".bin"));
    for (const bits::Kernel& kernel : bits::kernels()) {
      if (!kernel.usable()) continue;
      LinkOptions o = at(c.threshold, c.k);
      o.join.kernel = &kernel;
      CHECK_MESSAGE(linked(parties(), o) == want, c.name, " ", kernel.name);
    }
    LinkOptions tight = at(c.threshold, c.k);
    tight.memory = 1;
    CHECK(linked(parties(), tight) == want);
  }
}

TEST_CASE("pairs within P-Sig blocks are anonlink's; lambda-fold blocks are honoured") {
  for (const std::string kind : {"psig", "lambda_pii", "lambda_clk"}) {
    BlockNames names;
    std::vector<RowBlocks> blocks;
    for (const std::string p : {"a", "b", "c"}) {
      auto b = read_blocks(as_bytes(golden("blocks_" + kind + "_" + p + ".json")), "b", 400, names);
      REQUIRE(b);
      blocks.push_back(*std::move(b));
    }
    const std::vector<Pair> got = linked(parties(), at("0.75"), blocks, names.size());
    std::vector<Pair> want = pairs_in(golden("cand_t0.75_kNone.bin"));
    std::erase_if(want, [&](const Pair& p) {
      return !std::ranges::any_of(blocks[p.dataset0].of(p.row0), [&](std::uint32_t x) {
        return std::ranges::binary_search(blocks[p.dataset1].of(p.row1), x);
      });
    });
    CHECK_MESSAGE(got == want, kind);
    CHECK_FALSE(got.empty());
    if (kind == "psig") CHECK(got == pairs_in(golden("cand_psig_t0.75.csv")));
  }
}

TEST_CASE("one party: distinct rows, each pair once, the lower row first") {
  std::vector<bits::Matrix> doubled;
  auto abc = parties();
  bits::Matrix two(800, 1024);
  for (std::size_t i = 0; i < 800; ++i) {
    std::copy_n(abc[i % 2].row(i / 2), 16, two.row(i));
    two.recount(i);
  }
  doubled.push_back(std::move(two));
  const std::vector<Pair> got = linked(std::move(doubled), at("0.8"));
  // Rows 2i and 2j + 1 are a's i and b's j.
  std::size_t across = 0;
  for (const Pair& p : got) {
    CHECK(p.row0 < p.row1);
    CHECK(p.dataset0 == 0);
    CHECK(p.dataset1 == 0);
    across += (p.row0 + p.row1) % 2;
  }
  std::vector<Pair> want = pairs_in(golden("cand_t0.8_kNone.bin"));
  CHECK(across == static_cast<std::size_t>(std::ranges::count_if(
                      want, [](const Pair& p) { return p.dataset0 == 0 && p.dataset1 == 1; })));
}

TEST_CASE("top-k within a block of many equals: the lower rows win") {
  bits::Matrix one(1, 64), many(50, 64);
  one.row(0)[0] = 0xff;
  one.recount(0);
  for (std::size_t i = 0; i < 50; ++i) {
    many.row(i)[0] = 0xff;
    many.recount(i);
  }
  std::vector<bits::Matrix> p;
  p.push_back(std::move(one));
  p.push_back(std::move(many));
  const std::vector<Pair> got = linked(std::move(p), at("0.9", 3));
  CHECK(got == std::vector<Pair>{{1, 0, 1, 0, 0}, {1, 0, 1, 0, 1}, {1, 0, 1, 0, 2}});
}

TEST_CASE("LSH finds a subset, each pair once, and states its recall") {
  Splitmix random(51);
  std::vector<bits::Matrix> p;
  p.push_back(bits::random_filters(random, 600, 512, 0.4));
  p.push_back(bits::random_filters(random, 600, 512, 0.4));
  const auto copy = [&] {
    std::vector<bits::Matrix> out;
    for (const auto& m : p) {
      bits::Matrix c(m.rows(), m.bits());
      for (std::size_t i = 0; i < m.rows(); ++i) {
        std::copy_n(m.row(i), m.words(), c.row(i));
        c.recount(i);
      }
      out.push_back(std::move(c));
    }
    std::copy_n(out[0].row(5), 8, out[1].row(9));
    out[1].recount(9);
    return out;
  };
  for (const bool within : {false, true}) {
    auto sides = copy();
    if (within) sides.resize(1);
    LinkOptions o = at("0.8");
    auto again = copy();
    if (within) again.resize(1);
    const std::vector<Pair> all = linked(std::move(again), o);
    o.lsh = bits::LshOptions{.tables = 200, .key_bits = 8, .seed = 3, .sample_rows = 600};
    LinkTally tally;
    const std::vector<Pair> got = linked(std::move(sides), o, {}, 0, &tally);
    CHECK(std::ranges::includes(all, got, before));
    // All rows were sampled, so the estimate is exact.
    CHECK(tally.sample_pairs == all.size());
    CHECK(tally.sample_found == got.size());
    CHECK(tally.sample_found > tally.sample_pairs * 9 / 10);
    CHECK(tally.sample_compared >= tally.sample_rows * 100);
    o.lsh->tables = 1;
    o.lsh->key_bits = 32;
    auto few = copy();
    if (within) few.resize(1);
    CHECK(linked(std::move(few), o).size() <= got.size());
  }
}

TEST_CASE("parties of different lengths do not meet, empty ones meet any") {
  Silent silent;
  const auto take = [](std::span<const Pair>) -> Result<void> { return {}; };
  std::vector<bits::Matrix> p;
  p.emplace_back(3, 512);
  p.emplace_back(3, 1024);
  CHECK_FALSE(link(std::move(p), {}, 0, at("0.8"), silent, take));
  std::vector<bits::Matrix> q;
  q.emplace_back(3, 512);
  q.emplace_back();
  CHECK(link(std::move(q), {}, 0, at("0.8"), silent, take));
}
