#include "engine/clkjoin/pair_file.h"

#include "tests/clkjoin/parties.h"

using namespace tessera;
using namespace tessera::clkjoin;

TEST_CASE("anonlink's binary and CSV files are read and written byte for byte") {
  for (const std::string name :
       {"cand_t0.75_kNone", "cand_t0.75_k2", "cand_t0.8_kNone", "cand_t0.8_k2"}) {
    const std::string binary = golden(name + ".bin");
    const std::string csv = golden(name + ".csv");
    const std::vector<Pair> pairs = pairs_in(binary);
    CHECK(pairs == pairs_in(csv));
    std::string again(as_text(binary_header()));
    append_binary(pairs, again);
    CHECK(again == binary);
    again.clear();
    append_csv(pairs, again);
    CHECK(again == csv);
  }
  CHECK(pairs_in(golden("cand_t0.75_kNone.bin")).size() == 690);
}

TEST_CASE("other sizes that anonlink allows are read") {
  Bytes file{1, 2, 1, 8};                  // half precision, one byte per dataset, eight per row
  append_le<std::uint16_t>(file, 0x3A00);  // 0.75
  file.push_back(0);
  file.push_back(1);
  append_le<std::uint64_t>(file, 5);
  append_le<std::uint64_t>(file, 70000);
  CHECK(pairs_in(std::string(as_text(file))) == std::vector<Pair>{{0.75, 0, 1, 5, 70000}});
  Bytes narrow{1, 4, 2, 2};
  append_le<std::uint32_t>(narrow, 0x3F400000);
  for (const int v : {3, 4, 8, 9}) append_le(narrow, static_cast<std::uint16_t>(v));
  CHECK(pairs_in(std::string(as_text(narrow))) == std::vector<Pair>{{0.75, 3, 4, 8, 9}});
}

TEST_CASE("damaged files are refused") {
  const std::string good = golden("cand_t0.8_kNone.bin");
  const auto refused = [](std::string_view file) {
    return !read_pairs(as_bytes(file), "p",
                       [](std::span<const Pair>) -> Result<void> { return {}; });
  };
  CHECK_FALSE(refused(good));
  CHECK_FALSE(refused(good.substr(0, 4)));
  CHECK(refused(good.substr(0, 3)));
  CHECK(refused(good.substr(0, good.size() - 1)));
  std::string sizes = good;
  sizes[1] = 3;
  CHECK(refused(sizes));
  std::string order = good.substr(0, 4) + good.substr(good.size() - 24) + good.substr(4, 24);
  CHECK(refused(order));
  CHECK(refused("0.9,0,1,1\n"));
  CHECK(refused("0.9,0,1,1,2,3\n"));
  CHECK(refused("1.5,0,1,1,2\n"));
  CHECK(refused("nan,0,1,1,2\n"));
  CHECK(refused("0.8,0,1,1,2\n0.9,0,1,1,2\n"));
  CHECK_FALSE(refused("0.9,0,1,1,2\r\n0.8,0,1,1,2"));
}
