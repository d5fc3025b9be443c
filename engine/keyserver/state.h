// A key service's one file: its keys, whom it answers and how much, and the log of what it did.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/core/secret.h"
#include "engine/ledger/database.h"
#include "engine/ledger/event_log.h"
#include "engine/oprf/suite.h"
#include "engine/schema/key_service.h"

namespace tessera::keyserver {

// Seconds since 1970. The engine has no clock: whoever calls says when it is.
using Seconds = std::uint64_t;
using IdentityKey = std::array<std::uint8_t, 32>;  // an owner's Ed25519 public key

struct Owner {
  std::string name;
  IdentityKey key{};
  bool revoked = false;
};

// What an owner may ask of one key. Units: evaluated elements.
struct Quota {
  std::string owner, epoch, key;
  std::uint64_t most = 0;   // in the epoch
  std::uint64_t used = 0;   // charged so far
  std::uint64_t burst = 0;  // within an hour
};

struct Epoch {
  std::string name;
  bool destroyed = false;
  std::vector<std::pair<std::string, oprf::Element>> keys;  // name and public key
};

struct Charge {
  std::string owner, epoch, key;
  std::uint64_t elements = 0;
  Sha256 batch{};  // a batch that was charged before costs quota no second time
  Seconds now = 0;
};

// How seeds are locked where the file lies. Which lock that is, is decided elsewhere.
struct Safe {
  std::function<Result<Bytes>(const Secret<32>& seed)> lock;  // longer than a seed
  std::function<Result<Secret<32>>(ByteView locked)> open;    // error `crypto`: wrong key
};

// The file is SQLite, mode 0600. It holds the seeds of the keys in clear, and is then to be kept
// like a key, or locked by a Safe, all of them. Every change is one transaction with its line in
// the log. Several processes may have it open at once, so a revocation on the command line holds
// from the service's next request on. Not thread safe.
class State {
 public:
  // `name` is what schemas call the service. Error `conflict` if the file exists.
  // `safe`: locks the seeds that are added.
  static Result<State> create(const std::string& path, const std::string& name, Seconds now,
                              Safe safe = {});
  // `safe`: opens locked seeds, where keys are asked for, and locks those that are added.
  static Result<State> open(const std::string& path, Safe safe = {});

  const std::string& name() const { return name_; }
  // Whether there are seeds that only a Safe opens.
  Result<bool> locked();
  Result<std::vector<Epoch>> epochs();
  Result<std::vector<Owner>> owners();
  Result<std::vector<Quota>> quotas();
  Result<schema::PublicKeys> public_keys(const std::string& epoch);
  Result<ledger::Head> head();

  // Draws a new seed for an epoch with these keys. Error `conflict` if the epoch was ever there, or
  // if this seed would be locked and others are not, or the other way round.
  Result<void> add_epoch(const std::string& epoch, const std::vector<std::string>& keys,
                         Random& random, Seconds now);
  // Overwrites the epoch's seed, for good. The head after it stands on the certificate.
  Result<ledger::Head> destroy_epoch(const std::string& epoch, Seconds now);

  // Error `conflict` if the name is taken by another key.
  Result<void> admit(const std::string& owner, const IdentityKey& key, Seconds now);
  // From now on nothing is answered to it; or answered again.
  Result<void> revoke(const std::string& owner, bool revoked, Seconds now);
  // Raises what the owner may ask of a key in an epoch by `more`, and sets its burst.
  Result<void> grant(const std::string& owner, const std::string& epoch, const std::string& key,
                     std::uint64_t more, std::uint64_t burst, Seconds now);

  // Error `crypto` if it is unknown or revoked.
  Result<Owner> owner(const std::string& name);
  // The seed behind an epoch's keys. Errors: `conflict` unknown epoch or key, or destroyed;
  // `crypto` where it is locked and cannot be opened. An opened one is kept in memory.
  Result<Secret<32>> seed(const std::string& epoch, const std::string& key);
  // Counts a batch against quota and burst and logs it; `limit` if it is over either, and then
  // nothing is changed. `only_try`: says what would happen.
  Result<void> charge(const Charge& charge, bool only_try);

  // Recomputes the log's chain, and from the log all that the file holds: name, epochs, owners with
  // their keys, quotas, the number of batches; and that seeds are those of the public keys, unless
  // they are locked here. Error `format` names what is wrong. Gives the head reached.
  Result<ledger::Head> verify(Progress& progress);

 private:
  State(ledger::Database database, Safe safe)
      : database_(std::move(database)), safe_(std::move(safe)) {}
  Result<void> log(std::string_view type, const json::Value& body);
  Result<Secret<32>> opened(const std::string& epoch, ByteView locked);
  Result<bool> fits(const Epoch& epoch);
  struct Opened {
    Bytes locked;
    Secret<32> seed;
  };
  ledger::Database database_;
  std::string name_;
  Safe safe_;
  std::map<std::string, Opened> opened_;  // by epoch
};

// What DeriveKeyPair is told beside the seed: tessera|<key>|<epoch>.
std::string key_info(const std::string& epoch, const std::string& key);

}  // namespace tessera::keyserver
