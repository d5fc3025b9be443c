// Every encoding vector, byte for byte, and what stops an encoding.
#include "engine/clk/encode_table.h"

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "engine/core/parallel.h"

using namespace tessera;
using namespace tessera::clk;

namespace {

std::string golden(const std::string& path) {
  auto text = read_file(std::string(TESSERA_TEST_DATA) + "/golden/clk/" + path);
  REQUIRE_MESSAGE(text, path);
  return *text;
}

Result<std::string> encode(const std::string& schema, const std::string& table,
                           const std::string& secret, Header header = Header::check,
                           EncoderOptions options = {}) {
  TESSERA_TRY(LinkageSchema s, load_linkage_schema(schema, "schema.json", {options.strict}));
  TESSERA_TRY(const Encoder encoder, Encoder::create(std::move(s), as_bytes(secret), options));
  Silent silent;
  std::string out;
  TESSERA_TRY(const EncodeTally tally, encode_table(
                                           table, "pii.csv", encoder, header,
                                           [&](std::string_view part) { out += part; }, silent));
  static_cast<void>(tally);
  return out;
}

// A schema of one column, "x".
std::string one_column(const std::string& format, const std::string& hashing, int length = 1024) {
  return R"({"version":3,"clkConfig":{"l":)" + std::to_string(length) +
         R"(,"kdf":{"type":"HKDF"}},"features":[{"identifier":"x","format":)" + format +
         R"(,"hashing":)" + hashing + "}]}";
}
const std::string kBigrams =
    R"({"comparison":{"type":"ngram","n":2},"strategy":{"bitsPerToken":10}})";

}  // namespace

TEST_CASE("CLKs are clkhash's, byte for byte, on every vector") {
  for (const std::string set :
       {"upstream_clk_regression", "gen_01_randomnames_blake", "gen_02_randomnames_doublehash",
        "gen_03_sha512_fold", "gen_08_schema_v1", "gen_10_febrl_docs_schema"}) {
    const auto got =
        encode(golden(set + "/schema.json"), golden(set + "/pii.csv"), golden(set + "/secret.txt"));
    REQUIRE_MESSAGE(got, set, ": ", got ? "" : got.error().what);
    CHECK_MESSAGE(*got == golden(set + "/clks.json"), set);
  }
  for (const std::string party : {"a", "b", "c"}) {
    const auto got =
        encode(golden("linkage_3party/schema.json"), golden("linkage_3party/" + party + ".csv"),
               golden("linkage_3party/secret.txt"));
    REQUIRE(got);
    CHECK_MESSAGE(*got == golden("linkage_3party/clks_" + party + ".json"), party);
  }
}

TEST_CASE("many pieces of work give the same file, whatever the threads") {
  const std::string schema = golden("gen_01_randomnames_blake/schema.json");
  const std::string secret = golden("gen_01_randomnames_blake/secret.txt");
  const std::string table = golden("gen_01_randomnames_blake/pii.csv");
  const std::size_t body = table.find('\n') + 1;
  std::string big = table;
  for (int i = 0; i < 39; ++i) big += table.substr(body);  // 1.2 MB: several pieces
  set_threads(1);
  const auto one = encode(schema, big, secret);
  set_threads(3);
  const auto three = encode(schema, big, secret);
  set_threads(0);
  REQUIRE(one);
  REQUIRE(three);
  CHECK(*one == *three);
  const std::string once = golden("gen_01_randomnames_blake/clks.json");
  const std::string items = once.substr(10, once.size() - 12);
  CHECK(one->size() == 12 + 40 * items.size() + 39 * 2);
  CHECK(one->substr(10, items.size()) == items);
  CHECK(one->substr(one->size() - 2 - items.size(), items.size()) == items);
}

TEST_CASE("quoted cells that hold line ends are cut in the right places") {
  std::string table = "x\n";
  for (int i = 0; i < 30000; ++i)
    table += "\"line " + std::to_string(i) + "\nnext, \"\"row\"\"\"\n";
  const auto got = encode(one_column(R"({"type":"string"})", kBigrams), table, "s");
  REQUIRE(got);
  std::size_t rows = 0;
  for (std::size_t at = got->find('"', 8); at != std::string::npos; at = got->find('"', at + 1))
    ++rows;
  CHECK(rows / 2 == 30000);
}

