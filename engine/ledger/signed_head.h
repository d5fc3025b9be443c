// Signed heads: the registry's word, at each commit, that the chain ended there.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/core/signature.h"
#include "engine/ledger/event_log.h"

namespace tessera::ledger {

// A head and the Ed25519 signature over it.
struct SignedHead {
  Head head;
  Signature signature{};
  bool operator==(const SignedHead&) const = default;
};

// The signature over the label "tessera head v1", the chain's name (length-prefixed, u64 LE), seq
// (u64 LE) and hash. `chain` tells the chains of one key apart: a registry's name, or that of its
// access log.
Signature sign_head(const SigningKey& key, ByteView chain, const Head& head);
bool verifies(const PublicKey& key, ByteView chain, const SignedHead& signed_head);

// Signs the log's head and keeps it in table signed_head. REQUIRES: the write transaction that
// appended the events; not empty. A head that is signed already stays as it is.
Result<SignedHead> seal(Database& database, const EventLog& log, const SigningKey& key,
                        ByteView chain);
// The newest signed head; seq 0 if there is none.
Result<SignedHead> last_signed_head(Database& database);
// All of them in order.
Result<void> each_signed_head(Database& database,
                              const std::function<Result<void>(const SignedHead&)>& each);

// Follows a chain from its first event: recomputes every hash, checks every signed head against the
// public key, and remembers heads that somebody kept elsewhere. The same for a database and for an
// exported file. Not thread safe.
class ChainCheck {
 public:
  // `where` stands in errors. `anchors`: heads known from receipts; the chain must contain each.
  ChainCheck(PublicKey key, Bytes chain, std::vector<SignedHead> anchors, std::string where);
  // In order, from seq 1. Error `format` that names the event.
  Result<void> event(std::int64_t seq, std::string_view type, std::string_view body);
  // A head signed after its event was given; in order.
  Result<void> head(std::int64_t seq, const Signature& signature);
  // At the end. Error `format` if the last event is not signed, or an anchor was not met: the
  // chain was cut off, or is another one.
  Result<void> finish() const;

  const Head& reached() const { return at_; }
  std::int64_t signed_heads() const { return heads_; }

 private:
  PublicKey key_;
  Bytes chain_;
  std::vector<SignedHead> anchors_;  // by seq
  std::string where_;
  Head at_;
  std::int64_t heads_ = 0;
  std::int64_t last_signed_ = 0;
  std::size_t met_ = 0;  // anchors
};

// A ChainCheck over a whole database.
Result<Head> verify_signed_chain(Database& database, ChainCheck& check, Progress& progress);

}  // namespace tessera::ledger
