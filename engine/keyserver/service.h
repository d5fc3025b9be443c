// Answers one request: who asks, may it, the evaluation, the charge. The same for HTTPS and files.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "engine/core/bytes.h"
#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/keyserver/state.h"
#include "engine/oprf/evaluator.h"
#include "engine/oprf/message.h"

namespace tessera::keyserver {

// True if `key` signed `message` under `context`. What an identity is, is decided elsewhere.
using VerifySignature =
    std::function<bool(const IdentityKey& key, std::string_view context, ByteView message,
                       const oprf::SignatureBytes& signature)>;

// Requests older than this are refused, and such as come from so far ahead: 30 days. Long, because
// files travel; a request that comes twice gives away nothing it did not give the first time.
inline constexpr Seconds kMostAge = Seconds{30} * 86400;

// Thread safe: state is used by one thread at a time, evaluations run side by side.
class Service {
 public:
  Service(State state, std::unique_ptr<Random> random, VerifySignature verify);

  // The answer's bytes. Nothing is answered unless its charge is on disk first. Errors: `format`
  // not a request or an invalid element; `crypto` unknown, revoked or wrongly signed; `conflict`
  // another key or epoch than is kept here; `limit` over quota or burst.
  Result<Bytes> answer(ByteView request, Seconds now);
  Result<schema::PublicKeys> public_keys(const std::string& epoch);

 private:
  Result<void> check_asker(const oprf::SignedRequest& asked, Seconds now);
  Result<oprf::Evaluator> key_for(const oprf::Request& request);
  std::mutex mutex_;  // of state_ and random_
  State state_;
  std::unique_ptr<Random> random_;
  VerifySignature verify_;
};

}  // namespace tessera::keyserver
