#include "cli/key_safe.h"

#include <memory>

#include "cli/say.h"
#include "engine/core/random.h"

namespace tessera::cli {

using keyserver::Safe;
using keyserver::State;

Safe safe_under(SecretText words) {
  const auto passphrase = std::make_shared<SecretText>(std::move(words));
  Safe safe;
  safe.lock = [passphrase](const Secret<32>& seed) -> Result<Bytes> {
    const SecretText text(as_text(seed.reveal()));
    const std::string locked = seal::lock(text, *passphrase, *system_random());
    const ByteView bytes = as_bytes(locked);
    return Bytes(bytes.begin(), bytes.end());
  };
  safe.open = [passphrase](ByteView locked) -> Result<Secret<32>> {
    TESSERA_TRY(const SecretText text, seal::unlock(as_text(locked), *passphrase));
    if (text.reveal().size() != 32)
      return Error{ErrorCode::format, "what is locked is no seed of a key service", ""};
    return Secret<32>(text.reveal_bytes().first<32>());
  };
  return safe;
}

Result<State> open_unlocked(const std::string& path, const PassphraseOption& passphrase) {
  TESSERA_TRY(State closed, State::open(path));
  TESSERA_TRY(const bool locked, closed.locked());
  if (!locked) return closed;
  TESSERA_TRY(SecretText words, passphrase.ask()(path));
  TESSERA_TRY(State state, State::open(path, safe_under(std::move(words))));
  TESSERA_TRY(const auto epochs, state.epochs());
  for (const keyserver::Epoch& e : epochs) {
    if (e.destroyed || e.keys.empty()) continue;
    const auto seed = state.seed(e.name, e.keys.front().first);
    if (!seed) return Error{seed.error().code, seed.error().what, path};
  }
  return state;
}

}  // namespace tessera::cli
