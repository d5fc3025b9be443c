// Sorted by handles, which are random: the order says nothing.
#include "engine/slips/score_file.h"

#include <algorithm>
#include <functional>

#include "engine/core/json.h"
#include "engine/encoded/sections.h"
#include "engine/slips/handle_list.h"
#include "engine/slips/header_members.h"

namespace tessera::slips {
namespace {

constexpr std::size_t kScoreBytes = 18;
constexpr std::int16_t kLargest = 400;

json::Value to_value(const Answering& a) {
  json::Value out = json::Object{{"automatic", a.automatic},   {"bare", to_hex(a.bare)},
                                 {"crowded", a.crowded},       {"crowds", a.crowds},
                                 {"moment", to_hex(a.moment)}, {"payloads", to_hex(a.payloads)},
                                 {"review", a.review}};
  if (a.stopped) {
    out.set("dropped", a.dropped);
    out.set("stopped", *a.stopped);
  }
  return out;
}

Result<void> take_probability(const json::Value& value, const char* name, double& out) {
  const json::Value* member = value.find(name);
  if (member == nullptr || !member->number(out) || !(out >= 0) || out > 1)
    return bad_header("'" + std::string(name) + "' is not a probability");
  return {};
}

Result<void> take_answering(const json::Value& value, ScoreHeader& out) {
  Answering& a = out.answering.emplace();
  TESSERA_CHECK(take_hex(value, "moment", a.moment));
  TESSERA_CHECK(take_hex(value, "payloads", a.payloads));
  TESSERA_CHECK(take_hex(value, "bare", a.bare));
  TESSERA_CHECK(take_probability(value, "automatic", a.automatic));
  TESSERA_CHECK(take_probability(value, "review", a.review));
  TESSERA_TRY(a.crowds, take_count(value.find("crowds"), "crowds"));
  TESSERA_TRY(a.crowded, take_count(value.find("crowded"), "crowded"));
  if (const json::Value* stopped = value.find("stopped"); stopped != nullptr) {
    TESSERA_TRY(a.stopped, take_count(stopped, "stopped"));
    TESSERA_TRY(a.dropped, take_count(value.find("dropped"), "dropped"));
  }
  return {};
}

Error bad(std::string what) { return {ErrorCode::format, std::move(what), ""}; }

Result<void> take_scores(ByteView rows, ScoreFile& out) {
  for (std::size_t at = 0; at < rows.size(); at += kScoreBytes) {
    const std::uint8_t* p = rows.data() + at;
    const ScoredHandles s{load_le<std::uint64_t>(p), load_le<std::uint64_t>(p + 8),
                          static_cast<std::int16_t>(load_le<std::uint16_t>(p + 16))};
    if (s.first >= s.second || s.decinats < -kLargest || s.decinats > kLargest)
      return bad("a pair that is none, or a logit out of range");
    if (at > 0 && out.scores.back() >= s) return bad("pairs are not sorted and unique");
    out.scores.push_back(s);
  }
  return {};
}

Result<void> take_crowds(ByteView& bytes, std::uint64_t crowds, ScoreFile& out) {
  for (std::uint64_t c = 0; c < crowds; ++c) {
    if (bytes.size() < 8) return bad("ends before its last crowd");
    CrowdHandles& crowd = out.crowds.emplace_back();
    crowd.pass = load_le<std::uint32_t>(bytes.data());
    const std::uint64_t n = load_le<std::uint32_t>(bytes.data() + 4);
    bytes = bytes.subspan(8);
    if (n < 2 || n > bytes.size() / 8) return bad("a crowd that is none, or is cut short");
    for (std::uint64_t i = 0; i < n; ++i)
      crowd.handles.push_back(load_le<std::uint64_t>(bytes.data() + i * 8));
    if (std::ranges::adjacent_find(crowd.handles, std::greater_equal<>()) != crowd.handles.end())
      return bad("the handles of a crowd are not sorted and unique");
    bytes = bytes.subspan(n * 8);
  }
  return {};
}

// REQUIRES: the header is out.header.
Result<void> take_body(ByteView body, ScoreFile& out) {
  const ScoreHeader& h = out.header;
  const std::uint64_t crowds = h.answering ? h.answering->crowds : 0;
  const std::uint64_t crowded = h.answering ? h.answering->crowded : 0;
  const std::uint64_t dropped = h.answering ? h.answering->dropped : 0;
  const std::uint64_t most = body.size() / 8;
  if (h.pairs > body.size() / kScoreBytes || crowds > most || crowded > most || dropped > most ||
      body.size() != encoded::padded(h.pairs * kScoreBytes) + (crowds + crowded + dropped) * 8)
    return bad("not as long as its pairs, crowds and handles are");
  TESSERA_CHECK(take_scores(body.first(h.pairs * kScoreBytes), out));
  body = body.subspan(encoded::padded(h.pairs * kScoreBytes));
  TESSERA_CHECK(take_crowds(body, crowds, out));
  TESSERA_TRY(out.dropped, take_handles(body, dropped));
  return body.empty() ? Result<void>{} : bad("bytes follow the last handle");
}

}  // namespace

std::string to_json(const ScoreHeader& h) {
  json::Value out =
      json::Object{{"batch", to_hex(h.batch)}, {"pairs", h.pairs}, {"pairs_floor", h.pairs_floor}};
  if (h.answering) out.set("registry", to_value(*h.answering));
  return json::to_canonical(out);
}

Result<ScoreHeader> score_header_from_json(std::string_view text) {
  TESSERA_TRY(const json::Value value, json::parse(text, "header"));
  ScoreHeader out;
  TESSERA_CHECK(take_hex(value, "batch", out.batch));
  TESSERA_TRY(out.pairs, take_count(value.find("pairs"), "pairs"));
  TESSERA_CHECK(take_probability(value, "pairs_floor", out.pairs_floor));
  if (const json::Value* registry = value.find("registry"); registry != nullptr)
    TESSERA_CHECK(take_answering(*registry, out));
  if (to_json(out) != text) return bad_header("not in canonical form");
  return out;
}

Result<void> write_scores(const std::string& path, const ScoreFile& file,
                          const seal::KeyPair& signer, AtomicFile::Options options) {
  TESSERA_TRY(SignedWriter out,
              SignedWriter::create(path, kScoreFile, to_json(file.header), std::move(options)));
  Bytes rows;
  rows.reserve(file.scores.size() * kScoreBytes);
  for (const ScoredHandles& s : file.scores) {
    append_le<std::uint64_t>(rows, s.first);
    append_le<std::uint64_t>(rows, s.second);
    append_le<std::uint16_t>(rows, static_cast<std::uint16_t>(s.decinats));
  }
  out.write(rows);
  out.pad();
  Bytes crowds;
  for (const CrowdHandles& c : file.crowds) {
    append_le<std::uint32_t>(crowds, c.pass);
    append_le<std::uint32_t>(crowds, static_cast<std::uint32_t>(c.handles.size()));
    append_handles(c.handles, crowds);
  }
  append_handles(file.dropped, crowds);
  out.write(crowds);
  return out.commit(signer);
}

Result<ScoreFile> read_scores(const std::string& path, const seal::PublicKey& comparer) {
  TESSERA_TRY(const SignedFile file, SignedFile::open(path, kScoreFile));
  TESSERA_CHECK(file.verify(comparer.bytes));
  ScoreFile out;
  const auto taken = [&]() -> Result<void> {
    TESSERA_TRY(out.header, score_header_from_json(file.header()));
    return take_body(file.body(), out);
  }();
  if (!taken) return Error{taken.error().code, taken.error().what, path};
  return out;
}

}  // namespace tessera::slips
