// A look-up among answers; what is not there is asked for.
#include "engine/keyclient/by_file.h"

namespace tessera::keyclient {

Result<void> AnswerStore::add(const oprf::Bundle& bundle) {
  for (const Bytes& bytes : bundle.messages) {
    TESSERA_TRY(const oprf::Answer answer, oprf::read_answer(bytes));
    answers_.insert_or_assign(answer.batch, bytes);
  }
  return {};
}

const Bytes* AnswerStore::find(const Sha256& batch) const {
  const auto at = answers_.find(batch);
  return at == answers_.end() ? nullptr : &at->second;
}

Result<std::optional<Bytes>> FileMessenger::ask(std::size_t service, const Sha256& batch,
                                                const oprf::Request& request) {
  if (const Bytes* answer = answers_.find(batch)) return std::optional(*answer);
  requests_[service].push_back(signed_bytes(asker_, request));
  return std::optional<Bytes>();
}

}  // namespace tessera::keyclient
