#include "engine/block/tag_join.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>

#include <doctest/doctest.h>

#include "engine/core/parallel.h"
#include "engine/core/random.h"

using namespace tessera;
using block::Entry;
using encoded::PassColumns;
using encoded::Tag;

namespace {

// Columns and the record of each row, so that views have something to point to.
struct Made {
  PassColumns columns;
  std::vector<std::uint32_t> records;
};

// Tags are drawn from `domain` values; the first of them gets a third of all rows: a heavy block.
Made make(std::size_t rows, std::uint64_t domain, std::uint32_t first_record, bool tokens,
          Splitmix& random) {
  Made out;
  PassColumns& c = out.columns;
  c.stride = 8;
  for (std::size_t i = 0; i < rows; ++i) {
    Splitmix value(random.chance(1.0 / 3) ? 0 : random.below(domain), 77);
    Tag tag;
    for (auto& byte : tag) byte = static_cast<std::uint8_t>(value.next() >> 56);
    c.tags.push_back(tag);
    c.handles.push_back(random.next());
    c.presence.push_back(static_cast<std::uint16_t>(random.next()));
    const std::uint64_t bits = random.next();
    for (int b = 0; b < 8; ++b) c.bits.push_back(static_cast<std::uint8_t>(bits >> (8 * b)));
    if (tokens) c.ssn_tokens.push_back(static_cast<std::uint16_t>(random.next()));
  }
  c.sort();
  for (std::size_t i = 0; i < rows; ++i)
    out.records.push_back(first_record + static_cast<std::uint32_t>(random.below(rows / 2 + 1)));
  return out;
}

// An entry by value: what it says, not where its bits lie.
struct Plain {
  std::uint32_t record;
  std::uint16_t presence, token;
  std::uint64_t bits;
  auto operator<=>(const Plain&) const = default;
};
using Blocks = std::map<Tag, std::vector<Plain>>;

Plain plain(const Entry& e) {
  Plain out{e.record, e.presence, e.ssn_token, 0};
  std::memcpy(&out.bits, e.bits, 8);
  return out;
}

// The plain reference: every row into a map by its tag; blocks of one entry are dropped.
Blocks reference(const std::vector<Made>& sources) {
  Blocks out;
  for (const Made& m : sources)
    for (std::size_t i = 0; i < m.records.size(); ++i) {
      Plain p{m.records[i], m.columns.presence[i],
              m.columns.ssn_tokens.empty() ? std::uint16_t{0} : m.columns.ssn_tokens[i], 0};
      std::memcpy(&p.bits, m.columns.bits.data() + 8 * i, 8);
      out[m.columns.tags[i]].push_back(p);
    }
  std::erase_if(out, [](const auto& b) { return b.second.size() < 2; });
  for (auto& [tag, entries] : out) std::ranges::sort(entries);
  return out;
}

std::vector<block::Source> views(const std::vector<Made>& made) {
  std::vector<block::Source> out;
  for (const Made& m : made) out.push_back({m.columns.view(), m.records});
  return out;
}

}  // namespace

TEST_CASE("the join finds the blocks that a map of tags finds") {
  Splitmix random(11);
  for (int round = 0; round < 12; ++round) {
    std::vector<Made> made;
    std::uint32_t first = 0;
    const std::size_t sources = 1 + random.below(4);
    std::uint64_t rows = 0;
    for (std::size_t s = 0; s < sources; ++s) {
      made.push_back(
          make(random.below(400), 1 + random.below(300), first, random.chance(0.5), random));
      first += 1000;
      rows += made.back().records.size();
    }
    const Blocks expected = reference(made);
    for (const std::size_t ranges :
         {std::size_t{1}, std::size_t{2}, std::size_t{64}, std::size_t{4096}, std::size_t{65536}}) {
      std::mutex guard;
      std::vector<std::vector<Plain>> found;
      const auto seen =
          block::for_each_block(views(made), ranges, [&](std::size_t, std::span<const Entry> b) {
            std::vector<Plain> entries;
            for (const Entry& e : b) entries.push_back(plain(e));
            CHECK(std::ranges::is_sorted(entries, {}, &Plain::record));
            std::ranges::sort(entries);
            const std::lock_guard lock(guard);
            found.push_back(std::move(entries));
          });
      CHECK(seen == rows);
      std::vector<std::vector<Plain>> wanted;
      for (const auto& [tag, entries] : expected) wanted.push_back(entries);
      std::ranges::sort(wanted);
      std::ranges::sort(found);
      CHECK(found == wanted);
    }
  }
}

TEST_CASE("ranges in order give the blocks in tag order, for any number of threads") {
  Splitmix random(5);
  std::vector<Made> made;
  for (std::uint32_t s = 0; s < 3; ++s) made.push_back(make(3000, 1500, s * 10000, true, random));
  const Blocks expected = reference(made);
  for (const std::size_t threads : {1U, 2U, 4U}) {
    set_threads(threads);
    for (const std::size_t ranges : {std::size_t{1}, std::size_t{16}, std::size_t{1024}}) {
      std::vector<std::vector<Plain>> of_range(ranges);
      std::vector<std::vector<std::size_t>> sizes(ranges);
      block::for_each_block(views(made), ranges, [&](std::size_t range, std::span<const Entry> b) {
        for (const Entry& e : b) of_range[range].push_back(plain(e));
        sizes[range].push_back(b.size());
      });
      std::vector<std::size_t> all;
      for (const auto& s : sizes) all.insert(all.end(), s.begin(), s.end());
      std::vector<std::size_t> wanted;
      for (const auto& [tag, entries] : expected)
        wanted.push_back(entries.size());  // a map is in tag order
      CHECK(all == wanted);
    }
  }
  set_threads(0);
}

TEST_CASE("entries of one record and tag keep the order of their rows") {
  Made m;
  m.columns.stride = 8;
  for (std::uint16_t i = 0; i < 5; ++i) {
    m.columns.tags.push_back({1, 2, 3});
    m.columns.handles.push_back(i);
    m.columns.presence.push_back(i);
    m.columns.bits.resize(m.columns.bits.size() + 8);
    m.records.push_back(i == 2 ? 0 : 7);
  }
  const block::Source source{m.columns.view(), m.records};
  block::for_each_block({&source, 1}, 1, [&](std::size_t, std::span<const Entry> b) {
    std::vector<std::uint16_t> order;
    for (const Entry& e : b) order.push_back(e.presence);
    CHECK(order == std::vector<std::uint16_t>{2, 0, 1, 3, 4});
  });
}

TEST_CASE("no rows, no blocks") {
  CHECK(block::for_each_block({}, 8, [](std::size_t, std::span<const Entry>) { CHECK(false); }) ==
        0);
}

TEST_CASE("the number of ranges is a power of two that grows with the entries") {
  std::size_t last = 0;
  for (std::uint64_t entries = 0; entries < (std::uint64_t{1} << 34); entries = entries * 3 + 1) {
    const std::size_t ranges = block::ranges_for(entries);
    CHECK((ranges & (ranges - 1)) == 0);
    CHECK(ranges >= 1);
    CHECK(ranges <= 65536);
    CHECK(ranges >= last);
    last = ranges;
  }
  CHECK(last == 65536);
}
