#include "engine/disclosure/pseudonyms.h"

#include <set>

#include "tests/disclosure/desk.h"

using namespace tessera;
using namespace tessera::disclosure;

TEST_CASE("codes: the same within a project, other ones in another, none twice") {
  const Desk desk;
  Book book = desk.open();
  const std::unique_ptr<Random> random = system_random();
  std::vector<std::uint64_t> ids;
  for (int i = 0; i < 50; ++i) ids.push_back(id_of(i));
  std::vector<std::string> a, again, b;
  const auto draw = [&]() -> Result<void> {
    TESSERA_TRY(a, codes_for(book, "a", ids, *random));
    TESSERA_TRY(again, codes_for(book, "a", ids, *random));
    TESSERA_TRY(b, codes_for(book, "b", ids, *random));
    return {};
  };
  REQUIRE(book.change("test", {}, desk.today(), draw).has_value());
  CHECK(a == again);
  CHECK(std::set<std::string>(a.begin(), a.end()).size() == ids.size());
  std::set<std::string> both(a.begin(), a.end());
  both.insert(b.begin(), b.end());
  CHECK(both.size() == 2 * ids.size());
  CHECK(a[0].size() == 12);
}

TEST_CASE("shredded codes are gone from the files") {
  const Desk desk;
  std::string code;
  {
    Book book = desk.open();
    const std::unique_ptr<Random> random = system_random();
    const std::vector<std::uint64_t> ids{id_of(1)};
    const auto draw = [&]() -> Result<void> {
      TESSERA_TRY(const std::vector<std::string> codes, codes_for(book, "a", ids, *random));
      code = codes[0];
      return {};
    };
    REQUIRE(book.change("test", {}, desk.today(), draw).has_value());
    CHECK(bytes_hold(desk, code));
    REQUIRE(book.change("test", {}, desk.today(), [&] { return shred_pseudonyms(book, "a"); })
                .has_value());
    REQUIRE(book.settle().has_value());
  }
  CHECK(!bytes_hold(desk, code));
}