TEST_CASE("an empty table has no CLKs, and an empty record is all zeros") {
  CHECK(*encode(one_column(R"({"type":"string"})", kBigrams), "x\n", "s") == R"({"clks": []})");
  CHECK(*encode(one_column(R"({"type":"string"})", kBigrams, 64), "x\n\"\"\n", "s") ==
        R"({"clks": ["AAAAAAAAAAA="]})");
}

TEST_CASE("headers are checked, skipped or absent") {
  const std::string schema = one_column(R"({"type":"string"})", kBigrams, 64);
  const auto checked = encode(schema, "x\nab\n", "s");
  REQUIRE(checked);
  CHECK_FALSE(encode(schema, "y\nab\n", "s"));
  CHECK_FALSE(encode(schema, "x,y\nab\n", "s"));
  CHECK_FALSE(encode(schema, "", "s"));
  CHECK(*encode(schema, "y\nab\n", "s", Header::ignore) == *checked);
  CHECK(*encode(schema, "ab\n", "s", Header::none) == *checked);
  CHECK(*encode(schema, "ab", "s", Header::none) == *checked);
  CHECK(*encode(schema, "x\r\nab\r\n", "s") == *checked);
}

TEST_CASE("errors name the line, the column and the rule, and never the cell") {
  struct Bad {
    std::string format, cell;
  };
  const std::string marker = "zqMARKERqz";
  for (const Bad& bad :
       std::initializer_list<Bad>{{R"({"type":"integer"})", marker},
                                  {R"({"type":"integer","maximum":5})", "777777"},
                                  {R"({"type":"date","format":"%Y-%m-%d"})", marker},
                                  {R"({"type":"enum","values":["a"]})", marker},
                                  {R"({"type":"string","pattern":"[0-9]+"})", marker},
                                  {R"({"type":"string","maxLength":3})", marker},
                                  {R"({"type":"string","minLength":30})", marker},
                                  {R"({"type":"string","case":"upper"})", marker},
                                  {R"({"type":"string","case":"lower"})", marker},
                                  {R"({"type":"string","encoding":"ascii"})", marker + "\xC3\xA9"},
                                  {R"({"type":"string"})", marker + ",second"},
                                  {R"({"type":"string"})", marker + "\xFF"}}) {
    const std::string& format = bad.format;  // clang 14 captures no structured binding
    const std::string& cell = bad.cell;
    const auto got =
        encode(one_column(format, kBigrams), "x\n\"\"\n" + cell + "\n", "s", Header::ignore);
    const auto first = encode(one_column(format, kBigrams), "x\n" + cell + "\n", "s");
    for (const auto* r : {&got, &first}) {
      REQUIRE_FALSE_MESSAGE(*r, format);
      CHECK(r->error().what.find(cell.substr(0, 6)) == std::string::npos);
      CHECK(r->error().where.find(cell.substr(0, 6)) == std::string::npos);
      CHECK(r->error().where.starts_with("pii.csv:"));
    }
    CHECK(first.error().where.ends_with(cell.ends_with('\xFF') ? ":2" : ":2"));
  }
  CHECK_FALSE(
      encode(one_column(R"({"type":"string"})", kBigrams), "x\nab\n\ncd\n", "s"));  // blank line
}

