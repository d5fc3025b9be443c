// Two sorts of one shape: a header, and handles.
#include "engine/slips/purge_file.h"

#include "engine/core/json.h"
#include "engine/slips/handle_list.h"
#include "engine/slips/header_members.h"

namespace tessera::slips {
namespace {

Result<void> write(const std::string& path, const Sort& sort, const std::string& header,
                   const std::vector<encoded::Handle>& handles, const seal::KeyPair& signer,
                   AtomicFile::Options options) {
  TESSERA_TRY(SignedWriter out, SignedWriter::create(path, sort, header, std::move(options)));
  Bytes body;
  append_handles(handles, body);
  out.write(body);
  return out.commit(signer);
}

Result<std::vector<encoded::Handle>> take_body(const SignedFile& file, std::uint64_t count) {
  ByteView body = file.body();
  TESSERA_TRY(auto out, take_handles(body, count));
  if (!body.empty()) return Error{ErrorCode::format, "bytes follow the last handle", ""};
  return out;
}

Error at(const Error& error, const std::string& path) { return {error.code, error.what, path}; }

}  // namespace

std::string to_json(const PurgeOrder& order, std::uint64_t count) {
  json::Value out = json::Object{{"follows", to_hex(order.follows)},
                                 {"name", to_hex(order.registry)},
                                 {"schema", schema::to_json(order.schema)},
                                 {"stored", count}};
  if (order.ended) out.set("ended", true);
  return json::to_canonical(out);
}

std::string to_json(const PurgeReceipt& receipt, std::uint64_t count) {
  return json::to_canonical(json::Object{{"entries", receipt.entries},
                                         {"follows", to_hex(receipt.follows)},
                                         {"gone", count},
                                         {"name", to_hex(receipt.registry)},
                                         {"order", to_hex(receipt.order)},
                                         {"tokens", receipt.tokens}});
}

Result<PurgeOrder> purge_order_from_json(std::string_view text, std::uint64_t& count) {
  TESSERA_TRY(const json::Value value, json::parse(text, "header"));
  PurgeOrder out;
  const json::Value* schema = value.find("schema");
  if (schema == nullptr) return bad_header("'schema' is missing");
  TESSERA_TRY(out.schema, schema::from_json(*schema, "header: schema"));
  TESSERA_CHECK(take_hex(value, "name", out.registry));
  TESSERA_CHECK(take_hex(value, "follows", out.follows));
  TESSERA_TRY(count, take_count(value.find("stored"), "stored"));
  out.ended = value.find("ended") != nullptr;  // of no other spelling than true
  if (to_json(out, count) != text) return bad_header("not in canonical form");
  return out;
}

Result<PurgeReceipt> purge_receipt_from_json(std::string_view text, std::uint64_t& count) {
  TESSERA_TRY(const json::Value value, json::parse(text, "header"));
  PurgeReceipt out;
  TESSERA_CHECK(take_hex(value, "name", out.registry));
  TESSERA_CHECK(take_hex(value, "follows", out.follows));
  TESSERA_CHECK(take_hex(value, "order", out.order));
  TESSERA_TRY(out.tokens, take_count(value.find("tokens"), "tokens"));
  TESSERA_TRY(out.entries, take_count(value.find("entries"), "entries"));
  TESSERA_TRY(count, take_count(value.find("gone"), "gone"));
  if (to_json(out, count) != text) return bad_header("not in canonical form");
  return out;
}

Result<void> write_order(const std::string& path, const PurgeOrder& order,
                         const seal::KeyPair& registrar, AtomicFile::Options options) {
  return write(path, kPurgeOrder, to_json(order, order.live.size()), order.live, registrar,
               std::move(options));
}

Result<void> write_receipt(const std::string& path, const PurgeReceipt& receipt,
                           const seal::KeyPair& comparer, AtomicFile::Options options) {
  return write(path, kPurgeReceipt, to_json(receipt, receipt.gone.size()), receipt.gone, comparer,
               std::move(options));
}

Result<PurgeOrder> read_order(const std::string& path, const seal::PublicKey& registrar) {
  TESSERA_TRY(const SignedFile file, SignedFile::open(path, kPurgeOrder));
  TESSERA_CHECK(file.verify(registrar.bytes));
  std::uint64_t count = 0;
  auto out = purge_order_from_json(file.header(), count);
  if (!out) return at(out.error(), path);
  auto handles = take_body(file, count);
  if (!handles) return at(handles.error(), path);
  out->live = *std::move(handles);
  out->digest = file.digest();
  return out;
}

Result<PurgeReceipt> read_receipt(const std::string& path, const seal::PublicKey& comparer) {
  TESSERA_TRY(const SignedFile file, SignedFile::open(path, kPurgeReceipt));
  TESSERA_CHECK(file.verify(comparer.bytes));
  std::uint64_t count = 0;
  auto out = purge_receipt_from_json(file.header(), count);
  if (!out) return at(out.error(), path);
  auto handles = take_body(file, count);
  if (!handles) return at(handles.error(), path);
  out->gone = *std::move(handles);
  return out;
}

}  // namespace tessera::slips
