// Damaged files: every cut and every changed byte of a small file is refused, and whatever is let
// in is written back to the same bytes.
#include "engine/encoded/reader.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "engine/core/parallel.h"
#include "tests/encoded/damage.h"
#include "tests/encoded/sample.h"

using namespace tessera;

namespace {

// What the reader says; "" if it lets the file in.
std::string refusal(ByteView bytes) {
  const auto file = encoded::File::parse(bytes, "f.tess");
  if (file) return "";
  CHECK(file.error().code == ErrorCode::format);
  CHECK(file.error().where == "f.tess");
  return file.error().what;
}

bool let_in(ByteView bytes) { return encoded::File::parse(bytes, "f.tess").has_value(); }

// Let in and not canonical would be two spellings of one file.
bool refused_or_canonical(ByteView bytes) {
  const auto file = encoded::File::parse(bytes, "f.tess");
  return !file || std::ranges::equal(reference::encode_plain(reference::content_of(*file)), bytes);
}

// A sanitizer makes each look ten times as dear: do less under it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr unsigned kStep = 23;
#else
constexpr unsigned kStep = 1;
#endif

Bytes small_file() { return samples::good_specimens().front().bytes; }

}  // namespace

TEST_CASE("every truncation is refused") {
  for (const samples::Specimen& s : samples::good_specimens())
    for (std::size_t size = 0; size < s.bytes.size(); ++size)
      if (let_in(ByteView(s.bytes).first(size))) FAIL(s.name << " cut to " << size);
}

TEST_CASE("every change of a single byte is refused") {
  const Bytes whole = small_file();
  parallel_for(whole.size(), 16, [&](std::size_t begin, std::size_t end) {
    Bytes bytes = whole;
    for (std::size_t at = begin; at < end; ++at) {
      for (unsigned x = 1; x < 256; x += kStep) {
        bytes[at] = static_cast<std::uint8_t>(whole[at] ^ x);
        if (let_in(bytes)) FAIL_CHECK("byte " << at << " xor " << x);
      }
      bytes[at] = whole[at];
    }
  });
}

TEST_CASE("behind right checksums, every change of a bit is refused or another whole file") {
  for (const samples::Specimen& s : samples::good_specimens()) {
    if (s.name == "good-wide") continue;  // seconds, and no rule that the small ones lack
    std::size_t kept = 0;
    for (std::size_t at = 0; at < s.bytes.size(); ++at)
      for (unsigned bit = 0; bit < 8; ++bit) {
        Bytes bytes = s.bytes;
        bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1U << bit));
        bytes = reference::resealed(std::move(bytes));
        if (!refused_or_canonical(bytes)) FAIL_CHECK(s.name << " byte " << at << " bit " << bit);
        kept += let_in(bytes) ? 1 : 0;
      }
    CHECK(kept > 0);  // an owner's name, a token, a tag that keeps the order
  }
}

TEST_CASE("the same fault is named for any number of threads, aligned or not") {
  reference::Content content = samples::make(samples::kWideSchema, 20000, 5);
  for (const std::size_t row : {39000, 25000, 20001})
    content.passes[0].bits[row * content.passes[0].stride] ^= 1;
  const Bytes bytes = reference::encode_plain(content);
  std::string first;
  for (const std::size_t n : {1, 2, 5}) {
    set_threads(n);
    const std::string said = refusal(bytes);
    CHECK(said.find("entries of pass dob_last: row 20002: slot 0 (field first)") !=
          std::string::npos);
    if (first.empty()) first = said;
    CHECK(said == first);
  }
  set_threads(0);
  const Bytes small = small_file();
  for (std::size_t shift = 0; shift < 8; ++shift) {
    Bytes moved(shift);
    moved.insert(moved.end(), small.begin(), small.end());
    CHECK(refused_or_canonical(ByteView(moved).subspan(shift)));
    CHECK(let_in(ByteView(moved).subspan(shift)));
  }
}

TEST_CASE("handles that crowd one bucket are found all the same") {
  reference::Content content = samples::make(samples::kSmallSchema, 300, 9);
  std::uint64_t next = 1;  // all in the lowest bucket
  for (encoded::JoinHandle& h : content.handles) {
    for (encoded::PassColumns& p : content.passes) std::ranges::replace(p.handles, h.handle, next);
    h.handle = next++;
  }
  for (encoded::PassColumns& p : content.passes) p.sort();
  const Bytes bytes = reference::encode_plain(content);
  const auto file = encoded::File::parse(bytes, "f.tess");
  REQUIRE(file);
  for (const encoded::JoinHandle& h : content.handles) CHECK(file->record_of(h.handle) == h.record);
}
