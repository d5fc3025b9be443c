// Slips are copied as they are, sealed, from wherever chance says.
#include "engine/slips/mix_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/json.h"
#include "engine/encoded/sections.h"
#include "engine/schema/layout.h"
#include "engine/slips/header_members.h"
#include "engine/slips/slip.h"

namespace tessera::slips {
namespace {

constexpr std::size_t kPiece = 1 << 12;  // slips put together at a time

std::size_t slip_size(const schema::Schema& schema, std::size_t pass) {
  return sealed_slip_bytes(schema::layout(schema, pass).stride);
}

void write_pass(SignedWriter& out, const std::vector<ByteView>& parts, std::size_t size,
                Random& random) {
  std::vector<const std::uint8_t*> slips;
  for (const ByteView& part : parts)
    for (std::size_t at = 0; at < part.size(); at += size) slips.push_back(part.data() + at);
  const auto order = shuffled(static_cast<std::uint32_t>(slips.size()), random);
  Bytes piece;
  for (std::size_t i = 0; i < order.size(); ++i) {
    piece.insert(piece.end(), slips[order[i]], slips[order[i]] + size);
    if (piece.size() < kPiece * size && i + 1 < order.size()) continue;
    out.write(piece);
    piece.clear();
  }
  out.pad();
}

Result<void> take_rows(const json::Value& value, MixHeader& out) {
  const json::Value* member = value.find("rows");
  const json::Array* rows = member == nullptr ? nullptr : member->as_array();
  if (rows == nullptr || rows->size() != out.schema.passes.size())
    return bad_header("'rows' is not one count for each pass");
  std::uint64_t total = 0;
  for (const json::Value& row : *rows) {
    TESSERA_TRY(const std::uint64_t n, take_count(&row, "rows"));
    if (n > encoded::kMostRows || (total += n) > encoded::kMostRows)
      return bad_header("more slips than the format holds");
    out.rows.push_back(n);
  }
  return {};
}

}  // namespace

std::string to_json(const MixHeader& h) {
  json::Array rows;
  for (const std::uint64_t n : h.rows) rows.emplace_back(n);
  return json::to_canonical(json::Object{{"batch", to_hex(h.batch)},
                                         {"entries_key", to_hex(h.entries_key)},
                                         {"possible_matches", h.possible_matches},
                                         {"records", h.records},
                                         {"rows", std::move(rows)},
                                         {"schema", schema::to_json(h.schema)}});
}

Result<MixHeader> mix_header_from_json(std::string_view text) {
  TESSERA_TRY(const json::Value value, json::parse(text, "header"));
  MixHeader out;
  const json::Value* schema = value.find("schema");
  if (schema == nullptr) return bad_header("'schema' is missing");
  TESSERA_TRY(out.schema, schema::from_json(*schema, "header: schema"));
  TESSERA_CHECK(take_hex(value, "batch", out.batch));
  TESSERA_CHECK(take_hex(value, "entries_key", out.entries_key));
  TESSERA_TRY(out.records, take_count(value.find("records"), "records"));
  TESSERA_TRY(out.possible_matches, take_count(value.find("possible_matches"), "possible_matches"));
  TESSERA_CHECK(take_rows(value, out));
  if (to_json(out) != text) return bad_header("not in canonical form");
  return out;
}

Result<void> write_mix(const std::string& path, const MixHeader& header,
                       const std::vector<std::vector<ByteView>>& parts, const seal::KeyPair& signer,
                       Random& random, AtomicFile::Options options) {
  TESSERA_TRY(SignedWriter out,
              SignedWriter::create(path, kMixFile, to_json(header), std::move(options)));
  for (std::size_t p = 0; p < parts.size(); ++p)
    write_pass(out, parts[p], slip_size(header.schema, p), random);
  return out.commit(signer);
}

Result<MixFile> MixFile::open(const std::string& path, const seal::PublicKey& registrar) {
  TESSERA_TRY(SignedFile file, SignedFile::open(path, kMixFile));
  TESSERA_CHECK(file.verify(registrar.bytes));
  auto header = mix_header_from_json(file.header());
  if (!header) return Error{header.error().code, header.error().what, path};
  MixFile out(std::move(file), *std::move(header));
  ByteView left = out.file_.body();
  for (std::size_t p = 0; p < out.header_.rows.size(); ++p) {
    const std::uint64_t size = out.header_.rows[p] * slip_size(out.header_.schema, p);
    if (encoded::padded(size) > left.size())
      return Error{ErrorCode::format, "ends before its last slip", path};
    out.slips_.push_back(left.first(size));
    left = left.subspan(encoded::padded(size));
  }
  if (!left.empty()) return Error{ErrorCode::format, "bytes follow the last slip", path};
  return out;
}

}  // namespace tessera::slips
