// A roster's entries, made but not yet in the order of a file: a writer takes them pass by pass,
// and what it has taken is let go.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/random.h"
#include "engine/encode/entries.h"
#include "engine/encoded/source.h"

namespace tessera::encode {

struct Encoded {
  std::vector<encoded::PassColumns> passes;  // sorted
  std::vector<encoded::JoinRecord> records;  // sorted by key
  std::vector<encoded::JoinHandle> handles;  // sorted by handle
  std::vector<std::pair<encoded::RecordKey, std::string>>
      map;                                  // record key, local ID; sorted by key
  std::vector<std::uint64_t> real_entries;  // per pass, the rest are dummies
  std::uint64_t without_evidence = 0;       // records with no real entry in any pass
};

// Give it to encoded::write() or write_sealed(), or take all of it at once. Not thread safe.
class Draft final : public encoded::Source {
 public:
  // Makes the entries of `records` on all threads; any number of them gives the same. `spent` is
  // empty, or the same records: their values are then let go as soon as their entries are made, so
  // that a large roster and its entries are not held at once, and only local IDs are left.
  // `random` draws the handles, as the passes are taken. All but the secrets must outlive the
  // draft. REQUIRES: every record has one value per schema field, and local IDs are unique.
  Draft(const schema::Schema& schema, std::span<const record::Fields> records,
        std::span<record::Fields> spent, const Secrets& secrets, encoded::Population population,
        Random& random, Progress& progress);

  std::uint64_t records() const override { return join_.size(); }
  std::uint64_t rows(std::size_t pass) const override { return rows_[pass]; }
  bool tokens() const override { return true; }
  void put(const encoded::Section& section, const encoded::Sink& sink) override;

  // All at once, in place of put().
  Encoded whole();

  // The map, sorted by record key: its n-th line is of this key and local ID.
  const encoded::RecordKey& key(std::size_t n) const { return join_[n].key; }
  const std::string& local_id(std::size_t n) const { return roster_[order_[n]].local_id; }
  std::uint64_t real_entries(std::size_t pass) const { return real_[pass]; }
  std::uint64_t without_evidence() const { return without_evidence_; }

 private:
  void order_records(const std::vector<encoded::RecordKey>& keys);
  void make(std::span<record::Fields> spent, const Secrets& secrets,
            const std::vector<encoded::RecordKey>& keys, Progress& progress);
  std::vector<const encoded::PassColumns*> parts(std::size_t pass);
  void let_go(std::size_t pass);
  void sort_handles();

  const schema::Schema& schema_;
  std::span<const record::Fields> roster_;
  Random& random_;
  std::vector<Entries> chunks_;
  std::vector<std::uint64_t> rows_, real_;  // per pass
  std::uint64_t without_evidence_ = 0;
  std::vector<encoded::JoinRecord> join_;           // sorted by key
  std::vector<std::uint32_t> order_, rank_;         // of the roster's records among them, and back
  std::vector<encoded::JoinHandle> handles_;        // of the passes taken
  std::vector<std::vector<std::uint16_t>> tokens_;  // of the passes taken
};

}  // namespace tessera::encode
