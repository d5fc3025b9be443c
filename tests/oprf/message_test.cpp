#include "engine/oprf/message.h"

#include <doctest/doctest.h>

using namespace tessera;
using namespace tessera::oprf;

namespace {

Request request(std::size_t n) {
  Request r{"north", "2026", "dob_last", 1790000000, {}, {}};
  r.public_key.fill(5);
  for (std::size_t i = 0; i < n; ++i) {
    r.elements.emplace_back();
    store_le<std::uint32_t>(r.elements.back().data(), static_cast<std::uint32_t>(i));
  }
  return r;
}

Bytes with_signature(const Request& r) {
  SignatureBytes s;
  s.fill(9);
  return signed_request(unsigned_request(r), s);
}

}  // namespace

TEST_CASE("a request comes back whole, and what was signed is what comes before the signature") {
  const Request r = request(3);
  const Bytes bytes = with_signature(r);
  const auto back = read_request(bytes);
  REQUIRE(back);
  CHECK(back->request.owner == r.owner);
  CHECK(back->request.epoch == r.epoch);
  CHECK(back->request.key == r.key);
  CHECK(back->request.made == r.made);
  CHECK(back->request.public_key == r.public_key);
  CHECK(back->request.elements == r.elements);
  CHECK(back->signature[0] == 9);
  const Bytes plain = unsigned_request(r);
  CHECK(std::ranges::equal(back->signed_part, plain));
}

TEST_CASE("every shorter or longer request is refused") {
  Bytes bytes = with_signature(request(2));
  for (std::size_t n = 0; n < bytes.size(); ++n)
    CHECK_FALSE(read_request(ByteView(bytes).first(n)));
  bytes.push_back(0);
  CHECK_FALSE(read_request(bytes));
}

TEST_CASE("counts and names out of bounds are refused") {
  CHECK_FALSE(read_request(with_signature(request(0))));
  Request r = request(1);
  r.owner = "north/..";
  CHECK_FALSE(read_request(with_signature(r)));
  r.owner = "";
  CHECK_FALSE(read_request(with_signature(r)));
  r = request(1);
  r.key = "a b";
  CHECK_FALSE(read_request(with_signature(r)));
  // A count that promises more than follows must not be believed.
  Bytes bytes = with_signature(request(1));
  const std::size_t count = bytes.size() - 64 - 32 - 4;
  store_le<std::uint32_t>(bytes.data() + count, 100000);
  CHECK_FALSE(read_request(bytes));
  store_le<std::uint32_t>(bytes.data() + count, 0xffffffff);
  const auto huge = read_request(bytes);
  REQUIRE_FALSE(huge);
  CHECK(huge.error().code == ErrorCode::limit);
}

TEST_CASE("the largest request is as large as it is said to be") {
  Request r = request(kMostElements);
  r.owner = std::string(64, 'o');
  r.epoch = std::string(32, 'e');
  r.key = std::string(32, 'k');
  const Bytes bytes = with_signature(r);
  CHECK(bytes.size() == largest_request());
  CHECK(read_request(bytes));
}

TEST_CASE("an answer comes back whole, with a proof for each group begun") {
  for (const std::size_t n : {std::size_t{1}, kProofGroup, kProofGroup + 1}) {
    const Request r = request(n);
    Answer a{batch_digest(r.public_key, r.elements), r.elements, {}};
    a.proofs.resize((n + kProofGroup - 1) / kProofGroup);
    Bytes bytes = to_bytes(a);
    const auto back = read_answer(bytes);
    REQUIRE(back);
    CHECK(back->batch == a.batch);
    CHECK(back->elements == a.elements);
    CHECK(back->proofs.size() == a.proofs.size());
    CHECK_FALSE(read_answer(ByteView(bytes).first(bytes.size() - 1)));
    bytes.push_back(0);
    CHECK_FALSE(read_answer(bytes));
  }
}

TEST_CASE("a batch's digest follows its key and elements, in order") {
  Request r = request(3);
  const Sha256 before = batch_digest(r.public_key, r.elements);
  std::swap(r.elements[0], r.elements[1]);
  CHECK(batch_digest(r.public_key, r.elements) != before);
  std::swap(r.elements[0], r.elements[1]);
  CHECK(batch_digest(r.public_key, r.elements) == before);
  r.public_key[0] ^= 1;
  CHECK(batch_digest(r.public_key, r.elements) != before);
}
