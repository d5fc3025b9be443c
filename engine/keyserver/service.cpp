// Checks from cheap to dear; the charge last, so that only what is answered is charged.
#include "engine/keyserver/service.h"

#include <fmt/format.h>

namespace tessera::keyserver {

Service::Service(State state, std::unique_ptr<Random> random, VerifySignature verify)
    : state_(std::move(state)), random_(std::move(random)), verify_(std::move(verify)) {}

Result<void> Service::check_asker(const oprf::SignedRequest& asked, Seconds now) {
  const oprf::Request& r = asked.request;
  TESSERA_TRY(const Owner owner, state_.owner(r.owner));
  if (!verify_(owner.key, oprf::kRequestContext, asked.signed_part, asked.signature))
    return Error{
        ErrorCode::crypto,
        fmt::format("the request is not signed with the key that {} is known by here", r.owner),
        ""};
  if (r.made + kMostAge < now || r.made > now + kMostAge)
    return Error{
        ErrorCode::conflict,
        "the request was made more than 30 days ago or ahead: make it anew, and look at the "
        "clock",
        ""};
  return {};
}

Result<oprf::Evaluator> Service::key_for(const oprf::Request& r) {
  TESSERA_TRY(const Secret<32> seed, state_.seed(r.epoch, r.key));
  oprf::Evaluator evaluator(seed.reveal(), key_info(r.epoch, r.key));
  if (evaluator.public_key() != r.public_key)
    return Error{
        ErrorCode::conflict,
        fmt::format("the schema names another public key for '{}' in epoch {} than is kept "
                    "here: another service, or the wrong order of services",
                    r.key, r.epoch),
        ""};
  return evaluator;
}

Result<Bytes> Service::answer(ByteView bytes, Seconds now) {
  TESSERA_TRY(const oprf::SignedRequest asked, oprf::read_request(bytes));
  const oprf::Request& r = asked.request;
  const Charge charge{
      r.owner, r.epoch, r.key, r.elements.size(), oprf::batch_digest(r.public_key, r.elements),
      now};
  std::unique_lock lock(mutex_);
  TESSERA_CHECK(check_asker(asked, now));
  TESSERA_TRY(const oprf::Evaluator evaluator, key_for(r));
  TESSERA_CHECK(state_.charge(charge, true));  // before the work, for whom it is in vain
  // Drawn here, so that the generator is used by one thread at a time.
  const std::vector<oprf::Scalar> nonces = evaluator.draw_nonces(r.elements.size(), *random_);
  lock.unlock();
  TESSERA_TRY(oprf::Evaluated evaluated, evaluator.evaluate(r.elements, nonces));
  lock.lock();
  TESSERA_CHECK(state_.charge(charge, false));
  return oprf::to_bytes(
      oprf::Answer{charge.batch, std::move(evaluated.elements), std::move(evaluated.proofs)});
}

Result<schema::PublicKeys> Service::public_keys(const std::string& epoch) {
  const std::lock_guard lock(mutex_);
  return state_.public_keys(epoch);
}

}  // namespace tessera::keyserver
