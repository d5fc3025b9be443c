// Sorted by handles, which are random: the order says nothing.
#include "engine/slips/score_file.h"

#include <cmath>

#include "engine/core/json.h"
#include "engine/encoded/sections.h"
#include "engine/slips/header_members.h"

namespace tessera::slips {
namespace {

constexpr std::size_t kScoreBytes = 18;
constexpr std::int16_t kLargest = 400;

}  // namespace

std::string to_json(const ScoreHeader& h) {
  return json::to_canonical(
      json::Object{{"batch", to_hex(h.batch)}, {"pairs", h.pairs}, {"pairs_floor", h.pairs_floor}});
}

Result<ScoreHeader> score_header_from_json(std::string_view text) {
  TESSERA_TRY(const json::Value value, json::parse(text, "header"));
  ScoreHeader out;
  TESSERA_CHECK(take_hex(value, "batch", out.batch));
  TESSERA_TRY(out.pairs, take_count(value.find("pairs"), "pairs"));
  const json::Value* floor = value.find("pairs_floor");
  if (floor == nullptr || !floor->number(out.pairs_floor) || !(out.pairs_floor >= 0) ||
      out.pairs_floor > 1)
    return bad_header("'pairs_floor' is not a probability");
  if (to_json(out) != text) return bad_header("not in canonical form");
  return out;
}

Result<void> write_scores(const std::string& path, const ScoreHeader& header,
                          const std::vector<ScoredHandles>& scores, const seal::KeyPair& signer,
                          AtomicFile::Options options) {
  TESSERA_TRY(SignedWriter out,
              SignedWriter::create(path, kScoreFile, to_json(header), std::move(options)));
  Bytes rows;
  rows.reserve(scores.size() * kScoreBytes);
  for (const ScoredHandles& s : scores) {
    append_le<std::uint64_t>(rows, s.first);
    append_le<std::uint64_t>(rows, s.second);
    append_le<std::uint16_t>(rows, static_cast<std::uint16_t>(s.decinats));
  }
  out.write(rows);
  return out.commit(signer);
}

Result<ScoreFile> read_scores(const std::string& path, const seal::PublicKey& comparer) {
  auto bad = [&](std::string what) { return Error{ErrorCode::format, std::move(what), path}; };
  TESSERA_TRY(const SignedFile file, SignedFile::open(path, kScoreFile));
  TESSERA_CHECK(file.verify(comparer.bytes));
  auto header = score_header_from_json(file.header());
  if (!header) return bad(header.error().what);
  ScoreFile out{*header, {}};
  const ByteView rows = file.body();
  if (out.header.pairs > rows.size() / kScoreBytes ||
      rows.size() != encoded::padded(out.header.pairs * kScoreBytes))
    return bad("not as long as its pairs are");
  for (std::size_t i = 0; i < out.header.pairs; ++i) {
    const std::uint8_t* p = rows.data() + i * kScoreBytes;
    const ScoredHandles s{load_le<std::uint64_t>(p), load_le<std::uint64_t>(p + 8),
                          static_cast<std::int16_t>(load_le<std::uint16_t>(p + 16))};
    if (s.first >= s.second || s.decinats < -kLargest || s.decinats > kLargest)
      return bad("a pair that is none, or a logit out of range");
    if (i > 0 && out.scores.back() >= s) return bad("pairs are not sorted and unique");
    out.scores.push_back(s);
  }
  return out;
}

}  // namespace tessera::slips
