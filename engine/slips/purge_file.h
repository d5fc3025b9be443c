// What a registrar has its comparer take out for good, SSNs or the whole of an epoch: its order,
// and the comparer's receipt for it.
// docs/format/slips.md has the tables.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/digest.h"
#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/schema/schema.h"
#include "engine/slips/signed_file.h"

namespace tessera::slips {

struct PurgeOrder {
  schema::Schema schema;                    // says which passes are keyed by the SSN
  std::array<std::uint8_t, 16> registry{};  // as Standing::registry
  Sha256 follows{};  // MixHeader::batch of what it took in last; of an ended epoch: the hash of the
                     // event that says so
  std::vector<encoded::Handle> live;  // of all that it has; sorted
  bool ended = false;                 // the epoch has: SSN or not, nothing of it stays
  Sha256 digest{};                    // of the file, once read: names the order
};

struct PurgeReceipt {
  std::array<std::uint8_t, 16> registry{};
  Sha256 follows{};                   // as the order says
  Sha256 order{};                     // PurgeOrder::digest
  std::uint64_t tokens = 0;           // that went
  std::uint64_t entries = 0;          // that went, of passes keyed by the SSN
  std::vector<encoded::Handle> gone;  // of the order's live ones, those of these entries; sorted
};

// One line of canonical JSON without the handles; `count`: how many they are. And back. Error
// (format) for what is not that of some header.
std::string to_json(const PurgeOrder& order, std::uint64_t count);
std::string to_json(const PurgeReceipt& receipt, std::uint64_t count);
Result<PurgeOrder> purge_order_from_json(std::string_view text, std::uint64_t& count);
Result<PurgeReceipt> purge_receipt_from_json(std::string_view text, std::uint64_t& count);

Result<void> write_order(const std::string& path, const PurgeOrder& order,
                         const seal::KeyPair& registrar, AtomicFile::Options options);
Result<void> write_receipt(const std::string& path, const PurgeReceipt& receipt,
                           const seal::KeyPair& comparer, AtomicFile::Options options);
// Checked: signature, length, order of handles.
Result<PurgeOrder> read_order(const std::string& path, const seal::PublicKey& registrar);
Result<PurgeReceipt> read_receipt(const std::string& path, const seal::PublicKey& comparer);

}  // namespace tessera::slips
