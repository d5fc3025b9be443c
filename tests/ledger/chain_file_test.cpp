#include "engine/ledger/chain_file.h"

#include <doctest/doctest.h>

#include "tests/ledger/scratch.h"

namespace chain_file_test {

using namespace tessera;
using namespace tessera::ledger;

namespace {

const Bytes kName = {7, 7};

SigningKey signer() {
  std::array<std::uint8_t, 32> seed{};
  seed[3] = 9;
  return SigningKey::from_seed(seed);
}

std::vector<std::string> exported(std::vector<SignedHead>& receipts) {
  const test::Scratch scratch;
  auto db = Database::in_memory();
  REQUIRE(db->exec(event_ddl()));
  auto log = EventLog::open(*db);
  for (int i = 0; i < 6; ++i) {
    REQUIRE(log->append("note", "{\"text\":\"line \\n and quote \\\"\"}"));
    if (i % 2 == 1) receipts.push_back(*seal(*db, *log, signer(), kName));
  }
  auto out = AtomicFile::create(scratch / "chain.jsonl", {});
  Silent silent;
  REQUIRE(write_chain(*db, kName, signer().public_key(), *out, silent));
  REQUIRE(out->commit());
  const std::string text = *read_file(scratch / "chain.jsonl");
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end + 1 - at));
    at = end + 1;
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& l : lines) out += l;
  return out;
}

bool accepted(const std::vector<std::string>& lines, std::vector<SignedHead> anchors) {
  return check_chain(joined(lines), "chain", signer().public_key(), std::move(anchors)).has_value();
}

}  // namespace

TEST_CASE("an exported chain is checked with nothing but the key and a receipt") {
  std::vector<SignedHead> receipts;
  const auto lines = exported(receipts);
  const auto found = check_chain(joined(lines), "chain", signer().public_key(), receipts);
  REQUIRE(found);
  CHECK(found->head.seq == 6);
  CHECK(found->signed_heads == 3);
  CHECK(found->chain == kName);
}

TEST_CASE("every line altered, dropped, swapped, doubled; every cut: found") {
  std::vector<SignedHead> receipts;
  const auto lines = exported(receipts);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    CAPTURE(i);
    auto dropped = lines;
    dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(i));
    // A signature in the middle may be missing: a later one covers its events.
    const bool middle_head = lines[i].starts_with("{\"head\"") && i + 1 < lines.size();
    CHECK(accepted(dropped, {receipts.back()}) == middle_head);
    auto doubled = lines;
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    CHECK(accepted(doubled, {receipts.back()}) == lines[i].starts_with("{\"head\""));
    if (i + 1 < lines.size()) {
      auto swapped = lines;
      std::swap(swapped[i], swapped[i + 1]);
      CHECK_FALSE(accepted(swapped, {receipts.back()}));
      const std::vector<std::string> cut(lines.begin(),
                                         lines.begin() + static_cast<std::ptrdiff_t>(i + 1));
      CHECK_FALSE(accepted(cut, {receipts.back()}));
    }
    for (std::size_t k = 0; k + 1 < lines[i].size(); ++k) {
      auto altered = lines;
      altered[i][k] = altered[i][k] == '1' ? '2' : '1';
      CHECK_FALSE(accepted(altered, {receipts.back()}));
    }
  }
}

TEST_CASE("a receipt is read, and what is none is refused") {
  CHECK_FALSE(read_receipt("{}", "r"));
  CHECK_FALSE(read_receipt("{\"chain\":{\"seq\":1,\"hash\":\"00\",\"signature\":\"00\"}}", "r"));
  const std::string good = "{\"chain\":{\"seq\":4,\"hash\":\"" + std::string(64, 'a') +
                           "\",\"signature\":\"" + std::string(128, 'b') + "\"}}";
  CHECK(read_receipt(good, "r")->head.seq == 4);
}

}  // namespace chain_file_test
