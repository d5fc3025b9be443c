// Orders to purge and receipts for them: whole, or refused.
#include "engine/slips/purge_file.h"

#include <cstdlib>

#include <doctest/doctest.h>

#include "engine/core/json.h"
#include "tests/ledger/scratch.h"
#include "tests/slips/slips_sample.h"

namespace purge_file_test {

using namespace tessera;

namespace {

slips::PurgeOrder sample_order() {
  slips::PurgeOrder out;
  out.schema = *schema::from_json(*json::parse(samples::kSmallSchema, "test"), "test");
  out.registry.fill(6);
  out.follows.fill(7);
  out.live = {1, 9, UINT64_MAX};
  return out;
}

slips::PurgeReceipt sample_receipt() {
  slips::PurgeReceipt out;
  out.registry.fill(6);
  out.follows.fill(7);
  out.order.fill(8);
  out.tokens = 40;
  out.entries = 3;
  out.gone = {9, UINT64_MAX};
  return out;
}

// TESSERA_WRITE_GOLDEN=1 in the environment writes it; a golden file that is there stays.
std::string golden(const std::string& name, const std::string& made) {
  const std::string path = std::string(TESSERA_TEST_DATA) + "/golden/slips-v1/" + name;
  if (std::getenv("TESSERA_WRITE_GOLDEN") != nullptr && !file_exists(path))
    REQUIRE(write_file(path, *read_file(made), {}));
  return path;
}

}  // namespace

TEST_CASE("an order and a receipt come back, as does each golden file") {
  const test::Scratch folder;
  const slips::PurgeOrder order = sample_order();
  REQUIRE(slips::write_order(folder / "o", order, samples::registrars_key(), {}));
  const std::string kept = golden("good-purge.order", folder / "o");
  CHECK(*read_file(kept) == *read_file(folder / "o"));
  const auto back = slips::read_order(kept, samples::registrars_key().open);
  if (!back) FAIL(back.error().what);
  CHECK(back->live == order.live);
  CHECK(back->registry == order.registry);
  CHECK(back->follows == order.follows);
  CHECK(back->digest != Sha256{});
  CHECK(schema::digest(back->schema) == schema::digest(order.schema));

  const slips::PurgeReceipt receipt = sample_receipt();
  REQUIRE(slips::write_receipt(folder / "r", receipt, samples::comparers_key(), {}));
  const std::string answer = golden("good-purge.receipt", folder / "r");
  CHECK(*read_file(answer) == *read_file(folder / "r"));
  const auto answered = slips::read_receipt(answer, samples::comparers_key().open);
  if (!answered) FAIL(answered.error().what);
  CHECK(answered->gone == receipt.gone);
  CHECK(answered->order == receipt.order);
  CHECK(answered->tokens == 40);
  CHECK(answered->entries == 3);
}

TEST_CASE("an order for an epoch that has ended says so, and in one way") {
  const test::Scratch folder;
  slips::PurgeOrder order = sample_order();
  order.ended = true;
  order.live.clear();
  REQUIRE(slips::write_order(folder / "o", order, samples::registrars_key(), {}));
  const auto back = slips::read_order(folder / "o", samples::registrars_key().open);
  REQUIRE(back);
  CHECK(back->ended);
  std::uint64_t count = 0;
  std::string header = to_json(order, 0);
  CHECK(slips::purge_order_from_json(header, count)->ended);
  CHECK_FALSE(slips::purge_order_from_json(to_json(sample_order(), 0), count)->ended);
  header.replace(header.find("true"), 4, "false");
  CHECK_FALSE(slips::purge_order_from_json(header, count));
}

TEST_CASE("who did not sign it, and what is the other's, is refused") {
  const test::Scratch folder;
  REQUIRE(slips::write_order(folder / "o", sample_order(), samples::registrars_key(), {}));
  REQUIRE(slips::write_receipt(folder / "r", sample_receipt(), samples::comparers_key(), {}));
  CHECK(slips::read_order(folder / "o", samples::comparers_key().open).error().code ==
        ErrorCode::crypto);
  CHECK(slips::read_receipt(folder / "r", samples::registrars_key().open).error().code ==
        ErrorCode::crypto);
  CHECK(slips::read_order(folder / "r", samples::comparers_key().open).error().what ==
        "not an order to purge");
  CHECK(slips::read_receipt(folder / "o", samples::registrars_key().open).error().what ==
        "not a receipt for a purge");
}

TEST_CASE("handles that are not as the header counts them are refused") {
  const test::Scratch folder;
  const auto refused = [&](std::uint64_t said, const std::vector<encoded::Handle>& handles) {
    slips::PurgeOrder order = sample_order();
    auto out = slips::SignedWriter::create(folder / "o", slips::kPurgeOrder, to_json(order, said),
                                           {.force = true});
    REQUIRE(out);
    Bytes body;
    for (const encoded::Handle h : handles) append_le<std::uint64_t>(body, h);
    out->write(body);
    REQUIRE(out->commit(samples::registrars_key()));
    const auto read = slips::read_order(folder / "o", samples::registrars_key().open);
    return !read && read.error().where == folder / "o";
  };
  CHECK_FALSE(refused(2, {1, 2}));
  CHECK(refused(1, {1, 2}));
  CHECK(refused(3, {1, 2}));
  CHECK(refused(UINT64_MAX / 8, {1, 2}));
  CHECK(refused(2, {2, 1}));
}

TEST_CASE("a header has one spelling") {
  std::uint64_t count = 0;
  const std::string order = to_json(sample_order(), 3);
  CHECK(slips::purge_order_from_json(order, count));
  CHECK(count == 3);
  CHECK_FALSE(slips::purge_order_from_json(" " + order, count));
  const std::string receipt = to_json(sample_receipt(), 2);
  CHECK(slips::purge_receipt_from_json(receipt, count));
  CHECK(count == 2);
  for (const char* member : {"entries", "follows", "gone", "name", "order", "tokens"}) {
    std::string bent = receipt;
    bent.replace(bent.find(member), 1, "x");
    CHECK_FALSE(slips::purge_receipt_from_json(bent, count));
    CHECK_FALSE(slips::purge_order_from_json(bent, count));
  }
}

}  // namespace purge_file_test
