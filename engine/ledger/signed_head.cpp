#include "engine/ledger/signed_head.h"

#include <algorithm>

#include <fmt/format.h>

namespace tessera::ledger {
namespace {

constexpr std::string_view kHeadLabel = "tessera head v1";

Bytes message_of(ByteView chain, const Head& head) {
  Bytes out(as_bytes(kHeadLabel).begin(), as_bytes(kHeadLabel).end());
  append_le<std::uint64_t>(out, chain.size());
  out.insert(out.end(), chain.begin(), chain.end());
  append_le<std::uint64_t>(out, static_cast<std::uint64_t>(head.seq));
  out.insert(out.end(), head.hash.begin(), head.hash.end());
  return out;
}

constexpr std::string_view kHeads =
    "SELECT h.seq, e.hash, h.signature FROM signed_head h LEFT JOIN event e ON e.seq = h.seq ";

Result<SignedHead> read(const Statement& s, const Database& database) {
  SignedHead out;
  out.head.seq = s.integer(0);
  if (!copy_whole(s.blob(1), out.head.hash) || !copy_whole(s.blob(2), out.signature))
    return Error{ErrorCode::format,
                 fmt::format("the signed head of event {} has lost its event or its signature",
                             out.head.seq),
                 database.path()};
  return out;
}

}  // namespace

Signature sign_head(const SigningKey& key, ByteView chain, const Head& head) {
  return key.sign(message_of(chain, head));
}

bool verifies(const PublicKey& key, ByteView chain, const SignedHead& s) {
  return tessera::verifies(key, message_of(chain, s.head), s.signature);
}

Result<SignedHead> seal(Database& database, const EventLog& log, const SigningKey& key,
                        ByteView chain) {
  const SignedHead out{log.head(), sign_head(key, chain, log.head())};
  TESSERA_TRY(Statement s,
              database.prepare("INSERT INTO signed_head(seq, signature) VALUES(?1, ?2) "
                               "ON CONFLICT DO NOTHING"));  // a change that changed nothing
  TESSERA_CHECK(s.bind(1, out.head.seq).bind(2, ByteView(out.signature)).run());
  return out;
}

Result<SignedHead> last_signed_head(Database& database) {
  TESSERA_TRY(Statement s, database.prepare(std::string(kHeads) + "ORDER BY h.seq DESC LIMIT 1"));
  TESSERA_TRY(const bool row, s.step());
  if (!row) return SignedHead{};
  return read(s, database);
}

Result<void> each_signed_head(Database& database,
                              const std::function<Result<void>(const SignedHead&)>& each) {
  TESSERA_TRY(Statement s, database.prepare(std::string(kHeads) + "ORDER BY h.seq"));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return {};
    TESSERA_TRY(const SignedHead head, read(s, database));
    TESSERA_CHECK(each(head));
  }
}

ChainCheck::ChainCheck(PublicKey key, Bytes chain, std::vector<SignedHead> anchors,
                       std::string where)
    : key_(key), chain_(std::move(chain)), anchors_(std::move(anchors)), where_(std::move(where)) {
  std::ranges::sort(anchors_, {}, [](const SignedHead& s) { return s.head.seq; });
}

Result<void> ChainCheck::event(std::int64_t seq, std::string_view type, std::string_view body) {
  if (seq != at_.seq + 1)
    return Error{ErrorCode::format,
                 fmt::format("event {} is missing, or events are out of order there", at_.seq + 1),
                 where_};
  at_ = {seq, event_hash(seq, type, at_.hash, body)};
  for (; met_ < anchors_.size() && anchors_[met_].head.seq == seq; ++met_)
    if (anchors_[met_].head.hash != at_.hash)
      return Error{ErrorCode::format,
                   fmt::format("a receipt names another event {} than this chain has: an event up "
                               "to there was changed",
                               seq),
                   where_};
  return {};
}

Result<void> ChainCheck::head(std::int64_t seq, const Signature& signature) {
  if (seq != at_.seq || !verifies(key_, chain_, {at_, signature}))
    return Error{ErrorCode::format,
                 fmt::format("the signed head of event {} does not fit: an event after {} was "
                             "changed, or another key signed",
                             seq, last_signed_),
                 where_};
  last_signed_ = seq;
  ++heads_;
  return {};
}

Result<void> ChainCheck::finish() const {
  if (met_ < anchors_.size())
    return Error{ErrorCode::format,
                 fmt::format("ends at event {}, and a receipt names event {}: the end was cut off",
                             at_.seq, anchors_[met_].head.seq),
                 where_};
  if (last_signed_ != at_.seq)
    return Error{ErrorCode::format,
                 fmt::format("events {} to {} are not signed", last_signed_ + 1, at_.seq), where_};
  return {};
}

Result<Head> verify_signed_chain(Database& database, ChainCheck& check, Progress& progress) {
  TESSERA_TRY(Statement heads, database.prepare("SELECT seq, signature FROM signed_head "
                                                "ORDER BY seq"));
  TESSERA_TRY(bool more, heads.step());
  const auto sign = [&](std::int64_t upto) -> Result<void> {
    while (more && heads.integer(0) <= upto) {
      Signature signature{};
      if (!copy_whole(heads.blob(1), signature))
        return Error{ErrorCode::format, "a signature has not 64 bytes", database.path()};
      TESSERA_CHECK(check.head(heads.integer(0), signature));
      TESSERA_TRY(more, heads.step());
    }
    return {};
  };
  const auto each = [&](const Event& e) -> Result<void> {
    TESSERA_CHECK(check.event(e.seq, e.type, e.body));
    return sign(e.seq);
  };
  TESSERA_TRY(const Head head, verify_chain(database, progress, each));
  TESSERA_CHECK(sign(INT64_MAX));
  TESSERA_CHECK(check.finish());
  return head;
}

}  // namespace tessera::ledger
