#include "engine/ledger/chain_file.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "engine/core/hex_member.h"
#include "engine/core/json.h"

namespace tessera::ledger {
namespace {

constexpr std::string_view kFormat = "tessera-chain-v1";

const std::string* text_of(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  return member == nullptr ? nullptr : member->as_string();
}

const std::int64_t* integer_of(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  return member == nullptr ? nullptr : member->as_int();
}

std::string line_of(json::Object members) {
  return json::to_canonical(json::Value(std::move(members))) + "\n";
}

Error bad_line(const std::string& where) {
  return {ErrorCode::format, "is no line of an exported chain", where};
}

// One event or head. False in `known`: neither.
Result<void> take_line(const json::Value& line, const std::string& where, ChainCheck& check) {
  if (const std::int64_t* head = integer_of(line, "head")) {
    Signature signature{};
    if (!hex_member(line, "signature", signature)) return bad_line(where);
    return check.head(*head, signature);
  }
  const std::int64_t* seq = integer_of(line, "seq");
  const std::string* type = text_of(line, "type");
  const std::string* body = text_of(line, "body");
  if (seq == nullptr || type == nullptr || body == nullptr) return bad_line(where);
  return check.event(*seq, *type, *body);
}

}  // namespace

Result<void> write_chain(Database& database, ByteView chain, const PublicKey& key, AtomicFile& out,
                         Progress& progress) {
  out.write(line_of({{"chain", to_hex(chain)}, {"format", kFormat}, {"key", to_hex(key)}}));
  TESSERA_TRY(Statement events,
              database.prepare("SELECT e.seq, e.type, e.body, h.signature FROM event e "
                               "LEFT JOIN signed_head h ON h.seq = e.seq ORDER BY e.seq"));
  TESSERA_TRY(const Head end, read_head(database));
  progress.begin("writing events", static_cast<std::uint64_t>(end.seq), "events");
  for (;;) {
    TESSERA_TRY(const bool row, events.step());
    if (!row) return {};
    out.write(
        line_of({{"body", events.text(2)}, {"seq", events.integer(0)}, {"type", events.text(1)}}));
    if (!events.is_null(3))
      out.write(line_of({{"head", events.integer(0)}, {"signature", to_hex(events.blob(3))}}));
    progress.advance(1);
  }
}

Result<CheckedChain> check_chain(std::string_view text, const std::string& name,
                                 const PublicKey& key, std::vector<SignedHead> anchors) {
  CheckedChain out;
  std::optional<ChainCheck> check;
  for (std::size_t n = 1; !text.empty(); ++n) {
    const std::string where = fmt::format("{}:{}", name, n);
    const std::size_t end = std::min(text.find('\n'), text.size());
    TESSERA_TRY(const json::Value line, json::parse(text.substr(0, end), where));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (check) {
      TESSERA_CHECK(take_line(line, where, *check));
      continue;
    }
    const std::string* format = text_of(line, "format");
    const std::string* chain = text_of(line, "chain");
    const auto bytes = chain == nullptr ? std::nullopt : from_hex(*chain);
    PublicKey stated{};
    if (format == nullptr || *format != kFormat || !bytes || !hex_member(line, "key", stated))
      return Error{ErrorCode::format, "is no exported chain: its first line does not say so",
                   where};
    if (stated != key)
      return Error{ErrorCode::format, "was signed with another key than the one given", name};
    out.chain = *bytes;
    check.emplace(key, *bytes, std::move(anchors), name);
  }
  if (!check) return Error{ErrorCode::format, "is empty", name};
  TESSERA_CHECK(check->finish());
  out.head = check->reached();
  out.signed_heads = check->signed_heads();
  return out;
}

Result<SignedHead> read_receipt(std::string_view text, const std::string& name) {
  TESSERA_TRY(const json::Value value, json::parse(text, name));
  const json::Value* chain = value.find("chain");
  SignedHead out;
  const std::int64_t* seq = chain == nullptr ? nullptr : integer_of(*chain, "seq");
  if (seq == nullptr || *seq < 1 || !hex_member(*chain, "hash", out.head.hash) ||
      !hex_member(*chain, "signature", out.signature))
    return Error{ErrorCode::format,
                 "is no receipt: it needs member 'chain' with seq, hash and signature", name};
  out.head.seq = *seq;
  return out;
}

}  // namespace tessera::ledger
