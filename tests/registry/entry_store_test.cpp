// The entry store in step with a plain list of rows.
#include "engine/registry/entry_store.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "engine/core/random.h"
#include "tests/ledger/scratch.h"

using namespace tessera;
using namespace tessera::registry;
using test::Scratch;

namespace {

constexpr std::uint32_t kStride = 40;
constexpr RegistryName kName{1, 2, 3};
const ledger::Head kHead;

struct PlainRow {
  encoded::Tag tag{};
  encoded::Handle handle = 0;
  std::uint16_t presence = 0;
  std::vector<std::uint8_t> bits;
  std::uint16_t token = 0;
  std::int64_t batch = 0;
  auto operator<=>(const PlainRow&) const = default;
};

// What read_matching and read_all mean: no generations, slabs, tombstones or merges.
class PlainStore {
 public:
  void add(const PlainRow& row) { rows_.push_back(row); }
  void drop(std::int64_t batch, encoded::Handle handle) {
    std::erase_if(rows_, [&](const PlainRow& r) { return r.handle == handle && r.batch < batch; });
  }
  std::vector<PlainRow> matching(const std::set<encoded::Tag>& tags) const {
    std::vector<PlainRow> out;
    for (const PlainRow& r : rows_)
      if (tags.contains(r.tag)) out.push_back(r);
    std::sort(out.begin(), out.end());
    for (PlainRow& r : out) r.batch = 0;
    return out;
  }
  std::set<encoded::Tag> tags() const {
    std::set<encoded::Tag> out;
    for (const PlainRow& r : rows_) out.insert(r.tag);
    return out;
  }
  std::vector<encoded::Handle> handles() const {
    std::set<encoded::Handle> out;
    for (const PlainRow& r : rows_) out.insert(r.handle);
    return {out.begin(), out.end()};
  }

 private:
  std::vector<PlainRow> rows_;
};

std::vector<PlainRow> plain(const encoded::PassColumns& c, bool tokens) {
  std::vector<PlainRow> out;
  for (std::size_t i = 0; i < c.tags.size(); ++i) {
    const auto from = c.bits.begin() + static_cast<std::ptrdiff_t>(i * kStride);
    out.push_back({c.tags[i],
                   c.handles[i],
                   c.presence[i],
                   {from, from + kStride},
                   tokens ? c.ssn_tokens[i] : std::uint16_t{0},
                   0});
  }
  return out;
}

encoded::PassColumns columns(std::vector<PlainRow> rows) {
  std::sort(rows.begin(), rows.end());
  encoded::PassColumns c;
  c.stride = kStride;
  for (const PlainRow& r : rows) {
    c.tags.push_back(r.tag);
    c.handles.push_back(r.handle);
    c.presence.push_back(r.presence);
    c.bits.insert(c.bits.end(), r.bits.begin(), r.bits.end());
    c.ssn_tokens.push_back(r.token);
  }
  return c;
}

PlainRow draw(Splitmix& g, std::int64_t batch) {
  PlainRow r;
  r.tag[0] = static_cast<std::uint8_t>(g.below(40));  // many rows to a tag
  r.tag[15] = static_cast<std::uint8_t>(g.below(3));
  r.handle = g.next();
  r.presence = static_cast<std::uint16_t>(g.below(8));
  r.bits.assign(kStride, static_cast<std::uint8_t>(g.next()));
  r.token = static_cast<std::uint16_t>(g.next());
  r.batch = batch;
  return r;
}

}  // namespace