TEST_CASE("without validation only what cannot be read is refused") {
  const EncoderOptions off{false, false};
  const auto run = [&](const std::string& format, const std::string& cell) {
    return encode(one_column(format, kBigrams), "x\n" + cell + "\n", "s", Header::check, off)
        .has_value();
  };
  CHECK(run(R"({"type":"string","maxLength":1})", "abc"));
  CHECK(run(R"({"type":"enum","values":["a"]})", "b"));
  CHECK(run(R"({"type":"integer","maximum":5})", "6"));
  CHECK(run(R"({"type":"string","pattern":"a"})", "b"));
  CHECK_FALSE(run(R"({"type":"integer"})", "six"));
  CHECK_FALSE(run(R"({"type":"date","format":"%Y"})", "six"));
  CHECK_FALSE(run(R"({"type":"string","encoding":"ascii"})", "\xC3\xA9"));
  // Not even a token that sets no bits, as those after the third here.
  const std::string few =
      R"({"comparison":{"type":"ngram","n":2},"strategy":{"bitsPerFeature":3}})";
  const std::string ascii = one_column(R"({"type":"string","encoding":"ascii"})", few);
  CHECK_FALSE(encode(ascii, "x\nabcdef\xC3\xA9\n", "s", Header::check, off));
  CHECK(encode(ascii, "x\nabcdefe\n", "s", Header::check, off));
}

TEST_CASE("missing values: the sentinel, its replacement, and no check of either") {
  const std::string with =
      R"({"comparison":{"type":"ngram","n":1},"strategy":{"bitsPerToken":10},)";
  const std::string integer = R"({"type":"integer","maximum":50})";
  const auto clk = [&](const std::string& missing, const std::string& cell) {
    const auto r = encode(one_column(integer, with + R"("missingValue":)" + missing + "}", 64),
                          "x\n" + cell + "\n", "s");
    REQUIRE(r);
    return *r;
  };
  CHECK(clk(R"({"sentinel":"n/a","replaceWith":"007"})", "n/a") != clk(R"({"sentinel":""})", "7"));
  CHECK(clk(R"({"sentinel":"n/a","replaceWith":"7"})", "n/a") == clk(R"({"sentinel":""})", "007"));
  CHECK(clk(R"({"sentinel":"n/a"})", "n/a").find("AAAAAAAAAAA=") == std::string::npos);
  CHECK(clk(R"({"sentinel":"n/a","replaceWith":""})", "n/a").find("AAAAAAAAAAA=") !=
        std::string::npos);
}

TEST_CASE("strict follows the documentation where clkhash does not") {
  const std::string folded =
      R"({"version":3,"clkConfig":{"l":512,"xorFolds":1,"kdf":{"type":"HKDF"}},"features":[
        {"identifier":"x","format":{"type":"string"},"hashing":)" +
      kBigrams + "}]}";
  std::string snake = folded;
  snake.replace(snake.find("xorFolds"), 8, "xor_folds");
  const std::string table = "x\nabcdef\n";
  CHECK(*encode(folded, table, "s") != *encode(snake, table, "s"));
  CHECK(*encode(folded, table, "s", Header::check, {true, true}) == *encode(snake, table, "s"));
  const std::string date = one_column(R"({"type":"date","format":"%Y-%m-%d"})", kBigrams);
  const std::string integer = one_column(R"({"type":"string"})", kBigrams);
  CHECK(*encode(date, "x\n0123-01-12\n", "s") == *encode(integer, "x\n1230112\n", "s"));
  CHECK(*encode(date, "x\n0123-01-12\n", "s", Header::check, {true, true}) ==
        *encode(integer, "x\n01230112\n", "s"));
}

TEST_CASE("a refused row leaves nothing behind in the encoder") {
  const std::string bigrams =
      R"("format":{"type":"string","maxLength":9},"hashing":)" + kBigrams + "}";
  auto schema = load_linkage_schema(
      R"({"version":3,"clkConfig":{"l":1024,"kdf":{"type":"HKDF"}},"features":[{"identifier":"x",)" +
          bigrams + R"(,{"identifier":"y",)" + bigrams + "]}",
      "s", {});
  REQUIRE(schema);
  const auto encoder = Encoder::create(*std::move(schema), as_bytes("s"), {});
  REQUIRE(encoder);
  auto fresh = RowEncoder::create(*encoder);
  auto used = RowEncoder::create(*encoder);
  REQUIRE((fresh && used));
  const auto bytes = [](Result<ByteView> r) {
    REQUIRE(r);
    return Bytes(r->begin(), r->end());
  };
  CHECK_FALSE(used->encode({"good", "far too long"}));
  CHECK(bytes(used->encode({"abc", "de"})) == bytes(fresh->encode({"abc", "de"})));
}
