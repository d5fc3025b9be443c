// Slips are copied as they are, sealed, from wherever chance says.
#include "engine/slips/mix_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/json.h"
#include "engine/encoded/sections.h"
#include "engine/schema/layout.h"
#include "engine/slips/handle_list.h"
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

json::Value to_value(const Standing& s) {
  json::Array harmless;
  for (const auto& most : s.harmless) harmless.push_back(most ? json::Value(*most) : json::Value());
  json::Value out = json::Object{{"follows", to_hex(s.follows)},
                                 {"harmless", std::move(harmless)},
                                 {"moment", to_hex(s.moment)},
                                 {"name", to_hex(s.registry)},
                                 {"own", s.own},
                                 {"stored", s.stored}};
  if (s.stopped) out.set("stopped", *s.stopped);
  return out;
}

Result<void> take_standing(const json::Value& value, MixHeader& out) {
  Standing& s = out.standing.emplace();
  TESSERA_CHECK(take_hex(value, "name", s.registry));
  TESSERA_CHECK(take_hex(value, "moment", s.moment));
  TESSERA_CHECK(take_hex(value, "follows", s.follows));
  TESSERA_TRY(s.own, take_count(value.find("own"), "own"));
  TESSERA_TRY(s.stored, take_count(value.find("stored"), "stored"));
  if (const json::Value* stopped = value.find("stopped"); stopped != nullptr) {
    TESSERA_TRY(s.stopped, take_count(stopped, "stopped"));
  }
  const json::Value* member = value.find("harmless");
  const json::Array* harmless = member == nullptr ? nullptr : member->as_array();
  if (harmless == nullptr || harmless->size() != out.schema.passes.size())
    return bad_header("'harmless' is not one bound for each pass");
  for (const json::Value& most : *harmless) {
    s.harmless.emplace_back();
    if (most.is_null()) continue;
    TESSERA_TRY(s.harmless.back(), take_count(&most, "harmless"));
  }
  return {};
}

}  // namespace

std::string to_json(const MixHeader& h) {
  json::Array rows;
  for (const std::uint64_t n : h.rows) rows.emplace_back(n);
  json::Value out = json::Object{{"batch", to_hex(h.batch)},
                                 {"entries_key", to_hex(h.entries_key)},
                                 {"possible_matches", h.possible_matches},
                                 {"records", h.records},
                                 {"rows", std::move(rows)},
                                 {"schema", schema::to_json(h.schema)}};
  if (h.standing) out.set("registry", to_value(*h.standing));
  return json::to_canonical(out);
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
  if (const json::Value* registry = value.find("registry"); registry != nullptr)
    TESSERA_CHECK(take_standing(*registry, out));
  if (to_json(out) != text) return bad_header("not in canonical form");
  return out;
}

Result<void> write_mix(const std::string& path, const MixHeader& header,
                       const std::vector<std::vector<ByteView>>& parts,
                       const StoredHandles& handles, const seal::KeyPair& signer, Random& random,
                       AtomicFile::Options options) {
  TESSERA_TRY(SignedWriter out,
              SignedWriter::create(path, kMixFile, to_json(header), std::move(options)));
  for (std::size_t p = 0; p < parts.size(); ++p)
    write_pass(out, parts[p], slip_size(header.schema, p), random);
  Bytes stored;
  for (const auto* list : {&handles.live, &handles.own, &handles.stopped})
    append_handles(*list, stored);
  out.write(stored);
  return out.commit(signer);
}

Result<MixFile> MixFile::open(const std::string& path, const seal::PublicKey& registrar) {
  TESSERA_TRY(SignedFile file, SignedFile::open(path, kMixFile));
  TESSERA_CHECK(file.verify(registrar.bytes));
  auto header = mix_header_from_json(file.header());
  if (!header) return Error{header.error().code, header.error().what, path};
  MixFile out(std::move(file), *std::move(header));
  TESSERA_TRY(const ByteView left, out.take_slips(out.file_.body()));
  if (auto taken = out.take_lists(left); !taken)
    return Error{taken.error().code, taken.error().what, path};
  return out;
}

Result<ByteView> MixFile::take_slips(ByteView body) {
  for (std::size_t p = 0; p < header_.rows.size(); ++p) {
    const std::uint64_t size = header_.rows[p] * slip_size(header_.schema, p);
    if (encoded::padded(size) > body.size())
      return Error{ErrorCode::format, "ends before its last slip", path()};
    slips_.push_back(body.first(size));
    body = body.subspan(encoded::padded(size));
  }
  return body;
}

Result<void> MixFile::take_lists(ByteView body) {
  if (header_.standing) {
    const Standing& s = *header_.standing;
    TESSERA_TRY(handles_.live, take_handles(body, s.stored));
    TESSERA_TRY(handles_.own, take_handles(body, s.own));
    TESSERA_TRY(handles_.stopped, take_handles(body, s.stopped.value_or(0)));
  }
  if (!body.empty())
    return Error{ErrorCode::format, "not as long as its slips and handles are", path()};
  if (!std::ranges::includes(handles_.live, handles_.own))
    return Error{ErrorCode::format, "a handle of the mix's own records is not stored", path()};
  return {};
}

}  // namespace tessera::slips
