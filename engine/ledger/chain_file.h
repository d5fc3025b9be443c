// An exported chain: events and signed heads as lines of JSON, for whoever checks them elsewhere.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/file.h"
#include "engine/ledger/signed_head.h"

namespace tessera::ledger {

// Line 1: {"chain":NAME,"format":"tessera-chain-v1","key":KEY} (hex); then each event as
// {"body":TEXT,"seq":N,"type":TEXT}, and after the last event of a commit {"head":N,"signature":S}.
// Hashes are not written: the reader makes them again. docs/format/chain-v1.md.
Result<void> write_chain(Database& database, ByteView chain, const PublicKey& key, AtomicFile& out,
                         Progress& progress);

struct CheckedChain {
  Bytes chain;  // its name
  Head head;
  std::int64_t signed_heads = 0;
};
// Checks an exported chain against a public key that the reader has from elsewhere, and heads that
// receipts name. Error `format` that names the line or the event.
Result<CheckedChain> check_chain(std::string_view text, const std::string& name,
                                 const PublicKey& key, std::vector<SignedHead> anchors);

// The signed head of a receipt: member "chain" (seq, hash, signature) of a JSON text, as assign's
// summary.json has it. The signature is not checked here.
Result<SignedHead> read_receipt(std::string_view text, const std::string& name);

}  // namespace tessera::ledger
