// Rules of the rows: each specimen is refused for its own reason, golden files keep their verdict.
#include "engine/encoded/validate.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "tests/encoded/damage.h"
#include "tests/encoded/sample.h"

namespace validate_test {

using namespace tessera;

namespace {

namespace fs = std::filesystem;

// What the reader says; "" if it lets the file in.
std::string refusal(ByteView bytes) {
  const auto file = encoded::File::parse(bytes, "f.tess");
  if (file) return "";
  CHECK(file.error().code == ErrorCode::format);
  CHECK(file.error().where == "f.tess");
  return file.error().what;
}

// Let in and not canonical would be two spellings of one file.
bool refused_or_canonical(ByteView bytes) {
  const auto file = encoded::File::parse(bytes, "f.tess");
  return !file || std::ranges::equal(reference::encode_plain(reference::content_of(*file)), bytes);
}

}  // namespace

TEST_CASE("every specimen is refused for its own reason") {
  for (const samples::Specimen& s : samples::bad_specimens()) {
    CAPTURE(s.name);
    const std::string said = refusal(s.bytes);
    CAPTURE(said);
    CHECK(!said.empty());
    CHECK(said.find(s.words) != std::string::npos);
  }
  for (const samples::Specimen& s : samples::good_specimens()) CHECK(refusal(s.bytes) == "");
}

TEST_CASE("golden files keep their verdict, and good ones are what the writer still writes") {
  std::size_t good = 0;
  std::size_t bad = 0;
  for (const auto& entry : fs::directory_iterator(TESSERA_TEST_DATA "/golden/encoded-v1")) {
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    const auto text = read_file(entry.path().string());
    REQUIRE(text);
    const std::string said = refusal(as_bytes(*text));
    CAPTURE(said);
    if (name.starts_with("good-")) {
      ++good;
      CHECK(said == "");
      CHECK(refused_or_canonical(as_bytes(*text)));
    } else {
      ++bad;
      CHECK(name.starts_with("bad-"));
      CHECK(said != "");
    }
  }
  CHECK(good >= samples::good_specimens().size());
  CHECK(bad >= samples::bad_specimens().size());
  auto specimens = samples::good_specimens();
  for (auto& s : samples::bad_specimens()) specimens.push_back(std::move(s));
  for (const samples::Specimen& s : specimens) {
    CAPTURE(s.name);
    const auto text = read_file(TESSERA_TEST_DATA "/golden/encoded-v1/" + s.name + ".tess");
    REQUIRE(text);
    CHECK(std::ranges::equal(as_bytes(*text), s.bytes));
  }
}

}  // namespace validate_test
