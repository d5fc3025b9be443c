#include "engine/clkjoin/clk_file.h"

#include <algorithm>
#include <cstring>

#include "tests/clkjoin/parties.h"

using namespace tessera;
using namespace tessera::clkjoin;

namespace {

std::string refusal(const std::string& text, std::size_t bytes_each = 0) {
  BlockNames names;
  Silent silent;
  const auto file = read_clks(as_bytes(text), "x.json", bytes_each, names, silent);
  return file ? "" : file.error().what;
}

}  // namespace

TEST_CASE("CLKs are those of the file, in row order") {
  BlockNames names;
  const ClkFile file = read(golden("clks_a.json"), names);
  CHECK(file.matrix.rows() == 400);
  CHECK(file.matrix.bits() == 1024);
  CHECK_FALSE(file.has_blocks);
  const auto document = json::parse(golden("clks_a.json"), "a");
  REQUIRE(document);
  const json::Array& clks = *document->find("clks")->as_array();
  for (std::size_t i = 0; i < clks.size(); ++i) {
    const Bytes bytes = *from_base64(*clks[i].as_string());
    CHECK(std::memcmp(bytes.data(), file.matrix.row(i), bytes.size()) == 0);
  }
}

TEST_CASE("every length of filter is read, line breaks and all") {
  for (std::size_t n = 1; n < 200; n += 7) {
    Bytes bytes(n);
    for (std::size_t i = 0; i < n; ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + n);
    std::string base64 = to_base64(bytes);
    BlockNames names;
    const ClkFile plain = read(R"({"encodings": [")" + base64 + R"(", ")" + base64 + "\"]}", names);
    CHECK(plain.matrix.rows() == 2);
    CHECK(plain.matrix.bits() == 8 * n);
    CHECK(std::memcmp(bytes.data(), plain.matrix.row(1), n) == 0);
    for (std::size_t at = 4; at < base64.size(); at += 6) base64.insert(at, "\\n");
    const ClkFile broken = read(R"({"clks": [")" + base64 + "\"]}", names);
    CHECK(std::memcmp(bytes.data(), broken.matrix.row(0), n) == 0);
    const ClkFile raw = read(std::string(as_text(bytes)) + std::string(as_text(bytes)), names, n);
    CHECK(raw.matrix.rows() == 2);
    CHECK(std::memcmp(bytes.data(), raw.matrix.row(1), n) == 0);
  }
}

TEST_CASE("blocks come with the CLKs, in either of the service's forms") {
  BlockNames names;
  const ClkFile pairs = read(
      R"({"clknblocks": [["AAAA", "x", 7, "x"], ["/wAA"], ["AQEB", "y"]], "more": [1, {"a": null}]})",
      names);
  CHECK(pairs.has_blocks);
  CHECK(pairs.matrix.rows() == 3);
  CHECK(std::ranges::equal(pairs.blocks.of(0), std::vector<std::uint32_t>{0, 1}));
  CHECK(pairs.blocks.of(1).empty());
  CHECK(std::ranges::equal(pairs.blocks.of(2), std::vector<std::uint32_t>{2}));
  const ClkFile apart = read(
      R"({"blocks": {"2": ["7"], "0": ["z", "y"]}, "encodings": ["AAAA", "/wAA", "AQEB"]})", names);
  CHECK(std::ranges::equal(apart.blocks.of(0), std::vector<std::uint32_t>{2, 3}));
  CHECK(std::ranges::equal(apart.blocks.of(2), std::vector<std::uint32_t>{1}));  // "7" is 7
  const auto blocks = read_blocks(as_bytes(golden("blocks_psig_a.json")), "b", 400, names);
  REQUIRE(blocks);
  CHECK(blocks->of(0).size() == 3);
  CHECK_FALSE(read_blocks(as_bytes(golden("blocks_psig_a.json")), "b", 10, names));
}

TEST_CASE("what is no file of CLKs is refused, and a CLK is never quoted") {
  for (const char* text : {"",
                           "[]",
                           "{}",
                           R"({"clks": {}})",
                           R"({"clks": "AAAA"})",
                           R"({"clks": [5]})",
                           R"({"clks": [["AAAA"]]})",
                           R"({"clks": [null]})",
                           R"({"clks": ["A"]})",
                           R"({"clks": [""]})",
                           R"({"clks": ["zqM*"]})",
                           R"({"clks": ["AAAA", "zqMARK=="]})",
                           R"({"clks": ["AAAA"], "clks": []})",
                           R"({"clknblocks": [[]]})",
                           R"({"clknblocks": [[7]]})",
                           R"({"clknblocks": ["AAAA"]})",
                           R"({"clks": ["AAAA"], "blocks": {"x": ["k"]}})",
                           R"({"clks": ["AAAA"], "blocks": {"1": ["k"]}})",
                           R"({"clks": ["AAAA"], "blocks": ["k"]})",
                           R"({"clks": ["AAAA"])",
                           "{\"clks\": [\"AA\xFF\xFF\"]}"}) {
    const std::string what = refusal(text);
    CHECK_MESSAGE(!what.empty(), std::string(text));
    CHECK(what.find("zqM") == std::string::npos);
  }
  CHECK(refusal(R"({"clks": []})").empty());
  CHECK(refusal("abc", 3).empty());
  CHECK_FALSE(refusal("abc", 2).empty());
  CHECK_FALSE(refusal("abc", 5000).empty());
  // JSON is never taken for raw filters, and what only begins like it is.
  CHECK_FALSE(refusal("{\"clks\": []}\n\n\n\n", 8).empty());
  CHECK_FALSE(refusal(" {\n\"clknblocks\": []}", 1).empty());
  CHECK(refusal("{\"clk", 5).empty());
}
