// One state twice: a registry that sees whole files, and a registrar's with a comparer's store.
// Both get the same people, batch after batch.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/comparer/compare_stored.h"
#include "engine/comparer/purge_store.h"
#include "engine/registrar/assigning.h"
#include "engine/registrar/purging.h"
#include "engine/registry/collection.h"
#include "tests/encoded/sealed_sample.h"
#include "tests/ledger/scratch.h"
#include "tests/link/submissions.h"

namespace tessera::test {

class TwoStates {
 public:
  struct Roster {
    std::string owner;
    std::vector<reference::Person> people;
  };
  struct Both {
    registry::Receipt plain, split;
    std::vector<registry::Decision> plain_decisions, split_decisions;
    std::uint32_t mixed = 0;  // records with something new to say
    std::vector<intake::Notice> plain_notices, split_notices;
    std::vector<std::string> files;  // encoded ones
  };
  // A comparer's answer that was not yet assigned.
  struct Pending {
    std::vector<std::string> slips;
    slips::ScoreFile scores;
  };

  explicit TwoStates(bool ssn = false);
  // A rule of the stop switch, in both.
  void set_collection(const registry::Collection& rule);
  // Purges both, the split one by an order and a receipt.
  struct Purges {
    registry::PurgeCount plain, split;
  };
  Purges purge();
  slips::PurgeOrder order();
  Result<slips::PurgeReceipt> purge_store(const slips::PurgeOrder& order);
  Result<registry::PurgeCount> take_receipt(const slips::PurgeReceipt& receipt);
  // `anew`: the comparer is told that the mix before will never be assigned.
  Both assign(const std::vector<Roster>& rosters, bool anew = false);
  Pending compare(const std::vector<Roster>& rosters);
  // What is said against it; "" for nothing.
  std::string compare_error(const std::vector<Roster>& rosters, bool anew);
  std::string compare_again(const Pending& pending);
  std::string settle_error(const Pending& pending);
  void lose_store();
  // "plain.db", "split.db", "store", and the last "mix" and "scores".
  std::string path(const std::string& name) const { return folder_ / name; }
  std::string split_registry() const { return path("split.db"); }
  // All that is on disk of the registrar's registry and of the comparer's store.
  std::string split_bytes() const;
  std::size_t last_crowds() const { return crowds_; }

 private:
  struct Paths {
    std::vector<std::string> plain, slips;
  };
  Paths write(const std::vector<Roster>& rosters);
  encoded::Opening opening() const { return {nullptr, &join_, &trust_}; }
  Result<std::uint32_t> mix(const std::vector<std::string>& slips);
  Result<slips::ScoreFile> answer(bool anew);

  Scratch folder_;
  schema::Schema schema_;
  seal::KeyPair entries_ = samples::fixed_pair(seal::Use::entries);
  seal::KeyPair join_ = samples::fixed_pair(seal::Use::join);
  encoded::Trust trust_;
  std::unique_ptr<link::Matcher> matcher_;
  std::unique_ptr<Random> plain_random_, split_random_;
  std::uint64_t files_ = 0;
  std::size_t crowds_ = 0;
};

// Byte for byte what owners and reviewers are shown of a batch.
void check_same(const TwoStates::Both& both);

}  // namespace tessera::test
