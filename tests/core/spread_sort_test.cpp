#include "engine/core/spread_sort.h"

#include <doctest/doctest.h>

#include "engine/core/random.h"

using namespace tessera;

namespace {

struct Item {
  std::uint64_t key = 0;
  std::uint32_t number = 0;
  bool operator<(const Item& o) const { return key != o.key ? key < o.key : number < o.number; }
  bool operator==(const Item&) const = default;
};

void check_sorts(std::vector<Item> items) {
  std::vector<Item> plain = items;
  std::ranges::sort(plain, std::less<>{});
  spread_sort(
      items, [](const Item& i) { return i.key; }, std::less<>{});
  CHECK(items == plain);
}

}  // namespace

TEST_CASE("items come out as std::sort orders them, for keys of every spread and any size") {
  Splitmix random(1);
  for (const std::size_t size : {0U, 1U, 2U, 15U, 16U, 17U, 1000U, 40000U})
    for (const int kind : {0, 1, 2, 3}) {
      std::vector<Item> items(size);
      for (std::uint32_t i = 0; i < size; ++i) {
        const std::uint64_t drawn = random.next();
        // Random; all in one bucket; few values; the two ends.
        items[i] = {kind == 0   ? drawn
                    : kind == 1 ? drawn >> 40
                    : kind == 2 ? (drawn & 3U) << 62
                                : (drawn & 1U ? ~std::uint64_t{0} : 0),
                    i};
      }
      check_sorts(std::move(items));
    }
}

TEST_CASE("any number of threads gives the same order") {
  Splitmix random(2);
  std::vector<Item> items(30000);
  for (std::uint32_t i = 0; i < items.size(); ++i) items[i] = {random.next(), i};
  for (const std::size_t n : {1U, 2U, 4U}) {
    set_threads(n);
    check_sorts(items);
  }
  set_threads(0);
}
