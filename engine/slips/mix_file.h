// A mix: the slips of several owners in one heap per pass, as the registrar hands them on.
// docs/format/slips.md has the table.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/schema/schema.h"
#include "engine/slips/signed_file.h"

namespace tessera::slips {

// Fewer records are too few to hide among: a comparer tells which entries are one record's by how
// they resemble their neighbours, the surer the smaller the batch.
inline constexpr std::uint64_t kLeastRecords = 1000;

// What a mix for assigning says of the registry it is compared with. Its entries are with the
// comparer, who knows them by their handles.
struct Standing {
  std::array<std::uint8_t, 16> registry{};  // a name for it and the epoch: each has its own store
  Sha256 moment{};                          // the head of its chain of events
  Sha256 follows{};                         // MixHeader::batch of what it took in last
  std::uint64_t stored = 0;                 // handles of StoredHandles::live
  std::uint64_t own = 0;                    // of StoredHandles::own
  // Of StoredHandles::stopped. Absent: no owner of the files may not send SSNs. Else tokens are not
  // compared at all, as in the plain deployment.
  std::optional<std::uint64_t> stopped;
  // Per pass: a block with no more rows of one file and of the store is not reported; absent: none
  // is.
  std::vector<std::optional<std::uint64_t>> harmless;
};
// Each sorted, each handle once.
struct StoredHandles {
  std::vector<encoded::Handle> live;       // what stays stored; all else is to go
  std::vector<encoded::Handle> own{};      // of these, of records that the mix brings again
  std::vector<encoded::Handle> stopped{};  // of slips that the comparer takes SSNs out of, unseen
};

// All that a comparer learns beside the slips. No owner, no day, no population.
struct MixHeader {
  schema::Schema schema;
  Sha256 batch{};  // names what was mixed to whoever has it: SHA-256 over the digests of the files
  std::uint64_t records = 0;
  std::uint64_t possible_matches = 0;  // link::possible_across
  std::vector<std::uint64_t> rows;     // slips of each pass
  seal::PublicBytes entries_key{};     // to whom the slips are sealed
  std::optional<Standing> standing;    // absent: to be linked among themselves
};

// One line of canonical JSON, and back. Error (format) for what is not that of some header.
std::string to_json(const MixHeader& header);
Result<MixHeader> mix_header_from_json(std::string_view text);

// The heap of each pass as views: parts[pass][file], each a run of sealed slips.
// Writes them in an order drawn anew for each pass. REQUIRES: parts fit header.rows, handles
// header.standing.
Result<void> write_mix(const std::string& path, const MixHeader& header,
                       const std::vector<std::vector<ByteView>>& parts,
                       const StoredHandles& handles, const seal::KeyPair& signer, Random& random,
                       AtomicFile::Options options);

class MixFile {
 public:
  // Checked: signature by `registrar`, counts, length, order of handles; fewer than 2^32
  // slips.
  static Result<MixFile> open(const std::string& path, const seal::PublicKey& registrar);
  const std::string& path() const { return file_.path(); }
  const MixHeader& header() const { return header_; }
  ByteView slips(std::size_t pass) const { return slips_[pass]; }
  const StoredHandles& handles() const { return handles_; }  // none without a standing

 private:
  Result<ByteView> take_slips(ByteView body);
  Result<void> take_lists(ByteView body);
  MixFile(SignedFile file, MixHeader header) : file_(std::move(file)), header_(std::move(header)) {}
  SignedFile file_;
  MixHeader header_;
  std::vector<ByteView> slips_;
  StoredHandles handles_;
};

}  // namespace tessera::slips
