#include "engine/slips/signed_file.h"

#include <doctest/doctest.h>

#include "tests/ledger/scratch.h"
#include "tests/slips/slips_sample.h"

using namespace tessera;
using slips::SignedFile;
using slips::SignedWriter;

namespace {

std::string write_one(const std::string& path, const slips::Sort& sort, std::string_view body) {
  auto out = SignedWriter::create(path, sort, "{\"a\":1}", {.force = true});
  REQUIRE(out);
  out->write(as_bytes(body));
  REQUIRE(out->commit(samples::registrars_key()));
  return *read_file(path);
}

}  // namespace

TEST_CASE("header and body come back, signed for one sort and by one hand") {
  const test::Scratch folder;
  const std::string path = folder / "f";
  write_one(path, slips::kMixFile, "body....");
  const auto file = SignedFile::open(path, slips::kMixFile);
  REQUIRE(file);
  CHECK(file->header() == "{\"a\":1}");
  CHECK(as_text(file->body()) == "body....");
  CHECK(file->verify(samples::registrars_key().open.bytes));
  CHECK(file->verify(samples::comparers_key().open.bytes).error().code == ErrorCode::crypto);
  CHECK(SignedFile::open(path, slips::kScoreFile).error().code == ErrorCode::format);
  CHECK(SignedWriter::create("-", slips::kMixFile, "{}", {}).error().code == ErrorCode::usage);
}

TEST_CASE("a signature for one sort serves no other") {
  const test::Scratch folder;
  std::string text = write_one(folder / "f", slips::kMixFile, "body....");
  std::copy(slips::kScoreFile.magic.begin(), slips::kScoreFile.magic.end(), text.begin());
  REQUIRE(write_file(folder / "g", text, {}));
  const auto file = SignedFile::open(folder / "g", slips::kScoreFile);
  REQUIRE(file);
  CHECK_FALSE(file->verify(samples::registrars_key().open.bytes));
}

TEST_CASE("a byte changed or cut anywhere is noticed") {
  const test::Scratch folder;
  const std::string text = write_one(folder / "f", slips::kMixFile, "body.");
  const auto key = samples::registrars_key().open.bytes;
  const auto good = [&](const std::string& bytes) {
    REQUIRE(write_file(folder / "g", bytes, {.force = true}));
    const auto file = SignedFile::open(folder / "g", slips::kMixFile);
    return file && file->verify(key);
  };
  REQUIRE(good(text));
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string bent = text;
    bent[i] = static_cast<char>(bent[i] ^ 1);
    CHECK_FALSE(good(bent));
    CHECK_FALSE(good(text.substr(0, i)));
  }
  CHECK_FALSE(good(text + "x"));
}