TEST_CASE("reads give what a plain list gives, through merges, drops, crashes and reopening") {
  for (std::uint64_t world = 1; world <= 4; ++world) {
    const Scratch scratch;
    const std::string path = scratch / "e";
    REQUIRE(EntryStore::create(path, kName, {kStride, kStride}, kHead));
    auto store = EntryStore::open(path, kName, Access::write);
    REQUIRE(store);
    REQUIRE(store->begin(0, kHead, "R.db"));
    std::vector<PlainStore> truth(2);
    Splitmix g(world, 3);
    Silent silent;
    std::int64_t live = 0;
    for (int step = 0; step < 30; ++step) {
      const std::int64_t batch = live + 1;
      std::vector<std::vector<PlainRow>> rows(2);
      for (std::size_t p = 0; p < 2; ++p) {
        const std::size_t n = g.below(step == 0 ? 900 : 120);
        for (std::size_t i = 0; i < n; ++i) rows[p].push_back(draw(g, batch));
        const auto c = columns(rows[p]);
        const EntryStore::Source source{c.view(), {}};
        REQUIRE(store->add_pass(batch, p, {&source, 1}));
      }
      std::vector<encoded::Handle> gone;
      for (const PlainStore& t : truth)
        for (const encoded::Handle h : t.handles())
          if (g.chance(.05)) gone.push_back(h);
      REQUIRE(store->drop_handles(batch, gone));
      if (g.chance(.2)) {  // the batch never comes
        store = EntryStore::open(path, kName, Access::write);
        REQUIRE(store);
        REQUIRE(store->begin(live, kHead, "R.db"));
      } else {
        live = batch;
        REQUIRE(store->make_live(live));
        for (std::size_t p = 0; p < 2; ++p) {
          for (const encoded::Handle h : gone) truth[p].drop(batch, h);
          for (const PlainRow& r : rows[p]) truth[p].add(r);
        }
        if (g.chance(.5)) REQUIRE(store->tidy(silent));
        if (g.chance(.1)) REQUIRE(store->compact(silent));
      }
      if (g.chance(.3)) {
        store = EntryStore::open(path, kName, g.chance(.5) ? Access::read : Access::write);
        REQUIRE(store);
        REQUIRE(store->begin(live, kHead, "R.db"));
      }
      for (std::size_t p = 0; p < 2; ++p) {
        std::set<encoded::Tag> asked = truth[p].tags();
        std::erase_if(asked, [&g](const encoded::Tag&) { return g.chance(.5); });
        encoded::Tag unknown{};
        unknown[3] = 9;
        asked.insert(unknown);
        const std::vector<encoded::Tag> tags(asked.begin(), asked.end());
        const auto read = store->read_matching(p, tags);
        REQUIRE(read);
        CHECK(plain(*read, true) == truth[p].matching(asked));
        const auto all = store->read_all(p);
        REQUIRE(all);
        CHECK(plain(*all, true) == truth[p].matching(truth[p].tags()));
      }
      CHECK(store->verify(silent));
      if (store->begin(live, kHead, "R.db") &&
          g.chance(1)) {  // a reader cannot write the next batch
        store = EntryStore::open(path, kName, Access::write);
        REQUIRE(store);
        REQUIRE(store->begin(live, kHead, "R.db"));
      }
    }
  }
}

TEST_CASE("a purge takes every token and nothing else, and its bytes are gone from the file") {
  const Scratch scratch;
  const std::string path = scratch / "e";
  REQUIRE(EntryStore::create(path, kName, {kStride}, kHead));
  auto store = EntryStore::open(path, kName, Access::write);
  REQUIRE(store);
  REQUIRE(store->begin(0, kHead, "R.db"));
  Splitmix g(7);
  std::vector<PlainRow> rows;
  for (int i = 0; i < 600; ++i) {
    rows.push_back(draw(g, 1));
    rows.back().token = 0xa55a;
  }
  const auto c = columns(rows);
  const EntryStore::Source source{c.view(), {}};
  REQUIRE(store->add_pass(1, 0, {&source, 1}));
  REQUIRE(store->make_live(1));
  const auto bytes = [&](const char* suffix) {
    std::ifstream in(path + suffix, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const std::string mark(40, '\x5a');
  std::string token;
  for (int i = 0; i < 16; ++i) token += "\x5a\xa5";
  CHECK((bytes("") + bytes("-wal")).find(token) != std::string::npos);
  const auto before = plain(*store->read_all(0), false);
  CHECK(store->read_all(0)->ssn_tokens.size() == 600);
  const auto purged = store->purge_ssn({});
  REQUIRE(purged);
  CHECK(purged->tokens == 600);
  REQUIRE(store->rewrite());
  CHECK(store->read_all(0)->ssn_tokens.empty());
  CHECK(plain(*store->read_all(0), false) == before);
  CHECK((bytes("") + bytes("-wal")).find(token) == std::string::npos);
  Silent silent;
  CHECK(store->verify(silent));
}

TEST_CASE("compacting leaves dropped entries out of the file") {
  const Scratch scratch;
  const std::string path = scratch / "e";
  REQUIRE(EntryStore::create(path, kName, {kStride}, kHead));
  auto store = EntryStore::open(path, kName, Access::write);
  REQUIRE(store);
  REQUIRE(store->begin(0, kHead, "R.db"));
  Splitmix g(8);
  std::vector<PlainRow> rows;
  for (int i = 0; i < 500; ++i) rows.push_back(draw(g, 1));
  auto c = columns(rows);
  EntryStore::Source source{c.view(), {}};
  REQUIRE(store->add_pass(1, 0, {&source, 1}));
  REQUIRE(store->make_live(1));
  const std::vector<encoded::Handle> gone{rows[0].handle, rows[1].handle};
  REQUIRE(store->drop_handles(2, gone));
  REQUIRE(store->make_live(2));
  CHECK(store->rows(0) == 500);  // hidden, but there
  CHECK(store->read_all(0)->tags.size() == 498);
  Silent silent;
  REQUIRE(store->compact(silent));
  CHECK(store->rows(0) == 498);
  CHECK(store->read_all(0)->tags.size() == 498);
}
