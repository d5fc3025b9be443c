// A Result carries a value or an Error, through TRY and CHECK, for values that only move too.
#include "engine/core/result.h"

#include <memory>

#include <doctest/doctest.h>

using namespace tessera;

namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return Error{ErrorCode::format, "an odd number", "t:1"};
  return n / 2;
}
Result<int> quarter(int n) {
  TESSERA_TRY(const int h, half(n));
  TESSERA_TRY(const int q, half(h));
  return q;
}
Result<void> even(int n) {
  TESSERA_TRY(const int h, half(n));
  return h >= 0 ? Result<void>() : Error{ErrorCode::limit, "negative", ""};
}
Result<int> checked(int n) {
  TESSERA_CHECK(even(n));
  return n;
}
Result<std::unique_ptr<int>> boxed(int n) {
  TESSERA_TRY(const int h, half(n));
  TESSERA_TRY(std::unique_ptr<int> box, Result(std::make_unique<int>(h)));
  return box;
}

}  // namespace

TEST_CASE("a value passes, an error returns at once") {
  CHECK(*quarter(12) == 3);
  const auto first = quarter(3);
  REQUIRE_FALSE(first);
  CHECK(first.error().what == "an odd number");
  CHECK(first.error().where == "t:1");
  CHECK_FALSE(quarter(6).has_value());
}

TEST_CASE("Result<void> says only whether") {
  CHECK(even(2));
  CHECK(even(3).error().code == ErrorCode::format);
  CHECK(even(-2).error().code == ErrorCode::limit);
  CHECK(*checked(4) == 4);
  CHECK(checked(-4).error().code == ErrorCode::limit);
}

TEST_CASE("a value that only moves moves through") {
  auto box = boxed(10);
  REQUIRE(box);
  CHECK(**box == 5);
  const std::unique_ptr<int> out = *std::move(box);
  CHECK(*out == 5);
  CHECK_FALSE(boxed(1));
}
