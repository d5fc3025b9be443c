// One state twice: a registry that sees whole files, and a registrar's with a comparer's store.
// Both get the same people, batch after batch.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/comparer/compare_stored.h"
#include "engine/comparer/purge_store.h"
#include "engine/core/secret.h"
#include "engine/registrar/assigning.h"
#include "engine/registrar/purging.h"
#include "engine/registry/collection.h"
#include "engine/registry/epoch.h"
#include "tests/encoded/sealed_sample.h"
#include "tests/ledger/scratch.h"
#include "tests/link/submissions.h"

namespace tessera::test {

class TwoStates {
 public:
  struct Roster {
    std::string owner;
    std::vector<reference::Person> people;
    int epoch = 1;  // under which they are encoded
  };
  struct Both {
    registry::Receipt plain, split;
    std::vector<registry::Decision> plain_decisions, split_decisions;
    std::uint32_t mixed = 0;  // records with something new to say
    std::vector<registrar::Mixed> mixes;
    std::vector<intake::Notice> plain_notices, split_notices;
    std::vector<std::string> files;  // encoded ones
  };
  // A comparer's answer that was not yet assigned.
  struct Pending {
    std::vector<std::string> slips;
    std::vector<registrar::Scores> scores;  // the newest epoch's first
  };

  explicit TwoStates(bool ssn = false);
  // The schema and the key of each epoch are its own; owners' record keys are not.
  schema::Schema schema(int epoch) const;
  // In both: the next epoch begins, and one ends. The comparer shreds its store of it.
  void begin_epoch(int epoch);
  struct Ends {
    registry::EpochEnd plain, split;
    slips::PurgeReceipt receipt;
  };
  Ends end_epoch(int epoch);
  Result<registry::EpochEnd> end_here(const std::string& name, int epoch);
  // A rule of the stop switch, in both.
  void set_collection(const registry::Collection& rule);
  // Purges both, the split one by an order and a receipt.
  struct Purges {
    registry::PurgeCount plain, split;
  };
  Purges purge();
  std::vector<registrar::EpochOrder> orders();
  slips::PurgeOrder order() { return orders().front().order; }
  Result<slips::PurgeReceipt> purge_store(const slips::PurgeOrder& order);
  Result<registry::PurgeCount> take_receipts(const std::vector<slips::PurgeReceipt>& receipts);
  Result<registry::PurgeCount> take_receipt(const slips::PurgeReceipt& receipt) {
    return take_receipts({receipt});
  }
  // `anew`: the comparer is told that the mix before will never be assigned.
  Both assign(const std::vector<Roster>& rosters, bool anew = false);
  Pending compare(const std::vector<Roster>& rosters);
  // What is said against it; "" for nothing.
  std::string compare_error(const std::vector<Roster>& rosters, bool anew);
  std::string compare_again(const Pending& pending);
  std::string settle_error(const Pending& pending);
  void lose_store();
  // "plain.db", "split.db", "store" ("store-NAME" of a later epoch), and the last "mix" and
  // "scores" ("mix-1" and so on of older epochs).
  std::string path(const std::string& name) const { return folder_ / name; }
  std::string split_registry() const { return path("split.db"); }
  // All that is on disk of the registrar's registry and of the comparer's store.
  std::string split_bytes() const;
  std::size_t last_crowds() const { return crowds_; }
  // Of the records in a mix.
  void set_least(std::uint64_t least) { least_ = least; }
  // The comparer shreds what is not live with each mix.
  void set_shred(bool shred) { shred_ = shred; }

 private:
  struct Paths {
    std::vector<std::string> plain, slips;
  };
  Paths write(const std::vector<Roster>& rosters);
  encoded::Opening opening() const { return {nullptr, &join_, &trust_}; }
  std::string store_path(const schema::Schema& schema) const;
  std::vector<std::string> mix_paths(std::size_t n) const;

  Result<std::vector<registrar::Mixed>> mix(const std::vector<std::string>& slips);
  Result<std::vector<registrar::Scores>> answer(std::size_t mixes, bool anew);

  Scratch folder_;
  bool ssn_;
  Secret<32> secret_;
  seal::KeyPair entries_ = samples::fixed_pair(seal::Use::entries);
  seal::KeyPair join_ = samples::fixed_pair(seal::Use::join);
  encoded::Trust trust_;
  std::unique_ptr<link::Matcher> matcher_;
  std::unique_ptr<Random> plain_random_, split_random_;
  std::uint64_t files_ = 0;
  std::size_t crowds_ = 0;
  std::uint64_t least_ = 20;
  bool shred_ = false;
};

// Byte for byte what owners and reviewers are shown of a batch.
void check_same(const TwoStates::Both& both);

}  // namespace tessera::test
