// Asks the key services of a schema about a roster's block keys: blinds, sends, checks, unblinds.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/bytes.h"
#include "engine/core/digest.h"
#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/core/secret.h"
#include "engine/oprf/bundle.h"
#include "engine/oprf/message.h"
#include "engine/oprf/proof.h"
#include "engine/schema/key_service.h"

namespace tessera::keyclient {

// Who asks. `secret` is the owner's own: blinds follow from it and from the session, so that an
// exchange can be taken up again without a blind ever having been written. Without it nobody, the
// services included, can tell what was asked.
struct Asker {
  std::string owner;
  const Secret<32>& secret;
  std::function<oprf::SignatureBytes(std::string_view context, ByteView message)> sign;
};

// Texts to be evaluated under one key. REQUIRES: each text at most 65,535 bytes, and once.
struct Question {
  std::string key;
  std::vector<Bytes> texts;
};
// outputs[i] is of texts[i]. Secret: whoever holds them can make entries.
using Outputs = std::vector<std::vector<oprf::Output>>;

// Brings requests to services.
class Messenger {
 public:
  virtual ~Messenger() = default;
  // The answer of service number `service`; nullopt: it will come later (by file). `batch` names
  // the request's elements: the same batch, the same answer.
  virtual Result<std::optional<Bytes>> ask(std::size_t service, const Sha256& batch,
                                           const oprf::Request& request) = 0;
};

struct Plan {
  const std::vector<schema::KeyService>& services;  // in the order they are asked
  std::string epoch{};
  oprf::Session session{};
  // Elements of a request, 1 to oprf::kMostElements: whole proofs, for 2, 4 or 8 threads alike.
  std::size_t batch = 8 * oprf::kProofGroup;
  std::uint64_t now = 0;  // seconds since 1970
};

// Asks about all questions, batch by batch, each batch at all services one after the other; the
// messenger is used by one thread at a time, though not always the same. nullopt
// if answers are still to come. Every answer's proof is verified under the key that the schema
// names before anything is made of it: error `crypto`, naming the service. REQUIRES: services are
// named by the schema that the questions come from, and have all their keys.
Result<std::optional<Outputs>> exchange(const Plan& plan, const Asker& asker,
                                        const std::vector<Question>& questions,
                                        Messenger& messenger, Progress& progress);

// Bytes of a signed request.
Bytes signed_bytes(const Asker& asker, const oprf::Request& request);

}  // namespace tessera::keyclient
