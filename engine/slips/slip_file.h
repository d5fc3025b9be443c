// An owner's file of slips: every entry sealed by itself, so that whoever opens the join section
// can mix what it cannot read. docs/format/slips.md has the table.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/encoded/opening.h"
#include "engine/encoded/sealed_writer.h"
#include "engine/slips/signed_file.h"

namespace tessera::slips {

// Seals each entry to `sealing.entries` and the join section to `sealing.join`, and signs. `random`
// draws the marks and the order of the slips, which says nothing about the join section's. Columns
// as for encoded::write_sealed; errors too.
Result<void> write_slips(const std::string& path, const encoded::Header& header,
                         const std::vector<encoded::PassColumns>& passes,
                         const std::vector<encoded::JoinRecord>& records,
                         const std::vector<encoded::JoinHandle>& handles,
                         const encoded::Sealing& sealing, Random& random,
                         AtomicFile::Options options);

// One, as a registrar sees it: who sent it, record keys, handles, and slips that stay closed.
// Movable; views live as long as it. Thread safe for reading.
class SlipFile {
 public:
  // Opens the join section alone: `opening.entries` is not looked at. Checked: signature, trust,
  // counts, that every record has as many slips of each pass as the schema allows and a handle for
  // each, and all that holds of a join section (encoded/validate.h). Errors as of
  // encoded::File::open.
  static Result<SlipFile> open(const std::string& path, const encoded::Opening& opening);

  const std::string& path() const { return file_.path(); }
  const Sha256& digest() const { return file_.digest(); }
  const encoded::Header& header() const { return header_; }
  const encoded::Envelope& envelope() const { return envelope_; }
  const std::vector<encoded::JoinRecord>& records() const { return records_; }  // sorted by key
  const std::vector<encoded::JoinHandle>& handles() const { return handles_; }  // sorted by handle
  // Of each record what its entries come to (encoded/payload.h), as its owner says.
  const std::vector<Checksum>& payloads() const { return payloads_; }
  // The same of what is left of them without SSNs (encoded/without_ssn.h).
  const std::vector<Checksum>& bare_payloads() const {
    return header_.schema.ssn ? bare_payloads_ : payloads_;
  }
  std::uint64_t rows(std::size_t pass) const { return rows_[pass]; }
  // Of each slip of a pass the record that it is of; which handle is in it stays closed.
  std::span<const std::uint32_t> records_of(std::size_t pass) const { return records_of_[pass]; }
  // The slips of a pass, one after another, each sealed_slip_bytes() long.
  ByteView slips(std::size_t pass) const { return slips_[pass]; }

 private:
  explicit SlipFile(SignedFile file) : file_(std::move(file)) {}
  Result<void> take_parts(const encoded::Opening& opening);
  void take_slip_rows(ByteView bytes);
  Result<void> open_join(ByteView box, ByteView sealed, const encoded::Opening& opening);
  Result<void> check_counts() const;
  SignedFile file_;
  encoded::Header header_;
  encoded::Envelope envelope_;
  std::vector<std::uint64_t> rows_;
  std::vector<ByteView> slips_;
  std::vector<encoded::JoinRecord> records_;
  std::vector<encoded::JoinHandle> handles_;
  std::vector<Checksum> payloads_;
  std::vector<Checksum> bare_payloads_;                 // empty where the schema has no SSN
  std::vector<std::vector<std::uint32_t>> records_of_;  // per pass and slip
};

}  // namespace tessera::slips
