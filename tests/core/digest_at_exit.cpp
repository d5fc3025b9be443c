// A process that digests once more when it ends, after whatever OpenSSL does then: handlers run in
// the reverse of their order, so that this one, which comes before OpenSSL, runs after it.
#include <cstdlib>
#include <unistd.h>

#include "engine/core/digest.h"

namespace {

void digest_again() {
  if (tessera::sha256({})[0] != 0xe3) _exit(1);
}

}  // namespace

int main() {
  std::atexit(digest_again);
  tessera::keep_openssl_to_the_end();
  return tessera::sha256({})[0] == 0xe3 ? 0 : 2;
}
